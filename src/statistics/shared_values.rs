//! Real numbers that two streams have in common, wherever they stand.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{
    StatisticalTest,
    median_split::{above_median, follows_itself, thins_out},
    places::{Spot, inapplicable, plain},
};
use crate::{
    core::{Evidence, Format, Law, Marginal},
    math::{Tails, binomial_ln_pmf, binomial_tails},
    reading::wander,
    results::{Depth, FindingKind, TestResult, TestSpec, View},
};

/// Streams at least: a pair is held against the others.
const STREAMS: usize = 4;
/// Values read at most, the first of every stream.
const VALUES: usize = 1 << 22;

/// Streams and values of each that show whether their law changes with time; by how many standard
/// deviations a stream may follow itself, and one in how many may do so by more.
const ASKED: usize = 64;
const LOOKED_AT: usize = 4096;
const FOLLOWS: f64 = 4.0;
const FEW: usize = 8;

/// Values that occur once in each of two streams.
pub struct SharedValues;

const SPEC: TestSpec = TestSpec {
    id: "shared-values",
    null: "values of a stream are independent draws from a law of its own, and streams are independent of each other",
    statistic: "values that occur exactly twice, once in either stream of a pair, against those that occur twice in one of the two; the pair that has most; and the lag at which most of all pairs' shared values stand",
    law: "binomial: by the inequality of Cauchy and Schwarz Σ pq ≤ (Σ p² + Σ q²) / 2, such a pair of equal draws lies across two streams of n values with probability at most n / (2n − 1), whatever their laws; times the pairs. The larger of this and of the binomial probability that a random pair of streams gets so many of all shared values, since values dealt without replacement from one pool are shared by all pairs alike. Where streams are exchangeable in time, k of m shared values stand at a given lag with probability at most C(m, k) / (n − s + 1)^k, with n the words of the shortest stream and s the values that any stream shares at most; times the lags. Streams that only rise, only fall or wander take no part",
    sees: "races and torn buffers that hand one draw to two workers now and then, in normals and other real numbers, at any lag and in any order; partial copies at one lag, however few",
    misses: "fewer than about fifty shared values in any order; sharing that is the same for all pairs; fewer than four streams; uniform bits (see excess-repeats)",
    source: "exact conditional test of two Poisson rates: J. Przyborowski, H. Wilenski, Biometrika 31 (1940), doi:10.1093/biomet/31.3-4.313",
    finding: FindingKind::RepeatedWords,
    power_on: "one stream of normals takes every 20th value from another, shuffled",
    depth: Depth::Full,
};

impl StatisticalTest for SharedValues {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let needs = || {
            format!(
                "real numbers of at least {STREAMS} streams that go up and down and do not wander"
            )
        };
        let Format::Other {
            marginal: Marginal::Continuous,
            ..
        } = evidence.format()
        else {
            return inapplicable(&SPEC, View::Pairs, needs());
        };
        let each = VALUES / evidence.streams().max(1);
        let streams: Vec<(usize, &[u64])> = (0..evidence.streams())
            .map(|at| (at, evidence.stream(at)))
            .map(|(at, words)| (at, &words[..words.len().min(each)]))
            .filter(|(_, words)| words.len() > 1 && !words.is_sorted() && !falls(words))
            .filter(|(_, words)| !wander(&words[..words.len().min(LOOKED_AT)]))
            .collect();
        if streams.len() < STREAMS {
            return inapplicable(&SPEC, View::Pairs, needs());
        }
        let shared = Shared::of(&streams);
        let mut spots = vec![measure(evidence, &streams, &shared)];
        if !drift(&streams) {
            spots.push(at_one_lag(&streams, &shared));
        }
        plain(&SPEC, spots)
    }
}

fn falls(words: &[u64]) -> bool {
    words.is_sorted_by(|a, b| a >= b)
}

/// How often values are shared.
#[derive(Default)]
struct Shared {
    /// By two streams.
    between: HashMap<(u32, u32), u64>,
    /// By two places of one stream.
    within: HashMap<u32, u64>,
    /// By two streams, of which the later one has it so many words later than the other.
    at_lag: HashMap<i64, u64>,
    all: u64,
}

impl Shared {
    fn of(streams: &[(usize, &[u64])]) -> Self {
        let mut values: Vec<(u64, u32, u32)> = streams
            .par_iter()
            .enumerate()
            .flat_map_iter(|(at, (_, words))| {
                let placed = words.iter().zip(0..);
                placed.map(move |(&word, place)| (word, at as u32, place))
            })
            .collect();
        values.par_sort_unstable();
        let mut shared = Self::default();
        for same in values.chunk_by(|x, y| x.0 == y.0) {
            // A value that comes more often is one the law prefers.
            let [(_, a, at), (_, b, other)] = same else {
                continue;
            };
            if a == b {
                *shared.within.entry(*a).or_default() += 1;
            } else {
                *shared.between.entry((*a, *b)).or_default() += 1;
                *shared
                    .at_lag
                    .entry(i64::from(*other) - i64::from(*at))
                    .or_default() += 1;
                shared.all += 1;
            }
        }
        shared
    }
}

