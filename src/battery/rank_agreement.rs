//! Independence of streams whose values are not uniform bits: by ranks.

use rayon::prelude::*;

use super::{
    Depth, StatisticalTest, TestResult, TestSpec, View,
    kernels::pairs::distance,
    places::{Spot, inapplicable, plain},
    views::{Frame, mix},
};
use crate::{
    core::{Evidence, Format, Law},
    math::{Tails, hypergeometric_tails},
};

/// Streams of which all pairs are compared.
const STREAMS: usize = 2048;
/// Shifts that the aligned agreement must stand out among.
const SHIFTS: usize = 256;
/// By how much it must stand out to count.
const STANDS_OUT: f64 = 1.5;
/// Words at least.
const WORDS: usize = 64;

/// Median-split agreement of all pairs.
pub struct RankAgreement;

const SPEC: TestSpec = TestSpec {
    id: "rank-agreement",
    null: "for any two streams, the indices at which one is above its median are no more often than chance those at which the other is above its own",
    statistic: "indices at which both streams are in their upper halves, the furthest of all pairs",
    law: "hypergeometric given each stream's count, exact where one of the two is exchangeable in time; times the pairs. Counted only where the aligned agreement stands out by half among 256 shifts of one stream against the other, so that trends and seasons, which agree at many shifts, never convict",
    sees: "streams of normals, dice or decimals that agree or oppose each other at equal index",
    misses: "relations that leave ranks independent; at most 2,048 streams are paired",
    source: "J. Neyman, E. S. Pearson (1933) for the conditional law; H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18 (1947), doi:10.1214/aoms/1177730491: ranks",
    finding: "correlated-streams",
    power_on: "two streams of dice that share one throw in four",
    depth: Depth::Full,
};

impl StatisticalTest for RankAgreement {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        if let Format::Bits { .. } = evidence.format() {
            return inapplicable(
                &SPEC,
                View::Pairs,
                "values that are not uniform bits (see pair-correlation)",
            );
        }
        let frame = Frame::new(evidence);
        let split = Split::new(&frame);
        if split.rows.len() < 2 || frame.words() < WORDS {
            return inapplicable(
                &SPEC,
                View::Pairs,
                format!("two streams of {WORDS} values that are not all equal"),
            );
        }
        plain(&SPEC, vec![measure(&frame, &split)])
    }
}

/// Streams split at their medians.
struct Split {
    /// Rows of the frame, without the constant ones.
    rows: Vec<usize>,
    /// One bit for every index: above the median.
    upper: Vec<Vec<u64>>,
    /// How many are above.
    counts: Vec<u64>,
}

impl Split {
    fn new(frame: &Frame<'_>) -> Self {
        let split: Vec<(usize, Vec<u64>, u64)> = (0..frame.streams().min(STREAMS))
            .into_par_iter()
            .filter_map(|row| {
                let words = frame.row(row);
                let mut sorted = words.to_vec();
                let (_, &mut median, _) = sorted.select_nth_unstable(words.len() / 2);
                // Few distinct values: the more even of "above" and "at least" the median.
                let above = words.iter().filter(|&&word| word > median).count();
                let at_least = words.iter().filter(|&&word| word >= median).count();
                let half = words.len() / 2;
                let strictly = above.abs_diff(half) <= at_least.abs_diff(half);
                let mut bits = vec![0_u64; words.len().div_ceil(64)];
                for (t, &word) in words.iter().enumerate() {
                    let upper = if strictly {
                        word > median
                    } else {
                        word >= median
                    };
                    bits[t / 64] |= u64::from(upper) << (t % 64);
                }
                let count = (if strictly { above } else { at_least }) as u64;
                (count > 0 && count < words.len() as u64).then_some((row, bits, count))
            })
            .collect();
        let mut rows = Vec::new();
        let (mut upper, mut counts) = (Vec::new(), Vec::new());
        for (row, bits, count) in split {
            rows.push(row);
            upper.push(bits);
            counts.push(count);
        }
        Self {
            rows,
            upper,
            counts,
        }
    }

    /// Departure of the shared upper indices from their mean, in standard deviations.
    fn departure(&self, a: usize, b: usize, both: f64, words: f64) -> f64 {
        let (m, d) = (self.counts[a] as f64, self.counts[b] as f64);
        let mean = m * d / words;
        let variance = mean * (1.0 - m / words) * (words - d) / (words - 1.0);
        (both - mean) / variance.sqrt()
    }
}

