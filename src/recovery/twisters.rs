//! The first outputs of many Mersenne Twisters at a time.
//!
//! Starting one is a chain of over a thousand multiplications, each of which waits for the one before;
//! sixteen chains side by side take hardly longer than one. Of the state only the words that the first
//! outputs are made of are twisted.

use crate::{
    generators::{
        Mt19937,
        mt19937::{ARRAY_START, HIGH_BIT, LENGTH, OFFSET, mix, temper},
    },
    kernels::dispatch::dispatch,
};

/// Twisters side by side.
pub(super) const LANES: usize = 16;
/// Outputs of each.
pub(super) const OUTPUTS: usize = 96;

/// One number of each twister.
pub(super) type Lanes = [u32; LANES];

/// One element after another of `init_genrand`.
#[inline(always)]
fn expand(key: &mut [Lanes], seeds: &Lanes) {
    key[0] = *seeds;
    for index in 1..key.len() {
        let before = key[index - 1];
        for (lane, to) in key[index].iter_mut().enumerate() {
            *to = scrambled(before[lane], 1_812_433_253).wrapping_add(index as u32);
        }
    }
}

/// What an element hands on to the next.
#[inline(always)]
fn scrambled(element: u32, multiplier: u32) -> u32 {
    (element ^ element >> 30).wrapping_mul(multiplier)
}

/// The first outputs of a state, of which the elements up to the [`OUTPUTS`]th after [`OFFSET`] count.
#[inline(always)]
fn outputs(key: &[Lanes]) -> [Lanes; OUTPUTS] {
    std::array::from_fn(|i| {
        std::array::from_fn(|lane| {
            temper(key[OFFSET + i][lane] ^ mix(key[i][lane], key[i + 1][lane]))
        })
    })
}

dispatch! {
    /// The first outputs after `init_genrand` with each seed.
    pub(super) fn of_seeds / of_seeds_at(seeds: &Lanes) -> [Lanes; OUTPUTS] {
        let mut key = [[0; LANES]; OFFSET + OUTPUTS];
        expand(&mut key, seeds);
        outputs(&key)
    }
}

dispatch! {
    /// The first outputs after `init_by_array` with an array of each seed alone.
    pub(super) fn of_arrays / of_arrays_at(seeds: &Lanes) -> [Lanes; OUTPUTS] {
        let mut key = [[0; LANES]; LENGTH];
        expand(&mut key, &[ARRAY_START; LANES]);
        let mut last = key[0];
        // Both rounds step from the last element on to the first, which so takes part a second time.
        for index in (1..LENGTH).chain([1]) {
            for (lane, to) in key[index].iter_mut().enumerate() {
                *to = (*to ^ scrambled(last[lane], 1_664_525)).wrapping_add(seeds[lane]);
            }
            last = key[index];
        }
        for index in (2..LENGTH).chain([1]) {
            for (lane, to) in key[index].iter_mut().enumerate() {
                *to = (*to ^ scrambled(last[lane], 1_566_083_941)).wrapping_sub(index as u32);
            }
            last = key[index];
        }
        key[0] = [HIGH_BIT; LANES];
        outputs(&key)
    }
}

/// The first outputs after `init_by_array` with the two digits of one integer, in the first lane.
pub(super) fn of_wide(seed: u64) -> [Lanes; OUTPUTS] {
    let mut twister = Mt19937::from_array(&[seed as u32, (seed >> 32) as u32]);
    std::array::from_fn(|_| {
        let mut lanes = [0; LANES];
        lanes[0] = twister.next_u32();
        lanes
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{generators::Mt19937, kernels::dispatch::available};

    #[test]
    fn every_lane_gives_the_words_of_one_twister() {
        let seeds: Lanes = std::array::from_fn(|lane| (lane as u32).wrapping_mul(0x9e37_79b1));
        for level in available() {
            let (plain, arrays) = (of_seeds_at(level, &seeds), of_arrays_at(level, &seeds));
            for (lane, &seed) in seeds.iter().enumerate() {
                let mut one = Mt19937::from_seed(seed);
                let mut array = Mt19937::from_array(&[seed]);
                for i in 0..OUTPUTS {
                    assert_eq!(plain[i][lane], one.next_u32());
                    assert_eq!(arrays[i][lane], array.next_u32());
                }
            }
        }
    }
}
