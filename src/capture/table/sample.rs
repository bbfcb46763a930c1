//! The first rows of a table, which tell what its columns hold.

use std::collections::HashMap;

use crate::capture::{
    fields::{Fields, SETTINGS},
    notation::Notation,
    number,
};

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
    pub fn cells(&self, column: usize) -> impl Iterator<Item = &[u8]> {
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
            let notation = Notation::of(filled.iter().copied(), None);
            matches!(notation, Notation::Written(_) | Notation::Either)
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

    fn without_change(&self, column: usize, enough: usize) -> Option<&'static str> {
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
