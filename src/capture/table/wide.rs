//! Tables in which every column is a worker: `w0,w1,w2`, `rank 0,rank 1`, `fold0 … fold9`, or plain
//! numbers.

use super::header::labelled;
use crate::capture::{
    at::At,
    error::CaptureError,
    fields::Fields,
    identity::{Identity, Part},
    lines::trim,
    names::{self, Claim, Column},
    notation::Notation,
    number::Number,
    rows::Rows,
};

/// From so many columns on, a line `0,1,2` is a header; shorter ones may be values.
const FEWEST_NUMBERED: usize = 3;

/// Names of first columns that count rows in such a table, though they are labels elsewhere.
const ROUNDS: [&str; 4] = ["epoch", "trial", "sample", "episode"];

/// Which columns of a table are workers.
#[derive(Debug)]
pub(super) struct WideColumns {
    /// The columns before the first worker's.
    before: Vec<Column>,
    /// What each worker's column adds to the identity.
    workers: Vec<Identity>,
    /// Whether words name them, and not numbers alone.
    named: bool,
}

impl WideColumns {
    /// The columns, if all names behind counts and labels are those of workers.
    pub fn of(names: &[&str]) -> Option<Self> {
        let before: Vec<Column> = names.iter().map_while(|name| beside(name)).collect();
        let of_workers = &names[before.len()..];
        let has_worker = before
            .iter()
            .any(|column| !matches!(column, Column::Run | Column::Seed | Column::Ignored));
        let workers = known(of_workers, before.is_empty())
            // Numbered columns beside a worker's label may be what each of them drew.
            .or_else(|| if has_worker { None } else { stems(of_workers) })?;
        let named = of_workers
            .iter()
            .all(|name| name.contains(char::is_alphabetic));
        (workers.len() > 1 || !of_workers[0].trim().is_empty()).then_some(Self {
            before,
            workers,
            named,
        })
    }

    /// The columns behind counts and labels as workers, whatever their names are: an option says so.
    pub fn stated(names: &[&str]) -> Option<Self> {
        let before: Vec<Column> = names.iter().map_while(|name| beside(name)).collect();
        let worker = |at| Identity::default().with_task(Part::Number(at));
        let workers: Vec<Identity> = (0..(names.len() - before.len()) as u64)
            .map(worker)
            .collect();
        (workers.len() > 1).then_some(Self {
            before,
            workers,
            named: true,
        })
    }

    /// The position of the first worker's column.
    pub fn first(&self) -> usize {
        self.before.len()
    }

    /// Whether a line of these names is surely a header: one worker's column alone may be anything.
    pub fn is_header(&self) -> bool {
        self.workers.len() > 1
    }

    /// The position of a column that says what another one before it says.
    pub fn repeated(&self) -> Option<usize> {
        let mut seen = std::collections::HashSet::new();
        let at = self
            .workers
            .iter()
            .position(|worker| !seen.insert(worker))?;
        Some(self.before.len() + at)
    }
}

/// Columns named by words for workers: the same words in all.
fn known(names: &[&str], first: bool) -> Option<Vec<Identity>> {
    let columns: Vec<(Vec<String>, Identity)> = names
        .iter()
        .map(|name| names::numbered(name))
        .collect::<Option<_>>()?;
    let (words, identity) = columns.first()?;
    if columns.iter().any(|(others, _)| others != words)
        || identity.task.is_empty() && identity.run.is_empty()
        || words.is_empty() && first && !counts_up(&columns)
    {
        return None;
    }
    Some(columns.into_iter().map(|(_, identity)| identity).collect())
}

/// Columns of one name with a running number behind it, from 0 or 1.
fn stems(names: &[&str]) -> Option<Vec<Identity>> {
    let stems: Vec<(&str, u64)> = names
        .iter()
        .map(|name| names::stem(name))
        .collect::<Option<_>>()?;
    let (stem, first @ 0..=1) = *stems.first()? else {
        return None;
    };
    let runs_on = (first..)
        .zip(&stems)
        .all(|(number, found)| *found == (stem, number));
    let identity = |(_, number)| Identity::default().with_task(Part::Number(number));
    (runs_on && stems.len() > 1).then(|| stems.into_iter().map(identity).collect())
}

