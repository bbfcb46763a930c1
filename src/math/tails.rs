//! The two tails of a statistic, as logarithms.

/// The logarithm of the largest lower tail of a two-sided statistic: just below certainty, because
/// exactly 1 is how a statistic says that only its upper tail counts.
const ALMOST_CERTAIN: f64 = -f64::EPSILON;

/// Natural logarithms of P(T ≤ t) and P(T ≥ t), or of proven upper bounds on them.
///
/// A lower logarithm of exactly 0 marks a one-sided statistic ([`upper_only`](Self::upper_only)). Of a
/// two-sided one the lower tail stays below that, even where it is certain or was multiplied past
/// certainty: otherwise its upper tail would not be doubled, and the test would reject too often.
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

    /// A statistic of which both tails count, held at or below certainty.
    pub fn new(ln_lower: f64, ln_upper: f64) -> Self {
        Self {
            ln_lower: ln_lower.min(ALMOST_CERTAIN),
            ln_upper: ln_upper.min(0.0),
        }
    }

    /// Only large values speak against the null hypothesis.
    pub fn upper_only(ln_upper: f64) -> Self {
        Self {
            ln_lower: 0.0,
            ln_upper: ln_upper.min(0.0),
        }
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
        if self.ln_lower == 0.0 {
            Self::upper_only(self.ln_upper + ln_places)
        } else {
            Self::new(self.ln_lower + ln_places, self.ln_upper + ln_places)
        }
    }

    /// P(T ≤ t); 0 below the smallest double, and exactly 1 only where the lower tail does not count.
    pub fn lower(&self) -> f64 {
        let lower = self.ln_lower.exp();
        if self.ln_lower < 0.0 {
            lower.min(1.0_f64.next_down())
        } else {
            lower
        }
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
    fn two_sided_tails_are_doubled_even_where_one_is_past_certainty() {
        for tails in [
            Tails::new((0.9_f64).ln(), (1e-9_f64).ln()).times(64.0),
            Tails::new(0.0, (64e-9_f64).ln()),
            Tails::new(-1e-30, (64e-9_f64).ln()),
        ] {
            assert!((tails.ln_two_sided() - (128e-9_f64).ln()).abs() < 1e-12);
            assert!(tails.lower() < 1.0);
        }
    }

    #[test]
    fn one_sided_tails_are_not_doubled() {
        assert_eq!(Tails::upper_only(-50.0).times(2.0).lower(), 1.0);
        assert_eq!(Tails::upper_only(-5000.0).ln_two_sided(), -5000.0);
    }
}
