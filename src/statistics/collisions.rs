//! Balls in cells: the first words of all streams, interleaved.

use super::{
    StatisticalTest,
    aligned::aligned,
    places::{Spot, inapplicable},
    views::Frame,
};
use crate::{
    math::{Tails, expected_distinct, occupancy_tails, poisson_tails},
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::{Evidence, Law},
};

/// Words thrown at most, and at least.
const MOST: usize = 1 << 16;
const LEAST: usize = 256;
/// Birthdays of a block: n³ / 4m = 4 repeated spacings are expected in a year of 2^32 days.
const BIRTHDAYS: usize = 4096;
const DAYS_BITS: u32 = 32;

/// Collisions and birthday spacings.
pub struct Collisions;

const SPEC: TestSpec = TestSpec {
    id: super::id::COLLISIONS,
    null: "the first words of all streams, interleaved draw by draw, are independent uniform words",
    statistic: "repeated values of the top (and the lowest) bits, where about 512 repeats are expected; repeated spacings of 4,096 sorted 32-bit values",
    law: "repeats: the occupancy law, exact to 2,048 words, proven bounds beyond, both tails. Spacings: Poisson, asymptotic",
    sees: "words that repeat too often, or too rarely; points of all streams that lie on a lattice",
    misses: "flaws that keep values spread; the joins find what is equal in full",
    source: "Knuth, The Art of Computer Programming, vol. 2, 3.3.2 I, J; P. L'Ecuyer, R. Simard, On the performance of birthday spacings tests, Math. Comput. Simul. 55 (2001), doi:10.1016/S0378-4754(00)00253-6",
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
        spots.push(Spot {
            view: View::Interleaved,
            kin: "",
            reach: None,
            detail: format!("repeats of the {name} {bits} bits of {balls} words"),
            streams: Vec::new(),
            // Fewer distinct values are more repeats.
            tails: Tails::new(law.ln_upper, law.ln_lower),
            law: Law::Exact,
            statistic: (balls - values.len() as u64) as f64,
            expected: balls as f64 - expected_distinct(balls as f64, cells),
        });
    }
    if width >= DAYS_BITS {
        for (name, shift) in [("top", 32), ("lowest", 64 - width)] {
            let blocks = words.chunks_exact(BIRTHDAYS);
            let expected = 4.0 * blocks.len() as f64;
            if expected == 0.0 {
                break;
            }
            let repeated: u64 = blocks.map(|block| repeated_spacings(block, shift)).sum();
            spots.push(Spot {
                view: View::Transposed {
                    words: draws as u32,
                },
                kin: "",
                reach: None,
                detail: format!(
                    "repeated spacings of the {name} 32 bits, blocks of {BIRTHDAYS} words"
                ),
                streams: Vec::new(),
                tails: poisson_tails(repeated, expected),
                law: Law::Asymptotic,
                statistic: repeated as f64,
                expected,
            });
        }
    }
    spots
}

/// Spacings of the sorted values, around the year, that equal an earlier one.
fn repeated_spacings(block: &[u64], shift: u32) -> u64 {
    let mut days: Vec<u32> = block.iter().map(|word| (word >> shift) as u32).collect();
    days.sort_unstable();
    let mut spacings: Vec<u32> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
    spacings.push(days[0].wrapping_sub(days[days.len() - 1]));
    spacings.sort_unstable();
    spacings
        .windows(2)
        .filter(|pair| pair[0] == pair[1])
        .count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacings_by_hand() {
        // Days 1, 4, 7, 20: spacings 3, 3, 13 and the way around.
        let words: Vec<u64> = [7_u64, 1, 20, 4].iter().map(|day| day << 32).collect();
        assert_eq!(repeated_spacings(&words, 32), 1);
    }
}
