//! numpy's `SeedSequence`, bit for bit.

use super::{Mt19937, NumpySfc64, Philox4x64, numpy_pcg64, numpy_pcg64dxsm};
use crate::vocabulary::RootSeed;

const POOL: usize = 4;
const INIT_A: u32 = 0x43b0_d7e5;
const MULT_A: u32 = 0x931e_8875;
const INIT_B: u32 = 0x8b51_f9dd;
const MULT_B: u32 = 0x58f3_8ded;
const MIX_MULT_L: u32 = 0xca01_f9dd;
const MIX_MULT_R: u32 = 0x4973_f715;
const XSHIFT: u32 = 16;

/// A pool of 128 bits into which entropy and a spawn key have been hashed.
///
/// Children are made from a prepared parent: only the key's own words are hashed again.
///
/// ```
/// use seedbench::{vocabulary::RootSeed, generators::SeedSequence};
///
/// let root = SeedSequence::from_root(&RootSeed::from_u64(42));
/// // numpy.random.SeedSequence(42, spawn_key=(1,)).generate_state(2)
/// assert_eq!(root.child(1).generate_state::<2>(), [0xf3e6_3cba, 0x01dc_b763]);
/// ```
///
/// Source: numpy 2.4.6, `numpy/random/bit_generator.pyx`; M. E. O'Neill, *Simple portable C++ seed
/// entropy* (2015), for the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedSequence {
    pool: [u32; POOL],
    hash: u32,
}

impl SeedSequence {
    /// `SeedSequence(k)` of an integer, in words of 32 bits.
    pub(crate) fn from_u64(k: u64) -> Self {
        Self::from_words(&[k as u32, (k >> 32) as u32])
    }

    /// `SeedSequence(entropy)` of 32-bit words, least significant first.
    pub fn from_words(entropy: &[u32]) -> Self {
        let mut hash = INIT_A;
        let mut pool =
            std::array::from_fn(|i| hash_mix(entropy.get(i).copied().unwrap_or(0), &mut hash));
        for source in 0..POOL {
            for target in 0..POOL {
                if source != target {
                    pool[target] = mix(pool[target], hash_mix(pool[source], &mut hash));
                }
            }
        }
        let mut sequence = Self { pool, hash };
        for &word in entropy.iter().skip(POOL) {
            sequence.absorb(word);
        }
        sequence
    }

    /// `SeedSequence(root)` of the root as an integer.
    pub fn from_root(root: &RootSeed) -> Self {
        let words = root.words32();
        let used = words
            .iter()
            .rposition(|&word| word != 0)
            .map_or(1, |last| last + 1);
        Self::from_words(&words[..used])
    }

    /// `SeedSequence(entropy, spawn_key=(…, element))`: an element of 2^32 and more is two words, so
    /// that `(2**32,)` and `(0, 1)` are one and the same key.
    pub fn child(&self, element: u64) -> Self {
        let mut child = self.clone();
        child.absorb(element as u32);
        if element >> 32 != 0 {
            child.absorb((element >> 32) as u32);
        }
        child
    }

    fn absorb(&mut self, word: u32) {
        for target in 0..POOL {
            self.pool[target] = mix(self.pool[target], hash_mix(word, &mut self.hash));
        }
    }

    /// `generate_state(WORDS)`.
    pub fn generate_state<const WORDS: usize>(&self) -> [u32; WORDS] {
        let mut hash = INIT_B;
        std::array::from_fn(|i| {
            let mut word = self.pool[i % POOL] ^ hash;
            hash = hash.wrapping_mul(MULT_B);
            word = word.wrapping_mul(hash);
            word ^ (word >> XSHIFT)
        })
    }

    /// The word at a place of the state of an `MT19937`, without those before it.
    ///
    /// # Panics
    /// Of a place past that state.
    pub(crate) fn state_word(&self, at: usize) -> u32 {
        /// What words are hashed with, place by place.
        static HASHES: [u32; Mt19937::STATE_WORDS + 1] = {
            let mut hashes = [INIT_B; Mt19937::STATE_WORDS + 1];
            let mut at = 1;
            while at < hashes.len() {
                hashes[at] = hashes[at - 1].wrapping_mul(MULT_B);
                at += 1;
            }
            hashes
        };
        let word = (self.pool[at % POOL] ^ HASHES[at]).wrapping_mul(HASHES[at + 1]);
        word ^ (word >> XSHIFT)
    }

    /// `generate_state(WORDS, numpy.uint64)`.
    pub fn generate_state64<const WORDS: usize>(&self) -> [u64; WORDS] {
        let mut hash = INIT_B;
        let mut at = 0;
        let mut next = || {
            let mut word = self.pool[at % POOL] ^ hash;
            at += 1;
            hash = hash.wrapping_mul(MULT_B);
            word = word.wrapping_mul(hash);
            u64::from(word ^ (word >> XSHIFT))
        };
        std::array::from_fn(|_| next() | next() << 32)
    }

    /// `PCG64(sequence)`, the generator of `default_rng`.
    pub fn pcg64(&self) -> rand_pcg::Pcg64 {
        let (state, sequence) = self.pcg_seed();
        numpy_pcg64(state, sequence)
    }

    /// `PCG64DXSM(sequence)`.
    pub fn pcg64dxsm(&self) -> rand_pcg::Pcg64Dxsm {
        let (state, sequence) = self.pcg_seed();
        numpy_pcg64dxsm(state, sequence)
    }

    /// State and sequence, each of two words, the high one first.
    fn pcg_seed(&self) -> (u128, u128) {
        let words = self.generate_state64::<4>().map(u128::from);
        (words[0] << 64 | words[1], words[2] << 64 | words[3])
    }

    /// `Philox(sequence)`.
    pub fn philox4x64(&self) -> Philox4x64 {
        Philox4x64::new(self.generate_state64(), [0; 4])
    }

    /// `SFC64(sequence)`.
    pub fn sfc64(&self) -> NumpySfc64 {
        NumpySfc64::from_words(self.generate_state64())
    }

    /// `MT19937(sequence)`: the state is the words themselves, the first one replaced by its highest
    /// bit, and the last one is tempered first.
    pub fn mt19937(&self) -> Mt19937 {
        let mut key = self.generate_state::<{ Mt19937::STATE_WORDS }>();
        key[0] = 0x8000_0000;
        Mt19937::from_state(key, Mt19937::STATE_WORDS - 1)
    }
}

#[inline(always)]
fn hash_mix(mut value: u32, hash: &mut u32) -> u32 {
    value ^= *hash;
    *hash = hash.wrapping_mul(MULT_A);
    value = value.wrapping_mul(*hash);
    value ^ (value >> XSHIFT)
}

#[inline(always)]
fn mix(left: u32, right: u32) -> u32 {
    let mixed = MIX_MULT_L
        .wrapping_mul(left)
        .wrapping_sub(MIX_MULT_R.wrapping_mul(right));
    mixed ^ (mixed >> XSHIFT)
}
