//! Is each bit position as often 1 as 0?

use rayon::prelude::*;

use super::{
    StatisticalTest,
    combine::bit_balance,
    places::{Spot, inapplicable, plain},
};
use crate::{
    kernels::positional::PositionalCounter,
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Words of a chunk: time alone depends on it.
const CHUNK: usize = 1 << 16;
/// Words from which on streams are also looked at one by one: fewer look at more places, and each must stand
/// out more.
const ALONE: usize = 256;

/// Balance of every bit position.
pub struct BitBalance;

const SPEC: TestSpec = TestSpec {
    id: "bit-balance",
    null: "every bit position of every word is 1 with probability one half, independently",
    statistic: "ones at each bit position, over all streams together and in each stream",
    law: &["binomial, exact"],
    sees: &["stuck or biased bits, of all streams or of one"],
    misses: &["everything that leaves single bits balanced"],
    source: "NIST SP 800-22 rev. 1a (2010), 2.1, per bit position",
    finding: FindingKind::NonuniformWords,
    power_on: "a lowest bit that is set nine times in sixteen",
    depth: Depth::Screen,
};

impl StatisticalTest for BitBalance {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Alone, "uniform bits");
        };
        let total = evidence.words().len() as u64;
        if total == 0 {
            return inapplicable(&SPEC, View::Alone, "words");
        }
        let long: Vec<usize> = (0..evidence.streams())
            .filter(|&i| evidence.stream(i).len() >= ALONE)
            .collect();
        // Streams one by one where they are long, whose counts then also make the pool.
        let counts: Vec<[u64; 64]> = long
            .par_iter()
            .map(|&i| {
                let mut counter = PositionalCounter::default();
                counter.add(evidence.stream(i));
                counter.counts()
            })
            .collect();
        let pool = if long.len() == evidence.streams() {
            sum(counts.iter())
        } else {
            let chunks: Vec<[u64; 64]> = evidence
                .words()
                .par_chunks(CHUNK)
                .map(|chunk| {
                    let mut counter = PositionalCounter::default();
                    counter.add(chunk);
                    counter.counts()
                })
                .collect();
            sum(chunks.iter())
        };
        let balance = bit_balance(&pool, total, width);
        let mut spots = vec![Spot::new(
            View::Interleaved,
            format!("bit {} over all streams", balance.bit),
            balance.tails,
            (balance.ones as f64, total as f64 / 2.0),
        )];
        // By departure in standard deviations; the exact law then speaks for the worst alone.
        let departure = |counts: &[u64; 64], words: usize| {
            let worst = counts[(64 - width) as usize..]
                .iter()
                .map(|&ones| (2 * ones).abs_diff(words as u64))
                .max()
                .unwrap_or(0);
            worst as f64 / (words as f64).sqrt()
        };
        let worst = long.iter().zip(&counts).max_by(|(a, ca), (b, cb)| {
            departure(ca, evidence.stream(**a).len())
                .total_cmp(&departure(cb, evidence.stream(**b).len()))
        });
        if let Some((&stream, counts)) = worst {
            let words = evidence.stream(stream).len() as u64;
            let balance = bit_balance(counts, words, width);
            spots.push(
                Spot::new(
                    View::Alone,
                    format!("bit {} of one of {} streams", balance.bit, long.len()),
                    balance.tails.times(long.len() as f64),
                    (balance.ones as f64, words as f64 / 2.0),
                )
                .of(vec![evidence.id(stream)]),
            );
        }
        plain(&SPEC, spots)
    }
}

fn sum<'a>(counts: impl Iterator<Item = &'a [u64; 64]>) -> [u64; 64] {
    counts.fold([0; 64], |mut sum, next| {
        for (a, b) in sum.iter_mut().zip(next) {
            *a += b;
        }
        sum
    })
}
