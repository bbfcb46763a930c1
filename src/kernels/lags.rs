//! How many bits of two rows are set together, at every lag.

use super::dispatch::dispatch;

/// Lags handled together, and bits of a word.
pub(crate) const LAGS: usize = 64;
/// Largest values kept side by side: as many as vectors hold.
const LANES: usize = 16;

/// A row of bits from each of its first 64 places on: word `w` of the row from place `r` on is
/// `out[w][r]`. Bits past the end are 0.
pub(crate) fn shifts(row: &[u64]) -> Vec<[u64; LAGS]> {
    let word = |at: usize| row.get(at).copied().unwrap_or(0);
    (0..row.len())
        .map(|w| {
            let both = u128::from(word(w + 1)) << 64 | u128::from(word(w));
            std::array::from_fn(|r| (both >> r) as u64)
        })
        .collect()
}

dispatch! {
    /// `out[lag]` = Σ early(i) · late(i + lag) for every lag, `late` as [`shifts`] of as many words.
    pub(crate) fn together / together_at(early: &[u64], late: &[[u64; LAGS]], out: &mut [u32]) {
        for (q, out) in out.chunks_exact_mut(LAGS).enumerate() {
            let mut sums = [0_u64; LAGS];
            for (x, row) in early.iter().zip(&late[q..]) {
                for (sum, y) in sums.iter_mut().zip(row) {
                    *sum += u64::from((x & y).count_ones());
                }
            }
            for (out, sum) in out.iter_mut().zip(sums) {
                *out = sum as u32;
            }
        }
    }
}

dispatch! {
    /// `out[lag]` = (counts[lag] − share · drawn[lag])² · weights[lag], and the largest of every
    /// [`LAGS`] of them.
    pub(crate) fn departures / departures_at(
        counts: &[u32], drawn: &[f32], weights: &[f32], share: f32, out: &mut [f32], largest: &mut [f32],
    ) {
        let blocks = counts.chunks_exact(LAGS).zip(drawn.chunks_exact(LAGS)).zip(weights.chunks_exact(LAGS));
        for ((((counts, drawn), weights), out), largest) in blocks.zip(out.chunks_exact_mut(LAGS)).zip(largest) {
            let mut most = [0_f32; LANES];
            for from in (0..LAGS).step_by(LANES) {
                for (lane, most) in most.iter_mut().enumerate() {
                    let i = from + lane;
                    let excess = counts[i] as f32 - share * drawn[i];
                    out[i] = excess * excess * weights[i];
                    *most = if out[i] > *most { out[i] } else { *most };
                }
            }
            *largest = most.into_iter().fold(0.0, f32::max);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dispatch::{available, test_words};

    #[test]
    fn every_build_counts_what_the_plain_loop_counts() {
        let (early, late) = (test_words(1, 5), test_words(2, 5));
        let bit = |row: &[u64], i: usize| row.get(i / 64).map_or(0, |w| w >> (i % 64) & 1);
        for level in available() {
            let mut out = vec![0; 5 * LAGS];
            together_at(level, &early, &shifts(&late), &mut out);
            for (lag, &count) in out.iter().enumerate() {
                let plain: u64 = (0..320).map(|i| bit(&early, i) & bit(&late, i + lag)).sum();
                assert_eq!(u64::from(count), plain, "{level:?} {lag}");
            }
        }
    }
}
