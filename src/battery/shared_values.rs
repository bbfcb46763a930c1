//! Real numbers that two streams have in common, wherever they stand.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{
    Depth, StatisticalTest, TestResult, TestSpec, View,
    places::{Spot, inapplicable, plain},
};
use crate::{
    core::{Evidence, Format, Law, Marginal},
    math::{Tails, binomial_tails},
};

/// Streams at least: a pair is held against the others.
const STREAMS: usize = 4;
/// Values read at most, the first of every stream.
const VALUES: usize = 1 << 22;

/// Values that occur once in each of two streams.
pub struct SharedValues;

const SPEC: TestSpec = TestSpec {
    id: "shared-values",
    null: "values of a stream are independent draws from a law of its own, and streams are independent of each other",
    statistic: "values that occur exactly twice, once in either stream of a pair, against those that occur twice in one of the two; the pair that has most",
    law: "binomial: by the inequality of Cauchy and Schwarz Σ pq ≤ (Σ p² + Σ q²) / 2, such a pair of equal draws lies across two streams of n values with probability at most n / (2n − 1), whatever their laws; times the pairs. The larger of this and of the binomial probability that a random pair of streams gets so many of all shared values, since values dealt without replacement from one pool are shared by all pairs alike. Streams that only rise or only fall take no part",
    sees: "races and torn buffers that hand one draw to two workers now and then, in normals and other real numbers, at any lag and in any order",
    misses: "fewer than about fifty shared values; sharing that is the same for all pairs; fewer than four streams; uniform bits (see excess-repeats)",
    source: "exact conditional test of two Poisson rates: J. Przyborowski, H. Wilenski, Biometrika 31 (1940), doi:10.1093/biomet/31.3-4.313",
    finding: "repeated-words",
    power_on: "one stream of normals takes every 20th value from another, shuffled",
    depth: Depth::Full,
};

impl StatisticalTest for SharedValues {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let needs = || format!("real numbers of at least {STREAMS} streams that go up and down");
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
            .collect();
        if streams.len() < STREAMS {
            return inapplicable(&SPEC, View::Pairs, needs());
        }
        plain(&SPEC, vec![measure(evidence, &streams)])
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
    all: u64,
}

impl Shared {
    fn of(streams: &[(usize, &[u64])]) -> Self {
        let mut values: Vec<(u64, u32)> = streams
            .par_iter()
            .enumerate()
            .flat_map_iter(|(at, (_, words))| words.iter().map(move |&word| (word, at as u32)))
            .collect();
        values.par_sort_unstable();
        let mut shared = Self::default();
        for same in values.chunk_by(|x, y| x.0 == y.0) {
            // A value that comes more often is one the law prefers.
            let [(_, a), (_, b)] = same else { continue };
            if a == b {
                *shared.within.entry(*a).or_default() += 1;
            } else {
                *shared.between.entry((*a, *b)).or_default() += 1;
                shared.all += 1;
            }
        }
        shared
    }
}

fn measure(evidence: &Evidence, streams: &[(usize, &[u64])]) -> Spot {
    let shared = Shared::of(streams);
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
    use crate::battery::samples::{self, seed, splitmix};

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
        for (name, source) in [
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
    fn sizes_hold() {
        let small = (0..1000_u32)
            .map(|salt| values(4, 200, |task, t| real(1000 + 4 * salt + task, t) >> 48))
            .filter(|source| SharedValues.run(source)[0].p().unwrap() <= 0.01)
            .count();
        let upper = binomial_tails(small as u64, 1000, 0.01).upper();
        assert!(upper > 1e-6, "{small}");
    }
}
