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
const LONGEST: usize = 1 << 12;
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

/// The information of a stretch: `ids` are equal where values are, `numbers` are the values, `rows` is
/// the length up to which values may have been drawn as one.
pub(crate) fn information(ids: &[u32], numbers: &[f64], rows: usize) -> Information {
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
    };
    if rows > 1 && is_smooth(numbers) {
        see(0.0, LawClass::Smooth);
    }
    let keys: Vec<u64> = ids.iter().map(|&id| u64::from(id)).collect();
    for row in 1..=rows.max(1) {
        let label = |one: LawClass, many: fn(u32) -> LawClass| match row {
            1 => one,
            _ => many(row as u32),
        };
        for phase in 0..row.min(length) {
            let drawn = in_rows(&keys[phase..], row);
            see(
                entropy_bits(&drawn),
                label(LawClass::Values, LawClass::Rows),
            );
            see(markov_bits(&drawn), LawClass::Markov);
        }
        for steps in increments(numbers, row) {
            for phase in 0..row.min(steps.len().max(1)) {
                let drawn = in_rows(steps.get(phase..).unwrap_or(&[]), row);
                let class = label(LawClass::Increments, LawClass::RowIncrements);
                see(entropy_bits(&drawn), class);
                see(markov_bits(&drawn), LawClass::Markov);
            }
        }
    }
    least
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
    let total = keys.len() as f64;
    (total * total.max(1.0).log2() - repeated_bits(keys.to_vec())).max(0.0)
}

/// Σ c·log2 c over how often each key comes.
fn repeated_bits(mut keys: Vec<u64>) -> f64 {
    keys.sort_unstable();
    let counts = keys.chunk_by(|a, b| a == b).map(<[u64]>::len);
    bits_of(counts)
}

/// Σ c·log2 c over counts.
fn bits_of(counts: impl Iterator<Item = usize>) -> f64 {
    let of = |count: usize| count as f64 * (count as f64).log2();
    counts.filter(|&count| count > 0).map(of).sum()
}

