//! Streams stacked as rows of a bit matrix: is any of them a sum of others?

use rayon::prelude::*;

use super::{
    Depth, StatisticalTest, TestResult, TestSpec, View,
    kernels::{gf2::rank, transpose::transpose64},
    places::{Spot, attributed, inapplicable},
    rank_control::{
        Kind, Rank, UNDECIDED, charge_widely, is_a_state, without_wide_control, worse_rank,
    },
    views::{Frame, mix},
};
use crate::{
    core::{Evidence, Law, PValue},
    math::{Tails, rank_deficiency_ln_upper},
};

/// Rows of whole words; rows of the lowest and top bit planes, and of the others; rows made of every
/// bit of a few streams.
const WORD_ROWS: usize = 2048;
const OUTER_ROWS: usize = 512;
const PLANE_ROWS: usize = 96;
const BIT_ROWS: usize = 1024;
/// Windows that the control takes of every stream, beside one.
const TIMES: [usize; 2] = [2, 4];
/// Columns beyond the rows: a random matrix lacks rank with probability below 2^−64.
const SPARE: usize = 64;

/// How many columns so many rows ask for: twice as many, and the spare ones.
///
/// A relation between streams holds in every column. Columns that depend on each other, by the way in
/// which a generator expands its seed, lower the rank too: numpy's `MT19937`, however independently
/// seeded, lacks a seventh of its first columns (1,024 such streams of 1,088 bits have rank 949). With
/// twice the columns nothing of that is left.
const fn columns_for(rows: usize) -> usize {
    2 * rows + SPARE
}

/// How many rows so many columns carry.
const fn rows_for(columns: usize) -> usize {
    columns.saturating_sub(SPARE) / 2
}

/// Rank over GF(2) of stacked streams.
pub struct StackedRank;

