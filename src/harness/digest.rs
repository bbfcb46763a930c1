//! A 128-bit hash of a run's words.
//!
//! SipHash-2-4 with 128 bits of output (Aumasson and Bernstein 2012, "SipHash: a fast short-input
//! PRF", <https://www.aumasson.jp/siphash/siphash.pdf>, and its reference code's 128-bit variant), in
//! a tree of fixed leaves: the value depends on the words and their order, never on the number of
//! threads that computed it. A sum or xor would cancel on equal streams, which is what is met here.

use std::fmt;

use rayon::prelude::*;

/// Words in one leaf of the tree: 1 MiB.
const LEAF_WORDS: usize = 1 << 17;

/// Lanes of a leaf.
const LANES: usize = 4;

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
    let leaves: Vec<[u64; 2 * LANES]> = words.par_chunks(LEAF_WORDS).map(leaf).collect();
    // The length sits in the root's key, so that trees of different shape never meet.
    let mut root = Sip::new([1, words.len() as u64]);
    for &word in leaves.as_flattened() {
        root.absorb(word);
    }
    Digest(root.finish(8 * leaves.as_flattened().len()))
}

/// The hashes of a leaf's lanes, dealt word by word: independent of each other, so that the
/// processor works on all of them at once.
fn leaf(words: &[u64]) -> [u64; 2 * LANES] {
    let mut lanes = [const { Sip::new(LEAF_KEY) }; LANES];
    let rows = words.chunks_exact(LANES);
    let rest = rows.remainder();
    for row in rows {
        for (lane, &word) in lanes.iter_mut().zip(row) {
            lane.absorb(word);
        }
    }
    for (lane, &word) in lanes.iter_mut().zip(rest) {
        lane.absorb(word);
    }
    let mut hashes = [0; 2 * LANES];
    for (lane, halves) in lanes.into_iter().zip(hashes.chunks_exact_mut(2)) {
        halves.copy_from_slice(&lane.finish(8 * words.len()));
    }
    hashes
}

/// Whether two runs hold the same words in the same order, told by their digests.
pub fn same_words(a: &[u64], b: &[u64]) -> bool {
    a.len() == b.len() && digest(a) == digest(b)
}

/// 64 bits of the hash of a short text.
pub(crate) fn digest_bytes(bytes: &[u8]) -> u64 {
    let mut state = Sip::new(LEAF_KEY);
    let blocks = bytes.chunks_exact(8);
    let mut last = [0; 8];
    last[..blocks.remainder().len()].copy_from_slice(blocks.remainder());
    for block in blocks {
        state.absorb(u64::from_le_bytes(block.try_into().expect("8 bytes")));
    }
    state.finish_with(u64::from_le_bytes(last), bytes.len())[0]
}

/// SipHash-2-4-128's state.
struct Sip([u64; 4]);

impl Sip {
    const fn new([k0, k1]: [u64; 2]) -> Self {
        // "somepseudorandomlygeneratedbytes", and 0xee for the 128-bit variant: the reference's constants.
        Self([
            k0 ^ 0x736f_6d65_7073_6575,
            k1 ^ 0x646f_7261_6e64_6f6d ^ 0xee,
            k0 ^ 0x6c79_6765_6e65_7261,
            k1 ^ 0x7465_6462_7974_6573,
        ])
    }

    #[inline(always)]
    fn round(&mut self) {
        let [v0, v1, v2, v3] = &mut self.0;
        *v0 = v0.wrapping_add(*v1);
        *v1 = v1.rotate_left(13) ^ *v0;
        *v0 = v0.rotate_left(32);
        *v2 = v2.wrapping_add(*v3);
        *v3 = v3.rotate_left(16) ^ *v2;
        *v0 = v0.wrapping_add(*v3);
        *v3 = v3.rotate_left(21) ^ *v0;
        *v2 = v2.wrapping_add(*v1);
        *v1 = v1.rotate_left(17) ^ *v2;
        *v2 = v2.rotate_left(32);
    }

    #[inline(always)]
    fn absorb(&mut self, word: u64) {
        self.0[3] ^= word;
        self.round();
        self.round();
        self.0[0] ^= word;
    }

    fn finish(self, bytes: usize) -> [u64; 2] {
        self.finish_with(0, bytes)
    }

    /// Absorbs the last, partial block with the length above it, and squeezes both halves.
    fn finish_with(mut self, partial: u64, bytes: usize) -> [u64; 2] {
        self.absorb(partial | (bytes as u64) << 56);
        self.0[2] ^= 0xee;
        let first = self.squeeze();
        self.0[1] ^= 0xdd;
        [first, self.squeeze()]
    }

    fn squeeze(&mut self) -> u64 {
        for _ in 0..4 {
            self.round();
        }
        let [v0, v1, v2, v3] = self.0;
        v0 ^ v1 ^ v2 ^ v3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `vectors_sip128` of the reference code, key 00 01 … 0f, for inputs of no bytes and of `00`.
    #[test]
    fn matches_the_reference_vectors() {
        let key = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908];
        let bytes = |halves: [u64; 2]| -> Vec<u8> {
            halves.iter().flat_map(|half| half.to_le_bytes()).collect()
        };
        assert_eq!(
            bytes(Sip::new(key).finish(0)),
            0xa381_7f04_ba25_a8e6_6df6_7214_c755_0293_u128.to_be_bytes()
        );
        assert_eq!(
            bytes(Sip::new(key).finish_with(0, 1)),
            0xda87_c1d8_6b99_af44_3476_5911_9b22_fc45_u128.to_be_bytes()
        );
    }

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
