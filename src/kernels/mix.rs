//! An invertible 64-bit mixer.

use super::dispatch::dispatch;

// Two multipliers of good spectral quality: Steele & Vigna 2022, "Computationally easy, spectrally
// good multipliers for congruential pseudorandom number generators", DOI 10.1002/spe.3030, and the
// finaliser constant of Stafford's mix 13 (2011).
const FIRST: u64 = 0xd134_2543_de82_ef95;
const SECOND: u64 = 0x94d0_49bb_1331_11eb;

/// Mixes a word so that the upper bits depend on all of it. Invertible: equal results mean equal
/// words.
#[inline(always)]
pub(crate) const fn mix(word: u64) -> u64 {
    let product = word.wrapping_mul(FIRST);
    (product ^ (product >> 32)).wrapping_mul(SECOND)
}

#[inline(always)]
fn mix_masked_body(words: &[u64], mask: u64, mixed: &mut [u64]) {
    for (out, &word) in mixed.iter_mut().zip(words) {
        *out = mix(word & mask);
    }
}

dispatch! {
    fn mix_masked / mix_masked_at(words: &[u64], mask: u64, mixed: &mut [u64]) {
        mix_masked_body(words, mask, mixed);
    }
}

/// Mixes the masked words of a block.
///
/// # Panics
/// When the slices differ in length.
pub(crate) fn mix_block(words: &[u64], mask: u64, mixed: &mut [u64]) {
    assert_eq!(words.len(), mixed.len(), "one result a word");
    mix_masked(words, mask, mixed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_is_invertible_and_spreads_structured_words() {
        // Consecutive integers, in the low and in the high bits, must not share upper bits more
        // often than random ones: 2^12 keys in 2^16 cells leave about 126 repeats.
        for shift in [0, 11, 32, 52] {
            let mut cells: Vec<u64> = (0..4096u64).map(|i| mix(i << shift) >> 48).collect();
            let mut whole: Vec<u64> = (0..4096u64).map(|i| mix(i << shift)).collect();
            cells.sort_unstable();
            cells.dedup();
            whole.sort_unstable();
            whole.dedup();
            assert_eq!(whole.len(), 4096);
            assert!(cells.len() > 3800, "shift {shift}: {} cells", cells.len());
        }
    }

    #[test]
    fn blocks_equal_single_words_at_every_length() {
        let words: Vec<u64> = (0..67).map(|i| mix(i + 1)).collect();
        for length in 0..words.len() {
            let mut mixed = vec![0; length];
            mix_block(&words[..length], !0 << 11, &mut mixed);
            assert!(
                mixed
                    .iter()
                    .zip(&words)
                    .all(|(&out, &word)| out == mix(word & (!0 << 11)))
            );
        }
    }
}
