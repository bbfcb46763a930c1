//! numpy's arrays of texts (`<U5`, `|S3`), which are read as the lists that `tolist()` prints.

use std::io::{self, Read};

/// Most letters of a text.
const MOST_LETTERS: usize = 1 << 12;
/// Most texts of an array: lists are held until it is known whose they are.
pub(super) const MOST_TEXTS: u64 = 1 << 24;
/// Bytes taken at once, at least a text.
const BLOCK_BYTES: usize = 1 << 16;

/// How the texts of an array are stored: so many letters of so many bytes each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letters {
    letters: usize,
    bytes: usize,
    big_endian: bool,
}

impl Letters {
    /// The texts that a type of numpy's names, if it names some.
    pub fn of(kind: &str) -> Option<Self> {
        let big_endian = kind.starts_with('>');
        let kind = kind.trim_start_matches(['<', '>', '|', '=']);
        let bytes = match kind.as_bytes().first()? {
            b'S' => 1,
            b'U' => 4,
            _ => return None,
        };
        let letters = kind[1..].parse().ok();
        letters
            .filter(|letters| *letters <= MOST_LETTERS)
            .map(|letters| Self {
                letters,
                bytes,
                big_endian,
            })
    }

    /// Bytes of a text.
    pub const fn bytes(self) -> usize {
        self.letters * self.bytes
    }

    /// The text that is stored so.
    pub fn text(self, stored: &[u8]) -> String {
        let letter = |four: &[u8]| {
            let four = four.try_into().unwrap_or_default();
            let code = match self.big_endian {
                true => u32::from_be_bytes(four),
                false => u32::from_le_bytes(four),
            };
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
        };
        let text = match self.bytes {
            1 => String::from_utf8_lossy(stored).into_owned(),
            _ => stored.chunks_exact(4).map(letter).collect(),
        };
        text.trim_end_matches('\0').to_owned()
    }
}

/// An array of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextArray {
    pub letters: Letters,
    /// Length of every axis, the last of which varies fastest.
    pub shape: Vec<u64>,
    /// Where the texts start.
    pub data_offset: u64,
}

impl TextArray {
    /// Number of texts.
    pub fn texts(&self) -> u64 {
        // Checked when the header was read.
        self.shape.iter().product()
    }

    /// Bytes of all of them.
    pub fn bytes(&self) -> u64 {
        self.texts() * self.letters.bytes() as u64
    }
}

/// The texts of an array as lists within lists, in quotes.
pub(super) struct AsLists<R> {
    source: R,
    array: TextArray,
    /// Texts so far.
    done: u64,
    text: Vec<u8>,
    given: usize,
}

impl<R: Read> AsLists<R> {
    /// The lists of the texts that come from `source`.
    pub const fn new(source: R, array: TextArray) -> Self {
        Self {
            source,
            array,
            done: 0,
            text: Vec::new(),
            given: 0,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let (size, all) = (self.array.letters.bytes(), self.array.texts());
        let texts = (all - self.done).min((BLOCK_BYTES / size.max(1)).max(1) as u64);
        let mut bytes = vec![0; texts as usize * size];
        self.source.read_exact(&mut bytes)?;
        for at in 0..texts as usize {
            let text = self.array.letters.text(&bytes[at * size..][..size]);
            self.put(&text);
        }
        Ok(())
    }

    /// Writes the next text, with the brackets that open before it and close behind it.
    fn put(&mut self, text: &str) {
        let before = self.ends(self.done);
        self.done += 1;
        let after = self.ends(self.done);
        self.text.resize(self.text.len() + before, b'[');
        self.text.push(b'"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.text.extend([b'\\', c as u8]),
                c if c.is_control() => self.text.push(b' '),
                c => self
                    .text
                    .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        self.text.push(b'"');
        self.text.resize(self.text.len() + after, b']');
        self.text.push(if self.done == self.array.texts() {
            b'\n'
        } else {
            b','
        });
    }

    /// How many lists end, and so others begin, after so many texts.
    fn ends(&self, texts: u64) -> usize {
        let mut length = 1;
        let lengths = self.array.shape.iter().rev();
        lengths
            .take_while(|&&axis| {
                length *= axis;
                texts.is_multiple_of(length)
            })
            .count()
    }
}

impl<R: Read> Read for AsLists<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() && self.done < self.array.texts() {
            self.fill()?;
        }
        let length = (&self.text[self.given..]).read(buffer)?;
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_lists_within_lists() {
        let array = TextArray {
            letters: Letters::of("<U2").unwrap(),
            shape: vec![2, 3],
            data_offset: 0,
        };
        let texts = ["H", "é\"", "", "T", "ab", "\\"];
        let letters = |text: &&str| {
            text.chars()
                .chain("\0\0".chars())
                .take(2)
                .collect::<Vec<_>>()
        };
        let bytes: Vec<u8> = texts
            .iter()
            .flat_map(letters)
            .flat_map(|letter| (letter as u32).to_le_bytes())
            .collect();
        let mut text = String::new();
        AsLists::new(bytes.as_slice(), array)
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "[[\"H\",\"é\\\"\",\"\"],[\"T\",\"ab\",\"\\\\\"]]\n");
    }

    #[test]
    fn types_of_texts_are_told_from_others() {
        assert_eq!(Letters::of("|S3").map(Letters::bytes), Some(3));
        assert_eq!(Letters::of(">U5").map(Letters::bytes), Some(20));
        for other in ["<f8", "|O", "<U", "<U99999", "<M8[ns]"] {
            assert_eq!(Letters::of(other), None, "{other}");
        }
    }
}
