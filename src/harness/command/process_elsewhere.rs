//! Creates a program's process where it cannot share this one's memory until it executes its program: by a fork.

use std::{
    io,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use super::{bond::wait_at, gate::Gate};

/// A program's process, and the pipes of its standard output and error.
pub(super) type Process = Child;

/// Programs inherit the environment of this process.
#[derive(Debug)]
pub(super) struct Surroundings;

impl Surroundings {
    pub fn new() -> Self {
        Self
    }
}

/// Here the system cannot be asked to tell of an end.
#[cfg(unix)]
pub(super) fn end(_process: &Process) -> Option<std::os::fd::BorrowedFd<'_>> {
    None
}

/// Creates a program's process, in a group of its own, which waits at the gate and executes the program when it
/// is released; then this returns. Its standard input is empty.
///
/// # Errors
/// When there is no room for it, or the program cannot be executed.
pub(super) fn create(
    command: &mut Command,
    _surroundings: &Surroundings,
    gate: &Arc<Gate>,
) -> io::Result<Process> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    wait_at(gate, command);
    command.spawn()
}
