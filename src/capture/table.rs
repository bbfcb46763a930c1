//! `.csv` and `.tsv`: one value a row, with label columns; or one column a worker.

mod header;
mod wide;

use std::io::Read;

use self::header::Layout;
pub(super) use self::header::{Column, sniff};
use super::{
    error::CaptureError,
    fields::Fields,
    lines::{self, LineError},
    number,
    recent::Recent,
    rows::Rows,
    text::shorten,
    tree::Identity,
};

/// Reads a table. A table without header is read only if it has a single column; the header may stand
/// in a comment. Other comments and blank lines are left out.
pub(super) fn read(
    source: &mut dyn Read,
    file: &str,
    delimiter: u8,
    base: &Identity,
) -> Result<Rows, CaptureError> {
    let mut rows = Rows::new();
    let mut layout: Option<Layout> = None;
    let mut comment: Vec<u8> = Vec::new();
    let mut fields = Fields::default();
    let mut last: (Vec<u8>, usize) = (Vec::new(), usize::MAX);
    let mut key: Vec<u8> = Vec::new();
    let mut recent = Recent::default();
    lines::for_each(source, |line, bytes| {
        let bytes = if line == 1 {
            without_mark(bytes)
        } else {
            bytes
        };
        if bytes.iter().all(|&byte| byte == b' ') {
            return Ok(());
        }
        if let Some(text) = lines::comment(bytes) {
            if layout.is_none() {
                comment = text.to_vec();
            }
            return Ok(());
        }
        let at = At { file, line };
        let layout = match &mut layout {
            Some(layout) => layout,
            none => {
                let (read, is_data) = header::read(bytes, &comment, delimiter, file)?;
                let layout = none.insert(read);
                if !is_data {
                    return Ok(());
                }
                layout
            }
        };
        let head = match layout {
            Layout::Wide(wide) => return wide.row(bytes, &mut fields, &mut rows, base, at),
            Layout::Long(head) => head,
        };
        if let Some((labels, value)) = head.split_last(bytes)
            && let Some(stream) = recent.stream(labels)
            && let Some(number) = number::parse(value)
        {
            return rows.push(stream, number).map_err(|problem| at.bad(problem));
        }
        let row = fields
            .take_apart(bytes, head.delimiter, head.columns.len())
            .map_err(|problem| at.bad(problem))?;
        row.key(&head.labels, head.delimiter, &mut key);
        if last.1 == usize::MAX || key != last.0 {
            if let Some(empty) = row.first_empty(&head.labels) {
                return Err(at.bad(format!("no label in column {}", empty + 1)));
            }
            let stream = rows.stream(&key, || head.identity(&row, base));
            last.0.clone_from(&key);
            last.1 = stream;
        }
        at.push(&mut rows, last.1, row.field(head.value))?;
        if let Some((labels, _)) = head.split_last(bytes).filter(|_| !row.quoted) {
            recent.keep(labels, last.1);
        }
        Ok(())
    })
    .map_err(|error| line_error(error, file))?;
    Ok(rows)
}

/// What a name such as `w3` or `run0_rank3` adds to an identity, if it is a worker's.
pub(super) fn worker(name: &str) -> Option<Identity> {
    wide::worker(name).map(|(_, identity)| identity)
}

/// A line of a file.
#[derive(Clone, Copy)]
struct At<'a> {
    file: &'a str,
    line: u64,
}

impl At<'_> {
    fn push(self, rows: &mut Rows, stream: usize, text: &[u8]) -> Result<(), CaptureError> {
        let text = trim(text);
        let number = number::parse(text).ok_or_else(|| CaptureError::BadNumber {
            file: self.file.into(),
            line: self.line,
            text: shorten(text),
        })?;
        rows.push(stream, number)
            .map_err(|problem| self.bad(problem))
    }

    fn bad(self, problem: String) -> CaptureError {
        bad_line(self.file, self.line, problem)
    }
}

fn bad_line(file: &str, line: u64, problem: String) -> CaptureError {
    CaptureError::BadLine {
        file: file.into(),
        line,
        problem,
    }
}

/// A line error as a capture error.
pub(super) fn line_error(error: LineError<CaptureError>, file: &str) -> CaptureError {
    match error {
        LineError::Refused(error) => error,
        LineError::TooLong { line } => bad_line(
            file,
            line,
            "the line has no end; write one number a line".into(),
        ),
        LineError::Read(source) => CaptureError::Io {
            what: "read",
            path: file.into(),
            source,
        },
    }
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

fn bad_columns(file: &str, problem: String) -> CaptureError {
    CaptureError::Columns {
        file: file.into(),
        problem,
    }
}

#[cfg(test)]
mod tests;
