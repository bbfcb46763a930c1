//! The Poisson law.

use super::{
    binomial::{deviance, stirling_error},
    tails::Tails,
};

/// P(X ≤ count) and P(X ≥ count) of a Poisson law, each summed away from the mode.
///
/// # Panics
/// When the mean is negative or not finite.
pub fn poisson_tails(count: u64, mean: f64) -> Tails {
    assert!(mean >= 0.0 && mean.is_finite(), "mean {mean}");
    if mean == 0.0 {
        let upper = if count == 0 { 0.0 } else { f64::NEG_INFINITY };
        return Tails::new(0.0, upper);
    }
    let k = count as f64;
    let ln_point = ln_pmf(k, mean);
    if k >= mean {
        let (mut sum, mut term, mut j) = (1.0, 1.0, k);
        while term > 1e-17 * sum {
            j += 1.0;
            term *= mean / j;
            sum += term;
        }
        let ln_upper = ln_point + f64::ln(sum);
        let above = ln_upper.exp() - ln_point.exp();
        Tails::new((-above).ln_1p(), ln_upper)
    } else {
        let (mut sum, mut term, mut j) = (1.0, 1.0, k);
        while j > 0.0 && term > 1e-17 * sum {
            term *= j / mean;
            sum += term;
            j -= 1.0;
        }
        let ln_lower = ln_point + f64::ln(sum);
        let below = ln_lower.exp() - ln_point.exp();
        Tails::new(ln_lower, (-below).ln_1p())
    }
}

/// ln P(X = k), in Loader's saddle-point form.
fn ln_pmf(k: f64, mean: f64) -> f64 {
    if k == 0.0 {
        -mean
    } else {
        -stirling_error(k) - deviance(k, mean) - 0.5 * (2.0 * std::f64::consts::PI * k).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_two_by_hand() {
        // e^-2 (1, 2, 2, 4/3 …)
        let e = (-2.0_f64).exp();
        assert!((poisson_tails(0, 2.0).lower() - e).abs() < 1e-15);
        assert!((poisson_tails(2, 2.0).lower() - 5.0 * e).abs() < 1e-14);
        assert!((poisson_tails(3, 2.0).upper() - (1.0 - 5.0 * e)).abs() < 1e-14);
    }

    #[test]
    fn one_rare_event_is_its_mean() {
        assert!((poisson_tails(1, 1e-12).upper() / 1e-12 - 1.0).abs() < 1e-9);
    }
}
