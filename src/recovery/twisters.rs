//! The first outputs of many Mersenne Twisters at a time.
//!
//! Starting one is a chain of over a thousand multiplications, each of which waits for the one before: as many
//! chains side by side as fill the multiplier's pipeline take hardly longer than one. Of the state only the words
//! that the first outputs are made of are twisted.

use crate::{
    generators::{
        Mt19937,
        mt19937::{ARRAY_START, HIGH_BIT, LENGTH, OFFSET, expanded, mix, temper},
    },
    kernels::dispatch::dispatch,
};

/// How a Mersenne Twister is started with an integer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Initialised {
    /// `init_genrand` with its lowest 32 bits.
    ByWord,
    /// `init_by_array` with its 32-bit digits.
    ByArray,
    /// The twister of 64 bits, `init_genrand64`.
    Of64,
}

/// Twisters side by side: four vectors of sixteen.
pub(super) const LANES: usize = 64;
/// Outputs of each: few where words are compared, many where numbers are made of them.
pub(super) const FEW: usize = 12;
pub(super) const MANY: usize = 96;

/// One output of each twister.
pub(super) type Lanes = [u64; LANES];

/// One element of the state of each.
type Elements = [u32; LANES];

/// Seeds side by side; 0 where there are no more.
pub(super) fn lanes(seeds: &[u64]) -> Lanes {
    std::array::from_fn(|lane| seeds.get(lane).copied().unwrap_or(0))
}

/// Seeds of more bits than a twister of 32 bits takes as one digit.
const fn is_wide(how: Initialised, seed: u64) -> bool {
    matches!(how, Initialised::ByArray) && seed > u32::MAX as u64
}

/// Hands out the first outputs after each of some seeds, and the lane that they stand in.
pub(super) fn each<const N: usize>(
    how: Initialised,
    seeds: &[u64],
    mut take: impl FnMut(&[u64], &[Lanes]),
) {
    let (wide, narrow): (Vec<u64>, Vec<u64>) = seeds.iter().partition(|&&seed| is_wide(how, seed));
    for some in narrow.chunks(LANES) {
        let seeds = lanes(some);
        let narrow = || seeds.map(|seed| seed as u32);
        match how {
            Initialised::ByWord if N <= FEW => take(some, &few_of_words(&narrow())[..N]),
            Initialised::ByWord => take(some, &many_of_words(&narrow())[..N]),
            Initialised::ByArray if N <= FEW => take(some, &few_of_arrays(&narrow())[..N]),
            Initialised::ByArray => take(some, &many_of_arrays(&narrow())[..N]),
            Initialised::Of64 if N <= FEW => take(some, &few_of_64(&seeds)[..N]),
            Initialised::Of64 => take(some, &many_of_64(&seeds)[..N]),
        }
    }
    for seed in wide {
        let all: [u64; N] = all(how, seed);
        take(&[seed], &all.map(|output| [output; LANES]));
    }
}

/// The first outputs of one twister, started with an integer.
pub(super) fn all<const N: usize>(how: Initialised, seed: u64) -> [u64; N] {
    let of = |mut twister: Mt19937| std::array::from_fn(|_| twister.next_u32().into());
    match how {
        Initialised::ByWord => of(Mt19937::from_seed(seed as u32)),
        Initialised::ByArray if is_wide(how, seed) => {
            of(Mt19937::from_array(&[seed as u32, (seed >> 32) as u32]))
        }
        Initialised::ByArray => of(Mt19937::from_array(&[seed as u32])),
        Initialised::Of64 => {
            let mut twister = rand_mt::Mt64::new(seed);
            std::array::from_fn(|_| twister.next_u64())
        }
    }
}

/// What an element hands on to the next.
#[inline(always)]
fn scrambled(element: u32, multiplier: u32) -> u32 {
    (element ^ element >> 30).wrapping_mul(multiplier)
}

/// The elements of a state that its first N outputs are made of: M, one more, from the first on, and N from
/// [`OFFSET`] on. The others are not kept, since all would not fit the first-level cache.
struct Kept<const N: usize, const M: usize> {
    low: [Elements; M],
    high: [Elements; N],
}

impl<const N: usize, const M: usize> Kept<N, M> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            low: [[0; LANES]; M],
            high: [[0; LANES]; N],
        }
    }

    #[inline(always)]
    fn see(&mut self, index: usize, element: &Elements) {
        if index < M {
            self.low[index] = *element;
        } else if (OFFSET..OFFSET + N).contains(&index) {
            self.high[index - OFFSET] = *element;
        }
    }

    #[inline(always)]
    fn outputs(&self) -> [Lanes; N] {
        std::array::from_fn(|i| {
            std::array::from_fn(|lane| {
                temper(self.high[i][lane] ^ mix(self.low[i][lane], self.low[i + 1][lane])).into()
            })
        })
    }
}

/// The first outputs after `init_genrand` with each seed.
#[inline(always)]
fn of_words<const N: usize, const M: usize>(seeds: &Elements) -> [Lanes; N] {
    let mut kept = Kept::<N, M>::new();
    let mut element = *seeds;
    kept.see(0, &element);
    for index in 1..OFFSET + N {
        for element in &mut element {
            *element = scrambled(*element, 1_812_433_253).wrapping_add(index as u32);
        }
        kept.see(index, &element);
    }
    kept.outputs()
}

