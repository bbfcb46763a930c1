//! Texts in UTF-16, as spreadsheets and PowerShell write them, as the UTF-8 that is read.

use std::io::{self, Read};

/// Units taken at once.
const UNITS: usize = 1 << 14;

/// A source of UTF-16, as UTF-8. What is no text becomes the replacement character, which no number has.
pub(super) struct Utf16<'a> {
    source: &'a mut dyn Read,
    big_endian: bool,
    /// Bytes that were read and not yet taken apart.
    bytes: Vec<u8>,
    /// The text so far that was not handed out, from `given` on.
    text: String,
    given: usize,
    ended: bool,
}

/// Whether a text begins with the mark of UTF-16, and then whether its units have their high byte first.
pub(super) fn is_utf16(first: &[u8]) -> Option<bool> {
    match first {
        [0xff, 0xfe, ..] => Some(false),
        [0xfe, 0xff, ..] => Some(true),
        _ => None,
    }
}

impl<'a> Utf16<'a> {
    pub fn new(source: &'a mut dyn Read, big_endian: bool) -> Self {
        Self {
            source,
            big_endian,
            bytes: Vec::new(),
            text: String::new(),
            given: 0,
            ended: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.ended {
            let before = self.bytes.len();
            self.bytes.resize(before + 2 * UNITS, 0);
            let read = self.source.read(&mut self.bytes[before..])?;
            self.bytes.truncate(before + read);
            self.ended = read == 0;
            let mut whole = self.bytes.len() / 2 * 2;
            let unit = |pair: &[u8]| match self.big_endian {
                true => u16::from_be_bytes([pair[0], pair[1]]),
                false => u16::from_le_bytes([pair[0], pair[1]]),
            };
            // The first half of a pair waits for the second.
            let half = self.bytes[..whole].chunks_exact(2).last().map(unit);
            if !self.ended && half.is_some_and(|unit| (0xd800..0xdc00).contains(&unit)) {
                whole -= 2;
            }
            let units = self.bytes[..whole].chunks_exact(2).map(unit);
            self.text.extend(
                char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
            );
            self.bytes.drain(..whole);
        }
        Ok(())
    }
}

impl Read for Utf16<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.fill()?;
        }
        let length = (&self.text.as_bytes()[self.given..]).read(buffer)?;
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::drips::Drips;

    #[test]
    fn both_orders_are_the_same_text_however_the_bytes_come() {
        let text = "worker,value\n0,0.5\n€,𝄞\n";
        for big_endian in [false, true] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| match big_endian {
                    true => unit.to_be_bytes(),
                    false => unit.to_le_bytes(),
                })
                .collect();
            for source in [
                &mut bytes.as_slice() as &mut dyn Read,
                &mut Drips(&bytes, 1),
            ] {
                let mut read = String::new();
                Utf16::new(source, big_endian)
                    .read_to_string(&mut read)
                    .unwrap();
                assert_eq!(read, text);
            }
        }
        let mut read = String::new();
        let odd: &mut dyn Read = &mut &b"\x00\xd8a\0b"[..];
        Utf16::new(odd, false).read_to_string(&mut read).unwrap();
        assert_eq!(read, "\u{fffd}a");
    }
}
