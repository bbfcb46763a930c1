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
}
