//! Sums over streams at equal index, bit-sliced: how uneven the columns of a stack are.

use super::{dispatch::dispatch, positional::PositionalCounter};

/// Digits of a column's count: up to 2^14 rows are added.
const PLANES: usize = 14;
/// Rows added at once: a carry-save tree of three digits holds no more.
const BATCH: usize = 7;

/// Counts of ones over rows, for every index of a block and every bit position.
pub(crate) struct ColumnSquares {
    /// `planes[k][t]`: digit k of the 64 counts at index t.
    planes: Vec<Vec<u64>>,
    pending: Vec<Vec<u64>>,
    used: usize,
    rows: u64,
}

impl ColumnSquares {
    pub(crate) fn new(words: usize) -> Self {
        Self {
            planes: vec![vec![0; words]; PLANES],
            pending: vec![vec![0; words]; BATCH],
            used: 0,
            rows: 0,
        }
    }

    /// Adds one row.
    ///
    /// # Panics
    /// When more rows are added than the counters can hold.
    pub(crate) fn add(&mut self, row: &[u64]) {
        self.rows += 1;
        assert!(self.rows < 1 << PLANES, "too many rows for {PLANES} digits");
        self.pending[self.used].copy_from_slice(row);
        self.used += 1;
        if self.used == BATCH {
            add_seven(&self.pending, &mut self.planes);
            self.used = 0;
        }
    }

    /// Adds the counts of other rows at the same indices.
    pub(crate) fn merge(&mut self, other: &mut Self) {
        self.settle();
        other.settle();
        self.rows += other.rows;
        assert!(self.rows < 1 << PLANES, "too many rows for {PLANES} digits");
        let mut carry = vec![0; self.planes[0].len()];
        for (mine, theirs) in self.planes.iter_mut().zip(&other.planes) {
            for ((a, b), c) in mine.iter_mut().zip(theirs).zip(&mut carry) {
                let half = *a ^ b;
                let next = (*a & b) | (half & *c);
                *a = half ^ *c;
                *c = next;
            }
        }
    }

    /// Adds what is pending to the digits.
    fn settle(&mut self) {
        if self.used > 0 {
            for rest in &mut self.pending[self.used..] {
                rest.fill(0);
            }
            add_seven(&self.pending, &mut self.planes);
            self.used = 0;
        }
    }

    /// Adds Σ over indices of (2 ones − rows)² to the sums.
    pub(crate) fn measure(&mut self, sums: &mut SquareSums) {
        self.settle();
        let digits = (u64::BITS - self.rows.leading_zeros()) as usize;
        assert!(
            sums.rows.is_none_or(|rows| rows == self.rows),
            "sums of one number of rows"
        );
        sums.rows = Some(self.rows);
        sums.words += self.planes[0].len() as u64;
        sums.products
            .resize_with(digits * (digits + 1) / 2, PositionalCounter::default);
        let mut products = sums.products.iter_mut();
        for k in 0..digits {
            for l in 0..=k {
                sums.buffer.clear();
                sums.buffer.extend(
                    self.planes[k]
                        .iter()
                        .zip(&self.planes[l])
                        .map(|(a, b)| a & b),
                );
                products.next().expect("sized above").add(&sums.buffer);
            }
        }
    }
}

/// Σ (2 ones − rows)² by bit position, over many blocks of one number of rows.
///
/// With c = Σ 2^k d_k: Σ c² = Σ_{k,l} 2^(k+l) Σ d_k d_l, so positional counts of the products of
/// digits are enough and no count is ever taken out.
#[derive(Default)]
pub(crate) struct SquareSums {
    rows: Option<u64>,
    words: u64,
    products: Vec<PositionalCounter>,
    buffer: Vec<u64>,
}

impl SquareSums {
    /// The sums, lowest bit position first.
    pub(crate) fn finish(&self) -> [u64; 64] {
        let rows = self.rows.unwrap_or(0);
        let mut first = [0_u64; 64];
        let mut second = [0_u64; 64];
        let mut products = self.products.iter();
        let digits = (u64::BITS - rows.leading_zeros()) as usize;
        for k in 0..digits {
            for l in 0..=k {
                let weight = if k == l { 1 } else { 2 };
                let counts = products
                    .next()
                    .expect("one for every pair of digits")
                    .counts();
                for (position, count) in counts.into_iter().enumerate() {
                    second[position] += (weight << (k + l)) * count;
                    if k == l {
                        first[position] += count << k;
                    }
                }
            }
        }
        // Σ (2c − S)² = 4 Σc² − 4 S Σc + words S².
        std::array::from_fn(|i| 4 * second[i] + self.words * rows * rows - 4 * rows * first[i])
    }
}

