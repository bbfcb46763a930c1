//! What all streams of values that are not uniform bits have in common: one half of the streams
//! against the other.

use rayon::prelude::*;

use super::{
    StatisticalTest,
    median_split::{
        FOLLOWS, Reading, Split, WORDS, above_median, departure, follows_itself, readings,
        shared_at,
    },
    places::{Spot, inapplicable, plain},
    views::{Frame, mix},
};
use crate::{
    core::{Evidence, Format, Law, Marginal},
    math::{Tails, hypergeometric_tails, matches_tails},
    results::{Depth, FindingKind, TestResult, TestSpec, View},
};

/// By how much the aligned halves must stand out among shifted ones.
const STANDS_OUT: f64 = 1.5;
/// Shifts of one half against the other: all up to so many.
const SHIFTS: usize = 4096;
/// Shifts at which the commonest values are compared.
const SHIFTS_OF_COMMONEST: usize = 64;
/// Values of a column block, of all streams together, whose commonest are looked for at most.
const COUNTED: usize = 1 << 24;

/// Components shared by all streams, by rank.
pub struct RankComponent;

const SPEC: TestSpec = TestSpec {
    id: "rank-component",
    null: "at any index, how many streams of one half are above their own medians tells nothing of how many of the other half are; nor does the commonest value of the one half",
    statistic: "indices at which both halves are above the median of their counts, the furthest of three ways to halve and of values, every 8th, changes and distances from the middle; of few different values also the indices at which the commonest value of both halves is one",
    law: "hypergeometric given both counts, and factorial moments of the matches of two lists of which one is shuffled; exact (a bound) where one half is exchangeable in time. Streams, and halves, that follow themselves at any of the lags 1 to 64, 128, 256 … are left out, and what agrees half as well at any of up to 4,096 shifts of one half against the other never convicts: trends, seasons and spikes that streams have in common are no flaw of their seeding",
    sees: "a weak component common to all streams, far below what any pair shows: 64 streams of normals with a correlation of one hundredth, dice of which one throw in ten is shared, a common volatility",
    misses: "components that only a few streams share, or that only streams which follow themselves share; at most 2,048 streams are taken",
    source: "W. G. Cochran, The distribution of quadratic forms, Math. Proc. Camb. Phil. Soc. 30 (1934), doi:10.1017/S0305004100016595: variances between and within; split halves after C. Spearman, Brit. J. Psychol. 3 (1910)",
    finding: FindingKind::CommonComponent,
    power_on: "64 streams of dice share one throw in ten",
    depth: Depth::Full,
};

impl StatisticalTest for RankComponent {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        if let Format::Bits { .. } = evidence.format() {
            return inapplicable(
                &SPEC,
                View::Column,
                "values that are not uniform bits (see common-component)",
            );
        }
        let frame = Frame::new(evidence);
        let few_values = matches!(
            evidence.format().marginal(),
            Some(Marginal::Grid | Marginal::Categorical)
        );
        let mut spots = Vec::new();
        for (reading, split) in readings(&frame).filter(|(_, split)| split.rows.len() >= 4) {
            for halves in Halves::ALL {
                spots.extend(agreement(&split, reading, halves));
            }
            if few_values && reading == Reading::Values {
                spots.extend(commonest(&frame, &split));
            }
        }
        if spots.is_empty() {
            return inapplicable(
                &SPEC,
                View::Column,
                format!(
                    "four streams of {WORDS} values that are not all equal and do not follow each other"
                ),
            );
        }
        plain(&SPEC, spots)
    }
}

/// How streams are halved.
#[derive(Clone, Copy)]
enum Halves {
    Alternating,
    Successive,
    Mixed,
}

impl Halves {
    const ALL: [Self; 3] = [Self::Alternating, Self::Successive, Self::Mixed];

    const fn name(self) -> &'static str {
        match self {
            Self::Alternating => "every other stream against the rest",
            Self::Successive => "the first half of the streams against the second",
            Self::Mixed => "half of the streams against the rest",
        }
    }

    /// Whether the place-th of so many streams is of the first half.
    fn is_first(self, place: usize, streams: usize) -> bool {
        match self {
            Self::Alternating => place.is_multiple_of(2),
            Self::Successive => 2 * place < streams,
            Self::Mixed => mix(place as u64 / 2) & 1 == place as u64 % 2,
        }
    }
}

