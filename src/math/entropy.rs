//! What a census of seeds says about the space they came from.
//!
//! The sampling unit is one independent draw of seed entropy: a task for rules applied per task, a
//! root for rules applied once a run. Deterministic rules get no such figure.

use super::occupancy::occupancy_tails;

/// An interval of seed-space sizes in bits; an open end is `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// At least so many bits.
    pub low_bits: Option<f64>,
    /// At most so many bits; `None` when no collision was seen.
    pub high_bits: Option<f64>,
}

/// The support that `units` draws without any collision certify, in bits, at this confidence:
/// 2 log₂ W − 2.58 at 95 %. Among all laws on N values the uniform one collides least.
///
/// `None` below two units.
pub fn support_lower_bits(units: f64, confidence: f64) -> Option<f64> {
    if units < 2.0 {
        return None;
    }
    // P(no collision) falls below 1 − confidence for every smaller space.
    let ln_escape = (1.0 - confidence).ln();
    let (mut low, mut high) = (units.log2(), 2.0 * units.log2() + 64.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if super::birthday::ln_no_collision(units, middle) < ln_escape {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

/// The collision entropy −log₂ Σp² that `units` draws without any collision certify, whatever the
/// law of the seeds: 2 log₂ W − 4.49 at 95 %. The worst law has one heavy atom q: it escapes with
/// probability (1 − q)^W + W q (1 − q)^(W − 1).
///
/// `None` below two units.
pub fn collision_entropy_lower_bits(units: f64, confidence: f64) -> Option<f64> {
    heavy_atom(units, confidence).map(|atom| -2.0 * atom.log2())
}

/// The min-entropy −log₂ max p that `units` draws without any collision certify, whatever the law:
/// log₂ W − 2.25 at 95 %.
///
/// `None` below two units.
pub fn min_entropy_lower_bits(units: f64, confidence: f64) -> Option<f64> {
    heavy_atom(units, confidence).map(|atom| -atom.log2())
}

/// The largest single probability that escapes W draws without a collision too often to exclude.
fn heavy_atom(units: f64, confidence: f64) -> Option<f64> {
    if units < 2.0 {
        return None;
    }
    let ln_escape = (1.0 - confidence).ln();
    let ln_seen_once_at_most = |q: f64| {
        let stay = (units - 1.0) * (-q).ln_1p();
        stay + ((1.0 - q) + units * q).ln()
    };
    let (mut low, mut high) = (0.0, 1.0 - 1e-15);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if ln_seen_once_at_most(middle) >= ln_escape {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

/// The seed space estimated from pairs of equal seeds: N̂ = W (W − 1) / (2 p) with p = Σ m (m − 1)/2.
///
/// `None` without pairs.
pub fn seed_space_of_pairs(units: u64, pairs: u64) -> Option<f64> {
    let w = units as f64;
    (pairs > 0).then(|| w * (w - 1.0) / (2.0 * pairs as f64))
}

/// The interval of uniform seed spaces that would show so many distinct values among `units` draws,
/// by inversion of the occupancy law (exact to 2,048 units, proven bounds beyond, so never too
/// narrow).
///
/// # Panics
/// When `distinct` exceeds `units`, or the confidence is not in (0, 1).
pub fn seed_space_interval(units: u64, distinct: u64, confidence: f64) -> Interval {
    assert!(confidence > 0.0 && confidence < 1.0);
    assert!(distinct <= units, "{distinct} distinct of {units}");
    if units < 2 {
        return Interval {
            low_bits: None,
            high_bits: None,
        };
    }
    let repeats = units - distinct;
    // Without a collision only the lower end is open to doubt, and it gets all of the risk.
    let sides = if repeats == 0 { 1.0 } else { 2.0 };
    let ln_risk = ((1.0 - confidence) / sides).ln();
    let widest = 2.0 * (units as f64).log2() + 64.0;
    // A larger space shows more distinct values: P(≥ distinct) grows with it, P(≤ distinct) falls.
    let low = bisect((distinct as f64).log2().max(0.0), widest, |bits| {
        occupancy_tails(units, bits.exp2().max(1.0), distinct).ln_upper >= ln_risk
    });
    let high = (repeats > 0).then(|| {
        bisect((distinct as f64).log2().max(0.0), widest, |bits| {
            occupancy_tails(units, bits.exp2().max(1.0), distinct).ln_lower < ln_risk
        })
    });
    Interval {
        low_bits: Some(low),
        high_bits: high,
    }
}

/// The smallest argument from which on the predicate holds.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if holds(low) {
        return low;
    }
    while high - low > 1e-6 {
        let middle = 0.5 * (low + high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_certificates() {
        let units = f64::from(1 << 20);
        let support = support_lower_bits(units, 0.95).unwrap();
        assert!((support - (40.0 - 2.58)).abs() < 0.01, "{support}");
        let collision = collision_entropy_lower_bits(units, 0.95).unwrap();
        assert!((collision - (40.0 - 4.49)).abs() < 0.01, "{collision}");
        let least = min_entropy_lower_bits(units, 0.95).unwrap();
        assert!((least - (20.0 - 2.25)).abs() < 0.01, "{least}");
        assert_eq!(support_lower_bits(1.0, 0.95), None);
    }

    #[test]
    fn one_byte_seeds_are_measured() {
        // 256 draws of one byte leave about 162 distinct values.
        let interval = seed_space_interval(256, 162, 0.95);
        let (low, high) = (interval.low_bits.unwrap(), interval.high_bits.unwrap());
        assert!(low < 8.0 && high > 8.0 && high - low < 0.6, "{interval:?}");
        assert_eq!(seed_space_of_pairs(256, 128), Some(255.0));
    }

    #[test]
    fn without_collision_the_interval_is_open_above() {
        let interval = seed_space_interval(1000, 1000, 0.95);
        assert_eq!(interval.high_bits, None);
        let certified = support_lower_bits(1000.0, 0.95).unwrap();
        assert!((interval.low_bits.unwrap() - certified).abs() < 1e-4);
    }
}
