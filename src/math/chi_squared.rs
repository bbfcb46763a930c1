//! Pearson's χ² and its law.

use statrs::function::gamma::{gamma_lr, gamma_ur};

use super::tails::Tails;

/// Σ (count − expected)² / expected over cells of equal probability.
///
/// # Panics
/// When there are no cells.
pub fn chi_square_statistic<T: Copy + Into<u64>>(counts: &[T]) -> f64 {
    assert!(!counts.is_empty(), "chi-square needs cells");
    let total: u64 = counts.iter().map(|&c| c.into()).sum();
    if total == 0 {
        return 0.0;
    }
    let expected = total as f64 / counts.len() as f64;
    // The squares are summed about the mean: Σc² − total·expected cancels at large totals.
    counts
        .iter()
        .map(|&c| {
            let difference = c.into() as f64 - expected;
            difference * difference
        })
        .sum::<f64>()
        / expected
}

/// P(χ² ≤ x) and P(χ² ≥ x) with `degrees` degrees of freedom, each by its own incomplete gamma
/// function. Below the smallest double the Chernoff bound
/// ln P(χ² ≥ x) ≤ −(x − k − k ln(x / k)) / 2 takes over.
pub fn chi_square_tails(x: f64, degrees: f64) -> Tails {
    if x <= 0.0 {
        return Tails::new(f64::NEG_INFINITY, 0.0);
    }
    let bound = -(x - degrees - degrees * (x / degrees).ln()) / 2.0;
    let ln = |p: f64| if p > 0.0 { p.ln().min(0.0) } else { bound };
    // statrs switches between series and fraction at the mean; far from it the small side is the one
    // that is evaluated, so neither tail comes from a subtraction.
    if x >= degrees {
        Tails::new(
            gamma_lr(degrees / 2.0, x / 2.0).ln(),
            ln(gamma_ur(degrees / 2.0, x / 2.0)),
        )
    } else {
        Tails::new(
            ln(gamma_lr(degrees / 2.0, x / 2.0)),
            gamma_ur(degrees / 2.0, x / 2.0).ln(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_degrees_are_exponential() {
        for x in [0.5_f64, 2.0, 30.0, 1200.0] {
            let tails = chi_square_tails(x, 2.0);
            assert!(
                (tails.ln_upper + x / 2.0).abs() < 1e-12 * x.max(1.0),
                "{x}: {}",
                tails.ln_upper
            );
        }
    }

    #[test]
    fn knuths_dice() {
        // Knuth vol. 2, 3.3.1: 144 throws of two dice, V = 7 7/48 with unequal cells; here ten equal
        // cells by hand: counts 8 … 12, Σ d² = 20, expected 10.
        let counts = [8_u64, 12, 9, 11, 10, 10, 8, 12, 9, 11];
        assert!((chi_square_statistic(&counts) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn far_tails_do_not_become_equal() {
        let far = chi_square_tails(5000.0, 255.0).ln_upper;
        let farther = chi_square_tails(6000.0, 255.0).ln_upper;
        assert!(farther < far && farther.is_finite());
    }
}