/// How many streams of one half are above their medians, index by index.
fn counts(split: &Split, halves: Halves, first: bool) -> Vec<i128> {
    let streams = split.rows.len();
    let mut counts = vec![0_i128; split.words];
    counts
        .par_chunks_mut(64)
        .enumerate()
        .for_each(|(block, counts)| {
            for place in (0..streams).filter(|&at| halves.is_first(at, streams) == first) {
                let bits = split.upper.plane(place, 0)[block];
                for (bit, count) in counts.iter_mut().enumerate() {
                    *count += i128::from(bits >> bit & 1);
                }
            }
        });
    counts
}

/// `None` where a half follows itself.
fn agreement(split: &Split, reading: Reading, halves: Halves) -> Option<Spot> {
    let half = |first: bool| {
        let (bits, count) = above_median(&counts(split, halves, first));
        let told =
            count > 0 && count < split.words as u64 && !follows_itself(&bits, split.words, FOLLOWS);
        told.then_some((bits, count))
    };
    let ((a, m), (b, d)) = (half(true)?, half(false)?);
    let words = split.words;
    let shared = (a.iter().zip(&b))
        .map(|(a, b)| u64::from((a & b).count_ones()))
        .sum::<u64>();
    let elsewhere = (1..words.min(SHIFTS + 1))
        .into_par_iter()
        .map(|shift| departure(words, m, d, shared_at(&a, &b, words, shift)))
        .reduce(|| 0.0, f64::max);
    let stands = departure(words, m, d, shared) >= STANDS_OUT * elsewhere;
    Some(spot(
        format!(
            "{}, both in their upper halves, of {}",
            halves.name(),
            reading.name()
        ),
        stands,
        hypergeometric_tails(shared, words as u64, m, d),
        shared as f64,
        m as f64 * d as f64 / words as f64,
    ))
}

fn spot(detail: String, stands: bool, tails: Tails, statistic: f64, expected: f64) -> Spot {
    Spot {
        view: View::Column,
        kin: "",
        reach: None,
        detail,
        streams: Vec::new(),
        tails: if stands { tails } else { Tails::CERTAIN },
        law: Law::Exact,
        statistic,
        expected,
    }
}

