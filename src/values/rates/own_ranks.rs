//! Ranks among a stream's own values: what is left of it through any rising function.

use std::f64::consts::LN_2;

use super::{
    Rate,
    ranks::{dependence, mean_product},
};
use crate::{
    math::normal_tails,
    values::numbers::{Numbers, Sequence},
};

/// Streams that are too few to be ranked among one another, and enough for others to be compared with a pair.
const STREAMS: std::ops::RangeInclusive<usize> = 3..=4;
/// Places, at least and at most.
const PLACES: (usize, usize) = (16, 4096);
/// Most that an agreement tells: nobody agrees entirely.
const MOST: f64 = 0.9999;

/// The streams, as far as all go and are looked at, as twice the middle ranks among their own values.
pub(super) fn own_ranked(numbers: &Numbers) -> Numbers {
    ranked(numbers, |values| values)
}

/// The same of their steps: a walk's values hang together, and what it adds to them need not.
pub(super) fn steps_ranked(numbers: &Numbers) -> Numbers {
    ranked(numbers, |values| {
        values.windows(2).map(|two| two[1] - two[0]).collect()
    })
}

fn ranked(numbers: &Numbers, of: impl Fn(Vec<f64>) -> Vec<f64>) -> Numbers {
    let length = numbers.aligned().min(PLACES.1);
    let streams = numbers.streams.iter().map(|stream| Sequence {
        ids: middle_ranks(&of(numbers.numbers(&stream.ids[..length]))),
        ..stream.clone()
    });
    Numbers {
        streams: streams.collect(),
        values: (0..=2 * length).map(|rank| rank as f64).collect(),
        runs: numbers.runs,
    }
}

fn middle_ranks(values: &[f64]) -> Vec<u32> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = |value: &f64| {
        let below = sorted.partition_point(|other| other < value);
        let upto = sorted.partition_point(|other| other <= value);
        (below + upto) as u32
    };
    values.iter().map(rank).collect()
}

/// Of three or four streams the pair whose ranks go together beyond what any other pair's do: what places have in
/// common, as a schedule does, all have. Fisher's z of the two correlations, of which the second is the largest of
/// the others' (R. A. Fisher, Biometrika 10 (1915), doi:10.2307/2331838).
pub(in crate::values) fn correlated(numbers: &Numbers) -> Option<Rate> {
    let places = numbers.aligned().min(PLACES.1);
    if !STREAMS.contains(&numbers.streams.len()) || places < PLACES.0 {
        return None;
    }
    let views = [own_ranked(numbers), steps_ranked(numbers)];
    let found = views.iter().filter_map(|ranks| most_alike(ranks, places));
    let most = found.max_by(|x, y| x.bits.total_cmp(&y.bits))?;
    Some(Rate {
        bits: most.bits - 1.0,
        ..most
    })
}

fn most_alike(ranks: &Numbers, places: usize) -> Option<Rate> {
    let rows: Option<Vec<Vec<f64>>> = ranks
        .streams
        .iter()
        .map(|stream| standardised(&stream.ids[..places.min(stream.ids.len())]))
        .collect();
    let rows = rows?;
    let streams = rows.len();
    let mut pairs: Vec<(f64, usize, usize)> = (0..streams)
        .flat_map(|a| (a + 1..streams).map(move |b| (a, b)))
        .map(|(a, b)| (mean_product(&rows[a], &rows[b]), a, b))
        .collect();
    pairs.sort_by(|x, y| y.0.abs().total_cmp(&x.0.abs()));
    let (agreement, a, b) = pairs[0];
    let z = |agreement: f64| agreement.abs().min(MOST).atanh();
    let effective = (places as f64 / dependence(&rows) - 3.0).max(1.0);
    let apart = (z(agreement) - z(pairs[1].0)) * (effective / 2.0).sqrt();
    let bits = -normal_tails(apart).ln_upper / LN_2 - (pairs.len() as f64).log2();
    Some(Rate {
        bits,
        streams: vec![a, b],
        values: (agreement.abs().min(1.0) * 100.0).round() as u64,
        of: places as u64,
        pairs: 1,
    })
}

/// Ranks of mean nothing and variance one; `None` where all are one.
fn standardised(ranks: &[u32]) -> Option<Vec<f64>> {
    let n = ranks.len() as f64;
    let mean = ranks.iter().copied().map(f64::from).sum::<f64>() / n;
    let square = |&rank: &u32| (f64::from(rank) - mean).powi(2);
    let deviation = (ranks.iter().map(square).sum::<f64>() / n).sqrt();
    let score = |&rank: &u32| (f64::from(rank) - mean) / deviation;
    (deviation > 0.0).then(|| ranks.iter().map(score).collect())
}
