//! SFC64 as numpy seeds it.

use super::BitStream;

/// Rounds that numpy drops after seeding; PractRand and the crate rand_sfc drop 18.
const DROPPED: u32 = 12;

/// A chaotic generator of three words and a counter: no jump exists, and every seed starts a cycle of
/// at least 2^64 words.
///
/// Source: C. Doty-Humphrey, PractRand (2010), `sfc64`; numpy 2.4.6, `numpy/random/src/sfc64/sfc64.h`.
#[derive(Clone)]
pub struct NumpySfc64 {
    words: [u64; 3],
    counter: u64,
}

impl NumpySfc64 {
    /// The generator that numpy starts from these three words.
    pub fn from_words(words: [u64; 3]) -> Self {
        let mut generator = Self { words, counter: 1 };
        for _ in 0..DROPPED {
            generator.next_word();
        }
        generator
    }

    /// The next word.
    #[inline(always)]
    pub const fn next_word(&mut self) -> u64 {
        let [a, b, c] = self.words;
        let word = a.wrapping_add(b).wrapping_add(self.counter);
        self.counter = self.counter.wrapping_add(1);
        self.words = [
            b ^ (b >> 11),
            c.wrapping_add(c << 3),
            c.rotate_left(24).wrapping_add(word),
        ];
        word
    }
}

impl BitStream for NumpySfc64 {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = self.next_word();
        }
    }
}