fn measure(frame: &Frame<'_>, split: &Split) -> Spot {
    let streams = split.rows.len();
    let words = frame.words() as u64;
    // Both upper = (count + count − differing) / 2.
    let both =
        |a: usize, b: usize, differing: u64| (split.counts[a] + split.counts[b] - differing) / 2;
    let (_, a, b, shared) = (0..streams)
        .into_par_iter()
        .filter_map(|a| {
            (a + 1..streams)
                .map(|b| {
                    let shared = both(a, b, distance(&split.upper[a], &split.upper[b]));
                    (
                        split.departure(a, b, shared as f64, words as f64).abs(),
                        a,
                        b,
                        shared,
                    )
                })
                .max_by(|x, y| x.0.total_cmp(&y.0))
        })
        .max_by(|x, y| {
            x.0.total_cmp(&y.0)
                .then_with(|| (y.1, y.2).cmp(&(x.1, x.2)))
        })
        .expect("two streams make a pair");
    let aligned = split.departure(a, b, shared as f64, words as f64).abs();
    let others = (0..SHIFTS)
        .map(|i| 1 + (mix(i as u64) % (words - 1)) as usize)
        .map(|shift| {
            let shared = shared_at(&split.upper[a], &split.upper[b], frame.words(), shift);
            split.departure(a, b, shared as f64, words as f64).abs()
        })
        .fold(0.0, f64::max);
    let pairs = (streams * (streams - 1) / 2) as f64;
    let stands_out = aligned >= STANDS_OUT * others;
    let tails = if stands_out {
        hypergeometric_tails(shared, words, split.counts[a], split.counts[b]).times(pairs)
    } else {
        Tails::CERTAIN
    };
    Spot {
        view: View::Pairs,
        kin: "",
        detail: format!(
            "both in their upper halves, {pairs} pairs{}",
            if stands_out {
                ""
            } else {
                "; as much at other shifts, so of the values, not of the streams"
            }
        ),
        streams: vec![frame.id(split.rows[a]), frame.id(split.rows[b])],
        tails,
        law: Law::Exact,
        statistic: shared as f64,
        expected: split.counts[a] as f64 * split.counts[b] as f64 / words as f64,
    }
}

/// Indices at which both are set, the second stream turned by `shift`.
fn shared_at(a: &[u64], b: &[u64], words: usize, shift: usize) -> u64 {
    let bit = |bits: &[u64], t: usize| bits[t / 64] >> (t % 64) & 1;
    (0..words)
        .map(|t| bit(a, t) & bit(b, (t + shift) % words))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        battery::samples::{seed, splitmix},
        core::{Marginal, RunGroup, RunId, RunInfo, StreamId},
    };

    fn values(tasks: u32, words: usize, value: impl Fn(u32, usize) -> u64) -> Evidence {
        let all = (0..tasks)
            .flat_map(|task| (0..words).map(move |t| (task, t)))
            .map(|(task, t)| value(task, t))
            .collect();
        let ids = (0..tasks).map(|task| StreamId::new(0, task)).collect();
        let run = RunInfo {
            run: RunId(0),
            group: RunGroup::Fresh,
            root: None,
        };
        let format = Format::Other {
            marginal: Marginal::Categorical,
            bits_per_element: 2.6,
        };
        Evidence::uniform(all, ids, words, vec![run], format).unwrap()
    }

    fn throw(salt: u64, task: u32, t: usize) -> u64 {
        splitmix(seed(salt, task, t as u32))() % 6
    }

    #[test]
    fn shared_throws_are_seen_and_the_pair_is_named() {
        let dice = values(12, 4000, |task, t| {
            let copied = task == 9 && throw(2, 0, t) < 2;
            throw(1, if copied { 4 } else { task }, t)
        });
        let results = RankAgreement.run(&dice);
        assert!(results[0].p().unwrap() < 1e-20, "{results:#?}");
        let tasks: Vec<u32> = results[0].streams.iter().map(|id| id.task.0).collect();
        assert_eq!(tasks, [4, 9]);
    }

    #[test]
    fn independent_throws_trends_and_seasons_do_not_convict() {
        let sound = values(12, 4000, |task, t| throw(1, task, t));
        let trend = values(12, 4000, |task, t| 1000 + t as u64 / 8 + throw(1, task, t));
        let season = values(12, 4000, |task, t| {
            (1000.0 + 100.0 * (t as f64 / 40.0).sin()) as u64 + throw(1, task, t)
        });
        for (name, evidence) in [("sound", sound), ("trend", trend), ("season", season)] {
            let results = RankAgreement.run(&evidence);
            assert!(results[0].p().unwrap() > 1e-6, "{name}: {results:#?}");
        }
    }

    #[test]
    fn sizes_hold() {
        let small = (0..2000)
            .map(|salt| RankAgreement.run(&values(4, 64, |task, t| throw(salt, task, t))))
            .filter(|results| results[0].p().unwrap() <= 0.01)
            .count();
        assert!(
            crate::math::binomial_tails(small as u64, 2000, 0.01).upper() > 1e-6,
            "{small}"
        );
    }
}
