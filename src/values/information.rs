//! What a copied stretch tells, without a fitted law.
//!
//! *Method of types* (I. Csiszár, The method of types, IEEE Trans. Inf. Theory 44 (1998),
//! doi:10.1109/18.720546): no i.i.d. law whatever gives a sequence x of n values a probability above
//! 2^(−n·H(x)), with H the empirical entropy of x itself, since the law that explains x best gives it no
//! more. So an independent stream is equal to x with at most that probability, and nothing is estimated
//! from a pool that may hold the copy. The same holds in any class of laws in which x has a best law:
//!
//! | class | bits |
//! |---|---|
//! | independent values of one law | n·H(x) |
//! | independent increments of one law (walks, sums, chains), also modulo 1 or the range of whole numbers | n·H(Δx) |
//! | independent rows of ℓ values, of any law of rows, at any phase | (n/ℓ)·H(rows) |
//! | rows that are the row before and independent increments | (n/ℓ)·H(Δ rows) |
//! | a Markov chain of an order up to eight on few states, for any of the above | conditional entropy |
//! | a smooth path, as a rule or the likeliest way of a process gives (where rows may be drawn too) | none |
//!
//! The information of a stretch is the *least* over the classes, so that the bound holds for every law in
//! any one of them; which that is need not be known. Bound over stretches: for the first prefix of x that
//! reaches b bits, P(an independent stream equals it) ≤ Σ P(x)·2^−b ≤ 2^−b, hence a union over pairs of
//! starting places is enough, and none over lengths.

use std::ops::ControlFlow;

use statrs::function::factorial::ln_factorial;

use crate::results::LawClass;

/// What a stretch tells at least, and the class of laws that explains it best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Information {
    /// Bits.
    pub bits: f64,
    /// The class in which it tells no more.
    pub class: LawClass,
}

impl Information {
    /// Bits, and none where there is nothing that could tell.
    pub fn bits_or_nothing(&self) -> f64 {
        if self.bits.is_finite() {
            self.bits
        } else {
            0.0
        }
    }
}

/// Values of a stretch that are looked at: longer ones tell enough.
pub(super) const LONGEST: usize = 1 << 12;
/// A chain has few states where what the next value depends on comes so many times, on the average. Fewer times
/// let a context that came once explain what followed it.
const TIMES_A_CONTEXT: usize = 4;
/// The same of contexts of three values and more: rules need few of them, and draws would lose a quarter of what
/// they tell to as many as come four times.
const TIMES_A_LONG_ONE: usize = 12;
/// Values that the next one of a chain may depend on: more let sequences that a rule makes of few values (multiples
/// of a ratio, rounded and taken modulo a range) be explained by it, and cost draws of few values up to a tenth.
const LONGEST_CONTEXT: usize = 8;
/// Third differences of a smooth stretch, against the first.
const SMOOTH: f64 = 0.2;
/// Increments are rounded to this part of the largest number, as sums of doubles are.
const ROUNDING: f64 = 1e-11;

/// What of a stretch an independent one would have to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Same {
    /// Its values.
    Values,
    /// The order of its values, whatever they are: under any law that tells no order from another, each of the
    /// n!/Π c! orders of its values is as likely, so that one of them tells log2 of that, a little less than n·H.
    Order,
}

impl Same {
    /// What is left away for a value that comes so many times.
    fn repeated(self, count: usize) -> f64 {
        match self {
            _ if count < 2 => 0.0,
            Self::Values => count as f64 * (count as f64).log2(),
            Self::Order => ln_factorial(count as u64) / std::f64::consts::LN_2,
        }
    }

    /// Bits of independent keys of one law.
    fn bits(self, keys: &[u64]) -> f64 {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        let counts = keys.chunk_by(|a, b| a == b).map(<[u64]>::len);
        (self.repeated(keys.len()) - self.all(counts)).max(0.0)
    }

    fn all(self, counts: impl Iterator<Item = usize>) -> f64 {
        counts.map(|count| self.repeated(count)).sum()
    }
}

/// What the values of a stretch tell, in whatever order they come: the bits of its type.
pub(super) fn of_contents(ids: &[u32]) -> f64 {
    let keys: Vec<u64> = ids.iter().map(|&id| u64::from(id)).collect();
    (Same::Values.bits(&keys) - Same::Order.bits(&keys)).max(0.0)
}

/// The information of a stretch: `ids` are equal where values are, `numbers` are the values, `rows` is
/// the length up to which values may have been drawn as one.
pub(crate) fn information(ids: &[u32], numbers: &[f64], rows: usize) -> Information {
    told(Same::Values, ids, numbers, rows)
}

