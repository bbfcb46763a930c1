//! Values of any law as uniform bits: their ranks within their stream.

use rayon::prelude::*;

use super::{
    StatisticalTest,
    median_split::{FOLLOWS, following, follows_itself, thins_out},
    views::mix,
};
use crate::{
    core::{Evidence, Format},
    results::TestResult,
};

/// Tests that compare streams at equal places, of which ranks tell as much as values do.
const TESTS: [&str; 4] = [
    "first-draws",
    "neighbours",
    "combinations",
    "common-component",
];
/// Values of a stream that are ranked: at least, and its first ones at most.
const LEAST: usize = 64;
const MOST: usize = 1 << 16;
/// Values that may be alike in all streams.
const START: usize = 16;
/// Bits of ranks whose order in time is asked.
const PLANES: usize = 4;
/// Bits that the top of a rank is worth at most.
const WIDTH: u32 = 16;

/// What a test of uniform bits reads of values of another law.
///
/// Of values whose order in time is chance each rank is equally likely at each place, whatever their
/// law, and independent of those of other streams. Equal values are ranked by lot (their stream and
/// place, mixed), and a lot is drawn below the rank, so that n ranks are spread over all words. Within a
/// stream ranks are without replacement, which makes counts over time vary less than those of independent
/// words, never more. Streams that follow themselves, or change in time, take no part, and none does where
/// all together do: a season or a trend that streams have in common is nothing that they share.
pub(crate) struct Ranked(Option<Evidence>);

impl Ranked {
    /// The ranks of the values; none of uniform bits, which are tested as they are.
    pub(crate) fn of(evidence: &Evidence) -> Self {
        if evidence.format().uniform_width().is_some() {
            return Self(None);
        }
        let ranked: Vec<(usize, Vec<u64>)> = (0..evidence.streams())
            .into_par_iter()
            .map(|stream| (stream, evidence.stream(stream)))
            .filter(|(_, words)| words.len() >= LEAST)
            .map(|(stream, words)| {
                (
                    stream,
                    ranks(&words[..words.len().min(MOST)], stream as u64),
                )
            })
            .filter(|(_, ranks)| in_any_order(ranks))
            .collect();
        let shortest = ranked.iter().map(|(_, words)| words.len()).min();
        let Some(shortest) = shortest.filter(|_| ranked.len() > 1 && !all_follow(&ranked)) else {
            return Self(None);
        };
        let width = shortest.ilog2().min(WIDTH);
        let kept: Vec<usize> = ranked.iter().map(|&(stream, _)| stream).collect();
        let top = |word: u64| word & u64::MAX << (64 - width);
        let words = ranked
            .into_iter()
            .map(|(_, words)| words.into_iter().map(top).collect());
        Self(Some(evidence.replaced(
            &kept,
            words.collect(),
            Format::Bits { width },
        )))
    }

    /// Runs a test on the ranks where it needs uniform bits and values are none, or on the evidence.
    pub(crate) fn run(&self, test: &dyn StatisticalTest, evidence: &Evidence) -> Vec<TestResult> {
        match &self.0 {
            Some(ranks) if TESTS.contains(&test.spec().id) => {
                let mut results = test.run(ranks);
                for result in results.iter_mut().filter(|result| result.p().is_some()) {
                    result.detail.push_str(", ranks within streams");
                }
                results
            }
            _ => test.run(evidence),
        }
    }
}

/// Whether the order of a stream's values is like chance, by its ranks.
fn in_any_order(ranks: &[u64]) -> bool {
    planes(ranks).iter().all(|bits| {
        let count = bits.iter().map(|word| u64::from(word.count_ones())).sum();
        !follows_itself(bits, ranks.len(), FOLLOWS) && !thins_out(bits, ranks.len(), count)
    })
}

/// Whether streams follow themselves, at some lag, if they are taken together; but for their first
/// values, which may be alike because of how they are seeded.
fn all_follow(ranked: &[(usize, Vec<u64>)]) -> bool {
    let standing: Vec<[Vec<f64>; PLANES]> = ranked
        .par_iter()
        .map(|(_, ranks)| {
            let ranks = &ranks[START..];
            planes(ranks).map(|bits| {
                let lags = following(&bits, ranks.len());
                lags.map(|(excess, deviation)| excess / deviation).collect()
            })
        })
        .collect();
    let deviation = (ranked.len() as f64).sqrt();
    (0..PLANES).any(|plane| {
        let lags = standing
            .iter()
            .map(|one| one[plane].len())
            .min()
            .unwrap_or(0);
        (0..lags).any(|lag| {
            let sum: f64 = standing.iter().map(|one| one[plane][lag]).sum();
            sum.abs() > FOLLOWS * deviation
        })
    })
}

