//! What groups of equal streams tell by their sizes, whatever the law of a stream.
//!
//! If streams are W independent draws from any law, they all fall into groups of exactly m > 1 with probability at
//! most √(2πW)·e^(1/12W)·exp(−W(1 − g_m)), g_m = max over λ of ln(1 + λ^m/m!)/λ: Poissonise, bound each value's
//! factor e^(−v)(1 + v^m/m!), and pay for the Poisson total being W.

use std::f64::consts::LN_2;

use statrs::function::gamma::ln_gamma;

use super::numbers::groups_of;

/// Bits against independent streams all falling into groups of one size above 1.
pub(super) fn regular_sizes(classes: &[u32]) -> f64 {
    let groups = groups_of(classes);
    let grouped: usize = groups.iter().map(Vec::len).sum();
    let (Some(largest), Some(smallest)) = (groups.first(), groups.last()) else {
        return 0.0;
    };
    let size = largest.len();
    // One group, or two, earn less than is paid for.
    if size != smallest.len() || grouped != classes.len() {
        return 0.0;
    }
    let streams = classes.len() as f64;
    let paid = (2.0 * std::f64::consts::PI * streams).log2() / 2.0 + 1.0 / (12.0 * streams * LN_2);
    // The size was not named beforehand.
    (streams * (1.0 - best_factor(size)) / LN_2 - paid - streams.log2()).max(0.0)
}

/// max over λ > 0 of ln(1 + λ^m/m!)/λ, a little above it.
fn best_factor(size: usize) -> f64 {
    let of = |rate: f64| {
        (size as f64 * rate.ln() - ln_gamma(size as f64 + 1.0))
            .exp()
            .ln_1p()
            / rate
    };
    let steps = 4000;
    let rate = |step: i32| 3.0 * size as f64 * f64::from(step) / f64::from(steps);
    (1..=steps).map(|step| of(rate(step))).fold(0.0, f64::max) * (1.0 + 1e-5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_two_convict_from_about_75_streams() {
        let pairs = |streams: u32| (0..streams).map(|at| at / 2 * 2).collect::<Vec<u32>>();
        assert!(regular_sizes(&pairs(64)) < 35.0);
        assert!(regular_sizes(&pairs(96)) > 35.0);
        assert_eq!(regular_sizes(&[0, 0, 2, 2, 4]), 0.0);
        // g_2 = 0.569 (max of ln(1 + λ²/2)/λ).
        assert!((best_factor(2) - 0.569).abs() < 1e-3);
    }

    /// The bound against the exact probability on a small case: four draws from the best law of two values.
    #[test]
    fn the_bound_on_sizes_is_one() {
        let exact = 6.0 / 16.0;
        let streams = 4.0f64;
        let paid = (2.0 * std::f64::consts::PI * streams).sqrt() * (1.0 / (12.0 * streams)).exp();
        let bound = paid * (-streams * (1.0 - best_factor(2))).exp();
        assert!(bound >= exact, "{bound} {exact}");
    }

    /// Pairs among 96 streams of k values alike: the exact probability, W!/(2!)^(W/2)·C(k, W/2)/k^W, of the
    /// likeliest k. More is never claimed; and what is claimed is the formula, its factor
    /// searched for on a finer grid.
    #[test]
    fn sizes_against_the_likeliest_law() {
        for size in [2_u32, 3] {
            let streams = 96_u32;
            let factorial = |n: f64| ln_gamma(n + 1.0);
            let (w, groups) = (f64::from(streams), f64::from(streams / size));
            let chance = |values: u32| {
                let k = f64::from(values);
                let which = factorial(k) - factorial(groups) - factorial(k - groups);
                factorial(w) - groups * factorial(f64::from(size)) + which - w * k.ln()
            };
            let likeliest = (streams / size..2000)
                .map(chance)
                .fold(f64::NEG_INFINITY, f64::max);
            let exact = -likeliest / LN_2;
            let classes: Vec<u32> = (0..streams).map(|at| at / size * size).collect();
            let bits = regular_sizes(&classes);
            assert!(bits <= exact - w.log2(), "{size}: {bits} {exact}");
            let paid = (2.0 * std::f64::consts::PI * w).sqrt().log2() + 1.0 / (12.0 * w * LN_2);
            let rates = (1..60_000).map(|i| f64::from(i) / 10_000.0 * f64::from(size));
            let factor = rates.map(|rate| {
                let power = rate.powi(size as i32) / factorial(f64::from(size)).exp();
                power.ln_1p() / rate
            });
            // The product takes a factor a little above what its coarser grid finds.
            let factor = factor.fold(0.0, f64::max) * (1.0 + 1e-5);
            let told = w * (1.0 - factor) / LN_2 - paid - w.log2();
            assert!((bits - told).abs() < 1e-4, "{size}: {bits} {told}");
        }
    }

    #[test]
    fn sizes_tell_where_all_streams_fall_into_several_groups_of_one_size() {
        for size in [2, 16, 512] {
            assert_eq!(regular_sizes(&vec![0; size as usize]), 0.0, "one group");
            let two: Vec<u32> = (0..2 * size).map(|at| at / size * size).collect();
            assert_eq!(regular_sizes(&two), 0.0, "two groups");
        }
        let mut unequal: Vec<u32> = (0..960).map(|at| at / 2 * 2).collect();
        assert!(regular_sizes(&unequal) > 1.0);
        unequal[2..4].fill(0);
        assert_eq!(regular_sizes(&unequal), 0.0, "a group of four");
        let alone: Vec<u32> = (0..96)
            .map(|at| if at < 2 { at } else { at / 2 * 2 })
            .collect();
        assert_eq!(regular_sizes(&alone), 0.0, "two streams alone");
    }
}
