//! Independence of streams whose values are not uniform bits: by ranks.

use super::{
    StatisticalTest,
    all_pairs::Extreme,
    median_split::{Reading, Split, WORDS, readings},
    places::{Spot, inapplicable, plain},
    views::Frame,
};
use crate::{
    core::{Evidence, Format, Law},
    math::{Tails, hypergeometric_tails},
    results::{Depth, FindingKind, TestResult, TestSpec, View},
};

/// By how much it must stand out to count.
const STANDS_OUT: f64 = 1.5;
/// Pairs that are asked whether they do, the furthest first.
const ASKED: usize = 16;

/// Median-split agreement of all pairs.
pub struct RankAgreement;

const SPEC: TestSpec = TestSpec {
    id: "rank-agreement",
    null: "for any two streams, the indices at which one is above its median are no more often than chance those at which the other is above its own; the same of every 8th value, of the changes from one value to the next and within every two, of the bends of every three, of the sums of one value and the next, and of being outside one's quartiles",
    statistic: "indices at which both streams are in their upper halves, the furthest of all pairs: of values, of every 8th, of changes, of bends, of sums, of distances from the middle",
    law: "hypergeometric given each stream's count, exact where one of the two is exchangeable in time; times the pairs. A sequence that follows itself at any of the lags 1 to 64, 128, 256 … is not compared, so that of random walks only the changes are, and of independent values only the values; leaving out can only lower the chance of an alarm. Counted only where the aligned agreement also stands out by half among 256 shifts of one stream against the other: spikes, trends and seasons that streams have in common agree at many shifts and never convict",
    sees: "streams of normals, dice or decimals that agree or oppose each other at equal index, whatever increasing map lies between them (scaled, shifted, exponentials of one and uniforms of the other); random walks and autoregressive series, also those that go up and down in turn, that share their noise, and noise on trends and seasons; normals that share the radius of their pairs, or one volatility",
    misses: "relations that leave ranks independent; series that remember more than eight values and whose changes follow each other too; at most 2,048 streams are paired",
    source: "J. Neyman, E. S. Pearson (1933) for the conditional law; H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18 (1947), doi:10.1214/aoms/1177730491: ranks",
    finding: FindingKind::CorrelatedStreams,
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
        let spots: Vec<Spot> = readings(&frame)
            .map(|(reading, split)| measure(&frame, reading, &split))
            .collect();
        if spots.is_empty() {
            return inapplicable(
                &SPEC,
                View::Pairs,
                format!(
                    "two streams of {WORDS} values that are not all equal and do not follow each other"
                ),
            );
        }
        plain(&SPEC, spots)
    }
}

