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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::battery::kernels::dispatch::{available, test_words};

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
}
