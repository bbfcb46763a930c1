//! Streams stacked as rows of a bit matrix: is any of them a sum of others?

mod control;
mod matrices;
mod relation;
mod state;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use super::{
    StatisticalTest,
    places::{Spot, UNDECIDED, attributed, inapplicable},
    views::Frame,
    weak_bits::resting_on_random_bits,
};
use crate::{
    kernels::gf2::rank,
    math::{Tails, rank_deficiency_ln_upper},
    results::{Depth, FindingKind, TestResult, TestSpec, View},
    vocabulary::{Evidence, PValue},
};

use self::{
    control::{Rank, charge_widely, is_a_state, without_wide_control, worse_rank},
    matrices::{Matrix, RowKind, columns_for},
    relation::relation,
    state::below_state,
};

/// Rank over GF(2) of stacked streams.
pub struct StackedRank;

const SPEC: TestSpec = TestSpec {
    id: super::id::STACKED_RANK,
    null: "streams stacked as rows of bits (whole words; one bit plane; every bit of a few streams; each also as xor of successive words) make uniform random matrices",
    statistic: "rank over GF(2) of the first 8, 16, 32 … rows; where rows are dependent, the fewest that add up to 0",
    law: &[
        "P(rank ≤ rows − d) ≤ 3.47 · 2^(−d (columns − rows + d)): proven",
        "twice as many columns as rows, since columns that depend on each other lower the rank too",
        "P(any w of R rows add up to 0) ≤ Σ C(R, j ≤ w) · 2^(1 − rank), also for a linear generator, of which a sum of independent states is uniform over a space no smaller than the rank",
    ],
    sees: &[
        "xor relations among any number of streams, whole or in one bit plane",
        "in the lowest plane every exact relation with integer coefficients of which one is odd",
        "shift registers with near seeds",
    ],
    misses: &[
        "relations that hold only now and then",
        "at most 2,048 streams are stacked (512 in the lowest and top plane, 96 in the others)",
    ],
    source: "G. Marsaglia, L.-H. Tsay, Matrices and the structure of random number sequences, Linear Algebra Appl. 67 (1985), doi:10.1016/0024-3795(85)90192-2",
    finding: FindingKind::LinearRelation,
    power_on: "one of 40 streams is the xor of 11 others",
    depth: Depth::Full,
};

impl StatisticalTest for StackedRank {
    fn spec(&self) -> &'static TestSpec {
        &SPEC
    }

    fn run(&self, evidence: &Evidence) -> Vec<TestResult> {
        let Some(width) = evidence.format().uniform_width() else {
            return inapplicable(&SPEC, View::Stacked, "uniform bits");
        };
        let frame = Frame::new(evidence);
        if frame.streams() < 2 {
            return inapplicable(&SPEC, View::Stacked, "two streams with words in common");
        }
        let judged = |frame: &Frame<'_>| judged(frame, width as usize);
        let results = resting_on_random_bits(judged(&frame), &frame, width, judged, |_| Vec::new());
        if results.is_empty() {
            return inapplicable(
                &SPEC,
                View::Stacked,
                "two streams of 66 bits in half of their words",
            );
        }
        results
    }
}

/// Whether a result is a rank as large as the state of a linear generator in use.
pub(crate) fn is_state_rank(result: &TestResult) -> bool {
    result.test == SPEC.id && is_a_state(result)
}

fn judged(frame: &Frame<'_>, width: usize) -> Vec<TestResult> {
    let ranks = measure(frame, width, None);
    let kinds: Vec<(RowKind, usize)> = ranks.iter().map(|rank| (rank.kind, rank.rows)).collect();
    let spots = ranks.iter().map(|rank| rank.spot.clone()).collect();
    let mut undecided = Vec::new();
    let mut below = None;
    let mut results = attributed(&SPEC, spots, || {
        let controls = [1, 2].map(|seed| measure(frame, width, Some(seed)));
        undecided = without_wide_control(&controls[0], &kinds);
        below = below_state(&SPEC, &ranks, &controls);
        let [one, other] = controls;
        let worst: Vec<Rank> = one.into_iter().zip(other).map(worse_rank).collect();
        Some(charge_widely(&worst, &kinds))
    });
    for result in &mut results {
        let unclear = undecided
            .iter()
            .any(|d| result.detail.starts_with(d.as_str()));
        if unclear && result.control_fails() == Some(false) && is_a_state(result) {
            result.control = PValue::upper_only(UNDECIDED).ok();
        }
    }
    results.extend(below);
    results
}

fn measure(frame: &Frame<'_>, width: usize, control: Option<u64>) -> Vec<Rank> {
    matrices::all(frame, width, control)
        .par_iter()
        .flat_map(|matrix| ranks(frame, matrix, width))
        .collect()
}

/// The ranks of ever more rows, and the shortest relation among all of them.
fn ranks(frame: &Frame<'_>, matrix: &Matrix, width: usize) -> Vec<Rank> {
    let mut sizes: Vec<usize> = (3..)
        .map(|k| 1 << k)
        .take_while(|&rows| rows < matrix.rows)
        .collect();
    sizes.push(matrix.rows);
    let mut found: Vec<Rank> = sizes
        .into_iter()
        .map(|rows| {
            // Only as many columns as the bound needs; the rest would cost and not convict.
            let stride = columns_for(rows).div_ceil(64).min(matrix.stride);
            let columns = matrix.columns.min(64 * stride);
            let mut bits = Vec::with_capacity(rows * stride);
            for row in matrix.bits.chunks_exact(matrix.stride).take(rows) {
                bits.extend_from_slice(&row[..stride]);
            }
            let rank = rank(&mut bits, rows, stride);
            let tails = if columns < rows {
                Tails::CERTAIN
            } else {
                Tails::upper_only(rank_deficiency_ln_upper(
                    rows as u64,
                    columns as u64,
                    (rows - rank) as u64,
                ))
            };
            // A family of its own: every bit of a few streams, draw by draw, also shows how one seed is
            // expanded, and must not hide what relates streams.
            let view = match matrix.kind {
                RowKind::EveryBit { .. } => View::Interleaved,
                RowKind::Words | RowKind::Plane(_) => View::Stacked,
            };
            let detail = format!("{} of {rows} rows: rank", matrix.label);
            let spot = Spot::new(view, detail, tails, (rank as f64, rows as f64));
            Rank {
                kind: matrix.kind,
                rows,
                columns,
                spot,
            }
        })
        .collect();
    // The control stacks streams several times over.
    if matrix.streams() > frame.streams() {
        return found;
    }
    let whole = found.last().map_or(0.0, |rank| rank.spot.statistic);
    found.push(Rank {
        kind: matrix.kind,
        rows: matrix.rows,
        columns: matrix.columns,
        spot: relation(frame, matrix, whole as usize, width),
    });
    found
}
