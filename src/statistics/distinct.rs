//! Different words among many, most of which come once or most of which repeat.

use super::views::mix;

/// How many different words there are. A bitmap tells most of those that stand alone; only the others are
/// held against each other.
pub(super) fn distinct(words: &[u64]) -> u64 {
    let log2_bits = (usize::BITS - words.len().leading_zeros() + 4).clamp(6, 24);
    let bit_of = |word: u64| {
        let bit = word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - log2_bits);
        ((bit >> 6) as usize, 1_u64 << (bit & 63))
    };
    let mut seen = vec![0_u64; 1 << (log2_bits - 6)];
    let mut again = seen.clone();
    for &word in words {
        let (at, flag) = bit_of(word);
        again[at] |= seen[at] & flag;
        seen[at] |= flag;
    }
    let met_again = |&word: &u64| {
        let (at, flag) = bit_of(word);
        again[at] & flag != 0
    };
    let met: Vec<u64> = words.iter().copied().filter(met_again).collect();
    (words.len() - met.len() + different(&met)) as u64
}

/// The same of words that mostly repeat: each goes to the first free place from its own on.
fn different(words: &[u64]) -> usize {
    let places = (2 * words.len()).next_power_of_two().max(2);
    let mut table = vec![0_u64; places];
    // Free places hold 0.
    let mut different = usize::from(words.contains(&0));
    for &word in words.iter().filter(|&&word| word != 0) {
        let mut at = mix(word) as usize % places;
        while table[at] != word {
            if table[at] == 0 {
                table[at] = word;
                different += 1;
                break;
            }
            at = (at + 1) % places;
        }
    }
    different
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::test_words;

    #[test]
    fn different_words_are_counted_as_sorted_ones_are() {
        for (words, values) in [(0, 1), (1, 1), (700, 20), (4096, 3000), (4096, u64::MAX)] {
            let words: Vec<u64> = test_words(words, words as usize)
                .iter()
                .map(|word| word % values)
                .collect();
            let plain: std::collections::BTreeSet<u64> = words.iter().copied().collect();
            assert_eq!(distinct(&words), plain.len() as u64);
        }
    }
}
