//! What all streams have in common: sums over streams at equal index.

use rayon::prelude::*;

use super::{
    Depth, StatisticalTest, TestResult, TestSpec, View,
    combine::{bit_balance, cells_tails, field_bits},
    kernels::{bytes::FieldCounter, columns::ColumnSquares, positional::PositionalCounter},
    places::{Spot, aligned, inapplicable},
    views::Frame,
};
use crate::{
    core::{Evidence, Law},
    math::{Lattice, Tails, chernoff, chi_square_statistic},
};

/// Streams summed at most.
const STREAMS: usize = 8192;
/// Words of a column block.
const BLOCK: usize = 512;
/// Streams up to which the generating function is summed exactly; beyond, it is bounded.
const EXACT: u64 = 512;

/// Components shared by all streams.
pub struct CommonComponent;

const SPEC: TestSpec = TestSpec {
    id: "common-component",
    null: "at every index and bit position the ones among S streams are binomial(S, 1/2), independently; the sum and the xor over all streams are uniform words",
    statistic: "Σ over indices of (ones − S/2)², for all positions together and for the worst; χ² and bit balance of the modular sum and of the xor of all streams",
    law: "Chernoff bound from the exact generating function of a squared centred binomial (bounded by that of a squared Gaussian above 512 streams); χ² with p doubled, binomial",
    sees: "a weak component common to all streams, far below what any pair shows: 64 streams that take one word in 64 from a common source; streams that are stratified against each other; a last stream that makes a total come out",
    misses: "components that only a few streams share; at most 8,192 streams are summed",
    source: "H. Hotelling, Analysis of a complex of statistical variables into principal components, J. Educ. Psychol. 24 (1933): the first component; bound after H. Chernoff, Ann. Math. Stat. 23 (1952), doi:10.1214/aoms/1177729330",
    finding: "common-component",
    power_on: "64 streams take one word in 64 from a common source",
    depth: Depth::Full,
};

impl StatisticalTest for CommonComponent {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Column, "uniform bits");
        };
        let frame = Frame::new(evidence);
        if frame.streams() < 2 || frame.words() == 0 {
            return inapplicable(&SPEC, View::Column, "two streams with words in common");
        }
        aligned(&SPEC, &frame, |frame| measure(frame, width))
    }
}

fn measure(frame: &Frame<'_>, width: u32) -> Vec<Spot> {
    let everything: Vec<usize> = (0..frame.streams().min(STREAMS)).collect();
    let mut groups = vec![("all streams".to_owned(), vec![everything])];
    if frame.runs().len() > 1 {
        let runs = frame
            .runs()
            .iter()
            .map(|run| run.clone().take(STREAMS / frame.runs().len()).collect())
            .collect();
        groups.push(("the streams of each run".to_owned(), runs));
    }
    groups
        .into_iter()
        .flat_map(|(label, groups)| {
            let squared = groups.iter().flat_map(|rows| apart(frame, rows)).collect();
            of_groups(frame, width, &label, squared, &groups)
        })
        .collect()
}

/// In the control, rows that stand at one offset go to different groups.
fn apart(frame: &Frame<'_>, rows: &[usize]) -> Vec<Vec<usize>> {
    if !frame.is_shifted() {
        return vec![rows.to_vec()];
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    for &row in rows {
        let times = seen.entry(frame.offset(row)).or_insert(0);
        if groups.len() <= *times {
            groups.push(Vec::new());
        }
        groups[*times].push(row);
        *times += 1;
    }
    groups
}

/// `squared` groups for the squares; the totals go over whole groups, which no shift leaves related.
fn of_groups(
    frame: &Frame<'_>,
    width: u32,
    label: &str,
    squared: Vec<Vec<usize>>,
    whole: &[Vec<usize>],
) -> Vec<Spot> {
    let groups: Vec<Vec<usize>> = squared.into_iter().filter(|rows| rows.len() > 1).collect();
    let spot = |kin: &'static str, what: String, tails, statistic, expected| Spot {
        view: View::Column,
        detail: format!("{label}: {what}"),
        kin,
        streams: Vec::new(),
        tails,
        law: Law::Exact,
        statistic,
        expected,
    };
    // Σ (ones − S/2)², times 4 so that it stays whole.
    let squares: Vec<u64> = groups
        .iter()
        .map(|rows| column_squares(frame, rows))
        .fold(vec![0; 64], |sum, next| {
            sum.iter().zip(next).map(|(a, b)| a + b).collect()
        });
    let base = (64 - width) as usize;
    let laws = Laws::new(
        groups.iter().map(|rows| rows.len() as u64),
        frame.words() as f64,
    );
    let quarter = |value: u64| value as f64 / 4.0;
    let total = quarter(squares[base..].iter().sum());
    let positions = f64::from(width);
    let mut spots = vec![spot(
        "squares",
        "ones at equal index".into(),
        laws.tails(positions, total),
        total,
        laws.mean * positions,
    )];
    let worst = (base..64)
        .max_by(|&a, &b| {
            let distance = |i: usize| (quarter(squares[i]) - laws.mean).abs();
            distance(a).total_cmp(&distance(b))
        })
        .expect("width is at least 1");
    spots.push(spot(
        "squares",
        format!("ones at equal index, bit {}", worst - base),
        laws.tails(1.0, quarter(squares[worst])).times(positions),
        quarter(squares[worst]),
        laws.mean,
    ));
    spots.extend(totals(frame, width, whole, &spot));
    spots
}

