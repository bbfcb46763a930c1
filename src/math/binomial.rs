//! The binomial law, to the ends of its tails.

use statrs::function::gamma::ln_gamma;

use super::tails::Tails;

/// ln Γ(z + 1) − [(z + ½) ln z − z + ½ ln 2π]: the error of Stirling's formula.
///
/// Series from C. Loader, *Fast and accurate computation of binomial probabilities* (2000).
pub(crate) fn stirling_error(z: f64) -> f64 {
    if z < 16.0 {
        // ln Γ has an absolute error near 1e-15 here, far below what its tails need.
        ln_gamma(z + 1.0) - ((z + 0.5) * z.ln() - z + 0.5 * (2.0 * std::f64::consts::PI).ln())
    } else {
        let z2 = z * z;
        (1.0 / 12.0
            - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / z2) / z2) / z2) / z2)
            / z
    }
}

/// x ln(x / m) + m − x without cancellation near x = m (Loader 2000, "bd0").
pub(crate) fn deviance(x: f64, mean: f64) -> f64 {
    if x == 0.0 {
        return mean;
    }
    let difference = x - mean;
    if difference.abs() < 0.1 * (x + mean) {
        let v = difference / (x + mean);
        let mut sum = difference * v;
        let mut term = 2.0 * x * v;
        for j in 1..1000 {
            term *= v * v;
            let next = sum + term / f64::from(2 * j + 1);
            if next == sum {
                break;
            }
            sum = next;
        }
        sum
    } else {
        x * (x / mean).ln() + mean - x
    }
}

/// ln P(X = successes) of a Binomial(trials, probability).
///
/// Loader's saddle-point form: relative error of the probability near 1e-14 at any size.
pub fn binomial_ln_pmf(successes: u64, trials: u64, probability: f64) -> f64 {
    if successes > trials {
        return f64::NEG_INFINITY;
    }
    let (k, n, p) = (successes as f64, trials as f64, probability);
    if successes == 0 {
        return n * (-p).ln_1p();
    }
    if successes == trials {
        return n * p.ln();
    }
    let rest = n - k;
    stirling_error(n)
        - stirling_error(k)
        - stirling_error(rest)
        - deviance(k, n * p)
        - deviance(rest, n * (1.0 - p))
        + 0.5 * (n / (2.0 * std::f64::consts::PI * k * rest)).ln()
}

/// P(X ≤ successes) and P(X ≥ successes) of a Binomial(trials, probability), each summed directly.
///
/// Each tail is a sum of probabilities away from the mode, every term a ratio of its neighbour:
/// O(√trials) terms at worst, few in the far tails.
///
/// ```
/// use seedbench::math::binomial_tails;
///
/// let tails = binomial_tails(8, 10, 0.5); // (45 + 10 + 1) / 1024
/// assert!((tails.upper() - 56.0 / 1024.0).abs() < 1e-14);
/// ```
pub fn binomial_tails(successes: u64, trials: u64, probability: f64) -> Tails {
    assert!(
        (0.0..=1.0).contains(&probability) && successes <= trials,
        "{successes} of {trials} at {probability}"
    );
    if probability == 0.0 || probability == 1.0 {
        let certain = if probability == 0.0 { 0 } else { trials };
        let tail = |holds: bool| if holds { 0.0 } else { f64::NEG_INFINITY };
        return Tails::new(tail(successes >= certain), tail(successes <= certain));
    }
    let mean = trials as f64 * probability;
    // The tail away from the mean is summed; the other is its complement plus the point itself,
    // and it is at least one half or so, where a complement loses nothing.
    if successes as f64 >= mean {
        let ln_upper = upper_sum(successes, trials, probability);
        let above = ln_upper.exp() - binomial_ln_pmf(successes, trials, probability).exp();
        Tails::new((-above).ln_1p(), ln_upper)
    } else {
        let ln_lower = upper_sum(trials - successes, trials, 1.0 - probability);
        let below = ln_lower.exp() - binomial_ln_pmf(successes, trials, probability).exp();
        Tails::new(ln_lower, (-below).ln_1p())
    }
}

/// The Clopper–Pearson interval of a rate, by bisection on the exact tails: each end excludes the rates
/// at which chance goes as far as this with a probability below `risk`.
///
/// C. J. Clopper, E. S. Pearson, Biometrika 26 (1934), doi:10.1093/biomet/26.4.404.
///
/// # Panics
/// When there are more successes than trials.
pub fn clopper_pearson(successes: u64, trials: u64, risk: f64) -> (f64, f64) {
    let bisect = |too_low: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        // Halving an interval 60 times leaves less than a double holds.
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if too_low(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    };
    let tails = |rate: f64| binomial_tails(successes, trials, rate);
    let low = if successes == 0 {
        0.0
    } else {
        bisect(&|rate| tails(rate).upper() < risk)
    };
    let high = if successes == trials {
        1.0
    } else {
        bisect(&|rate| tails(rate).lower() > risk)
    };
    (low, high)
}

