//! How often a random order goes down.

use super::{Tails, chernoff};

/// Bounds on P(D ≤ descents) and P(D ≥ descents) for the descents D of a random order of `places`
/// different values: places whose value is smaller than the one before.
///
/// D has the law of the integer part of a sum of so many independent uniform numbers (R. Stanley,
/// Eulerian partitions of a unit hypercube, in Higher Combinatorics, 1977), whose tails are bounded
/// by its moment generating function.
pub fn descents_tails(descents: u64, places: u64) -> Tails {
    if places < 2 {
        return Tails::CERTAIN;
    }
    let terms = places as f64;
    let scale = (12.0 / terms).sqrt();
    let below = descents as f64 + 1.0 - terms / 2.0;
    let above = descents as f64 - terms / 2.0;
    let lower = chernoff(terms, below, scale, ln_mgf).ln_lower;
    let upper = chernoff(terms, above, scale, ln_mgf).ln_upper;
    Tails::new(lower, upper)
}

/// ln E exp(θ (U − 1/2)) = ln (sinh(θ / 2) / (θ / 2)).
fn ln_mgf(theta: f64) -> f64 {
    let half = theta.abs() / 2.0;
    if half < 1e-3 {
        return half * half / 6.0;
    }
    half + (-(-2.0 * half).exp()).ln_1p() - (2.0 * half).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P(D = d) of n places, by the recurrence of Eulerian numbers.
    fn eulerian(n: usize) -> Vec<f64> {
        let mut row = vec![1.0];
        for size in 2..=n {
            let previous = |d: usize| row.get(d).copied().unwrap_or(0.0);
            row = (0..size)
                .map(|d| {
                    let stay = (d + 1) as f64 * previous(d);
                    let more = (size - d) as f64 * d.checked_sub(1).map_or(0.0, previous);
                    (stay + more) / size as f64
                })
                .collect();
        }
        row
    }

    #[test]
    fn three_places_by_hand() {
        // 123 | 132 213 231 312 | 321.
        for (p, exact) in eulerian(3)
            .into_iter()
            .zip([1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0])
        {
            assert!((p - exact).abs() < 1e-12);
        }
        assert!(descents_tails(0, 3).lower() >= 1.0 / 6.0);
        assert_eq!(descents_tails(0, 1).upper(), 1.0);
    }

    #[test]
    fn covers_the_law_and_is_near_it() {
        for places in [5, 40, 150] {
            let law = eulerian(places);
            for d in 0..places {
                let bound = descents_tails(d as u64, places as u64);
                let lower: f64 = law[..=d].iter().sum();
                let upper: f64 = law[d..].iter().sum();
                assert!(bound.lower() >= lower - 1e-12, "{places} {d}");
                assert!(bound.upper() >= upper - 1e-12, "{places} {d}");
                if lower < 1e-6 && lower > 0.0 {
                    assert!(bound.ln_lower < 0.7 * lower.ln(), "{places} {d}");
                }
            }
        }
    }
}
