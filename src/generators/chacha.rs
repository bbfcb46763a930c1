//! ChaCha as a stream of whole blocks, and one block of it as a keyed hash.

use rand_core::{SeedableRng, block::Generator};

use super::BitStream;

/// The 32-bit words that a ChaCha core of `rand_chacha` makes at once: four blocks.
const WORDS: usize = 64;

/// A ChaCha keystream, drawn four blocks at a time: the `next_u64` words of `rand_chacha`'s
/// generators, without their bookkeeping per draw.
pub struct ChaChaStream<C> {
    core: C,
    buffer: [u32; WORDS],
    /// The next pair of `buffer`; `WORDS / 2` asks for new blocks.
    next: usize,
}

impl<C> ChaChaStream<C>
where
    C: SeedableRng<Seed = [u8; 32]> + Generator<Output = [u32; WORDS]>,
{
    /// The keystream of this key, nonce 0.
    pub fn from_key(key: [u8; 32]) -> Self {
        Self::from_core(C::from_seed(key))
    }

    /// The keystream of a core at the block it stands at.
    pub fn from_core(core: C) -> Self {
        Self {
            core,
            buffer: [0; WORDS],
            next: WORDS / 2,
        }
    }
}

fn join(pairs: &[u32], words: &mut [u64]) {
    for (word, pair) in words.iter_mut().zip(pairs.as_chunks::<2>().0) {
        *word = u64::from(pair[0]) | u64::from(pair[1]) << 32;
    }
}

impl<C> BitStream for ChaChaStream<C>
where
    C: Generator<Output = [u32; WORDS]> + Send,
{
    fn fill(&mut self, mut block: &mut [u64]) {
        while !block.is_empty() {
            if self.next == WORDS / 2 {
                self.core.generate(&mut self.buffer);
                self.next = 0;
            }
            let words = (WORDS / 2 - self.next).min(block.len());
            let (now, later) = block.split_at_mut(words);
            join(&self.buffer[2 * self.next..], now);
            self.next += words;
            block = later;
        }
    }
}

/// "expand 32-byte k", the constant row of the ChaCha state.
const SIGMA: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// One ChaCha block of `2 * DOUBLE_ROUNDS` rounds: the words of the key and of the counter and nonce
/// row go in, 16 words come out. Keyed by a secret it is a pseudorandom function of the last row.
///
/// Source: D. J. Bernstein, *ChaCha, a variant of Salsa20* (2008); RFC 8439, section 2.3.
pub fn block<const DOUBLE_ROUNDS: usize>(key: &[u32; 8], row: [u32; 4]) -> [u32; 16] {
    let mut start = [0; 16];
    start[..4].copy_from_slice(&SIGMA);
    start[4..12].copy_from_slice(key);
    start[12..].copy_from_slice(&row);
    let mut state = start;
    for _ in 0..DOUBLE_ROUNDS {
        for column in 0..4 {
            quarter(&mut state, [column, column + 4, column + 8, column + 12]);
        }
        for diagonal in 0..4 {
            quarter(
                &mut state,
                [
                    diagonal,
                    4 + (diagonal + 1) % 4,
                    8 + (diagonal + 2) % 4,
                    12 + (diagonal + 3) % 4,
                ],
            );
        }
    }
    for (word, first) in state.iter_mut().zip(start) {
        *word = word.wrapping_add(first);
    }
    state
}

#[inline(always)]
fn quarter(state: &mut [u32; 16], [a, b, c, d]: [usize; 4]) {
    for (left, right) in [(16, 12), (8, 7)] {
        state[a] = state[a].wrapping_add(state[b]);
        state[d] = (state[d] ^ state[a]).rotate_left(left);
        state[c] = state[c].wrapping_add(state[d]);
        state[b] = (state[b] ^ state[c]).rotate_left(right);
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha8Core, ChaCha8Rng, ChaCha20Core, ChaCha20Rng};
    use rand_core::Rng;

    use super::*;

    #[test]
    fn block_agrees_with_rfc_8439() {
        // RFC 8439, section 2.3.2: key 00 01 … 1f, counter 1, nonce 000000090000004a00000000.
        let key = std::array::from_fn(|i| 0x0302_0100 + 0x0404_0404 * i as u32);
        let words = block::<10>(&key, [1, 0x0900_0000, 0x4a00_0000, 0]);
        assert_eq!(
            words[..4],
            [0xe4e7_f110, 0x1559_3bd1, 0x1fdd_0f50, 0xc471_20a3]
        );
        assert_eq!(words[15], 0x4e3c_50a2);
    }

    #[test]
    fn fill_draws_the_words_of_rand_chacha() {
        fn check<C, R>()
        where
            C: SeedableRng<Seed = [u8; 32]> + Generator<Output = [u32; WORDS]> + Send,
            R: SeedableRng<Seed = [u8; 32]> + Rng,
        {
            let key = std::array::from_fn(|i| i as u8);
            let mut drawn = R::from_seed(key);
            let mut filled = ChaChaStream::<C>::from_key(key);
            for length in [1, 7, 31, 32, 33, 500] {
                let mut words = vec![0; length];
                filled.fill(&mut words);
                assert!(words.iter().all(|&word| word == drawn.next_u64()));
            }
        }
        check::<ChaCha8Core, ChaCha8Rng>();
        check::<ChaCha20Core, ChaCha20Rng>();
    }
}