/// The modular sum and the xor over each group's streams, which any one stream makes uniform.
fn totals(
    frame: &Frame<'_>,
    width: u32,
    groups: &[Vec<usize>],
    spot: &dyn Fn(&'static str, String, Tails, f64, f64) -> Spot,
) -> Vec<Spot> {
    let words = frame.words();
    let total = (words * groups.len()) as u64;
    let Some(field) = field_bits(total, width) else {
        return Vec::new();
    };
    let mut spots = Vec::new();
    for (name, add) in [
        ("sum", u64::wrapping_add as fn(u64, u64) -> u64),
        ("xor", |a, b| a ^ b),
    ] {
        let mut top = FieldCounter::new(64 - field, field);
        let mut bits = PositionalCounter::default();
        let mut buffer = vec![0; words];
        for rows in groups {
            buffer.copy_from_slice(frame.row(rows[0]));
            buffer
                .par_chunks_mut(BLOCK)
                .enumerate()
                .for_each(|(block, sums)| {
                    let from = block * BLOCK;
                    for &row in &rows[1..] {
                        let row = &frame.row(row)[from..from + sums.len()];
                        for (sum, word) in sums.iter_mut().zip(row) {
                            *sum = add(*sum, *word);
                        }
                    }
                });
            top.add(&buffer);
            bits.add(&buffer);
        }
        let balance = bit_balance(&bits.counts(), total, width);
        spots.push(spot(
            "totals",
            format!("{name} over streams, bit {}", balance.bit),
            balance.tails,
            balance.ones as f64,
            total as f64 / 2.0,
        ));
        let x = chi_square_statistic(&top.counts());
        spots.push(spot(
            "totals",
            format!("{name} over streams, top {field} bits"),
            cells_tails(x, 1 << field),
            x,
            f64::from((1_u32 << field) - 1),
        ));
    }
    spots
}

/// Σ over indices of (2 ones − S)², by bit position.
fn column_squares(frame: &Frame<'_>, rows: &[usize]) -> Vec<u64> {
    (0..frame.words().div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let from = block * BLOCK;
            let to = frame.words().min(from + BLOCK);
            let mut squares = ColumnSquares::new(to - from);
            for &row in rows {
                squares.add(&frame.row(row)[from..to]);
            }
            squares.finish(rows.len() as u64)
        })
        .reduce(
            || vec![0; 64],
            |mut sum, next| {
                for (a, b) in sum.iter_mut().zip(next) {
                    *a += b;
                }
                sum
            },
        )
}

/// The laws of one squared deviation for groups of given sizes, summed over groups and indices.
struct Laws {
    /// Group sizes and how many groups have them.
    sizes: Vec<(u64, f64)>,
    exact: Vec<Option<Lattice>>,
    words: f64,
    /// Expectation of the sum over indices and groups, for one bit position.
    mean: f64,
    deviation: f64,
}

impl Laws {
    fn new(sizes: impl Iterator<Item = u64>, words: f64) -> Self {
        let mut counted: Vec<(u64, f64)> = Vec::new();
        for size in sizes {
            match counted.iter_mut().find(|(known, _)| *known == size) {
                Some((_, times)) => *times += 1.0,
                None => counted.push((size, 1.0)),
            }
        }
        let sum = |of: &dyn Fn(f64) -> f64| -> f64 {
            counted
                .iter()
                .map(|&(size, times)| times * of(size as f64))
                .sum()
        };
        // Variance of (B − S/2)² is S(S − 1)/8.
        let deviation = (words * sum(&|size| size * (size - 1.0) / 8.0)).sqrt();
        Self {
            mean: words * sum(&|size| size / 4.0),
            deviation,
            exact: counted
                .iter()
                .map(|&(size, _)| (size <= EXACT).then(|| Lattice::squared_binomial(size)))
                .collect(),
            sizes: counted,
            words,
        }
    }

    fn tails(&self, positions: f64, total: f64) -> Tails {
        if self.sizes.is_empty() {
            return Tails::CERTAIN;
        }
        let scale = 1.0 / (self.deviation * positions.sqrt()).max(f64::MIN_POSITIVE);
        chernoff(positions * self.words, total, scale, |theta| {
            self.sizes
                .iter()
                .zip(&self.exact)
                .map(|(&(size, times), law)| {
                    times
                        * match law {
                            Some(law) => law.ln_mgf(theta),
                            None => squared_ln_mgf_bound(size as f64, theta),
                        }
                })
                .sum()
        })
    }
}

/// A bound on ln E exp(θ Y²), Y a centred binomial(S, 1/2).
///
/// Up: E exp(θY²) = E cosh(√(θ/2) g)^S over a standard Gaussian g, at most E exp(θ S g²/4) =
/// (1 − θS/2)^−½. Down: exp(−x) ≤ 1 − x + x²/2 with E Y² = S/4, E Y⁴ = 3S²/16 − S/8.
fn squared_ln_mgf_bound(size: f64, theta: f64) -> f64 {
    if theta >= 0.0 {
        let rest = 1.0 - theta * size / 2.0;
        if rest > 0.0 {
            -0.5 * rest.ln()
        } else {
            f64::INFINITY
        }
    } else {
        let fourth = 3.0 * size * size / 16.0 - size / 8.0;
        (theta * size / 4.0 + theta * theta * fourth / 2.0).ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_covers_the_exact_generating_function() {
        for size in [64_u64, 512] {
            let exact = Lattice::squared_binomial(size);
            for step in -20..20 {
                let theta = f64::from(step) / 10.5 / size as f64;
                let bound = squared_ln_mgf_bound(size as f64, theta);
                assert!(bound >= exact.ln_mgf(theta) - 1e-12, "{size} {theta}");
            }
        }
    }
}
