//! Pairs of streams that are large and small together, against the other streams at the same place.
//!
//! Ranks among all streams at a place are exchangeable whatever the law of that place; places that depend on
//! one another count as fewer (M. S. Bartlett, J. R. Stat. Soc. 98 (1935); S. Janson, Random Struct. Alg. 24
//! (2004), doi:10.1002/rsa.20008), by how much is measured on the ranks themselves: suspect, never proof.

use std::{collections::HashMap, f64::consts::LN_2};

use rayon::prelude::*;

use super::{
    Rate,
    own_ranks::{own_ranked, steps_ranked},
};
use crate::{results::SUSPECT, values::numbers::Numbers};

/// Streams between which ranks are compared.
pub(super) const STREAMS: std::ops::RangeInclusive<usize> = 5..=256;
/// Places, at least and at most.
pub(super) const PLACES: (usize, usize) = (16, 4096);
/// Most that the square of an agreement tells: nobody agrees entirely.
const MOST: f64 = 0.9999;
/// Lags at which places may depend that are all looked at; further ones at distances that grow by a quarter.
const LAGS: usize = 32;

/// The pair whose ranks agree or disagree most: ranks of values, of their ranks among those of their stream, which
/// no function of its own takes away, or of the ranks of its steps.
pub(in crate::values) fn ranks(numbers: &Numbers) -> Option<Rate> {
    if !STREAMS.contains(&numbers.streams.len()) || numbers.aligned() < PLACES.0 {
        return None;
    }
    let (own, steps) = (own_ranked(numbers), steps_ranked(numbers));
    let views = [numbers, &own, &steps];
    Rate::strongest(views.into_iter().filter_map(of), views.len())
}

fn of(numbers: &Numbers) -> Option<Rate> {
    let scores = scores(numbers, numbers.aligned().min(PLACES.1));
    let n = scores[0].len();
    (n >= PLACES.0).then(|| most_alike(&scores, |_| n as f64 / dependence(&scores)))
}

/// The pair that agrees or disagrees most. `effective` says for how many independent places theirs count, by the
/// agreements of all pairs.
pub(super) fn most_alike(scores: &[Vec<f64>], effective: impl Fn(&[f64]) -> f64) -> Rate {
    let (streams, n) = (scores.len(), scores[0].len());
    // The scores of a place add up to nothing: two independent streams agree in −1/(S − 1) on the average.
    let expected = -1.0 / (streams - 1) as f64;
    let of_pair = |&(a, b): &(usize, usize)| mean_product(&scores[a], &scores[b]) - expected;
    let pairs: Vec<(usize, usize)> = pairs(streams).collect();
    let agreements: Vec<f64> = pairs.par_iter().map(of_pair).collect();
    // Of equal ones the first.
    let most = (0..pairs.len()).rev();
    let most = most.max_by(|&x, &y| agreements[x].abs().total_cmp(&agreements[y].abs()));
    let most = most.expect("two streams");
    let (pair, agreement) = (pairs[most], agreements[most]);
    let effective = effective(&agreements);
    let squared = (agreement * agreement).min(MOST);
    // Which pair, and whether it agrees or disagrees.
    let paid = (2.0 * pairs.len() as f64).log2();
    // As of normal scores; what may make suspect is asked of the laws of the places.
    let mut bits = -effective / 2.0 * (1.0 - squared).log2() - paid;
    if bits >= SUSPECT {
        let told = told(scores, pair, agreement.signum());
        bits = bits.min(effective / n as f64 * told - paid);
    }
    Rate::of_pair(bits, pair, agreement, n)
}

pub(super) fn pairs(streams: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..streams).flat_map(move |a| (a + 1..streams).map(move |b| (a, b)))
}

/// Pairs of streams that agree or disagree in at least so many hundredths of what they could, in any of these ranks.
pub(in crate::values) fn as_alike_as(numbers: &Numbers, hundredths: u64) -> Vec<(usize, usize)> {
    let streams = numbers.streams.len();
    let places = numbers.aligned().min(PLACES.1);
    let views = [
        scores(numbers, places),
        scores(&own_ranked(numbers), places),
        scores(&steps_ranked(numbers), places.saturating_sub(1)),
    ];
    let expected = -1.0 / (streams.max(2) - 1) as f64;
    let alike = |&(a, b): &(usize, usize)| {
        views.iter().any(|scores| {
            let agreement = mean_product(&scores[a], &scores[b]) - expected;
            100.0 * agreement.abs() >= hundredths as f64
        })
    };
    pairs(streams).filter(alike).collect()
}

