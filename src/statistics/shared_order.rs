//! Values that two streams have in common, in the same order.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{
    StatisticalTest,
    places::{Spot, inapplicable, plain},
};
use crate::{
    core::{Evidence, Format, Law, Marginal},
    math::{Tails, binomial_tails, descents_tails},
    reading::run_on,
    results::{Depth, FindingKind, TestResult, TestSpec, View},
};

/// Values read at most, the first of every stream.
const VALUES: usize = 1 << 22;
/// Shared values at least.
const LEAST: u64 = 8;
/// Pairs whose order is looked at, those that share most first.
const ASKED: usize = 16;
/// A value that more streams have is one the law prefers.
const HOLDERS: usize = 16;
/// What share of the values that come twice in two streams may come once in each.
const ACROSS: f64 = 2.0 / 3.0;

/// The order of values that come once in each of two streams.
pub struct SharedOrder;

const SPEC: TestSpec = TestSpec {
    id: "shared-order",
    null: "where two streams have values in common that come once in each, either the order in which one has them tells nothing of that in which the other has them, or the values also come twice in one of the two",
    statistic: "descents of the places in one stream of the values shared with another, taken in the order of that other; the pair of streams that is least likely",
    law: "the larger of two: of the descents of a random order (Eulerian numbers, Chernoff bound of a sum of uniform numbers); and binomial, that of the values that come twice in two streams two in three and more come once in each, when by the inequality of Cauchy and Schwarz about half may; times the pairs. Values that run on (trends, seasons, counts) have fewer turning points than draws and are not counted",
    sees: "streams that take every p-th draw of one sequence, each with a p of its own; thinned, filtered and merged copies; chaotic maps that fall into step",
    misses: "fewer than a dozen shared values; shared values in another order (see shared-values); uniform bits (see excess-repeats)",
    source: "descents: R. Stanley, Eulerian partitions of a unit hypercube (1977); turning points: I.-J. Bienaymé (1874)",
    finding: FindingKind::RepeatedWords,
    power_on: "one stream of normals has every 3rd draw of a sequence, another every 2nd",
    depth: Depth::Full,
};

impl StatisticalTest for SharedOrder {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let marginal = match evidence.format() {
            Format::Other { marginal, .. } => Some(marginal),
            Format::Bits { .. } => None,
        };
        let fine = matches!(marginal, Some(Marginal::Continuous | Marginal::Grid));
        if !fine || evidence.streams() < 2 {
            return inapplicable(&SPEC, View::Pairs, "real numbers of two streams");
        }
        let each = VALUES / evidence.streams();
        let streams: Vec<&[u64]> = (0..evidence.streams())
            .map(|at| evidence.stream(at))
            .map(|words| &words[..words.len().min(each)])
            .collect();
        plain(&SPEC, vec![measure(evidence, &streams)])
    }
}

/// A value, whose it is, and where.
type Held = (u64, u32, u32);

/// All values, in order.
fn held(streams: &[&[u64]]) -> Vec<Held> {
    let mut held: Vec<Held> = streams
        .par_iter()
        .enumerate()
        .flat_map_iter(|(at, words)| {
            let value = move |(place, &word): (usize, &u64)| (word, at as u32, place as u32);
            words.iter().enumerate().map(value)
        })
        .collect();
    held.par_sort_unstable();
    held
}

/// How many values come once in each of two streams, and how many twice in one.
fn counted(held: &[Held]) -> (HashMap<(u32, u32), u64>, HashMap<u32, u64>) {
    let (mut across, mut within) = (HashMap::new(), HashMap::new());
    let mut once = Vec::new();
    for same in held
        .chunk_by(|x, y| x.0 == y.0)
        .filter(|same| same.len() > 1)
    {
        once.clear();
        for own in same.chunk_by(|x, y| x.1 == y.1) {
            match own {
                [(_, stream, _)] => once.push(*stream),
                [(_, stream, _), _] => *within.entry(*stream).or_default() += 1,
                _ => {}
            }
        }
        if once.len() <= HOLDERS {
            for (at, &a) in once.iter().enumerate() {
                for &b in &once[at + 1..] {
                    *across.entry((a, b)).or_default() += 1;
                }
            }
        }
    }
    (across, within)
}

/// The places in two streams of the values that come once in each, in the order of the first, with
/// the values.
fn places(held: &[Held], (a, b): (u32, u32)) -> Vec<(u32, u32, u64)> {
    let mut shared: Vec<(u32, u32, u64)> = held
        .chunk_by(|x, y| x.0 == y.0)
        .filter_map(|same| {
            let only = |stream: u32| {
                let mut own = same.iter().filter(|value| value.1 == stream);
                own.next().filter(|_| own.next().is_none())
            };
            Some((only(a)?.2, only(b)?.2, same[0].0))
        })
        .collect();
    shared.sort_unstable();
    shared
}

