//! Threefry: the block cipher Threefish without its tweak, run on a counter.

use super::{BitStream, counter::add};

/// Rotation distances of the first and the second pair, by round modulo eight.
///
/// Source: N. Ferguson et al., *The Skein hash function family*, version 1.3 (2010), table 4.
const ROTATIONS: [[u32; 2]; 8] = [
    [14, 16],
    [52, 57],
    [23, 40],
    [5, 37],
    [25, 33],
    [46, 12],
    [58, 22],
    [32, 32],
];

/// The constant of the extended key, C240 of Skein 1.3.
const PARITY: u64 = 0x1bd1_1bda_a9fc_1a22;

/// Threefry4x64-20: period 2^258 words, 2^256 keys.
///
/// The first block is that of `counter + 1`, as in the `randomgen` package and in numpy's Philox.
///
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, *Parallel random numbers: as easy as
/// 1, 2, 3*, SC11, doi:10.1145/2063384.2063405.
#[derive(Clone)]
pub struct Threefry4x64 {
    key: [u64; 4],
    counter: [u64; 4],
    block: [u64; 4],
    next: usize,
}

impl Threefry4x64 {
    /// The stream of this key that follows this counter; words least significant first.
    pub fn new(key: [u64; 4], counter: [u64; 4]) -> Self {
        Self {
            key,
            counter,
            block: [0; 4],
            next: 4,
        }
    }

    /// The block of one counter under one key.
    #[inline]
    pub fn block(key: [u64; 4], counter: [u64; 4]) -> [u64; 4] {
        blocks(extended(key), counter.map(|word| [word])).map(|[word]| word)
    }

    /// Steps the counter over `blocks` blocks of four words, forgetting what is left of this one.
    pub fn advance(&mut self, blocks: u64) {
        self.counter = add(self.counter, blocks.into());
        self.next = 4;
    }

    #[inline]
    fn next_block(&mut self) -> [u64; 4] {
        self.step();
        Self::block(self.key, self.counter)
    }

    #[inline(always)]
    fn step(&mut self) {
        self.counter = add(self.counter, 1);
    }
}

/// Blocks made at once: a round waits for the one before, and other blocks fill the wait.
const LANES: usize = 4;

/// The key and its parity word.
fn extended(key: [u64; 4]) -> [u64; 5] {
    let parity = key.iter().fold(PARITY, |sum, word| sum ^ word);
    [key[0], key[1], key[2], key[3], parity]
}

/// Blocks of several counters, given and returned word by word: lanes of a vector.
#[inline]
fn blocks<const N: usize>(key: [u64; 5], mut state: [[u64; N]; 4]) -> [[u64; N]; 4] {
    for (words, key) in state.iter_mut().zip(key) {
        for word in words {
            *word = word.wrapping_add(key);
        }
    }
    for group in 1..=5 {
        for quarter in 0..4 {
            let rotations = ROTATIONS[(4 * (group - 1) + quarter) % 8];
            let partners = if quarter % 2 == 0 { [1, 3] } else { [3, 1] };
            for ((sum, partner), rotation) in [0, 2].into_iter().zip(partners).zip(rotations) {
                let other = state[partner];
                for (sum, other) in state[sum].iter_mut().zip(other) {
                    *sum = sum.wrapping_add(other);
                }
                let mixed = state[sum];
                for (word, mixed) in state[partner].iter_mut().zip(mixed) {
                    *word = word.rotate_left(rotation) ^ mixed;
                }
            }
        }
        for (i, words) in state.iter_mut().enumerate() {
            let round = if i == 3 { group as u64 } else { 0 };
            for word in words {
                *word = word.wrapping_add(key[(group + i) % 5]).wrapping_add(round);
            }
        }
    }
    state
}

impl BitStream for Threefry4x64 {
    fn fill(&mut self, block: &mut [u64]) {
        let left = (4 - self.next).min(block.len());
        let (start, rest) = block.split_at_mut(left);
        start.copy_from_slice(&self.block[self.next..self.next + left]);
        self.next += left;
        let (whole, end) = rest.as_chunks_mut::<4>();
        let (groups, whole) = whole.as_chunks_mut::<LANES>();
        let key = extended(self.key);
        for group in groups {
            let mut counters = [[0; LANES]; 4];
            for lane in 0..LANES {
                self.step();
                for (word, value) in counters.iter_mut().zip(self.counter) {
                    word[lane] = value;
                }
            }
            let made = blocks(key, counters);
            for (lane, words) in group.iter_mut().enumerate() {
                *words = std::array::from_fn(|i| made[i][lane]);
            }
        }
        for words in whole {
            *words = self.next_block();
        }
        if !end.is_empty() {
            self.block = self.next_block();
            end.copy_from_slice(&self.block[..end.len()]);
            self.next = end.len();
        }
    }
}
