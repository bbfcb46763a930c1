//! 64 × 64 bit matrices, turned.

use super::dispatch::dispatch;

dispatch! {
    /// Transposes in place: bit j of word i becomes bit i of word j.
    ///
    /// H. S. Warren, *Hacker's Delight*, 7-3: exchange of ever smaller off-diagonal blocks.
    pub(crate) fn transpose64 / transpose64_at(words: &mut [u64; 64]) {
        let mut width = 32;
        let mut mask = 0x0000_0000_ffff_ffff_u64;
        while width != 0 {
            let mut base = 0;
            while base < 64 {
                for i in base..base + width {
                    let exchange = ((words[i] >> width) ^ words[i + width]) & mask;
                    words[i] ^= exchange << width;
                    words[i + width] ^= exchange;
                }
                base += 2 * width;
            }
            width >>= 1;
            mask ^= mask << width;
        }
    }
}

dispatch! {
    /// `counts[i * b.len() + j]` += places at which bit planes `a[i]` and `b[j]` differ.
    pub(crate) fn crossings / crossings_at(a: &[u64], b: &[u64], counts: &mut [u32]) {
        for (x, row) in a.iter().zip(counts.chunks_exact_mut(b.len())) {
            for (y, count) in b.iter().zip(row) {
                *count += (x ^ y).count_ones();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::{available, test_words};

    #[test]
    fn every_bit_lands_where_it_belongs() {
        let words: [u64; 64] = test_words(4, 64).try_into().unwrap();
        for level in available() {
            let mut turned = words;
            transpose64_at(level, &mut turned);
            for (i, word) in words.iter().enumerate() {
                for (j, column) in turned.iter().enumerate() {
                    assert_eq!(word >> j & 1, column >> i & 1, "{i} {j}");
                }
            }
        }
    }

    #[test]
    fn crossings_count_differing_places() {
        let (a, b) = (test_words(6, 5), test_words(7, 64));
        for level in available() {
            let mut counts = vec![1; 5 * 64];
            crossings_at(level, &a, &b, &mut counts);
            for i in 0..5 {
                for j in 0..64 {
                    assert_eq!(counts[64 * i + j], 1 + (a[i] ^ b[j]).count_ones());
                }
            }
        }
    }
}
