//! Marsaglia's multiply-with-carry generator.

use super::{BitStream, words::high_first};

/// Multiply-with-carry of lag 1: x → 698,769,069 x + carry, 32-bit outputs, period about 2^60.
///
/// A word is two outputs, the first one in the high half.
///
/// Source: G. Marsaglia, *Random numbers for C: the END?*, sci.stat.math, 20 January 1999 (the
/// multiply-with-carry part of his 64-bit KISS).
#[derive(Clone)]
pub struct Mwc {
    last: u32,
    carry: u32,
}

impl Mwc {
    const MULTIPLIER: u64 = 698_769_069;

    /// The generator with this last output and carry; the carry is reduced below the multiplier, and
    /// the two fixed points are left alone by moving the carry.
    pub fn from_state(last: u32, carry: u32) -> Self {
        let carry = carry % Self::MULTIPLIER as u32;
        let fixed =
            (last, carry) == (0, 0) || (last, u64::from(carry)) == (u32::MAX, Self::MULTIPLIER - 1);
        Self {
            last,
            carry: if fixed { 1 } else { carry },
        }
    }

    /// The next output.
    #[inline(always)]
    pub fn next_u32(&mut self) -> u32 {
        let product = Self::MULTIPLIER * u64::from(self.last) + u64::from(self.carry);
        self.carry = (product >> 32) as u32;
        self.last = product as u32;
        self.last
    }
}

impl BitStream for Mwc {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = high_first(|| self.next_u32());
        }
    }
}
