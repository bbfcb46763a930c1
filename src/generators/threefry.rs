//! Threefry: the block cipher Threefish without its tweak, run on a counter.

use super::BitStream;

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
        let parity = key.iter().fold(PARITY, |sum, word| sum ^ word);
        let extended = [key[0], key[1], key[2], key[3], parity];
        let mut state: [u64; 4] = std::array::from_fn(|i| counter[i].wrapping_add(key[i]));
        for group in 1..=5 {
            for quarter in 0..4 {
                let [left, right] = ROTATIONS[(4 * (group - 1) + quarter) % 8];
                let (b, d) = if quarter % 2 == 0 { (1, 3) } else { (3, 1) };
                state[0] = state[0].wrapping_add(state[b]);
                state[b] = state[b].rotate_left(left) ^ state[0];
                state[2] = state[2].wrapping_add(state[d]);
                state[d] = state[d].rotate_left(right) ^ state[2];
            }
            for (i, word) in state.iter_mut().enumerate() {
                *word = word.wrapping_add(extended[(group + i) % 5]);
            }
            state[3] = state[3].wrapping_add(group as u64);
        }
        state
    }

    /// Steps the counter over `blocks` blocks of four words, forgetting what is left of this one.
    pub fn advance(&mut self, blocks: u64) {
        let mut carry = blocks;
        for word in &mut self.counter {
            let (sum, overflow) = word.overflowing_add(carry);
            *word = sum;
            carry = u64::from(overflow);
        }
        self.next = 4;
    }

    #[inline]
    fn next_block(&mut self) -> [u64; 4] {
        for word in &mut self.counter {
            *word = word.wrapping_add(1);
            if *word != 0 {
                break;
            }
        }
        Self::block(self.key, self.counter)
    }
}

impl BitStream for Threefry4x64 {
    fn fill(&mut self, block: &mut [u64]) {
        let left = (4 - self.next).min(block.len());
        let (start, rest) = block.split_at_mut(left);
        start.copy_from_slice(&self.block[self.next..self.next + left]);
        self.next += left;
        let (whole, end) = rest.as_chunks_mut::<4>();
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
