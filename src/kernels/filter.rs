//! A bitmap over the top bits of keys: which keys are worth recording.

use super::{BLOCK, dispatch::dispatch};

/// A slice of the key space: slice `index` of 2^`log2_slices` equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SampleSpan {
    /// Which slice.
    pub index: u64,
    /// Binary logarithm of the number of slices.
    pub log2_slices: u32,
}

impl SampleSpan {
    /// Whether a key lies in the slice.
    #[inline(always)]
    pub(crate) fn holds(self, key: u64) -> bool {
        // With one slice every key lies in it, and the shift would be too wide.
        self.log2_slices == 0 || key >> (64 - self.log2_slices) == self.index
    }
}

/// Bits of a filter that stays in the second-level cache (binary logarithm): larger ones miss it.
const LOG2_CACHED: u32 = 21;

/// Keys whose top bits are marked. False positives cost a record, nothing else.
#[derive(Clone, Debug, Default)]
pub(crate) struct BitFilter {
    bits: Vec<u64>,
    log2_bits: u32,
}

impl BitFilter {
    /// Empties the filter and sizes it for `keys` marked keys and at least 16 bits a slice of
    /// 2^`log2_slices`: at most one bit in 64 is marked, and no more than a slice has while that fits
    /// the cache.
    pub(crate) fn reset(&mut self, keys: usize, log2_slices: u32) {
        self.log2_bits = Self::log2_bits_for(keys, log2_slices);
        self.bits.clear();
        self.bits.resize(1 << (self.log2_bits - 6), 0);
    }

    /// Bits of a filter for so many keys.
    pub(crate) fn bits_for(keys: usize, log2_slices: u32) -> u64 {
        1 << Self::log2_bits_for(keys, log2_slices)
    }

    fn log2_bits_for(keys: usize, log2_slices: u32) -> u32 {
        let log2_keys = keys.max(1).next_power_of_two().trailing_zeros();
        let for_keys = (log2_keys + log2_slices)
            .min(LOG2_CACHED)
            .max(log2_keys + 6);
        for_keys.max(log2_slices + 4).clamp(10, 27)
    }

    /// Marks one key.
    #[inline]
    pub(crate) fn mark(&mut self, key: u64) {
        let bit = key >> (64 - self.log2_bits);
        self.bits[(bit >> 6) as usize] |= 1 << (bit & 63);
    }

    /// Marks a whole slice of the key space.
    pub(crate) fn mark_span(&mut self, span: SampleSpan) {
        let width = 1u64 << (self.log2_bits - span.log2_slices);
        let first = span.index * width;
        if width >= 64 {
            let (from, to) = ((first >> 6) as usize, ((first + width) >> 6) as usize);
            self.bits[from..to].fill(!0);
        } else {
            self.bits[(first >> 6) as usize] |= ((1 << width) - 1) << (first & 63);
        }
    }

    /// Whether the key may be marked.
    #[inline(always)]
    pub(crate) fn may_hold(&self, key: u64) -> bool {
        let bit = key >> (64 - self.log2_bits);
        self.bits[(bit >> 6) as usize] >> (bit & 63) & 1 == 1
    }

    /// Calls `found` with the index and the key of every key that may be marked.
    ///
    /// # Panics
    /// Of more than [`BLOCK`] keys.
    #[inline]
    pub(crate) fn each_held(&self, keys: &[u64], mut found: impl FnMut(usize, u64)) {
        assert!(keys.len() <= BLOCK, "keys come block by block");
        // All are looked up before any is found: few are, and a branch a key costs.
        let mut held = [0; BLOCK / 64];
        look_up(&self.bits, 64 - self.log2_bits, keys, &mut held);
        for (at, mut held) in held.into_iter().enumerate() {
            while held != 0 {
                let i = 64 * at + held.trailing_zeros() as usize;
                held &= held - 1;
                found(i, keys[i]);
            }
        }
    }
}

dispatch! {
    /// The bits of all keys, 64 a word: that of a key is the one that it says without its lowest `shift`
    /// bits.
    fn look_up / look_up_at(bits: &[u64], shift: u32, keys: &[u64], held: &mut [u64]) {
        // The mask changes nothing; it spares the check of the index.
        let mask = bits.len() - 1;
        for (held, block) in held.iter_mut().zip(keys.chunks(64)) {
            *held = 0;
            for (i, key) in block.iter().enumerate() {
                let bit = key >> shift;
                *held |= (bits[(bit >> 6) as usize & mask] >> (bit & 63) & 1) << i;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::{available, test_words};

    #[test]
    fn marked_keys_and_slices_pass_and_few_others() {
        let mut filter = BitFilter::default();
        filter.reset(100, 5);
        let key = |i: u64| super::super::mix(i);
        for i in 0..100 {
            filter.mark(key(i));
        }
        assert!((0..100).all(|i| filter.may_hold(key(i))));
        let strangers = (1000..11_000).filter(|&i| filter.may_hold(key(i))).count();
        assert!((50..400).contains(&strangers), "{strangers} of 10,000 pass");

        for slices in [0, 3, 5] {
            filter.reset(1, slices);
            let span = SampleSpan {
                index: (1 << slices) - 1,
                log2_slices: slices,
            };
            filter.mark_span(span);
            let passed = (0..1 << 14).filter(|&i| filter.may_hold(key(i)));
            assert!(passed.eq(
                (0..1 << 14).filter(|&i| slices == 0 || key(i) >> (64 - slices) == span.index)
            ));
        }
    }

    #[test]
    fn every_build_finds_what_single_look_ups_find() {
        let mut filter = BitFilter::default();
        filter.reset(50, 4);
        filter.mark_span(SampleSpan {
            index: 3,
            log2_slices: 4,
        });
        for length in [0, 1, 63, 64, 200, BLOCK] {
            let keys = test_words(length as u64, length);
            let alone: Vec<usize> = (0..length).filter(|&i| filter.may_hold(keys[i])).collect();
            let mut found = Vec::new();
            filter.each_held(&keys, |i, key| {
                assert_eq!(key, keys[i]);
                found.push(i);
            });
            assert_eq!(found, alone);
            for level in available() {
                let mut held = [0; BLOCK / 64];
                look_up_at(level, &filter.bits, 64 - filter.log2_bits, &keys, &mut held);
                let held = |&i: &usize| held[i / 64] >> (i % 64) & 1 == 1;
                assert!((0..length).filter(held).eq(alone.iter().copied()));
            }
        }
    }
}
