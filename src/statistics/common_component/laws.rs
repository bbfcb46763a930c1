//! The law of squared deviations of sums over streams, and a bound where it is too long to sum.

use crate::math::{Lattice, Tails, chernoff};

/// Streams up to which the generating function is summed exactly; beyond, it is bounded, which loses little.
const EXACT: u64 = 512;

/// The laws of one squared deviation for groups of given sizes, summed over groups and indices.
pub(super) struct SquareLaws {
    /// Group sizes and how many groups have them.
    sizes: Vec<(u64, f64)>,
    exact: Vec<Option<Lattice>>,
    words: f64,
    /// Expectation of the sum over indices and groups, for one bit position.
    pub mean: f64,
    pub deviation: f64,
}

impl SquareLaws {
    pub fn new(sizes: impl Iterator<Item = u64>, words: f64) -> Self {
        let mut counted: Vec<(u64, f64)> = Vec::new();
        for size in sizes {
            match counted.iter_mut().find(|(known, _)| *known == size) {
                Some((_, times)) => *times += 1.0,
                None => counted.push((size, 1.0)),
            }
        }
        let sum = |of: &dyn Fn(f64) -> f64| -> f64 {
            counted
                .iter()
                .map(|&(size, times)| times * of(size as f64))
                .sum()
        };
        // Variance of (B − S/2)² is S(S − 1)/8.
        let deviation = (words * sum(&|size| size * (size - 1.0) / 8.0)).sqrt();
        Self {
            mean: words * sum(&|size| size / 4.0),
            deviation,
            exact: counted
                .iter()
                .map(|&(size, _)| (size <= EXACT).then(|| Lattice::squared_binomial(size)))
                .collect(),
            sizes: counted,
            words,
        }
    }

    pub fn tails(&self, positions: f64, total: f64) -> Tails {
        if self.sizes.is_empty() {
            return Tails::CERTAIN;
        }
        let scale = 1.0 / (self.deviation * positions.sqrt()).max(f64::MIN_POSITIVE);
        chernoff(positions * self.words, total, scale, |theta| {
            self.sizes
                .iter()
                .zip(&self.exact)
                .map(|(&(size, times), law)| {
                    times
                        * match law {
                            Some(law) => law.ln_mgf(theta),
                            None => squared_ln_mgf_bound(size as f64, theta),
                        }
                })
                .sum()
        })
    }
}

/// A bound on ln E exp(θ Y²), Y a centred binomial(S, 1/2).
///
/// Up: E exp(θY²) = E cosh(√(θ/2) g)^S over a standard Gaussian g, at most E exp(θ S g²/4) =
/// (1 − θS/2)^−½. Down: exp(−x) ≤ 1 − x + x²/2 with E Y² = S/4, E Y⁴ = 3S²/16 − S/8.
fn squared_ln_mgf_bound(size: f64, theta: f64) -> f64 {
    if theta >= 0.0 {
        let rest = 1.0 - theta * size / 2.0;
        if rest > 0.0 {
            -0.5 * rest.ln()
        } else {
            f64::INFINITY
        }
    } else {
        let fourth = 3.0 * size * size / 16.0 - size / 8.0;
        (theta * size / 4.0 + theta * theta * fourth / 2.0).ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_covers_the_exact_generating_function() {
        for size in [64_u64, 512] {
            let exact = Lattice::squared_binomial(size);
            for step in -20..20 {
                let theta = f64::from(step) / 10.5 / size as f64;
                let bound = squared_ln_mgf_bound(size as f64, theta);
                assert!(bound >= exact.ln_mgf(theta) - 1e-12, "{size} {theta}");
            }
        }
    }
}
