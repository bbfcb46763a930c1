//! A 128-bit hash of a stream's words in their places: hashes of aligned blocks, each mixed with its index,
//! add up to it. So a stream may be read in parts, in any order, and the parts merged.

use rayon::prelude::*;

use crate::{kernels::mix, vocabulary::Evidence};

/// The hash of the blocks that were taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fingerprint {
    sums: [u64; 2],
    words: u64,
}

/// Fractional digits of π, 64 bits at a time.
const SEEDS: [u64; 8] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7344,
    0xa409_3822_299f_31d0,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
    0xbe54_66cf_34e9_0c6c,
    0xc0ac_29b7_c97c_50dd,
    0x3f84_d5b5_b547_0917,
];

/// The next of them, made odd.
const ODD: [u64; 2] = [0x9216_d5d9_8979_fb1b, 0xd131_0ba6_98df_b5ac | 1];

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}

impl Fingerprint {
    /// Words of a block: parts of a stream start at multiples of it.
    pub(super) const BLOCK: usize = 1 << 10;

    /// That of a stream in memory.
    pub(super) fn of(words: &[u64]) -> u128 {
        let mut print = Self::default();
        print.absorb(0, words);
        print.value()
    }

    /// Takes in the part of the stream that starts at word `from`, which is no part of another.
    pub(super) fn absorb(&mut self, from: usize, words: &[u64]) {
        debug_assert!(
            from.is_multiple_of(Self::BLOCK),
            "parts start where blocks start"
        );
        let first = from / Self::BLOCK;
        for (at, block) in words.chunks(Self::BLOCK).enumerate() {
            let index = mix((first + at) as u64 ^ SEEDS[0]);
            for (sum, hash) in self.sums.iter_mut().zip(hash_of_block(block)) {
                *sum = sum.wrapping_add(mix(hash ^ index));
            }
        }
        self.words += words.len() as u64;
    }

    /// Takes in what another has taken in, of other blocks of the same stream.
    pub(super) fn merge(&mut self, other: &Self) {
        for (sum, more) in self.sums.iter_mut().zip(other.sums) {
            *sum = sum.wrapping_add(more);
        }
        self.words += other.words;
    }

    /// As numbers.
    pub(super) fn numbers(&self) -> [u64; 3] {
        [self.sums[0], self.sums[1], self.words]
    }

    /// That of [`numbers`](Self::numbers).
    pub(super) fn of_numbers([one, other, words]: [u64; 3]) -> Self {
        Self {
            sums: [one, other],
            words,
        }
    }

    /// The hash of what was taken in.
    pub(super) fn value(&self) -> u128 {
        let [high, low] = self.sums.map(|sum| mix(sum ^ mix(self.words)));
        u128::from(high) << 64 | u128::from(low)
    }
}

/// Two sets of four chains, so that multiplications overlap; every word enters one chain of each set.
fn hash_of_block(words: &[u64]) -> [u64; 2] {
    let mut chains = SEEDS;
    let mut absorb = |lane: usize, word: u64| {
        chains[lane] = fold(chains[lane] ^ word, ODD[0]).wrapping_add(word);
        chains[lane + 4] = fold(chains[lane + 4] ^ word.rotate_left(32), ODD[1]) ^ word;
    };
    let (blocks, rest) = words.as_chunks::<4>();
    for &[a, b, c, d] in blocks {
        // Lanes by name, so that the chains stay in registers.
        absorb(0, a);
        absorb(1, b);
        absorb(2, c);
        absorb(3, d);
    }
    for (lane, &word) in rest.iter().enumerate() {
        absorb(lane, word);
    }
    let close = |lanes: &[u64]| {
        lanes.iter().fold(words.len() as u64, |sum, &lane| {
            fold(sum.rotate_left(29) ^ lane, ODD[0]).wrapping_add(lane)
        })
    };
    [close(&chains[..4]), close(&chains[4..])]
}

/// Words of a start: fewer make more streams that differ later be read to their ends.
const START: usize = 16;

pub(super) fn start(stream: &[u64]) -> &[u64] {
    &stream[..stream.len().min(START)]
}

/// Which streams start alike.
pub(super) struct StartPrints {
    /// Of each stream.
    prints: Vec<u128>,
    /// Those that occur more than once, ascending.
    shared: Vec<u128>,
}

impl StartPrints {
    pub(super) fn of(evidence: &Evidence) -> Self {
        let prints: Vec<u128> = (0..evidence.streams())
            .into_par_iter()
            .with_min_len(1024)
            .map(|index| Fingerprint::of(start(evidence.stream(index))))
            .collect();
        let mut sorted = prints.clone();
        sorted.par_sort_unstable();
        let shared = sorted
            .chunk_by(|a, b| a == b)
            .filter(|same| same.len() > 1)
            .map(|same| same[0])
            .collect();
        Self { prints, shared }
    }

    pub(super) fn shared(&self, index: usize) -> bool {
        self.shared.binary_search(&self.prints[index]).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_any_order_merge_to_the_whole_and_every_word_counts() {
        const BLOCK: usize = Fingerprint::BLOCK;
        let words: Vec<u64> = (0..5 * BLOCK as u64 + 3).map(|i| i * i).collect();
        let whole = Fingerprint::of(&words);
        for at in [0, BLOCK, 4 * BLOCK, 5 * BLOCK] {
            let (mut first, mut second) = (Fingerprint::default(), Fingerprint::default());
            second.absorb(at, &words[at..]);
            first.absorb(0, &words[..at]);
            second.merge(&first);
            assert_eq!(second.value(), whole);
        }
        for i in (0..words.len()).step_by(7) {
            let mut other = words.clone();
            other[i] ^= 1 << 17;
            assert_ne!(Fingerprint::of(&other), whole);
        }
        // Blocks know their places, and the end knows how many words there were.
        let mut moved = words.clone();
        moved[..2 * BLOCK].rotate_left(BLOCK);
        assert_ne!(Fingerprint::of(&moved), whole);
        assert_ne!(Fingerprint::of(&[0; 3]), Fingerprint::of(&[0; 4]));
        assert_ne!(
            Fingerprint::of(&[0; BLOCK]),
            Fingerprint::of(&[0; 2 * BLOCK])
        );
    }
}
