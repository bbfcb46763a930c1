//! CPU time of a benchmark, and the size that it has when it is only to be run once.

use std::time::Duration;

/// Divides sizes when benchmarks are only to be run once, as tests.
pub fn shrink() -> usize {
    if std::env::args().any(|argument| argument == "--test") {
        100
    } else {
        1
    }
}

/// CPU time of this process, all threads together.
#[cfg(unix)]
pub fn cpu_time() -> Duration {
    nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID
        .now()
        .expect("every unix has a CPU clock")
        .into()
}

/// Where there is no CPU clock, wall time stands in.
#[cfg(not(unix))]
pub fn cpu_time() -> Duration {
    use std::{sync::OnceLock, time::Instant};
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
