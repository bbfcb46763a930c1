//! The first line of a table: which column says what.

use super::{
    Sample, bad_columns,
    wide::{Wide, WideColumns},
};
use crate::capture::{
    Axis, Comma, Reading,
    counters::{self, Labelled},
    error::CaptureError,
    fields::{FieldRow, SETTINGS},
    lines::trim,
    names::{self, Claim, Column},
    notation::Notation,
    rows::Rows,
    tree::Identity,
    words::shorten,
};

/// Rows from which a column that never changes is no draw.
const CONSTANT_ROWS: usize = 8;

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

/// The roles of columns, and what was left out.
pub(in crate::capture) struct Roles {
    pub columns: Vec<Column>,
    pub notes: Vec<String>,
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
            let cells = (wide.first()..self.names.len()).flat_map(|at| self.sample.cells(at));
            let notation = match Notation::of(cells, comma) {
                written @ Notation::Written(_) => written,
                Notation::Either => return Err(self.ambiguous(wide.first()..self.names.len())),
                _ => Notation::Plain,
            };
            return Ok((
                TableLayout::Wide(Wide::new(wide, delimiter, notation)),
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
        let notations: Vec<Notation> = values
            .iter()
            .map(|&at| Notation::of(self.sample.cells(at), comma))
            .collect();
        if notations.contains(&Notation::Either) {
            return Err(self.ambiguous(values.iter().copied()));
        }
        let header = Header {
            delimiter,
            columns,
            values,
            notations,
            names: labels.iter().map(|&at| self.names[at].clone()).collect(),
            labels,
        };
        Ok((TableLayout::Long(header), notes))
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

    /// What every column is.
    pub fn roles(&self) -> Result<Roles, CaptureError> {
        let reading = self.reading;
        let claims: Vec<Claim> = self.names.iter().map(|name| names::claim(name)).collect();
        let mut columns: Vec<Option<Column>> = claims
            .iter()
            .map(|claim| match claim {
                Claim::Is(column) => Some(*column),
                _ => None,
            })
            .collect();
        if !reading.by.is_empty() {
            for column in &mut columns {
                if column.is_some_and(|column| column.label().is_some() && !is_run(column)) {
                    *column = Some(Column::Ignored);
                }
            }
            for name in &reading.by {
                columns[self.position("--by", name)?] = Some(Column::Worker);
            }
        }
        if let Some(name) = &reading.run_by {
            for column in &mut columns {
                if column.is_some_and(is_run) {
                    *column = Some(Column::Ignored);
                }
            }
            columns[self.position("--run-by", name)?] = Some(Column::Run);
        }
        let is_worker = |column: &Option<Column>| {
            column.is_some_and(|column| column.label().is_some() && !is_run(column))
        };
        let labelled = columns.iter().any(is_worker);
        let mut repeats = Vec::new();
        for (at, (column, claim)) in columns.iter_mut().zip(&claims).enumerate() {
            if let (None, Claim::Perhaps(label)) = (&column, claim) {
                *column = Some(match (label, labelled) {
                    (Column::Run, false) => Column::Worker,
                    (Column::Run, true) if reading.run_by.is_none() => {
                        repeats.push(shorten(self.names[at].trim().as_bytes()));
                        Column::Run
                    }
                    (label, false) => *label,
                    (_, true) => Column::Ignored,
                });
            }
        }
        let labelled = columns
            .iter()
            .any(|column| column.is_some_and(|column| column.label().is_some()));
        let mut notes = if reading.value.is_empty() {
            self.find_values(&mut columns, &claims, labelled)?
        } else {
            for column in &mut columns {
                if matches!(column, None | Some(Column::Value)) {
                    *column = Some(Column::Ignored);
                }
            }
            for name in &reading.value {
                columns[self.position("--value", name)?] = Some(Column::Value);
            }
            Vec::new()
        };
        let columns: Vec<Column> = columns
            .into_iter()
            .map(|column| column.unwrap_or(Column::Ignored))
            .collect();
        if !repeats.is_empty() {
            notes.push(format!(
                "read as what tells runs apart (--run-by names another column): {}",
                repeats.join(", ")
            ));
        }
        if !columns.contains(&Column::Value) {
            return Err(self.refused(self.without_values()));
        }
        Ok(Roles { columns, notes })
    }

    /// Decides which of the columns without a role hold values, and says which are left out.
    fn find_values(
        &self,
        columns: &mut [Option<Column>],
        claims: &[Claim],
        labelled: bool,
    ) -> Result<Vec<String>, CaptureError> {
        let mut values: Vec<usize> = Vec::new();
        let exact = |at: &usize| names::plain(&self.names[*at]) == "value";
        let named: Vec<usize> = (0..columns.len())
            .filter(|&at| columns[at] == Some(Column::Value))
            .collect();
        for &at in &named {
            // `number` and `word` beside `value` may be anything.
            if named.len() == 1 || exact(&at) {
                values.push(at);
            } else {
                columns[at] = None;
            }
        }
        if values.len() > 1 {
            let name = shorten(self.names[values[1]].as_bytes());
            return Err(self.refused(format!("two columns like `{name}`")));
        }
        let mut left_out: Vec<String> = Vec::new();
        let mut unknown = Vec::new();
        for at in 0..columns.len() {
            if columns[at].is_some() || claims[at] == Claim::Id {
                continue;
            }
            if let Some(why) = self.sample.no_draws(at, CONSTANT_ROWS) {
                left_out.push(format!("{} ({why})", shorten(self.names[at].as_bytes())));
            } else {
                unknown.push(at);
            }
        }
        if values.is_empty() && unknown.is_empty() {
            values = (0..columns.len())
                .filter(|&at| claims[at] == Claim::Id && columns[at].is_none())
                .collect();
            // Of spans with a trace each, the finer one is drawn anew for every row.
            if values.len() > 1 {
                return Err(self.refused(format!(
                    "several columns of identifiers; name the one that is drawn, as in --value {}",
                    self.names[values[0]].trim()
                )));
            }
        }
        if values.is_empty() && unknown.is_empty() {
            unknown = self.drawn_counts(columns);
        }
        if values.is_empty() && unknown.len() > 1 && !labelled && !self.own {
            let names: Vec<&str> = unknown.iter().map(|&at| self.names[at].trim()).collect();
            return Err(self.refused(format!(
                "nothing says who drew {}: --by COL names the column that does, --axis rows reads a column \
                 a worker, --value {} reads every row as the draws of one worker",
                names.join(", "),
                names.join(",")
            )));
        }
        values.extend(&unknown);
        values.sort_unstable();
        let mut notes = Vec::new();
        if !unknown.is_empty() {
            let names: Vec<String> = values
                .iter()
                .map(|&at| shorten(self.names[at].as_bytes()))
                .collect();
            notes.push(format!(
                "columns read as what each worker drew, row by row (--value names others): {}",
                names.join(", ")
            ));
        }
        for at in values {
            columns[at] = Some(Column::Value);
        }
        if !left_out.is_empty() {
            notes.push(format!(
                "columns that hold no draws were left out (--value names those that are read): {}",
                left_out.join(", ")
            ));
        }
        Ok(notes)
    }

    /// Columns whose names say that they count rows or tell the time, and that do neither.
    fn drawn_counts(&self, columns: &[Option<Column>]) -> Vec<usize> {
        let labels: Vec<usize> = (0..columns.len())
            .filter(|&at| columns[at].is_some_and(|column| column.label().is_some()))
            .collect();
        let drawn = |at: &usize| {
            columns[*at] == Some(Column::Ignored)
                && names::may_be_drawn(&self.names[*at])
                && self.sample.no_draws(*at, CONSTANT_ROWS).is_none()
                && !self.sample.runs_on(*at, &labels)
        };
        (0..columns.len()).filter(drawn).collect()
    }

    /// Why no column is read as draws.
    fn without_values(&self) -> String {
        let numeric: Vec<&str> = (0..self.names.len())
            .filter(|&at| self.sample.no_draws(at, usize::MAX).is_none())
            .map(|at| self.names[at].trim())
            .collect();
        match numeric.split_last() {
            Some((last, _)) => format!(
                "no column `value`, and those that hold numbers ({}) are named as labels and counts are; --value \
                 {last} reads that one",
                numeric.join(", ")
            ),
            None => {
                "no column `value`, and no other holds numbers; --value names those that are drawn"
                    .into()
            }
        }
    }

    /// An error for commas that could mean either.
    fn ambiguous(&self, mut columns: impl Iterator<Item = usize>) -> CaptureError {
        let word = columns.find_map(|at| self.sample.cells(at).find(|cell| cell.contains(&b',')));
        bad_columns(self.file, Notation::ambiguous(word.unwrap_or_default()))
    }

    /// Where the column of an option stands.
    fn position(&self, option: &str, wanted: &str) -> Result<usize, CaptureError> {
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

    fn refused(&self, problem: String) -> CaptureError {
        let names: Vec<String> = self
            .names
            .iter()
            .map(|name| shorten(name.trim().as_bytes()))
            .collect();
        bad_columns(
            self.file,
            format!("{problem}; its columns are {}", names.join(", ")),
        )
    }
}

fn is_run(column: Column) -> bool {
    matches!(column, Column::Run | Column::Seed)
}
