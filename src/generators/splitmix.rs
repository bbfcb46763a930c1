//! SplitMix64: a Weyl sequence behind a bijective mix.

use super::BitStream;

/// The golden gamma, 2^64 divided by the golden ratio, made odd.
pub const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64: period 2^64; the gamma chooses the sequence.
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, *Fast splittable pseudorandom number generators*,
/// OOPSLA 2014, doi:10.1145/2660193.2660195; Java's `SplittableRandom`.
#[derive(Clone)]
pub struct SplitMix64 {
    seed: u64,
    gamma: u64,
}

impl SplitMix64 {
    /// The sequence that starts after `seed`, with the golden gamma.
    pub const fn new(seed: u64) -> Self {
        Self::with_gamma(seed, GOLDEN_GAMMA)
    }

    /// The sequence that starts after `seed`, with this gamma; gammas must be odd.
    pub const fn with_gamma(seed: u64, gamma: u64) -> Self {
        Self { seed, gamma }
    }

    /// The next word.
    pub const fn next_word(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(self.gamma);
        mix64(self.seed)
    }

    /// A generator whose seed and gamma are the next two words, mixed apart.
    pub fn split(&mut self) -> Self {
        let seed = self.next_word();
        self.seed = self.seed.wrapping_add(self.gamma);
        Self::with_gamma(seed, Self::gamma_of(self.seed))
    }

    /// An odd gamma with enough bit changes, made of any word.
    pub fn gamma_of(mut word: u64) -> u64 {
        word = (word ^ (word >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        word = (word ^ (word >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        word = (word ^ (word >> 33)) | 1;
        if (word ^ (word >> 1)).count_ones() < 24 {
            word ^ 0xaaaa_aaaa_aaaa_aaaa
        } else {
            word
        }
    }

    /// Steps over `words` words.
    pub fn advance(&mut self, words: u64) {
        self.seed = self.seed.wrapping_add(self.gamma.wrapping_mul(words));
    }
}

/// D. Stafford's variant 13 of the MurmurHash3 finaliser: a bijection of 64-bit words.
#[inline(always)]
pub const fn mix64(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The first word of the sequence that starts after `z`: words of counters, keys and labels look random.
#[inline(always)]
pub const fn hash64(z: u64) -> u64 {
    mix64(z.wrapping_add(GOLDEN_GAMMA))
}

impl BitStream for SplitMix64 {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = self.next_word();
        }
    }
}
