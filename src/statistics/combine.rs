//! Words combined from several streams, and what is counted of them.
//!
//! A family lists tuples of rows so that every tuple brings a row that no earlier tuple held. Under
//! the null hypothesis its combined words are then independent and uniform *exactly*: given all that
//! came before, the fresh row alone makes each of them uniform.

use rayon::prelude::*;

use super::{distinct::distinct, places::Spot, views::Frame};
use crate::{
    kernels::{BLOCK, bytes::FieldCounter, dispatch::dispatch, positional::PositionalCounter},
    math::{Tails, binomial_tails, chi_square_statistic, chi_square_tails, occupancy_bound},
    results::View,
};

/// Combined words of a leading family; a pair costs half of a quad, and gets twice as many. Raising it finds
/// weaker relations, in time that grows as much.
pub(super) const LEADING: usize = 1 << 23;
/// The same of each of the many families that vary a stride or a bit.
pub(super) const VARIED: usize = 1 << 17;
/// Combined words of which repeats are counted: more find rarer repeats.
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
#[derive(Clone)]
pub(super) struct Counts {
    /// The top and the lowest bits as fields.
    pub(super) top: Vec<u64>,
    pub(super) low: Vec<u64>,
    /// Ones at every bit.
    pub(super) ones: [u64; 64],
}

impl Counts {
    /// The combined words of these tuples, over the same `words` of every stream.
    pub(super) fn of(
        frame: &Frame<'_>,
        op: Op,
        (field, width): (u32, u32),
        words: usize,
        tuples: &[[u32; 4]],
    ) -> Self {
        let parts = parts_of(words, tuples);
        let part = |part: usize| {
            let tuples = &tuples[part_of(part, parts, tuples.len())];
            Self::of_part(frame, op, (field, width), words, tuples)
        };
        let mut parts: Vec<Self> = match parts {
            1 => vec![part(0)],
            _ => (0..parts).into_par_iter().map(part).collect(),
        };
        let mut all = parts.swap_remove(0);
        parts
            .iter()
            .for_each(|part| all.each(part, |sum, count| *sum += count));
        all
    }

    fn of_part(
        frame: &Frame<'_>,
        op: Op,
        (field, width): (u32, u32),
        words: usize,
        tuples: &[[u32; 4]],
    ) -> Self {
        let mut top = FieldCounter::new(64 - field, field);
        let mut low = FieldCounter::new(64 - width, field);
        let mut bits = PositionalCounter::default();
        each_block(frame, op, words, tuples, |words| {
            top.add(words);
            low.add(words);
            bits.add(words);
            true
        });
        Self {
            top: top.counts(),
            low: low.counts(),
            ones: bits.counts(),
        }
    }

    /// Without some of what was counted.
    pub(super) fn without(&mut self, other: &Self) {
        self.each(other, |sum, count| *sum -= count);
    }

    fn each(&mut self, other: &Self, change: impl Fn(&mut u64, u64)) {
        let mine = self.top.iter_mut().chain(&mut self.low);
        let theirs = other.top.iter().chain(&other.low);
        let mine = mine.chain(&mut self.ones);
        for (mine, theirs) in mine.zip(theirs.chain(&other.ones)) {
            change(mine, *theirs);
        }
    }
}

/// Parts in which tuples are counted side by side: a fixed number, so that the words of which repeats are
/// counted (and so the result) know nothing of threads.
fn parts_of(words: usize, tuples: &[[u32; 4]]) -> usize {
    let total = words * tuples.len();
    (total >> 15).clamp(1, 16).min(tuples.len())
}

fn part_of(part: usize, parts: usize, tuples: usize) -> std::ops::Range<usize> {
    part * tuples / parts..(part + 1) * tuples / parts
}

/// The first combined words of every part, of which repeats are counted.
pub(super) fn heads(frame: &Frame<'_>, op: Op, words: usize, tuples: &[[u32; 4]]) -> Vec<u64> {
    let parts = parts_of(words, tuples);
    let longest = HEAD.div_ceil(parts);
    let mut heads = Vec::with_capacity(parts * longest);
    for part in 0..parts {
        let end = heads.len() + longest;
        let tuples = &tuples[part_of(part, parts, tuples.len())];
        each_block(frame, op, words, tuples, |words| {
            heads.extend_from_slice(&words[..words.len().min(end - heads.len())]);
            heads.len() < end
        });
    }
    heads
}

/// The places of one family: bit balance, top and low field, repeated words.
pub(crate) fn spots(frame: &Frame<'_>, width: u32, family: &Family) -> Vec<Spot> {
    let words = (family.cap / family.tuples.len().max(1)).clamp(1, frame.words());
    let tuples = &family.tuples[..family.tuples.len().min(family.cap)];
    let read = Read {
        frame,
        width,
        family,
        words,
    };
    match frame.left_out() {
        0 => read.spots(tuples),
        worst => read.spots_without(tuples, worst),
    }
}

