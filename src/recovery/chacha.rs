//! The first blocks of ChaCha for many seeds at a time, keyed as the `seed_from_u64` of the crates keys them.
//!
//! Sixteen seeds stand side by side, a register for each word of the state; the rounds of the shorter variants are
//! the first ones of the longest, so that one computation serves all.
//!
//! Sources: D. J. Bernstein, *ChaCha, a variant of Salsa20* (2008); `SeedableRng::seed_from_u64` of `rand_core` 0.10
//! (M. E. O'Neill's PCG32 fills the key).

use super::twisters::{LANES, Lanes};
use crate::kernels::dispatch::dispatch;

/// Double rounds of ChaCha8, ChaCha12 and ChaCha20.
const DOUBLE_ROUNDS: [usize; 3] = [4, 6, 10];
/// Halves of words that first draws are made of.
pub(super) const HALVES: usize = 8;
const SIGMA: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// Seeds side by side.
const SIDE: usize = 16;
type Side = [u32; SIDE];

/// The first halves of each variant's block, of every seed.
pub(super) type ChaChaBlocks = [[[u32; LANES]; HALVES]; DOUBLE_ROUNDS.len()];

dispatch! {
    /// The first halves of the first block after each of these seeds.
    pub(super) fn blocks / blocks_at(seeds: &Lanes) -> ChaChaBlocks {
        let mut blocks = [[[0; LANES]; HALVES]; DOUBLE_ROUNDS.len()];
        for (group, seeds) in seeds.as_chunks::<SIDE>().0.iter().enumerate() {
            let start = started(seeds);
            let mut state = start;
            let mut done = 0;
            for (rounds, block) in DOUBLE_ROUNDS.into_iter().zip(&mut blocks) {
                for _ in done..rounds {
                    double_round(&mut state);
                }
                done = rounds;
                for ((half, state), start) in block.iter_mut().zip(&state).zip(&start) {
                    let out = &mut half[group * SIDE..][..SIDE];
                    for ((out, state), start) in out.iter_mut().zip(state).zip(start) {
                        *out = state.wrapping_add(*start);
                    }
                }
            }
        }
        blocks
    }
}

/// The state that a block begins with: constants, the key, and a counter and a nonce of 0.
#[inline(always)]
fn started(seeds: &[u64; SIDE]) -> [Side; 16] {
    let mut state = [[0; SIDE]; 16];
    for (word, constant) in state.iter_mut().zip(SIGMA) {
        *word = [constant; SIDE];
    }
    let mut linear = *seeds;
    for word in &mut state[4..12] {
        for (word, linear) in word.iter_mut().zip(&mut linear) {
            *linear = linear
                .wrapping_mul(0x5851_f42d_4c95_7f2d)
                .wrapping_add(0xa176_54e4_6fbe_17f3);
            let folded = ((*linear >> 18 ^ *linear) >> 27) as u32;
            *word = folded.rotate_right((*linear >> 59) as u32);
        }
    }
    state
}

#[inline(always)]
fn double_round(state: &mut [Side; 16]) {
    for at in 0..4 {
        quarter(state, [at, at + 4, at + 8, at + 12]);
    }
    for at in 0..4 {
        let turned = |row: usize| 4 * row + (at + row) % 4;
        quarter(state, [at, turned(1), turned(2), turned(3)]);
    }
}

#[inline(always)]
fn quarter(state: &mut [Side; 16], [a, b, c, d]: [usize; 4]) {
    let [a, b, c, d] = state
        .get_disjoint_mut([a, b, c, d])
        .expect("four words of the state");
    for (left, right) in [(16, 12), (8, 7)] {
        for lane in 0..SIDE {
            a[lane] = a[lane].wrapping_add(b[lane]);
            d[lane] = (d[lane] ^ a[lane]).rotate_left(left);
            c[lane] = c[lane].wrapping_add(d[lane]);
            b[lane] = (b[lane] ^ c[lane]).rotate_left(right);
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};
    use rand_chacha::{ChaCha8Rng, ChaCha20Rng};

    use super::*;
    use crate::kernels::dispatch::available;

    fn words<R: SeedableRng + Rng>(seed: u64) -> [u32; HALVES] {
        let mut generator = R::seed_from_u64(seed);
        std::array::from_fn(|_| generator.next_u32())
    }

    #[test]
    fn every_lane_gives_the_words_of_the_crates() {
        let seeds: Lanes =
            std::array::from_fn(|lane| (lane as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for level in available() {
            let blocks = blocks_at(level, &seeds);
            for (lane, &seed) in seeds.iter().enumerate() {
                let expected = [
                    words::<ChaCha8Rng>(seed),
                    words::<StdRng>(seed),
                    words::<ChaCha20Rng>(seed),
                ];
                assert_eq!(
                    blocks.each_ref().map(|block| block.map(|half| half[lane])),
                    expected
                );
            }
        }
    }
}
