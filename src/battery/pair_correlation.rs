//! Every pair of streams: do they agree bit by bit, or weight by weight, more often than chance?

use rayon::prelude::*;

use super::{
    Depth, StatisticalTest, TestResult, TestSpec, View,
    kernels::pairs::{TILE, distance, distances, products, weights},
    places::{Spot, aligned, inapplicable},
    views::Frame,
};
use crate::{
    core::{Evidence, Law},
    math::{Tails, binomial_tails, chernoff, product_ln_mgf},
};

/// Word pairs compared at most.
const BUDGET: u64 = 1 << 29;
/// Products of weights at most, and streams up to which they are taken.
const WEIGHT_BUDGET: u64 = 1 << 28;
const WEIGHTED: usize = 2048;
/// Streams up to which every pair is compared; beyond, only pairs of near streams.
const ALL_PAIRS: usize = 16_384;
/// Pairs of near streams compared at most.
const NEAR_PAIRS: usize = 1 << 23;
/// Pairs picked on a prefix and tested again on the rest.
const FOLLOWED: usize = 1024;
/// Rows of a strip: their blocks stay in the second-level cache.
const STRIP: usize = 32;
/// Words, and weights, handled before moving to the next pair.
const WORD_BLOCK: usize = 256;
const WEIGHT_BLOCK: usize = 2048;

/// All pairs of streams.
pub struct PairCorrelation;

const SPEC: TestSpec = TestSpec {
    id: "pair-correlation",
    null: "any two streams agree in each bit with probability one half, independently, and the numbers of ones in their words are independent",
    statistic: "over all pairs, the largest departure of the number of differing bits from half, and of Σ (w₁ − c)(w₂ − c) over the words' weights from 0",
    law: "binomial (exact), and a Chernoff bound from the exact generating function of the product of two centred binomials; both times the number of pairs",
    sees: "pairs that share a part of their bits or words at equal index, antithetic pairs, and (by weights) pairs that are noisy rotations or bit permutations of each other",
    misses: "correlation at a lag; correlations far below 1/√bits a pair (common components: see that test). Where pairs × words exceed the budget a prefix is compared, and the most suspicious 1,024 pairs are followed on the rest; weights are compared up to 2,048 streams; above 16,384 only near streams are paired",
    source: "L'Ecuyer, Munger, Oreshkin, Simard, Random numbers for parallel computers, Math. Comput. Simul. 135 (2017), doi:10.1016/j.matcom.2016.05.005",
    finding: "correlated-streams",
    power_on: "one stream copies each bit of another with probability 1/16",
    depth: Depth::Full,
};

impl StatisticalTest for PairCorrelation {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Pairs, "uniform bits (see rank-agreement)");
        };
        let frame = Frame::new(evidence);
        if frame.streams() < 2 || frame.words() == 0 {
            return inapplicable(&SPEC, View::Pairs, "two streams with words in common");
        }
        aligned(&SPEC, &frame, |frame| measure(frame, width))
    }
}

/// A pair and how far its statistic is from its expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Extreme {
    distance: u64,
    value: i64,
    a: usize,
    b: usize,
}

