//! Tables in which every column is a worker: `w0,w1,w2`, `rank 0,rank 1`, or plain numbers.

use super::{
    At,
    header::{Column, labelled},
    trim,
};
use crate::capture::{
    error::CaptureError,
    fields::Fields,
    rows::Rows,
    tree::{Identity, Part, parts},
};

/// Words before the number of a column that say that it is one worker's. Numbered columns with other
/// names (`x1`, `col0`) may be the variables of one program.
const WORKERS: [&str; 35] = [
    "worker",
    "w",
    "rank",
    "thread",
    "t",
    "tid",
    "stream",
    "task",
    "chain",
    "walker",
    "proc",
    "process",
    "processor",
    "p",
    "pid",
    "gpu",
    "device",
    "node",
    "host",
    "job",
    "seed",
    "replica",
    "core",
    "cpu",
    "actor",
    "env",
    "agent",
    "sim",
    "simulation",
    "shard",
    "channel",
    "rng",
    "generator",
    "run",
    "launch",
];

/// First columns that count rows: they are left out.
const COUNTS: [&str; 20] = [
    "",
    "index",
    "idx",
    "step",
    "iter",
    "iteration",
    "time",
    "timestamp",
    "date",
    "datetime",
    "t",
    "i",
    "n",
    "draw",
    "epoch",
    "trial",
    "sample",
    "row",
    "episode",
    "tick",
];

/// From so many columns on, a line `0,1,2` is a header; shorter ones may be values.
const FEWEST_NUMBERED: usize = 3;

/// The columns of a wide table.
#[derive(Debug)]
pub(super) struct Wide {
    delimiter: u8,
    /// The columns before the first worker's.
    before: Vec<Column>,
    /// Positions of label columns among them.
    labels: Vec<usize>,
    /// What each worker's column adds to the identity.
    workers: Vec<Identity>,
    /// The labels of the last row, and the stream of every column under them.
    key: Vec<u8>,
    streams: Vec<usize>,
}

impl Wide {
    /// The columns, if all names are those of workers.
    pub fn of(names: &[&str], delimiter: u8) -> Option<Self> {
        let before: Vec<Column> = names.iter().map_while(|name| beside(name)).collect();
        let columns: Vec<(Vec<String>, Identity)> = names[before.len()..]
            .iter()
            .map(|name| worker(name))
            .collect::<Option<_>>()?;
        let (words, _) = columns.first()?;
        if columns.iter().any(|(others, _)| others != words) {
            return None;
        }
        if words.is_empty() && before.is_empty() && !counts_up(&columns) {
            return None;
        }
        let labels = (0..before.len())
            .filter(|&at| before[at].label().is_some())
            .collect();
        Some(Self {
            delimiter,
            before,
            labels,
            workers: columns.into_iter().map(|(_, identity)| identity).collect(),
            key: Vec::new(),
            streams: Vec::new(),
        })
    }

    /// How many columns are workers'.
    pub fn workers(&self) -> usize {
        self.workers.len()
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

    /// Reads one row: a value for every worker that has drawn so many.
    pub fn row(
        &mut self,
        line: &[u8],
        fields: &mut Fields,
        rows: &mut Rows,
        base: &Identity,
        at: At<'_>,
    ) -> Result<(), CaptureError> {
        let first = self.before.len();
        let row = fields
            .take_apart(line, self.delimiter, first + self.workers.len())
            .map_err(|problem| at.bad(problem))?;
        let mut key = Vec::new();
        row.key(&self.labels, self.delimiter, &mut key);
        if self.streams.is_empty() || key != self.key {
            if let Some(empty) = row.first_empty(&self.labels) {
                return Err(at.bad(format!("no label in column {}", empty + 1)));
            }
            let identity = labelled(&row, &self.labels, &self.before, base);
            self.streams.clear();
            for (column, worker) in self.workers.iter().enumerate() {
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
        for (column, &stream) in self.streams.iter().enumerate() {
            let text = row.field(first + column);
            if trim(text).is_empty() {
                rows.skip(stream);
            } else {
                at.push(rows, stream, text)?;
            }
        }
        Ok(())
    }
}

/// What a column before those of workers says.
fn beside(name: &str) -> Option<Column> {
    let name = bare(name).to_ascii_lowercase();
    if COUNTS.contains(&name.as_str()) || name.starts_with("unnamed") {
        return Some(Column::Ignored);
    }
    Column::from_name(&name).filter(|&column| column != Column::Value)
}

fn bare(name: &str) -> &str {
    name.trim().trim_matches('"').trim()
}

/// The words in a column's name and the identity that its numbers make, if it is a worker's.
pub(super) fn worker(name: &str) -> Option<(Vec<String>, Identity)> {
    let mut pieces = Vec::new();
    parts(bare(name).trim_end_matches([']', ')']), &mut pieces);
    if pieces.is_empty() {
        return None;
    }
    let mut identity = Identity::default();
    let mut words = Vec::new();
    let plain = matches!(pieces.as_slice(), [Part::Number(_)]);
    let mut pieces = pieces.into_iter();
    while let Some(piece) = pieces.next() {
        let number = match piece {
            Part::Number(_) if plain => piece,
            Part::Number(_) => return None,
            Part::Text(text) => {
                words.push(last_word(&text).filter(|word| WORKERS.contains(&word.as_str()))?);
                pieces.next()?
            }
        };
        match words.last().map(String::as_str) {
            Some("run" | "launch") => identity.run.push(number),
            _ => identity.task.push(number),
        }
    }
    Some((words, identity))
}

/// The last word of a text, in lower case; separators behind it say nothing.
fn last_word(text: &str) -> Option<String> {
    let word = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = word
        .char_indices()
        .rfind(|(_, c)| !c.is_ascii_alphabetic())
        .map_or(0, |(at, c)| at + c.len_utf8());
    (start < word.len()).then(|| word[start..].to_ascii_lowercase())
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
