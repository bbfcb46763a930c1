//! The smallest sharing that a clean verdict excludes.

use super::{
    common,
    information::{LONGEST, information},
    numbers::Numbers,
};
use crate::results::Excluded;

/// Streams whose information is looked at.
const STREAMS: usize = 64;

/// What these streams could have shown, of the stream that tells least.
pub(super) fn excluded(numbers: &Numbers, rows: usize, need: f64, suspect: f64) -> Excluded {
    let step = numbers.streams.len().div_ceil(STREAMS).max(1);
    let told =
        |ids: &[u32], rows: usize| information(ids, &numbers.numbers(ids), rows).bits_or_nothing();
    let mut told_of: Vec<(f64, usize)> = (0..numbers.streams.len())
        .step_by(step)
        .map(|at| (told(&numbers.streams[at].ids, 1), at))
        .collect();
    told_of.sort_by(|x, y| x.0.total_cmp(&y.0));
    let Some(&(plain, at)) = told_of.first() else {
        return Excluded {
            all_equal: 0.0,
            equal_pair: 0.0,
            run: None,
            suspected_run: None,
            values: 0,
            of: 0,
        };
    };
    // What is told to all streams tells nothing of two that are equal.
    let stream = &numbers.streams[at];
    let runs: Vec<u32> = (0..numbers.runs).collect();
    let ids: Vec<u32> = common::own_places(numbers, &runs, 0, stream.ids.len().min(LONGEST))
        .map(|place| stream.ids[place])
        .collect();
    let widest = numbers.by_run().iter().map(Vec::len).max().unwrap_or(0) as f64;
    let streams = numbers.streams.len() as f64;
    let paid = 2.0 * (numbers.total().max(1) as f64).log2() + 1.0;
    let shortest = |rows: usize, bits: f64| {
        let enough = |length: usize| told(&ids[..length], rows) - paid >= bits;
        if !enough(ids.len()) {
            return None;
        }
        let (mut less, mut most) = (0, ids.len());
        while most - less > 1 {
            let half = (less + most) / 2;
            if enough(half) {
                most = half
            } else {
                less = half
            }
        }
        Some(most as u64)
    };
    // Which two are equal, once for all places and, under laws of each place's own, at each.
    let pairs = (streams * (streams - 1.0) / 2.0).max(1.0).log2();
    let dealt = ids.len() as f64 * pairs / rows as f64 - (rows as f64).log2();
    let lengths = numbers.streams.iter().map(|stream| stream.ids.len());
    let longest = lengths.max().unwrap_or(0) as u64;
    Excluded {
        all_equal: (widest - 1.0).max(0.0) * plain,
        equal_pair: told(&ids, rows).min(dealt) - pairs,
        run: shortest(rows, need),
        suspected_run: shortest(1, suspect),
        values: longest,
        of: longest,
    }
}
