//! Pairs of streams whose values are in one order, at equal or proportional indices or backwards.

use rayon::prelude::*;

use super::{
    StatisticalTest,
    limits::ALL_PAIRS_OF,
    places::{Spot, attributed, inapplicable, stands_out},
    views::mix,
};
use crate::{
    math::{Tails, descents_tails},
    reading::run_on,
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Places that are compared: more find weaker agreement of ranks, in time that grows as much.
const PLACES: usize = 512;
/// Places at least: fewer tell nothing.
const LEAST: usize = 16;
/// The first of them, by which most pairs are let go: fewer lose weaker pairs.
const FIRST: usize = 64;
/// Standard deviations by which these must depart for a pair to be kept: raising it saves time and loses
/// weaker pairs.
const KEPT: f64 = 4.0;
/// Streams of which all pairs are compared in other ways than at equal indices (backwards, at another rate):
/// more look at more.
const FEW: usize = 64;
/// Rates at which one stream may draw faster than another.
const RATES: std::ops::RangeInclusive<usize> = 2..=4;
/// The nearest shifts that a pair must stand out among: what also holds there is that both run on.
const NEAR: usize = 32;
/// Further shifts, drawn by hash.
const SHIFTS: usize = 64;
/// Pairs that are asked whether they stand out, the furthest first: more find one among many that run on.
const ASKED: usize = 16;
/// Bits of elements that hardly ever tie: the law of descents holds without ties.
const WIDE: u32 = 16;

/// Order of one stream's values in the order of another's.
pub struct RankOrder;

const SPEC: TestSpec = TestSpec {
    id: "rank-order",
    null: "for any two streams, the order of the values of one tells nothing of that of the other: at equal indices, with one of them backwards, or with one of them read at two, three or four times the rate",
    statistic: "descents of one stream's values, taken in the order of the other's; the pair and the arrangement that is least likely",
    law: &[
        "descents of a random order (Eulerian numbers, Chernoff bound of a sum of uniform numbers), exact where one of the two is exchangeable in time",
        "equal values count against an alarm",
        "times the pairs and arrangements",
        "counted only where the pair also stands out by half among shifts of one stream against the other: counters agree at many shifts",
    ],
    sees: &[
        "copies through any increasing or decreasing map, however short the streams",
        "copies backwards in time and mapped",
        "one seed drawn as doubles here and as floats there, or every second draw thrown away",
    ],
    misses: &[
        "copies with noise or gaps (see lag-agreement)",
        "words below 16 bits",
        "more than 512 streams, and more than 64 but at equal indices",
    ],
    source: "R. Stanley, Eulerian partitions of a unit hypercube, in Higher Combinatorics (1977)",
    finding: FindingKind::CorrelatedStreams,
    power_on: "the top 24 bits of every second word of another stream",
    depth: Depth::Full,
};

impl StatisticalTest for RankOrder {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let wide = evidence
            .format()
            .uniform_width()
            .is_some_and(|width| width >= WIDE);
        let long = (0..evidence.streams()).filter(|&at| evidence.stream(at).len() >= LEAST);
        let streams: Vec<usize> = long.take(ALL_PAIRS_OF).collect();
        if !wide || streams.len() < 2 {
            let needs = format!("two streams of {LEAST} words that hardly ever tie");
            return inapplicable(&SPEC, View::Pairs, needs);
        }
        let (spot, control) = measure(evidence, &streams);
        attributed(&SPEC, vec![spot], || Some(vec![control]))
    }
}

/// How the indices of two streams belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arranged {
    Equal,
    Backwards,
    Faster { rate: usize, phase: usize },
}

impl Arranged {
    fn all() -> Vec<Self> {
        let faster =
            RATES.flat_map(|rate| (0..rate).map(move |phase| Self::Faster { rate, phase }));
        [Self::Equal, Self::Backwards]
            .into_iter()
            .chain(faster)
            .collect()
    }

    fn name(self) -> String {
        match self {
            Self::Equal => "at equal indices".into(),
            Self::Backwards => "one of them backwards".into(),
            Self::Faster { rate, phase } => {
                format!("one of them read at one index in {rate}, from {phase}")
            }
        }
    }

