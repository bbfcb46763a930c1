//! When do independent draws of seeds collide, and when do random starts overlap.

use super::binomial::stirling_error;

/// ln P(no two of `draws` uniform draws from 2^bits values are equal).
///
/// The product ∏(1 − i/N) for few draws; for many, ln N! − ln (N − n)! − n ln N with the leading
/// terms cancelled by hand: −N[(1 − x) ln(1 − x) + x] − ½ ln(1 − x) + δ(N) − δ(N − n), x = n/N.
pub fn ln_no_collision(draws: f64, bits: f64) -> f64 {
    let space = bits.exp2();
    if draws <= 1.0 {
        return 0.0;
    }
    if space.is_infinite() {
        // Pairs over the space, in logarithms: neither fits a double.
        return -(2.0 * draws.ln() - (bits + 1.0) * std::f64::consts::LN_2).exp();
    }
    if draws > space {
        return f64::NEG_INFINITY;
    }
    if draws <= 4096.0 {
        return (1..draws as u64)
            .map(|i| (-(i as f64) / space).ln_1p())
            .sum();
    }
    let x = draws / space;
    // (1 − x) ln(1 − x) + x = Σ x^k / (k (k − 1)), k ≥ 2.
    let leading = if x < 0.05 {
        let (mut sum, mut power, mut k) = (0.0, x, 2.0);
        loop {
            power *= x;
            let term = power / (k * (k - 1.0));
            sum += term;
            if term < 1e-18 * sum || term == 0.0 {
                break sum;
            }
            k += 1.0;
        }
    } else if x < 1.0 {
        (1.0 - x) * (-x).ln_1p() + x
    } else {
        1.0
    };
    let rest = space - draws;
    if rest < 1.0 {
        // N! / N^N.
        return -space + 0.5 * (2.0 * std::f64::consts::PI * space).ln() + stirling_error(space);
    }
    -space * leading - 0.5 * (-x).ln_1p() + stirling_error(space) - stirling_error(rest)
}

/// P(at least two of `draws` uniform draws from 2^bits values are equal).
///
/// ```
/// use seedbench::math::collision_probability;
///
/// // 20 workers, one byte of seed: 1 − ∏(1 − i/256) ≈ 53 %.
/// assert!((collision_probability(20.0, 8.0) - 0.533_167).abs() < 1e-6);
/// ```
pub fn collision_probability(draws: f64, bits: f64) -> f64 {
    -ln_no_collision(draws, bits).exp_m1()
}

/// The most draws from 2^bits values whose collision probability is at most `probability`.
///
/// # Panics
/// When the probability is not in [0, 1).
pub fn largest_draws(bits: f64, probability: f64) -> f64 {
    assert!(
        (0.0..1.0).contains(&probability),
        "probability {probability}"
    );
    last_draws(bits, (-probability).ln_1p())
}

/// The fewest draws from 2^bits values that escape without a collision with probability at most
/// `escape`: at 0.05, the size at which a run sees such seeds with 95 % power.
///
/// # Panics
/// When the escape probability is not in (0, 1).
pub fn draws_to_collide(bits: f64, escape: f64) -> f64 {
    assert!(escape > 0.0 && escape < 1.0, "escape {escape}");
    // One more than the last that escapes more often; `next_down` turns "≥" into ">".
    last_draws(bits, escape.next_up().ln()) + 1.0
}

