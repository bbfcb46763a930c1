//! Words combined from several streams, and what is counted of them.
//!
//! A family lists tuples of rows so that every tuple brings a row that no earlier tuple held. Under
//! the null hypothesis its combined words are then independent and uniform *exactly*: given all that
//! came before, the fresh row alone makes each of them uniform.

use rayon::prelude::*;

use super::{places::Spot, views::Frame};
use crate::{
    kernels::{bytes::FieldCounter, dispatch::dispatch, positional::PositionalCounter},
    math::{Tails, binomial_tails, chi_square_statistic, chi_square_tails, occupancy_bound},
    results::View,
};

/// Words are combined this many at a time, so that they stay in the first-level cache.
const BLOCK: usize = 1024;
/// Combined words of which repeats are counted.
const HEAD: usize = 4096;
/// A χ² convicts alone only from this expected count on, and then its p-value is doubled.
pub(crate) const EXPECTED_COUNT: u64 = 64;

/// How rows are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// a ^ b
    Xor,
    /// a − b
    Difference,
    /// a + b
    Sum,
    /// a − 2 b + c
    Second,
    /// a ^ b ^ c ^ d
    XorQuad,
    /// a − b − c + d
    Quad,
}

impl Op {
    const fn arity(self) -> usize {
        match self {
            Self::Xor | Self::Difference | Self::Sum => 2,
            Self::Second => 3,
            Self::XorQuad | Self::Quad => 4,
        }
    }
}

/// Tuples of rows to combine.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) view: View,
    /// Fit for "xor of neighbouring tasks".
    pub(crate) label: String,
    pub(crate) op: Op,
    /// Rows; the unused places of smaller operations repeat the first.
    pub(crate) tuples: Vec<[u32; 4]>,
    /// At most so many combined words are looked at: every tuple over the same prefix.
    pub(crate) cap: usize,
}

/// What is counted of combined words.
struct Counts {
    top: FieldCounter,
    low: FieldCounter,
    /// Ones at every bit.
    ones: [u64; 64],
    /// The first words, of which repeats are counted.
    head: Vec<u64>,
}

/// Places of a family: a bit, the top and the lowest bits as fields, repeats.
const PLACES: usize = 4;

impl Counts {
    /// The combined words of these tuples.
    fn of(
        frame: &Frame<'_>,
        op: Op,
        field: u32,
        width: u32,
        words: usize,
        tuples: &[[u32; 4]],
    ) -> Self {
        // A fixed number of parts, so that the heads (and so the result) know nothing of threads.
        let total = words * tuples.len();
        let parts = (total >> 15).clamp(1, 16).min(tuples.len());
        let head = HEAD.div_ceil(parts);
        let part = |part: usize| {
            let range = part * tuples.len() / parts..(part + 1) * tuples.len() / parts;
            Self::of_part(frame, op, (field, width), words, &tuples[range], head)
        };
        let parts: Vec<Self> = match parts {
            1 => vec![part(0)],
            _ => (0..parts).into_par_iter().map(part).collect(),
        };
        let mut parts = parts.into_iter();
        let mut all = parts.next().expect("at least one tuple");
        for part in parts {
            all.top.merge(&part.top);
            all.low.merge(&part.low);
            all.head.extend_from_slice(&part.head);
            for (sum, count) in all.ones.iter_mut().zip(part.ones) {
                *sum += count;
            }
        }
        all
    }

    fn of_part(
        frame: &Frame<'_>,
        op: Op,
        (field, width): (u32, u32),
        words: usize,
        tuples: &[[u32; 4]],
        longest: usize,
    ) -> Self {
        let mut top = FieldCounter::new(64 - field, field);
        let mut low = FieldCounter::new(64 - width, field);
        let mut bits = PositionalCounter::default();
        let mut head: Vec<u64> = Vec::new();
        let mut add = |words: &[u64]| {
            top.add(words);
            low.add(words);
            bits.add(words);
            let missing = longest.saturating_sub(head.len()).min(words.len());
            head.extend_from_slice(&words[..missing]);
        };
        let mut buffer = Buffer {
            words: [0; BLOCK],
            filled: 0,
        };
        for tuple in tuples {
            combine(frame, op, tuple, words, &mut buffer, &mut add);
        }
        add(&buffer.words[..buffer.filled]);
        Self {
            ones: bits.counts(),
            top,
            low,
            head,
        }
    }

    /// What orders tuples of as many words by how uneven each place is, most uneven first.
    fn evenness(mut self, total: u64, width: u32) -> [f64; PLACES] {
        let balance = bit_balance(&self.ones, total, width);
        let cells = |counter: &FieldCounter| {
            let counts = counter.counts();
            cells_tails(chi_square_statistic(&counts), counts.len()).ln_two_sided()
        };
        [
            balance.tails.ln_two_sided(),
            cells(&self.top),
            cells(&self.low),
            distinct(&mut self.head) as f64,
        ]
    }
}

