//! What programs print: read as it comes, no further than is wanted.

use std::time::Duration;

use super::{Enough, process::Process};

/// How much of a program's complaints is kept.
const COMPLAINT_BYTES: usize = 4096;

/// What a program has printed so far.
pub(super) struct Output {
    pub bytes: Vec<u8>,
    /// More has come than is wanted.
    pub overflow: bool,
    enough: Enough,
    limit: usize,
    words: WordCount,
}

impl Output {
    fn take(&mut self, block: &[u8]) {
        let fits = block.len().min(self.limit - self.bytes.len());
        self.bytes.extend_from_slice(&block[..fits]);
        let done = match self.enough {
            Enough::Bytes(bytes) => self.bytes.len() > bytes,
            Enough::Words(count) => {
                self.words.add(&block[..fits]);
                self.words.count > 2 * count + BESIDE_WORDS
            }
            Enough::AtEnd => false,
        };
        self.overflow |= done || fits < block.len();
    }

    /// Whether it holds as much as is wanted.
    pub fn is_enough(&self) -> bool {
        match self.enough {
            Enough::Bytes(wanted) => self.bytes.len() >= wanted,
            Enough::Words(wanted) => self.words.count > wanted,
            Enough::AtEnd => true,
        }
    }
}

/// Words beside the wanted numbers that a program may print: labels and messages. As many again as are
/// wanted may be labels, too.
const BESIDE_WORDS: u64 = 64;

/// Counts the words that look like numbers, as they end: with a digit, and not written as a label is.
#[derive(Default)]
struct WordCount {
    count: u64,
    first: Option<u8>,
    last: u8,
    digit: bool,
    hexadecimal: bool,
}

impl WordCount {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            // Numbers stand behind names, brackets and commas, too: `x=0.5`, `[0.5,0.25`.
            if byte.is_ascii_whitespace() || matches!(byte, b'=' | b',' | b'(' | b'[') {
                self.end();
                continue;
            }
            if self.first.is_none() {
                (self.first, self.digit, self.hexadecimal) = (Some(byte), false, true);
            }
            self.digit |= byte.is_ascii_digit();
            self.hexadecimal &= byte.is_ascii_hexdigit() || byte == b'-';
            self.last = byte;
        }
    }

    fn end(&mut self) {
        let Some(first) = self.first.take() else {
            return;
        };
        let boolean =
            matches!(first, b't' | b'T' | b'f' | b'F') && self.last.eq_ignore_ascii_case(&b'e');
        let named = first.is_ascii_alphabetic() && !self.hexadecimal;
        let label = matches!(self.last, b':' | b']' | b'|' | b'>');
        self.count += u64::from(boolean || self.digit && !named && !label);
    }
}

/// The two pipes of a program and what has come out of them.
pub(super) struct Pipes {
    pub output: Output,
    /// The end of what it wrote to its standard error.
    pub complaint: Vec<u8>,
    source: source::Source,
}

impl Pipes {
    pub fn of(child: &mut Process, enough: Enough, limit: usize) -> Self {
        Self {
            output: Output {
                bytes: Vec::new(),
                overflow: false,
                enough,
                limit,
                words: WordCount::default(),
            },
            complaint: Vec::new(),
            source: source::Source::of(child),
        }
    }

    /// Whether more output may come.
    pub fn output_open(&self) -> bool {
        self.source.open(source::OUTPUT)
    }

    /// Whether more complaints may come.
    pub fn complaint_open(&self) -> bool {
        self.source.open(source::COMPLAINT)
    }

    /// Waits until something comes or a pipe is closed, no longer than `patience`; at once where
    /// both are closed.
    pub fn wait(&mut self, patience: Duration) {
        self.wait_for(patience, None);
    }

    /// As [`wait`](Self::wait), or until the program has ended; false where the system cannot tell of that: then this
    /// has not waited.
    pub fn wait_or_end(&mut self, patience: Duration, process: &Process) -> bool {
        let known = source::tells_end(process);
        if known {
            self.wait_for(patience, Some(process));
        }
        known
    }

    fn wait_for(&mut self, patience: Duration, process: Option<&Process>) {
        let (output, complaint) = (&mut self.output, &mut self.complaint);
        self.source.wait(patience, process, |which, block| {
            if which == source::OUTPUT {
                output.take(block);
            } else {
                // It may say as much as it likes.
                complaint.extend_from_slice(block);
                let excess = complaint.len().saturating_sub(COMPLAINT_BYTES);
                complaint.drain(..excess);
            }
        });
    }
}

/// Both pipes are watched at once.
#[cfg(unix)]
mod source {
    use std::{
        fs::File,
        io::Read,
        os::fd::{AsFd, OwnedFd},
        time::Duration,
    };

    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    use crate::harness::command::process::{self, Process};

    pub fn tells_end(process: &Process) -> bool {
        process::end(process).is_some()
    }

    pub const OUTPUT: usize = 0;
    pub const COMPLAINT: usize = 1;
    /// A quarter of what a pipe holds: every program of a wave has such a block, and most print little.
    const BLOCK_BYTES: usize = 1 << 14;

