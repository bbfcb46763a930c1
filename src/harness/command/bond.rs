//! What a child does between fork and exec: it binds itself to the thread that started it, so that it ends with
//! that, whatever ends it; or waits until it is released.
#![cfg_attr(
    unix,
    expect(
        unsafe_code,
        reason = "what a child does between fork and exec can only be said in an unsafe call"
    )
)]

use std::process::Command;
#[cfg(not(target_os = "linux"))]
use std::sync::Arc;

#[cfg(not(target_os = "linux"))]
use super::gate::Gate;

/// Has the system end the program with SIGKILL when the calling thread is gone, its process killed or not.
///
/// A program that is set-user-id, or that itself asks for the contrary, is not bound, and neither are its
/// children.
#[cfg(target_os = "linux")]
pub(super) fn bind(command: &mut Command) {
    use std::os::unix::process::CommandExt;

    use nix::{
        errno::Errno,
        sys::{prctl::set_pdeathsig, signal::Signal},
        unistd::{getpid, getppid},
    };
    let parent = getpid();
    // SAFETY: between fork and exec the child makes two system calls and touches nothing else.
    unsafe {
        command.pre_exec(move || {
            set_pdeathsig(Signal::SIGKILL)?;
            // The parent may have gone before the child had said so.
            if getppid() == parent {
                Ok(())
            } else {
                Err(Errno::ESRCH.into())
            }
        });
    }
}

/// Elsewhere programs end with their supervisor's orders only.
#[cfg(not(target_os = "linux"))]
pub(super) fn bind(_command: &mut Command) {}

/// Has the program wait at a gate before it starts.
#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn wait_at(gate: &Arc<Gate>, command: &mut Command) {
    let gate = gate.clone();
    // SAFETY: between fork and exec the child writes to a pipe, reads from one, and touches nothing else.
    unsafe {
        std::os::unix::process::CommandExt::pre_exec(command, move || gate.pass());
    }
}

/// Elsewhere programs start as they are created.
#[cfg(not(unix))]
pub(super) fn wait_at(_gate: &Arc<Gate>, _command: &mut Command) {}