/// The places of one family: bit balance, top and low field, repeated words.
pub(crate) fn spots(frame: &Frame<'_>, width: u32, family: &Family) -> Vec<Spot> {
    let words = (family.cap / family.tuples.len().max(1)).clamp(1, frame.words());
    let tuples = &family.tuples[..family.tuples.len().min(family.cap)];
    match frame.left_out() {
        0 => spots_of(frame, width, family, words, tuples),
        worst => spots_without(frame, width, family, words, tuples, worst),
    }
}

/// The places of a family, each without the tuples that are the most uneven at it by themselves.
fn spots_without(
    frame: &Frame<'_>,
    width: u32,
    family: &Family,
    words: usize,
    tuples: &[[u32; 4]],
    worst: usize,
) -> Vec<Spot> {
    let Some(field) = field_bits(words as u64, width).filter(|_| tuples.len() > worst) else {
        return Vec::new();
    };
    let alone: Vec<[f64; PLACES]> = tuples
        .par_iter()
        .map(|tuple| {
            Counts::of(
                frame,
                family.op,
                field,
                width,
                words,
                std::slice::from_ref(tuple),
            )
            .evenness(words as u64, width)
        })
        .collect();
    (0..PLACES)
        .filter_map(|place| {
            let mut order: Vec<usize> = (0..tuples.len()).collect();
            order.sort_by(|&a, &b| alone[a][place].total_cmp(&alone[b][place]));
            let rest: Vec<[u32; 4]> = order[worst..].iter().map(|&at| tuples[at]).collect();
            spots_of(frame, width, family, words, &rest)
                .into_iter()
                .nth(place)
        })
        .collect()
}

fn spots_of(
    frame: &Frame<'_>,
    width: u32,
    family: &Family,
    words: usize,
    tuples: &[[u32; 4]],
) -> Vec<Spot> {
    let total = (words * tuples.len()) as u64;
    let Some(field) = field_bits(total, width) else {
        return Vec::new();
    };
    let mut all = Counts::of(frame, family.op, field, width, words, tuples);
    let seen = if words < frame.words() {
        format!(", first {words} words")
    } else {
        String::new()
    };
    let spot = |kin: &'static str, what: String, tails, statistic, expected| {
        Spot::new(
            family.view.clone(),
            format!("{}{seen}: {what}", family.label),
            tails,
            (statistic, expected),
        )
        .kin(kin)
    };
    let balance = bit_balance(&all.ones, total, width);
    let mut spots = vec![spot(
        "bits",
        format!("bit {}", balance.bit),
        balance.tails,
        balance.ones as f64,
        total as f64 / 2.0,
    )];
    for (name, counter) in [("top", &all.top), ("lowest", &all.low)] {
        let x = chi_square_statistic(&counter.counts());
        spots.push(spot(
            name,
            format!("{name} {field} bits"),
            cells_tails(x, 1 << field),
            x,
            f64::from((1_u32 << field) - 1),
        ));
    }
    let (tails, repeats, expected) = repeats(&mut all.head, width);
    spots.push(spot(
        "repeats",
        "repeated values".into(),
        tails,
        repeats,
        expected,
    ));
    spots
}

/// The doubled tails of a χ² over so many equally likely cells of expected count 64 and more.
///
/// With few cells the statistic is coarse and perfect evenness is no rarity (two cells are equal one
/// time in ten), so the lower tail counts from 64 cells on.
pub(crate) fn cells_tails(x: f64, cells: usize) -> Tails {
    let tails = chi_square_tails(x, cells as f64 - 1.0).times(2.0);
    if cells < 64 {
        Tails::upper_only(tails.ln_upper)
    } else {
        tails
    }
}

/// Bits of a field whose χ² has the expected count that convicts alone; at most 8.
pub(crate) fn field_bits(total: u64, width: u32) -> Option<u32> {
    let bits = (total / EXPECTED_COUNT).checked_ilog2()?.min(8).min(width);
    (bits > 0).then_some(bits)
}

/// The bit position furthest from balance.
pub(crate) struct Balance {
    /// Counted from the lowest bit of the element's own width.
    pub(crate) bit: u32,
    pub(crate) ones: u64,
    /// Already times the width.
    pub(crate) tails: Tails,
}

/// The least balanced of the top `width` positions: exact binomial, times the positions.
pub(crate) fn bit_balance(ones: &[u64; 64], total: u64, width: u32) -> Balance {
    let base = 64 - width;
    let distance = |bit: u32| (2 * ones[(base + bit) as usize]).abs_diff(total);
    let bit = (0..width)
        .max_by_key(|&bit| (distance(bit), std::cmp::Reverse(bit)))
        .expect("width is at least 1");
    let count = ones[(base + bit) as usize];
    Balance {
        bit,
        ones: count,
        tails: binomial_tails(count, total, 0.5).times(f64::from(width)),
    }
}

