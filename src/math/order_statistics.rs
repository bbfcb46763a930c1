//! The law of sorted uniform numbers.

use statrs::function::beta::beta_reg;

/// Between which values the `rank`-th smallest of `count` independent uniform numbers lies with this
/// probability, as much of the rest on either side: quantiles of Beta(rank, count − rank + 1), to twelve digits.
///
/// # Panics
/// When there is no such rank.
pub fn order_statistic_interval(rank: u64, count: u64, confidence: f64) -> (f64, f64) {
    assert!((1..=count).contains(&rank), "rank {rank} of {count}");
    let (a, b) = (rank as f64, (count - rank + 1) as f64);
    let quantile = |share: f64| {
        // By halving the logarithm: small ranks of many have small values.
        let (mut low, mut high) = (1e-18_f64.ln(), 0.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if beta_reg(a, b, f64::exp(middle)) < share {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::exp(low)
    };
    let rest = (1.0 - confidence) / 2.0;
    (quantile(rest), quantile(1.0 - rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P(min ≤ x) = 1 − (1 − x)^n, and the largest is the smallest of the complements.
    #[test]
    fn the_ends_are_those_of_minimum_and_maximum() {
        for count in [1, 2, 10, 5_000] {
            let n = count as f64;
            let exact = |share: f64| -f64::exp_m1(f64::ln_1p(-share) / n);
            let (low, high) = order_statistic_interval(1, count, 0.95);
            assert!((low / exact(0.025) - 1.0).abs() < 1e-9, "{count}: {low}");
            assert!((high / exact(0.975) - 1.0).abs() < 1e-9, "{count}: {high}");
            let (low, high) = order_statistic_interval(count, count, 0.95);
            assert!(
                (low - 0.025_f64.powf(1.0 / n)).abs() < 1e-9,
                "{count}: {low}"
            );
            assert!(
                (high - 0.975_f64.powf(1.0 / n)).abs() < 1e-9,
                "{count}: {high}"
            );
        }
    }
}
