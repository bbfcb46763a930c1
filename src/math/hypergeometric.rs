//! The hypergeometric law.

use super::{binomial::binomial_ln_pmf, tails::Tails};

/// ln P(X = both): of `population` items `marked` are marked, `drawn` are drawn, `both` are both.
///
/// Written as a ratio of three binomial probabilities, each exact to about 1e-14 at any size.
pub fn hypergeometric_ln_pmf(both: u64, population: u64, marked: u64, drawn: u64) -> f64 {
    if both > marked || both > drawn || marked + drawn > population + both {
        return f64::NEG_INFINITY;
    }
    if drawn == 0 || drawn == population {
        return 0.0;
    }
    let share = drawn as f64 / population as f64;
    binomial_ln_pmf(both, marked, share) + binomial_ln_pmf(drawn - both, population - marked, share)
        - binomial_ln_pmf(drawn, population, share)
}

/// P(X ≤ both) and P(X ≥ both), each summed directly.
///
/// ```
/// use seedbench::math::hypergeometric_tails;
///
/// // The lady tasting tea: all four cups right, 1 of 70.
/// assert!((hypergeometric_tails(4, 8, 4, 4).upper() - 1.0 / 70.0).abs() < 1e-14);
/// ```
///
/// # Panics
/// When more items are marked or drawn than there are, or `both` is impossible.
pub fn hypergeometric_tails(both: u64, population: u64, marked: u64, drawn: u64) -> Tails {
    let smallest = (marked + drawn).saturating_sub(population);
    let largest = marked.min(drawn);
    assert!(
        marked <= population && drawn <= population && (smallest..=largest).contains(&both),
        "{both} of {marked} marked and {drawn} drawn in {population}"
    );
    let ln_point = hypergeometric_ln_pmf(both, population, marked, drawn);
    let (n, m, d) = (population as f64, marked as f64, drawn as f64);
    let mean = m * d / n;
    if both as f64 >= mean {
        let (mut sum, mut term) = (1.0, 1.0);
        for x in both..largest {
            let x = x as f64;
            term *= (m - x) * (d - x) / ((x + 1.0) * (n - m - d + x + 1.0));
            sum += term;
            if term < 1e-17 * sum {
                break;
            }
        }
        let ln_upper = ln_point + f64::ln(sum);
        Tails::new((ln_point.exp() - ln_upper.exp()).ln_1p(), ln_upper)
    } else {
        let (mut sum, mut term) = (1.0, 1.0);
        for x in (smallest + 1..=both).rev() {
            let x = x as f64;
            term *= x * (n - m - d + x) / ((m - x + 1.0) * (d - x + 1.0));
            sum += term;
            if term < 1e-17 * sum {
                break;
            }
        }
        let ln_lower = ln_point + f64::ln(sum);
        Tails::new(ln_lower, (ln_point.exp() - ln_lower.exp()).ln_1p())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tea_cups() {
        // C(4,k) C(4,4-k) / 70: 1 16 36 16 1.
        for (k, lower, upper) in [
            (0, 1.0, 70.0),
            (1, 17.0, 69.0),
            (2, 53.0, 53.0),
            (3, 69.0, 17.0),
        ] {
            let tails = hypergeometric_tails(k, 8, 4, 4);
            assert!((tails.lower() * 70.0 - lower).abs() < 1e-11, "{k}");
            assert!((tails.upper() * 70.0 - upper).abs() < 1e-11, "{k}");
        }
    }

    #[test]
    fn degenerate_draws() {
        assert_eq!(hypergeometric_tails(0, 10, 3, 0).ln_upper, 0.0);
        assert!(hypergeometric_tails(3, 10, 3, 10).lower() > 1.0 - 1e-15);
    }
}