/// Tilts that are tried, as powers of the root of two.
const TILTS: std::ops::RangeInclusive<i32> = -12..=24;
/// Different scores of a place up to which its own law is taken, and not that of a place without ties.
const TIED: usize = 24;

/// Different scores of a place, and how many streams have each.
type Law = Vec<(f64, f64)>;

/// Bits against chance that two streams, drawn at each place anew from all, agree as streams `a` and `b` do, or
/// disagree where `sign` is −1: Chernoff's bound over a few tilts, with the exact law of each place, of the products
/// of their scores or of the squares of their differences. Where few streams differ, one place can make up all of an
/// agreement, and tells no more than one place can.
fn told(scores: &[Vec<f64>], (a, b): (usize, usize), sign: f64) -> f64 {
    let laws = laws(scores);
    let pairs = || {
        scores[a]
            .iter()
            .zip(&scores[b])
            .map(|(x, y)| (*x, sign * y))
    };
    let bound = |exponent: &dyn Fn(f64, f64) -> f64| {
        let chance =
            |(law, places): &(Law, f64)| places * ln_mean_exp(law, |x, y| exponent(x, sign * y));
        let seen: f64 = pairs().map(|(x, y)| exponent(x, y)).sum();
        (seen - laws.iter().map(chance).sum::<f64>()) / LN_2
    };
    let both = |power: i32| {
        let tilt = f64::from(power).exp2().sqrt();
        let products = bound(&|x, y| tilt * x * y);
        products.max(bound(&|x, y| -tilt * (x - y) * (x - y)))
    };
    // One bit for two ways to look.
    TILTS.map(both).fold(1.0, f64::max) - 1.0
}

/// The laws of the places, each with how many places have it: the same scores in another order are one law.
fn laws(scores: &[Vec<f64>]) -> Vec<(Law, f64)> {
    let streams = scores.len();
    let mut laws: HashMap<Vec<(u64, usize)>, f64> = HashMap::new();
    for place in 0..scores[0].len() {
        let bits = |row: &Vec<f64>| (row[place] + 0.0).to_bits();
        let mut column: Vec<u64> = scores.iter().map(bits).collect();
        column.sort_unstable();
        let tied = column.chunk_by(|a, b| a == b);
        let law: Vec<(u64, usize)> = tied.map(|same| (same[0], same.len())).collect();
        // Nearly no ties: one law for all such places, so that the work is bounded.
        let law = if law.len() > TIED { Vec::new() } else { law };
        *laws.entry(law).or_default() += 1.0;
    }
    let scores_of = |law: Vec<(u64, usize)>| match law.is_empty() {
        true => untied(streams),
        false => law
            .into_iter()
            .map(|(x, many)| (f64::from_bits(x), many as f64))
            .collect(),
    };
    laws.into_iter()
        .map(|(law, places)| (scores_of(law), places))
        .collect()
}

/// The scores of a place at which all streams differ.
fn untied(streams: usize) -> Law {
    let mean = (streams as f64 - 1.0) / 2.0;
    let deviation = ((streams * streams - 1) as f64 / 12.0).sqrt();
    (0..streams)
        .map(|rank| ((rank as f64 - mean) / deviation, 1.0))
        .collect()
}

/// ln E e^exponent(x, y) of two different streams' scores at a place of such a law.
fn ln_mean_exp(law: &Law, exponent: impl Fn(f64, f64) -> f64) -> f64 {
    let streams: f64 = law.iter().map(|of| of.1).sum();
    let pairs = || {
        let of = |(at, &(x, many)): (usize, &(f64, f64))| {
            let others = law.iter().enumerate();
            others.map(move |(other, &(y, others))| {
                (many * (others - f64::from(u8::from(at == other))), x, y)
            })
        };
        law.iter()
            .enumerate()
            .flat_map(of)
            .filter(|pair| pair.0 > 0.0)
    };
    // The largest is taken out: what is far below what a double holds is small beside it, and not nothing.
    let largest = pairs()
        .map(|(_, x, y)| exponent(x, y))
        .fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = pairs()
        .map(|(ways, x, y)| ways * (exponent(x, y) - largest).exp())
        .sum();
    largest + (sum / streams / (streams - 1.0)).ln()
}

