//! The lines of a text that say something: comments, blank lines, log messages and what the options
//! leave out are none of them.

use std::io::Read;

use super::{
    Reading, SkipLines,
    error::CaptureError,
    lines::{self, LineError, without_mark},
    marks, names,
    rows::Rows,
};

/// Bytes that are kept of a message.
const LONGEST_MESSAGE: usize = 256;

/// Goes through the lines of a source.
pub(super) struct Content<'a> {
    skip: Option<&'a SkipLines>,
    /// Lines left out since the option says so.
    skipped: u64,
    /// Log messages.
    messages: u64,
    /// The first of them.
    first_message: Option<Box<[u8]>>,
    /// Whether lines that are refused may be messages.
    lenient: bool,
    /// Whether the line before was a message.
    in_message: bool,
    /// Whether blank lines, and comments that name who drew, say something.
    sections: bool,
}

impl<'a> Content<'a> {
    pub const fn new(reading: &'a Reading) -> Self {
        Self {
            skip: reading.skip_lines.as_ref(),
            skipped: 0,
            messages: 0,
            first_message: None,
            lenient: true,
            in_message: false,
            sections: false,
        }
    }

    /// The same where blank lines, and comments that name who drew, are lines that say something.
    pub fn in_sections(reading: &'a Reading) -> Self {
        Self {
            sections: true,
            ..Self::new(reading)
        }
    }

    /// The same where every line that is refused is an error, of whatever shape.
    pub fn strict(reading: &'a Reading) -> Self {
        Self {
            lenient: false,
            ..Self::new(reading)
        }
    }

    /// Calls `each` with every line that says something, by its number from 1. A line that `each`
    /// refuses, and that has the shape of a log message, is counted and left out.
    pub fn for_each(
        &mut self,
        source: &mut dyn Read,
        mut each: impl FnMut(u64, &[u8]) -> Result<(), CaptureError>,
    ) -> Result<(), LineError<CaptureError>> {
        lines::for_each(source, |number, bytes| {
            let bytes = if number == 1 {
                without_mark(bytes)
            } else {
                bytes
            };
            if self.skip.is_some_and(|skip| skip.covers(number, bytes)) {
                self.skipped += 1;
                return Ok(());
            }
            if is_silent(bytes) {
                let speaks = self.sections && (bytes.is_empty() || marks::section(bytes).is_some());
                // A rule separates as a blank line does.
                if self.sections && !speaks && is_rule(bytes) {
                    return each(number, b"");
                }
                if !speaks {
                    return Ok(());
                }
            }
            let in_message = std::mem::take(&mut self.in_message);
            each(number, bytes).or_else(|error| {
                // A comment that looks like a colour.
                if bytes.starts_with(b"#") {
                    return Ok(());
                }
                // What is set in below a message belongs to it, as the line of code below a warning of Python's.
                let goes_on = || in_message && matches!(bytes[0], b' ' | b'\t');
                if !self.lenient || !marks::is_message(bytes) && !goes_on() {
                    return Err(error);
                }
                if marks::is_repeat(bytes) {
                    return Err(error);
                }
                self.in_message = true;
                self.see_message(bytes);
                Ok(())
            })
        })
    }

    /// Counts a log message.
    pub fn see_message(&mut self, line: &[u8]) {
        self.messages += 1;
        self.first_message
            .get_or_insert_with(|| line[..line.len().min(LONGEST_MESSAGE)].trim_ascii().into());
    }

    /// Counts messages that were seen elsewhere.
    pub const fn see_messages(&mut self, count: u64) {
        self.messages += count;
    }

    /// Counts a line that the option leaves out.
    pub fn see_skipped(&mut self) {
        self.skipped += 1;
    }

    /// The start of the first log message.
    pub fn first_message(&self) -> Option<&[u8]> {
        self.first_message.as_deref()
    }

