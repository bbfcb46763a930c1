//! Words of no known format of which neighbours differ by one constant: every word, every second, or
//! every fourth.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::{
    StatisticalTest,
    places::{Spot, attributed, inapplicable, of_kin, worse},
    views::Frame,
};
use crate::{
    core::{Evidence, Law, Marginal},
    math::{Tails, matches_tails},
    results::{Depth, TestResult, TestSpec, View},
};

/// How far apart the two streams of a pair stand in their run.
const NEAR: usize = 3;
/// Pairs compared at most, of all runs together.
const PAIRS: usize = 1024;
/// Every so many words are taken by themselves.
const STEPS: [usize; 3] = [1, 2, 4];
/// All steps divide a lag of so many words.
const COMMON_STEP: usize = 4;
/// Lags of the control.
const LAGS: [usize; 3] = [4, 20, 100];
/// Places whose commonest constant is asked of the others.
const PICKED: usize = 64;
/// A constant that holds at no more of these is none.
const COMMON: usize = PICKED / 4;
/// Places at which it is asked, and different values at those where it holds: what stands still, or
/// has few values, differs by a constant for no reason.
const LEAST: usize = 64;

/// Constant xor or difference of near streams.
pub struct ConstantRelation;

const SPEC: TestSpec = TestSpec {
    id: "constant-relation",
    null: "two near streams differ, at every word or at every second or fourth, by a constant no more often than when one of them is shuffled",
    statistic: "places, after the 64 at which the constant is found, at which the xor (or the difference) is that constant; the furthest of all pairs, steps and starts",
    law: "factorial moments of the matches of two lists of which one is shuffled, a proven bound given the values of both; times the places. Counted only where it holds at most places and over 64 different values, and charged to the seeding only where it fails at a lag: words that advance by one step differ by a constant at any lag",
    sees: "words that are no uniform bits by themselves, and the same in all streams up to a constant: counters, and generators whose key reaches the output by one xor or one addition",
    misses: "constants that change within the stream; streams further apart than three places; formats of uniform bits (see neighbours)",
    source: "J. P. Schmidt, A. Siegel, A. Srinivasan, Chernoff-Hoeffding bounds for applications with limited independence, SIAM J. Discrete Math. 8 (1995), doi:10.1137/S089548019223872X: bounds from factorial moments",
    finding: "related-neighbours",
    power_on: "every second word of all streams is the same up to a constant xor",
    depth: Depth::Screen,
};

impl StatisticalTest for ConstantRelation {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let words_like_integers = matches!(
            evidence.format().marginal(),
            Some(Marginal::Grid | Marginal::Identifier)
        );
        if !words_like_integers {
            return inapplicable(&SPEC, View::NeighbourXor, "words that are no uniform bits");
        }
        let frame = Frame::new(evidence);
        let pairs = near_pairs(&frame);
        let longest = LAGS.into_iter().max().unwrap_or(0);
        if pairs.is_empty() || frame.words() < PICKED + LEAST + longest {
            return inapplicable(
                &SPEC,
                View::NeighbourXor,
                format!("two streams of {} words", PICKED + LEAST + longest),
            );
        }
        attributed(&SPEC, measure(&frame, &pairs, 0), || {
            LAGS.into_iter()
                .map(|lag| measure(&frame, &pairs, lag))
                .reduce(|worst, spots| worst.into_iter().zip(spots).map(worse).collect())
                .map(of_kin)
        })
    }
}

fn near_pairs(frame: &Frame<'_>) -> Vec<(usize, usize)> {
    let near = |apart: usize| {
        frame
            .runs()
            .iter()
            .flat_map(move |run| (run.start + apart..run.end).map(move |row| (row - apart, row)))
    };
    (1..=NEAR).flat_map(near).take(PAIRS).collect()
}

/// How two words are related.
#[derive(Clone, Copy)]
enum Relation {
    Xor,
    Difference,
}

impl Relation {
    const ALL: [Self; 2] = [Self::Xor, Self::Difference];

    const fn of(self, a: u64, b: u64) -> u64 {
        match self {
            Self::Xor => a ^ b,
            Self::Difference => a.wrapping_sub(b),
        }
    }

    /// The word that is so related to `b`.
    const fn partner(self, b: u64, constant: u64) -> u64 {
        match self {
            Self::Xor => b ^ constant,
            Self::Difference => b.wrapping_add(constant),
        }
    }
}

/// The furthest of all pairs, for each relation.
fn measure(frame: &Frame<'_>, pairs: &[(usize, usize)], lag: usize) -> Vec<Spot> {
    debug_assert!(lag.is_multiple_of(COMMON_STEP));
    let starts: usize = STEPS.iter().sum();
    let places = (pairs.len() * starts) as f64;
    Relation::ALL
        .into_iter()
        .map(|relation| {
            let furthest = pairs
                .par_iter()
                .enumerate()
                .flat_map_iter(|(at, &(a, b))| {
                    let (a, b) = (&frame.row(a)[lag..], &frame.row(b)[..frame.words() - lag]);
                    STEPS.into_iter().flat_map(move |step| {
                        (0..step).filter_map(move |start| {
                            let held = held(relation, a, b, step, start)?;
                            Some((held, step, at))
                        })
                    })
                })
                .min_by(|(x, _, i), (y, _, j)| {
                    let ln = |held: &Held| held.tails.ln_upper;
                    ln(x).total_cmp(&ln(y)).then(i.cmp(j))
                });
            let (name, view) = match relation {
                Relation::Xor => ("xor", View::NeighbourXor),
                Relation::Difference => ("difference", View::NeighbourDifference),
            };
            let every = |step: usize| match step {
                1 => "every word".to_owned(),
                _ => format!("one word in {step}"),
            };
            match furthest {
                Some((held, step, at)) => Spot {
                    view,
                    kin: name,
                    reach: None,
                    detail: format!("constant {name} {:#x} at {}", held.constant, every(step)),
                    streams: vec![frame.id(pairs[at].0), frame.id(pairs[at].1)],
                    tails: held.tails.times(places),
                    law: Law::Exact,
                    statistic: held.matches as f64,
                    expected: held.expected,
                },
                None => Spot {
                    view,
                    kin: name,
                    reach: None,
                    detail: format!("no constant {name}"),
                    streams: Vec::new(),
                    tails: Tails::CERTAIN,
                    law: Law::Exact,
                    statistic: 0.0,
                    expected: 0.0,
                },
            }
        })
        .collect()
}

