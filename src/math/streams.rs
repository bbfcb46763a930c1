//! What many streams are worth, and how often random rows are dependent.

/// What streams with these multiplicities are worth in independent ones: S² / Σm².
///
/// The variance of a mean over S streams, of which m are copies of one another, is that of S²/Σm²
/// independent ones (Kish's effective sample size). `None` without streams.
pub fn effective_streams(multiplicities: impl IntoIterator<Item = u64>) -> Option<f64> {
    let (mut total, mut squares) = (0.0, 0.0);
    for times in multiplicities {
        total += times as f64;
        squares += times as f64 * times as f64;
    }
    (squares > 0.0).then(|| total * total / squares)
}

/// What S streams with seeds drawn from `2^bits` values are worth on average: S / (1 + (S − 1)/N).
pub fn effective_streams_of_space(streams: f64, bits: f64) -> f64 {
    streams / (1.0 + (streams - 1.0) * (-bits).exp2())
}

/// ln of an upper bound on P(rank ≤ rows − deficiency) of a uniform random bit matrix.
///
/// Such a matrix has a left null space of that dimension, so one of the ⟦rows, d⟧₂ subspaces kills
/// all its columns: P ≤ ⟦rows, d⟧₂ 2^(−d·columns) ≤ 3.4628 · 2^(−d (columns − rows + d)), because the
/// Gaussian binomial is below 2^(d (rows − d)) / ∏(1 − 2^−i).
///
/// # Panics
/// When there are fewer columns than rows, or the deficiency exceeds the rows.
pub fn rank_deficiency_ln_upper(rows: u64, columns: u64, deficiency: u64) -> f64 {
    assert!(
        columns >= rows && deficiency <= rows,
        "{deficiency} of {rows} rows, {columns} columns"
    );
    if deficiency == 0 {
        return 0.0;
    }
    let d = deficiency as f64;
    let spare = (columns - rows) as f64;
    // 1 / ∏(1 − 2^−i), i ≥ 1.
    const EULER: f64 = 3.462_746_619_455_064;
    (EULER.ln() - d * (spare + d) * std::f64::consts::LN_2).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notes_counter() {
        // 100 draws with multiplicities 8 ×4, 6 ×8, 5 ×4: Σm² = 256 + 288 + 100 = 644.
        let times = [[8; 4].as_slice(), &[6; 8], &[5; 4]].concat();
        let worth = effective_streams(times.iter().copied()).unwrap();
        assert!((worth - 10_000.0 / 644.0).abs() < 1e-12);
        assert_eq!(effective_streams([]), None);
    }

    #[test]
    fn one_byte_of_seed() {
        for (streams, worth) in [(16.0, 15.1), (64.0, 51.4), (256.0, 128.3), (1024.0, 205.0)] {
            assert!((effective_streams_of_space(streams, 8.0) - worth).abs() < 0.06);
        }
    }

    #[test]
    fn rank_bound_covers_small_matrices() {
        // All 16 matrices of 2 × 2: 6 of rank 2, 9 of rank 1, 1 of rank 0.
        assert!(rank_deficiency_ln_upper(2, 2, 1).exp() >= 10.0 / 16.0);
        assert!(rank_deficiency_ln_upper(2, 2, 2).exp() >= 1.0 / 16.0);
        // 64 spare columns: below 2^-63.
        assert!(rank_deficiency_ln_upper(256, 320, 1) < -63.0 * std::f64::consts::LN_2);
    }
}
