//! The first rows of a table, which tell what its columns hold.

use std::collections::{HashMap, HashSet};

use crate::capture::{
    fields::{Fields, SETTINGS},
    marks, names,
    notation::Notation,
    number,
};

/// A column in which fewer than one of so many values is smaller than the one before it only rises.
const MOST_RISES: usize = 10;

/// The cells of the first rows that have a field for every name.
#[derive(Debug, Default)]
pub(in crate::capture) struct Sample {
    rows: Vec<Vec<String>>,
}

impl Sample {
    /// The fields of some lines.
    pub fn of(lines: &[&[u8]], delimiter: u8, columns: usize) -> Self {
        let rows = lines
            .iter()
            .map(|line| split(line, delimiter))
            .filter(|fields| fields.len() == columns)
            .collect();
        Self { rows }
    }

    /// The values of lines of settings with these names.
    pub fn of_settings(lines: &[&[u8]], names: &[String]) -> Self {
        let mut fields = Fields::of_settings(names);
        let rows = lines
            .iter()
            .filter_map(|line| {
                let row = fields.take_apart(line, SETTINGS, names.len()).ok()?;
                let text = |at| String::from_utf8_lossy(row.field(at)).into_owned();
                Some((0..row.len()).map(text).collect())
            })
            .collect();
        Self { rows }
    }

    /// Cells that were taken apart elsewhere, a list a row.
    pub fn of_cells(rows: Vec<Vec<String>>) -> Self {
        Self { rows }
    }

    /// What stands in a column.
    pub fn cells(&self, column: usize) -> impl Iterator<Item = &[u8]> + Clone {
        self.rows
            .iter()
            .map(move |row| row[column].trim().as_bytes())
    }