impl Shared {
    /// Values that any one stream shares with others, at most.
    fn most_of_one(&self) -> u64 {
        let mut of_one: HashMap<u32, u64> = HashMap::new();
        for (&(a, b), &count) in &self.between {
            *of_one.entry(a).or_default() += count;
            *of_one.entry(b).or_default() += count;
        }
        of_one.into_values().max().unwrap_or(0)
    }
}

/// Values that streams share at one lag, of all that two streams share.
fn at_one_lag(streams: &[(usize, &[u64])], shared: &Shared) -> Spot {
    let lengths = || streams.iter().map(|(_, words)| words.len() as f64);
    let lags = 2.0 * lengths().fold(0.0, f64::max);
    let most = shared
        .at_lag
        .iter()
        .max_by_key(|&(lag, count)| (count, -lag.abs(), lag));
    let (lag, count) = most.map_or((0, 0), |(&lag, &count)| (lag, count));
    let shortest = lengths().fold(f64::INFINITY, f64::min);
    // Given all other streams, and where it has the values it shares that were looked at before, a stream
    // has the next one at a given place with probability one in the places that are left.
    let left = (shortest - shared.most_of_one() as f64 + 1.0).max(1.0);
    let (k, all) = (count as f64, shared.all as f64);
    let ln_choices = binomial_ln_pmf(count, shared.all, 0.5) + all * std::f64::consts::LN_2;
    let ln_upper = (ln_choices - k * left.ln()).min(0.0);
    Spot {
        view: View::Pairs,
        detail: format!("values that two streams share {lag} words apart, {lags} lags"),
        kin: "lag",
        reach: None,
        streams: Vec::new(),
        tails: Tails::upper_only(ln_upper).times(lags),
        law: Law::Exact,
        statistic: k,
        expected: all / shortest,
    }
}

/// Whether the law of most streams' values changes with time: their places above the median, or those far
/// from it, follow one another or thin out. Then values that have become equal by chance, where there are
/// few at any time, are equal at one time.
fn drift(streams: &[(usize, &[u64])]) -> bool {
    let looked_at = &streams[..streams.len().min(ASKED)];
    let drifts = |words: &[u64]| {
        let words = &words[..words.len().min(LOOKED_AT)];
        let middle = *words.to_vec().select_nth_unstable(words.len() / 2).1;
        let far = words.iter().map(|word| i128::from(word.abs_diff(middle)));
        let values: Vec<i128> = words.iter().map(|&word| i128::from(word)).collect();
        [values, far.collect()].iter().any(|values| {
            let (bits, count) = above_median(values);
            follows_itself(&bits, words.len(), FOLLOWS) || thins_out(&bits, words.len(), count)
        })
    };
    let drifting = looked_at.par_iter().filter(|(_, words)| drifts(words));
    FEW * drifting.count() > looked_at.len()
}

