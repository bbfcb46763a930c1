//! Chernoff bounds from exact moment generating functions: proven at every size, both tails.

use super::{binomial::binomial_ln_pmf, tails::Tails};

/// A law on finitely many values.
#[derive(Clone, Debug)]
pub struct Lattice {
    values: Vec<f64>,
    ln_weights: Vec<f64>,
}

impl Lattice {
    /// The law with these values and the logarithms of their probabilities.
    ///
    /// # Panics
    /// When the lengths differ or are 0.
    pub fn new(values: Vec<f64>, ln_weights: Vec<f64>) -> Self {
        assert!(!values.is_empty() && values.len() == ln_weights.len());
        Self { values, ln_weights }
    }

    /// The law of (B − trials/2)², B binomial with probability one half.
    pub fn squared_binomial(trials: u64) -> Self {
        // B and trials − B give one value, so half the values carry everything.
        let half = trials / 2;
        let (mut values, mut ln_weights) = (Vec::new(), Vec::new());
        for k in 0..=half {
            let distance = trials as f64 / 2.0 - k as f64;
            let twice = if distance == 0.0 {
                0.0
            } else {
                std::f64::consts::LN_2
            };
            let ln_weight = binomial_ln_pmf(k, trials, 0.5) + twice;
            // Values too rare to matter even for the most extreme tilt that is used are kept: the
            // bound must stay proven. Only exact zeros are dropped.
            if ln_weight > f64::NEG_INFINITY {
                values.push(distance * distance);
                ln_weights.push(ln_weight);
            }
        }
        Self { values, ln_weights }
    }

    /// The expectation.
    pub fn mean(&self) -> f64 {
        self.values
            .iter()
            .zip(&self.ln_weights)
            .map(|(value, ln_weight)| value * ln_weight.exp())
            .sum()
    }

    /// ln E exp(θ X).
    pub fn ln_mgf(&self, theta: f64) -> f64 {
        let exponent = |i: usize| theta * self.values[i] + self.ln_weights[i];
        let most = (0..self.values.len())
            .map(exponent)
            .fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = (0..self.values.len())
            .map(|i| (exponent(i) - most).exp())
            .sum();
        most + sum.ln()
    }
}

/// ln E exp(θ (B₁ − w/2)(B₂ − w/2)) for the weights of two independent words of w uniform bits:
/// given B₁ the second factor's generating function is cosh(θ (B₁ − w/2) / 2)^w.
pub fn product_ln_mgf(width: u32, theta: f64) -> f64 {
    let w = f64::from(width);
    let exponent = |k: u32| {
        let x = (theta * (f64::from(k) - w / 2.0) / 2.0).abs();
        // ln cosh x without overflow.
        let ln_cosh = x + (-2.0 * x).exp().ln_1p() - std::f64::consts::LN_2;
        binomial_ln_pmf(u64::from(k), u64::from(width), 0.5) + w * ln_cosh
    };
    let most = (0..=width).map(exponent).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = (0..=width).map(|k| (exponent(k) - most).exp()).sum();
    most + sum.ln()
}

/// Bounds on P(X₁ + … + X_terms ≤ total) and P(… ≥ total) for independent terms of one law:
/// ln P ≤ min over θ of terms · ln E exp(θ X) − θ · total.
///
/// `scale` is a θ of the right size to start from (the inverse standard deviation of the sum).
/// The tail on the far side of the mean gets the trivial bound 1.
pub fn chernoff(terms: f64, total: f64, scale: f64, ln_mgf: impl Fn(f64) -> f64) -> Tails {
    let exponent = |theta: f64| terms * ln_mgf(theta) - theta * total;
    Tails::new(minimum(|t| exponent(-t), scale), minimum(exponent, scale))
}

/// The smallest value over θ ≥ 0 of a convex function that is 0 at 0. Any θ gives a valid bound, so
/// the search may stop anywhere.
fn minimum(exponent: impl Fn(f64) -> f64, scale: f64) -> f64 {
    let (mut low, mut middle) = (0.0, scale * 1e-3);
    let mut best = exponent(middle);
    if best >= 0.0 || best.is_nan() {
        return 0.0;
    }
    let mut high = middle;
    loop {
        let next = high * 2.0;
        let value = exponent(next);
        high = next;
        if value.is_nan() || value >= best || next > scale * 1e12 {
            break;
        }
        low = middle;
        (middle, best) = (next, value);
    }
    // Golden sections on [low, high].
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (exponent(left), exponent(right));
    for _ in 0..60 {
        if at_left <= at_right {
            high = right;
            (right, at_right) = (left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = exponent(left);
        } else {
            low = left;
            (left, at_left) = (right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = exponent(right);
        }
        if (at_left - at_right).abs() <= 1e-12 * best.abs() {
            break;
        }
    }
    best.min(at_left).min(at_right).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::binomial_tails;

    #[test]
    fn covers_the_binomial_and_is_near_it() {
        // 64 fair bits as a sum of 64 terms on {0, 1}.
        let bit = Lattice::new(vec![0.0, 1.0], vec![0.5_f64.ln(); 2]);
        for ones in [40, 48, 60] {
            let bound = chernoff(64.0, f64::from(ones), 0.25, |t| bit.ln_mgf(t)).ln_upper;
            let exact = binomial_tails(u64::from(ones as u32), 64, 0.5).ln_upper;
            assert!(
                bound >= exact && bound < exact + 4.0,
                "{ones}: {bound} {exact}"
            );
        }
        let mean = chernoff(64.0, 32.0, 0.25, |t| bit.ln_mgf(t));
        assert!(mean.ln_lower > -1e-9 && mean.ln_upper > -1e-9);
    }

    #[test]
    fn squared_binomial_has_its_moments() {
        // E (B − n/2)² = n/4.
        for trials in [1, 2, 7, 64] {
            let mean = Lattice::squared_binomial(trials).mean();
            assert!((mean - trials as f64 / 4.0).abs() < 1e-12, "{trials}");
        }
    }

    #[test]
    fn product_of_weights_by_hand() {
        // Width 1: the product is ±1/4, each with probability one half.
        let theta = 0.7;
        assert!((product_ln_mgf(1, theta) - (theta / 4.0).cosh().ln()).abs() < 1e-14);
    }
}
