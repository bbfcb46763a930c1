//! The Mersenne Twister, made a whole block at a time.

use std::convert::Infallible;

use rand_core::{SeedableRng, TryRng, block::Generator};

use super::BitStream;

/// Elements of the state, and how far apart those are that the recurrence adds.
pub(crate) const LENGTH: usize = 624;
pub(crate) const OFFSET: usize = 397;
const TWIST: u32 = 0x9908_b0df;
pub(crate) const HIGH_BIT: u32 = 0x8000_0000;
/// The seed of the state that `init_by_array` begins with.
pub(crate) const ARRAY_START: u32 = 19_650_218;

/// MT19937: 32-bit outputs, period 2^19937 − 1.
///
/// The words are those of [`rand_mt::Mt`]; this one also takes a raw state (as numpy's
/// `MT19937(SeedSequence)` sets it) and twists and tempers whole blocks, which is twice as fast.
///
/// Source: M. Matsumoto, T. Nishimura, *Mersenne Twister*, ACM TOMACS 8(1), 1998,
/// doi:10.1145/272991.272995; initialisation of `mt19937ar.c`, 2002.
#[derive(Clone)]
pub struct Mt19937 {
    key: [u32; LENGTH],
    /// The next element of `key` to temper; `LENGTH` asks for a twist first.
    position: usize,
}

impl Mt19937 {
    /// How many 32-bit words the state has.
    pub const STATE_WORDS: usize = LENGTH;

    /// `init_genrand`: what `RandomState(seed)`, `std::mt19937(seed)` and [`rand_mt::Mt::new`] do.
    pub fn from_seed(seed: u32) -> Self {
        Self {
            key: expanded(seed),
            position: LENGTH,
        }
    }

    /// `init_by_array`: what `random.seed(int)` does with the 32-bit digits of the integer.
    ///
    /// # Panics
    /// When `seed` is empty.
    pub fn from_array(seed: &[u32]) -> Self {
        assert!(!seed.is_empty(), "init_by_array needs at least one word");
        const START: [u32; LENGTH] = expanded(ARRAY_START);
        let mut key = START;
        let mut at = 1;
        let digits = (0u32..).zip(seed).cycle();
        for (index, &digit) in digits.take(LENGTH.max(seed.len())) {
            at = absorb(&mut key, at, 1_664_525, digit.wrapping_add(index));
        }
        for _ in 1..LENGTH {
            let minus_index = (at as u32).wrapping_neg();
            at = absorb(&mut key, at, 1_566_083_941, minus_index);
        }
        key[0] = HIGH_BIT;
        Self {
            key,
            position: LENGTH,
        }
    }

    /// The state as it stands, and which of its words is tempered next. Of word 0 only the highest
    /// bit is state; a state that is zero everywhere else stays zero for ever.
    ///
    /// # Panics
    /// When `position` is above 624.
    pub fn from_state(key: [u32; LENGTH], position: usize) -> Self {
        assert!(position <= LENGTH, "position {position} is above {LENGTH}");
        Self { key, position }
    }

    /// A state filled with the ChaCha keystream of a key: all 19,937 bits are random.
    pub fn from_keystream<C>(key: [u8; 32]) -> Self
    where
        C: SeedableRng<Seed = [u8; 32]> + Generator<Output = [u32; 64]>,
    {
        let mut core = C::from_seed(key);
        let mut words = [0; 64];
        let mut state = [0; LENGTH];
        for part in state.chunks_mut(words.len()) {
            core.generate(&mut words);
            part.copy_from_slice(&words[..part.len()]);
        }
        // As in `init_by_array`: the highest bit makes sure that the state is not zero.
        state[0] |= HIGH_BIT;
        Self::from_state(state, LENGTH)
    }

    /// The next 32-bit output.
    pub fn next_u32(&mut self) -> u32 {
        if self.position == LENGTH {
            twist(&mut self.key);
            self.position = 0;
        }
        let output = temper(self.key[self.position]);
        self.position += 1;
        output
    }

    /// The next two outputs, the first one in the high half.
    pub fn next_word(&mut self) -> u64 {
        let high = u64::from(self.next_u32());
        high << 32 | u64::from(self.next_u32())
    }
}

/// The state that `init_genrand` makes of a seed.
pub(crate) const fn expanded(seed: u32) -> [u32; LENGTH] {
    let mut key = [seed; LENGTH];
    let mut last = seed;
    let mut index = 1;
    while index < LENGTH {
        last = (last ^ (last >> 30))
            .wrapping_mul(1_812_433_253)
            .wrapping_add(index as u32);
        key[index] = last;
        index += 1;
    }
    key
}

