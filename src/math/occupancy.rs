//! How many cells are occupied when balls fall at random: the law of distinct values among draws.

use statrs::function::gamma::ln_gamma;

use super::{birthday::ln_no_collision, poisson::poisson_tails, tails::Tails};

/// Balls up to which the law is computed exactly by recurrence.
const EXACT_BALLS: u64 = 2048;

/// The exact law of the number of occupied cells, for few balls.
///
/// Recurrence over balls: P(n + 1, d) = P(n, d) d/N + P(n, d − 1) (N − d + 1)/N. Every term is
/// positive, so the relative error grows only with the number of balls. Probabilities below the
/// smallest normal double, at either end, count as 0.
#[derive(Clone, Debug)]
pub struct Occupancy {
    /// `law[d]` = P(d cells are occupied).
    law: Vec<f64>,
}

impl Occupancy {
    /// The law for `balls` balls in `cells` cells.
    ///
    /// # Panics
    /// When `cells` is below 1.
    pub fn new(balls: u64, cells: f64) -> Self {
        assert!(cells >= 1.0, "{cells} cells");
        let balls = balls as usize;
        let stay: Vec<f64> = (0..=balls).map(|d| d as f64 / cells).collect();
        let fresh: Vec<f64> = (0..=balls)
            .map(|d| ((cells - d as f64) / cells).max(0.0))
            .collect();
        let mut law = vec![0.0; balls + 1];
        let mut next = vec![0.0; balls + 1];
        law[0] = 1.0;
        // Only from `least` to `most` is there anything a double holds at full precision: a narrow
        // band, where cells are many.
        let (mut least, mut most) = (0, 0);
        for _ in 0..balls {
            next[least] = law[least] * stay[least];
            for (((next, &same), &below), (&stay, &fresh)) in next[least + 1..=most]
                .iter_mut()
                .zip(&law[least + 1..=most])
                .zip(&law[least..most])
                .zip(stay[least + 1..=most].iter().zip(&fresh[least..most]))
            {
                *next = same * stay + below * fresh;
            }
            next[most + 1] = law[most] * fresh[most];
            most += 1;
            std::mem::swap(&mut law, &mut next);
            while least < most && law[least] < f64::MIN_POSITIVE {
                law[least] = 0.0;
                least += 1;
            }
            while most > least && law[most] < f64::MIN_POSITIVE {
                law[most] = 0.0;
                most -= 1;
            }
        }
        // Of the other buffer's band nothing is left in this one.
        law[..least].fill(0.0);
        law[most + 1..].fill(0.0);
        Self { law }
    }

    /// P(occupied ≤ distinct) and P(occupied ≥ distinct), each summed from its small end.
    pub fn tails(&self, distinct: u64) -> Tails {
        let at = (distinct as usize).min(self.law.len() - 1);
        let lower: f64 = self.law[..=at].iter().sum();
        let upper: f64 = self.law[at..].iter().rev().sum();
        Tails::new(lower.ln(), upper.ln())
    }
}

/// P(occupied ≤ distinct) and P(occupied ≥ distinct) for `balls` balls in `cells` equally likely
/// cells: exact up to 2,048 balls, else the smaller of two proven bounds.
///
/// In units of repeats r = balls − distinct the *lower* tail of the distinct values is the upper
/// tail of the repeats.
///
/// # Panics
/// When `distinct` exceeds `balls`.
pub fn occupancy_tails(balls: u64, cells: f64, distinct: u64) -> Tails {
    assert!(distinct <= balls, "{distinct} distinct of {balls}");
    if balls <= EXACT_BALLS {
        Occupancy::new(balls, cells).tails(distinct)
    } else {
        occupancy_bound(balls, cells, distinct)
    }
}

/// Proven bounds on both tails, at any size.
///
/// * Generating function: E z^D = n! N^−n \[xⁿ\] (1 + z (eˣ − 1))^N, and a coefficient of a series
///   with positive terms is at most its value at any x, over xⁿ. The best x and z have a closed form.
/// * Coupling, for few repeats: ball i repeats with probability at most (i − 1)/N whatever came
///   before, and a Bernoulli(p) lies below a Poisson(−ln(1 − p)), so the repeats lie below a Poisson
///   with mean −ln P(no repeat). In the other direction, while there are at most r repeats ball i
///   repeats with probability at least (i − 1 − r)/N, and a sum of Bernoullis has a lighter lower
///   tail than the Poisson with its mean λ up to λ − 1 (Anderson & Samuels 1967).
pub fn occupancy_bound(balls: u64, cells: f64, distinct: u64) -> Tails {
    let repeats = balls - distinct;
    let (n, d, r) = (balls as f64, distinct as f64, repeats as f64);
    let mut tails = generating_bound(n, d, cells);

    // Of balls that hardly ever meet rounding leaves a logarithm of either sign.
    let more = (-ln_no_collision(n, cells.log2())).max(0.0);
    if more.is_finite() {
        tails.ln_lower = tails.ln_lower.min(poisson_tails(repeats, more).ln_upper);
    }
    if repeats == 0 {
        tails.ln_upper = tails.ln_upper.min(-more);
    }
    let fewer = (n - 1.0 - r).max(0.0) * (n - r) / (2.0 * cells);
    if r <= fewer - 1.0 {
        tails.ln_upper = tails.ln_upper.min(poisson_tails(repeats, fewer).ln_lower);
    }
    tails
}

