//! The two tails of a statistic, as logarithms.

/// Natural logarithms of P(T ≤ t) and P(T ≥ t), or of proven upper bounds on them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    /// ln P(T ≤ t).
    pub ln_lower: f64,
    /// ln P(T ≥ t).
    pub ln_upper: f64,
}

impl Tails {
    /// Tails that speak against nothing.
    pub const CERTAIN: Self = Self {
        ln_lower: 0.0,
        ln_upper: 0.0,
    };

    /// Both logarithms, held at or below 0.
    pub fn new(ln_lower: f64, ln_upper: f64) -> Self {
        Self {
            ln_lower: ln_lower.min(0.0),
            ln_upper: ln_upper.min(0.0),
        }
    }

    /// Only large values speak against the null hypothesis.
    pub fn upper_only(ln_upper: f64) -> Self {
        Self::new(0.0, ln_upper)
    }

    /// ln of twice the smaller tail, at most 0; of the upper tail alone where only that counts.
    pub fn ln_two_sided(&self) -> f64 {
        if self.ln_lower == 0.0 {
            self.ln_upper
        } else {
            (std::f64::consts::LN_2 + self.ln_lower.min(self.ln_upper)).min(0.0)
        }
    }

    /// Both tails multiplied by the number of places that were looked at (Bonferroni).
    pub fn times(&self, places: f64) -> Self {
        let ln_places = places.ln();
        Self::new(self.ln_lower + ln_places, self.ln_upper + ln_places)
    }

    /// P(T ≤ t); 0 below the smallest double.
    pub fn lower(&self) -> f64 {
        self.ln_lower.exp()
    }

    /// P(T ≥ t); 0 below the smallest double.
    pub fn upper(&self) -> f64 {
        self.ln_upper.exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_multiply_both_tails_and_stop_at_certainty() {
        let tails = Tails::new((1e-9_f64).ln(), -1e-9).times(100.0);
        assert!((tails.lower() / 1e-7 - 1.0).abs() < 1e-12);
        assert_eq!(tails.ln_upper, 0.0);
        assert!((tails.ln_two_sided() - (2e-7_f64).ln()).abs() < 1e-12);
    }

    #[test]
    fn one_sided_tails_are_not_doubled() {
        assert_eq!(Tails::upper_only(-5000.0).ln_two_sided(), -5000.0);
    }
}
