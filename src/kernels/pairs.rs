//! Distances and products of every pair of rows: the all-pairs loops.

use super::dispatch::dispatch;

/// Rows handled together, on either side: more do not fit the registers.
pub(crate) const TILE: usize = 4;

dispatch! {
    /// `out[i][j]` += bits in which rows `a[i]` and `b[j]` differ. All rows have one length.
    pub(crate) fn distances / distances_at(a: [&[u64]; TILE], b: [&[u64]; TILE], out: &mut [[u32; TILE]; TILE]) {
        // Two rows against four: eight plain sums, which the compiler keeps in vector registers.
        // Sixteen, or sums in arrays, it spills.
        let words = a[0].len();
        let (b0, b1, b2, b3) = (&b[0][..words], &b[1][..words], &b[2][..words], &b[3][..words]);
        for i in [0, 2] {
            let (x, y) = (&a[i][..words], &a[i + 1][..words]);
            let (mut x0, mut x1, mut x2, mut x3) = (0_u64, 0_u64, 0_u64, 0_u64);
            let (mut y0, mut y1, mut y2, mut y3) = (0_u64, 0_u64, 0_u64, 0_u64);
            for t in 0..words {
                x0 += u64::from((x[t] ^ b0[t]).count_ones());
                x1 += u64::from((x[t] ^ b1[t]).count_ones());
                x2 += u64::from((x[t] ^ b2[t]).count_ones());
                x3 += u64::from((x[t] ^ b3[t]).count_ones());
                y0 += u64::from((y[t] ^ b0[t]).count_ones());
                y1 += u64::from((y[t] ^ b1[t]).count_ones());
                y2 += u64::from((y[t] ^ b2[t]).count_ones());
                y3 += u64::from((y[t] ^ b3[t]).count_ones());
            }
            for (row, sums) in [(i, [x0, x1, x2, x3]), (i + 1, [y0, y1, y2, y3])] {
                for (sum, more) in out[row].iter_mut().zip(sums) {
                    *sum += more as u32;
                }
            }
        }
    }
}

dispatch! {
    /// Bits in which two rows differ.
    pub(crate) fn distance / distance_at(a: &[u64], b: &[u64]) -> u64 {
        let mut sum = 0;
        for (x, y) in a.iter().zip(b) {
            sum += u64::from((x ^ y).count_ones());
        }
        sum
    }
}

dispatch! {
    /// Words of which one bit differs.
    pub(crate) fn differing_at / differing_at_level(a: &[u64], b: &[u64], bit: u32) -> u64 {
        let mut sum = 0;
        for (x, y) in a.iter().zip(b) {
            sum += (x ^ y) >> bit & 1;
        }
        sum
    }
}

dispatch! {
    /// `out[i][j]` += Σ a[i][t] b[j][t]. At most 2^18 entries a call, so that 32 bits hold the sums.
    pub(crate) fn products / products_at(a: [&[i8]; TILE], b: [&[i8]; TILE], out: &mut [[i64; TILE]; TILE]) {
        for i in 0..TILE {
            for j in 0..TILE {
                let (x, y) = (a[i], b[j]);
                let mut sum = 0_i32;
                for t in 0..x.len().min(y.len()) {
                    sum += i32::from(i16::from(x[t]) * i16::from(y[t]));
                }
                out[i][j] += i64::from(sum);
            }
        }
    }
}

dispatch! {
    /// Twice the number of ones of each word, less the width: symmetric about 0, within ±64.
    pub(crate) fn weights / weights_at(words: &[u64], width: u32, out: &mut [i8]) {
        for (word, weight) in words.iter().zip(out) {
            *weight = (2 * word.count_ones() as i32 - width as i32) as i8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::{available, test_words};

    #[test]
    fn every_build_counts_what_the_plain_loop_counts() {
        let rows: Vec<Vec<u64>> = (0..8).map(|i| test_words(i, 267)).collect();
        let a: [&[u64]; TILE] = std::array::from_fn(|i| rows[i].as_slice());
        let b: [&[u64]; TILE] = std::array::from_fn(|i| rows[4 + i].as_slice());
        let mut small = vec![vec![0_i8; 267]; 8];
        for (row, weight) in rows.iter().zip(&mut small) {
            weights(row, 64, weight);
        }
        let wa: [&[i8]; TILE] = std::array::from_fn(|i| small[i].as_slice());
        let wb: [&[i8]; TILE] = std::array::from_fn(|i| small[4 + i].as_slice());
        for level in available() {
            let mut out = [[0; TILE]; TILE];
            distances_at(level, a, b, &mut out);
            let mut dots = [[0; TILE]; TILE];
            products_at(level, wa, wb, &mut dots);
            for i in 0..TILE {
                for j in 0..TILE {
                    let plain: u32 = a[i]
                        .iter()
                        .zip(b[j])
                        .map(|(x, y)| (x ^ y).count_ones())
                        .sum();
                    assert_eq!(out[i][j], plain);
                    assert_eq!(distance_at(level, a[i], b[j]), u64::from(plain));
                    let bits: u64 = (0..64)
                        .map(|bit| differing_at_level(level, a[i], b[j], bit))
                        .sum();
                    assert_eq!(bits, u64::from(plain));
                    let dot: i64 = wa[i]
                        .iter()
                        .zip(wb[j])
                        .map(|(&x, &y)| i64::from(x) * i64::from(y))
                        .sum();
                    assert_eq!(dots[i][j], dot);
                }
            }
        }
    }

    #[test]
    fn weights_are_centred() {
        let mut out = [0; 3];
        weights(&[0, u64::MAX, 0xff], 64, &mut out);
        assert_eq!(out, [-64, 64, -48]);
    }
}
