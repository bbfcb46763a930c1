//! Balls in cells: the first words of all streams, interleaved.

use super::{
    StatisticalTest,
    aligned::aligned,
    places::{Spot, inapplicable},
    views::Frame,
};
use crate::{
    math::{Tails, expected_distinct, occupancy_tails},
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Words thrown at most: more find weaker attraction of words, and sort longer.
const MOST: usize = 1 << 16;
/// Words thrown at least: fewer tell nothing.
const LEAST: usize = 256;

/// Collisions of words.
pub struct Collisions;

const SPEC: TestSpec = TestSpec {
    id: super::id::COLLISIONS,
    null: "the first words of all streams, interleaved draw by draw, are independent uniform words",
    statistic: "repeated values of the top (and the lowest) bits, where about 512 repeats are expected",
    law: &["occupancy law, exact to 2,048 words, proven bounds beyond, both tails"],
    sees: &["words that repeat too often, or too rarely"],
    misses: &[
        "flaws that keep values spread",
        "the joins find what is equal in full",
    ],
    source: "Knuth, The Art of Computer Programming, vol. 2, 3.3.2 I",
    finding: FindingKind::RepeatedWords,
    power_on: "1,024 streams that draw from one list of 4,096 words",
    depth: Depth::Full,
};

impl StatisticalTest for Collisions {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Interleaved, "uniform bits");
        };
        let frame = Frame::new(evidence);
        if frame.streams() * frame.words() < LEAST {
            return inapplicable(&SPEC, View::Interleaved, format!("{LEAST} words"));
        }
        aligned(&SPEC, &frame, width, |frame| measure(frame, width))
    }
}

fn measure(frame: &Frame<'_>, width: u32) -> Vec<Spot> {
    let streams = frame.streams().min(MOST);
    let draws = (MOST / streams).clamp(1, frame.words());
    let words: Vec<u64> = (0..draws)
        .flat_map(|index| (0..streams).map(move |row| frame.row(row)[index]))
        .collect();
    let balls = words.len() as u64;
    // n² / 2m = 512.
    let bits = (2 * balls.ilog2()).saturating_sub(10).clamp(1, width);
    let cells = f64::from(bits).exp2();
    let mut spots = Vec::new();
    for (name, shift) in [("top", 64 - bits), ("lowest", 64 - width)] {
        let mask = u64::MAX >> (64 - bits);
        let mut values: Vec<u64> = words.iter().map(|word| word >> shift & mask).collect();
        values.sort_unstable();
        values.dedup();
        let law = occupancy_tails(balls, cells, values.len() as u64);
        // Fewer distinct values are more repeats.
        spots.push(Spot::new(
            View::Interleaved,
            format!("repeats of the {name} {bits} bits of {balls} words"),
            Tails::new(law.ln_upper, law.ln_lower),
            (
                (balls - values.len() as u64) as f64,
                balls as f64 - expected_distinct(balls as f64, cells),
            ),
        ));
    }
    spots
}