/// Indices at which every other stream and the rest have the same commonest value.
fn commonest(frame: &Frame<'_>, split: &Split) -> Option<Spot> {
    let streams = split.rows.len();
    let words = frame.words().min(COUNTED / streams);
    if words < WORDS {
        return None;
    }
    let half = |first: bool| -> Vec<Option<u64>> {
        let rows: Vec<&[u64]> = (0..streams)
            .filter(|&at| Halves::Alternating.is_first(at, streams) == first)
            .map(|at| frame.row(split.rows[at]))
            .collect();
        (0..words)
            .into_par_iter()
            .map(|t| {
                let mut column: Vec<u64> = rows.iter().map(|row| row[t]).collect();
                column.sort_unstable();
                column
                    .chunk_by(|a, b| a == b)
                    .filter(|same| same.len() > 1)
                    .max_by_key(|same| same.len())
                    .map(|same| same[0])
            })
            .collect()
    };
    let (a, b) = (half(true), half(false));
    let matches = |shift: usize| {
        (0..words)
            .filter(|&t| a[t].is_some() && a[t] == b[(t + shift) % words])
            .count() as u64
    };
    let times = |values: &[Option<u64>]| {
        let mut times = std::collections::BTreeMap::new();
        for value in values.iter().flatten() {
            *times.entry(*value).or_insert(0_u64) += 1;
        }
        times
    };
    let right = times(&b);
    let alike: f64 = times(&a)
        .iter()
        .filter_map(|(value, &count)| Some(count as f64 * *right.get(value)? as f64))
        .sum();
    if alike == 0.0 {
        return None;
    }
    let aligned = matches(0);
    let expected = alike / words as f64;
    let elsewhere = (1..words.min(SHIFTS_OF_COMMONEST + 1))
        .map(|shift| matches(shift) as f64 - expected)
        .fold(0.0, f64::max);
    Some(spot(
        "the commonest value of every other stream and of the rest is one".into(),
        aligned as f64 - expected >= STANDS_OUT * elsewhere,
        matches_tails(aligned, alike, words as u64),
        aligned as f64,
        expected,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::{evidence_of, seed, size, splitmix};

    fn values<G: FnMut() -> u64>(
        marginal: Marginal,
        tasks: u32,
        words: usize,
        open: impl Fn(u32) -> G,
    ) -> Evidence {
        let format = Format::Other {
            marginal,
            bits_per_element: 2.6,
        };
        evidence_of(size(1, tasks, words), format, |_, task| open(task))
    }

    fn p(evidence: &Evidence) -> f64 {
        RankComponent.run(evidence)[0].p().unwrap_or(1.0)
    }

    /// Throws below `sides`, of which one in `rare` is common to all streams.
    fn throws(salt: u64, sides: u64, rare: u64, tasks: u32, words: usize) -> Evidence {
        values(Marginal::Categorical, tasks, words, |task| {
            let (mut own, mut common) = (splitmix(seed(salt, 1, task)), splitmix(mix(salt)));
            move || {
                let (shared, drawn) = (common() % sides, own());
                if rare > 0 && (drawn >> 40).is_multiple_of(rare) {
                    shared
                } else {
                    drawn % sides
                }
            }
        })
    }

    /// Autoregressive series of tiny steps, and of their own noise but for `shared` of 256 parts.
    fn series(salt: u64, keep: f64, shared: u64, tasks: u32, words: usize) -> Evidence {
        values(Marginal::Continuous, tasks, words, |task| {
            let (mut own, mut common) = (splitmix(seed(salt, 2, task)), splitmix(mix(salt)));
            let mut x = 0.0_f64;
            move || {
                let (c, o) = ((common() >> 16) as f64, (own() >> 16) as f64);
                let noise = c * shared as f64 / 256.0 + o;
                x = keep * x + noise / (1_u64 << 48) as f64;
                (x * 1e9) as u64
            }
        })
    }

    #[test]
    fn shared_throws_are_seen_that_no_pair_shows() {
        assert!(p(&throws(1, 6, 10, 64, 8192)) < 1e-15);
        // Of a thousand sides the commonest value tells more than ranks.
        assert!(p(&throws(2, 1000, 20, 64, 4096)) < 1e-50);
    }

    #[test]
    fn series_with_a_little_noise_in_common_are_seen() {
        for keep in [0.0, 0.5, 0.9, 1.0] {
            let p = p(&series(3, keep, 64, 64, 8192));
            assert!(p < 1e-15, "{keep}: {p}");
        }
    }

    #[test]
    fn sizes_hold_for_dice_and_series() {
        for shape in 0..5 {
            let mut below = 0;
            let replicates = 300;
            for salt in 0..replicates {
                let sound = match shape {
                    0 => throws(salt, 6, 0, 8, 256),
                    1 => throws(salt, 1000, 0, 12, 256),
                    2 => throws(salt, 2, 0, 9, 256),
                    3 => series(salt, 0.6, 0, 8, 512),
                    _ => series(salt, 1.0, 0, 8, 512),
                };
                let p = p(&sound);
                assert!(p > 1e-7, "{shape} {salt}: {p}");
                below += u64::from(p <= 0.01);
            }
            let chance = crate::math::binomial_tails(below, replicates, 0.01).upper();
            assert!(chance > 1e-6, "{shape}: {below}");
        }
    }

    #[test]
    fn trends_and_seasons_in_common_do_not_convict() {
        for period in [20.0, 100.0, 1000.0] {
            let season = values(Marginal::Grid, 32, 4096, |task| {
                let mut own = splitmix(seed(5, 3, task));
                let mut t = 0.0_f64;
                move || {
                    t += 1.0;
                    let season = (t * std::f64::consts::TAU / period).sin() * 20.0;
                    (1000.0 + season) as u64 + own() % 100
                }
            });
            assert!(p(&season) > 1e-6, "{period}");
        }
        // Every hundredth value is special in all streams.
        let spikes = values(Marginal::Grid, 32, 4096, |task| {
            let mut own = splitmix(seed(6, 4, task));
            let mut t = 0_u64;
            move || {
                t += 1;
                own() % 100 + if t.is_multiple_of(100) { 50 } else { 0 }
            }
        });
        assert!(p(&spikes) > 1e-6);
    }

    #[test]
    fn agreeing_halves_by_hand() {
        // Four streams alike in pairs: two lists of 64 bits with 32 ones each that agree everywhere
        // have the probability 1 / C(64, 32), twice for two sides.
        let tails = hypergeometric_tails(32, 64, 32, 32);
        let choose: f64 = (1..=32).map(|k| f64::from(32 + k) / f64::from(k)).product();
        assert!((tails.ln_upper + choose.ln()).abs() < 1e-9);
        for halves in Halves::ALL {
            let first = (0..64).filter(|&at| halves.is_first(at, 64)).count();
            assert_eq!(first, 32, "{}", halves.name());
        }
    }
}
