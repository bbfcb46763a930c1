//! Lines of a source of any size, through one buffer.

use std::io::Read;

/// Bytes asked for at first: enough for the many small files that captures consist of.
const FIRST_BYTES: usize = 1 << 16;
/// Bytes asked for at once when a source has more.
const BLOCK_BYTES: usize = 1 << 20;
/// Longest line: a program that never ends its line is stopped here, not by the machine's memory.
const LONGEST_LINE_BYTES: usize = 1 << 26;

/// Why a source gave no more lines.
#[derive(Debug)]
pub(super) enum LineError<E> {
    /// The system refused to read on.
    Read(std::io::Error),
    /// A line is longer than any line of numbers.
    TooLong {
        /// The line, from 1.
        line: u64,
    },
    /// The caller refused the line.
    Refused(E),
}

/// Calls `each` with every line's number (from 1) and bytes, without line ends.
pub(super) fn for_each<E>(
    source: &mut dyn Read,
    mut each: impl FnMut(u64, &[u8]) -> Result<(), E>,
) -> Result<(), LineError<E>> {
    let mut buffer = vec![0u8; FIRST_BYTES];
    let mut filled = 0;
    let mut line = 0u64;
    loop {
        if filled == buffer.len() {
            if filled >= LONGEST_LINE_BYTES {
                return Err(LineError::TooLong { line: line + 1 });
            }
            buffer.resize(2 * filled, 0);
        }
        let read = match source.read(&mut buffer[filled..]) {
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(LineError::Read(error)),
        };
        // Bytes before `filled` hold no line end.
        let searched = filled;
        filled += read;
        if filled == buffer.len() && filled < BLOCK_BYTES {
            buffer.resize(BLOCK_BYTES, 0);
        }
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &buffer[searched..filled]) {
            line += 1;
            each(line, trim_end(&buffer[start..searched + end])).map_err(LineError::Refused)?;
            start = searched + end + 1;
        }
        if read == 0 {
            if start < filled {
                each(line + 1, trim_end(&buffer[start..filled])).map_err(LineError::Refused)?;
            }
            return Ok(());
        }
        buffer.copy_within(start..filled, 0);
        filled -= start;
    }
}

/// What a line says behind its `#`, if it is a comment.
#[inline]
pub(super) fn comment(line: &[u8]) -> Option<&[u8]> {
    match line.first() {
        Some(b'#') if is_colour(line) || line.starts_with(b"#PID<") => None,
        Some(b'#') => Some(&line[1..]),
        Some(b'/') => line.strip_prefix(b"//"),
        Some(b' ' | b'\t') => line.trim_ascii_start().strip_prefix(b"#"),
        _ => None,
    }
}

/// Whether a line is a colour, as `#23de75` is.
fn is_colour(line: &[u8]) -> bool {
    matches!(line.len(), 7 | 9) && line[1..].iter().all(u8::is_ascii_hexdigit)
}

fn trim_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A line without the byte-order mark that some programs put before the first.
pub(super) fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line)
}

/// A text without blanks around it.
pub(super) fn trim(text: &[u8]) -> &[u8] {
    if text.first().is_some_and(u8::is_ascii_whitespace)
        || text.last().is_some_and(u8::is_ascii_whitespace)
    {
        text.trim_ascii()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::drips::Drips;

    #[test]
    fn lines_do_not_depend_on_how_the_bytes_come() {
        let text = b"a\r\n\nlong line\nlast";
        let collect = |source: &mut dyn Read| {
            let mut lines = Vec::new();
            for_each::<()>(source, |number, line| {
                lines.push((number, line.to_vec()));
                Ok(())
            })
            .unwrap();
            lines
        };
        let whole = collect(&mut text.as_slice());
        assert_eq!(whole, collect(&mut Drips(text, 1)));
        assert_eq!(
            whole,
            [
                (1, b"a".to_vec()),
                (2, b"".to_vec()),
                (3, b"long line".to_vec()),
                (4, b"last".to_vec())
            ]
        );
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut endless = std::io::repeat(b'7');
        assert!(matches!(
            for_each::<()>(&mut endless, |_, _| Ok(())),
            Err(LineError::TooLong { line: 1 })
        ));
    }
}
