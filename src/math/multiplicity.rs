//! Many p-values at once. Streams may be identical, so only what is valid under any dependence.

/// The smallest p-value times the size of its family, at most 1; `None` for an empty family.
///
/// C. E. Bonferroni (1936); valid whatever the dependence.
pub fn bonferroni(p_values: &[f64], family: u64) -> Option<f64> {
    p_values
        .iter()
        .copied()
        .min_by(f64::total_cmp)
        .map(|p| (p * family as f64).min(1.0))
}

/// Which hypotheses Holm's step-down procedure rejects at family-wise level `alpha`, in the order
/// given. `family` may exceed the number of p-values given; the missing ones count as 1.
///
/// S. Holm, *A simple sequentially rejective multiple test procedure*, Scand. J. Statist. 6 (1979).
pub fn holm(p_values: &[f64], family: u64, alpha: f64) -> Vec<bool> {
    let family = family.max(p_values.len() as u64);
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut rejected = vec![false; p_values.len()];
    for (step, index) in order.into_iter().enumerate() {
        if p_values[index] * (family - step as u64) as f64 > alpha {
            break;
        }
        rejected[index] = true;
    }
    rejected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_counts_for_the_family() {
        assert_eq!(bonferroni(&[0.2, 0.01, 0.5], 3), Some(0.03));
        assert_eq!(bonferroni(&[0.5], 3), Some(1.0));
        assert_eq!(bonferroni(&[], 3), None);
    }

    #[test]
    fn holm_goes_on_where_bonferroni_stops() {
        // 4 × 0.01 ≤ 0.05, 3 × 0.016 ≤ 0.05, 2 × 0.03 > 0.05: stop, though 1 × 0.04 ≤ 0.05.
        let p = [0.03, 0.01, 0.04, 0.016];
        assert_eq!(holm(&p, 4, 0.05), [false, true, false, true]);
        // A larger family rejects less.
        assert_eq!(holm(&p, 6, 0.05), [false; 4]);
    }

    /// Holm's level is exact at its edge, and the family shrinks by one a rejection.
    #[test]
    fn families_count_what_is_not_given() {
        assert_eq!(bonferroni(&[0.031_25], 8), Some(0.25));
        assert_eq!(bonferroni(&[0.3, 0.2], 7), Some(1.0));
        // 5 × 0.01 = 0.05 rejects, 4 × 0.0126 does not.
        assert_eq!(holm(&[0.01, 0.0126], 5, 0.05), [true, false]);
        assert_eq!(holm(&[0.01, 0.0124], 5, 0.05), [true, true]);
        // A family smaller than what is given is what is given.
        assert_eq!(holm(&[0.02, 0.02, 0.02], 1, 0.05), [false; 3]);
    }
}
