//! Histograms of bytes and 16-bit halves: split tables, so that equal neighbours do not wait for
//! each other's stores.

use super::dispatch::dispatch;

/// Counts of each byte value at each of the eight byte positions (position 7 is the top byte).
#[derive(Clone, Debug)]
pub(crate) struct ByteTables(Box<[[u32; 256]; 8]>);

impl ByteTables {
    pub(crate) fn new() -> Self {
        Self(Box::new([[0; 256]; 8]))
    }

    /// Counts every byte of the words (fewer than 2^32 between [`clear`](Self::clear)s).
    pub(crate) fn add(&mut self, words: &[u64]) {
        let tables = &mut *self.0;
        for word in words {
            for (table, byte) in tables.iter_mut().zip(word.to_le_bytes()) {
                table[usize::from(byte)] += 1;
            }
        }
    }

    /// The table of one position.
    pub(crate) fn table(&self, position: usize) -> &[u32; 256] {
        &self.0[position]
    }

    pub(crate) fn clear(&mut self) {
        *self.0 = [[0; 256]; 8];
    }
}

/// Counts the `bits` bits of each word from `shift` on, in two tables that are summed at the end.
pub(crate) struct FieldCounter {
    tables: [Vec<u32>; 2],
    shift: u32,
    mask: u64,
}

impl FieldCounter {
    /// A counter of the field of `bits` bits (at most 16) whose lowest is bit `shift`.
    pub(crate) fn new(shift: u32, bits: u32) -> Self {
        Self {
            tables: [vec![0; 1 << bits], vec![0; 1 << bits]],
            shift,
            mask: (1 << bits) - 1,
        }
    }

    /// Counts the words.
    pub(crate) fn add(&mut self, words: &[u64]) {
        // Cut to the mask, so that no index need be checked.
        let mask = self.mask;
        let [even, odd] = self
            .tables
            .each_mut()
            .map(|table| &mut table[..=mask as usize]);
        count_field(words, self.shift, mask, even, odd);
    }

    /// Adds another counter of the same field.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.tables.iter_mut().zip(&other.tables) {
            for (a, b) in mine.iter_mut().zip(theirs) {
                *a += b;
            }
        }
    }

    pub(crate) fn counts(&self) -> Vec<u64> {
        self.tables[0]
            .iter()
            .zip(&self.tables[1])
            .map(|(&a, &b)| u64::from(a) + u64::from(b))
            .collect()
    }
}

dispatch! {
    /// Counts the field of each word: of those at even places in one table, of the others in the other.
    fn count_field / count_field_at(
        words: &[u64], shift: u32, mask: u64, even: &mut [u32], odd: &mut [u32],
    ) {
        let (even, odd) = (&mut even[..=mask as usize], &mut odd[..=mask as usize]);
        let (pairs, last) = words.as_chunks::<2>();
        for &[a, b] in pairs {
            even[(a >> shift & mask) as usize] += 1;
            odd[(b >> shift & mask) as usize] += 1;
        }
        for a in last {
            even[(a >> shift & mask) as usize] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::{available, test_words};

    #[test]
    fn fields_and_bytes_agree() {
        let words = test_words(5, 1001);
        let mut bytes = ByteTables::new();
        bytes.add(&words);
        let mut top = FieldCounter::new(56, 8);
        top.add(&words[..500]);
        let mut rest = FieldCounter::new(56, 8);
        rest.add(&words[500..]);
        top.merge(&rest);
        let plain: Vec<u64> = bytes.table(7).iter().map(|&c| u64::from(c)).collect();
        assert_eq!(top.counts(), plain);
        assert_eq!(plain.iter().sum::<u64>(), 1001);
        bytes.clear();
        assert!(bytes.table(3).iter().all(|&c| c == 0));
    }

    #[test]
    fn every_build_counts_every_field() {
        let words = test_words(6, 1001);
        for level in available() {
            for (shift, bits) in [(56, 8), (0, 8), (11, 3), (61, 3), (48, 16)] {
                let (mask, cells) = ((1 << bits) - 1, 1_usize << bits);
                let (mut even, mut odd) = (vec![0; cells], vec![0; cells]);
                count_field_at(level, &words, shift, mask, &mut even, &mut odd);
                let mut plain = [vec![0; cells], vec![0; cells]];
                for (at, word) in words.iter().enumerate() {
                    plain[at % 2][(word >> shift & mask) as usize] += 1;
                }
                assert_eq!([even, odd], plain);
            }
        }
    }
}