const SPEC: TestSpec = TestSpec {
    id: "stacked-rank",
    null: "streams stacked as rows of bits (whole words; one bit plane; every bit of a few streams; each also as xor of successive words) make uniform random matrices",
    statistic: "rank over GF(2) of the first 8, 16, 32 … rows",
    law: "P(rank ≤ rows − d) ≤ 3.47 · 2^(−d (columns − rows + d)): proven; twice as many columns as rows, since columns that depend on each other lower the rank too",
    sees: "xor relations among any number of streams, whole or in one bit plane; in the lowest plane every exact relation with integer coefficients of which one is odd; shift registers with near seeds",
    misses: "relations that hold only now and then; at most 2,048 streams are stacked (512 in the lowest and top plane, 96 in the others)",
    source: "G. Marsaglia, L.-H. Tsay, Matrices and the structure of random number sequences, Linear Algebra Appl. 67 (1985), doi:10.1016/0024-3795(85)90192-2",
    finding: "linear-relation",
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
        let width = width as usize;
        let ranks = measure(&frame, width, None);
        let kinds: Vec<(Kind, usize)> = ranks.iter().map(|rank| (rank.kind, rank.rows)).collect();
        let spots = ranks.into_iter().map(|rank| rank.spot).collect();
        let mut undecided = Vec::new();
        let mut results = attributed(&SPEC, spots, || {
            let controls = [1, 2].map(|seed| measure(&frame, width, Some(seed)));
            undecided = without_wide_control(&controls[0], &kinds);
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

/// Where each row's window of the stream starts.
///
/// The control gives every row a window of its own. It must not wrap around the end of a stream: one
/// seam breaks the recurrence of a shift register and would make the generator's own lack of rank
/// look like the seeding's. So matrices take at most half of the words, and windows start anywhere in
/// what is left; rows near each other start at different places.
fn starts(rows: usize, first: usize, room: usize, control: Option<u64>) -> Vec<usize> {
    let Some(seed) = control else {
        return vec![first; rows];
    };
    let mut places: Vec<usize> = (0..=room).collect();
    places.sort_unstable_by_key(|&place| mix(seed << 32 ^ place as u64));
    (0..rows).map(|row| places[row % places.len()]).collect()
}

/// Rows of equal length, bit-packed.
struct Matrix {
    kind: Kind,
    label: String,
    bits: Vec<u64>,
    rows: usize,
    /// Words a row.
    stride: usize,
    /// Columns that hold something.
    columns: usize,
}

fn measure(frame: &Frame<'_>, width: usize, control: Option<u64>) -> Vec<Rank> {
    let mut matrices = whole_words(frame, width, control, 1);
    let outer = if width > 1 {
        vec![0, width - 1]
    } else {
        vec![0]
    };
    matrices.extend(planes(frame, width, OUTER_ROWS, &outer, control));
    let inner: Vec<usize> = (1..width.saturating_sub(1)).collect();
    matrices.extend(planes(frame, width, PLANE_ROWS, &inner, control));
    matrices.extend(every_bit(frame, width, control));
    if control.is_some() {
        for times in TIMES {
            matrices.extend(whole_words(frame, width, control, times));
        }
    }
    matrices.par_iter().flat_map(ranks).collect()
}

/// The ranks of ever more rows.
fn ranks(matrix: &Matrix) -> Vec<Rank> {
    let mut sizes: Vec<usize> = (3..)
        .map(|k| 1 << k)
        .take_while(|&rows| rows < matrix.rows)
        .collect();
    sizes.push(matrix.rows);
    sizes
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
            let spot = Spot {
                // A family of its own: every bit of a few streams, draw by draw, also shows how one
                // seed is expanded, and must not hide what relates streams.
                view: match matrix.kind {
                    Kind::EveryBit => View::Interleaved,
                    Kind::Words | Kind::Plane(_) => View::Stacked,
                },
                kin: "",
                detail: format!("{} of {rows} rows: rank", matrix.label),
                streams: Vec::new(),
                tails,
                law: Law::Exact,
                statistic: rank as f64,
                expected: rows as f64,
            };
            Rank {
                kind: matrix.kind,
                rows,
                spot,
            }
        })
        .collect()
}

/// The word, or its xor with the one after it.
fn word(row: &[u64], at: usize, differenced: bool) -> u64 {
    if differenced {
        row[at] ^ row[at + 1]
    } else {
        row[at]
    }
}

const WAYS: [(bool, &str); 2] = [(false, ""), (true, " xored with the next in time")];

/// One row a stream, of its first (or last) words; with every bit the words carry. The control also
/// takes several windows of every stream, as far as they are long enough: a linear generator lacks
/// the more rank, the more rows there are.
fn whole_words(frame: &Frame<'_>, width: usize, control: Option<u64>, times: usize) -> Vec<Matrix> {
    let streams = frame.streams().min(WORD_ROWS);
    let all = times * streams;
    let mut matrices = Vec::new();
    for (differenced, way) in WAYS {
        let available = frame.words() - usize::from(differenced).min(frame.words());
        let words = columns_for(all).div_ceil(width).min(available / 2);
        // Rows that outnumber the columns are stacked as far as the columns go.
        let rows = all.min(rows_for(words * width));
        let short = rows < all || all > WORD_ROWS || available - words < times;
        if rows < 2 || (times > 1 && short) {
            continue;
        }
        for (place, from) in [("first", 0), ("last", available - words)] {
            if place == "last" && (from == 0 || times > 1) {
                continue;
            }
            let stride = (words * width).div_ceil(64);
            let starts = starts(rows, from, available - words, control);
            let mut bits = vec![0; rows * stride];
            for (row, packed) in bits.chunks_exact_mut(stride).enumerate() {
                for i in 0..words {
                    let stream = frame.row(row % streams);
                    let value = word(stream, starts[row] + i, differenced) >> (64 - width);
                    let at = i * width;
                    packed[at / 64] |= value << (at % 64);
                    if at % 64 + width > 64 {
                        packed[at / 64 + 1] |= value >> (64 - at % 64);
                    }
                }
            }
            matrices.push(Matrix {
                kind: Kind::Words,
                label: format!("{place} {words} words{way}"),
                bits,
                rows,
                stride,
                columns: words * width,
            });
        }
    }
    matrices
}

/// One row a stream, of one bit of each word, for some bits.
fn planes(
    frame: &Frame<'_>,
    width: usize,
    most: usize,
    which: &[usize],
    control: Option<u64>,
) -> Vec<Matrix> {
    let mut matrices = Vec::new();
    for (differenced, way) in WAYS {
        let available = frame.words() - usize::from(differenced).min(frame.words());
        let rows = frame.streams().min(most).min(rows_for(available / 2));
        if rows < 2 {
            continue;
        }
        let columns = columns_for(rows).next_multiple_of(64).min(available / 2);
        let stride = columns.div_ceil(64);
        let starts = starts(rows, 0, available - columns, control);
        let turned = turn(frame, &starts, columns, differenced);
        for &bit in which {
            let mut bits = Vec::with_capacity(rows * stride);
            for row in 0..rows {
                bits.extend(
                    (0..stride).map(|chunk| turned[row * stride + chunk][64 - width + bit]),
                );
            }
            matrices.push(Matrix {
                kind: Kind::Plane(bit),
                label: format!("bit {bit}{way}"),
                bits,
                rows,
                stride,
                columns,
            });
        }
    }
    matrices
}

/// One row for every bit position of a few streams: relations between different bits.
fn every_bit(frame: &Frame<'_>, width: usize, control: Option<u64>) -> Vec<Matrix> {
    let mut matrices = Vec::new();
    for (differenced, way) in WAYS {
        let available = frame.words() - usize::from(differenced).min(frame.words());
        let streams = ((available / 2).saturating_sub(SPARE) / width)
            .min(BIT_ROWS / width)
            .min(frame.streams());
        if streams < 2 {
            continue;
        }
        let rows = streams * width;
        let columns = (rows + SPARE).next_multiple_of(64).min(available / 2);
        let stride = columns.div_ceil(64);
        let starts = starts(streams, 0, available - columns, control);
        let turned = turn(frame, &starts, columns, differenced);
        let mut bits = Vec::with_capacity(rows * stride);
        for stream in 0..streams {
            let chunks = &turned[stream * stride..(stream + 1) * stride];
            for bit in 64 - width..64 {
                bits.extend(chunks.iter().map(|chunk| chunk[bit]));
            }
        }
        matrices.push(Matrix {
            kind: Kind::EveryBit,
            label: format!("every bit of {streams} streams{way}"),
            bits,
            rows,
            stride,
            columns,
        });
    }
    matrices
}

/// Bit planes of each row, 64 words at a time; words past the last column are 0.
fn turn(frame: &Frame<'_>, starts: &[usize], columns: usize, differenced: bool) -> Vec<[u64; 64]> {
    let stride = columns.div_ceil(64);
    let mut turned = vec![[0; 64]; starts.len() * stride];
    turned
        .par_iter_mut()
        .enumerate()
        .for_each(|(place, block)| {
            let (row, from) = (frame.row(place / stride), place % stride * 64);
            for (i, to) in block.iter_mut().enumerate().take(columns - from) {
                *to = word(row, starts[place / stride] + from + i, differenced);
            }
            transpose64(block);
        });
    turned
}