/// The largest number of draws with ln P(no collision) ≥ `ln_floor`.
fn last_draws(bits: f64, ln_floor: f64) -> f64 {
    let (mut low, mut high) = (1.0_f64, bits.exp2().floor().max(1.0) + 1.0);
    // Whole numbers up to 2^53; beyond, until the bracket is as narrow as a double can say.
    while high - low > 1.0 {
        // The geometric mean first: the answer is near the square root of the range.
        let middle = if high / low > 4.0 {
            (low * high).sqrt().floor()
        } else {
            (low + (high - low) / 2.0).floor()
        };
        if middle <= low || middle >= high {
            break;
        }
        if ln_no_collision(middle, bits) >= ln_floor {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Pairs of equal elements expected among `draws` uniform draws from 2^bits values.
pub fn expected_pairs(draws: f64, bits: f64) -> f64 {
    draws * (draws - 1.0) / 2.0 * (-bits).exp2()
}

/// An upper bound on the probability that any two of `streams` stretches of `words` words, started
/// at random on one cycle of `2^period_bits` words, overlap: C(s, 2) (2L − 1) / P.
pub fn overlap_probability(streams: f64, words: f64, period_bits: f64) -> f64 {
    (expected_pairs(streams, period_bits) * (2.0 * words - 1.0)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthday_paradox() {
        let days = 365.0_f64.log2();
        assert!((collision_probability(23.0, days) - 0.507_297).abs() < 1e-6);
        assert_eq!(largest_draws(days, 0.5), 22.0);
        assert_eq!(draws_to_collide(days, 0.5), 23.0);
    }

    #[test]
    fn published_horizons() {
        // 1 % and 50 % of 8, 15, 31 and 32 bits of seed.
        for (bits, one_percent, half) in [
            (8.0, 2.0, 19.0),
            (15.0, 26.0, 213.0),
            (31.0, 6_570.0, 54_562.0),
            (32.0, 9_291.0, 77_163.0),
        ] {
            assert_eq!(largest_draws(bits, 0.01), one_percent, "{bits} bits");
            assert_eq!(largest_draws(bits, 0.5), half, "{bits} bits");
        }
        assert!((largest_draws(64.0, 0.01) / 6.1e8 - 1.0).abs() < 0.01);
        assert!((largest_draws(128.0, 0.01) / 2.6e18 - 1.0).abs() < 0.01);
    }

    #[test]
    fn sizes_at_which_narrow_seeds_cannot_escape() {
        for (bits, streams) in [
            (8.0, 97.0),
            (15.0, 1_159.0),
            (31.0, 298_332.0),
            (32.0, 421_908.0),
        ] {
            assert_eq!(draws_to_collide(bits, 1e-9), streams, "{bits} bits");
        }
        assert_eq!(draws_to_collide(8.0, 0.05), 39.0);
    }

    #[test]
    fn spaces_beyond_a_double_never_collide() {
        // The state of a Mersenne Twister.
        assert_eq!(collision_probability(1e15, 19_937.0), 0.0);
        assert_eq!(collision_probability(1e300, 19_937.0), 0.0);
        assert!((collision_probability(1e150, 1_030.0) / 4.34e-11 - 1.0).abs() < 0.01);
    }

    #[test]
    fn product_and_formula_meet() {
        for bits in [13.0, 20.0, 40.0] {
            let product: f64 = (1..5000)
                .map(|i| (-(i as f64) / f64::exp2(bits)).ln_1p())
                .sum();
            let formula = ln_no_collision(5000.0, bits);
            assert!(
                (formula / product - 1.0).abs() < 1e-11,
                "{bits}: {formula} {product}"
            );
        }
        // All of a small space drawn, and one more.
        assert!(ln_no_collision(8192.0, 13.0) > -8192.0);
        assert_eq!(ln_no_collision(8193.0, 13.0), f64::NEG_INFINITY);
    }

    /// By brute force over all draws from spaces of up to 2^3 values.
    #[test]
    fn every_draw_from_a_small_space() {
        for bits in 1..=3_u32 {
            let space = 1_u64 << bits;
            for draws in 1..=4_u32 {
                let all = space.pow(draws);
                let (mut free, mut pairs) = (0_u64, 0_u64);
                for outcome in 0..all {
                    let values: Vec<u64> = (0..draws)
                        .map(|i| outcome >> (i * bits) & (space - 1))
                        .collect();
                    let equal = (0..draws as usize)
                        .map(|j| (0..j).filter(|&i| values[i] == values[j]).count() as u64)
                        .sum::<u64>();
                    pairs += equal;
                    free += u64::from(equal == 0);
                }
                let (n, b) = (f64::from(draws), f64::from(bits));
                let share = |count: u64| count as f64 / all as f64;
                assert!((ln_no_collision(n, b).exp() - share(free)).abs() < 1e-12);
                assert!((collision_probability(n, b) - 1.0 + share(free)).abs() < 1e-12);
                assert!((expected_pairs(n, b) - share(pairs)).abs() < 1e-12);
            }
        }
    }

    /// Stretches of three words on a cycle of 64, wherever two or three of them start.
    #[test]
    fn overlaps_on_a_small_cycle() {
        let meet = |a: i32, b: i32| (a - b).rem_euclid(64) < 3 || (b - a).rem_euclid(64) < 3;
        let two = (0..64).filter(|&b| meet(0, b)).count() as f64 / 64.0;
        // Of two the bound is met: 2L − 1 of P places.
        assert!((overlap_probability(2.0, 3.0, 6.0) - two).abs() < 1e-12);
        let three = (0..64 * 64).filter(|at| {
            let (b, c) = (at % 64, at / 64);
            meet(0, b) || meet(0, c) || meet(b, c)
        });
        let three = three.count() as f64 / 4096.0;
        let bound = overlap_probability(3.0, 3.0, 6.0);
        assert!(bound >= three && (bound - 3.0 * 5.0 / 64.0).abs() < 1e-12);
        assert_eq!(overlap_probability(100.0, 3.0, 6.0), 1.0);
    }
}