fn measure(frame: &Frame<'_>, width: u32) -> Vec<Spot> {
    let streams = frame.streams();
    if streams > ALL_PAIRS {
        return vec![near_pairs(frame, width)];
    }
    let pairs = streams as u64 * (streams as u64 - 1) / 2;
    let words = frame.words().min((BUDGET / pairs).max(8) as usize);
    let bits = u64::from(width) * words as u64;
    let seen = if words < frame.words() {
        format!(", first {words} words")
    } else {
        String::new()
    };
    let followed = if words < frame.words() { FOLLOWED } else { 1 };
    let most = agreements(frame, words, bits, followed);
    let mut spots = Vec::new();
    let pair = |extreme: &Extreme| vec![frame.id(extreme.a), frame.id(extreme.b)];
    let spot = |streams, detail, tails, statistic, expected| Spot {
        view: View::Pairs,
        detail,
        kin: "",
        streams,
        tails,
        law: Law::Exact,
        statistic,
        expected,
    };
    let Some(worst) = most.first() else {
        // Every pair stands at one offset: only in the control of very short streams.
        return Vec::new();
    };
    spots.push(spot(
        pair(worst),
        format!("equal bits, {pairs} pairs{seen}"),
        agreement_tails(worst.value as u64, bits).times(pairs as f64),
        (bits - worst.value as u64) as f64,
        bits as f64 / 2.0,
    ));

    if streams <= WEIGHTED {
        let words = words.min((WEIGHT_BUDGET / pairs) as usize);
        let heaviest = weight_products(frame, words, width);
        // Weights enter as 2w − width, so products are four times those of centred weights.
        let total = heaviest.value as f64 / 4.0;
        let deviation = f64::from(width) / 4.0 * (words as f64).sqrt();
        spots.push(spot(
            pair(&heaviest),
            format!("weights of the first {words} words, {pairs} pairs"),
            chernoff(words as f64, total, 1.0 / deviation, |theta| {
                product_ln_mgf(width, theta)
            })
            .times(pairs as f64),
            total,
            0.0,
        ));
    }

    if words < frame.words() {
        let rest = frame.words() - words;
        let bits = u64::from(width) * rest as u64;
        let worst = most
            .iter()
            .map(|first| {
                let (a, b) = (&frame.row(first.a)[words..], &frame.row(first.b)[words..]);
                let value = distance(a, b);
                Extreme {
                    distance: (2 * value).abs_diff(bits),
                    value: value as i64,
                    ..*first
                }
            })
            .max()
            .expect("at least the worst pair was followed");
        spots.push(spot(
            pair(&worst),
            format!("equal bits in the other {rest} words, of the {} pairs that stood out in the first {words}", most.len()),
            agreement_tails(worst.value as u64, bits).times(most.len() as f64),
            (bits - worst.value as u64) as f64,
            bits as f64 / 2.0,
        ));
    }
    spots
}

/// Tails in units of agreeing bits.
fn agreement_tails(differing: u64, bits: u64) -> Tails {
    binomial_tails(bits - differing, bits, 0.5)
}

/// The pairs whose numbers of differing bits are furthest from half, furthest first.
fn agreements(frame: &Frame<'_>, words: usize, bits: u64, keep: usize) -> Vec<Extreme> {
    strips(
        frame.streams(),
        |strip, counts: &mut [[[u32; TILE]; TILE]], tile_at| {
            let mut start = 0;
            while start < words {
                let end = words.min(start + WORD_BLOCK);
                strip.each(|a, b| {
                    distances(
                        std::array::from_fn(|i| &frame.row(strip.clamp(a + i))[start..end]),
                        std::array::from_fn(|i| &frame.row(strip.clamp(b + i))[start..end]),
                        &mut counts[tile_at(a, b)],
                    );
                });
                start = end;
            }
            let mut extremes = Vec::new();
            let mut floor = 0;
            strip.each(|a, b| {
                for (i, row) in counts[tile_at(a, b)].iter().enumerate() {
                    for (j, &value) in row.iter().enumerate() {
                        let (a, b) = (a + i, b + j);
                        let distance = (2 * u64::from(value)).abs_diff(bits);
                        if distance < floor
                            || a >= b
                            || b >= frame.streams()
                            || frame.still_aligned(a, b)
                        {
                            continue;
                        }
                        let value = i64::from(value);
                        extremes.push(Extreme {
                            distance,
                            value,
                            a,
                            b,
                        });
                        if extremes.len() > 4 * keep + 64 {
                            floor = cut(&mut extremes, keep);
                        }
                    }
                }
            });
            extremes
        },
        keep,
    )
}

/// The pair whose product of weights is furthest from 0.
fn weight_products(frame: &Frame<'_>, words: usize, width: u32) -> Extreme {
    let mut table = vec![0_i8; frame.streams() * words];
    table
        .par_chunks_mut(words)
        .enumerate()
        .for_each(|(row, out)| weights(&frame.row(row)[..words], width, out));
    let row = |row: usize| &table[row * words..(row + 1) * words];
    strips(
        frame.streams(),
        |strip, sums: &mut [[[i64; TILE]; TILE]], tile_at| {
            let mut start = 0;
            while start < words {
                let end = words.min(start + WEIGHT_BLOCK);
                strip.each(|a, b| {
                    products(
                        std::array::from_fn(|i| &row(strip.clamp(a + i))[start..end]),
                        std::array::from_fn(|i| &row(strip.clamp(b + i))[start..end]),
                        &mut sums[tile_at(a, b)],
                    );
                });
                start = end;
            }
            let mut best: Option<Extreme> = None;
            strip.each(|a, b| {
                for (i, row) in sums[tile_at(a, b)].iter().enumerate() {
                    for (j, &value) in row.iter().enumerate() {
                        let (a, b) = (a + i, b + j);
                        if a < b && b < frame.streams() && !frame.still_aligned(a, b) {
                            let next = Extreme {
                                distance: value.unsigned_abs(),
                                value,
                                a,
                                b,
                            };
                            best = best.max(Some(next));
                        }
                    }
                }
            });
            best.into_iter().collect()
        },
        1,
    )
    .first()
    .copied()
    .expect("the caller found a pair to compare")
}

