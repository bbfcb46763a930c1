//! First values that are equal within runs and not between, or in an order of index.

use super::Rate;
use crate::values::{
    exchange,
    numbers::{Numbers, classes_of, groups_of},
};

/// How many first values are looked at.
const LENGTHS: [usize; 4] = [1, 2, 4, 8];

/// The strongest pattern in the first values that differ between any streams.
pub(in crate::values) fn starts(numbers: &Numbers) -> Option<Rate> {
    let run: Vec<u32> = numbers.streams.iter().map(|stream| stream.run).collect();
    let at = |place: usize| numbers.streams.iter().map(move |stream| stream.ids[place]);
    let differs = |place: &usize| at(*place).any(|id| id != numbers.streams[0].ids[*place]);
    let live: Vec<usize> = (0..numbers.aligned().min(64))
        .filter(differs)
        .take(8)
        .collect();
    let paid = (LENGTHS.len() as f64).log2() + 1.0;
    let lengths = LENGTHS.into_iter().filter(|&length| length <= live.len());
    let rates = lengths.filter_map(|length| {
        let key = |stream: usize| -> Vec<u32> {
            live[..length]
                .iter()
                .map(|&place| numbers.streams[stream].ids[place])
                .collect()
        };
        let classes = classes_of((0..run.len()).map(key));
        let bits = exchange::within_runs(&classes, &run).max(exchange::by_index(&classes, &run));
        Some(Rate {
            bits: bits - paid,
            streams: groups_of(&classes).into_iter().next()?,
            values: length as u64,
            of: numbers.aligned() as u64,
            pairs: 1,
        })
    });
    rates.max_by(|x, y| x.bits.total_cmp(&y.bits))
}