/// Sums that are taken beside one another, so that no product waits for the one before it.
const BESIDE: usize = 16;

pub(super) fn mean_product(x: &[f64], y: &[f64]) -> f64 {
    sum_of_products(x, y) / x.len().max(1) as f64
}

fn sum_of_products(x: &[f64], y: &[f64]) -> f64 {
    let (blocks, rest) = x[..x.len().min(y.len())].as_chunks::<BESIDE>();
    let mut sums = [0.0; BESIDE];
    for (a, b) in blocks.iter().zip(y.as_chunks::<BESIDE>().0) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let of_rest = rest.iter().zip(&y[blocks.len() * BESIDE..]);
    sums.iter().sum::<f64>() + of_rest.map(|(a, b)| a * b).sum::<f64>()
}

/// Scores of variance one, of every stream at every place that tells streams apart.
pub(super) fn scores(numbers: &Numbers, places: usize) -> Vec<Vec<f64>> {
    let mut scores = vec![Vec::with_capacity(places); numbers.streams.len()];
    let columns: Vec<Option<Vec<f64>>> = (0..places)
        .into_par_iter()
        .map(|place| column(numbers, place))
        .collect();
    for column in columns.into_iter().flatten() {
        scores
            .iter_mut()
            .zip(column)
            .for_each(|(row, score)| row.push(score));
    }
    scores
}

/// Standardised ranks among all streams at one place; `None` where all are equal.
fn column(numbers: &Numbers, place: usize) -> Option<Vec<f64>> {
    let ids: Vec<u32> = numbers
        .streams
        .iter()
        .map(|stream| stream.ids[place])
        .collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    let rank = |id: &u32| {
        let below = sorted.partition_point(|other| other < id);
        let upto = sorted.partition_point(|other| other <= id);
        (below + upto) as f64 / 2.0
    };
    let mean = ids.len() as f64 / 2.0;
    let ranks: Vec<f64> = ids.iter().map(|id| rank(id) - mean).collect();
    let deviation = (ranks.iter().map(|rank| rank * rank).sum::<f64>() / ids.len() as f64).sqrt();
    (deviation > 0.0).then(|| ranks.iter().map(|rank| rank / deviation).collect())
}

