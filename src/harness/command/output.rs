//! What a program has printed, and whether that is enough.

use super::Enough;

/// What a program writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// Its standard output.
    Output,
    /// Its standard error.
    Complaint,
}

/// What was seen of a program.
pub(super) enum Seen<'a> {
    /// It has written something.
    Wrote(Stream, &'a [u8]),
    /// It writes no more.
    Closed(Stream),
    /// It has ended; not seen where the system does not tell.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "seen on Linux alone")
    )]
    End,
}

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
    pub fn new(enough: Enough, limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            overflow: false,
            enough,
            limit,
            words: WordCount::default(),
        }
    }

    pub fn take(&mut self, block: &[u8]) {
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
