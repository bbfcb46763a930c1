//! Holds programs back that have been created, and releases them at one moment.
//!
//! A process is created and waits between fork and exec until all of its wave are there. What is left of its
//! start then is exec alone, and the processors share it out among all at once.

#[cfg(unix)]
use std::io;

use crate::harness::ambient::unix_ns;

/// A gate before programs of one wave. A process that has come to it says so with one byte, and goes on when
/// it has been given one.
#[derive(Debug)]
pub(super) struct Gate {
    #[cfg(unix)]
    here: Pipe,
    #[cfg(unix)]
    go: Pipe,
}

impl Gate {
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            here: Pipe::new()?,
            #[cfg(unix)]
            go: Pipe::new()?,
        })
    }

    /// Waits until so many have come, and lets all of them go. Gives the moment, in nanoseconds since the Unix epoch.
    pub fn release(&self, count: usize) -> u64 {
        // An error leaves nobody waiting: whoever comes later finds the bytes that are written here.
        #[cfg(unix)]
        let _ = (0..count).try_for_each(|_| self.here.take());
        let moment = unix_ns();
        #[cfg(unix)]
        let _ = self.go.put(count);
        moment
    }

    /// Stands in for a process that will never come, since it could not be created.
    pub fn stand_in(&self) {
        #[cfg(unix)]
        let _ = self.here.put(1);
    }

    /// Comes to the gate and waits for its release. Between fork and exec this makes two system calls and
    /// touches nothing else.
    #[cfg(unix)]
    pub fn pass(&self) -> io::Result<()> {
        self.here.put(1)?;
        self.go.take()
    }
}

/// A pipe that hands on single bytes, and that no program inherits.
#[cfg(unix)]
#[derive(Debug)]
struct Pipe {
    reader: std::os::fd::OwnedFd,
    writer: std::os::fd::OwnedFd,
}

#[cfg(unix)]
impl Pipe {
    fn new() -> io::Result<Self> {
        let (reader, writer) = std::io::pipe()?;
        Ok(Self {
            reader: reader.into(),
            writer: writer.into(),
        })
    }

    /// As many as a wave has fit into a pipe, and are written at once.
    fn put(&self, count: usize) -> io::Result<()> {
        again_if_interrupted(|| nix::unistd::write(&self.writer, &[1; super::wave::MOST][..count]))
    }

    fn take(&self) -> io::Result<()> {
        again_if_interrupted(|| nix::unistd::read(&self.reader, &mut [0]))
    }
}

#[cfg(unix)]
fn again_if_interrupted(mut call: impl FnMut() -> nix::Result<usize>) -> io::Result<()> {
    loop {
        match call() {
            Ok(_) => return Ok(()),
            Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
