//! `.csv` and `.tsv`: one value a row, with label columns.

use std::io::Read;

use super::{
    error::CaptureError,
    fields::{split, unquote},
    lines::{self, LineError},
    number,
    recent::Recent,
    rows::Rows,
    text::shorten,
    tree::{Identity, Label},
};

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// Which run; or the seed that the run was given.
    Run,
    /// The seed that the run was given.
    Seed,
    /// Label columns that tell streams of a run apart, in the order in which identities list them.
    Epoch,
    Host,
    Rank,
    Worker,
    Task,
    Channel,
    /// The number.
    Value,
    /// Says nothing of who drew what.
    Ignored,
}

impl Column {
    /// The column with this header.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().trim_matches('"').to_ascii_lowercase();
        Some(match name.as_str() {
            "run" | "launch" => Self::Run,
            "seed" | "root" => Self::Seed,
            "epoch" => Self::Epoch,
            "host" | "node" => Self::Host,
            "rank" => Self::Rank,
            "worker" | "process" | "thread" => Self::Worker,
            "task" | "stream" => Self::Task,
            "channel" | "generator" => Self::Channel,
            "value" | "word" | "number" | "id" | "uuid" => Self::Value,
            "index" | "draw" | "step" | "i" | "time" | "timestamp" | "pid" | "tid" => Self::Ignored,
            _ => return None,
        })
    }

    /// What it tells apart, if it is a label.
    pub const fn label(self) -> Option<Label> {
        match self {
            Self::Run | Self::Seed => Some(Label::Run),
            Self::Value | Self::Ignored => None,
            _ => Some(Label::Task),
        }
    }
}

/// The columns of a table, by position.
#[derive(Debug)]
struct Header {
    delimiter: u8,
    columns: Vec<Column>,
    value: usize,
    /// Positions of label columns in the order of [`Column`].
    labels: Vec<usize>,
}

impl Header {
    /// A row in two: what stands before the value with its delimiter, and the value; where the value
    /// is the last column.
    fn split_last<'a>(&self, row: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        if self.value + 1 != self.columns.len() {
            return None;
        }
        memchr::memrchr(self.delimiter, row).map(|at| row.split_at(at + 1))
    }
}

/// Reads a table. A table without header is read only if it has a single column.
pub(super) fn read(
    source: &mut dyn Read,
    file: &str,
    delimiter: u8,
    base: &Identity,
) -> Result<Rows, CaptureError> {
    let mut rows = Rows::new();
    let mut header: Option<Header> = None;
    let mut fields: Vec<(usize, usize)> = Vec::new();
    let mut unquoted: Vec<u8> = Vec::new();
    let mut last: (Vec<u8>, usize) = (Vec::new(), usize::MAX);
    let mut key: Vec<u8> = Vec::new();
    let mut recent = Recent::default();
    lines::for_each(source, |line, bytes| {
        let bytes = if line == 1 {
            without_mark(bytes)
        } else {
            bytes
        };
        if bytes.is_empty() {
            return Ok(());
        }
        let Some(head) = &header else {
            let (head, is_data) = read_header(bytes, delimiter, file)?;
            header = Some(head);
            if is_data {
                let stream = rows.stream(b"", || base.clone());
                last = (Vec::new(), stream);
                push(&mut rows, stream, bytes, file, line)?;
            }
            return Ok(());
        };
        if let Some((labels, value)) = head.split_last(bytes)
            && let Some(stream) = recent.stream(labels)
            && let Some(number) = number::parse(value)
        {
            return rows
                .push(stream, number)
                .map_err(|problem| bad_line(file, line, problem));
        }
        let quoted = memchr::memchr(b'"', bytes).is_some();
        let bytes = if quoted {
            unquote(bytes, head.delimiter, &mut unquoted, &mut fields)
                .map_err(|problem| bad_line(file, line, problem.into()))?;
            unquoted.as_slice()
        } else {
            split(bytes, head.delimiter, &mut fields);
            bytes
        };
        if fields.len() != head.columns.len() {
            return Err(bad_line(
                file,
                line,
                format!(
                    "{} fields where the header has {}",
                    fields.len(),
                    head.columns.len()
                ),
            ));
        }
        let field = |column: usize| &bytes[fields[column].0..fields[column].1];
        key.clear();
        for &column in &head.labels {
            key.extend_from_slice(field(column));
            key.push(head.delimiter);
        }
        if last.1 == usize::MAX || key != last.0 {
            if let Some(&empty) = head
                .labels
                .iter()
                .find(|&&column| trim(field(column)).is_empty())
            {
                return Err(bad_line(
                    file,
                    line,
                    format!("no label in column {}", empty + 1),
                ));
            }
            let stream = rows.stream(&key, || {
                let mut identity = base.clone();
                for &column in &head.labels {
                    identity.seeded |= head.columns[column] == Column::Seed;
                    if let Some(label) = head.columns[column].label() {
                        identity.label(label, &String::from_utf8_lossy(trim(field(column))));
                    }
                }
                identity
            });
            last.0.clone_from(&key);
            last.1 = stream;
        }
        push(&mut rows, last.1, field(head.value), file, line)?;
        if let Some((labels, _)) = head.split_last(bytes).filter(|_| !quoted) {
            recent.keep(labels, last.1);
        }
        Ok(())
    })
    .map_err(|error| line_error(error, file))?;
    Ok(rows)
}

