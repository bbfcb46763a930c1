//! Ranks among a stream's own values: what is left of it through any rising function.

use std::f64::consts::LN_2;

use super::{
    Rate,
    ranks::{dependence, mean_product, pairs},
};
use crate::{
    math::normal_tails,
    values::numbers::{Numbers, Sequence},
};

/// Streams that are too few to be ranked among one another, and enough for others to be compared with a pair.
pub(super) const STREAMS: std::ops::RangeInclusive<usize> = 3..=4;
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

pub(super) fn middle_ranks(values: &[f64]) -> Vec<u32> {
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
    let found = views
        .iter()
        .filter_map(|ranks| most_alike(ranks, f64::abs, 1));
    Rate::strongest(found, views.len())
}

/// The pair whose numbers go together beyond what any other pair's do, by the size of their correlation; so many places
/// count as one.
pub(super) fn most_alike(ranks: &Numbers, size: fn(f64) -> f64, as_one: usize) -> Option<Rate> {
    let rows: Option<Vec<Vec<f64>>> = ranks
        .streams
        .iter()
        .map(|stream| standardised(&stream.ids))
        .collect();
    let rows = rows?;
    let places = rows[0].len();
    let mut pairs: Vec<(f64, usize, usize)> = pairs(rows.len())
        .map(|(a, b)| (mean_product(&rows[a], &rows[b]), a, b))
        .collect();
    pairs.sort_by(|x, y| size(y.0).total_cmp(&size(x.0)));
    let (agreement, a, b) = pairs[0];
    let z = |agreement: f64| size(agreement).clamp(-MOST, MOST).atanh();
    let effective = (places as f64 / dependence(&rows) / as_one as f64 - 3.0).max(1.0);
    let apart = (z(agreement) - z(pairs[1].0)) * (effective / 2.0).sqrt();
    let bits = -normal_tails(apart).ln_upper / LN_2 - (pairs.len() as f64).log2();
    Some(Rate::of_pair(bits, (a, b), agreement, places))
}

/// Ranks of mean nothing and variance one; `None` where all are one.
pub(super) fn standardised(ranks: &[u32]) -> Option<Vec<f64>> {
    let n = ranks.len() as f64;
    let mean = ranks.iter().copied().map(f64::from).sum::<f64>() / n;
    let square = |&rank: &u32| (f64::from(rank) - mean).powi(2);
    let deviation = (ranks.iter().map(square).sum::<f64>() / n).sqrt();
    let score = |&rank: &u32| (f64::from(rank) - mean) / deviation;
    (deviation > 0.0).then(|| ranks.iter().map(score).collect())
}

#[cfg(test)]
mod tests {
    use crate::values::rates::chance::claims_no_more;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::{results::SUSPECT, vocabulary::StreamId};

    /// Three streams of 200 values, each of its own draw and that of its place.
    fn streams(source: &mut ChaCha8Rng, value: impl Fn(u32, &mut f64, f64, f64) -> f64) -> Numbers {
        let common: Vec<f64> = (0..200).map(|_| source.random()).collect();
        let drawn: Vec<Vec<f64>> = (0..3)
            .map(|stream| {
                let mut before = 0.0;
                let mut next = |common: &f64| value(stream, &mut before, source.random(), *common);
                common.iter().map(&mut next).collect()
            })
            .collect();
        let mut values = drawn.concat();
        values.sort_unstable_by(f64::total_cmp);
        let place = |x: &f64| values.partition_point(|y| y < x) as u32;
        let sequences = (0..).zip(&drawn).map(|(at, stream)| Sequence {
            id: StreamId::new(0, at),
            run: 0,
            ids: stream.iter().map(place).collect(),
        });
        Numbers {
            streams: sequences.collect(),
            values: values.clone(),
            runs: 1,
        }
    }

    #[test]
    fn a_copy_that_was_rounded_and_one_of_steps_are_seen() {
        let mut source = ChaCha8Rng::seed_from_u64(3);
        let rounded = streams(&mut source, |stream, _, own, common| match stream {
            0 => common,
            1 => (20.0 * common).round().exp(),
            _ => own,
        });
        let found = correlated(&rounded).expect("long enough");
        assert!(found.bits > SUSPECT && found.streams == [0, 1], "{found:?}");
        let walks = streams(&mut source, |stream, before, own, common| {
            *before += if stream == 2 { own } else { common + 0.1 * own } - 0.5;
            *before
        });
        let found = correlated(&walks).expect("long enough");
        assert!(found.bits > SUSPECT && found.streams == [0, 1], "{found:?}");
    }

    /// Of streams that share nothing, or a signal that all three have, b bits are claimed in no more than a share of
    /// 2^−b: independent values, walks, rounded ones, a common signal with noise.
    #[test]
    fn nothing_is_claimed_of_what_all_have() {
        const TIMES: usize = 2000;
        type Value = fn(u32, &mut f64, f64, f64) -> f64;
        let laws: [Value; 4] = [
            |_, _, own, _| own,
            |_, before, own, _| {
                *before += own - 0.5;
                *before
            },
            |stream, _, own, _| (f64::from(3 * stream + 2) * own).floor(),
            |_, _, own, common| own + common,
        ];
        let mut source = ChaCha8Rng::seed_from_u64(5);
        for (law, value) in laws.into_iter().enumerate() {
            let claims: Vec<f64> = (0..TIMES)
                .filter_map(|_| correlated(&streams(&mut source, value)))
                .map(|rate| rate.bits)
                .collect();
            claims_no_more(claims, TIMES, &format!("law {law}"));
        }
    }
}
