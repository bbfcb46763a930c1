//! A stream that is made of two others of its run: their sum, mean, difference, product, or xor.
//!
//! What two streams give by a function is compared with each third one by the ranks of both, and held against the next
//! best: other three streams, and the three taken two by two. What places have in common (a schedule, a trend) all
//! have, and noise of its own leaves a stream unexplained by any number of others; only where two explain far more
//! of a third than anything else does, it is made of them. No more is told than the order of the third by itself tells,
//! under the laws of [`information`](crate::values::information).

use std::f64::consts::LN_2;

use rayon::prelude::*;

use super::{
    Rate,
    own_ranks::{middle_ranks, standardised},
    ranks::{dependence, mean_product, pairs},
};
use crate::values::{
    information::{Same, told},
    numbers::Numbers,
};

/// Streams of a run; of more the first ones.
const STREAMS: std::ops::RangeInclusive<usize> = 3..=24;
/// Places, at least and at most.
const PLACES: (usize, usize) = (16, 512);
/// Runs that are looked at.
const RUNS: usize = 8;
/// The least part that ranks of doubles leave unexplained.
const LEAST: f64 = 1e-4;
/// What is left is smaller by so many halvings before it tells anything: two noisy images of one signal leave half of
/// what one leaves.
const HALVINGS: f64 = 3.0;

/// What two values may be made into one by; `None` where it does not apply to them.
type Made = fn(f64, f64) -> Option<f64>;

const MADE: [Made; 4] = [
    |x, y| Some(x + y),
    |x, y| Some(x * y),
    |x, y| {
        let is_fraction = |x: f64| (0.0..1.0).contains(&x);
        (is_fraction(x) && is_fraction(y)).then(|| (x + y).fract())
    },
    |x, y| {
        let is_word = |x: f64| x >= 0.0 && x.fract() == 0.0 && x <= u64::MAX as f64;
        (is_word(x) && is_word(y)).then_some((x as u64 ^ y as u64) as f64)
    },
];

/// How far two streams explain a third.
#[derive(Clone, Copy, Debug)]
struct Explained {
    streams: [usize; 3],
    share: f64,
}

/// The stream of a run that is most surely made of two others.
pub(in crate::values) fn combined(numbers: &Numbers, rows: usize) -> Option<Rate> {
    let runs = numbers.by_run();
    let of_run = |run: &Vec<usize>| in_run(numbers, run, rows);
    Rate::strongest(
        runs.iter().take(RUNS).filter_map(of_run),
        runs.len().min(RUNS),
    )
}

