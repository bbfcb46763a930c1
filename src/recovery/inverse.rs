//! Seeds read off the first word, where a start can be inverted: those of 64 bits then need not be tried.

use super::starts::First;
use crate::generators::GOLDEN_GAMMA;

/// A start, by a part of its name, and the seed that it takes to give these words of 64 bits first.
pub(super) type Inverse = (&'static str, fn(&First) -> u64);

/// Every start that can be inverted.
pub(super) const ALL: &[Inverse] = &[
    ("Java's new SplittableRandom(k)", |words| {
        unmixed(words[0]).wrapping_sub(GOLDEN_GAMMA)
    }),
    ("Rust's Xoshiro256StarStar::seed_from_u64(k)", |words| {
        // The output is made of the second quarter of the state alone, which is the second word of a
        // SplitMix64.
        let ninth = inverse_of(9).wrapping_mul(words[0]);
        let quarter = inverse_of(5).wrapping_mul(ninth.rotate_right(7));
        unmixed(quarter).wrapping_sub(GOLDEN_GAMMA.wrapping_mul(2))
    }),
];

/// The factor that undoes an odd one, modulo 2^64: each step of Newton's method doubles the bits.
const fn inverse_of(factor: u64) -> u64 {
    let mut inverse = factor;
    let mut step = 0;
    while step < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(factor.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}

/// What [`mix64`](crate::generators::mix64) makes into this.
fn unmixed(word: u64) -> u64 {
    const LATER: u64 = inverse_of(0x94d0_49bb_1331_11eb);
    const FIRST: u64 = inverse_of(0xbf58_476d_1ce4_e5b9);
    let word = unshifted(word, 31).wrapping_mul(LATER);
    let word = unshifted(word, 27).wrapping_mul(FIRST);
    unshifted(word, 30)
}

/// The word whose exclusive or with itself, shifted right, this is.
fn unshifted(word: u64, shift: u32) -> u64 {
    (shift..64)
        .step_by(shift as usize)
        .fold(word, |known, by| known ^ word >> by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recovery::{
        starts::{self, Draw},
        words::all_starts,
    };

    #[test]
    fn the_seed_is_read_off_the_first_words() {
        for (name, seed_of) in ALL {
            let start = all_starts()
                .into_iter()
                .find(|start| start.name.contains(name))
                .unwrap();
            for seed in [0, 1, 1_700_000_000_123_456, u64::MAX] {
                let mut found = None;
                starts::each(&[start], Draw::Word, &[seed], |_, _, first| {
                    found = Some(seed_of(first))
                });
                assert_eq!(found, Some(seed), "{name}");
            }
        }
    }
}