dispatch! {
    /// The first few of them.
    fn few_of_words / few_of_words_at(seeds: &Elements) -> [Lanes; FEW] {
        of_words::<FEW, { FEW + 1 }>(seeds)
    }
}

dispatch! {
    /// Many of them.
    fn many_of_words / many_of_words_at(seeds: &Elements) -> [Lanes; MANY] {
        of_words::<MANY, { MANY + 1 }>(seeds)
    }
}

/// The first outputs after `init_by_array` with an array of each seed alone.
///
/// The first of two rounds is made again beside the second, which takes its elements one by one: three chains of
/// multiplications in registers take less than two through memory.
#[inline(always)]
fn of_arrays<const N: usize, const M: usize>(seeds: &Elements) -> [Lanes; N] {
    const START: [u32; LENGTH] = expanded(ARRAY_START);
    let absorb = |element: u32, last: u32, seed: u32| {
        (element ^ scrambled(last, 1_664_525)).wrapping_add(seed)
    };
    let mut first = [0; LANES];
    for (lane, first) in first.iter_mut().enumerate() {
        *first = absorb(START[1], START[0], seeds[lane]);
    }
    let mut last = first;
    for element in &START[2..] {
        for (lane, last) in last.iter_mut().enumerate() {
            *last = absorb(*element, *last, seeds[lane]);
        }
    }
    // Both rounds step from the last element on to the first, which so takes part a second time.
    for (lane, last) in last.iter_mut().enumerate() {
        *last = absorb(first[lane], *last, seeds[lane]);
    }
    let (first, mut again) = (last, first);
    let mut kept = Kept::<N, M>::new();
    let into = |element: u32, last: u32, index: usize| {
        (element ^ scrambled(last, 1_566_083_941)).wrapping_sub(index as u32)
    };
    for (index, element) in START.into_iter().enumerate().skip(2) {
        for lane in 0..LANES {
            again[lane] = absorb(element, again[lane], seeds[lane]);
            last[lane] = into(again[lane], last[lane], index);
        }
        kept.see(index, &last);
    }
    for (lane, last) in last.iter_mut().enumerate() {
        *last = into(first[lane], *last, 1);
    }
    kept.see(1, &last);
    kept.see(0, &[HIGH_BIT; LANES]);
    kept.outputs()
}

dispatch! {
    /// The first few of them.
    fn few_of_arrays / few_of_arrays_at(seeds: &Elements) -> [Lanes; FEW] {
        of_arrays::<FEW, { FEW + 1 }>(seeds)
    }
}

dispatch! {
    /// Many of them.
    fn many_of_arrays / many_of_arrays_at(seeds: &Elements) -> [Lanes; MANY] {
        of_arrays::<MANY, { MANY + 1 }>(seeds)
    }
}

/// The first outputs of the twister of 64 bits.
#[inline(always)]
fn of_64<const N: usize>(seeds: &Lanes) -> [Lanes; N] {
    const HALF: usize = 156;
    const TWIST: u64 = 0xb502_6f5a_a966_19e9;
    let mut state = [[0u64; LANES]; HALF + MANY];
    let key = &mut state[..HALF + N];
    key[0] = *seeds;
    for index in 1..key.len() {
        let before = key[index - 1];
        for (lane, to) in key[index].iter_mut().enumerate() {
            let element = before[lane] ^ before[lane] >> 62;
            *to = element
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(index as u64);
        }
    }
    std::array::from_fn(|i| {
        std::array::from_fn(|lane| {
            let mixed = key[i][lane] & !0 << 31 | key[i + 1][lane] & !(!0 << 31);
            let twisted = key[HALF + i][lane] ^ mixed >> 1 ^ (mixed & 1).wrapping_neg() & TWIST;
            let twisted = twisted ^ twisted >> 29 & 0x5555_5555_5555_5555;
            let twisted = twisted ^ twisted << 17 & 0x71d6_7fff_eda6_0000;
            let twisted = twisted ^ twisted << 37 & 0xfff7_eee0_0000_0000;
            twisted ^ twisted >> 43
        })
    })
}

dispatch! {
    /// The first few of them.
    fn few_of_64 / few_of_64_at(seeds: &Lanes) -> [Lanes; FEW] {
        of_64(seeds)
    }
}

dispatch! {
    /// Many of them.
    fn many_of_64 / many_of_64_at(seeds: &Lanes) -> [Lanes; MANY] {
        of_64(seeds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::available;

    #[test]
    fn every_lane_gives_the_words_of_one_twister() {
        let seeds: Lanes =
            std::array::from_fn(|lane| (lane as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let narrow = seeds.map(|seed| seed as u32);
        for level in available() {
            let words = narrow.map(u64::from);
            let outputs = [
                (
                    Initialised::ByWord,
                    words,
                    few_of_words_at(level, &narrow),
                    many_of_words_at(level, &narrow),
                ),
                (
                    Initialised::ByArray,
                    words,
                    few_of_arrays_at(level, &narrow),
                    many_of_arrays_at(level, &narrow),
                ),
                (
                    Initialised::Of64,
                    seeds,
                    few_of_64_at(level, &seeds),
                    many_of_64_at(level, &seeds),
                ),
            ];
            for (how, seeds, few, many) in outputs {
                for (lane, &seed) in seeds.iter().enumerate() {
                    assert_eq!(few.map(|output| output[lane]), all(how, seed));
                    assert_eq!(many.map(|output| output[lane]), all(how, seed));
                }
            }
        }
    }
}
