//! Pairs and triples of successive words of one stream.

use rayon::prelude::*;

use super::{
    StatisticalTest,
    combine::{EXPECTED_COUNT, cells_tails},
    limits::{LOOKED_AT, PARTS},
    places::{Spot, inapplicable, plain},
};
use crate::{
    kernels::bytes::FieldCounter,
    math::{Tails, binomial_ln_pmf, chi_square_statistic, chi_square_tails},
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Classes of a word's weight: light, middle, heavy. More ask for more words.
const CLASSES: usize = 3;

/// Successive words of a stream.
pub struct SerialPairs;

const SPEC: TestSpec = TestSpec {
    id: "serial-pairs",
    null: "successive words of a stream are independent: the top (and the lowest) bits of disjoint pairs are uniform on all combinations, and the weights of disjoint triples are independent",
    statistic: "χ² over combinations of up to 8 + 8 bits; χ² over the 27 combinations of light, middle and heavy words",
    law: &[
        "χ² with expected counts of at least 64 and p doubled",
        "tuples are disjoint, so counts are multinomial",
    ],
    sees: &["short recurrences, words that predict the next word's size or weight"],
    misses: &["dependence over more than three words"],
    source: "Knuth, The Art of Computer Programming, vol. 2, 3.3.2 B; D. Blackman, S. Vigna, Scrambled linear pseudorandom number generators, ACM TOMS 47 (2021), doi:10.1145/3460772 (Hamming-weight dependencies)",
    finding: FindingKind::SerialDependence,
    power_on: "a word is at least as large as the one before it three times in four",
    depth: Depth::Full,
};

impl StatisticalTest for SerialPairs {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Alone, "uniform bits");
        };
        let each = (LOOKED_AT / evidence.streams().max(1)).max(3);
        let rows: Vec<&[u64]> = (0..evidence.streams())
            .map(|i| evidence.stream(i))
            .map(|words| &words[..words.len().min(each)])
            .collect();
        let pairs: u64 = rows.iter().map(|words| words.len() as u64 / 2).sum();
        let Some(field) = (pairs / EXPECTED_COUNT)
            .checked_ilog2()
            .map(|bits| (bits / 2).min(8).min(width))
            .filter(|&field| field > 0)
        else {
            return inapplicable(&SPEC, View::Alone, "256 pairs of successive words");
        };
        let spot = |detail: String, tails, statistic, expected| {
            Spot::new(View::Alone, detail, tails, (statistic, expected))
        };
        let mut spots = Vec::new();
        for (name, shift) in [("top", 64 - field), ("lowest", 64 - width)] {
            let counts = pair_counts(&rows, field, shift);
            let x = chi_square_statistic(&counts);
            spots.push(spot(
                format!("{name} {field} bits of successive words"),
                cells_tails(x, counts.len()),
                x,
                counts.len() as f64 - 1.0,
            ));
        }
        if let Some((x, degrees)) = weight_statistic(&rows, width) {
            spots.push(spot(
                "weights of three successive words".into(),
                Tails::upper_only(chi_square_tails(x, degrees).times(2.0).ln_upper),
                x,
                degrees,
            ));
        }
        plain(&SPEC, spots)
    }
}

/// How often each combination of two fields occurs in disjoint pairs.
fn pair_counts(rows: &[&[u64]], field: u32, shift: u32) -> Vec<u64> {
    let mask = (1 << field) - 1;
    let parts: Vec<FieldCounter> = (0..PARTS)
        .into_par_iter()
        .map(|part| {
            let mut counter = FieldCounter::new(0, 2 * field);
            let mut combined = Vec::new();
            for words in &rows[part * rows.len() / PARTS..(part + 1) * rows.len() / PARTS] {
                combined.clear();
                combined.extend(
                    words
                        .chunks_exact(2)
                        .map(|pair| (pair[0] >> shift & mask) << field | pair[1] >> shift & mask),
                );
                counter.add(&combined);
            }
            counter
        })
        .collect();
    let mut parts = parts.into_iter();
    let mut all = parts.next().expect("a fixed number of parts");
    parts.for_each(|part| all.merge(&part));
    all.counts()
}

/// The χ² of weight classes of disjoint triples and its degrees of freedom; `None` where a cell
/// would expect too few.
fn weight_statistic(rows: &[&[u64]], width: u32) -> Option<(f64, f64)> {
    // Light: below the median by more than a sixth of what it varies; heavy alike.
    let spread = (f64::from(width).sqrt() / 6.0).round() as u32;
    let (light, heavy) = (
        (width / 2).checked_sub(spread + 1)?,
        width.div_ceil(2) + spread + 1,
    );
    let class = |weight: u32| usize::from(weight > light) + usize::from(weight >= heavy);
    let mut shares = [0.0; CLASSES];
    for weight in 0..=width {
        shares[class(weight)] += binomial_ln_pmf(u64::from(weight), u64::from(width), 0.5).exp();
    }
    let parts: Vec<[u64; 27]> = (0..PARTS)
        .into_par_iter()
        .map(|part| {
            let mut counts = [0; 27];
            for words in &rows[part * rows.len() / PARTS..(part + 1) * rows.len() / PARTS] {
                for triple in words.chunks_exact(3) {
                    let cell = triple
                        .iter()
                        .fold(0, |cell, word| CLASSES * cell + class(word.count_ones()));
                    counts[cell] += 1;
                }
            }
            counts
        })
        .collect();
    let total: u64 = parts.iter().flatten().sum();
    let mut x = 0.0;
    for cell in 0..27 {
        let count: u64 = parts.iter().map(|counts| counts[cell]).sum();
        let share = shares[cell / 9] * shares[cell / 3 % 3] * shares[cell % 3];
        let expected = total as f64 * share;
        if expected < EXPECTED_COUNT as f64 {
            return None;
        }
        x += (count as f64 - expected).powi(2) / expected;
    }
    Some((x, 26.0))
}
