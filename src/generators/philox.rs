//! Philox: a keyed bijection of a counter, in the widths numpy and cuRAND use.

use super::{BitStream, counter::add};

/// Golden ratio and √3 − 1, the key schedule's Weyl increments at 64 bits; 32-bit Philox takes their
/// high halves.
const WEYL: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xbb67_ae85_84ca_a73b];
const ROUNDS: usize = 10;

/// Philox4x64-10: period 2^258 words, 2^128 keys.
///
/// As in numpy, the first block is that of `counter + 1`.
///
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, *Parallel random numbers: as easy as
/// 1, 2, 3*, SC11, doi:10.1145/2063384.2063405.
#[derive(Clone)]
pub struct Philox4x64 {
    key: [u64; 2],
    counter: [u64; 4],
    block: [u64; 4],
    next: usize,
}

impl Philox4x64 {
    /// The stream of this key that follows this counter; words least significant first.
    pub fn new(key: [u64; 2], counter: [u64; 4]) -> Self {
        Self {
            key,
            counter,
            block: [0; 4],
            next: 4,
        }
    }

    /// The block of one counter under one key.
    #[inline]
    pub fn block(key: [u64; 2], counter: [u64; 4]) -> [u64; 4] {
        let [block] = blocks64(key, [counter]);
        block
    }

    /// Steps the counter over `blocks` blocks of four words, forgetting what is left of this one.
    pub fn advance(&mut self, blocks: u128) {
        self.counter = add(self.counter, blocks);
        self.next = 4;
    }

    #[inline]
    fn next_block(&mut self) -> [u64; 4] {
        self.counter = add(self.counter, 1);
        Self::block(self.key, self.counter)
    }
}

/// Blocks made at once: a round waits for the one before, and other blocks fill the wait.
const LANES: usize = 8;

/// [`Philox4x64::block`] of several counters.
#[inline]
fn blocks64<const N: usize>(mut key: [u64; 2], mut lanes: [[u64; 4]; N]) -> [[u64; 4]; N] {
    for round in 0..ROUNDS {
        if round > 0 {
            key = bump64(key);
        }
        for lane in &mut lanes {
            *lane = round64(key, *lane);
        }
    }
    lanes
}

#[inline(always)]
fn bump64(key: [u64; 2]) -> [u64; 2] {
    [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])]
}

#[inline(always)]
fn round64(key: [u64; 2], counter: [u64; 4]) -> [u64; 4] {
    let first = u128::from(counter[0]) * 0xd2e7_470e_e14c_6c93;
    let second = u128::from(counter[2]) * 0xca5a_8263_9512_1157;
    [
        (second >> 64) as u64 ^ counter[1] ^ key[0],
        second as u64,
        (first >> 64) as u64 ^ counter[3] ^ key[1],
        first as u64,
    ]
}

impl BitStream for Philox4x64 {
    fn fill(&mut self, block: &mut [u64]) {
        let left = (4 - self.next).min(block.len());
        let (start, rest) = block.split_at_mut(left);
        start.copy_from_slice(&self.block[self.next..self.next + left]);
        self.next += left;
        let (whole, end) = rest.as_chunks_mut::<4>();
        let (groups, whole) = whole.as_chunks_mut::<{ LANES / 2 }>();
        for group in groups {
            let first = self.counter;
            self.counter = add(first, group.len() as u128);
            let counters = std::array::from_fn(|lane| add(first, lane as u128 + 1));
            *group = blocks64(self.key, counters);
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

/// Philox4x32-10: period 2^130 outputs, 2^64 keys; what cuRAND, TensorFlow and PyTorch use.
///
/// A word is two outputs, the first one in the low half. As with [`Philox4x64`], the first block is
/// that of `counter + 1`.
#[derive(Clone)]
pub struct Philox4x32 {
    key: [u32; 2],
    counter: u128,
    word: u64,
    pending: bool,
}

impl Philox4x32 {
    /// The stream of this key that follows this counter; words least significant first.
    pub fn new(key: [u32; 2], counter: [u32; 4]) -> Self {
        Self {
            key,
            counter: counter
                .iter()
                .rev()
                .fold(0, |value, &word| value << 32 | u128::from(word)),
            word: 0,
            pending: false,
        }
    }

    /// The block of one counter under one key.
    #[inline]
    pub fn block(key: [u32; 2], counter: [u32; 4]) -> [u32; 4] {
        blocks32(key, counter.map(|word| [word])).map(|[word]| word)
    }

    /// Steps the counter over `blocks` blocks of two words, forgetting what is left of this one.
    pub fn advance(&mut self, blocks: u128) {
        self.counter = self.counter.wrapping_add(blocks);
        self.pending = false;
    }

    #[inline]
    fn next_block(&mut self) -> [u64; 2] {
        self.counter = self.counter.wrapping_add(1);
        let counter = std::array::from_fn(|i| (self.counter >> (32 * i)) as u32);
        let [a, b, c, d] = Self::block(self.key, counter).map(u64::from);
        [a | b << 32, c | d << 32]
    }
}

/// [`Philox4x32::block`] of several counters, given and returned word by word: lanes of a vector, in
/// 64 bits each because their products are.
#[inline]
fn blocks32<const N: usize>(key: [u32; 2], counter: [[u32; N]; 4]) -> [[u32; N]; 4] {
    const LOW: u64 = 0xffff_ffff;
    let mut state = counter.map(|word| word.map(u64::from));
    let mut key = key;
    for round in 0..ROUNDS {
        if round > 0 {
            key[0] = key[0].wrapping_add((WEYL[0] >> 32) as u32);
            key[1] = key[1].wrapping_add((WEYL[1] >> 32) as u32);
        }
        let [k0, k1] = key.map(u64::from);
        let [c0, c1, c2, c3] = state;
        // Masking tells the compiler that 32 × 32 bits are enough, for which there is an instruction.
        let first: [u64; N] = std::array::from_fn(|lane| (c0[lane] & LOW) * 0xd251_1f53);
        let second: [u64; N] = std::array::from_fn(|lane| (c2[lane] & LOW) * 0xcd9e_8d57);
        state = [
            std::array::from_fn(|lane| (second[lane] >> 32) ^ c1[lane] ^ k0),
            second.map(|product| product & LOW),
            std::array::from_fn(|lane| (first[lane] >> 32) ^ c3[lane] ^ k1),
            first.map(|product| product & LOW),
        ];
    }
    state.map(|word| word.map(|value| value as u32))
}

impl BitStream for Philox4x32 {
    fn fill(&mut self, mut block: &mut [u64]) {
        if self.pending && !block.is_empty() {
            block[0] = self.word;
            self.pending = false;
            block = &mut block[1..];
        }
        let (whole, end) = block.as_chunks_mut::<2>();
        let (groups, whole) = whole.as_chunks_mut::<LANES>();
        for group in groups {
            let first = self.counter;
            self.counter = first.wrapping_add(LANES as u128);
            let counters = std::array::from_fn(|word| {
                std::array::from_fn(|lane| {
                    (first.wrapping_add(lane as u128 + 1) >> (32 * word)) as u32
                })
            });
            let [a, b, c, d] = blocks32::<LANES>(self.key, counters);
            for (lane, words) in group.iter_mut().enumerate() {
                words[0] = u64::from(a[lane]) | u64::from(b[lane]) << 32;
                words[1] = u64::from(c[lane]) | u64::from(d[lane]) << 32;
            }
        }
        for words in whole {
            *words = self.next_block();
        }
        if let [last] = end {
            [*last, self.word] = self.next_block();
            self.pending = true;
        }
    }
}
