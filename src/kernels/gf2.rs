//! Rank of bit matrices.

use super::dispatch::dispatch;

/// Columns that are eliminated at a time, at most: each more doubles the table of their sums.
const GROUP: usize = 8;

dispatch! {
    /// The rank over GF(2) of `rows` rows of `stride` words each; the matrix is destroyed.
    ///
    /// The method of four Russians: a few columns at a time, whose pivots' sums are all made first, so
    /// that every row below takes one sum instead of each pivot by itself. That is rows²·stride/24
    /// vector-friendly word xors and the sums, a quarter of what plain elimination takes.
    ///
    /// V. Arlazarov, E. Dinic, M. Kronrod, I. Faradzev (1970); G. Bard, *Accelerating cryptanalysis
    /// with the method of four Russians* (2006), eprint 2006/251.
    pub(crate) fn rank / rank_at(matrix: &mut [u64], rows: usize, stride: usize) -> usize {
        let mut sums = Vec::new();
        let (mut rank, mut column) = (0, 0);
        while rank < rows && column < 64 * stride {
            let (word, shift) = (column / 64, column % 64);
            // About four rows a sum.
            let most = ((rows - rank).ilog2() as usize).saturating_sub(2).clamp(1, GROUP);
            let width = most.min(64 - shift);
            let pivots = pivots(&mut matrix[rank * stride..rows * stride], stride, word, shift, width);
            let (above, below) = matrix[..rows * stride].split_at_mut((rank + pivots.count) * stride);
            let length = stride - word;
            sums.resize(length << width, 0);
            // The sum of the pivots whose columns are the set bits of its place.
            for place in 1_usize..1 << width {
                let last = place.trailing_zeros() as usize;
                if place & pivots.mask as usize == place {
                    let (before, to) = sums.split_at_mut(place * length);
                    let rest = &before[(place & (place - 1)) * length..][..length];
                    let pivot = &above[(rank + pivots.row_of[last]) * stride + word..][..length];
                    for ((to, rest), pivot) in to.iter_mut().zip(rest).zip(pivot) {
                        *to = rest ^ pivot;
                    }
                }
            }
            for row in below.chunks_exact_mut(stride) {
                let place = (row[word] >> shift & pivots.mask) as usize;
                if place != 0 {
                    for (to, from) in row[word..].iter_mut().zip(&sums[place * length..][..length]) {
                        *to ^= from;
                    }
                }
            }
            rank += pivots.count;
            column += width;
        }
        rank
    }
}

/// The pivots of a group of columns, moved to the first rows.
struct Pivots {
    count: usize,
    /// Their columns, from the first of the group on.
    mask: u64,
    /// Which row has its pivot in each column.
    row_of: [usize; GROUP],
}

/// Finds the pivots of the `width` columns from bit `shift` of `word` on, moves them to the first rows and
/// clears the others' pivot columns in each.
#[inline(always)]
fn pivots(matrix: &mut [u64], stride: usize, word: usize, shift: usize, width: usize) -> Pivots {
    let mut pivots = Pivots {
        count: 0,
        mask: 0,
        row_of: [0; GROUP],
    };
    let group = (1 << width) - 1;
    // What the pivots hold in the group.
    let mut held = [0_u64; GROUP];
    for row in 0..matrix.len() / stride {
        if pivots.count == width {
            break;
        }
        let own = matrix[row * stride + word] >> shift & group;
        let meets = |bit: usize| pivots.mask & own & 1 << bit != 0;
        let reduced = (0..width)
            .filter(|&bit| meets(bit))
            .fold(own, |rest, bit| rest ^ held[pivots.row_of[bit]]);
        if reduced == 0 {
            continue;
        }
        for bit in (0..width).filter(|&bit| meets(bit)) {
            add(matrix, row, pivots.row_of[bit], stride);
        }
        let (column, to) = (reduced.trailing_zeros() as usize, pivots.count);
        for at in 0..stride {
            matrix.swap(row * stride + at, to * stride + at);
        }
        for (earlier, held) in held[..to].iter_mut().enumerate() {
            if *held >> column & 1 == 1 {
                *held ^= reduced;
                let (before, after) = matrix.split_at_mut(to * stride);
                let own = &mut before[earlier * stride..][..stride];
                for (to, from) in own.iter_mut().zip(after) {
                    *to ^= *from;
                }
            }
        }
        held[to] = reduced;
        pivots.row_of[column] = to;
        pivots.mask |= 1 << column;
        pivots.count += 1;
    }
    pivots
}

