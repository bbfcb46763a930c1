//! Rank of bit matrices.

use super::dispatch::dispatch;

dispatch! {
    /// The rank over GF(2) of `rows` rows of `stride` words each; the matrix is destroyed.
    ///
    /// Plain elimination: half the rows below a pivot take it, over the words from the pivot on, which
    /// is rows²·stride/4 vector-friendly word xors.
    pub(crate) fn rank / rank_at(matrix: &mut [u64], rows: usize, stride: usize) -> usize {
        let mut rank = 0;
        for column in 0..64 * stride {
            if rank == rows {
                break;
            }
            let (word, bit) = (column / 64, 1_u64 << (column % 64));
            let Some(pivot) = (rank..rows).find(|&r| matrix[r * stride + word] & bit != 0) else {
                continue;
            };
            if pivot != rank {
                for w in word..stride {
                    matrix.swap(pivot * stride + w, rank * stride + w);
                }
            }
            let (above, below) = matrix.split_at_mut((rank + 1) * stride);
            let source = &above[rank * stride + word..];
            // Rows before the old pivot have no bit here.
            for row in below.chunks_exact_mut(stride).skip(pivot - rank) {
                if row[word] & bit != 0 {
                    for (to, from) in row[word..].iter_mut().zip(source) {
                        *to ^= from;
                    }
                }
            }
            rank += 1;
        }
        rank
    }
}

/// The fewest rows that add up to 0 over GF(2), among those that elimination in row order shows: each
/// row that depends on earlier independent ones, with the ones it is the sum of. The matrix is
/// destroyed. `None` where the rows are independent.
///
/// No part of what is returned adds up to 0 by itself. The sum of a few rows that stand among many
/// independent ones is found exactly; where rows fill a small space all relations are long.
pub(crate) fn shortest_relation(
    matrix: &mut [u64],
    rows: usize,
    stride: usize,
) -> Option<Vec<usize>> {
    let memory = rows.div_ceil(64);
    let mut sums = vec![0_u64; rows * memory];
    // Leading column and row of each independent row, reduced by those before it.
    let mut pivots: Vec<(usize, usize)> = Vec::new();
    let mut shortest: Option<Vec<usize>> = None;
    for row in 0..rows {
        sums[row * memory + row / 64] |= 1 << (row % 64);
        for &(column, pivot) in &pivots {
            if matrix[row * stride + column / 64] >> (column % 64) & 1 == 1 {
                add(matrix, row, pivot, stride);
                add(&mut sums, row, pivot, memory);
            }
        }
        let words = &matrix[row * stride..(row + 1) * stride];
        if let Some(word) = words.iter().position(|&word| word != 0) {
            pivots.push((64 * word + words[word].trailing_zeros() as usize, row));
            continue;
        }
        let sum = &sums[row * memory..(row + 1) * memory];
        let length: u32 = sum.iter().map(|word| word.count_ones()).sum();
        if shortest
            .as_ref()
            .is_none_or(|best| (length as usize) < best.len())
        {
            shortest = Some(
                (0..=row)
                    .filter(|&r| sum[r / 64] >> (r % 64) & 1 == 1)
                    .collect(),
            );
        }
    }
    shortest
}

/// Adds row `from` to a later row `to`.
fn add(matrix: &mut [u64], to: usize, from: usize, stride: usize) {
    let (before, after) = matrix.split_at_mut(to * stride);
    for (to, from) in after[..stride].iter_mut().zip(&before[from * stride..]) {
        *to ^= from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::battery::kernels::dispatch::{available, test_words};

    #[test]
    fn known_ranks() {
        // Identity, with one row the sum of the others.
        let mut identity: Vec<u64> = (0..10).map(|i| 1 << i).collect();
        identity.push(0x3ff);
        assert_eq!(rank(&mut identity, 11, 1), 10);
        assert_eq!(rank(&mut [0, 0], 2, 1), 0);
        assert_eq!(rank(&mut [5, 5, 0, 7], 2, 2), 2);
    }

    #[test]
    fn planted_relations_are_all_found_by_every_build() {
        let (rows, stride) = (150, 4);
        let mut matrix = test_words(3, rows * stride);
        for planted in 0..7 {
            for w in 0..stride {
                matrix[(140 + planted) * stride + w] = matrix[planted * stride + w]
                    ^ matrix[(50 + planted) * stride + w]
                    ^ matrix[99 * stride + w];
            }
        }
        for level in available() {
            assert_eq!(rank_at(level, &mut matrix.clone(), rows, stride), rows - 7);
        }
    }

    #[test]
    fn the_shortest_relation_names_its_rows() {
        let (rows, stride) = (150, 4);
        let mut matrix = test_words(3, rows * stride);
        assert_eq!(shortest_relation(&mut matrix.clone(), rows, stride), None);
        let sum = |matrix: &mut [u64], to: usize, of: &[usize]| {
            for w in 0..stride {
                matrix[to * stride + w] =
                    of.iter().fold(0, |sum, row| sum ^ matrix[row * stride + w]);
            }
        };
        sum(&mut matrix, 149, &[1, 2, 3, 4, 5, 6]);
        sum(&mut matrix, 70, &[9, 33, 100]);
        assert_eq!(
            shortest_relation(&mut matrix, rows, stride),
            Some(vec![9, 33, 70, 100])
        );
    }

    #[test]
    fn rows_that_fill_a_small_space_have_long_relations_only() {
        // 150 rows over 64 columns: a dependent row is the sum of about half of the 64 before it.
        let mut matrix = test_words(5, 150);
        let shortest = shortest_relation(&mut matrix, 150, 1).unwrap();
        assert!((15..=50).contains(&shortest.len()), "{shortest:?}");
    }
}
