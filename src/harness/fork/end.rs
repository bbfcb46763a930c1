//! How a process of a forked launch ends: at once, and with its parent.
#![expect(
    unsafe_code,
    reason = "_exit has no safe interface; see the SAFETY note"
)]

use std::io;

#[cfg(target_os = "linux")]
use nix::sys::signal::Signal;

/// Ends this process at once: no destructor, no exit handler and no buffer of the parent runs twice.
pub(crate) fn leave(code: i32) -> ! {
    // SAFETY: `_exit` has no preconditions.
    unsafe { libc::_exit(code) }
}

/// Asks for a signal when the parent ends; where there is no such thing, the wait loop notices.
pub(crate) fn die_with_parent() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
    Ok(())
}
