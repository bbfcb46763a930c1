//! How often each bit position is set: a carry-save adder over vectors of eight words.
//!
//! W. Muła, N. Kurz, D. Lemire, *Faster population counts using AVX2 instructions* (2018), applied
//! per position as in Clausecker, Lemire, Schintke, *Faster positional population counts* (2024).

use super::dispatch::dispatch;

/// Words per vector of 512 bits.
const LANES: usize = 8;
/// Words per carry-save tree.
const BLOCK: usize = 16 * LANES;
/// Planes above the tree: counts up to 16 · 2^32 words a lane.
const PLANES: usize = 36;

/// Digits of a count over all lanes.
const DIGITS: usize = PLANES + LANES.ilog2() as usize;

type Vector = [u64; LANES];

/// Counts ones at each of the 64 bit positions (position 0 is the lowest bit).
#[derive(Clone, Debug)]
pub(crate) struct PositionalCounter {
    /// Vertical counters: bit i of `planes[k][lane]` is digit k of the count at position i.
    planes: [Vector; PLANES],
    pending: Vec<u64>,
}

impl Default for PositionalCounter {
    fn default() -> Self {
        Self {
            planes: [[0; LANES]; PLANES],
            pending: Vec::new(),
        }
    }
}

impl PositionalCounter {
    /// Adds words.
    pub(crate) fn add(&mut self, mut words: &[u64]) {
        if !self.pending.is_empty() {
            let missing = (BLOCK - self.pending.len()).min(words.len());
            self.pending.extend_from_slice(&words[..missing]);
            words = &words[missing..];
            if self.pending.len() < BLOCK {
                return;
            }
            accumulate(&mut self.planes, &self.pending);
            self.pending.clear();
        }
        let whole = words.len() / BLOCK * BLOCK;
        accumulate(&mut self.planes, &words[..whole]);
        self.pending.extend_from_slice(&words[whole..]);
    }

    /// The counts, lowest bit first.
    pub(crate) fn counts(&self) -> [u64; 64] {
        let mut planes = self.planes;
        if !self.pending.is_empty() {
            let mut padded = self.pending.clone();
            padded.resize(BLOCK, 0);
            accumulate(&mut planes, &padded);
        }
        // The lanes are added first, digit by digit at all positions at once.
        let mut digits = [0_u64; DIGITS];
        for lane in 0..LANES {
            let mut carry = 0;
            for (k, sum) in digits.iter_mut().enumerate() {
                let digit = planes.get(k).map_or(0, |plane| plane[lane]);
                let half = *sum ^ digit;
                (carry, *sum) = (*sum & digit | half & carry, half ^ carry);
            }
        }
        let mut counts = [0; 64];
        for (k, mut rest) in digits.into_iter().enumerate() {
            while rest != 0 {
                counts[rest.trailing_zeros() as usize] += 1 << k;
                rest &= rest - 1;
            }
        }
        counts
    }
}

#[inline(always)]
fn full_adder(a: &Vector, b: &Vector, c: &Vector) -> (Vector, Vector) {
    let (mut carry, mut sum) = ([0; LANES], [0; LANES]);
    for i in 0..LANES {
        let half = a[i] ^ b[i];
        carry[i] = (a[i] & b[i]) | (half & c[i]);
        sum[i] = half ^ c[i];
    }
    (carry, sum)
}

dispatch! {
    /// Adds whole blocks of [`BLOCK`] words to the vertical counters.
    fn accumulate / accumulate_at(planes: &mut [Vector; PLANES], words: &[u64]) {
        let [mut ones, mut twos, mut fours, mut eights] = [planes[0], planes[1], planes[2], planes[3]];
        for block in words.chunks_exact(BLOCK) {
            let mut vector = [[0; LANES]; 16];
            for (to, from) in vector.iter_mut().zip(block.chunks_exact(LANES)) {
                to.copy_from_slice(from);
            }
            let mut twos_carry = [[0; LANES]; 8];
            for i in 0..8 {
                (twos_carry[i], ones) = full_adder(&ones, &vector[2 * i], &vector[2 * i + 1]);
            }
            let mut fours_carry = [[0; LANES]; 4];
            for i in 0..4 {
                (fours_carry[i], twos) = full_adder(&twos, &twos_carry[2 * i], &twos_carry[2 * i + 1]);
            }
            let mut eights_carry = [[0; LANES]; 2];
            for i in 0..2 {
                (eights_carry[i], fours) = full_adder(&fours, &fours_carry[2 * i], &fours_carry[2 * i + 1]);
            }
            let mut carry;
            (carry, eights) = full_adder(&eights, &eights_carry[0], &eights_carry[1]);
            // Ripple: two planes on average, since every other carry stops at the first.
            for plane in &mut planes[4..] {
                let mut any = 0;
                for i in 0..LANES {
                    let next = plane[i] & carry[i];
                    plane[i] ^= carry[i];
                    carry[i] = next;
                    any |= next;
                }
                if any == 0 {
                    break;
                }
            }
        }
        [planes[0], planes[1], planes[2], planes[3]] = [ones, twos, fours, eights];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::{available, test_words};

    fn plainly(words: &[u64]) -> [u64; 64] {
        std::array::from_fn(|bit| words.iter().filter(|&&w| w >> bit & 1 == 1).count() as u64)
    }

    #[test]
    fn any_cutting_gives_the_plain_count() {
        let words = test_words(1, 5000);
        let expected = plainly(&words);
        for cut in [1, 7, 127, 128, 129, 1000, 5000] {
            let mut counter = PositionalCounter::default();
            for part in words.chunks(cut) {
                counter.add(part);
            }
            assert_eq!(counter.counts(), expected, "cut {cut}");
        }
    }

    #[test]
    fn all_ones_ripple_through() {
        let mut counter = PositionalCounter::default();
        for _ in 0..300 {
            counter.add(&[u64::MAX; 1111]);
        }
        assert_eq!(counter.counts(), [300 * 1111; 64]);
    }

    #[test]
    fn every_build_agrees() {
        let words = test_words(2, BLOCK * 37);
        let results: Vec<_> = available()
            .into_iter()
            .map(|level| {
                let mut planes = [[0; LANES]; PLANES];
                accumulate_at(level, &mut planes, &words);
                planes
            })
            .collect();
        assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