/// One step of `init_by_array`; gives the next element's index, 1 after 623.
fn absorb(key: &mut [u32; LENGTH], at: usize, multiplier: u32, plus: u32) -> usize {
    let before = key[at - 1];
    key[at] = (key[at] ^ (before ^ (before >> 30)).wrapping_mul(multiplier)).wrapping_add(plus);
    if at + 1 < LENGTH {
        return at + 1;
    }
    key[0] = key[LENGTH - 1];
    1
}

/// The recurrence over the whole state. Each loop reads only what no earlier step of the same loop
/// has written, which lets the compiler use vectors.
fn twist(key: &mut [u32; LENGTH]) {
    const LAG: usize = LENGTH - OFFSET;
    let (front, back) = key.split_at_mut(OFFSET);
    for i in 0..LAG {
        front[i] = back[i] ^ mix(front[i], front[i + 1]);
    }
    let (front, back) = key.split_at_mut(LAG);
    for i in 0..LAG {
        back[i] = front[i] ^ mix(back[i], back[i + 1]);
    }
    let (front, back) = key.split_at_mut(2 * LAG);
    for i in 0..LENGTH - 2 * LAG - 1 {
        back[i] = front[LAG + i] ^ mix(back[i], back[i + 1]);
    }
    key[LENGTH - 1] = key[OFFSET - 1] ^ mix(key[LENGTH - 1], key[0]);
}

/// What two successive elements add to the one [`OFFSET`] before the later.
#[inline(always)]
pub(crate) fn mix(upper: u32, lower: u32) -> u32 {
    let joined = (upper & HIGH_BIT) | (lower & !HIGH_BIT);
    (joined >> 1) ^ ((joined & 1).wrapping_neg() & TWIST)
}

/// An output from its element.
#[inline(always)]
pub(crate) fn temper(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c_5680;
    word ^= (word << 15) & 0xefc6_0000;
    word ^ (word >> 18)
}

impl BitStream for Mt19937 {
    fn fill(&mut self, mut block: &mut [u64]) {
        while !block.is_empty() {
            if self.position == LENGTH {
                twist(&mut self.key);
                self.position = 0;
            }
            let words = ((LENGTH - self.position) / 2).min(block.len());
            if words == 0 {
                // One output is left: the word straddles two states.
                block[0] = self.next_word();
                block = &mut block[1..];
                continue;
            }
            let end = self.position + 2 * words;
            let (now, later) = block.split_at_mut(words);
            for (word, pair) in now
                .iter_mut()
                .zip(self.key[self.position..end].as_chunks::<2>().0)
            {
                *word = u64::from(temper(pair[0])) << 32 | u64::from(temper(pair[1]));
            }
            self.position = end;
            block = later;
        }
    }
}

impl TryRng for Mt19937 {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            chunk.copy_from_slice(&self.next_u32().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_give_the_words_of_rand_mt() {
        for seed in [0, 1, 245, 5489, u32::MAX] {
            let mut ours = Mt19937::from_seed(seed);
            let mut theirs = rand_mt::Mt::new(seed);
            for _ in 0..2000 {
                assert_eq!(ours.next_word(), theirs.next_u64());
            }
        }
    }

    #[test]
    fn arrays_give_the_words_of_rand_mt() {
        let long: [u32; 624] = std::array::from_fn(|i| (i as u32).wrapping_mul(0x9e37_79b1));
        for seed in [&[0][..], &[0x123, 0x234, 0x345, 0x456], &long] {
            let mut ours = Mt19937::from_array(seed);
            let mut theirs = rand_mt::Mt::new_with_key(seed.iter().copied());
            for _ in 0..1000 {
                assert_eq!(ours.next_u32(), theirs.next_u32());
            }
        }
    }

    #[test]
    fn arrays_longer_than_the_state_count_to_their_end() {
        // rand_mt 6.1.0 stops at 624 elements; the reference and numpy do not. Expected:
        // numpy.random.RandomState([i * 0x9e3779b1 % 2**32 for i in range(1500)]), numpy 2.4.6.
        let seed: Vec<u32> = (0..1500u32).map(|i| i.wrapping_mul(0x9e37_79b1)).collect();
        let mut state = Mt19937::from_array(&seed);
        let first: [u32; 3] = std::array::from_fn(|_| state.next_u32());
        assert_eq!(first, [3_149_017_063, 1_098_447_335, 3_399_030_616]);
    }

    #[test]
    fn fill_draws_the_same_words_at_every_position() {
        for skipped in [0, 1, 2, 623, 624] {
            let mut drawn = Mt19937::from_seed(7);
            for _ in 0..skipped {
                drawn.next_u32();
            }
            let mut filled = drawn.clone();
            for length in [1, 311, 312, 313, 5, 2000] {
                let mut block = vec![0; length];
                filled.fill(&mut block);
                assert!(block.iter().all(|&word| word == drawn.next_word()));
            }
        }
    }
}