/// The bound from the generating function; its stationary point is n/d = x / (1 − e^−x),
/// z (eˣ − 1) = d / (N − d). It bounds the lower tail where z < 1 and the upper where z > 1.
fn generating_bound(n: f64, d: f64, cells: f64) -> Tails {
    if d >= n || d < 1.0 {
        // Every ball alone, or no ball: left to the coupling.
        return Tails::CERTAIN;
    }
    let ratio = n / d;
    let function = |x: f64| x / -(-x).exp_m1();
    // x/(1 − e^−x) grows from 1 and lies between 1 + x/2 and 1 + x.
    let (mut low, mut high) = (ratio - 1.0, 2.0 * (ratio - 1.0));
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if function(middle) < ratio {
            low = middle;
        } else {
            high = middle;
        }
    }
    let x = 0.5 * (low + high);
    let ln_step = x.exp_m1().ln();
    let ln_z = d.ln() - (cells - d).ln() - ln_step;
    // N ln(1 + z(eˣ − 1)) = N ln(N / (N − d)).
    let ln_bound =
        -cells * (-d / cells).ln_1p() - n * x.ln() - d * ln_z + ln_gamma(n + 1.0) - n * cells.ln();
    // The parts are as large as n ln n; what rounding may have taken is given back.
    let rounding = 4.0 * f64::EPSILON * n * (n.ln() + cells.ln().abs() + ln_z.abs());
    let ln_bound = ln_bound + rounding;
    if ln_z < 0.0 {
        Tails::new(ln_bound, 0.0)
    } else {
        Tails::new(0.0, ln_bound)
    }
}

/// Distinct values expected: N (1 − (1 − 1/N)ⁿ).
pub fn expected_distinct(balls: f64, cells: f64) -> f64 {
    -cells * (balls * (-1.0 / cells).ln_1p()).exp_m1()
}

