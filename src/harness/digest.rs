//! A 128-bit hash of a run's words.
//!
//! SipHash-2-4 with 128 bits of output (Aumasson and Bernstein 2012, "SipHash: a fast short-input
//! PRF", <https://www.aumasson.jp/siphash/siphash.pdf>), in a tree of fixed leaves: the value depends on
//! the words and their order, never on the number of threads that computed it. A sum or xor would cancel
//! on equal streams, which is what is met here.

use std::{fmt, hash::Hasher};

use rayon::prelude::*;
use siphasher::sip128::{Hasher128, SipHasher24};

/// Words in one leaf of the tree: 1 MiB.
const LEAF_WORDS: usize = 1 << 17;

/// The key of leaves. Fixed: digests are compared between processes and machines.
const LEAF_KEY: [u64; 2] = [0, 0];

/// The hash of a run's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u64; 2]);

impl Digest {
    /// The 16 bytes of the hash.
    pub fn bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.0[0].to_be_bytes());
        bytes[8..].copy_from_slice(&self.0[1].to_be_bytes());
        bytes
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:016x}", self.0[0], self.0[1])
    }
}

/// The digest of these words in this order.
///
/// ```
/// use seedbench::harness::digest;
///
/// assert_eq!(digest(&[1, 2, 3]), digest(&[1, 2, 3]));
/// assert_ne!(digest(&[1, 2, 3]), digest(&[2, 1, 3]));
/// ```
pub fn digest(words: &[u64]) -> Digest {
    let leaves: Vec<[u64; 2]> = words
        .par_chunks(LEAF_WORDS)
        .map(|leaf| hash(LEAF_KEY, leaf))
        .collect();
    // The length sits in the root's key, so that trees of different shape never meet.
    Digest(hash([1, words.len() as u64], leaves.as_flattened()))
}

/// The hash of words under a key, least significant bytes first.
fn hash([k0, k1]: [u64; 2], words: &[u64]) -> [u64; 2] {
    let mut hasher = SipHasher24::new_with_keys(k0, k1);
    if cfg!(target_endian = "little") {
        hasher.write(bytemuck::cast_slice(words));
    } else {
        for word in words {
            hasher.write(&word.to_le_bytes());
        }
    }
    let halves = hasher.finish128();
    [halves.h1, halves.h2]
}

/// Whether two runs hold the same words in the same order, told by their digests.
pub fn same_words(a: &[u64], b: &[u64]) -> bool {
    a.len() == b.len() && digest(a) == digest(b)
}

/// 64 bits of the hash of a short text.
pub(crate) fn digest_bytes(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(LEAF_KEY[0], LEAF_KEY[1]);
    hasher.write(bytes);
    hasher.finish128().h1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_length_and_every_bit_count() {
        let words: Vec<u64> = (0..3 * LEAF_WORDS as u64).collect();
        let whole = digest(&words);
        let mut swapped = words.clone();
        swapped.swap(0, 2 * LEAF_WORDS);
        assert_ne!(digest(&swapped), whole);
        assert_ne!(digest(&words[..words.len() - 1]), whole);
        let mut flipped = words.clone();
        flipped[LEAF_WORDS] ^= 1 << 63;
        assert_ne!(digest(&flipped), whole);
        // Equal streams do not cancel, and zeros of different lengths differ.
        assert_ne!(digest(&[7; 8]), digest(&[7; 16]));
        assert_ne!(digest(&[]), digest(&[0]));
    }

    #[test]
    fn thread_count_does_not_matter() {
        let words: Vec<u64> = (0..5 * LEAF_WORDS as u64 + 3).collect();
        let on = |threads| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| digest(&words))
        };
        assert_eq!(on(1), on(3));
    }
}