dispatch! {
    /// The fewest rows that add up to 0 over GF(2), among those that elimination in row order shows: each
    /// row that depends on earlier independent ones, with the ones it is the sum of. The matrix is
    /// destroyed. `None` where the rows are independent.
    ///
    /// No part of what is returned adds up to 0 by itself. The sum of a few rows that stand among many
    /// independent ones is found exactly; where rows fill a small space all relations are long.
    pub(crate) fn shortest_relation / shortest_relation_at(matrix: &mut [u64], rows: usize, stride: usize) -> Option<Vec<usize>> {
        let memory = rows.div_ceil(64);
        let mut sums = vec![0_u64; rows * memory];
        // Leading column and row of each independent row, reduced by those before it.
        let mut pivots: Vec<(usize, usize)> = Vec::new();
        let mut shortest: Option<Vec<usize>> = None;
        for row in 0..rows {
            let (before, words) = matrix[..(row + 1) * stride].split_at_mut(row * stride);
            let (sums_before, sum) = sums[..(row + 1) * memory].split_at_mut(row * memory);
            sum[row / 64] |= 1 << (row % 64);
            for &(column, pivot) in &pivots {
                let word = column / 64;
                if words[word] >> (column % 64) & 1 == 1 {
                    // A pivot is empty before its column, and the sum of rows up to it.
                    add_to(&mut words[word..], &before[pivot * stride + word..]);
                    add_to(&mut sum[..=pivot / 64], &sums_before[pivot * memory..]);
                }
            }
            if let Some(word) = words.iter().position(|&word| word != 0) {
                pivots.push((64 * word + words[word].trailing_zeros() as usize, row));
                continue;
            }
            let length: u32 = sum.iter().map(|word| word.count_ones()).sum();
            if shortest.as_ref().is_none_or(|best| (length as usize) < best.len()) {
                shortest = Some((0..=row).filter(|&r| sum[r / 64] >> (r % 64) & 1 == 1).collect());
            }
        }
        shortest
    }
}

/// Adds as many words as there are to add to.
#[inline(always)]
fn add_to(to: &mut [u64], from: &[u64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to ^= *from;
    }
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
    use crate::kernels::dispatch::{available, test_words};

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
    fn ranks_are_those_of_one_column_after_another() {
        // Full, tall, wide, thin, sparse and with empty columns.
        for (rows, stride, mask) in [
            (64, 1, !0),
            (700, 5, !0),
            (130, 9, !0),
            (300, 4, 0xf0f0_0000_8001_0003),
            (1, 3, !0),
            (5, 1, 1),
            (1500, 8, !0),
        ] {
            for sparse in [false, true] {
                let matrix: Vec<u64> = test_words(rows as u64, 2 * rows * stride)
                    .chunks(2)
                    .map(|two| {
                        mask & if sparse {
                            two[0] & two[1] & two[0] >> 7 & two[1] >> 9
                        } else {
                            two[0]
                        }
                    })
                    .collect();
                let expected = plain_rank(matrix.clone(), rows, stride);
                for level in available() {
                    assert_eq!(rank_at(level, &mut matrix.clone(), rows, stride), expected);
                }
            }
        }
    }

    /// Elimination, one pivot after another.
    fn plain_rank(mut matrix: Vec<u64>, rows: usize, stride: usize) -> usize {
        let mut rank = 0;
        for column in 0..64 * stride {
            let holds = |matrix: &[u64], row: usize| {
                matrix[row * stride + column / 64] >> (column % 64) & 1 == 1
            };
            let Some(pivot) = (rank..rows).find(|&row| holds(&matrix, row)) else {
                continue;
            };
            for at in 0..stride {
                matrix.swap(pivot * stride + at, rank * stride + at);
            }
            for row in rank + 1..rows {
                if holds(&matrix, row) {
                    add(&mut matrix, row, rank, stride);
                }
            }
            rank += 1;
        }
        rank
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
        for level in available() {
            assert_eq!(
                shortest_relation_at(level, &mut matrix.clone(), rows, stride),
                Some(vec![9, 33, 70, 100])
            );
        }
    }

    #[test]
    fn rows_that_fill_a_small_space_have_long_relations_only() {
        // 150 rows over 64 columns: a dependent row is the sum of about half of the 64 before it.
        let mut matrix = test_words(5, 150);
        let shortest = shortest_relation(&mut matrix, 150, 1).unwrap();
        assert!((15..=50).contains(&shortest.len()), "{shortest:?}");
    }
}
