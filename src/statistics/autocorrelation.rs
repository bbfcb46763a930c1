//! Does a word resemble the one some steps before it in its own stream?

use rayon::prelude::*;

use super::{
    StatisticalTest,
    limits::LOOKED_AT,
    places::{Spot, inapplicable, plain},
};
use crate::{
    kernels::pairs::distance,
    math::binomial_tails,
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Lags that are looked at, where streams are twice as long.
const LAGS: [usize; 10] = [1, 2, 3, 4, 7, 16, 64, 256, 397, 1024];

/// Bitwise agreement of words at a lag, within streams.
pub struct Autocorrelation;

const SPEC: TestSpec = TestSpec {
    id: "autocorrelation",
    null: "in each stream the xor of a word and the one a fixed lag later is a uniform word, independent of those before",
    statistic: "ones in those xors over all streams, for each lag; at lag 1 also in the worst stream",
    law: &["binomial, exact: every xor brings a fresh word"],
    sees: &["streams that repeat, invert or partly copy their own words"],
    misses: &["dependence that keeps single bits independent"],
    source: "Knuth, The Art of Computer Programming, vol. 2, 3.3.2 K (serial correlation), bit by bit",
    finding: FindingKind::SerialDependence,
    power_on: "a word keeps each bit of the last with probability 1/32",
    depth: Depth::Full,
};

impl StatisticalTest for Autocorrelation {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Alone, "uniform bits");
        };
        let each = (LOOKED_AT / evidence.streams().max(1)).max(2);
        let rows: Vec<&[u64]> = (0..evidence.streams())
            .map(|i| evidence.stream(i))
            .map(|words| &words[..words.len().min(each)])
            .collect();
        let spot = |detail: String, ones: u64, bits: u64, streams, looked: f64| {
            Spot::new(
                View::Alone,
                detail,
                binomial_tails(ones, bits, 0.5).times(looked),
                (ones as f64, bits as f64 / 2.0),
            )
            .of(streams)
        };
        let bits_of = |words: usize, lag: usize| u64::from(width) * (words - lag) as u64;
        let mut spots = Vec::new();
        for lag in LAGS {
            let long: Vec<(usize, &[u64])> = rows
                .iter()
                .copied()
                .enumerate()
                .filter(|(_, words)| words.len() >= 2 * lag)
                .collect();
            if long.is_empty() {
                break;
            }
            let ones: Vec<u64> = long
                .par_iter()
                .map(|(_, words)| distance(&words[lag..], &words[..words.len() - lag]))
                .collect();
            let bits = long
                .iter()
                .map(|(_, words)| bits_of(words.len(), lag))
                .sum();
            spots.push(spot(
                format!("lag {lag}, all streams"),
                ones.iter().sum(),
                bits,
                Vec::new(),
                1.0,
            ));
            if lag == 1 {
                let departure = |i: usize| {
                    let bits = bits_of(long[i].1.len(), lag);
                    (2 * ones[i]).abs_diff(bits) as f64 / (bits as f64).sqrt()
                };
                let worst = (0..long.len())
                    .max_by(|&a, &b| departure(a).total_cmp(&departure(b)))
                    .expect("some stream is long");
                let (stream, words) = long[worst];
                spots.push(spot(
                    format!("lag 1, the worst of {} streams", long.len()),
                    ones[worst],
                    bits_of(words.len(), lag),
                    vec![evidence.id(stream)],
                    long.len() as f64,
                ));
            }
        }
        if spots.is_empty() {
            return inapplicable(&SPEC, View::Alone, "streams of two words");
        }
        plain(&SPEC, spots)
    }
}
