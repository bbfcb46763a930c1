//! Streams worked out from another's words, and orbits that only pass near each other.

use super::*;
use crate::results::Series;

#[test]
fn sums_changes_and_a_constant_pace_are_found_and_named() {
    use Series::{Differences, SecondDifferences, Words, XorDifferences};
    for width in [64, 32, 24, 8] {
        let mut noise = Noise(u64::from(width));
        let streams = noise.streams(9, 600, width);
        let step = noise.word() & ones(width);
        let source = streams[2].clone();
        let running = |join: fn(u64, u64) -> u64| -> Vec<u64> {
            let sum = |sum: &mut u64, &word: &u64| {
                *sum = join(*sum, word);
                Some(*sum)
            };
            source.iter().scan(0, sum).collect()
        };
        let pace = |i: usize| step.wrapping_mul(i as u64);
        let made = [
            (Words, Differences, running(u64::wrapping_add)),
            (Words, XorDifferences, running(|a, b| a ^ b)),
            (
                Differences,
                Words,
                source.windows(2).map(|w| w[1].wrapping_sub(w[0])).collect(),
            ),
            (
                XorDifferences,
                Words,
                source.windows(2).map(|w| w[1] ^ w[0]).collect(),
            ),
            (
                SecondDifferences,
                SecondDifferences,
                (source.iter().enumerate())
                    .map(|(i, &word)| word.wrapping_add(pace(i)))
                    .collect(),
            ),
        ];
        for (a, b, copy) in made {
            for lag in [0, 40] {
                let mut streams = streams.clone();
                let length = copy.len().min(600 - lag);
                streams[5][lag..lag + length].copy_from_slice(&copy[..length]);
                for depth in DEPTHS {
                    let joins = joined(&evidence(streams.clone(), width), depth);
                    let witness = only(&joins);
                    let label = format!("{width} {a:?} {b:?} {lag} {depth:?}");
                    assert_eq!(witness.copy, CopyKind::Changes { a, b }, "{label}");
                    assert!(witness.words as usize + 3 >= length, "{label} {witness:?}");
                }
            }
        }
    }
}

#[test]
fn counters_and_close_returns_are_no_copies() {
    let mut noise = Noise(7);
    let counters: Vec<Vec<u64>> = (0..12)
        .map(|_| {
            let (start, step) = (noise.word(), noise.word());
            (0..500)
                .map(|i: u64| start.wrapping_add(step.wrapping_mul(i)))
                .collect()
        })
        .collect();
    for depth in DEPTHS {
        assert!(
            joined(&evidence(counters.clone(), 64), depth)
                .shared
                .is_empty()
        );
    }
    // Orbits of x → 4 x (1 − x) pass each other so near that 24 bits are equal a few times.
    let mut orbit = |_| -> Vec<u64> {
        let mut x = (noise.word() >> 11) as f64 / (1u64 << 53) as f64;
        (0..3000)
            .map(|_| {
                x = 4.0 * x * (1.0 - x);
                ((x * 16_777_216.0) as u64) << 40
            })
            .collect()
    };
    let orbits: Vec<Vec<u64>> = (0..8).map(&mut orbit).collect();
    for depth in DEPTHS {
        assert_nothing(&joined(&evidence(orbits.clone(), 24), depth));
    }
}