fn measure(evidence: &Evidence, streams: &[(usize, &[u64])], shared: &Shared) -> Spot {
    let pairs = (streams.len() * (streams.len() - 1) / 2) as f64;
    let words = |at: u32| streams[at as usize].1.len() as f64;
    let total: f64 = (0..streams.len()).map(|at| words(at as u32)).sum();
    let longest = (0..streams.len())
        .map(|at| words(at as u32))
        .fold(0.0, f64::max);
    let ln_p = |pair: (u32, u32), count: u64| {
        let within = |at: u32| shared.within.get(&at).copied().unwrap_or(0);
        let both = count + within(pair.0) + within(pair.1);
        let (n, m) = (words(pair.0), words(pair.1));
        // 2 n m Σ pq ≤ n m (Σ p² + Σ q²), of which n (n − 1) Σ p² + m (m − 1) Σ q² lie within.
        let ratio = n * m / (n.min(m) * (n.min(m) - 1.0));
        let across = binomial_tails(count, both, ratio / (1.0 + ratio)).ln_upper;
        // No pair has a larger share of all pairs of values than two of the longest streams.
        let share = (2.0 * longest * longest / (total * total)).max(1.0 / pairs);
        let here = binomial_tails(count, shared.all, share.min(1.0)).ln_upper;
        across.max(here)
    };
    let worst = shared
        .between
        .iter()
        .map(|(&pair, &count)| (ln_p(pair, count), count, pair))
        .min_by(|x, y| x.0.total_cmp(&y.0).then(x.2.cmp(&y.2)));
    let (tails, count, named) = match worst {
        Some((ln_p, count, (a, b))) => (
            Tails::upper_only(ln_p.min(0.0)).times(pairs),
            count,
            vec![a, b],
        ),
        None => (Tails::CERTAIN, 0, Vec::new()),
    };
    Spot {
        view: View::Pairs,
        detail: format!("values that two streams share, {pairs} pairs"),
        kin: "",
        reach: None,
        streams: named
            .into_iter()
            .map(|at| evidence.id(streams[at as usize].0))
            .collect(),
        tails,
        law: Law::Exact,
        statistic: count as f64,
        expected: shared.all as f64 / pairs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::{self, seed, splitmix};

    const REALS: Format = Format::Other {
        marginal: Marginal::Continuous,
        bits_per_element: 24.0,
    };

    fn values(tasks: u32, words: usize, value: impl Fn(u32, usize) -> u64) -> Evidence {
        samples::values(REALS, tasks, words, value)
    }

    /// A sum of four uniforms, kept in order.
    fn real(task: u32, t: usize) -> u64 {
        let mut draw = splitmix(seed(11, task, t as u32));
        (0..4).map(|_| draw() >> 4).sum()
    }

    #[test]
    fn values_that_two_streams_share_in_any_order_are_seen() {
        let source = values(8, 4000, |task, t| match (task, t % 20) {
            (5, 0) => real(2, (t * 37 + 11) % 4000),
            _ => real(task, t),
        });
        let results = SharedValues.run(&source);
        assert!(results[0].p().unwrap() < 1e-30, "{results:#?}");
        let tasks: Vec<u32> = results[0].streams.iter().map(|id| id.task.0).collect();
        assert_eq!(tasks, [2, 5]);
    }

    #[test]
    fn few_values_shared_at_one_lag_are_seen() {
        // Any stream takes one value in fifty from any other, three words later.
        let source = values(8, 1000, |task, t| {
            match splitmix(seed(13, task, t as u32))() {
                draw if t >= 3 && draw % 50 == 0 => real((draw >> 32) as u32 % 8, t - 3),
                _ => real(task, t),
            }
        });
        let results = SharedValues.run(&source);
        assert!(results[0].p().unwrap() < 1e-30, "{results:#?}");
    }

    #[test]
    fn coarse_values_pools_and_clocks_are_not_accused() {
        let coarse = values(8, 4000, |task, t| real(task, t) >> 40);
        // Two scales, of which one is that of two streams only.
        let scales = values(8, 4000, |task, t| match task {
            2 | 5 => 1 << 50 | real(task, t) >> 44,
            _ => real(task, t),
        });
        // Of a pool of 20,000 values each stream takes 4,000 different ones.
        let dealt: Vec<Vec<usize>> = (0..8)
            .map(|task| {
                let (mut draw, mut pool) = (splitmix(seed(12, 0, task)), (0..20_000).collect());
                let pool: &mut Vec<usize> = &mut pool;
                for i in 0..4000 {
                    let j = i + (draw() % (20_000 - i as u64)) as usize;
                    pool.swap(i, j);
                }
                pool[..4000].to_vec()
            })
            .collect();
        let pool = values(8, 4000, |task, t| real(99, dealt[task as usize][t]));
        let clock = values(8, 4000, |task, t| 1000 * t as u64 + real(task, t) % 1000);
        // Few values at any time, which grow; which rise and fall.
        let growing = values(8, 4000, |task, t| {
            (1 << 60) + (t as u64 * t as u64) * (1 + real(task, t) % 200)
        });
        let season = values(8, 4000, |task, t| {
            let scale = 2.0 + (t as f64 / 50.0).sin();
            (scale * ((1_u64 << 40) * (real(task, t) % 200)) as f64) as u64
        });
        for (name, source) in [
            ("growing", growing),
            ("season", season),
            ("coarse", coarse),
            ("scales", scales),
            ("pool", pool),
            ("clock", clock),
        ] {
            let p = SharedValues.run(&source)[0].p().unwrap_or(1.0);
            assert!(p > 1e-6, "{name}: {p}");
        }
    }

    #[test]
    fn the_size_of_the_lag_holds_where_much_is_shared() {
        // Permutations of one list: all is shared, at lags of chance.
        let small = (0..1000_u64)
            .filter(|&salt| {
                let mut streams: Vec<Vec<u64>> = Vec::new();
                for task in 0..4 {
                    let mut draw = splitmix(seed(14, task, salt as u32));
                    let mut words: Vec<u64> = (0..12).map(|i| real(50 + task % 2, i)).collect();
                    words.extend((12..20).map(|i| real(100 + task, i)));
                    for i in (1..words.len()).rev() {
                        words.swap(i, (draw() % (i as u64 + 1)) as usize);
                    }
                    streams.push(words);
                }
                let source = samples::ragged(&streams, REALS);
                let streams: Vec<(usize, &[u64])> =
                    (0..4).map(|at| (at, source.stream(at))).collect();
                at_one_lag(&streams, &Shared::of(&streams)).tails.upper() <= 0.01
            })
            .count();
        let upper = binomial_tails(small as u64, 1000, 0.01).upper();
        assert!(upper > 1e-6, "{small}");
    }

    #[test]
    fn sizes_hold() {
        let small = (0..1000_u32)
            .map(|salt| values(4, 200, |task, t| real(1000 + 4 * salt + task, t) >> 48))
            .filter(|source| SharedValues.run(source)[0].p().unwrap() <= 0.01)
            .count();
        let upper = binomial_tails(small as u64, 1000, 0.01).upper();
        assert!(upper > 1e-6, "{small}");
    }
}
