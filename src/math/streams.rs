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

/// ln of an upper bound on P(some `weight` or fewer of the rows add up to 0 over GF(2)), for rows that
/// are independent and uniform over one affine space of bits.
///
/// A fixed set of rows adds up to a uniform element of the space's directions (or cannot be 0 at all),
/// of which there are at least 2^(rank − 1) where the rows have this rank; there are Σ C(rows, j ≤
/// weight) sets. Uniform words are such rows, and so are the outputs of a linear generator with
/// independent uniform states, however small the state.
///
/// # Panics
/// When `weight` exceeds `rows`.
pub fn relation_ln_upper(rows: u64, rank: u64, weight: u64) -> f64 {
    assert!(weight <= rows, "{weight} of {rows} rows");
    let mut ln_sets = f64::NEG_INFINITY;
    let mut ln_term = 0.0;
    for j in 1..=weight {
        ln_term += ((rows - j + 1) as f64 / j as f64).ln();
        let (high, low) = if ln_sets > ln_term {
            (ln_sets, ln_term)
        } else {
            (ln_term, ln_sets)
        };
        ln_sets = high + (low - high).exp().ln_1p();
    }
    (ln_sets - (rank as f64 - 1.0) * std::f64::consts::LN_2).min(0.0)
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

    #[test]
    fn sets_of_rows_are_counted() {
        // C(10, 1) + C(10, 2) + C(10, 3) = 175, and 2^(40 - 1) directions.
        let bound = relation_ln_upper(10, 40, 3);
        assert!((bound - (175.0 / 39_f64.exp2()).ln()).abs() < 1e-9);
        // All 2^R - 1 sets of R rows are as many as the directions: nothing is claimed.
        assert_eq!(relation_ln_upper(64, 64, 64), 0.0);
    }

    #[test]
    fn the_bound_on_relations_holds_in_random_rows() {
        // 24 rows over 12 columns, 4,000 times: how often do two or fewer of them add up to 0?
        let mut state = 1_u64;
        let mut draw = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state >> 52
        };
        let meets = (0..4_000)
            .filter(|_| {
                let rows: Vec<u64> = (0..24).map(|_| draw()).collect();
                rows.iter()
                    .enumerate()
                    .any(|(i, a)| *a == 0 || rows[..i].contains(a))
            })
            .count();
        let bound = relation_ln_upper(24, 12, 2).exp();
        let found = meets as f64 / 4_000.0;
        assert!(found < bound && found > bound / 4.0, "{found} {bound}");
    }

    /// All matrices of 3 × 3, and of 3 × 4, bits: how many lack so much rank.
    #[test]
    fn rank_bound_by_brute_force() {
        for columns in [3_u32, 4] {
            let all = 1_u64 << (3 * columns);
            let mut lacking = [0_u64; 4];
            for matrix in 0..all {
                let row = |i: u32| matrix >> (i * columns) & ((1 << columns) - 1);
                let zero = (0..8_u32).filter(|set| {
                    let sum = (0..3)
                        .filter(|i| set >> i & 1 == 1)
                        .fold(0, |sum, i| sum ^ row(i));
                    sum == 0
                });
                // The left null space has 2^deficiency elements.
                lacking[zero.count().ilog2() as usize] += 1;
            }
            for d in 1..=3_usize {
                let exact = lacking[d..].iter().sum::<u64>() as f64 / all as f64;
                let spare = f64::from(columns) - 3.0;
                let bound = rank_deficiency_ln_upper(3, u64::from(columns), d as u64).exp();
                assert!(bound >= exact, "{columns} {d}");
                // 1/∏(1 − 2^−i), of which sixty factors are all that a double knows.
                let euler: f64 = (1..60).map(|i| 1.0 / (1.0 - 0.5_f64.powi(i))).product();
                let formula = euler * (-(d as f64) * (spare + d as f64)).exp2();
                assert!((bound - formula.min(1.0)).abs() < 1e-9, "{columns} {d}");
            }
        }
        assert_eq!(rank_deficiency_ln_upper(3, 3, 0), 0.0);
    }
}