/// How many places count as one.
pub(super) fn dependence(scores: &[Vec<f64>]) -> f64 {
    let (streams, n) = (scores.len() as f64, scores[0].len());
    let mut sum = 1.0;
    let mut furthest = 0;
    let mut lag = 1;
    while lag <= n / 2 {
        let own = |row: &Vec<f64>| sum_of_products(&row[lag..], row) / (n - lag) as f64;
        let all: Vec<f64> = scores.par_iter().map(own).collect();
        let mean = all.iter().sum::<f64>() / streams;
        let square = all.iter().map(|r| r * r).sum::<f64>() / streams;
        let step = if lag < LAGS { 1 } else { lag / 4 };
        // Independent places have 1/(n − lag) by chance.
        sum += 2.0 * (square - 1.0 / (n - lag) as f64).max(0.0) * step as f64;
        // The squares of few streams have a long tail, and two of them may be one.
        let noise = (1.0 + 5.0 * (2.0 / streams).sqrt() + 10.0 / streams) / (n - lag) as f64;
        if mean.abs() > 5.0 / (streams * n as f64).sqrt() || square > noise {
            furthest = lag;
        }
        lag += step;
    }
    sum.max(1.0 + furthest as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        values::numbers::{Numbers, Sequence},
        vocabulary::StreamId,
    };

    /// Streams of 2,000 independent values, of which the last is `last` of the first's values.
    fn streams(count: u32, last: impl Fn(u32) -> Option<u32>) -> Numbers {
        let values = 1 << 16;
        let drawn = |stream: u32, place: u32| {
            let z = (u64::from(stream) << 32 | u64::from(place)).wrapping_add(1);
            let z = z.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let z = (z ^ z >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            ((z ^ z >> 32).wrapping_mul(0x94d0_49bb_1331_11eb) >> 48) as u32
        };
        let ids = |stream: u32| {
            let own = |place| match stream + 1 == count {
                true => last(drawn(0, place)),
                false => None,
            };
            (0..2000)
                .map(|place| own(place).unwrap_or_else(|| drawn(stream, place)))
                .collect()
        };
        let sequence = |stream| Sequence {
            id: StreamId::new(0, stream),
            run: 0,
            ids: ids(stream),
        };
        Numbers {
            streams: (0..count).map(sequence).collect(),
            values: (0..values).map(f64::from).collect(),
            runs: 1,
        }
    }

    /// The law of a sum of so many independent summands that are whole numbers, from −12 to 16.
    fn sums(law: &[(i32, f64)], places: usize) -> Vec<f64> {
        let (least, span) = (-12, 28 * places + 1);
        let mut sums = vec![0.0; span];
        sums[0] = 1.0;
        for _ in 0..places {
            let mut next = vec![0.0; span];
            for (at, chance) in sums.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
                for &(value, weight) in law {
                    next[at + (value - least) as usize] += chance * weight;
                }
            }
            sums = next;
        }
        sums
    }

    /// Of five streams two stand next to each other at each of 200 places: no more bits than the exact law of the sum
    /// of products, or of squared differences, gives; and a bound 5 % stronger would say more than that.
    #[test]
    fn the_bound_on_ranks_is_one_and_nearly_the_best() {
        const PLACES: usize = 200;
        let law = untied(5);
        let unit = law[4].0 / 2.0;
        // At each place ranks −2 to 2 in some order; the first stream's neighbour is the second one.
        let ranks = |place: usize| -> [f64; 5] {
            let a = (place % 5) as i32 - 2;
            let b = if a < 2 { a + 1 } else { 1 };
            let mut rest = (-2..=2).filter(|rank| *rank != a && *rank != b);
            [
                a,
                b,
                rest.next().unwrap(),
                rest.next().unwrap(),
                rest.next().unwrap(),
            ]
            .map(f64::from)
        };
        let scores: Vec<Vec<f64>> = (0..5)
            .map(|stream| {
                (0..PLACES)
                    .map(|place| unit * ranks(place)[stream])
                    .collect()
            })
            .collect();
        let pairs: Vec<(i32, i32)> = (-2..=2)
            .flat_map(|x| (-2..=2).filter(move |y| *y != x).map(move |y| (x, y)))
            .collect();
        let tail = |of: fn(i32, i32) -> i32| {
            let law: Vec<(i32, f64)> = pairs.iter().map(|&(x, y)| (of(x, y), 0.05)).collect();
            let seen: i32 = (0..PLACES)
                .map(|place| of(ranks(place)[0] as i32, ranks(place)[1] as i32))
                .sum();
            let from = (seen + 12 * PLACES as i32) as usize;
            -sums(&law, PLACES)[from..].iter().sum::<f64>().log2()
        };
        let exact = tail(|x, y| x * y).max(tail(|x, y| -(x - y) * (x - y) + 4));
        let said = told(&scores, (0, 1), 1.0) + 1.0;
        assert!(said <= exact + 1e-9, "{said} of {exact}");
        assert!(1.05 * said > exact, "{said} of {exact}");
    }

    /// Among few streams ranks lean against each other: six independent ones are no suspects for it.
    #[test]
    fn independent_streams_are_no_suspects_however_few() {
        for count in [5, 6, 8, 40] {
            let found = ranks(&streams(count, |_| None)).expect("large enough");
            assert!(found.bits < 10.0, "{count}: {found:?}");
        }
    }

    #[test]
    fn a_stream_that_goes_with_or_against_another_is_seen() {
        for map in [(|id| id ^ 1) as fn(u32) -> u32, |id| 65_535 - id] {
            let found = ranks(&streams(6, |id| Some(map(id)))).expect("large enough");
            assert_eq!(found.streams, [0, 5]);
            assert!(found.bits > 100.0, "{found:?}");
        }
    }
}