/// The upper half of the ranks, the upper halves of halves and of quarters, and the outer quarters.
fn planes(ranks: &[u64]) -> [Vec<u64>; PLANES] {
    let plane = |of: fn(u64) -> u64| {
        let word = |part: &[u64]| {
            let bits = part.iter().enumerate();
            bits.fold(0, |word, (i, &rank)| word | (of(rank) & 1) << i)
        };
        ranks.chunks(64).map(word).collect()
    };
    [
        plane(|rank| rank >> 63),
        plane(|rank| rank >> 62),
        plane(|rank| rank >> 61),
        plane(|rank| !(rank >> 63 ^ rank >> 62)),
    ]
}

/// Each value's rank, as a part of all words.
fn ranks(words: &[u64], stream: u64) -> Vec<u64> {
    let lot = |at: usize| mix(mix(stream ^ 0x7a6b) ^ at as u64);
    let mut order: Vec<(u64, u64, usize)> = words
        .iter()
        .enumerate()
        .map(|(at, &word)| (word, lot(at), at))
        .collect();
    order.sort_unstable();
    let mut ranks = vec![0; words.len()];
    for (rank, &(_, lot, at)) in order.iter().enumerate() {
        let below = mix(lot);
        ranks[at] =
            ((u128::from(rank as u64) << 64 | u128::from(below)) / words.len() as u128) as u64;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::Marginal,
        statistics::{
            ALL, find,
            samples::{lcg48, seed, splitmix, values},
        },
    };

    const THOUSAND: Format = Format::Other {
        marginal: Marginal::Grid,
        bits_per_element: 9.9,
    };

    fn least(test: &str, evidence: &Evidence) -> f64 {
        let results = Ranked::of(evidence).run(find(test).unwrap(), evidence);
        let ps = results.iter().filter_map(TestResult::p);
        ps.fold(1.0, f64::min)
    }

    fn thousandths(word: u64) -> u64 {
        ((u128::from(word) * 1000) >> 64) as u64
    }

    #[test]
    fn ranks_are_a_permutation_and_equal_values_are_ranked_by_lot() {
        let words: Vec<u64> = (0..100).map(|i| i % 3).collect();
        let ranks = ranks(&words, 5);
        let mut cells: Vec<u128> = ranks.iter().map(|&r| (u128::from(r) * 100) >> 64).collect();
        for (word, cell) in words.iter().zip(&cells) {
            // 34 zeros, 33 ones, 33 twos.
            assert_eq!(*word, u64::from(*cell >= 34) + u64::from(*cell >= 67));
        }
        cells.sort_unstable();
        assert_eq!(cells, (0..100).collect::<Vec<u128>>());
    }

    #[test]
    fn near_seeds_of_integers_in_a_range_are_seen() {
        // Stream t is drand48 seeded with t, as integers below 1000.
        let near: Vec<Vec<u64>> = (0..24)
            .map(|task| {
                let mut draw = lcg48(u64::from(task as u32) << 16 | 0x330e);
                (0..256).map(|_| thousandths(draw())).collect()
            })
            .collect();
        let near = values(THOUSAND, 24, 256, |task, t| near[task as usize][t]);
        assert!(least("combinations", &near) < 1e-12);
        // First draws that hardly depend on the seed.
        let start = values(THOUSAND, 64, 128, |task, t| match t {
            0 => 730 + u64::from(task) % 4,
            _ => thousandths(splitmix(seed(3, task, t as u32))()),
        });
        assert!(least("first-draws", &start) < 1e-12);
    }

    #[test]
    fn sound_values_of_any_law_are_not_accused() {
        let laws: [fn(u64) -> u64; 4] = [
            thousandths,
            |word| (word % 50).saturating_sub(40),
            |word| (word >> 32) * (word >> 32),
            |word| word % 6,
        ];
        for (salt, law) in laws.into_iter().enumerate() {
            let own = |task: u32| 1 + u64::from(task % 3);
            let source = values(THOUSAND, 16, 300, |task, t| {
                law(splitmix(seed(salt as u64, task, t as u32))()) / own(task)
            });
            for test in ALL {
                let p = least(test.spec().id, &source);
                assert!(p > 1e-5, "{salt} {} {p}", test.spec().id);
            }
        }
        // All streams rise, or vary less and less.
        let calming = values(THOUSAND, 16, 300, |task, t| {
            let drawn = splitmix(seed(9, task, t as u32))() >> 32;
            (1 << 40) + drawn / (t as u64 + 1) * 2 - (1 << 32) / (t as u64 + 1)
        });
        assert!(Ranked::of(&calming).0.is_none());
        let rising = values(THOUSAND, 16, 300, |_, t| t as u64);
        assert!(Ranked::of(&rising).0.is_none());
    }
}
