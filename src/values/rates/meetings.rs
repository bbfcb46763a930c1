//! Values that exactly two streams hold, at any places: which pairs have them.
//!
//! A likelihood ratio of few pairs that hold nearly all of them against all pairs alike, with a price for
//! which pairs. Nothing is said where near misses are as frequent as meetings: there values meet by chance.

use std::collections::HashMap;

use statrs::function::factorial::ln_binomial;

use super::Rate;
use crate::values::numbers::Numbers;

/// Streams up to which pairs are looked at.
const STREAMS: usize = 512;
/// Guilty pairs that are tried.
const PAIRS: usize = 256;
/// Grid steps up to which two values nearly meet.
pub(super) const NEAR: f64 = 8.5;
/// Decimal places that are looked for.
const DECIMALS: i32 = 9;

/// The least step between values: one, a power of ten, or what a double tells.
pub(super) fn resolution(values: &[f64]) -> f64 {
    let largest = values.iter().fold(1.0f64, |most, x| most.max(x.abs()));
    let on_grid = |places: &i32| {
        let factor = 10f64.powi(*places);
        values
            .iter()
            .all(|x| (x * factor - (x * factor).round()).abs() < 1e-12 * largest * factor)
    };
    match (0..=DECIMALS).find(on_grid) {
        Some(places) => 10f64.powi(-places),
        None => 4.0 * largest * f64::EPSILON,
    }
}

/// Whether values, ascending, nearly meet as readily as so many have met: then they met by chance. Of near ones those
/// count of which the lower may have met.
pub(in crate::values) fn as_often_near(
    values: &[f64],
    met: u64,
    may_meet: impl Fn(f64) -> bool,
) -> bool {
    let step = resolution(values);
    let enough = (met.div_ceil(4) as usize).max(2);
    let near = |two: &&[f64]| two[1] - two[0] <= NEAR * step && may_meet(two[0]);
    values.windows(2).filter(near).take(enough).count() == enough
}

/// The pairs that hold the values that two streams have in common.
pub(in crate::values) fn meetings(numbers: &Numbers, rows: usize) -> Option<Rate> {
    let streams = numbers.streams.len();
    if !(3..=STREAMS).contains(&streams) {
        return None;
    }
    // Where each value stands, of those that stand in two places.
    let mut times = vec![0u8; numbers.values.len()];
    for &id in numbers.streams.iter().flat_map(|stream| &stream.ids) {
        let times = &mut times[id as usize];
        *times = times.saturating_add(1);
    }
    let mut places: Vec<(u32, u32, u32)> = Vec::new();
    for (at, stream) in (0u32..).zip(&numbers.streams) {
        let placed = stream.ids.iter().zip(0u32..);
        let twice = placed.filter(|&(&id, _)| times[id as usize] == 2);
        places.extend(twice.map(|(&id, place)| (id, at, place)));
    }
    places.sort_unstable();
    let mut meetings: Vec<(u32, u32, i64, u32)> = places
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() == 2 && same[0].1 != same[1].1)
        .map(|two| {
            (
                two[0].1,
                two[1].1,
                i64::from(two[1].2) - i64::from(two[0].2),
                two[0].2,
            )
        })
        .collect();
    if meetings.len() < 2 {
        return None;
    }
    meetings.sort_unstable();
    // What lies together on a diagonal is one meeting, however long.
    let together = |a: &(u32, u32, i64, u32), b: &(u32, u32, i64, u32)| {
        (a.0, a.1, a.2) == (b.0, b.1, b.2) && b.3 - a.3 <= 2 * rows as u32
    };
    let mut counted: HashMap<(u32, u32), u64> = HashMap::new();
    let clumps = meetings
        .chunk_by(together)
        .map(|clump| (clump[0].0, clump[0].1));
    clumps.for_each(|pair| *counted.entry(pair).or_default() += 1);
    let all: u64 = counted.values().sum();
    if as_often_near(&numbers.values, all, |_| true) {
        return None;
    }
    let length = |at: u32| numbers.streams[at as usize].ids.len() as f64;
    let total = numbers.total() as f64;
    let squares: f64 = (0..streams as u32).map(|at| length(at) * length(at)).sum();
    let pairs = streams * (streams - 1) / 2;
    let mut ranked: Vec<((u32, u32), u64)> = counted.into_iter().collect();
    ranked.sort_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
    let (mut told, mut left) = (0.0, all as f64);
    let mut best = (f64::NEG_INFINITY, 0, 0);
    for (guilty, &((a, b), count)) in (1..).zip(ranked.iter().take(PAIRS)) {
        let alike =
            (2.0 * length(a) * length(b) / (total * total - squares)).max(1.0 / pairs as f64);
        told += count as f64 * (0.99 / alike).log2();
        left -= count as f64;
        let which =
            ln_binomial(pairs as u64, guilty) / std::f64::consts::LN_2 + (pairs as f64).log2();
        let bits =
            told - (all as f64 - left) * (guilty as f64).log2() + left * 0.01f64.log2() - which;
        if bits > best.0 {
            best = (bits, guilty as usize, (all as f64 - left) as u64);
        }
    }
    let (bits, guilty, values) = best;
    let mut named: Vec<usize> = ranked[..guilty]
        .iter()
        .flat_map(|&((a, b), _)| [a as usize, b as usize])
        .collect();
    named.sort_unstable();
    named.dedup();
    Some(Rate {
        bits,
        streams: named,
        values,
        of: all,
        pairs: guilty as u64,
    })
}
