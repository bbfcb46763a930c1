//! CPU time, which other work on the machine changes less than wall time.

use nix::sys::resource::{UsageWho, getrusage};

/// Seconds that were used so far.
pub fn seconds(whose: &[UsageWho]) -> f64 {
    whose
        .iter()
        .filter_map(|&who| getrusage(who).ok())
        .flat_map(|usage| [usage.user_time(), usage.system_time()])
        .map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6)
        .sum()
}
