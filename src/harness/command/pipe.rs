//! What programs print: read as it comes, no further than is wanted.

use std::{
    io::Read,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Enough;

/// How much of a program's complaints is kept.
const COMPLAINT_BYTES: usize = 4096;

/// What a reader has taken from a pipe so far.
#[derive(Default)]
pub(super) struct Pipe {
    pub bytes: Vec<u8>,
    /// More has come than is wanted.
    pub overflow: bool,
}

/// Reads until the end, or until there is more than enough.
pub(super) fn read_output(mut pipe: impl Read, shared: &Mutex<Pipe>, enough: Enough, limit: usize) {
    let mut block = vec![0u8; 1 << 16];
    let mut words = WordCount::default();
    loop {
        let read = match pipe.read(&mut block) {
            Ok(0) => return,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        let mut kept = lock(shared);
        let room = limit - kept.bytes.len();
        let fits = read.min(room);
        kept.bytes.extend_from_slice(&block[..fits]);
        words.add(&block[..fits]);
        let done = match enough {
            Enough::Bytes(bytes) => kept.bytes.len() > bytes,
            Enough::Words(count) => words.count > count,
            Enough::AtEnd => false,
        };
        if done || fits < read {
            kept.overflow = true;
            return;
        }
    }
}

/// Whether the output holds as much as is wanted.
pub(super) fn is_enough(bytes: &[u8], enough: Enough) -> bool {
    match enough {
        Enough::Bytes(wanted) => bytes.len() >= wanted,
        Enough::Words(wanted) => {
            let mut words = WordCount::default();
            words.add(bytes);
            words.count > wanted
        }
        Enough::AtEnd => true,
    }
}

/// Counts words as they start: when one more than wanted starts, the wanted ones are complete.
#[derive(Default)]
struct WordCount {
    count: u64,
    inside: bool,
}

impl WordCount {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let inside = !byte.is_ascii_whitespace();
            self.count += u64::from(inside && !self.inside);
            self.inside = inside;
        }
    }
}

/// Keeps the end of what the program says, and lets it say as much as it likes.
pub(super) fn read_complaint(mut pipe: impl Read, shared: &Mutex<Pipe>) {
    let mut block = [0u8; COMPLAINT_BYTES];
    loop {
        match pipe.read(&mut block) {
            Ok(0) => return,
            Ok(read) => {
                let mut kept = lock(shared);
                kept.bytes.extend_from_slice(&block[..read]);
                let excess = kept.bytes.len().saturating_sub(COMPLAINT_BYTES);
                kept.bytes.drain(..excess);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept behind these locks is whole at every moment, so a panic elsewhere spoils nothing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