/// How likely a pair has so many values in common, in such an order.
fn ln_p(shared: &[(u32, u32, u64)], within: u64) -> f64 {
    if run_on(shared.iter().map(|value| value.2)) {
        return 0.0;
    }
    let count = shared.len() as u64;
    let falls = shared.windows(2).filter(|two| two[0].1 > two[1].1).count();
    let order = descents_tails(falls as u64, count).ln_two_sided();
    let across = binomial_tails(count, count + within, ACROSS).ln_upper;
    order.max(across)
}

fn measure(evidence: &Evidence, streams: &[&[u64]]) -> Spot {
    let held = held(streams);
    let (across, within) = counted(&held);
    let pairs = (streams.len() * (streams.len() - 1) / 2) as f64;
    let mut asked: Vec<((u32, u32), u64)> = across
        .into_iter()
        .filter(|&(_, count)| count >= LEAST)
        .collect();
    asked.sort_unstable_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
    asked.truncate(ASKED);
    let of = |stream: u32| within.get(&stream).copied().unwrap_or(0);
    let worst = asked
        .par_iter()
        .map(|&(pair, count)| {
            let shared = places(&held, pair);
            (ln_p(&shared, of(pair.0) + of(pair.1)), count, pair)
        })
        .min_by(|x, y| x.0.total_cmp(&y.0).then(x.2.cmp(&y.2)));
    let (ln_p, count, named) = match worst {
        Some((ln_p, count, (a, b))) => (ln_p, count, vec![a, b]),
        None => (0.0, 0, Vec::new()),
    };
    Spot {
        view: View::Pairs,
        detail: format!("values that two streams have in one order, {pairs} pairs"),
        kin: "",
        reach: None,
        streams: named
            .into_iter()
            .map(|at| evidence.id(at as usize))
            .collect(),
        tails: Tails::upper_only(ln_p.min(0.0)).times(pairs),
        law: Law::Exact,
        statistic: count as f64,
        expected: 0.0,
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

    fn p(tasks: u32, words: usize, value: impl Fn(u32, usize) -> u64) -> f64 {
        let source = samples::values(REALS, tasks, words, value);
        SharedOrder.run(&source)[0].p().unwrap()
    }

    /// A sum of four uniforms, kept in order.
    fn real(task: u32, t: usize) -> u64 {
        let mut draw = splitmix(seed(21, task, t as u32));
        (0..4).map(|_| draw() >> 4).sum()
    }

    #[test]
    fn strides_of_their_own_through_one_sequence_are_seen() {
        let strides = [2, 5];
        let found = p(2, 600, |task, t| real(0, strides[task as usize] * t));
        assert!(found < 1e-15, "{found}");
        // One of six is a third of another, with values of its own between them.
        let found = p(6, 600, |task, t| match (task, t % 3) {
            (4, 0) => real(1, t / 2 + t % 2),
            _ => real(task, t),
        });
        assert!(found < 1e-15, "{found}");
    }

    #[test]
    fn pools_trends_seasons_and_coarse_values_are_not_accused() {
        let dealt = |task: u32| {
            let mut draw = splitmix(seed(22, 0, task));
            let mut pool: Vec<usize> = (0..2000).collect();
            for i in 0..1000 {
                let j = i + (draw() % (2000 - i as u64)) as usize;
                pool.swap(i, j);
            }
            pool
        };
        let dealt: Vec<Vec<usize>> = (0..4).map(dealt).collect();
        let noise = |task: u32, t: usize, by: u64| real(task, t) % by;
        let season = |t: usize| ((t as f64 / 50.0).sin() * 1e6 + 2e6) as u64;
        for (name, p) in [
            (
                "pool",
                p(4, 1000, |task, t| real(9, dealt[task as usize][t])),
            ),
            ("coarse", p(4, 1000, |task, t| real(task, t) >> 46)),
            ("clock", p(4, 1000, |_, t| t as u64)),
            (
                "trend",
                p(4, 1000, |task, t| 1000 * t as u64 + noise(task, t, 3000)),
            ),
            (
                "season",
                p(4, 4000, |task, t| season(t) + noise(task, t, 9000)),
            ),
        ] {
            assert!(p > 1e-4, "{name}: {p}");
        }
    }

    #[test]
    fn sizes_hold() {
        let small = (0..500_u32)
            .map(|salt| p(4, 300, |task, t| real(1000 + 4 * salt + task, t) >> 46))
            .filter(|&p| p <= 0.01)
            .count();
        let upper = binomial_tails(small as u64, 500, 0.01).upper();
        assert!(upper > 1e-6, "{small}");
    }
}