fn in_run(numbers: &Numbers, run: &[usize], rows: usize) -> Option<Rate> {
    let places = numbers.aligned().min(PLACES.1);
    // Whoever is the same throughout is made of nothing.
    let scored = run.iter().filter_map(|&at| {
        let own = numbers.numbers(&numbers.streams[at].ids[..places]);
        standardised(&middle_ranks(&own)).map(|scores| (at, own, scores))
    });
    let (mut run, mut values, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    for (at, own, score) in scored.take(*STREAMS.end()) {
        run.push(at);
        values.push(own);
        scores.push(score);
    }
    if !STREAMS.contains(&run.len()) || places < PLACES.0 {
        return None;
    }
    let every: Vec<(usize, usize)> = pairs(run.len()).collect();
    let of_pair = |&(a, b): &(usize, usize)| -> Vec<Explained> {
        MADE.iter()
            .filter_map(|made| {
                let both = values[a].iter().zip(&values[b]);
                let made: Option<Vec<f64>> = both.map(|(x, y)| made(*x, *y)).collect();
                standardised(&middle_ranks(&made?))
            })
            .flat_map(|made| {
                let thirds = (0..run.len()).filter(|third| *third != a && *third != b);
                let explained = thirds.map(|third| Explained {
                    streams: [third, a, b],
                    share: mean_product(&made, &scores[third]).powi(2),
                });
                explained.collect::<Vec<Explained>>()
            })
            .collect()
    };
    let mut found: Vec<Explained> = every.par_iter().flat_map_iter(of_pair).collect();
    found.sort_by(|x, y| y.share.total_cmp(&x.share));
    let best = *found.first()?;
    let others = found.iter().find(|other| {
        other
            .streams
            .iter()
            .any(|stream| !best.streams.contains(stream))
    });
    let two = every
        .iter()
        .map(|&(a, b)| mean_product(&scores[a], &scores[b]).powi(2));
    let next = two.fold(others.map_or(0.0, |other| other.share), f64::max);
    let left = |share: f64| (1.0 - share).max(LEAST);
    let halvings = (left(next) / left(best.share)).log2() - HALVINGS;
    let effective = places as f64 / dependence(&scores);
    let third = &numbers.streams[run[best.streams[0]]].ids[..places];
    let told = told(Same::Order, third, &numbers.numbers(third), rows).bits_or_nothing();
    let paid = (found.len() as f64).ln() / LN_2;
    Some(Rate {
        bits: (effective / 2.0 * halvings).min(told) - paid,
        streams: best.streams.iter().map(|&at| run[at]).collect(),
        values: (100.0 * best.share).round() as u64,
        of: places as u64,
        pairs: 1,
    })
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::{
        results::SUSPECT,
        values::rates::chance::{self, claims_no_more},
    };

    const PLACES: usize = 80;

    /// Streams of numbers, each by its own draw, the draw of its place, the place, and what it has been.
    fn streams(
        source: &mut ChaCha8Rng,
        count: usize,
        value: impl Fn(f64, f64, usize, f64) -> f64,
    ) -> Vec<Vec<f64>> {
        let common: Vec<f64> = (0..PLACES).map(|_| source.random()).collect();
        let stream = |_| {
            let mut before = 0.0;
            let mut next = |place: usize| {
                before = value(source.random(), common[place], place, before);
                before
            };
            (0..PLACES).map(&mut next).collect()
        };
        (0..count).map(stream).collect()
    }

    fn numbers(streams: &[Vec<f64>]) -> Numbers {
        let streams = (0..)
            .zip(streams)
            .map(|(at, stream)| (0, at, stream.clone()));
        chance::numbers(&streams.collect::<Vec<_>>())
    }

    #[test]
    fn sums_products_and_xors_are_seen() {
        let mut source = ChaCha8Rng::seed_from_u64(1);
        let made: [Made; 4] = [
            |x, y| Some(x - y),
            |x, y| Some((x + y) / 2.0),
            |x, y| Some(x * y),
            |x, y| Some((x as u64 ^ y as u64) as f64),
        ];
        for (which, made) in made.into_iter().enumerate() {
            for count in [3, 8] {
                let draw = |own: f64, _, _, _| (own * 1000.0).floor();
                let mut drawn = streams(&mut source, count, draw);
                let both = drawn[0].iter().zip(&drawn[2]);
                drawn[1] = both.map(|(x, y)| made(*x, *y).expect("words")).collect();
                let found = combined(&numbers(&drawn), 4).expect("long enough");
                let mut streams = found.streams.clone();
                streams.sort_unstable();
                assert!(
                    found.bits > SUSPECT && streams == [0, 1, 2],
                    "{which} of {count}: {found:?}"
                );
            }
        }
    }

    /// b bits are claimed of streams that are not made of one another in no more than a share of 2^−b: independent
    /// values, few of them, rare events, walks, a trend, a common signal with little noise.
    #[test]
    fn chance_claims_no_more_than_it_should() {
        const TIMES: usize = 200;
        type Value = fn(f64, f64, usize, f64) -> f64;
        let laws: [Value; 6] = [
            |own, _, _, _| own,
            |own, _, _, _| (3.0 * own).floor(),
            |own, _, _, _| f64::from(own < 0.03),
            |own, _, _, before| before + own - 0.5,
            |own, _, place, _| place as f64 + own,
            |own, common, _, _| 10.0 * common + own,
        ];
        let mut source = ChaCha8Rng::seed_from_u64(2);
        for (law, value) in laws.into_iter().enumerate() {
            for count in [3, 6] {
                let claims: Vec<f64> = (0..TIMES)
                    .filter_map(|_| combined(&numbers(&streams(&mut source, count, value)), 4))
                    .map(|rate| rate.bits)
                    .collect();
                assert!(
                    claims.iter().all(|bits| *bits < SUSPECT),
                    "law {law}: {claims:?}"
                );
                claims_no_more(claims, TIMES, &format!("law {law} of {count}"));
            }
        }
    }
}
