//! The bit matrices that streams are stacked in.

use rayon::prelude::*;

use crate::{
    kernels::transpose::transpose64,
    statistics::views::{Frame, mix},
};

/// Rows of whole words: more find larger linear states, in time that grows with the cube.
const WORD_ROWS: usize = 2048;
/// Rows of the lowest and of the top bit planes.
const OUTER_ROWS: usize = 512;
/// Rows of each of the other bit planes.
const PLANE_ROWS: usize = 96;
/// Rows made of every bit of a few streams: more find larger states that no single bit shows.
const BIT_ROWS: usize = 3072;
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
pub(super) const fn columns_for(rows: usize) -> usize {
    2 * rows + SPARE
}

/// How many rows so many columns carry.
const fn rows_for(columns: usize) -> usize {
    columns.saturating_sub(SPARE) / 2
}

/// What a row is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    Words,
    Plane(usize),
    EveryBit { bits: usize },
}

impl RowKind {
    /// Whether a generator that lacks rank here may lack it there by a chance of its own: planes of
    /// a generator modulo 2^k repeat ever later from the lowest bit up, so that *which* planes of
    /// which streams happen to coincide differs from control to control.
    pub(super) fn implies(self, other: Self) -> bool {
        match (self, other) {
            (Self::Plane(low), Self::Plane(high)) => low <= high,
            _ => self == other,
        }
    }
}

/// Rows of equal length, bit-packed.
pub(super) struct Matrix {
    pub(super) kind: RowKind,
    pub(super) label: String,
    pub(super) bits: Vec<u64>,
    pub(super) rows: usize,
    /// Words a row.
    pub(super) stride: usize,
    /// Columns that hold something.
    pub(super) columns: usize,
}

impl Matrix {
    /// How many streams the rows are of.
    pub(super) const fn streams(&self) -> usize {
        self.rows / self.rows_per_stream()
    }

    /// How many successive rows are of one stream.
    pub(super) const fn rows_per_stream(&self) -> usize {
        match self.kind {
            RowKind::EveryBit { bits } => bits,
            RowKind::Words | RowKind::Plane(_) => 1,
        }
    }
}

/// Every matrix that is looked at.
pub(super) fn all(frame: &Frame<'_>, width: usize, control: Option<u64>) -> Vec<Matrix> {
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
    matrices
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
                kind: RowKind::Words,
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
                kind: RowKind::Plane(bit),
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
fn every_bit(frame: &Frame<'_>, width: usize, control: Option<u64>) -> Option<Matrix> {
    let available = frame.words();
    let streams = ((available / 2).saturating_sub(SPARE) / width)
        .min(BIT_ROWS / width)
        .min(frame.streams());
    if streams < 2 {
        return None;
    }
    let rows = streams * width;
    let columns = (rows + SPARE).next_multiple_of(64).min(available / 2);
    let stride = columns.div_ceil(64);
    let starts = starts(streams, 0, available - columns, control);
    let turned = turn(frame, &starts, columns, false);
    let mut bits = Vec::with_capacity(rows * stride);
    for stream in 0..streams {
        let chunks = &turned[stream * stride..(stream + 1) * stride];
        for bit in 64 - width..64 {
            bits.extend(chunks.iter().map(|chunk| chunk[bit]));
        }
    }
    Some(Matrix {
        kind: RowKind::EveryBit { bits: width },
        label: format!("every bit of {streams} streams"),
        bits,
        rows,
        stride,
        columns,
    })
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
