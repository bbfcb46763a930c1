//! How much information one element carries at least, from the collisions in a sample.

use super::FirstNumbers;
use crate::vocabulary::{Format, Marginal};

/// A format that is no uniform bits, with a careful estimate of its information.
///
/// Nothing but collisions is believed: values of full precision may still be few, such as
/// accuracies out of 131 cases.
pub(super) fn other(sample: &FirstNumbers, marginal: Marginal) -> Format {
    Format::Other {
        marginal,
        bits_per_element: collision_bits(sample),
    }
}

/// A lower bound of the collision entropy of one element, in bits: from the pairs inside streams
/// or from all pairs, whichever says more (a flaw adds collisions to one or the other).
///
/// With c collisions among P pairs the rate is at most (c + 2·√c + 3) / P with about 95 %
/// confidence (3 is −ln 0.05, the bound where nothing collided).
pub(super) fn collision_bits(sample: &FirstNumbers) -> f64 {
    let mut collisions = 0;
    let mut pairs = 0;
    let mut sorted = Vec::new();
    for stream in sample.streams() {
        sorted.clear();
        sorted.extend_from_slice(stream);
        collisions += colliding_pairs(&mut sorted);
        pairs += pairs_of(stream.len());
    }
    let mut all = sample.values().to_vec();
    let all_pairs = pairs_of(all.len());
    let all_collisions = colliding_pairs(&mut all);
    bound(collisions, pairs).max(bound(all_collisions, all_pairs))
}

fn bound(collisions: u64, pairs: u64) -> f64 {
    if pairs == 0 {
        return 0.0;
    }
    let collisions = collisions as f64;
    let most = collisions + 2.0 * collisions.sqrt() + 3.0;
    (pairs as f64 / most).log2().max(0.0)
}

fn pairs_of(count: usize) -> u64 {
    let count = count as u64;
    count * count.saturating_sub(1) / 2
}

fn colliding_pairs(values: &mut [u64]) -> u64 {
    values.sort_unstable();
    values
        .chunk_by(|a, b| a == b)
        .map(|group| pairs_of(group.len()))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_die_carries_two_and_a_half_bits() {
        let mut sample = FirstNumbers::default();
        let rolls: Vec<u64> = (0..6000).map(|i| i * i * 7 % 31 % 6).collect();
        sample.add(&rolls, 0);
        let bits = collision_bits(&sample);
        assert!((2.0..2.6).contains(&bits), "{bits}");
    }

    #[test]
    fn no_collision_bounds_by_the_pairs() {
        let mut sample = FirstNumbers::default();
        let values: Vec<u64> = (0..4096).collect();
        sample.add(&values, 0);
        let bits = collision_bits(&sample);
        let expected = (4096.0 * 4095.0 / 2.0 / 3.0f64).log2();
        assert!((bits - expected).abs() < 1e-9, "{bits}");
    }
}
