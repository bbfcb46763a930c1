//! glibc's `random()`: an additive lagged Fibonacci generator.

use super::{BitStream, words::from_31_bits};

const DEGREE: usize = 31;
const SEPARATION: usize = 3;

/// `srandom` and `random` with the default state of 128 bytes (TYPE_3): r\[i\] = r\[i−3\] + r\[i−31\]
/// mod 2^32, of which the highest 31 bits are put out.
///
/// A word is made of three outputs.
///
/// Source: glibc 2.36, `stdlib/random_r.c`; P. Selinger, *The GLIBC pseudo-random number generator*
/// (2007).
#[derive(Clone)]
pub struct GlibcRandom {
    ring: [u32; DEGREE],
    /// Where r\[i−31\] is, which the next value replaces.
    oldest: usize,
}

impl GlibcRandom {
    /// `srandom(seed)`: seed 0 is taken for 1.
    pub fn from_seed(seed: u32) -> Self {
        let mut ring = [0; DEGREE];
        // MINSTD on signed numbers, as glibc computes it.
        let mut value = i64::from(seed.max(1).cast_signed());
        for element in &mut ring {
            *element = value as u32;
            value = value * 16_807 % 2_147_483_647;
            if value < 0 {
                value += 2_147_483_647;
            }
        }
        // r[31] … r[33] repeat r[0] … r[2], which leaves r[3] as the oldest value.
        let mut generator = Self {
            ring,
            oldest: SEPARATION,
        };
        for _ in 0..10 * DEGREE {
            generator.next_u31();
        }
        generator
    }

    /// The generator with these last 31 values, oldest first.
    pub const fn from_state(ring: [u32; DEGREE]) -> Self {
        Self { ring, oldest: 0 }
    }

    /// The next output.
    #[inline(always)]
    pub fn next_u31(&mut self) -> u32 {
        let three_back = (self.oldest + DEGREE - SEPARATION) % DEGREE;
        let value = self.ring[self.oldest].wrapping_add(self.ring[three_back]);
        self.ring[self.oldest] = value;
        self.oldest = (self.oldest + 1) % DEGREE;
        value >> 1
    }
}

impl BitStream for GlibcRandom {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = from_31_bits(|| self.next_u31());
        }
    }
}