/// The variance of the number of distinct values, and so of the repeats.
pub fn repeats_variance(balls: f64, cells: f64) -> f64 {
    // N(N−1)(1−2/N)ⁿ + N(1−1/N)ⁿ − N²(1−1/N)²ⁿ.
    let one = (balls * (-1.0 / cells).ln_1p()).exp();
    let two = if cells > 2.0 {
        (balls * (-2.0 / cells).ln_1p()).exp()
    } else {
        0.0
    };
    // (two − one²) is tiny against one²: its exponent's difference is expanded.
    let gap = one * one * (balls * (-1.0 / ((cells - 1.0) * (cells - 1.0))).ln_1p()).exp_m1();
    cells * cells * gap + cells * (one - two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_balls_in_four_cells() {
        // 64 outcomes: 4 with one value, 36 with two, 24 with three.
        let law = Occupancy::new(3, 4.0);
        assert!((law.tails(1).lower() - 4.0 / 64.0).abs() < 1e-15);
        assert!((law.tails(2).lower() - 40.0 / 64.0).abs() < 1e-15);
        assert!((law.tails(3).upper() - 24.0 / 64.0).abs() < 1e-15);
    }

    #[test]
    fn published_moments_of_one_byte_seeds() {
        // At W = N = 256 the repeats have mean 94.0 and variance 24.9.
        assert!((256.0 - expected_distinct(256.0, 256.0) - 94.0).abs() < 0.05);
        assert!((repeats_variance(256.0, 256.0) - 24.9).abs() < 0.05);
        let law = Occupancy::new(256, 256.0);
        let mean: f64 = law.law.iter().enumerate().map(|(d, p)| d as f64 * p).sum();
        assert!((mean - expected_distinct(256.0, 256.0)).abs() < 1e-9);
        let square: f64 = law
            .law
            .iter()
            .enumerate()
            .map(|(d, p)| (d as f64 - mean).powi(2) * p)
            .sum();
        assert!((square - repeats_variance(256.0, 256.0)).abs() < 1e-8);
    }

    #[test]
    fn bounds_cover_the_exact_law_and_stay_near() {
        for (balls, cells) in [(64, 64.0), (200, 4096.0), (1000, 1e6), (1500, 300.0)] {
            let law = Occupancy::new(balls, cells);
            for distinct in 1..=balls {
                let exact = law.tails(distinct);
                let bound = occupancy_bound(balls, cells, distinct);
                for (bound, exact) in [
                    (bound.ln_lower, exact.ln_lower),
                    (bound.ln_upper, exact.ln_upper),
                ] {
                    // Below the smallest double the recurrence has nothing left to compare.
                    if exact < -700.0 && exact > f64::NEG_INFINITY {
                        continue;
                    }
                    assert!(
                        bound >= exact - 1e-9,
                        "{balls} {cells} {distinct}: {bound} {exact}"
                    );
                    if (-600.0..-20.0).contains(&exact) {
                        assert!(
                            bound < exact + 8.0,
                            "{balls} {cells} {distinct}: {bound} {exact}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn one_repeat_among_many_words() {
        // 2^22 words of 64 bits: P(any repeat) = 1 − ∏(1 − i/2^64).
        let tails = occupancy_bound(1 << 22, 64.0_f64.exp2(), (1 << 22) - 1);
        let exact = crate::math::collision_probability(f64::from(1 << 22), 64.0);
        assert!((tails.lower() / exact - 1.0).abs() < 1e-9);
    }

    /// All outcomes of up to six balls in up to four cells, by brute force, and the moments of each.
    #[test]
    fn every_way_to_throw_a_few_balls() {
        for cells in 1..=4_u64 {
            for balls in 1..=6_u32 {
                let mut counts = [0.0; 8];
                let all = cells.pow(balls);
                for outcome in 0..all {
                    let mut seen = [false; 4];
                    let mut rest = outcome;
                    for _ in 0..balls {
                        seen[(rest % cells) as usize] = true;
                        rest /= cells;
                    }
                    counts[seen.iter().filter(|&&used| used).count()] += 1.0 / all as f64;
                }
                let law = Occupancy::new(u64::from(balls), cells as f64);
                for d in 1..=balls as usize {
                    let tails = law.tails(d as u64);
                    let (lower, upper) = (
                        counts[..=d].iter().sum::<f64>(),
                        counts[d..].iter().sum::<f64>(),
                    );
                    assert!((tails.lower() - lower).abs() < 1e-12, "{balls} {cells} {d}");
                    assert!((tails.upper() - upper).abs() < 1e-12, "{balls} {cells} {d}");
                    assert_eq!(
                        occupancy_tails(u64::from(balls), cells as f64, d as u64),
                        tails
                    );
                }
                let moment = |power: i32| -> f64 {
                    let terms = counts.iter().enumerate();
                    terms.map(|(d, p)| (d as f64).powi(power) * p).sum()
                };
                if cells > 1 {
                    let (n, cells) = (f64::from(balls), cells as f64);
                    assert!((expected_distinct(n, cells) - moment(1)).abs() < 1e-9);
                    let variance = moment(2) - moment(1) * moment(1);
                    assert!((repeats_variance(n, cells) - variance).abs() < 1e-9);
                }
            }
        }
    }

    /// The generating function at its best point, once more by a search over points on a grid: none is
    /// better, and the bound is met by the best.
    #[test]
    fn the_closed_form_is_the_best_point() {
        let (n, cells) = (40.0_f64, 30.0_f64);
        for d in [10.0, 12.0, 14.0, 29.0_f64] {
            let at = |x: f64, z: f64| {
                cells * (1.0 + z * x.exp_m1()).ln() - n * x.ln() - d * z.ln() + ln_gamma(n + 1.0)
                    - n * cells.ln()
            };
            let grid = |i: i32| (f64::from(i) / 40.0).exp();
            let points = (-200..200).flat_map(|i| (-400..200).map(move |j| (grid(i), grid(j))));
            let best = points.map(|(x, z)| at(x, z)).fold(f64::INFINITY, f64::min);
            let bound = generating_bound(n, d, cells);
            let found = bound.ln_lower.min(bound.ln_upper);
            assert!(
                found <= best + 1e-9 && found > best - 0.05,
                "{d}: {found} {best}"
            );
        }
    }

    /// Beyond the exact law the coupling decides: a few repeats too many, or none where many are due.
    #[test]
    fn few_repeats_are_bounded_by_poisson_laws() {
        let (balls, cells) = (4096_u64, 2f64.powi(22));
        // At most 4095·4096/2 / 2^22 ≈ 2 repeats a Poisson law away.
        let more = -ln_no_collision(4096.0, 22.0);
        for repeats in [5, 12] {
            let found = occupancy_tails(balls, cells, balls - repeats).ln_lower;
            assert_eq!(found, poisson_tails(repeats, more).ln_upper, "{repeats}");
        }
        assert_eq!(occupancy_tails(balls, cells, balls).ln_upper, -more);
        // Balls thrown with few repeats so far repeat the less often: mean (n − 1 − r)(n − r) / 2N.
        let cells = 2f64.powi(18);
        let fewer = (4095.0 - 10.0) * 4086.0 / (2.0 * cells);
        let found = occupancy_tails(balls, cells, balls - 10).ln_upper;
        assert!(found <= poisson_tails(10, fewer).ln_lower);
        let exact = Occupancy::new(balls, cells).tails(balls - 10).ln_upper;
        assert!(found >= exact && found < exact + 1.0, "{found} {exact}");
    }
}
