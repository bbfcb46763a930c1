//! The first line of a table: which column says what.

use super::{
    Sample, bad_columns,
    roles::Roles,
    wide::{Wide, WideColumns},
};
use crate::capture::{
    Axis, Comma, Reading,
    counters::{self, Labelled},
    error::CaptureError,
    fields::{FieldRow, SETTINGS},
    identity::{Identity, Label},
    lines::trim,
    names::{self, Claim, Column},
    notation::Notation,
    rows::Rows,
    tokens::Token,
    words::shorten,
};

/// The columns of a table, by position.
#[derive(Debug)]
pub(in crate::capture) struct Header {
    pub delimiter: u8,
    pub columns: Vec<Column>,
    /// Positions of the columns that hold values.
    pub values: Vec<usize>,
    /// How the words in each of them are written.
    pub notations: Vec<Notation>,
    /// Positions of label columns in the order of [`Column`].
    pub labels: Vec<usize>,
    /// What these are called.
    pub names: Vec<String>,
    /// The column in which a word stands for what sums up the rows above: all others in it are numbers.
    pub sums: Option<usize>,
}

impl Header {
    /// A row in two: what stands before the value with its delimiter, and the value; where one value a
    /// row is the last column.
    pub fn split_last<'a>(&self, row: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let plain = !matches!(self.delimiter, b' ' | b'|' | SETTINGS);
        if self.values != [self.columns.len() - 1] || !plain {
            return None;
        }
        memchr::memrchr(self.delimiter, row).map(|at| row.split_at(at + 1))
    }

    /// Whether rows hold lists, and no column says which worker drew them.
    pub fn has_own_rows(&self) -> bool {
        let whose = |&at: &usize| self.columns[at].label() == Some(Label::Task);
        self.notations.contains(&Notation::Lists) && !self.labels.iter().any(whose)
    }

    /// Joins the streams that differ in a label which counts rows.
    pub fn join_counted(&self, rows: &mut Rows, base: &Identity) {
        let labels = self.labels.iter().zip(&self.names);
        let labels: Vec<Labelled<'_>> = labels
            .map(|(&at, name)| Labelled {
                column: self.columns[at],
                name,
            })
            .collect();
        counters::join(rows, base, &labels, |key| {
            let key = key.strip_suffix(&[self.delimiter]).unwrap_or(key);
            let texts = key.split(|byte| *byte == self.delimiter);
            texts
                .map(|text| String::from_utf8_lossy(trim(text)).into_owned())
                .collect()
        });
    }

    /// Whose value a row holds.
    pub fn identity(&self, row: &FieldRow<'_>, base: &Identity) -> Identity {
        labelled(row, &self.labels, &self.columns, base)
    }
}

/// What the label columns of a row add to an identity.
pub(super) fn labelled(
    row: &FieldRow<'_>,
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
pub(in crate::capture) enum TableLayout {
    /// A row a draw of one worker, told apart by labels.
    Long(Header),
    /// A column a worker.
    Wide(Wide),
}

/// What the columns of a table are, from their names and the first rows.
pub(in crate::capture) struct Columns<'a> {
    pub file: &'a str,
    pub names: &'a [String],
    pub sample: &'a Sample,
    pub reading: &'a Reading,
    /// Whether the file holds the draws of one worker.
    pub own: bool,
}

