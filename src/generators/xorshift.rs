//! Marsaglia's xorshift generator with 128 bits of state.

use super::{BitStream, words::high_first};

/// xorshift128: four 32-bit words, period 2^128 − 1, every output bit linear in the state.
///
/// A word is two outputs, the first one in the high half.
///
/// Source: G. Marsaglia, *Xorshift RNGs*, Journal of Statistical Software 8(14), 2003,
/// doi:10.18637/jss.v008.i14, section 4.
#[derive(Clone)]
pub struct Xorshift128([u32; 4]);

impl Xorshift128 {
    /// The state of the paper, which programs seed by replacing single words.
    pub const DEFAULT: [u32; 4] = [123_456_789, 362_436_069, 521_288_629, 88_675_123];

    /// The generator with this state, oldest word first; zero becomes the paper's state.
    pub fn from_state(state: [u32; 4]) -> Self {
        Self(if state == [0; 4] {
            Self::DEFAULT
        } else {
            state
        })
    }

    /// The next output.
    #[inline(always)]
    pub fn next_u32(&mut self) -> u32 {
        let [x, y, z, w] = self.0;
        let t = x ^ (x << 11);
        let output = w ^ (w >> 19) ^ t ^ (t >> 8);
        self.0 = [y, z, w, output];
        output
    }
}

impl BitStream for Xorshift128 {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = high_first(|| self.next_u32());
        }
    }
}
