//! The first line of a table: which column says what.

use super::{bad_columns, trim, wide::Wide, without_mark};
use crate::capture::{
    error::CaptureError,
    fields::Row,
    number,
    text::shorten,
    tree::{Identity, Label},
};

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::capture) enum Column {
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
pub(super) struct Header {
    pub delimiter: u8,
    pub columns: Vec<Column>,
    pub value: usize,
    /// Positions of label columns in the order of [`Column`].
    pub labels: Vec<usize>,
}

impl Header {
    /// A row in two: what stands before the value with its delimiter, and the value; where the value
    /// is the last column.
    pub fn split_last<'a>(&self, row: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        if self.value + 1 != self.columns.len() {
            return None;
        }
        memchr::memrchr(self.delimiter, row).map(|at| row.split_at(at + 1))
    }

    /// Whose value a row holds.
    pub fn identity(&self, row: &Row<'_>, base: &Identity) -> Identity {
        labelled(row, &self.labels, &self.columns, base)
    }
}

/// What the label columns of a row add to an identity.
pub(super) fn labelled(
    row: &Row<'_>,
    labels: &[usize],
    columns: &[Column],
    base: &Identity,
) -> Identity {
    let mut identity = base.clone();
    for &column in labels {
        identity.seeded |= columns[column] == Column::Seed;
        if let Some(label) = columns[column].label() {
            let text = String::from_utf8_lossy(trim(row.field(column)));
            identity.label(label, &text);
        }
    }
    identity
}

/// How a table is laid out.
#[derive(Debug)]
pub(super) enum Layout {
    /// One value a row, told apart by labels.
    Long(Header),
    /// One column a worker.
    Wide(Wide),
}

/// Whether a first line is the header of a table, and with which delimiter.
pub(in crate::capture) fn sniff(line: &[u8]) -> Option<u8> {
    let line = without_mark(line);
    [b',', b'\t', b';'].into_iter().find(|&delimiter| {
        let text = String::from_utf8_lossy(line);
        let names: Vec<&str> = text.split(delimiter as char).collect();
        let values = |name: &&str| Column::from_name(name) == Some(Column::Value);
        names.iter().any(values)
            || !all_numbers(&names)
                && Wide::of(&names, delimiter).is_some_and(|wide| wide.workers() > 1)
    })
}

/// The layout, and whether the line is no header but the first row. The header of such a table may
/// stand in the comment before it, as `numpy.savetxt` writes it.
pub(super) fn read(
    line: &[u8],
    comment: &[u8],
    delimiter: u8,
    file: &str,
) -> Result<(Layout, bool), CaptureError> {
    let delimiter = if memchr::memchr(delimiter, line).is_none() && line.contains(&b';') {
        b';'
    } else {
        delimiter
    };
    let text = String::from_utf8_lossy(line);
    let names: Vec<&str> = text.split(delimiter as char).collect();
    let has_values = |name: &&str| Column::from_name(name) == Some(Column::Value);
    if !names.iter().any(has_values)
        && let Some(wide) = Wide::of(&names, delimiter)
    {
        return match wide.repeated() {
            Some(at) => Err(bad_columns(
                file,
                format!("two columns like `{}`", shorten(names[at].as_bytes())),
            )),
            None => Ok((Layout::Wide(wide), false)),
        };
    }
    if all_numbers(&names) {
        if names.len() > 1 {
            let fields = |line: &[u8]| memchr::memchr_iter(delimiter, line).count();
            if sniff(comment) == Some(delimiter) && fields(comment) == fields(line) {
                let (layout, _) = read(comment, b"", delimiter, file)?;
                return Ok((layout, true));
            }
            return Err(bad_columns(
                file,
                format!("{} columns without a header", names.len()),
            ));
        }
        let header = Header {
            delimiter,
            columns: vec![Column::Value],
            value: 0,
            labels: Vec::new(),
        };
        return Ok((Layout::Long(header), true));
    }
    // One field that no column is called may well be the first value.
    if let [name] = names[..]
        && Column::from_name(name).is_none()
    {
        return Err(bad_columns(
            file,
            format!(
                "the first line, `{}`, is neither a number nor the name of a column",
                shorten(name.as_bytes())
            ),
        ));
    }
    let columns = named(&names, file)?;
    let value = columns.iter().position(|&column| column == Column::Value);
    let value = value
        .ok_or_else(|| bad_columns(file, format!("no column `value` among {}", shorten(line))))?;
    let mut labels: Vec<usize> = (0..columns.len())
        .filter(|&at| columns[at].label().is_some())
        .collect();
    labels.sort_by_key(|&at| columns[at]);
    let header = Header {
        delimiter,
        columns,
        value,
        labels,
    };
    Ok((Layout::Long(header), false))
}

fn all_numbers(names: &[&str]) -> bool {
    names
        .iter()
        .all(|name| number::parse(name.trim().as_bytes()).is_some())
}

fn named(names: &[&str], file: &str) -> Result<Vec<Column>, CaptureError> {
    let problem = |problem: String| bad_columns(file, problem);
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