/// The least conditional entropy given the last one, the last two and so on, in bits, as long as contexts come often
/// enough; infinite where already single values are too many for a chain to be told from independent values.
fn markov_bits(keys: &[u64]) -> f64 {
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
            bits_of(contexts.counts.into_iter()) - bits_of(ending_here.counts.iter().copied());
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
mod tests {
    use super::*;

    fn of(numbers: &[f64], rows: usize) -> Information {
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let id = |x: &f64| sorted.partition_point(|y| y < x) as u32;
        let ids: Vec<u32> = numbers.iter().map(id).collect();
        information(&ids, numbers, rows)
    }

    /// Numbers without a pattern.
    fn scrambled(count: u64) -> Vec<f64> {
        let mix = |i: u64| {
            let z = (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ z >> 31
        };
        (0..count)
            .map(|i| (mix(i) >> 11) as f64 / 2f64.powi(53))
            .collect()
    }

    #[test]
    fn different_values_tell_n_log_n() {
        let found = of(&scrambled(64), 1);
        // 63 increments, all different, tell a little less than 64 values.
        assert!((found.bits - 63.0 * 63f64.log2()).abs() < 1e-9, "{found:?}");
        assert_eq!(found.class, LawClass::Increments);
    }

    #[test]
    fn rows_of_four_tell_as_many_rows() {
        let found = of(&scrambled(64), 4);
        // Sixty increments at lag four, of which an odd phase leaves fourteen whole rows.
        assert!((found.bits - 14.0 * 14f64.log2()).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn what_needs_no_draw_tells_nothing() {
        assert_eq!(of(&[3.0; 100], 4).bits, 0.0);
        let ramp: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(of(&ramp, 1).bits, 0.0);
        let lattice: Vec<f64> = (0..200)
            .map(|t| (0.3 + f64::from(t) * 0.381_966).fract())
            .collect();
        assert!(of(&lattice, 1).bits < 1e-9);
        let cycle: Vec<f64> = scrambled(5).into_iter().cycle().take(200).collect();
        assert!(of(&cycle, 1).bits < 1e-9);
    }

    /// Pólya's urn that gives the same colour every time has shares 1/(n + 2), with probability 1/(n + 1).
    #[test]
    fn a_smooth_path_tells_nothing_and_rough_ones_do() {
        let urn: Vec<f64> = (1..100).map(|n| 1.0 / f64::from(n + 2)).collect();
        assert_eq!(of(&urn, 4).class, LawClass::Smooth);
        assert_eq!(of(&urn, 4).bits, 0.0);
        let wave: Vec<f64> = (0..100).map(|t| (f64::from(t) / 5.0).sin()).collect();
        assert_eq!(of(&wave, 4).bits, 0.0);
        let mut sorted = scrambled(100);
        sorted.sort_by(f64::total_cmp);
        assert!(of(&sorted, 4).bits > 80.0);
        let sums = scrambled(100)
            .iter()
            .scan(0.0, |sum, x| {
                *sum += x - 0.5;
                Some(*sum)
            })
            .collect::<Vec<f64>>();
        assert!(of(&sums, 4).bits > 80.0);
    }

    /// By brute force: no i.i.d. law on two values gives 1, 1, 0 a probability above 2^−bits.
    #[test]
    fn no_law_explains_a_sequence_better() {
        let bits = entropy_bits(&[1, 1, 0]);
        let best = (0..=1000)
            .map(|k| f64::from(k) / 1000.0)
            .map(|p| p * p * (1.0 - p));
        let best = best.fold(0.0, f64::max);
        assert!(best <= (-bits).exp2() * (1.0 + 1e-9));
        assert!(best > (-bits).exp2() * 0.999, "the bound is met");
    }

    /// Multiples of the golden ratio in steps of a byte: which steps come follows from the last few.
    #[test]
    fn what_a_rule_makes_of_few_steps_tells_little() {
        let turned: Vec<f64> = (1..=120)
            .map(|t: u64| t.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56)
            .map(|level| f64::from((level as u32 + 77) % 256))
            .collect();
        assert!(of(&turned, 1).bits < 25.0, "{:?}", of(&turned, 1));
        // Fair coins keep nine tenths of theirs.
        let coins: Vec<f64> = scrambled(1000).iter().map(|x| x.round()).collect();
        assert!(of(&coins, 1).bits > 880.0, "{:?}", of(&coins, 1));
    }

    /// By brute force: no chain of order two on two states gives a sequence, after its first two values, a
    /// higher probability than 2^−bits, and the best one gives it just that.
    #[test]
    fn no_chain_explains_a_sequence_better() {
        let keys = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0_u64];
        let mut best = 1.0;
        for context in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let after = keys
                .windows(3)
                .filter(|three| (three[0], three[1]) == context)
                .map(|three| three[2]);
            let of_context = (0..=1000).map(|k| f64::from(k) / 1000.0).map(|p| {
                let chances = after.clone().map(|key| if key == 1 { p } else { 1.0 - p });
                chances.product::<f64>()
            });
            best *= of_context.fold(0.0, f64::max);
        }
        let bound = (-markov_bits(&keys)).exp2();
        assert!(
            best <= bound * (1.0 + 1e-9) && best > bound * 0.999,
            "{best} {bound}"
        );
        // Seven values are too few for a chain, and so are eight of three states.
        assert_eq!(markov_bits(&keys[..7]), f64::INFINITY);
        assert!(markov_bits(&keys[..8]).is_finite());
        assert_eq!(markov_bits(&[0, 1, 2, 0, 1, 2, 0, 1]), f64::INFINITY);
    }

    #[test]
    fn entropies_by_hand() {
        // Of four values two are one: 4·log2 4 − 2·log2 2.
        assert_eq!(entropy_bits(&[5, 5, 6, 7]), 6.0);
        assert_eq!(entropy_bits(&[1, 1, 2, 2, 3, 3, 4, 4]), 16.0);
        assert_eq!(entropy_bits(&[]), 0.0);
    }

    /// Rows keep the order of their values, and a part of a row at the end is no row.
    #[test]
    fn rows_are_keys_of_their_own() {
        let rows = in_rows(&[1, 2, 2, 1, 1, 2, 9], 2);
        assert_eq!(rows.len(), 3);
        assert!(rows[0] == rows[2] && rows[0] != rows[1]);
        assert_eq!(in_rows(&[4, 5], 1), [4, 5]);
    }

    /// A walk around the unit circle is told by its increments modulo 1, any other as it is.
    #[test]
    fn increments_are_taken_at_their_lag() {
        let circle = increments(&[0.2, 0.9, 0.6], 1);
        assert_eq!(circle.len(), 2);
        assert_ne!(circle[0][0], circle[0][1]);
        assert_eq!(circle[1][0], circle[1][1]);
        assert_eq!(increments(&[0.5, 1.0, 2.0], 1).len(), 1);
        // Three levels: around three, and around four.
        assert_eq!(increments(&[0.0, 1.0, 2.0], 1).len(), 3);
        assert_eq!(increments(&[0.0, 1.0, 3.0], 1).len(), 2);
        let at_two = &increments(&[1.0, 5.0, 3.0, 7.0, 5.0], 2)[0];
        assert!(at_two.len() == 3 && at_two.iter().all(|step| step == &at_two[0]));
    }
}
