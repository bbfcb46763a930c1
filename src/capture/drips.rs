//! A source for tests that gives few bytes at a time: what is read must not depend on it.

use std::io::{self, Read};

/// The rest of what it gives, and how much of it at once.
pub(super) struct Drips<'a>(pub &'a [u8], pub usize);

impl Read for Drips<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(self.1);
        self.0.read(&mut buffer[..most])
    }
}