    pub struct Source {
        pipes: [Option<File>; 2],
        block: Vec<u8>,
    }

    impl Source {
        pub fn of(child: &mut Process) -> Self {
            let output = child.stdout.take().map(|pipe| OwnedFd::from(pipe).into());
            let complaint = child.stderr.take().map(|pipe| OwnedFd::from(pipe).into());
            Self {
                pipes: [output, complaint],
                block: vec![0; BLOCK_BYTES],
            }
        }

        pub fn open(&self, which: usize) -> bool {
            self.pipes[which].is_some()
        }

        pub fn wait(
            &mut self,
            patience: Duration,
            process: Option<&Process>,
            mut each: impl FnMut(usize, &[u8]),
        ) {
            let open: Vec<usize> = (0..2).filter(|&which| self.open(which)).collect();
            let pipes = self.pipes.iter().flatten().map(|pipe| pipe.as_fd());
            let mut polled: Vec<PollFd> = pipes
                .chain(process.and_then(process::end))
                .map(|watched| PollFd::new(watched, PollFlags::POLLIN))
                .collect();
            if polled.is_empty() {
                return;
            }
            // Rounded up, so that less than a millisecond is not no time at all.
            let millis = patience.as_micros().div_ceil(1000);
            let timeout = PollTimeout::try_from(millis).unwrap_or(PollTimeout::MAX);
            if poll(&mut polled, timeout).is_err() {
                // Interrupted: the caller asks again.
                return;
            }
            let ready: Vec<usize> = open
                .into_iter()
                .zip(polled)
                .filter(|(_, polled)| polled.any().unwrap_or(true))
                .map(|(which, _)| which)
                .collect();
            for which in ready {
                let Some(pipe) = &mut self.pipes[which] else {
                    continue;
                };
                match pipe.read(&mut self.block) {
                    Ok(0) => self.pipes[which] = None,
                    Ok(read) => each(which, &self.block[..read]),
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(_) => self.pipes[which] = None,
                }
            }
        }
    }
}

/// Without a way to watch two pipes at once, a thread reads each.
#[cfg(not(unix))]
mod source {
    use std::{
        io::Read,
        sync::mpsc::{Receiver, SyncSender, sync_channel},
        thread,
        time::Duration,
    };

    use crate::harness::command::process::Process;

    pub fn tells_end(_process: &Process) -> bool {
        false
    }

    pub const OUTPUT: usize = 0;
    pub const COMPLAINT: usize = 1;
    const BLOCK_BYTES: usize = 1 << 16;

    pub struct Source {
        blocks: Receiver<(usize, Vec<u8>)>,
        open: [bool; 2],
    }

    impl Source {
        pub fn of(child: &mut Process) -> Self {
            let (sender, blocks) = sync_channel(1);
            let mut open = [false; 2];
            if let Some(pipe) = child.stdout.take() {
                open[OUTPUT] = true;
                read(OUTPUT, pipe, sender.clone());
            }
            if let Some(pipe) = child.stderr.take() {
                open[COMPLAINT] = true;
                read(COMPLAINT, pipe, sender);
            }
            Self { blocks, open }
        }

        pub fn open(&self, which: usize) -> bool {
            self.open[which]
        }

        pub fn wait(
            &mut self,
            patience: Duration,
            _process: Option<&Process>,
            mut each: impl FnMut(usize, &[u8]),
        ) {
            if self.open == [false; 2] {
                return;
            }
            match self.blocks.recv_timeout(patience) {
                Ok((which, block)) if block.is_empty() => self.open[which] = false,
                Ok((which, block)) => each(which, &block),
                Err(_) => {}
            }
        }
    }

    /// Sends blocks until the end, which is an empty one.
    fn read(
        which: usize,
        mut pipe: impl Read + Send + 'static,
        sender: SyncSender<(usize, Vec<u8>)>,
    ) {
        thread::spawn(move || {
            let mut block = vec![0; BLOCK_BYTES];
            loop {
                let read = match pipe.read(&mut block) {
                    Ok(read) => read,
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                    Err(_) => 0,
                };
                // Nobody listens any more when the program was ended.
                if sender.send((which, block[..read].to_vec())).is_err() || read == 0 {
                    return;
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_messages_are_no_numbers() {
        for (text, numbers) in [
            ("0.5\n-1e5 7\n", 3),
            ("dead0eef 123e4567-e89b-42d3-a456-426614174000 ", 2),
            ("True\nFalse\n", 2),
            (" [1] 0.5 0.25\n[3] 0.125\n", 3),
            ("rank 3: 0.5\n[7] 0.5\nx=0.5\nworker-3 | 0.5\n", 4),
            ("[0.5, 0.25, 0.125, 1\n", 4),
            ("np.float64(0.5),0.25,\n", 2),
            ("INFO all is well\n", 0),
        ] {
            let mut words = WordCount::default();
            // As it comes, in pieces.
            for piece in text.as_bytes().chunks(3) {
                words.add(piece);
            }
            assert_eq!(words.count, numbers, "{text}");
        }
    }
}
