//! The first draws of every stream, over streams: where near or sparse seeds still show.

use std::collections::HashMap;

use super::{
    StatisticalTest,
    combine::{bit_balance, cells_tails, field_bits},
    places::{Spot, attributed, inapplicable, of_kin, shifted},
    views::Frame,
};
use crate::{
    kernels::{bytes::FieldCounter, positional::PositionalCounter},
    math::{Occupancy, Tails, binomial_tails, chi_square_statistic, expected_distinct},
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::Evidence,
};

/// Words looked at together: more find flaws that show in many first draws only.
const TOGETHER: usize = 4096;
/// Streams of which the occupancy of cells is computed exactly; of more, the first so many. The work grows
/// with its square.
const EXACT_STREAMS: usize = 512;
/// Streams at least: fewer tell nothing.
const STREAMS: usize = 8;

/// The first draws over streams.
pub struct FirstDraws;

impl FirstDraws {
    /// Indices looked at one by one: more find late flaws, and each place must stand out more.
    pub(super) const DRAWS: u32 = 8;
}

const SPEC: TestSpec = TestSpec {
    id: "first-draws",
    null: "at each of the first indices the words of different streams, and the differences of neighbouring streams, are independent uniform words; the first words hold as many ones as any",
    statistic: "per index: balance of every bit over streams, χ² of top and lowest bits over streams, occupied cells (too few or too many) of the draws and of neighbours' differences; ones among the first 1, 2, 4 … words",
    law: &[
        "binomial and occupancy, exact",
        "χ² with expected counts of at least 64 and p doubled",
    ],
    sees: &[
        "a first draw that hardly depends on the seed, grows with it or is spread too evenly",
        "sparse initial states that have not warmed up",
    ],
    misses: &["bias that begins later than the first words"],
    source: "M. Matsumoto, I. Wada, A. Kuramoto, H. Ashihara, Common defects in initialization of pseudorandom number generators, ACM TOMACS 17 (2007), doi:10.1145/1276927.1276928; NIST SP 800-90B, restart tests",
    finding: FindingKind::BiasedStart,
    power_on: "the first draw of a multiplicative generator with seeds 1, 2, 3 …",
    depth: Depth::Full,
};

impl StatisticalTest for FirstDraws {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let view = View::Transposed {
            words: FirstDraws::DRAWS,
        };
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, view, "uniform bits");
        };
        let frame = Frame::new(evidence);
        if frame.streams() < STREAMS || frame.words() == 0 {
            return inapplicable(&SPEC, view, "eight streams with words in common");
        }
        let laws = CellLaws::new(&frame, width);
        let depth = frame.words().min(FirstDraws::DRAWS as usize);
        // The later window must hold as many words as are looked at together.
        let most = (frame.words() / 2).clamp(1, TOGETHER);
        let measure = |frame: &Frame<'_>| measure(frame, width, depth, most, &laws);
        attributed(&SPEC, measure(&frame), || {
            // A flaw of the generator fails on shifted streams *and* later in the streams. Near
            // seeds pass the first, a missing warm-up passes the second.
            let turned = shifted(&frame, measure)?;
            let half = frame.words() / 2;
            if half < depth {
                return Some(turned);
            }
            let later = of_kin(measure(&frame.window(half..frame.words())));
            Some(
                turned
                    .into_iter()
                    .zip(later)
                    .map(|(a, b)| better(a, b))
                    .collect(),
            )
        })
    }
}

fn better(a: Spot, b: Spot) -> Spot {
    if a.tails.ln_two_sided() > b.tails.ln_two_sided() {
        a
    } else {
        b
    }
}

/// The exact occupancy laws that all indices share.
struct CellLaws {
    streams: usize,
    bits: Vec<u32>,
    known: HashMap<(u64, u32), Occupancy>,
}

