//! LXM: a linear congruential generator and a xorshift generator, added and mixed.

use super::BitStream;

/// L64X128MixRandom, the default of Java 17's splittable generators: period 2^64 · (2^128 − 1).
///
/// Source: G. L. Steele, S. Vigna, *LXM: better splittable pseudorandom number generators (and almost
/// as fast)*, OOPSLA 2021, doi:10.1145/3485525.
#[derive(Clone)]
pub struct Lxm {
    increment: u64,
    linear: u64,
    shift: [u64; 2],
}

const MULTIPLIER: u64 = 0xd134_2543_de82_ef95;

impl Lxm {
    /// The generator with this increment (made odd), linear state and xorshift state, in the order of
    /// Java's constructor.
    ///
    /// # Panics
    /// When both words of the xorshift state are zero.
    pub fn new(increment: u64, linear: u64, shift: [u64; 2]) -> Self {
        assert!(shift != [0, 0], "the xorshift state must not be zero");
        Self {
            increment: increment | 1,
            linear,
            shift,
        }
    }

    /// The next word.
    #[inline(always)]
    pub fn next_word(&mut self) -> u64 {
        let word = mix_lea(self.linear.wrapping_add(self.shift[0]));
        self.linear = self
            .linear
            .wrapping_mul(MULTIPLIER)
            .wrapping_add(self.increment);
        let [first, second] = self.shift;
        let mixed = second ^ first;
        self.shift = [
            first.rotate_left(24) ^ mixed ^ (mixed << 16),
            mixed.rotate_left(37),
        ];
        word
    }

    /// A generator made of the next four words: increment, linear state, xorshift state.
    pub fn split(&mut self) -> Self {
        loop {
            let [increment, linear, first, second] = std::array::from_fn(|_| self.next_word());
            // Once in 2^128 splits the state is zero, which no xorshift leaves.
            if (first, second) != (0, 0) {
                return Self::new(increment << 1, linear, [first, second]);
            }
        }
    }
}

/// D. Lea's mixing function.
#[inline(always)]
fn mix_lea(mut z: u64) -> u64 {
    const FACTOR: u64 = 0xdaba_0b6e_b093_22e3;
    z = (z ^ (z >> 32)).wrapping_mul(FACTOR);
    z = (z ^ (z >> 32)).wrapping_mul(FACTOR);
    z ^ (z >> 32)
}

impl BitStream for Lxm {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = self.next_word();
        }
    }
}
