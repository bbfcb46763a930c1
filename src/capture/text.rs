//! One number, hexadecimal word or UUID a line (or separated by blanks): `.txt` and plain output.

use std::io::Read;

use super::{
    error::CaptureError,
    lines,
    number::{self, Number},
    rows::Rows,
    table,
    tree::Identity,
};

/// Reads all numbers of a source into one stream.
pub(super) fn read(
    source: &mut dyn Read,
    file: &str,
    identity: &Identity,
) -> Result<Rows, CaptureError> {
    let mut rows = Rows::new();
    let stream = rows.stream(b"", || identity.clone());
    let mut notation = Notation::Unknown;
    lines::for_each(source, |line, bytes| {
        let bytes = if line == 1 {
            table::without_mark(bytes)
        } else {
            bytes
        };
        if lines::comment(bytes).is_some() {
            return Ok(());
        }
        for token in bytes
            .split(|byte| byte.is_ascii_whitespace())
            .map(bare)
            .filter(|token| !token.is_empty())
        {
            notation.see(token);
            let number = notation
                .parse(token)
                .ok_or_else(|| CaptureError::BadNumber {
                    file: file.into(),
                    line,
                    text: shorten(token),
                })?;
            rows.push(stream, number)
                .map_err(|problem| CaptureError::BadLine {
                    file: file.into(),
                    line,
                    problem,
                })?;
        }
        Ok(())
    })
    .map_err(|error| table::line_error(error, file))?;
    Ok(rows)
}

/// A token without the brackets, commas and quotes of a printed list.
pub(super) fn bare(token: &[u8]) -> &[u8] {
    let list = |byte: &u8| matches!(byte, b'[' | b']' | b'(' | b')' | b',' | b';' | b'"' | b'\'');
    let start = token
        .iter()
        .position(|byte| !list(byte))
        .unwrap_or(token.len());
    let end = token
        .iter()
        .rposition(|byte| !list(byte))
        .map_or(start, |at| at + 1);
    &token[start..end]
}

/// The start of a text, fit for a message.
pub(super) fn shorten(text: &[u8]) -> String {
    let mut short: String = String::from_utf8_lossy(&text[..text.len().min(80)])
        .chars()
        .take(40)
        .map(|c| if c.is_control() { '�' } else { c })
        .collect();
    if text.len() > short.len() {
        short.push('…');
    }
    short
}

/// Whether words are written in hexadecimal digits without a `0x`: decided by the first one, since
/// a word of digits alone reads both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// Nothing has been seen.
    Unknown,
    /// Numbers say themselves what they are.
    Plain,
    /// Words of so many hexadecimal digits.
    Hex(usize),
}

impl Notation {
    /// Learns from a token. Words of 8 or 16 digits stay undecided until a letter shows up, and by
    /// then few can have been read as decimals: 1 in 43 (8 digits) or 1 in 1,844 (16) has no letter.
    pub fn see(&mut self, token: &[u8]) {
        if *self != Self::Unknown {
            return;
        }
        let hex = matches!(token.len(), 8 | 16) && token.iter().all(u8::is_ascii_hexdigit);
        let letter = token.iter().any(u8::is_ascii_alphabetic);
        let exponent = token
            .iter()
            .filter(|byte| byte.is_ascii_alphabetic())
            .all(|byte| matches!(byte, b'e' | b'E'));
        *self = match (hex, letter) {
            (true, true) if !exponent => Self::Hex(token.len()),
            (true, _) => Self::Unknown,
            (false, _) => Self::Plain,
        };
    }

    /// Reads a token in this notation.
    pub fn parse(self, token: &[u8]) -> Option<Number> {
        match self {
            Self::Hex(digits) if token.len() == digits => {
                let text = std::str::from_utf8(token).ok()?;
                u64::from_str_radix(text, 16).ok().map(Number::Unsigned)
            }
            Self::Hex(_) => None,
            Self::Plain | Self::Unknown => number::parse(token),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::element::RawKind;

    fn values(text: &str) -> Result<(Option<RawKind>, Vec<u64>), CaptureError> {
        let rows = read(&mut text.as_bytes(), "x.txt", &Identity::default())?;
        let (kind, mut streams) = rows.finish();
        Ok((kind, streams.remove(0).1))
    }

    #[test]
    fn lists_words_and_comments_are_read() {
        assert_eq!(
            values("# made by x\n[1, 2,\n\n 3]\n  # the end 4\n").unwrap(),
            (Some(RawKind::Unsigned), vec![1, 2, 3])
        );
        assert_eq!(
            values("deadbeef\n00000001\n12345678\n").unwrap().1,
            [0xdead_beef, 1, 0x1234_5678]
        );
        assert_eq!(values("True\nFalse\nTrue\n").unwrap().1, [1, 0, 1]);
        assert_eq!(
            values("0.5\n1\n").unwrap().1,
            [0.5f64.to_bits(), 1f64.to_bits()]
        );
        assert_eq!(
            values("123e4567-e89b-42d3-a456-426614174000\n")
                .unwrap()
                .1
                .len(),
            2
        );
    }

    #[test]
    fn garbage_names_its_line() {
        let error = values("1\n2\nhello\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.txt, line 3: `hello` is no number, hexadecimal word or UUID that fits 64 bits"
        );
        assert!(values("1\n123e4567-e89b-42d3-a456-426614174000").is_err());
    }
}
