//! A program's process: what it prints, whether it runs, and its end.

use std::{
    io::{self, PipeReader},
    os::{
        fd::{AsFd as _, BorrowedFd, OwnedFd},
        unix::process::ExitStatusExt as _,
    },
    process::ExitStatus,
};

use libc::pid_t;
use nix::{
    errno::Errno,
    sys::{
        signal::{Signal, kill},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};

/// A program's process, and the pipes of its standard output and error.
#[derive(Debug)]
pub(super) struct Process {
    pub id: pid_t,
    pub left: Option<ExitStatus>,
    /// What can be read once it has ended; nothing where the system does not know such descriptors (before Linux 5.2).
    pub end: Option<OwnedFd>,
    pub stdout: Option<PipeReader>,
    pub stderr: Option<PipeReader>,
}

impl Process {
    pub fn id(&self) -> u32 {
        self.id.cast_unsigned()
    }

    /// How it has ended, if it has.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.reap(WaitPidFlag::WNOHANG)
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> io::Result<()> {
        self.reap(WaitPidFlag::empty()).map(|_| ())
    }

    /// Ends it, if it has not been waited for.
    pub fn kill(&mut self) -> io::Result<()> {
        match self.left {
            Some(_) => Ok(()),
            None => Ok(kill(Pid::from_raw(self.id), Signal::SIGKILL)?),
        }
    }

    /// What can be read once it has ended; nothing where the system cannot tell.
    pub fn end(&self) -> Option<BorrowedFd<'_>> {
        self.end.as_ref().map(|end| end.as_fd())
    }

    fn reap(&mut self, flags: WaitPidFlag) -> io::Result<Option<ExitStatus>> {
        while self.left.is_none() {
            match waitpid(Pid::from_raw(self.id), Some(flags)) {
                Ok(WaitStatus::Exited(_, code)) => {
                    self.left = Some(ExitStatus::from_raw(code << 8))
                }
                Ok(WaitStatus::Signaled(_, signal, dumped)) => {
                    let dumped = i32::from(dumped) << 7;
                    self.left = Some(ExitStatus::from_raw(signal as i32 | dumped));
                }
                Ok(_) => break,
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.left)
    }
}

/// Whether a watch sees its end.
pub(super) fn tells_end(process: &Process) -> bool {
    process.end.is_some()
}