impl Columns<'_> {
    /// The layout of the table, with what is to be known of it.
    ///
    /// # Errors
    /// When the columns do not say which of them are draws, or who drew them.
    pub fn layout(&self, delimiter: u8) -> Result<(TableLayout, Vec<String>), CaptureError> {
        // Who separates fields by commas has another decimal point.
        let by_commas = (delimiter == b',').then_some(Comma::Thousands);
        let comma = self.reading.comma.or(by_commas);
        let named = !self.reading.by.is_empty() || !self.reading.value.is_empty();
        if !named && let Some(wide) = self.wide()? {
            let wide_before = wide.first();
            let cells = (wide.first()..self.names.len()).flat_map(|at| self.sample.cells(at));
            let notation = match Notation::of_words(cells, comma) {
                Some(Notation::Either) => {
                    return Err(self.ambiguous(wide.first()..self.names.len()));
                }
                notation => notation.unwrap_or(Notation::Plain),
            };
            return Ok((
                TableLayout::Wide(Wide::new(
                    wide,
                    delimiter,
                    notation,
                    (wide_before > 0).then_some(0),
                )),
                Vec::new(),
            ));
        }
        let Roles { columns, notes } = self.roles()?;
        let values: Vec<usize> = (0..columns.len())
            .filter(|&at| columns[at] == Column::Value)
            .collect();
        let mut labels: Vec<usize> = (0..columns.len())
            .filter(|&at| columns[at].label().is_some())
            .collect();
        labels.sort_by_key(|&at| columns[at]);
        let notations = self.notations(&values, comma);
        if notations.contains(&Notation::Either) {
            return Err(self.ambiguous(values.iter().copied()));
        }
        let header = Header {
            delimiter,
            sums: self.sums(&columns),
            columns,
            values,
            notations,
            names: labels.iter().map(|&at| self.names[at].clone()).collect(),
            labels,
        };
        Ok((TableLayout::Long(header), notes))
    }

    /// The first column that is no value and holds numbers, where words may sum up rows.
    fn sums(&self, columns: &[Column]) -> Option<usize> {
        (0..columns.len()).find(|&at| columns[at] != Column::Value && self.sample.holds_numbers(at))
    }

    /// How the words in some columns are written. Numbers beside words are compared as words are.
    pub fn notations(&self, columns: &[usize], comma: Option<Comma>) -> Vec<Notation> {
        let of = |&at: &usize| {
            Notation::of_words(self.sample.cells(at), comma).unwrap_or(Notation::Plain)
        };
        let mut notations: Vec<Notation> = columns.iter().map(of).collect();
        if notations.iter().any(|notation| notation.is_words()) {
            notations.fill(Notation::Token(Token::Opaque));
        }
        notations
    }

    /// The columns of workers, if every column but counts and labels before them is one.
    fn wide(&self) -> Result<Option<WideColumns>, CaptureError> {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let claims = |name: &&str| names::claim(name) == Claim::Is(Column::Value);
        if names.iter().any(claims) {
            return Ok(None);
        }
        let stated = || match self.reading.axis {
            Some(Axis::Rows) => WideColumns::stated(&names),
            _ => None,
        };
        let Some(wide) = WideColumns::of(&names).or_else(stated) else {
            return Ok(None);
        };
        match wide.repeated() {
            Some(at) => Err(self.refused(format!(
                "two columns like `{}`",
                shorten(names[at].as_bytes())
            ))),
            None => Ok(Some(wide)),
        }
    }

    /// An error for commas that could mean either.
    fn ambiguous(&self, mut columns: impl Iterator<Item = usize>) -> CaptureError {
        let word = columns.find_map(|at| self.sample.cells(at).find(|cell| cell.contains(&b',')));
        bad_columns(self.file, Notation::ambiguous(word.unwrap_or_default()))
    }

    /// Where the column of an option stands.
    pub(super) fn position(&self, option: &str, wanted: &str) -> Result<usize, CaptureError> {
        let bare = |name: &str| name.trim().trim_matches('"').trim().to_owned();
        let exact = self.names.iter().position(|name| bare(name) == wanted);
        let alike = || {
            let mut found = (0..self.names.len())
                .filter(|&at| bare(&self.names[at]).eq_ignore_ascii_case(wanted));
            found.next()
        };
        exact
            .or_else(alike)
            .ok_or_else(|| self.refused(format!("{option}: no column is called `{wanted}`")))
    }

    pub(super) fn refused(&self, problem: String) -> CaptureError {
        let all: Vec<usize> = (0..self.names.len()).collect();
        bad_columns(
            self.file,
            format!("{problem}; its columns are {}", self.named(&all)),
        )
    }
}