    /// The places of the first stream that are compared, at most so many, in the order of its values.
    fn order(self, a: &[u64], places: usize) -> Vec<u32> {
        let (rate, phase) = match self {
            Self::Faster { rate, phase } => (rate, phase),
            _ => (1, 0),
        };
        let read = a.iter().skip(phase).step_by(rate).take(places);
        let mut order: Vec<(u64, u32)> = read.zip(0..).map(|(&value, at)| (value, at)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, at)| at).collect()
    }

    /// Falls of the second stream's values in that order, where it is read later by some places of so
    /// many, or fewer if it is shorter.
    fn falls(self, order: &[u32], (a, b): (&[u64], &[u64]), shift: usize) -> Falls {
        if self == Self::Backwards && a.len() != b.len() {
            return Falls::default();
        }
        let around = b.len().min(order.len());
        let value = |at: u32| {
            let at = (at as usize + shift) % around;
            b[if self == Self::Backwards {
                b.len() - 1 - at
            } else {
                at
            }]
        };
        let mut falls = Falls::default();
        let mut before = None;
        for &at in order.iter().filter(|at| (**at as usize) < around) {
            let value = value(at);
            falls.certain += u64::from(before.is_some_and(|before| value < before));
            falls.ties += u64::from(before == Some(value));
            falls.places += 1;
            before = Some(value);
        }
        falls
    }
}

/// How often one stream's values fall in the order of another's.
#[derive(Clone, Copy, Debug, Default)]
struct Falls {
    certain: u64,
    ties: u64,
    places: u64,
}

impl Falls {
    /// How far from half the places, in standard deviations, at least.
    fn departure(self) -> f64 {
        let places = self.places as f64;
        let half = (places - 1.0) / 2.0;
        let most = (self.certain + self.ties) as f64;
        let far = (half - most).max(self.certain as f64 - half);
        far.max(0.0) / ((places + 1.0) / 12.0).sqrt()
    }

    /// Equal values count against both tails.
    fn tails(self) -> Tails {
        Tails::new(
            descents_tails(self.certain + self.ties, self.places).ln_lower,
            descents_tails(self.certain, self.places).ln_upper,
        )
    }
}

/// The falls that depart furthest at other shifts.
fn elsewhere(arranged: Arranged, order: &[u32], both: (&[u64], &[u64])) -> Falls {
    let around = both.1.len().min(order.len()).max(2);
    let others = (0..SHIFTS).map(|i| 1 + (mix(i as u64) % (around as u64 - 1)) as usize);
    (1..=NEAR.min(around - 1))
        .chain(others)
        .map(|shift| arranged.falls(order, both, shift))
        .max_by(|x, y| x.departure().total_cmp(&y.departure()))
        .unwrap_or_default()
}

/// Two streams, how they are arranged, and how far they depart.
type Candidate = (f64, usize, usize, Arranged);

/// The pairs that depart most, furthest first, and how many comparisons there are.
fn candidates(evidence: &Evidence, streams: &[usize]) -> (Vec<Candidate>, f64) {
    let arrangements = Arranged::all();
    let (count, few) = (streams.len(), streams.len().min(FEW));
    let ways = |arranged: &Arranged| match arranged {
        Arranged::Equal => count * (count - 1) / 2,
        Arranged::Backwards => few * (few - 1) / 2,
        Arranged::Faster { .. } => few * (few - 1),
    };
    let compared: usize = arrangements.iter().map(ways).sum();
    let of = |at: usize| evidence.stream(streams[at]);
    let mut found: Vec<Candidate> = (0..count)
        .into_par_iter()
        .flat_map_iter(|at| {
            let a = of(at);
            let mut kept = Vec::new();
            for &arranged in &arrangements {
                // Of two streams either may be the faster; else the pair is one.
                let others = match arranged {
                    Arranged::Equal => at + 1..count,
                    _ if at >= few => 0..0,
                    Arranged::Backwards => at + 1..few,
                    Arranged::Faster { .. } => 0..few,
                };
                if others.is_empty() {
                    continue;
                }
                let order = arranged.order(a, FIRST);
                for other in others.filter(|&other| other != at) {
                    if arranged.falls(&order, (a, of(other)), 0).departure() >= KEPT {
                        let order = arranged.order(a, PLACES);
                        let far = arranged.falls(&order, (a, of(other)), 0).departure();
                        kept.push((far, streams[at], streams[other], arranged));
                    }
                }
            }
            kept
        })
        .collect();
    found.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    found.truncate(ASKED);
    (found, compared as f64)
}