    /// Notes what was left out.
    pub fn report(&self, rows: &mut Rows) {
        if self.messages > 0 {
            rows.note(self.messages, "lines that are messages were left out");
        }
        if self.skipped > 0 {
            rows.note(self.skipped, "lines were left out by --skip-lines");
        }
    }
}

/// Whether a line is blank, a comment, a rule such as `-----`, or says what types columns have or how many rows
/// there are.
fn is_silent(line: &[u8]) -> bool {
    match line.first() {
        None => true,
        // Excel's line that says what separates fields.
        Some(b's') => is_separator(line),
        Some(byte) if byte.is_ascii_alphanumeric() => false,
        Some(_) => {
            line.trim_ascii_start().is_empty()
                || lines::comment(line).is_some()
                || is_rule(line)
                || marks::is_types(line)
                || marks::is_count_of_rows(line)
        }
    }
}

/// `sep=;`
fn is_separator(line: &[u8]) -> bool {
    line.len() <= 5 && line.starts_with(b"sep=")
}

/// Whether a line is drawn from signs alone, as the rule below the names of a table is.
fn is_rule(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() > 2 && line.iter().all(|byte| b"-=+|:*~_ ".contains(byte))
}

/// The first lines of a text, from which its form is told.
pub(super) struct Opening<'a> {
    /// Lines that say something.
    pub lines: Vec<&'a [u8]>,
    /// The same with messages among them.
    pub all: Vec<&'a [u8]>,
    /// The last comment before the first of them.
    pub comment: &'a [u8],
    /// Where the first of them begins, in bytes and lines, and how many messages stand before it.
    pub begin: (usize, u64, u64),
}

/// Lines looked at.
const LINES: usize = 1000;

impl<'a> Opening<'a> {
    /// The lines among the first bytes; `whole` says that no others follow.
    pub fn of(bytes: &'a [u8], whole: bool, reading: &Reading) -> Self {
        let mut start = Self {
            lines: Vec::new(),
            all: Vec::new(),
            comment: b"",
            begin: (0, 0, 0),
        };
        let from = bytes.as_ptr() as usize;
        let bytes = without_mark(bytes);
        let mut number = 0;
        let mut rest = bytes;
        while !rest.is_empty() && start.lines.len() < LINES {
            let end = memchr::memchr(b'\n', rest);
            if end.is_none() && !whole && !start.all.is_empty() {
                break;
            }
            let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after.get(1..).unwrap_or_default();
            number += 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let skipped = reading.skip_lines.as_ref();
            if skipped.is_some_and(|skip| skip.covers(number, line))
                || line.trim_ascii().is_empty()
                || is_rule(line)
                || is_separator(line)
                || !line[0].is_ascii_alphanumeric() && marks::is_types(line)
            {
                continue;
            }
            if let Some(text) = lines::comment(line) {
                if start.lines.is_empty() {
                    start.comment = text;
                }
                continue;
            }
            if start.all.len() < LINES {
                start.all.push(line);
            }
            if !marks::is_message(line) || start.lines.is_empty() && may_be_header(line, rest) {
                if start.lines.is_empty() {
                    let messages = start.all.len() as u64 - 1;
                    start.begin = (line.as_ptr() as usize - from, number - 1, messages);
                }
                start.lines.push(line);
            }
        }
        start
    }
}

/// Whether words stand above a row of as many fields, or of one more, as the names of columns do.
fn may_be_header(line: &[u8], rest: &[u8]) -> bool {
    let next = rest
        .split(|&byte| byte == b'\n')
        .find(|next| !is_silent(next));
    let fields = |line: &[u8]| {
        line.split(u8::is_ascii_whitespace)
            .filter(|field| !field.is_empty())
            .count()
    };
    let known = String::from_utf8_lossy(line)
        .split_whitespace()
        .any(|name| names::claim(name) != names::Claim::Unknown);
    let (own, next) = (fields(line), next.map_or(0, fields));
    known && !marks::is_log(line) && (next == own || next == own + 1)
}
