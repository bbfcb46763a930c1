//! Process groups: how a program is ended with everything it started.

use std::{
    collections::BTreeSet,
    process::ExitStatus,
    sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use super::stragglers;

/// The process groups of programs that run now.
static LIVE: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Whether the user has interrupted: nothing is started any more.
static STOPPED: RwLock<bool> = RwLock::new(false);

/// Held while programs are started and noted; `None` once the user has interrupted. An interruption waits until
/// it is dropped, so that it finds every program noted and ends it with what it has started.
pub(super) fn starting() -> Option<RwLockReadGuard<'static, bool>> {
    let stopped = STOPPED.read().unwrap_or_else(PoisonError::into_inner);
    (!*stopped).then_some(stopped)
}

pub(super) fn live() -> MutexGuard<'static, BTreeSet<u32>> {
    lock(&LIVE)
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept behind these locks is whole at every moment, so a panic elsewhere spoils nothing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends every program that runs now, and starts none any more. For the moment in which the user interrupts.
pub fn end_all() {
    *STOPPED.write().unwrap_or_else(PoisonError::into_inner) = true;
    #[cfg(unix)]
    super::supervisor::dismiss();
    for group in std::mem::take(&mut *live()) {
        end_group(group);
    }
    stragglers::end_all();
}

#[cfg(unix)]
pub(super) fn end_group(leader: u32) {
    use nix::{sys::signal, unistd::Pid};
    if let Ok(leader) = i32::try_from(leader) {
        // A group whose members have all left is no error.
        let _ = signal::killpg(Pid::from_raw(leader), signal::Signal::SIGKILL);
    }
}

/// Without process groups the program itself is all that can be ended.
#[cfg(not(unix))]
pub(super) fn end_group(_leader: u32) {}

#[cfg(unix)]
pub(super) fn signal_name(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    status.signal().map_or_else(
        || "unknown".into(),
        |number| {
            nix::sys::signal::Signal::try_from(number)
                .map_or_else(|_| number.to_string(), |signal| signal.to_string())
        },
    )
}

#[cfg(not(unix))]
pub(super) fn signal_name(_status: ExitStatus) -> String {
    "unknown".into()
}
