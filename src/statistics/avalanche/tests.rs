//! Seeds that answer to every bit and seeds that do not.

use super::*;
use crate::{
    generators::{BitStream, Xorshift128},
    statistics::{samples::splitmix, views::mix},
};

/// Base seeds of 16 bytes.
fn bases(count: u64, salt: u64) -> Vec<Vec<u8>> {
    (0..count)
        .map(|i| {
            let (low, high) = (mix(salt + 2 * i), mix(salt + 2 * i + 1));
            [low.to_le_bytes(), high.to_le_bytes()].concat()
        })
        .collect()
}

fn low(seed: &[u8]) -> u64 {
    u64::from_le_bytes(seed[..8].try_into().unwrap())
}

fn walk(bits: u32, words: usize, open: impl Fn(&[u8]) -> Vec<u64> + Sync) -> Avalanche {
    avalanche::<()>(bits, words, 64, &bases(3, 0), |seed| Ok(open(seed))).unwrap()
}

fn p(results: &[TestResult]) -> f64 {
    results.iter().filter_map(TestResult::p).fold(1.0, f64::min)
}

fn hashed(seed: &[u8]) -> Vec<u64> {
    let high = u64::from_le_bytes(seed[8..16].try_into().unwrap());
    let mut draw = splitmix(mix(mix(low(seed)) ^ high));
    vec![draw(), draw()]
}

#[test]
fn every_bit_of_a_hashed_seed_counts() {
    let all = walk(128, 2, hashed);
    assert!(all.dead().is_empty());
    assert_eq!(p(&all.dead_bits(128)), 1.0);
    assert!(p(&all.weak_bits(128, || None)) > 1e-3);
}

#[test]
fn a_seed_cut_to_32_bits_is_told_by_its_bits() {
    let cut = walk(64, 1, |seed| vec![splitmix(mix(low(seed) & 0xffff_ffff))()]);
    assert_eq!(cut.dead(), [(32, 63)]);
    let results = cut.dead_bits(64);
    assert_eq!(results[0].detail, "bits 32–63 of the seed");
    // 3 bases of one word: 64 · 2^−192.
    assert!((results[0].p().unwrap() / 2.0_f64.powi(-186) - 1.0).abs() < 1e-9);
    // The other bits are as they should be, and a rule that says so is.
    assert!(p(&cut.weak_bits(64, || None)) > 1e-3);
    assert_eq!(p(&cut.dead_bits(32)), 1.0);
}

#[test]
fn bits_that_are_shifted_out_are_told() {
    let cut = walk(128, 1, |seed| vec![splitmix(mix(low(seed) >> 4))()]);
    assert_eq!(cut.dead(), [(0, 3), (64, 127)]);
    assert_eq!(cut.dead_bits(128)[0].detail, "bits 0–3, 64–127 of the seed");
}

#[test]
fn a_linear_generator_seeded_with_its_state_is_weak() {
    let linear = walk(128, 2, |seed| {
        let word = |i: usize| u32::from_le_bytes(seed[4 * i..4 * i + 4].try_into().unwrap());
        let mut words = vec![0; 2];
        Xorshift128::from_state(std::array::from_fn(word)).fill(&mut words);
        words
    });
    assert!(linear.dead().is_empty());
    assert!(p(&linear.weak_bits(128, || None)) < 1e-30);
}

/// By hand: one word of 4 uniform bits, two bits of seed, one base. Flip 0 changes all 4 bits, flip
/// 1 changes 1: over 6 places the least two-sided tail is 2 · 2^−4, of flip 0, times 6.
#[test]
fn a_matrix_worked_out_by_hand() {
    let mut walk = Avalanche::new(2, 1, 4);
    walk.add(0, &[0b1010 << 60], &[0b0101 << 60]);
    walk.add(1, &[0b1010 << 60], &[0b1011 << 60]);
    let summary = walk.summary(2);
    assert_eq!(summary.changed, [100, 25]);
    assert_eq!(walk.outputs, [2, 1, 1, 1]);
    let spots = walk.spots(2);
    let p: Vec<f64> = spots.iter().map(|s| s.tails.ln_two_sided().exp()).collect();
    // Binomial(4, ½): 4 of 4 is 1/16; at most 1 is 5/16. Binomial(2, ½): 2 of 2 is 1/4; 1 of 2 is
    // no surprise.
    for (p, expected) in p.iter().zip([0.125, 0.625, 0.5, 1.0, 1.0, 1.0]) {
        assert!((p - expected).abs() < 1e-12, "{p} {expected}");
    }
}

/// Three streams of a seed of which two are equal: two trials, of four bits each. Flip 0 changes all bits of
/// the equal ones and none of the third, and flip 1 nothing.
#[test]
fn equal_streams_are_one_trial() {
    let (one, other) = (0b1010 << 60, 0b0011 << 60);
    let mut walk = Avalanche::new(2, 1, 4);
    walk.add(0, &[one, one, other], &[!one, !one, other]);
    walk.add(1, &[one, one, other], &[one, one, other]);
    assert_eq!((walk.compared, walk.streams), (2, 3));
    assert_eq!(walk.outputs, [1; 4]);
    assert_eq!((walk.flips[0].changed, walk.flips[0].bits), (4, 8));
    // Streams that become equal are no more, and so are those that were.
    let mut met = Avalanche::new(1, 1, 4);
    met.add(0, &[one, other], &[0, 0]);
    assert_eq!((met.compared, met.flips[0].bits), (1, 4));
    // Eight bits that are the same by chance, for any of two bits of the seed: 2 · 2^−8.
    let dead = p(&walk.dead_bits(2));
    assert!((dead - 2.0 / 256.0).abs() < 1e-12, "{dead}");
}

#[test]
fn size_holds_on_a_hundred_thousand_sound_expansions() {
    // No test of the registry, and so cheap that the long run is the only one.
    const REPLICATES: u64 = 100_000;
    let p_values: Vec<f64> = (0..REPLICATES)
        .into_par_iter()
        .map(|salt| {
            let walk = avalanche::<()>(16, 1, 64, &bases(2, 4 * salt), |seed| {
                Ok(hashed(seed)[..1].to_vec())
            });
            p(&walk.unwrap().weak_bits(16, || None))
        })
        .collect();
    for alpha in [0.5, 0.1, 0.01, 1e-3, 1e-4] {
        let alarms = p_values.iter().filter(|&&p| p <= alpha).count() as u64;
        let (low, _) = crate::math::clopper_pearson(alarms, REPLICATES, 1e-6);
        assert!(low <= alpha, "{alarms} of {REPLICATES} at {alpha}");
    }
}
