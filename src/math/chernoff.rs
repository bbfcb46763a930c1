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

    /// By hand: of n fair coins all come up with probability 2^−n, which is also the bound; and P(X ≥ a)
    /// has the bound exp(−n·D(a/n ‖ 1/2)), D the relative entropy. A bound 5 % stronger is no bound.
    #[test]
    fn the_least_exponent_is_the_relative_entropy() {
        let bit = Lattice::new(vec![0.0, 1.0], vec![0.5_f64.ln(); 2]);
        let n = 64.0;
        for ones in [33.0, 40.0, 48.0, 60.0, 63.0] {
            let share: f64 = ones / n;
            let entropy = share * (2.0 * share).ln() + (1.0 - share) * (2.0 * (1.0 - share)).ln();
            let tails = chernoff(n, ones, 0.25, |t| bit.ln_mgf(t));
            assert!(
                (tails.ln_upper / (-n * entropy) - 1.0).abs() < 1e-9,
                "{ones}"
            );
            assert!(tails.ln_lower > -1e-9, "{ones}");
            let mirrored = chernoff(n, n - ones, 0.25, |t| bit.ln_mgf(t));
            assert!(
                (mirrored.ln_lower / tails.ln_upper - 1.0).abs() < 1e-9,
                "{ones}"
            );
        }
        let all = chernoff(n, n, 0.25, |t| bit.ln_mgf(t)).ln_upper;
        assert!(
            (all / (-n * std::f64::consts::LN_2) - 1.0).abs() < 1e-9,
            "{all}"
        );
    }

    /// All outcomes of the sum of five terms on an uneven lattice, by brute force: where the tail is one
    /// outcome the bound is that outcome's probability, everywhere else it is above the tail.
    #[test]
    fn covers_every_tail_of_a_small_lattice() {
        let (values, weights) = ([-1.0, 0.0, 3.0], [0.5, 0.3, 0.2_f64]);
        let law = Lattice::new(values.to_vec(), weights.map(f64::ln).to_vec());
        let mut outcomes = vec![(0.0, 1.0)];
        for _ in 0..5 {
            outcomes = outcomes
                .iter()
                .flat_map(|&(sum, p)| (0..3).map(move |i| (sum + values[i], p * weights[i])))
                .collect();
        }
        for total in -5..=15 {
            let total = f64::from(total);
            let tail = |holds: &dyn Fn(f64) -> bool| -> f64 {
                let held = outcomes.iter().filter(|(sum, _)| holds(*sum));
                held.map(|(_, p)| p).sum()
            };
            let bound = chernoff(5.0, total, 0.3, |t| law.ln_mgf(t));
            let (lower, upper) = (tail(&|sum| sum <= total), tail(&|sum| sum >= total));
            assert!(bound.lower() >= lower * (1.0 - 1e-9), "{total}");
            assert!(bound.upper() >= upper * (1.0 - 1e-9), "{total}");
        }
        let most = chernoff(5.0, 15.0, 0.3, |t| law.ln_mgf(t)).ln_upper;
        assert!((most - 5.0 * 0.2_f64.ln()).abs() < 1e-6, "{most}");
        let least = chernoff(5.0, -5.0, 0.3, |t| law.ln_mgf(t)).ln_lower;
        assert!((least - 5.0 * 0.5_f64.ln()).abs() < 1e-6, "{least}");
    }

    #[test]
    fn generating_functions_by_hand() {
        // (B − 3/2)² of three fair bits is 9/4 with probability 1/4 and 1/4 else.
        for theta in [-0.8, 0.0, 0.6] {
            let found = Lattice::squared_binomial(3).ln_mgf(theta);
            let sum = 0.25 * (2.25 * theta).exp() + 0.75 * (0.25 * theta).exp();
            assert!((found - sum.ln()).abs() < 1e-12, "{theta}");
        }
        // (B − 2)² of four: 4 twice in 16, 1 eight times, 0 six times.
        let found = Lattice::squared_binomial(4).ln_mgf(0.5);
        let sum = (2.0 * 2.0_f64.exp() + 8.0 * 0.5_f64.exp() + 6.0) / 16.0;
        assert!((found - sum.ln()).abs() < 1e-12);
        // All pairs of words of three bits.
        let theta = -1.3;
        let weight = |word: u32| f64::from(word.count_ones()) - 1.5;
        let pairs = (0..8).flat_map(|a| (0..8).map(move |b| weight(a) * weight(b)));
        let mean = pairs.map(|product| (theta * product).exp()).sum::<f64>() / 64.0;
        assert!((product_ln_mgf(3, theta) - mean.ln()).abs() < 1e-12);
    }
}
