//! Watches all programs of a wave at once, without a way to wait for many pipes: a thread reads each. The ends of
//! programs are not seen.

use std::{
    io::{self, Read},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::Duration,
};

use super::{
    output::{Seen, Stream},
    process::Process,
};

const BLOCK_BYTES: usize = 1 << 16;

/// The programs of a wave, each by the number under which it was added.
pub(super) struct Watch {
    sender: SyncSender<(usize, Stream, Vec<u8>)>,
    blocks: Receiver<(usize, Stream, Vec<u8>)>,
    count: usize,
}

impl Watch {
    /// # Errors
    /// None here.
    pub fn new() -> io::Result<Self> {
        let (sender, blocks) = sync_channel(1);
        Ok(Self {
            sender,
            blocks,
            count: 0,
        })
    }

    /// Adds a program, whose number is how many were added before.
    ///
    /// # Errors
    /// None here.
    pub fn add(&mut self, process: &mut Process) -> io::Result<()> {
        if let Some(pipe) = process.stdout.take() {
            read(self.count, Stream::Output, pipe, self.sender.clone());
        }
        if let Some(pipe) = process.stderr.take() {
            read(self.count, Stream::Complaint, pipe, self.sender.clone());
        }
        self.count += 1;
        Ok(())
    }

    /// A program that is of no interest any more: it was ended, and so will be what reads it.
    pub fn forget(&mut self, _program: usize) {}

    /// Waits until something is seen, no longer than `patience`.
    pub fn wait(&mut self, patience: Duration, mut each: impl FnMut(usize, Seen<'_>)) {
        match self.blocks.recv_timeout(patience) {
            Ok((program, stream, block)) if block.is_empty() => each(program, Seen::Closed(stream)),
            Ok((program, stream, block)) => each(program, Seen::Wrote(stream, &block)),
            Err(_) => {}
        }
    }
}

/// Sends blocks until the end, which is an empty one.
fn read(
    program: usize,
    stream: Stream,
    mut pipe: impl Read + Send + 'static,
    sender: SyncSender<(usize, Stream, Vec<u8>)>,
) {
    thread::spawn(move || {
        let mut block = vec![0; BLOCK_BYTES];
        loop {
            let read = match pipe.read(&mut block) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => 0,
            };
            // Nobody listens any more when the wave is over.
            let sent = sender.send((program, stream, block[..read].to_vec()));
            if sent.is_err() || read == 0 {
                return;
            }
        }
    });
}