/// Reads rows of such a table.
#[derive(Debug)]
pub(in crate::capture) struct Wide {
    delimiter: u8,
    columns: WideColumns,
    /// Positions of label columns before the workers'.
    labels: Vec<usize>,
    /// The labels of the last row, and the stream of every column under them.
    key: Vec<u8>,
    streams: Vec<usize>,
    numbers: Vec<Number>,
    notation: Notation,
    /// The column in which a word may name what sums up the rows, and how many did.
    sums: Option<usize>,
    pub(super) summed: u64,
}

impl Wide {
    /// Whether the header says in words that its columns are workers: then they are, whatever stands in them.
    pub fn is_named(&self) -> bool {
        self.columns.named
    }

    pub(super) fn new(
        columns: WideColumns,
        delimiter: u8,
        notation: Notation,
        sums: Option<usize>,
    ) -> Self {
        let labels = (0..columns.before.len())
            .filter(|&at| columns.before[at].label().is_some())
            .collect();
        Self {
            delimiter,
            columns,
            labels,
            key: Vec::new(),
            streams: Vec::new(),
            numbers: Vec::new(),
            notation,
            sums,
            summed: 0,
        }
    }

    /// Whether rows carry no labels, so that the table may as well hold a row a worker.
    pub fn is_plain(&self) -> bool {
        self.labels.is_empty()
    }

    /// Reads one row: a value for every worker that has drawn so many.
    pub fn row(
        &mut self,
        line: &[u8],
        fields: &mut Fields,
        rows: &mut Rows,
        base: &Identity,
        at: At<'_>,
    ) -> Result<(), CaptureError> {
        let first = self.columns.before.len();
        let row = fields
            .take_apart(line, self.delimiter, first + self.columns.workers.len())
            .map_err(|problem| at.bad(problem))?;
        if self
            .sums
            .is_some_and(|at| names::is_summary(trim(row.field(at))))
        {
            self.summed += 1;
            return Ok(());
        }
        // Numbers first: a line that is none, such as a message, leaves no trace.
        self.numbers.clear();
        for column in 0..self.columns.workers.len() {
            let text = row.field(first + column);
            self.numbers.push(at.number(self.notation, text)?);
        }
        let mut key = Vec::new();
        row.key(&self.labels, self.delimiter, &mut key);
        if self.streams.is_empty() || key != self.key {
            if let Some(empty) = row.first_empty(&self.labels) {
                return Err(at.bad(format!("no label in column {}", empty + 1)));
            }
            let identity = labelled(&row, &self.labels, &self.columns.before, base);
            self.streams.clear();
            for (column, worker) in self.columns.workers.iter().enumerate() {
                let mut whose = key.clone();
                whose.extend(column.to_le_bytes());
                self.streams.push(rows.stream(&whose, || {
                    let mut identity = identity.clone();
                    identity.run.extend(worker.run.iter().cloned());
                    identity.task.extend(worker.task.iter().cloned());
                    identity
                }));
            }
            self.key = key;
        }
        for (&stream, &number) in self.streams.iter().zip(&self.numbers) {
            rows.push(stream, number)
                .map_err(|problem| at.bad(problem))?;
        }
        Ok(())
    }
}

/// What a column before those of workers says.
fn beside(name: &str) -> Option<Column> {
    if names::numbered(name).is_some() && !name.trim().is_empty() {
        return None;
    }
    if ROUNDS.contains(&names::plain(name).as_str()) {
        return Some(Column::Ignored);
    }
    match names::claim(name) {
        Claim::Is(column) if column != Column::Value => Some(column),
        Claim::Perhaps(column) => Some(column),
        _ => None,
    }
}

/// Whether columns are numbered from 0 or 1 without a gap, and are enough to be no values.
fn counts_up(columns: &[(Vec<String>, Identity)]) -> bool {
    let number = |identity: &Identity| match identity.task.as_slice() {
        [Part::Number(number)] => Some(*number),
        _ => None,
    };
    let Some(first @ 0..=1) = columns.first().and_then(|(_, first)| number(first)) else {
        return false;
    };
    columns.len() >= FEWEST_NUMBERED
        && (first..)
            .zip(columns)
            .all(|(expected, (_, identity))| number(identity) == Some(expected))
}