/// How many different words there are; sorts them.
fn distinct(words: &mut [u64]) -> u64 {
    words.sort_unstable();
    words.chunk_by(|a, b| a == b).count() as u64
}

/// Repeated values among the words, by the occupancy law: tails in units of repeats.
pub(crate) fn repeats(words: &mut [u64], width: u32) -> (Tails, f64, f64) {
    let distinct = distinct(words);
    let balls = words.len() as u64;
    let cells = f64::from(width).exp2();
    let law = occupancy_bound(balls, cells, distinct);
    let expected = balls as f64 - crate::math::expected_distinct(balls as f64, cells);
    // More repeats are fewer distinct values.
    let tails = Tails::new(law.ln_upper, law.ln_lower);
    (tails, (balls - distinct) as f64, expected.max(0.0))
}

/// Appends the combined words of one tuple to the buffer and hands on every full block.
fn combine(
    frame: &Frame<'_>,
    op: Op,
    tuple: &[u32; 4],
    words: usize,
    buffer: &mut Buffer,
    mut full: impl FnMut(&[u64]),
) {
    let rows: [&[u64]; 4] =
        std::array::from_fn(|place| frame.row(tuple[place.min(op.arity() - 1)] as usize));
    let mut at = 0;
    while at < words {
        let next = words.min(at + BLOCK - buffer.filled);
        let out = &mut buffer.words[buffer.filled..][..next - at];
        apply(op, rows.map(|row| &row[at..next]), out);
        buffer.filled += next - at;
        if buffer.filled == BLOCK {
            full(&buffer.words);
            buffer.filled = 0;
        }
        at = next;
    }
}

/// Combined words that wait for a block to be full.
struct Buffer {
    words: [u64; BLOCK],
    filled: usize,
}

dispatch! {
    /// Combines words of up to four rows one by one.
    fn apply / apply_at(op: Op, rows: [&[u64]; 4], out: &mut [u64]) {
        let [a, b, c, d] = rows;
        let pairs = out.iter_mut().zip(a.iter().zip(b));
        match op {
            Op::Xor => pairs.for_each(|(out, (a, b))| *out = a ^ b),
            Op::Difference => pairs.for_each(|(out, (a, b))| *out = a.wrapping_sub(*b)),
            Op::Sum => pairs.for_each(|(out, (a, b))| *out = a.wrapping_add(*b)),
            Op::Second => pairs.zip(c).for_each(|((out, (a, b)), c)| {
                *out = a.wrapping_sub(*b).wrapping_sub(*b).wrapping_add(*c);
            }),
            Op::XorQuad => pairs
                .zip(c.iter().zip(d))
                .for_each(|((out, (a, b)), (c, d))| *out = a ^ b ^ c ^ d),
            Op::Quad => pairs
                .zip(c.iter().zip(d))
                .for_each(|((out, (a, b)), (c, d))| {
                    *out = a.wrapping_sub(*b).wrapping_sub(*c).wrapping_add(*d);
                }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::{available, test_words};

    #[test]
    fn every_build_combines_by_the_coefficients() {
        let rows: [Vec<u64>; 4] = std::array::from_fn(|row| test_words(row as u64, 77));
        let [a, b, c, d] = rows.each_ref().map(Vec::as_slice);
        let linear = |by: [i64; 4], t: usize| {
            let terms = [a, b, c, d].map(|row| row[t] as i64);
            let products = terms
                .into_iter()
                .zip(by)
                .map(|(term, by)| term.wrapping_mul(by));
            products.fold(0, i64::wrapping_add) as u64
        };
        for level in available() {
            for op in [
                Op::Difference,
                Op::Sum,
                Op::Second,
                Op::Quad,
                Op::Xor,
                Op::XorQuad,
            ] {
                let mut out = vec![0; 77];
                apply_at(level, op, [a, b, c, d], &mut out);
                for (t, &word) in out.iter().enumerate() {
                    let expected = match op {
                        Op::Difference => linear([1, -1, 0, 0], t),
                        Op::Sum => linear([1, 1, 0, 0], t),
                        Op::Second => linear([1, -2, 1, 0], t),
                        Op::Quad => linear([1, -1, -1, 1], t),
                        Op::Xor => a[t] ^ b[t],
                        Op::XorQuad => a[t] ^ b[t] ^ c[t] ^ d[t],
                    };
                    assert_eq!(word, expected, "{op:?} at {level:?}");
                }
            }
        }
    }
}
