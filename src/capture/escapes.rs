//! What terminals understand and no table means: colours, titles, and the carriage return that goes back to the start
//! of a line.

use std::io::{self, Read};

/// Bytes taken at once.
const BLOCK_BYTES: usize = 1 << 16;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;

/// Whether a text has such signs: an escape, or a carriage return that no line ends with.
pub(super) fn has(text: &[u8]) -> bool {
    let lone = |at: usize| text.get(at + 1).is_some_and(|next| *next != b'\n');
    memchr::memchr(ESCAPE, text).is_some() || memchr::memchr_iter(b'\r', text).any(lone)
}

/// Where in a sign the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    /// Behind a carriage return.
    Return,
    /// Behind an escape.
    Escape,
    /// Within `ESC [ … m`.
    Control,
    /// Within `ESC ] … BEL`.
    Title,
}

/// A source without them: a carriage return is the end of a line.
pub(super) struct Escapes<R> {
    source: R,
    state: State,
    bytes: Vec<u8>,
    given: usize,
}

impl<R: Read> Escapes<R> {
    pub const fn new(source: R) -> Self {
        Self {
            source,
            state: State::Text,
            bytes: Vec::new(),
            given: 0,
        }
    }

    /// Reads on, until some byte is ready or the source has ended.
    fn fill(&mut self) -> io::Result<()> {
        let mut block = vec![0; BLOCK_BYTES];
        self.bytes.clear();
        self.given = 0;
        while self.bytes.is_empty() {
            let read = self.source.read(&mut block)?;
            if read == 0 {
                if self.state == State::Return {
                    self.bytes.push(b'\n');
                }
                self.state = State::Text;
                return Ok(());
            }
            block[..read].iter().for_each(|&byte| self.take(byte));
        }
        Ok(())
    }

    fn take(&mut self, byte: u8) {
        self.state = match (self.state, byte) {
            (State::Text | State::Return, ESCAPE) => State::Escape,
            (State::Text | State::Return, b'\r') => State::Return,
            (State::Return, b'\n') | (State::Text, _) => {
                self.bytes.push(byte);
                State::Text
            }
            (State::Return, _) => {
                self.bytes.extend([b'\n', byte]);
                State::Text
            }
            (State::Escape, b'[') => State::Control,
            (State::Escape, b']') => State::Title,
            (State::Control, b' '..=b'?') => State::Control,
            (State::Title, BELL) => State::Text,
            // A title may end in `ESC \` as well, and never runs over a line.
            (State::Title, ESCAPE) => State::Escape,
            (State::Title, b'\n') => {
                self.bytes.push(byte);
                State::Text
            }
            (State::Title, _) => State::Title,
            (State::Escape | State::Control, _) => State::Text,
        };
    }
}

impl<R: Read> Read for Escapes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.bytes.len() {
            self.fill()?;
        }
        let length = (&self.bytes[self.given..]).read(buffer)?;
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::drips::Drips;

    #[test]
    fn colours_go_and_returns_end_lines_however_they_come_in() {
        let text = b"\x1b]0;title\x07\x1b[1;36m(w pid=3)\x1b[0m 0.5\r\n 10%\r 20%\r\r\n0.25\r";
        let plain = "(w pid=3) 0.5\n 10%\n 20%\n0.25\n";
        assert!(has(text) && !has(b"0.5\r\n0.25\r\n"));
        for bytes in [64, 1] {
            let mut read = String::new();
            Escapes::new(Drips(text, bytes))
                .read_to_string(&mut read)
                .unwrap();
            assert_eq!(read, plain);
        }
    }
}
