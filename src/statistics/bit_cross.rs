//! Any bit of a stream against any bit of its neighbour.

use rayon::prelude::*;

use super::{
    StatisticalTest,
    aligned::aligned,
    places::{Spot, inapplicable},
    views::Frame,
};
use crate::{
    kernels::transpose::{crossings, transpose64},
    math::binomial_tails,
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Blocks of 64 words compared, over all pairs of neighbours: more find weaker relations of bits, in time
/// that grows as much.
const BLOCKS: usize = 1 << 13;

/// All pairs of bit positions of neighbouring streams.
pub struct BitCross;

const SPEC: TestSpec = TestSpec {
    id: "bit-cross",
    null: "bit i of a stream and bit j of the stream before it, at equal index, are independent, for every i and j",
    statistic: "over all pairs of positions, the largest departure from half of the number of indices at which the two bits differ, all neighbours together",
    law: &[
        "binomial, exact: every pair brings a fresh stream",
        "times the pairs of positions",
    ],
    sees: &[
        "neighbours that are noisy rotations, byte swaps or bit permutations of each other",
        "seeds that move a bit",
    ],
    misses: &[
        "relations of one pair among many",
        "relations of several bits",
    ],
    source: "NIST SP 800-22 rev. 1a (2010) counts bits within a stream; here across streams, position by position",
    finding: FindingKind::CorrelatedStreams,
    power_on: "a stream is its neighbour rotated by 17 bits in one word of eight",
    depth: Depth::Full,
};

impl StatisticalTest for BitCross {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Pairs, "uniform bits");
        };
        let frame = Frame::new(evidence);
        let pairs: usize = frame.runs().iter().map(|run| run.len() - 1).sum();
        if pairs == 0 || frame.words() < 64 {
            return inapplicable(&SPEC, View::Pairs, "two streams of 64 words");
        }
        aligned(&SPEC, &frame, width, |frame| {
            vec![measure(frame, width as usize, pairs)]
        })
    }
}

fn measure(frame: &Frame<'_>, width: usize, pairs: usize) -> Spot {
    let blocks = (BLOCKS / pairs).clamp(1, frame.words() / 64);
    let later: Vec<usize> = frame
        .runs()
        .iter()
        .flat_map(|run| run.start + 1..run.end)
        .take(BLOCKS)
        .collect();
    // A fixed number of parts, whatever the threads.
    let parts = 8.min(later.len());
    let counts = (0..parts)
        .into_par_iter()
        .map(|part| {
            let mut counts = vec![0_u32; width * width];
            for &row in &later[part * later.len() / parts..(part + 1) * later.len() / parts] {
                for block in 0..blocks {
                    let turned = |row: usize| {
                        let words = &frame.row(row)[64 * block..64 * (block + 1)];
                        let mut planes: [u64; 64] = words.try_into().expect("64 words");
                        transpose64(&mut planes);
                        planes
                    };
                    let (a, b) = (turned(row), turned(row - 1));
                    crossings(&a[64 - width..], &b[64 - width..], &mut counts);
                }
            }
            counts
        })
        .reduce(
            || vec![0; width * width],
            |mut sum, next| {
                sum.iter_mut().zip(next).for_each(|(a, b)| *a += b);
                sum
            },
        );
    let total = (later.len() * blocks * 64) as u64;
    let worst = (0..width * width)
        .max_by_key(|&i| {
            (
                (2 * u64::from(counts[i])).abs_diff(total),
                std::cmp::Reverse(i),
            )
        })
        .expect("width is at least 1");
    let differing = u64::from(counts[worst]);
    let agreeing = total - differing;
    Spot::new(
        View::Pairs,
        format!(
            "bit {} against bit {} of the stream before, {} neighbours over {} words",
            worst / width,
            worst % width,
            later.len(),
            64 * blocks
        ),
        binomial_tails(agreeing, total, 0.5).times((width * width) as f64),
        (agreeing as f64, total as f64 / 2.0),
    )
}
