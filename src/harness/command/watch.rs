//! Watches all programs of a wave at once: what they write, and their ends.

use std::{
    fs::File,
    io::{self, Read as _},
    os::fd::OwnedFd,
    time::Duration,
};

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

use super::{
    output::{Seen, Stream},
    process::Process,
};

/// As much as a pipe holds.
const BLOCK_BYTES: usize = 1 << 16;
/// Most events that are taken at once.
const EVENTS: usize = 64;
/// Events of a program: what it writes by its two pipes, and its end.
const KINDS: u64 = 3;
const END: usize = 2;

/// The programs of a wave, each by the number under which it was added.
pub(super) struct Watch {
    events: Epoll,
    pipes: Vec<[Option<File>; 2]>,
    block: Vec<u8>,
}

impl Watch {
    /// # Errors
    /// When descriptors are short.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            events: Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?,
            pipes: Vec::new(),
            block: vec![0; BLOCK_BYTES],
        })
    }

    /// Adds a program, whose number is how many were added before.
    ///
    /// # Errors
    /// When the system has no room.
    pub fn add(&mut self, process: &mut Process) -> io::Result<()> {
        let program = self.pipes.len();
        let event = |kind, flags| EpollEvent::new(flags, KINDS * program as u64 + kind as u64);
        let pipes = [process.stdout.take(), process.stderr.take()];
        let pipes = pipes.map(|pipe| pipe.map(|pipe| File::from(OwnedFd::from(pipe))));
        for (kind, pipe) in pipes.iter().enumerate() {
            if let Some(pipe) = pipe {
                self.events.add(pipe, event(kind, EpollFlags::EPOLLIN))?;
            }
        }
        if let Some(end) = process.end() {
            // It would be seen again and again.
            let once = EpollFlags::EPOLLIN | EpollFlags::EPOLLONESHOT;
            self.events.add(end, event(END, once))?;
        }
        self.pipes.push(pipes);
        Ok(())
    }

    /// A program that is of no interest any more.
    pub fn forget(&mut self, program: usize) {
        for kind in 0..END {
            self.close(program, kind);
        }
    }

    fn close(&mut self, program: usize, kind: usize) {
        if let Some(pipe) = self.pipes[program][kind].take() {
            // It may be open in a process that is being created just now, and would then go on to tell.
            let _ = self.events.delete(pipe);
        }
    }

    /// Waits until something is seen, no longer than `patience`.
    pub fn wait(&mut self, patience: Duration, mut each: impl FnMut(usize, Seen<'_>)) {
        // Rounded up, so that less than a millisecond is not no time at all.
        let millis = patience.as_micros().div_ceil(1000);
        let timeout = EpollTimeout::try_from(millis).unwrap_or(EpollTimeout::MAX);
        let mut events = [EpollEvent::empty(); EVENTS];
        // Interrupted: the caller asks again.
        let count = self.events.wait(&mut events, timeout).unwrap_or(0);
        for event in &events[..count] {
            let (program, kind) = (event.data() / KINDS, event.data() % KINDS);
            let (program, kind) = (program as usize, kind as usize);
            if kind == END {
                each(program, Seen::End);
                continue;
            }
            let stream = [Stream::Output, Stream::Complaint][kind];
            let Some(pipe) = &mut self.pipes[program][kind] else {
                continue;
            };
            match pipe.read(&mut self.block) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(read) if read > 0 => each(program, Seen::Wrote(stream, &self.block[..read])),
                _ => {
                    self.close(program, kind);
                    each(program, Seen::Closed(stream));
                }
            }
        }
    }
}