dispatch! {
    /// Adds seven rows: a carry-save tree to three digits, then a ripple through the rest.
    fn add_seven / add_seven_at(rows: &[Vec<u64>], planes: &mut [Vec<u64>]) {
        let words = rows[0].len();
        let [r0, r1, r2, r3, r4, r5, r6] = rows else { unreachable!("seven rows") };
        let mut highest = 0_u64;
        let (low, high) = planes.split_at_mut(3);
        let [p0, p1, p2] = low else { unreachable!("three planes") };
        let (p0, p1, p2) = (&mut p0[..words], &mut p1[..words], &mut p2[..words]);
        let (r0, r1, r2, r3) = (&r0[..words], &r1[..words], &r2[..words], &r3[..words]);
        let (r4, r5, r6) = (&r4[..words], &r5[..words], &r6[..words]);
        let (first, high) = high.split_at_mut(1);
        let first = &mut first[0][..words];
        // The carry into digit 3 is added right away; what overflows there is rare enough to ripple
        // word by word, but is kept in bulk to stay in vectors.
        let mut carries = [0_u64; 64];
        let mut from = 0;
        while from < words {
            let to = words.min(from + 64);
            for t in from..to {
                let x = r0[t] ^ r1[t];
                let s1 = x ^ r2[t];
                let c1 = (r0[t] & r1[t]) | (x & r2[t]);
                let y = r3[t] ^ r4[t];
                let s2 = y ^ r5[t];
                let c2 = (r3[t] & r4[t]) | (y & r5[t]);
                let z = s1 ^ s2;
                let s3 = z ^ r6[t];
                let c3 = (s1 & s2) | (z & r6[t]);
                let v = c1 ^ c2;
                let twos = v ^ c3;
                let fours = (c1 & c2) | (v & c3);
                let a = p0[t] & s3;
                p0[t] ^= s3;
                let w = p1[t] ^ twos;
                let b = (p1[t] & twos) | (w & a);
                p1[t] = w ^ a;
                let u = p2[t] ^ fours;
                let c = (p2[t] & fours) | (u & b);
                p2[t] = u ^ b;
                let d = first[t] & c;
                first[t] ^= c;
                carries[t - from] = d;
                highest |= d;
            }
            if highest != 0 {
                for plane in high.iter_mut() {
                    let plane = &mut plane[from..to];
                    let mut any = 0;
                    for (digit, carry) in plane.iter_mut().zip(&mut carries) {
                        let next = *digit & *carry;
                        *digit ^= *carry;
                        *carry = next;
                        any |= next;
                    }
                    if any == 0 {
                        break;
                    }
                }
                highest = 0;
            }
            from = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::{available, test_words};

    #[test]
    fn squares_are_those_of_the_plain_counts() {
        for rows in [1, 2, 7, 8, 40, 300] {
            let words = 130;
            let table: Vec<Vec<u64>> = (0..rows).map(|s| test_words(s, words)).collect();
            let mut squares = ColumnSquares::new(words);
            for row in &table {
                squares.add(row);
            }
            let mut sums = SquareSums::default();
            squares.measure(&mut sums);
            let found = sums.finish();
            for bit in [0, 17, 63] {
                let plain: u64 = (0..words)
                    .map(|t| {
                        let ones = table.iter().filter(|row| row[t] >> bit & 1 == 1).count() as i64;
                        ((2 * ones - rows as i64) * (2 * ones - rows as i64)) as u64
                    })
                    .sum();
                assert_eq!(found[bit as usize], plain, "{rows} rows, bit {bit}");
            }
        }
    }

    #[test]
    fn full_columns_ripple_to_the_top() {
        let mut squares = ColumnSquares::new(70);
        for _ in 0..5000 {
            squares.add(&[u64::MAX; 70]);
        }
        let mut sums = SquareSums::default();
        squares.measure(&mut sums);
        squares.measure(&mut sums);
        assert_eq!(sums.finish(), [2 * 70 * 5000 * 5000; 64]);
    }

    #[test]
    fn merged_counts_are_those_of_all_rows() {
        let table: Vec<Vec<u64>> = (0..45).map(|s| test_words(s, 90)).collect();
        let of = |rows: &[Vec<u64>]| {
            let mut squares = ColumnSquares::new(90);
            rows.iter().for_each(|row| squares.add(row));
            squares
        };
        let (mut whole, mut left, mut right) = (of(&table), of(&table[..9]), of(&table[9..]));
        left.merge(&mut right);
        let [mut one, mut other] = [SquareSums::default(), SquareSums::default()];
        whole.measure(&mut one);
        left.measure(&mut other);
        assert_eq!(one.finish(), other.finish());
    }

    #[test]
    fn every_build_agrees() {
        let rows: Vec<Vec<u64>> = (0..7).map(|s| test_words(s + 50, 100)).collect();
        let results: Vec<_> = available()
            .into_iter()
            .map(|level| {
                let mut planes = vec![test_words(9, 100); 6];
                add_seven_at(level, &rows, &mut planes);
                planes
            })
            .collect();
        assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