/// ln P(X ≥ k) for k at or above the mean.
fn upper_sum(successes: u64, trials: u64, probability: f64) -> f64 {
    let odds = probability / (1.0 - probability);
    let (mut sum, mut term) = (1.0, 1.0);
    let mut k = successes as f64;
    let n = trials as f64;
    while k < n {
        term *= (n - k) / (k + 1.0) * odds;
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
        k += 1.0;
    }
    binomial_ln_pmf(successes, trials, probability) + f64::ln(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cases_by_hand() {
        // Binomial(4, 1/2): 1 4 6 4 1 of 16.
        for (k, lower, upper) in [
            (0, 1.0, 16.0),
            (1, 5.0, 15.0),
            (2, 11.0, 11.0),
            (4, 16.0, 1.0),
        ] {
            let tails = binomial_tails(k, 4, 0.5);
            assert!((tails.lower() - lower / 16.0).abs() < 1e-14, "{k}");
            assert!((tails.upper() - upper / 16.0).abs() < 1e-14, "{k}");
        }
    }

    #[test]
    fn certain_outcomes() {
        assert!(binomial_tails(0, 9, 0.0).lower() > 1.0 - 1e-15);
        assert_eq!(binomial_tails(3, 9, 0.0).ln_upper, f64::NEG_INFINITY);
        assert_eq!(binomial_tails(9, 9, 1.0).ln_upper, 0.0);
    }

    #[test]
    fn clopper_pearson_matches_the_closed_form_at_the_ends() {
        // No hit in 100: 1 − 0.0005^(1/100).
        let (low, high) = clopper_pearson(0, 100, 5e-4);
        assert_eq!(low, 0.0);
        assert!((high - (1.0 - 5e-4_f64.powf(0.01))).abs() < 1e-9);
        let (low, high) = clopper_pearson(100, 100, 5e-4);
        assert!((low - 5e-4_f64.powf(0.01)).abs() < 1e-9);
        assert_eq!(high, 1.0);
    }

    #[test]
    fn clopper_pearson_leaves_the_risk_in_each_tail() {
        let (low, high) = clopper_pearson(13, 100_000, 1e-6);
        assert!((binomial_tails(13, 100_000, low).upper() / 1e-6 - 1.0).abs() < 1e-6);
        assert!((binomial_tails(13, 100_000, high).lower() / 1e-6 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn far_tails_keep_their_order_below_the_smallest_double() {
        let far = binomial_tails(1 << 20, 1 << 20, 0.5);
        assert!((far.ln_upper + (1 << 20) as f64 * std::f64::consts::LN_2).abs() < 1e-6);
        assert_eq!(far.upper(), 0.0);
    }

    /// Pascal's triangle at uneven odds: every point and both tails of up to 40 trials.
    #[test]
    fn every_tail_of_small_laws() {
        for trials in [1_usize, 2, 5, 17, 40] {
            for probability in [0.02, 0.3, 0.5, 0.9] {
                let mut law = vec![1.0];
                for _ in 0..trials {
                    let mut next = vec![0.0; law.len() + 1];
                    for (k, p) in law.iter().enumerate() {
                        next[k] += p * (1.0 - probability);
                        next[k + 1] += p * probability;
                    }
                    law = next;
                }
                for (k, point) in law.iter().enumerate() {
                    let found = binomial_ln_pmf(k as u64, trials as u64, probability);
                    assert!((found - point.ln()).abs() < 1e-10, "{k} of {trials}");
                    let tails = binomial_tails(k as u64, trials as u64, probability);
                    let (lower, upper): (f64, f64) =
                        (law[..=k].iter().sum(), law[k..].iter().sum());
                    assert!(
                        (tails.lower() / lower - 1.0).abs() < 1e-10,
                        "{k} of {trials}"
                    );
                    assert!(
                        (tails.upper() / upper - 1.0).abs() < 1e-10,
                        "{k} of {trials}"
                    );
                }
            }
        }
        assert_eq!(binomial_ln_pmf(4, 3, 0.5), f64::NEG_INFINITY);
    }

    /// The error of Stirling's formula on both sides of its switch: ln Γ(z + 1) − (z + ½) ln z + z − ½ ln 2π,
    /// with ln z! as a sum of logarithms.
    #[test]
    fn stirling_error_against_sums_of_logarithms() {
        for z in [1, 5, 15, 16, 17, 40] {
            let ln_factorial: f64 = (1..=z).map(|i| f64::from(i).ln()).sum();
            let z = f64::from(z);
            let error = ln_factorial - ((z + 0.5) * z.ln() - z + 0.918_938_533_204_672_8);
            assert!((stirling_error(z) - error).abs() < 1e-12, "{z}");
        }
    }

    #[test]
    fn deviance_on_both_sides_of_its_series() {
        for (x, mean) in [
            (3.0_f64, 9.0),
            (100.0, 121.0),
            (121.0, 100.0),
            (50.0, 50.0),
            (0.0, 2.5),
        ] {
            let expected = if x == 0.0 {
                mean
            } else {
                x * (x / mean).ln() + mean - x
            };
            assert!((deviance(x, mean) - expected).abs() < 1e-11, "{x} {mean}");
        }
    }
}
