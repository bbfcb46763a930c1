//! Every pair of streams: do they agree bit by bit, or weight by weight, more often than chance?

use rayon::prelude::*;

use super::{
    StatisticalTest,
    agreement::{FOLLOWED, LONGEST, again, agreement, agreement_tails, pair},
    aligned::aligned,
    all_pairs::{Extreme, strips},
    places::{Spot, inapplicable},
    slices::{BUDGET_APART, slices},
    views::Frame,
};
use crate::{
    kernels::{
        BLOCK,
        pairs::{TILE, distance, distances, products, weights},
    },
    math::{Tails, chernoff, product_ln_mgf},
    results::{Depth, FarPairs, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Word pairs compared at most: more find weaker relations of two streams, in time that grows as much.
const BUDGET: u64 = 1 << 29;
/// Streams up to which the products of the weights of words are taken too: more find pairs that are heavy together among more.
const WEIGHTED: usize = 2048;
/// Streams up to which every pair is compared; beyond, only pairs of near streams.
const ALL_PAIRS: usize = 16_384;
/// Pairs of near streams compared at most: more reach further apart, with fewer words each.
const NEAR_PAIRS: usize = 1 << 23;
/// Weights handled before moving to the next pair: they stay in the first-level cache.
const WEIGHT_BLOCK: usize = 2048;

/// All pairs of streams.
pub struct PairCorrelation;

const SPEC: TestSpec = TestSpec {
    id: "pair-correlation",
    null: "any two streams agree in each bit with probability one half, independently, and the numbers of ones in their words are independent",
    statistic: "over all pairs, the largest departure from half of the number of differing bits, of all bits together and of each bit position apart, and the largest of Σ (w₁ − c)(w₂ − c) over the words' weights from 0",
    law: &[
        "binomial (exact), and a Chernoff bound from the exact generating function of the product of two centred binomials",
        "times the number of pairs, and of bit positions where these are taken apart",
    ],
    sees: &[
        "pairs that share a part of their bits or words at equal index, antithetic pairs, pairs of which only one bit position agrees or disagrees too often (six times in ten over a thousand words), and (by weights) pairs that are noisy rotations or bit permutations of each other",
    ],
    misses: &[
        "correlation at a lag",
        "correlations far below 1/√bits a pair (common components: see that test)",
        "where pairs × words exceed the budget a prefix is compared, and the most suspicious 1,024 pairs are followed on the rest",
        "bits are taken apart in a prefix of at most 2^22 words of all streams together, followed likewise, all of them up to about 700 streams, the top and the lowest in a longer prefix",
        "weights are compared up to 2,048 streams",
        "above 16,384 only near streams are paired, in whole words",
    ],
    source: "L'Ecuyer, Munger, Oreshkin, Simard, Random numbers for parallel computers, Math. Comput. Simul. 135 (2017), doi:10.1016/j.matcom.2016.05.005",
    finding: FindingKind::CorrelatedStreams,
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
        aligned(&SPEC, &frame, width, |frame| measure(frame, width))
    }
}

fn measure(frame: &Frame<'_>, width: u32) -> Vec<Spot> {
    if frame.streams() > ALL_PAIRS {
        return vec![near_pairs(frame, width)];
    }
    let pairs = frame.streams() as u64 * (frame.streams() as u64 - 1) / 2;
    let mut spots = whole_words(frame, width, pairs);
    if !spots.is_empty() && width > 1 {
        spots.extend(slices(frame, width, pairs));
    }
    spots
}

/// How many words every pair is compared over.
fn affordable(frame: &Frame<'_>, pairs: u64) -> usize {
    let most = (BUDGET / pairs).clamp(8, LONGEST);
    frame.words().min(most as usize)
}

/// All bits of the words together, and the words' weights.
fn whole_words(frame: &Frame<'_>, width: u32, pairs: u64) -> Vec<Spot> {
    let words = affordable(frame, pairs);
    let bits = u64::from(width) * words as u64;
    let (seen, followed) = if words < frame.words() {
        (format!(", first {words} words"), FOLLOWED)
    } else {
        (String::new(), 1)
    };
    let standing = FarPairs::new(1, bits);
    let most = agreements(frame, words, bits, followed, &standing);
    let Some(worst) = most.first() else {
        // Every pair stands at one offset: only in the control of very short streams.
        return Vec::new();
    };
    let reach = standing.in_words(pairs);
    let detail = format!("equal bits, {reach}{seen}");
    let mut spots = vec![agreement(frame, worst, bits, pairs as f64, detail).reaching(reach)];

    if frame.streams() <= WEIGHTED {
        let words = words.min((BUDGET_APART / pairs) as usize);
        let heaviest = weight_products(frame, words, width);
        // Weights enter as 2w − width, so products are four times those of centred weights.
        let total = heaviest.value as f64 / 4.0;
        let deviation = f64::from(width) / 4.0 * (words as f64).sqrt();
        let tails = chernoff(words as f64, total, 1.0 / deviation, |theta| {
            product_ln_mgf(width, theta)
        });
        let detail = format!("weights of the first {words} words, {pairs} pairs");
        let tails = tails.times(pairs as f64);
        spots.push(pair(frame, &heaviest, detail, tails, (total, 0.0)));
    }

    if words < frame.words() {
        let rest = frame.words() - words;
        let bits = u64::from(width) * rest as u64;
        let worst = most
            .iter()
            .map(|first| {
                let value = distance(&frame.row(first.a)[words..], &frame.row(first.b)[words..]);
                again(first, value, bits)
            })
            .max()
            .expect("at least the worst pair was followed");
        let detail = format!(
            "equal bits in the other {rest} words, of the {} pairs that stood out in the first {words}",
            most.len()
        );
        spots.push(agreement(frame, &worst, bits, most.len() as f64, detail));
    }
    spots
}

/// The pairs whose numbers of differing bits are furthest from half, furthest first.
fn agreements(
    frame: &Frame<'_>,
    words: usize,
    bits: u64,
    keep: usize,
    standing: &FarPairs,
) -> Vec<Extreme> {
    strips(
        frame.streams(),
        1,
        |strip, _, counts: &mut [[[u32; TILE]; TILE]], tile_at, furthest| {
            let mut start = 0;
            while start < words {
                let end = words.min(start + BLOCK);
                strip.each(|a, b| {
                    distances(
                        std::array::from_fn(|i| &frame.row(strip.clamp(a + i))[start..end]),
                        std::array::from_fn(|i| &frame.row(strip.clamp(b + i))[start..end]),
                        &mut counts[tile_at(a, b)],
                    );
                });
                start = end;
            }
            strip.each(|a, b| {
                for (i, row) in counts[tile_at(a, b)].iter().enumerate() {
                    for (j, &value) in row.iter().enumerate() {
                        let (a, b) = (a + i, b + j);
                        let distance = (2 * u64::from(value)).abs_diff(bits);
                        if a >= b || b >= frame.streams() || frame.still_aligned(a, b) {
                            continue;
                        }
                        standing.see(0, distance);
                        if furthest.admits(distance) {
                            furthest.add(Extreme {
                                distance,
                                value: i64::from(value),
                                plane: 0,
                                a,
                                b,
                            });
                        }
                    }
                }
            });
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
        1,
        |strip, _, sums: &mut [[[i64; TILE]; TILE]], tile_at, furthest| {
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
            strip.each(|a, b| {
                for (i, row) in sums[tile_at(a, b)].iter().enumerate() {
                    for (j, &value) in row.iter().enumerate() {
                        let (a, b) = (a + i, b + j);
                        let distance = value.unsigned_abs();
                        if furthest.admits(distance)
                            && a < b
                            && b < frame.streams()
                            && !frame.still_aligned(a, b)
                        {
                            furthest.add(Extreme {
                                distance,
                                value,
                                plane: 0,
                                a,
                                b,
                            });
                        }
                    }
                }
            });
        },
        1,
    )
    .first()
    .copied()
    .expect("the caller found a pair to compare")
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
                        plane: 0,
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
    Spot::new(
        View::Pairs,
        format!("equal bits in the first {words} words of each stream and its next {reach}"),
        tails,
        (statistic, bits as f64 / 2.0),
    )
    .of(streams)
}