impl CellLaws {
    fn new(frame: &Frame<'_>, width: u32) -> Self {
        let streams = frame.streams().min(EXACT_STREAMS);
        let near = streams.ilog2();
        let mut bits: Vec<u32> = [near.saturating_sub(2), near, near + 4]
            .into_iter()
            .map(|bits| bits.clamp(1, width.min(32)))
            .collect();
        bits.dedup();
        let mut known = HashMap::new();
        for &cells in &bits {
            for balls in [streams as u64, streams as u64 - 1] {
                let law = Occupancy::new(balls, f64::from(cells).exp2());
                known.insert((balls, cells), law);
            }
        }
        Self {
            streams,
            bits,
            known,
        }
    }
}

fn measure(frame: &Frame<'_>, width: u32, depth: usize, most: usize, laws: &CellLaws) -> Vec<Spot> {
    let streams = frame.streams();
    let spot = |kin: &'static str, detail: String, tails, statistic, expected| {
        Spot::new(
            View::Transposed {
                words: FirstDraws::DRAWS,
            },
            detail,
            tails,
            (statistic, expected),
        )
        .kin(kin)
    };
    let mut spots = Vec::new();
    for index in 0..depth {
        let draws: Vec<u64> = (0..streams).map(|row| frame.row(row)[index]).collect();
        let mut counter = PositionalCounter::default();
        counter.add(&draws);
        let balance = bit_balance(&counter.counts(), streams as u64, width);
        spots.push(spot(
            "bits",
            format!("draw {index}, bit {} over {streams} streams", balance.bit),
            balance.tails,
            balance.ones as f64,
            streams as f64 / 2.0,
        ));
        if let Some(field) = field_bits(streams as u64, width) {
            for (name, shift) in [("top", 64 - field), ("lowest", 64 - width)] {
                let mut counter = FieldCounter::new(shift, field);
                counter.add(&draws);
                let x = chi_square_statistic(&counter.counts());
                spots.push(spot(
                    name,
                    format!("draw {index}, {name} {field} bits over streams"),
                    cells_tails(x, 1 << field),
                    x,
                    f64::from((1_u32 << field) - 1),
                ));
            }
        }
        let few = &draws[..laws.streams];
        let differences: Vec<u64> = few
            .windows(2)
            .map(|pair| pair[1].wrapping_sub(pair[0]))
            .collect();
        for (name, values) in [("draws", few), ("differences of neighbours", &differences)] {
            for &bits in &laws.bits {
                for (end, kin, shift) in [
                    ("top", "top cells", 64 - bits),
                    ("lowest", "lowest cells", 64 - width),
                ] {
                    let (tails, occupied) = occupied(values, shift, bits, laws);
                    spots.push(spot(
                        kin,
                        format!("draw {index}, cells of the {end} {bits} bits hit by {name}"),
                        tails,
                        occupied,
                        expected_distinct(values.len() as f64, f64::from(bits).exp2()),
                    ));
                }
            }
        }
    }
    // A start that is sparse in ones (or zeros): all bits of the first words of all streams.
    let mut ones = 0_u64;
    let (mut words, mut until) = (0, 1);
    while until <= most {
        for index in words..until {
            ones += (0..streams)
                .map(|row| u64::from(frame.row(row)[index].count_ones()))
                .sum::<u64>();
        }
        words = until;
        let bits = words as u64 * streams as u64 * u64::from(width);
        spots.push(spot(
            "ones",
            format!("ones among the first {words} words"),
            binomial_tails(ones, bits, 0.5),
            ones as f64,
            bits as f64 / 2.0,
        ));
        until *= 2;
    }
    spots
}

/// Cells hit by the values' `bits` bits from `shift` on: too few and too many both count.
fn occupied(values: &[u64], shift: u32, bits: u32, laws: &CellLaws) -> (Tails, f64) {
    let mut cells: Vec<u64> = values
        .iter()
        .map(|v| v >> shift & ((1 << bits) - 1))
        .collect();
    cells.sort_unstable();
    cells.dedup();
    let law = &laws.known[&(values.len() as u64, bits)];
    (law.tails(cells.len() as u64), cells.len() as f64)
}