fn measure(frame: &Frame<'_>, reading: Reading, split: &Split) -> Spot {
    let pairs = (split.rows.len() * (split.rows.len() - 1) / 2) as f64;
    let furthest: Vec<Extreme> = split.upper.furthest(
        |_, a, b, differing| {
            // In millionths of a standard deviation.
            let departure = split.departure(a, b, split.shared(a, b, differing));
            Some((departure * 1e6) as u64)
        },
        ASKED,
    );
    let shared = |pair: &Extreme| split.shared(pair.a, pair.b, pair.value as u64);
    let standing = furthest.iter().find(|pair| {
        let aligned = split.departure(pair.a, pair.b, shared(pair));
        aligned >= STANDS_OUT * split.elsewhere(pair.a, pair.b)
    });
    let told = standing
        .or(furthest.first())
        .expect("two streams make a pair");
    let (m, d) = (split.counts[told.a], split.counts[told.b]);
    let tails = match standing {
        Some(_) => hypergeometric_tails(shared(told), split.words as u64, m, d).times(pairs),
        None => Tails::CERTAIN,
    };
    Spot {
        view: View::Pairs,
        kin: "",
        reach: None,
        detail: format!(
            "both in the upper halves of their {}, {pairs} pairs{}",
            reading.name(),
            if standing.is_some() {
                ""
            } else {
                "; as much at other shifts, so of the values, not of the streams"
            }
        ),
        streams: vec![frame.id(split.rows[told.a]), frame.id(split.rows[told.b])],
        tails,
        law: Law::Exact,
        statistic: shared(told) as f64,
        expected: m as f64 * d as f64 / split.words as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::Marginal,
        statistics::samples::{self, seed, splitmix},
    };

    fn values(tasks: u32, words: usize, value: impl Fn(u32, usize) -> u64) -> Evidence {
        let format = Format::Other {
            marginal: Marginal::Categorical,
            bits_per_element: 2.6,
        };
        samples::values(format, tasks, words, value)
    }

    /// A series of signed numbers, kept in order.
    fn series(tasks: u32, words: usize, each: impl Fn(u32) -> Vec<f64>) -> Evidence {
        let all: Vec<Vec<u64>> = (0..tasks)
            .map(|task| {
                let image = |x: f64| (x * 1e9) as i64 as u64 ^ 1 << 63;
                each(task).into_iter().take(words).map(image).collect()
            })
            .collect();
        values(tasks, words, |task, t| all[task as usize][t])
    }

    /// An autoregressive series of its own noise: x(t) = keep · x(t − 1) + noise.
    fn autoregressive(noise: u64, start: f64, keep: f64, words: usize) -> Vec<f64> {
        let mut draw = splitmix(noise);
        let mut uniform = move || (draw() >> 11) as f64 / (1_u64 << 53) as f64 - 0.5;
        let mut x = start;
        (0..words)
            .map(|_| {
                // Four uniforms are near enough to a normal.
                x = keep * x + uniform() + uniform() + uniform() + uniform();
                x
            })
            .collect()
    }

    #[test]
    fn series_that_share_their_noise_are_seen() {
        for keep in [0.0, 0.3, 0.6, 0.9, 0.99, 1.0] {
            let shared = series(12, 4096, |task| {
                let noise = seed(6, 0, if task == 9 { 4 } else { task });
                autoregressive(noise, f64::from(task) * 7.0, keep, 4096)
            });
            let results = RankAgreement.run(&shared);
            let p = results[0].p().unwrap();
            assert!(p < 1e-20, "{keep}: {results:#?}");
            let tasks: Vec<u32> = results[0].streams.iter().map(|id| id.task.0).collect();
            assert_eq!(tasks, [4, 9], "{keep}");
        }
    }

    #[test]
    fn noise_on_trends_of_their_own_is_seen() {
        let trends: [fn(u32, f64) -> f64; 3] = [
            |task, t| f64::from(task) * t,
            |task, t| 300.0 * (t * (0.03 + f64::from(task) * 1e-3)).sin(),
            |task, t| 4000.0 / (t + 20.0) * (1.0 + f64::from(task)),
        ];
        for (at, trend) in trends.into_iter().enumerate() {
            let shared = series(12, 1500, |task| {
                let noise =
                    autoregressive(seed(8, 0, if task == 9 { 4 } else { task }), 0.0, 0.0, 1500);
                noise
                    .into_iter()
                    .zip(0..)
                    .map(|(x, t)| x + trend(task, f64::from(t)))
                    .collect()
            });
            let results = RankAgreement.run(&shared);
            assert!(results[0].p().unwrap() < 1e-20, "{at}: {results:#?}");
            let own = series(12, 1500, |task| {
                let noise = autoregressive(seed(8, 1, task), 0.0, 0.0, 1500);
                noise
                    .into_iter()
                    .zip(0..)
                    .map(|(x, t)| x + trend(task, f64::from(t)))
                    .collect()
            });
            assert!(RankAgreement.run(&own)[0].p().unwrap() > 1e-3, "{at}");
        }
    }

    #[test]
    fn increasing_maps_do_not_hide_a_copy() {
        let uniform = |task: u32, t: usize| {
            let task = if task == 9 { 4 } else { task };
            (splitmix(seed(7, task, t as u32))() >> 11) as f64 / (1_u64 << 53) as f64
        };
        let source = series(12, 512, |task| {
            (0..512)
                .map(|t| match task {
                    9 => -(-uniform(task, t)).ln_1p(),
                    _ => uniform(task, t),
                })
                .collect()
        });
        let results = RankAgreement.run(&source);
        assert!(results[0].p().unwrap() < 1e-50, "{results:#?}");
    }

    #[test]
    fn independent_series_do_not_convict() {
        // Eight hundred checks: the least p-value of all must be one that chance makes.
        let mut least = 1.0_f64;
        for salt in 0..100 {
            for (i, keep) in [0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0]
                .into_iter()
                .enumerate()
            {
                let own = series(24, 1024, |task| {
                    autoregressive(seed(salt, i as u32, task), 0.0, keep, 1024)
                });
                for result in RankAgreement.run(&own) {
                    least = least.min(result.p().unwrap_or(1.0));
                }
            }
        }
        assert!(least > 1e-6, "{least}");
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
            // Where all streams follow themselves, none is compared.
            let quiet = results[0].p().is_none_or(|p| p > 1e-6);
            assert!(quiet, "{name}: {results:#?}");
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