fn push(
    rows: &mut Rows,
    stream: usize,
    text: &[u8],
    file: &str,
    line: u64,
) -> Result<(), CaptureError> {
    let text = trim(text);
    let number = number::parse(text).ok_or_else(|| CaptureError::BadNumber {
        file: file.into(),
        line,
        text: shorten(text),
    })?;
    rows.push(stream, number)
        .map_err(|problem| bad_line(file, line, problem))
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

fn trim(text: &[u8]) -> &[u8] {
    if text.first().is_some_and(u8::is_ascii_whitespace)
        || text.last().is_some_and(u8::is_ascii_whitespace)
    {
        text.trim_ascii()
    } else {
        text
    }
}

/// Whether a first line is the header of a table, and with which delimiter.
pub(super) fn sniff(line: &[u8]) -> Option<u8> {
    let line = without_mark(line);
    [b',', b'\t', b';'].into_iter().find(|&delimiter| {
        String::from_utf8_lossy(line)
            .split(delimiter as char)
            .any(|name| Column::from_name(name) == Some(Column::Value))
    })
}

/// The header, and whether the line is no header but the first value.
fn read_header(line: &[u8], delimiter: u8, file: &str) -> Result<(Header, bool), CaptureError> {
    let delimiter = if memchr::memchr(delimiter, line).is_none() && line.contains(&b';') {
        b';'
    } else {
        delimiter
    };
    let text = String::from_utf8_lossy(line);
    let names: Vec<&str> = text.split(delimiter as char).collect();
    if names
        .iter()
        .all(|name| number::parse(name.trim().as_bytes()).is_some())
    {
        if names.len() > 1 {
            return Err(CaptureError::Columns {
                file: file.into(),
                problem: format!("{} columns without a header", names.len()),
            });
        }
        let header = Header {
            delimiter,
            columns: vec![Column::Value],
            value: 0,
            labels: Vec::new(),
        };
        return Ok((header, true));
    }
    // One field that no column is called may well be the first value.
    if let [name] = names[..]
        && Column::from_name(name).is_none()
    {
        return Err(CaptureError::Columns {
            file: file.into(),
            problem: format!(
                "the first line, `{}`, is neither a number nor the name of a column",
                shorten(name.as_bytes())
            ),
        });
    }
    let columns = named(&names, file)?;
    let value = columns.iter().position(|&column| column == Column::Value);
    let value = value.ok_or_else(|| CaptureError::Columns {
        file: file.into(),
        problem: format!("no column `value` among {}", shorten(line)),
    })?;
    let mut labels: Vec<usize> = (0..columns.len())
        .filter(|&at| columns[at].label().is_some())
        .collect();
    labels.sort_by_key(|&at| columns[at]);
    Ok((
        Header {
            delimiter,
            columns,
            value,
            labels,
        },
        false,
    ))
}

fn named(names: &[&str], file: &str) -> Result<Vec<Column>, CaptureError> {
    let problem = |problem: String| CaptureError::Columns {
        file: file.into(),
        problem,
    };
    // Beside a column of values an id is what it says.
    let has_values = names
        .iter()
        .any(|name| !is_id(name) && Column::from_name(name) == Some(Column::Value));
    let mut columns: Vec<Column> = Vec::new();
    for name in names {
        let column = Column::from_name(name)
            .map(|column| match has_values && is_id(name) {
                true => Column::Ignored,
                false => column,
            })
            .ok_or_else(|| problem(format!("unknown column `{}`", shorten(name.as_bytes()))))?;
        if column != Column::Ignored && columns.contains(&column) {
            return Err(problem(format!(
                "two columns like `{}`",
                shorten(name.as_bytes())
            )));
        }
        columns.push(column);
    }
    Ok(columns)
}

/// Whether a column is called what values may be called that are nothing but identifiers.
fn is_id(name: &str) -> bool {
    let name = name.trim().trim_matches('"');
    name.eq_ignore_ascii_case("id") || name.eq_ignore_ascii_case("uuid")
}

#[cfg(test)]
mod tests;
