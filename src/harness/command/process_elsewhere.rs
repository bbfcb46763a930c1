//! Creates a program's process where it cannot share this one's memory until it executes its program: by a fork.

use std::{
    io,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use super::{bond::wait_at, gate::Gate};

/// A program's process, and the pipes of its standard output and error.
pub(super) type Process = Child;

/// Waits a moment, no longer than `pause` and `patience`.
pub(super) fn await_end(_process: &Process, pause: Duration, patience: Duration) {
    thread::sleep(pause.min(patience));
}

/// Creates a program's process, in a group of its own, which waits at the gate and executes the program when it
/// is released; then this returns. Its standard input is empty.
///
/// # Errors
/// When there is no room for it, or the program cannot be executed.
pub(super) fn create(command: &mut Command, gate: &Arc<Gate>) -> io::Result<Process> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    wait_at(gate, command);
    command.spawn()
}
