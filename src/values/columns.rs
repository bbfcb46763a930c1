//! Columns of a table by themselves: a program that draws column after column shifts each by a lag of its own, and a
//! column may be shared where the others are not. Row by row no run of values is the same then.
//!
//! Equal columns and runs of one in another tell what [`whole`](super::whole) and [`stretches`](super::stretches) say
//! of them, less log2 of the number of columns; suspect, since a column may be a setting that two workers are given.

use super::{
    numbers::{Numbers, Sequence},
    stretches, whole,
};
use crate::results::SUSPECT;

/// Columns that are looked at.
const COLUMNS: usize = 32;

/// What streams share in one column.
pub(super) struct InColumn {
    /// Which column, from 0.
    pub column: usize,
    /// Values in a row.
    pub values: usize,
    /// The streams that share them.
    pub streams: Vec<usize>,
    /// Bits, if rows of values were drawn one by one.
    pub bits: f64,
}

/// One column of so many, with its own values only.
pub(super) fn column(numbers: &Numbers, column: usize, of: usize) -> Numbers {
    if of < 2 {
        return numbers.clone();
    }
    let own = |stream: &Sequence| -> Vec<u32> {
        let ids = stream.ids.iter().skip(column).step_by(of);
        ids.copied().collect()
    };
    let ids: Vec<Vec<u32>> = numbers.streams.iter().map(own).collect();
    let mut used = ids.concat();
    used.sort_unstable();
    used.dedup();
    let place = |id: &u32| used.partition_point(|other| other < id) as u32;
    let streams = numbers.streams.iter().zip(&ids);
    let streams = streams.map(|(stream, ids)| Sequence {
        ids: ids.iter().map(place).collect(),
        ..stream.clone()
    });
    Numbers {
        streams: streams.collect(),
        values: numbers.numbers(&used),
        runs: numbers.runs,
    }
}

/// The column in which streams share most.
pub(super) fn shared(numbers: &Numbers, columns: usize, rows: usize) -> Option<InColumn> {
    let has_columns = columns > 1 && numbers.aligned() >= columns;
    let looked_at = (0..columns.min(COLUMNS)).filter(|_| has_columns);
    let found = looked_at.filter_map(|at| {
        let found = in_column(&column(numbers, at, columns), rows)?;
        Some(InColumn {
            column: at,
            bits: found.bits - (columns as f64).log2(),
            ..found
        })
    });
    found.max_by(|x, y| x.bits.total_cmp(&y.bits))
}

fn in_column(numbers: &Numbers, rows: usize) -> Option<InColumn> {
    // What all streams have is told to them.
    let equal = whole::equal(numbers, rows).filter(|whole| !whole.all);
    let equal = equal.map(|whole| {
        let streams = whole.streams();
        InColumn {
            column: 0,
            values: numbers.streams[streams[0]].ids.len(),
            streams,
            bits: whole.plain,
        }
    });
    let mut runs = stretches::shared(numbers, rows, SUSPECT);
    runs.retain(|run| !run.affine && !stretches::is_input(run, numbers));
    let strongest = runs.iter().max_by(|x, y| x.plain.total_cmp(&y.plain));
    let run = strongest.map(|strongest| {
        let mut streams: Vec<usize> = runs.iter().flat_map(|run| [run.a.0, run.b.0]).collect();
        streams.sort_unstable();
        streams.dedup();
        InColumn {
            column: 0,
            values: strongest.values,
            streams,
            bits: strongest.plain,
        }
    });
    let found = equal.into_iter().chain(run);
    found.max_by(|x, y| x.bits.total_cmp(&y.bits))
}