/// The pair that is least likely, and as its control the same pair at the shift that is.
fn measure(evidence: &Evidence, streams: &[usize]) -> (Spot, Spot) {
    let (found, compared) = candidates(evidence, streams);
    let told = found.into_iter().find_map(|(far, a, b, arranged)| {
        let both = (evidence.stream(a), evidence.stream(b));
        let runs_on = |words: &[u64]| run_on(words.iter().take(PLACES).copied());
        if runs_on(both.0) || runs_on(both.1) {
            return None;
        }
        let order = arranged.order(both.0, PLACES);
        let shifted = elsewhere(arranged, &order, both);
        stands_out(far, shifted.departure())
            .then(|| (a, b, arranged, arranged.falls(&order, both, 0), shifted))
    });
    let spot = |falls: Falls, times: f64| {
        Spot::new(
            View::Pairs,
            format!(
                "falls of one stream in the order of another{}, {compared} comparisons",
                told.map_or_else(String::new, |told| format!(", {}", told.2.name()))
            ),
            falls.tails().times(times),
            (
                falls.certain as f64,
                (falls.places as f64 - 1.0).max(0.0) / 2.0,
            ),
        )
        .of(told.map_or_else(Vec::new, |(a, b, ..)| {
            vec![evidence.id(a.min(b)), evidence.id(a.max(b))]
        }))
    };
    let (falls, shifted) = told.map_or_else(Default::default, |told| (told.3, told.4));
    (spot(falls, compared), spot(shifted, (NEAR + SHIFTS) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        statistics::samples::{seed, splitmix, values},
        vocabulary::Format,
    };

    const DOUBLES: Format = Format::Bits { width: 53 };

    fn drawn(task: u32, t: usize) -> u64 {
        splitmix(seed(51, task, t as u32))() >> 11 << 11
    }

    fn p(tasks: u32, words: usize, value: impl Fn(u32, usize) -> u64) -> f64 {
        RankOrder.run(&values(DOUBLES, tasks, words, value))[0]
            .p()
            .unwrap()
    }

    #[test]
    fn maps_of_short_streams_backwards_and_at_other_rates_are_seen() {
        type Values = fn(u32, usize) -> u64;
        let cases: [(&str, Values, usize); 3] = [
            (
                "mapped",
                |task, t| match task {
                    3 => drawn(1, t) >> 3 & u64::MAX << 11,
                    _ => drawn(task, t),
                },
                60,
            ),
            (
                "backwards",
                |task, t| match task {
                    3 => u64::MAX << 11 & !drawn(1, 199 - t),
                    _ => drawn(task, t),
                },
                200,
            ),
            (
                "every third",
                |task, t| match task {
                    3 => drawn(1, 3 * t + 2) >> 1 & u64::MAX << 11,
                    _ => drawn(task, t),
                },
                300,
            ),
        ];
        for (name, value, words) in cases {
            let found = p(6, words, value);
            assert!(found < 1e-12, "{name}: {found}");
        }
    }

    #[test]
    fn counters_do_not_convict() {
        let adds = |task: u32, t: usize| {
            drawn(task, 0).wrapping_add(0x9e37_79b9_7f4a_7800_u64.wrapping_mul(t as u64))
        };
        assert!(p(6, 600, adds) > 1e-4);
    }

    #[test]
    fn sizes_hold() {
        let small = (0..400_u32)
            .filter(|salt| p(8, 40, |task, t| drawn(100 + 8 * salt + task, t)) <= 0.01)
            .count();
        assert!(small <= 12, "{small} of 400");
    }
}