    /// Why a column whose name says nothing holds no draws, if so: it never changes in `enough` rows or
    /// more, counts them, or holds something else than numbers.
    pub fn no_draws(&self, column: usize, enough: usize) -> Option<&'static str> {
        let filled: Vec<&[u8]> = self
            .cells(column)
            .filter(|cell| !number::is_missing(cell))
            .collect();
        if filled.is_empty() {
            return (!self.rows.is_empty()).then_some("empty");
        }
        let written = || {
            let notation = Notation::of_words(filled.iter().copied(), None);
            matches!(
                notation,
                Some(Notation::Written(_) | Notation::Either | Notation::Lists)
            )
        };
        if filled.iter().any(|cell| number::parse(cell).is_none()) && !written() {
            return Some("no numbers");
        }
        self.without_change(column, enough)
    }

    /// Whether a column counts on within the rows of equal labels.
    pub fn runs_on(&self, column: usize, labels: &[usize]) -> bool {
        let mut last: HashMap<Vec<&str>, u64> = HashMap::new();
        let (mut followed, mut counted) = (0, 0);
        for row in &self.rows {
            let key = labels.iter().map(|&at| row[at].as_str()).collect();
            let Some(number::Number::Unsigned(count)) =
                number::parse(row[column].trim().as_bytes())
            else {
                return false;
            };
            if let Some(before) = last.insert(key, count) {
                followed += 1;
                counted += usize::from(count >= before && count - before <= 1);
            }
        }
        counted == followed
    }

    /// Whether a column holds words that are no numbers.
    pub fn holds_words(&self, column: usize) -> bool {
        Notation::of_words(self.filled(column), None)
            .is_some_and(|notation| notation != Notation::Plain)
    }

    /// Whether a column holds times or dates.
    pub fn holds_times(&self, column: usize) -> bool {
        let mut cells = self.filled(column).peekable();
        cells.peek().is_some() && cells.all(marks::is_time)
    }

    fn filled(&self, column: usize) -> impl Iterator<Item = &[u8]> + Clone {
        self.cells(column).filter(|cell| !number::is_missing(cell))
    }

    /// Whether what stands in a column falls about as often as what is drawn does, within the rows of equal
    /// labels: clocks, counts and sorted labels rise.
    pub fn falls(&self, column: usize, labels: &[usize]) -> bool {
        let mut last: HashMap<Vec<&str>, &str> = HashMap::new();
        let (mut followed, mut fell) = (0, 0);
        for row in &self.rows {
            let key = labels.iter().map(|&at| row[at].as_str()).collect();
            let cell = row[column].trim();
            if let Some(before) = last.insert(key, cell) {
                followed += 1;
                fell += usize::from(is_less(cell, before));
            }
        }
        fell > 0 && MOST_RISES * fell >= followed
    }

    /// Whether at most one in ten of the things that stand in a column comes again.
    pub fn hardly_repeats(&self, column: usize) -> bool {
        let distinct: HashSet<&[u8]> = self.filled(column).collect();
        10 * distinct.len() >= 9 * self.filled(column).count()
    }

    /// Whether all that stands in a column, but for what sums up, is numbers.
    pub fn holds_numbers(&self, column: usize) -> bool {
        let mut cells = self
            .filled(column)
            .filter(|cell| !names::is_summary(cell))
            .peekable();
        cells.peek().is_some() && cells.all(|cell| number::parse(cell).is_some())
    }

    /// Whether several things stand in a column, each more than once.
    pub fn comes_again(&self, column: usize) -> bool {
        let distinct: HashSet<&[u8]> = self.filled(column).collect();
        distinct.len() > 1 && 2 * distinct.len() <= self.filled(column).count()
    }

    /// Whether no two rows have the same in some columns.
    pub fn are_unique(&self, columns: &[usize]) -> bool {
        let key = |row: &Vec<String>| {
            columns
                .iter()
                .map(|&at| row[at].clone())
                .collect::<Vec<_>>()
        };
        let distinct: HashSet<Vec<String>> = self.rows.iter().map(key).collect();
        distinct.len() == self.rows.len()
    }

    /// How many rows each thing in a column stands for, where few names or whole numbers come again and again in one
    /// order, each for as many rows; the last rows may be cut off.
    pub fn regular(&self, column: usize) -> Option<usize> {
        const FEWEST_ROWS: usize = 12;
        const FEWEST_EACH: usize = 3;
        let cells: Vec<&[u8]> = self.cells(column).collect();
        let is_name = |cell: &&[u8]| {
            !number::is_missing(cell)
                && matches!(
                    number::parse(cell),
                    None | Some(number::Number::Unsigned(_))
                )
        };
        if cells.len() < FEWEST_ROWS || !cells.iter().all(is_name) {
            return None;
        }
        let blocks: Vec<&[&[u8]]> = cells.chunk_by(|a, b| a == b).collect();
        let length = blocks[0].len();
        let (last, before) = blocks.split_last()?;
        let even = before.iter().all(|block| block.len() == length) && last.len() <= length;
        let period = blocks[1..]
            .iter()
            .position(|block| block[0] == blocks[0][0])
            .map_or(blocks.len(), |at| at + 1);
        let again = (0..blocks.len()).all(|at| blocks[at][0] == blocks[at % period][0]);
        let distinct: HashSet<&[u8]> = blocks[..period].iter().map(|block| block[0]).collect();
        let fits = even && again && period > 1 && distinct.len() == period;
        (fits && cells.len() >= FEWEST_EACH * period).then_some(length)
    }

    /// Whether all that stands in a column does so equally often, but for the last rows.
    pub fn is_even(&self, column: usize) -> bool {
        let mut counts: HashMap<&[u8], usize> = HashMap::new();
        self.cells(column)
            .for_each(|cell| *counts.entry(cell).or_default() += 1);
        let (least, most) = (counts.values().min(), counts.values().max());
        least
            .zip(most)
            .is_some_and(|(least, most)| most - least <= 1)
    }

    pub fn without_change(&self, column: usize, enough: usize) -> Option<&'static str> {
        if self.rows.len() < enough {
            return None;
        }
        let cells: Vec<&[u8]> = self.cells(column).collect();
        if cells.iter().all(|cell| *cell == cells[0]) {
            return Some("it never changes");
        }
        let counts = |pair: &[&[u8]]| match (number::parse(pair[0]), number::parse(pair[1])) {
            (Some(number::Number::Unsigned(one)), Some(number::Number::Unsigned(next))) => {
                one.checked_add(1) == Some(next)
            }
            _ => false,
        };
        cells.windows(2).all(counts).then_some("it counts the rows")
    }
}

/// Whether a cell stands before another in order: as numbers where both are, as text otherwise.
fn is_less(one: &str, other: &str) -> bool {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one < other,
        _ => one < other,
    }
}

/// The fields of a line; of one whose quotes do not pair, none.
pub(in crate::capture) fn split(line: &[u8], delimiter: u8) -> Vec<String> {
    let mut fields = Fields::default();
    fields
        .of_line(line, delimiter)
        .map(|row| {
            (0..row.len())
                .map(|at| String::from_utf8_lossy(row.field(at)).trim().to_owned())
                .collect()
        })
        .unwrap_or_default()
}