/// The same of what an independent stretch would have to have of it.
pub(super) fn told(same: Same, ids: &[u32], numbers: &[f64], rows: usize) -> Information {
    let length = ids.len().min(LONGEST);
    let (ids, numbers) = (&ids[..length], &numbers[..length]);
    let mut least = Information {
        bits: f64::INFINITY,
        class: LawClass::Values,
    };
    let mut see = |bits: f64, class: LawClass| {
        if bits < least.bits {
            least = Information { bits, class };
        }
        // Nothing tells less than nothing: what else there is to ask is spared.
        match least.bits > 0.0 {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    };
    let _ = ask(same, ids, numbers, rows, &mut see);
    least
}

/// Tells what the stretch tells under one class of laws after the other.
fn ask(
    same: Same,
    ids: &[u32],
    numbers: &[f64],
    rows: usize,
    see: &mut impl FnMut(f64, LawClass) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if rows > 1 && is_smooth(numbers) {
        see(0.0, LawClass::Smooth)?;
    }
    let keys: Vec<u64> = ids.iter().map(|&id| u64::from(id)).collect();
    for row in 1..=rows.max(1) {
        let label = |one: LawClass, many: fn(u32) -> LawClass| match row {
            1 => one,
            _ => many(row as u32),
        };
        for phase in 0..row.min(ids.len()) {
            let drawn = in_rows(&keys[phase..], row);
            see(same.bits(&drawn), label(LawClass::Values, LawClass::Rows))?;
            see(markov_bits(same, &drawn), LawClass::Markov)?;
        }
        for steps in increments(numbers, row) {
            for phase in 0..row.min(steps.len().max(1)) {
                let drawn = in_rows(steps.get(phase..).unwrap_or(&[]), row);
                let class = label(LawClass::Increments, LawClass::RowIncrements);
                see(same.bits(&drawn), class)?;
                see(markov_bits(same, &drawn), LawClass::Markov)?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Whole rows of so many keys, each as one key; a part of a row at the end is left out.
fn in_rows(keys: &[u64], row: usize) -> Vec<u64> {
    let mix = |hash: u64, key: &u64| {
        (hash ^ key)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
    };
    match row {
        1 => keys.to_vec(),
        _ => keys
            .chunks_exact(row)
            .map(|row| row.iter().fold(row.len() as u64, mix))
            .collect(),
    }
}

/// Whether a stretch goes on by itself: its third differences are small against its first, as those of a rule
/// are and those of draws, walks and sorted draws are not. Schedules, and processes that take the likeliest
/// way every time, look so.
fn is_smooth(numbers: &[f64]) -> bool {
    let differences = |of: &[f64]| {
        of.windows(2)
            .map(|two| two[1] - two[0])
            .collect::<Vec<f64>>()
    };
    let size = |of: &[f64]| of.iter().map(|x| x.abs()).sum::<f64>();
    let first = differences(numbers);
    let third = differences(&differences(&first));
    size(&third) < SMOOTH * size(&first)
}

/// Differences over `lag` values, as they are and modulo what a walk may go around.
fn increments(numbers: &[f64], lag: usize) -> Vec<Vec<u64>> {
    let largest = numbers.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    let step = if largest > 0.0 {
        largest * ROUNDING
    } else {
        1.0
    };
    let pairs = || numbers.iter().zip(numbers.iter().skip(lag));
    let rounded = |difference: f64| (difference / step).round() as i64 as u64;
    let plain = pairs().map(|(x, y)| rounded(y - x)).collect();
    let round = |modulus: f64| {
        pairs()
            .map(|(x, y)| rounded((y - x).rem_euclid(modulus)))
            .collect()
    };
    std::iter::once(plain)
        .chain(moduli(numbers, largest).into_iter().map(round))
        .collect()
}

/// What a walk may go around: 1 for fractions; for whole numbers one more than the largest, and the power of two from
/// there on.
fn moduli(numbers: &[f64], largest: f64) -> Vec<f64> {
    let is_whole = |x: &f64| *x >= 0.0 && x.fract() == 0.0;
    if numbers.iter().all(|x| (0.0..1.0).contains(x)) {
        vec![1.0]
    } else if largest < 2f64.powi(52) && numbers.iter().all(is_whole) {
        let levels = largest + 1.0;
        let power = levels.log2().ceil().exp2();
        if power == levels {
            vec![levels]
        } else {
            vec![levels, power]
        }
    } else {
        Vec::new()
    }
}

/// n·H of the empirical law, in bits.
pub(crate) fn entropy_bits(keys: &[u64]) -> f64 {
    Same::Values.bits(keys)
}

/// The least conditional entropy given the last one, the last two and so on, in bits, as long as contexts come often
/// enough; infinite where already single values are too many for a chain to be told from independent values.
fn markov_bits(same: Same, keys: &[u64]) -> f64 {
    let mut least = f64::INFINITY;
    if keys.len() < 8 {
        return least;
    }
    let values = Ranked::of(keys);
    let mut ending_here = values.clone();
    for order in 1..=LONGEST_CONTEXT {
        // The last context is followed by nothing.
        let contexts = ending_here.but_last();
        let times = match order {
            1 | 2 => TIMES_A_CONTEXT,
            _ => TIMES_A_LONG_ONE,
        };
        let different = contexts.counts.iter().filter(|&&count| count > 0).count();
        if different * times > keys.len() {
            break;
        }
        let longer = contexts.ranks.iter().zip(&values.ranks[order..]);
        let longer: Vec<u64> = longer
            .map(|(&context, &next)| u64::from(context) << 32 | u64::from(next))
            .collect();
        ending_here = Ranked::of(&longer);
        let given =
            same.all(contexts.counts.into_iter()) - same.all(ending_here.counts.iter().copied());
        least = least.min(given.max(0.0));
    }
    least
}

/// Keys as ranks among those that are different, and how often each rank comes.
#[derive(Clone)]
struct Ranked {
    ranks: Vec<u32>,
    counts: Vec<usize>,
}

impl Ranked {
    fn of(keys: &[u64]) -> Self {
        let mut sorted: Vec<(u64, u32)> = keys.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        let (mut ranks, mut counts) = (vec![0; keys.len()], Vec::new());
        for (rank, same) in (0..).zip(sorted.chunk_by(|a, b| a.0 == b.0)) {
            counts.push(same.len());
            same.iter().for_each(|&(_, at)| ranks[at as usize] = rank);
        }
        Self { ranks, counts }
    }

    /// All but the last of these keys.
    fn but_last(mut self) -> Self {
        if let Some(rank) = self.ranks.pop() {
            self.counts[rank as usize] -= 1;
        }
        self
    }
}

#[cfg(test)]
mod tests;