/// A constant that holds at most places.
struct Held {
    constant: u64,
    matches: u64,
    expected: f64,
    tails: Tails,
}

fn held(relation: Relation, a: &[u64], b: &[u64], step: usize, start: usize) -> Option<Held> {
    let mut places = a.iter().zip(b).skip(start).step_by(step);
    let picked: Vec<u64> = places
        .by_ref()
        .take(PICKED)
        .map(|(&a, &b)| relation.of(a, b))
        .collect();
    let constant = commonest(picked)?;
    let (mut asked, mut matches) = (0_u64, 0_u64);
    let mut values: HashSet<u64> = HashSet::new();
    let (mut left, mut right): (HashMap<u64, u64>, HashMap<u64, u64>) = <_>::default();
    for (&a, &b) in places {
        asked += 1;
        *left.entry(a).or_default() += 1;
        *right.entry(relation.partner(b, constant)).or_default() += 1;
        if relation.of(a, b) == constant {
            matches += 1;
            values.insert(a);
        }
    }
    if 2 * matches <= asked || values.len() < LEAST {
        return None;
    }
    let alike: f64 = left
        .iter()
        .filter_map(|(value, &times)| Some(times as f64 * *right.get(value)? as f64))
        .sum();
    Some(Held {
        constant,
        matches,
        expected: alike / asked as f64,
        tails: matches_tails(matches, alike, asked),
    })
}

/// The commonest of the picked constants, where one is common.
fn commonest(mut picked: Vec<u64>) -> Option<u64> {
    picked.sort_unstable();
    picked
        .chunk_by(|a, b| a == b)
        .filter(|same| same.len() > COMMON)
        .max_by_key(|same| same.len())
        .map(|same| same[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::Format,
        statistics::{
            samples::{self, seed, size, splitmix},
            views::mix,
        },
    };

    fn grid<G: FnMut() -> u64>(tasks: u32, words: usize, open: impl Fn(u32) -> G) -> Evidence {
        let format = Format::Other {
            marginal: Marginal::Grid,
            bits_per_element: 20.0,
        };
        samples::evidence_of(size(1, tasks, words), format, |_, task| open(task))
    }

    fn least(evidence: &Evidence) -> (f64, Option<bool>) {
        samples::least(&ConstantRelation.run(evidence))
    }

    #[test]
    fn a_constant_xor_at_every_second_word_is_the_seedings() {
        let related = grid(8, 1024, |task| {
            let mut own = splitmix(seed(3, 0, task));
            let mut t = 0;
            move || {
                t += 1;
                match t % 2 {
                    0 => own(),
                    _ => mix(t) >> 20 ^ u64::from(task) << 3,
                }
            }
        });
        let (p, generator) = least(&related);
        assert!(p < 1e-100, "{p}");
        assert_eq!(generator, Some(false));
    }

    #[test]
    fn counters_differ_at_every_lag_and_are_the_generators() {
        let counters = grid(8, 1024, |task| {
            let mut t = mix(task.into());
            move || {
                t = t.wrapping_add(1);
                t
            }
        });
        let (p, generator) = least(&counters);
        assert!(p < 1e-100, "{p}");
        assert_eq!(generator, Some(true));
    }

    #[test]
    fn sound_values_walks_and_constants_are_quiet() {
        for salt in 0..200 {
            for range in [6, 100, 1_000_000] {
                let values = grid(6, 512, |task| {
                    let mut draw = splitmix(seed(salt, 1, task));
                    move || draw() % range
                });
                assert_eq!(least(&values).0, 1.0, "values below {range}");
            }
            let walks = grid(6, 512, |task| {
                let mut draw = splitmix(seed(salt, 2, task));
                let mut at = 1_u64 << 40;
                move || {
                    at = at + draw() % 3 - 1;
                    at
                }
            });
            assert_eq!(least(&walks).0, 1.0);
        }
        assert_eq!(least(&grid(6, 512, |task| move || u64::from(task))).0, 1.0);
    }

    #[test]
    fn matches_of_different_values_by_hand() {
        // 200 different values at 136 places asked, all of which match: one partner each.
        let words: Vec<u64> = (0..200).map(|t| mix(t) >> 8).collect();
        let moved: Vec<u64> = words.iter().map(|word| word ^ 5).collect();
        let held = held(Relation::Xor, &words, &moved, 1, 0).unwrap();
        assert_eq!((held.constant, held.matches), (5, 136));
        assert!((held.expected - 1.0).abs() < 1e-12);
    }
}
