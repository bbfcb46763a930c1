//! Ctrl-C, SIGTERM and SIGHUP: everything that was started is ended first.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{exit, watch};
use crate::harness::command;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Watches for the signals that ask a program to end. To be called before any thread starts.
pub(super) fn handle() {
    leave_hangups_ignored();
    let watched = ctrlc::set_handler(|| {
        // A watched program decides by itself what an interrupt means; then its records are judged.
        if watch::takes_the_signal() {
            return;
        }
        INTERRUPTED.store(true, Ordering::SeqCst);
        // Audited programs run in groups of their own, which the terminal does not interrupt.
        command::end_all();
        complain!("seedbench: interrupted; nothing half-written was left behind");
        std::process::exit(i32::from(exit::INTERRUPTED));
    });
    if let Err(error) = watched {
        complain!("seedbench: warning: cannot watch for Ctrl-C: {error}");
    }
}

/// Waits, after an interruption, for the end of the process, which is then near: what fails meanwhile fails
/// because of it.
pub(super) fn wait_if_interrupted() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

/// Whoever starts this with `nohup` wants it to go on when the terminal is gone: a hangup that is ignored
/// stays so, though it will have a handler.
#[cfg(target_os = "linux")]
fn leave_hangups_ignored() {
    use nix::sys::signal::{SigSet, Signal};
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0);
    if ignored >> (Signal::SIGHUP as u32 - 1) & 1 == 1 {
        let mut hangup = SigSet::empty();
        hangup.add(Signal::SIGHUP);
        // Every thread inherits this. It cannot fail for a signal that exists.
        let _ = hangup.thread_block();
    }
}

#[cfg(not(target_os = "linux"))]
fn leave_hangups_ignored() {}
