//! p-values with both tails computed directly, and how far their law can be trusted.

use serde::{Deserialize, Serialize};

/// The probabilities, under the null hypothesis, of a statistic at most and at least as large as the
/// one seen. Both tails are computed directly: `1 - p` loses everything below 1e-16.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Tails")]
pub struct PValue {
    lower: f64,
    upper: f64,
}

/// A number that is no probability was offered as one.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("not a pair of tail probabilities: lower {lower}, upper {upper}")]
#[non_exhaustive]
pub struct InvalidPValue {
    /// The offered lower tail.
    pub lower: f64,
    /// The offered upper tail.
    pub upper: f64,
}

#[derive(Deserialize)]
struct Tails {
    lower: f64,
    upper: f64,
}

impl TryFrom<Tails> for PValue {
    type Error = InvalidPValue;

    fn try_from(tails: Tails) -> Result<Self, InvalidPValue> {
        Self::new(tails.lower, tails.upper)
    }
}

impl PValue {
    /// A p-value from its two tails, P(T ≤ t) and P(T ≥ t).
    ///
    /// # Errors
    /// When a tail is NaN or outside [0, 1], or the tails miss some of the probability
    /// (their sum is below 1 by more than rounding).
    pub fn new(lower: f64, upper: f64) -> Result<Self, InvalidPValue> {
        let tail = |p: f64| (0.0..=1.0).contains(&p);
        if tail(lower) && tail(upper) && lower + upper >= 1.0 - 1e-6 {
            Ok(Self { lower, upper })
        } else {
            Err(InvalidPValue { lower, upper })
        }
    }

    /// A p-value for a statistic of which only large values speak against the null hypothesis.
    ///
    /// # Errors
    /// When `upper` is NaN or outside [0, 1].
    pub fn upper_only(upper: f64) -> Result<Self, InvalidPValue> {
        Self::new(1.0, upper)
    }

    /// P(T ≤ t).
    pub const fn lower(&self) -> f64 {
        self.lower
    }

    /// P(T ≥ t).
    pub const fn upper(&self) -> f64 {
        self.upper
    }

    /// Twice the smaller tail, at most 1: too even is as wrong as too uneven.
    /// For one-sided statistics (lower tail 1) it is the upper tail itself.
    pub fn two_sided(&self) -> f64 {
        if self.lower == 1.0 {
            self.upper
        } else {
            (2.0 * self.lower.min(self.upper)).min(1.0)
        }
    }
}

/// How a p-value's law is known, which decides what it may do alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Law {
    /// The exact distribution of the statistic under the null hypothesis, or a proven upper bound
    /// on its tail: may convict alone.
    Exact,
    /// An asymptotic distribution: may only ask for a second stage.
    Asymptotic,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_tails_are_refused() {
        for (lower, upper) in [
            (f64::NAN, 0.5),
            (0.5, f64::NAN),
            (-0.1, 1.0),
            (0.2, 1.1),
            (0.1, 0.1),
        ] {
            assert!(PValue::new(lower, upper).is_err(), "{lower} {upper}");
        }
    }

    #[test]
    fn two_sided_doubles_the_smaller_tail_only_where_both_count() {
        assert_eq!(PValue::new(0.01, 0.995).unwrap().two_sided(), 0.02);
        assert_eq!(PValue::upper_only(1e-20).unwrap().two_sided(), 1e-20);
        assert_eq!(PValue::new(0.6, 0.6).unwrap().two_sided(), 1.0);
    }
}
