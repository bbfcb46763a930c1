//! The ambient facts of the place where the code runs.

use std::{
    sync::OnceLock,
    time::{SystemTime, UNIX_EPOCH},
};

use super::digest::digest_bytes;
use crate::vocabulary::{RunId, Site, WorkerId};

/// The wall clock, in nanoseconds since the Unix epoch; 0 where the clock stands before it.
pub(crate) fn unix_ns() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}

/// The site of worker `worker` before its first task, read in the worker itself.
pub(crate) fn worker_site(run: RunId, first_ordinal: u32, worker: u32) -> Site {
    Site {
        run,
        worker: WorkerId(worker),
        worker_ordinal: first_ordinal.wrapping_add(worker),
        pid: std::process::id(),
        tid: thread_id(),
        host: host(),
        worker_start_unix_ns: unix_ns(),
        ..Site::default()
    }
}

/// The thread's id, as the operating system sees it.
#[cfg(target_os = "linux")]
fn thread_id() -> u64 {
    u64::from(nix::unistd::gettid().as_raw().unsigned_abs())
}

/// A number that tells the threads of this process apart: the system's own cannot be asked for
/// without unsafe code.
#[cfg(not(target_os = "linux"))]
fn thread_id() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local!(static ID: u64 = NEXT.fetch_add(1, Ordering::Relaxed));
    ID.with(|id| *id)
}

/// A hash of the host's name; asked for once.
pub(crate) fn host() -> u64 {
    static HOST: OnceLock<u64> = OnceLock::new();
    *HOST.get_or_init(|| digest_bytes(host_name().as_bytes()))
}

#[cfg(unix)]
fn host_name() -> String {
    nix::unistd::gethostname()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(not(unix))]
fn host_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}
