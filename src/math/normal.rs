//! The standard normal law.

use statrs::function::erf::erfc;

use super::tails::Tails;

/// P(Z ≤ z) and P(Z ≥ z), each by the complementary error function; beyond its underflow by
/// Mills' bound φ(z)/z, an upper bound at every z > 0.
pub fn normal_tails(z: f64) -> Tails {
    Tails::new(ln_upper(-z), ln_upper(z))
}

fn ln_upper(z: f64) -> f64 {
    let p = 0.5 * erfc(z / std::f64::consts::SQRT_2);
    if p > 1e-300 {
        p.ln()
    } else {
        -0.5 * z * z - z.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_quantiles() {
        // Abramowitz & Stegun, table 26.2: Q(1.96) = 0.0249979, Q(3) = 0.0013499.
        assert!((normal_tails(1.96).upper() - 0.024_997_895).abs() < 1e-9);
        assert!((normal_tails(3.0).upper() - 0.001_349_898).abs() < 1e-9);
        assert!((normal_tails(-3.0).lower() - 0.001_349_898).abs() < 1e-9);
        assert!(normal_tails(50.0).ln_upper < -1250.0);
    }
}