/// A family, and how much of every stream is read of it.
pub(super) struct Read<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) width: u32,
    pub(super) family: &'a Family,
    pub(super) words: usize,
}

impl Read<'_> {
    fn spots(&self, tuples: &[[u32; 4]]) -> Vec<Spot> {
        let total = (self.words * tuples.len()) as u64;
        let Some(field) = field_bits(total, self.width) else {
            return Vec::new();
        };
        let op = self.family.op;
        let all = Counts::of(self.frame, op, (field, self.width), self.words, tuples);
        vec![
            self.bits(&all, total),
            self.cells("top", &all.top),
            self.cells("lowest", &all.low),
            self.repeats(tuples),
        ]
    }

    /// The bit furthest from balance.
    pub(super) fn bits(&self, counts: &Counts, total: u64) -> Spot {
        let balance = bit_balance(&counts.ones, total, self.width);
        self.spot(
            "bits",
            format!("bit {}", balance.bit),
            balance.tails,
            (balance.ones as f64, total as f64 / 2.0),
        )
    }

    /// A field, all of whose values come equally often.
    pub(super) fn cells(&self, name: &'static str, counts: &[u64]) -> Spot {
        let x = chi_square_statistic(counts);
        self.spot(
            name,
            format!("{name} {} bits", counts.len().ilog2()),
            cells_tails(x, counts.len()),
            (x, (counts.len() - 1) as f64),
        )
    }

    /// Repeated values among the first combined words.
    pub(super) fn repeats(&self, tuples: &[[u32; 4]]) -> Spot {
        let head = heads(self.frame, self.family.op, self.words, tuples);
        let (tails, repeats, expected) = repeats(&head, self.width);
        self.spot(
            "repeats",
            "repeated values".into(),
            tails,
            (repeats, expected),
        )
    }

    fn spot(&self, kin: &'static str, what: String, tails: Tails, seen: (f64, f64)) -> Spot {
        let first = match self.words < self.frame.words() {
            true => format!(", first {} words", self.words),
            false => String::new(),
        };
        let detail = format!("{}{first}: {what}", self.family.label);
        Spot::new(self.family.view.clone(), detail, tails, seen).kin(kin)
    }
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

/// The bit furthest from balance among the top `width`, the lowest of several, and twice how far it is.
pub(super) fn furthest_bit(ones: &[u64; 64], total: u64, width: u32) -> (u32, u64) {
    let base = 64 - width;
    let distance = |bit: u32| (2 * ones[(base + bit) as usize]).abs_diff(total);
    (0..width)
        .map(|bit| (bit, distance(bit)))
        .max_by_key(|&(bit, distance)| (distance, std::cmp::Reverse(bit)))
        .expect("width is at least 1")
}

/// The least balanced of the top `width` positions: exact binomial, times the positions.
pub(crate) fn bit_balance(ones: &[u64; 64], total: u64, width: u32) -> Balance {
    let (bit, _) = furthest_bit(ones, total, width);
    let count = ones[(64 - width + bit) as usize];
    Balance {
        bit,
        ones: count,
        tails: binomial_tails(count, total, 0.5).times(f64::from(width)),
    }
}

/// Repeated values among the words, by the occupancy law: tails in units of repeats.
pub(crate) fn repeats(words: &[u64], width: u32) -> (Tails, f64, f64) {
    let distinct = distinct(words);
    let balls = words.len() as u64;
    let cells = f64::from(width).exp2();
    let law = occupancy_bound(balls, cells, distinct);
    let expected = balls as f64 - crate::math::expected_distinct(balls as f64, cells);
    // More repeats are fewer distinct values.
    let tails = Tails::new(law.ln_upper, law.ln_lower);
    (tails, (balls - distinct) as f64, expected.max(0.0))
}

/// Hands on the combined words of all tuples, block after block, while more are wanted.
fn each_block(
    frame: &Frame<'_>,
    op: Op,
    words: usize,
    tuples: &[[u32; 4]],
    mut wants_more: impl FnMut(&[u64]) -> bool,
) {
    let (mut block, mut filled) = ([0; BLOCK], 0);
    for tuple in tuples {
        let rows: [&[u64]; 4] =
            std::array::from_fn(|place| frame.row(tuple[place.min(op.arity() - 1)] as usize));
        let mut at = 0;
        while at < words {
            let next = words.min(at + BLOCK - filled);
            let out = &mut block[filled..][..next - at];
            apply(op, rows.map(|row| &row[at..next]), out);
            filled += next - at;
            if filled == BLOCK {
                if !wants_more(&block) {
                    return;
                }
                filled = 0;
            }
            at = next;
        }
    }
    wants_more(&block[..filled]);
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
mod tests;