/// A strip of rows against all rows from it on.
struct Strip {
    start: usize,
    end: usize,
    rows: usize,
}

impl Strip {
    /// Rows past the end repeat the last one; their results are dropped.
    fn clamp(&self, row: usize) -> usize {
        row.min(self.rows - 1)
    }

    /// Every tile (first row of a, first row of b) on or above the diagonal, b outermost so that its
    /// rows are reused while they are in the first-level cache.
    fn each(&self, mut tile: impl FnMut(usize, usize)) {
        for b in (self.start..self.rows).step_by(TILE) {
            for a in (self.start..self.end.min(b + TILE)).step_by(TILE) {
                tile(a, b);
            }
        }
    }
}

/// Works strip by strip on zeroed sums and keeps the furthest pairs of all.
fn strips<T: Copy + Default>(
    rows: usize,
    work: impl Fn(&Strip, &mut [[[T; TILE]; TILE]], &dyn Fn(usize, usize) -> usize) -> Vec<Extreme>
    + Sync,
    keep: usize,
) -> Vec<Extreme> {
    let mut extremes: Vec<Extreme> = (0..rows.div_ceil(STRIP))
        .into_par_iter()
        .flat_map_iter(|index| {
            let start = index * STRIP;
            let strip = Strip {
                start,
                end: rows.min(start + STRIP),
                rows,
            };
            let across = (rows - start).div_ceil(TILE);
            let mut sums = vec![[[T::default(); TILE]; TILE]; across * (STRIP / TILE)];
            let tile_at =
                move |a: usize, b: usize| (b - start) / TILE * (STRIP / TILE) + (a - start) / TILE;
            work(&strip, &mut sums, &tile_at)
        })
        .collect();
    cut(&mut extremes, keep);
    extremes
}

/// Keeps the furthest, furthest first; the distance of the last kept.
fn cut(extremes: &mut Vec<Extreme>, keep: usize) -> u64 {
    extremes.sort_unstable_by(|a, b| b.cmp(a));
    extremes.truncate(keep);
    extremes.last().map_or(0, |last| last.distance)
}

/// Very many streams: each against its next few.
fn near_pairs(frame: &Frame<'_>, width: u32) -> Spot {
    let streams = frame.streams();
    let reach = (NEAR_PAIRS / streams).clamp(1, streams - 1);
    let words = (BUDGET as usize / (streams * reach)).clamp(1, frame.words());
    let bits = u64::from(width) * words as u64;
    let worst = (0..streams)
        .into_par_iter()
        .filter_map(|a| {
            (a + 1..streams.min(a + 1 + reach))
                .filter(|&b| !frame.still_aligned(a, b))
                .map(|b| {
                    let value = distance(&frame.row(a)[..words], &frame.row(b)[..words]);
                    Extreme {
                        distance: (2 * value).abs_diff(bits),
                        value: value as i64,
                        a,
                        b,
                    }
                })
                .max()
        })
        .max();
    let pairs = (streams * reach) as f64;
    let (streams, tails, statistic) = match worst {
        Some(worst) => (
            vec![frame.id(worst.a), frame.id(worst.b)],
            agreement_tails(worst.value as u64, bits).times(pairs),
            (bits - worst.value as u64) as f64,
        ),
        None => (Vec::new(), Tails::CERTAIN, bits as f64 / 2.0),
    };
    Spot {
        view: View::Pairs,
        kin: "",
        detail: format!(
            "equal bits in the first {words} words of each stream and its next {reach}"
        ),
        streams,
        tails,
        law: Law::Exact,
        statistic,
        expected: bits as f64 / 2.0,
    }
}
