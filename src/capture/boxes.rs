//! Tables that are drawn with the signs for boxes, as polars, DuckDB, SQLite and Node's `console.table` draw them: in
//! their places stand the bars and dashes of tables in plain text.

use std::io::{self, Read};

/// Bytes taken at once.
const BLOCK_BYTES: usize = 1 << 16;

/// The first byte of a sign, in UTF-8, and the second: those from U+2500 to U+257F.
const LEAD: u8 = 0xe2;
const SECOND: std::ops::RangeInclusive<u8> = 0x94..=0x95;

/// Whether a text has such signs.
pub(super) fn has(text: &[u8]) -> bool {
    memchr::memchr_iter(LEAD, text)
        .any(|at| matches!(&text[at + 1..], [second, _, ..] if SECOND.contains(second)))
}

/// The sign of plain text for one with these last two bytes.
fn plain(second: u8, third: u8) -> u8 {
    let code = (u32::from(second) & 0x3f) << 6 | u32::from(third) & 0x3f;
    match 0x2000 + code {
        0x2502 | 0x2503 | 0x2506 | 0x2507 | 0x250a | 0x250b | 0x2551 | 0x254e | 0x254f => b'|',
        0x2500 | 0x2501 | 0x2504 | 0x2505 | 0x2508 | 0x2509 | 0x2550 | 0x254c | 0x254d => b'-',
        _ => b'+',
    }
}

/// A source with such signs, as plain text.
pub(super) struct Boxes<R> {
    source: R,
    /// Bytes that were read; those that are ready lie from `given` to `ready`.
    bytes: Vec<u8>,
    given: usize,
    ready: usize,
}

impl<R: Read> Boxes<R> {
    pub const fn new(source: R) -> Self {
        Self {
            source,
            bytes: Vec::new(),
            given: 0,
            ready: 0,
        }
    }

    /// Reads on, until some byte is ready or the source has ended.
    fn fill(&mut self) -> io::Result<()> {
        self.bytes.drain(..self.ready);
        (self.given, self.ready) = (0, 0);
        loop {
            let before = self.bytes.len();
            self.bytes.resize(before + BLOCK_BYTES, 0);
            let read = self.source.read(&mut self.bytes[before..]);
            self.bytes.truncate(before + *read.as_ref().unwrap_or(&0));
            if read? == 0 {
                self.ready = self.bytes.len();
                return Ok(());
            }
            self.translate();
            if self.ready > 0 {
                return Ok(());
            }
        }
    }

    /// Puts plain signs in the places of others; one that has not ended waits for its end.
    fn translate(&mut self) {
        let (mut from, mut to) = (0, 0);
        let bytes = &mut self.bytes;
        while from < bytes.len() {
            match bytes[from..] {
                [LEAD] => break,
                [LEAD, second] if SECOND.contains(&second) => break,
                [LEAD, second, third, ..] if SECOND.contains(&second) => {
                    bytes[to] = plain(second, third);
                    from += 3;
                }
                _ => {
                    bytes[to] = bytes[from];
                    from += 1;
                }
            }
            to += 1;
        }
        self.ready = to;
        bytes.drain(to..from);
    }
}

impl<R: Read> Read for Boxes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready {
            self.fill()?;
        }
        let length = (&self.bytes[self.given..self.ready]).read(buffer)?;
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::drips::Drips;

    #[test]
    fn boxes_are_bars_and_dashes_however_they_come_in() {
        let text = "┌───┬───┐\n│ w ┆ é │\n╞═══╪═══╡\n║ 1 ┃ … │ \u{2588}\n└─";
        let plain = "+---+---+\n| w | é |\n+---+---+\n| 1 | … | \u{2588}\n+-";
        assert!(has(text.as_bytes()) && !has(plain.as_bytes()));
        let mut read = String::new();
        Boxes::new(text.as_bytes())
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, plain);
        read.clear();
        Boxes::new(Drips(text.as_bytes(), 1))
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read, plain);
        // A sign that is cut off stays as it is.
        for cut in [&b"1\xe2"[..], b"1\xe2\x94"] {
            let mut bytes = Vec::new();
            Boxes::new(cut).read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, cut);
        }
    }
}
