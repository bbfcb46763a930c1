//! Values that make shared runs of themselves, and copies among them.

use super::{no_alarm::other, *};
use crate::vocabulary::Marginal;

/// Twelve streams of values that follow one another.
fn twelve(words: usize, mut next: impl FnMut(&mut Noise, Option<u64>) -> u64) -> Vec<Vec<u64>> {
    let mut noise = Noise(17);
    (0..12)
        .map(|_| {
            let mut last = None;
            (0..words)
                .map(|_| {
                    let value = next(&mut noise, last);
                    last = Some(value);
                    value
                })
                .collect()
        })
        .collect()
}

fn shared_in(streams: &[Vec<u64>], format: Format) -> Joins {
    joined(
        &evidence_of(&[(RunGroup::Fresh, streams.to_vec())], format),
        Depth::Full,
    )
}

fn bits(width: u32) -> Format {
    Format::Bits { width }
}

#[test]
fn states_that_stay_and_tables_of_values_are_no_copies() {
    // A state of one bit that stays nineteen times in twenty, and one that changes as often.
    let state = |stays: u64| {
        twelve(5000, move |noise, last| match last {
            Some(last) if noise.word() % 20 < stays => last,
            Some(last) => !last & 1 << 63,
            None => noise.word() & 1 << 63,
        })
    };
    // Draws with replacement from one table of 500 words.
    let table = Noise(5).stream(500, 64);
    let drawn = twelve(3000, |noise, _| table[(noise.word() % 500) as usize]);
    for (name, streams, width) in [
        ("stays", state(19), 1),
        ("changes", state(1), 1),
        ("table", drawn, 64),
    ] {
        let joins = shared_in(&streams, bits(width));
        assert!(joins.shared.is_empty(), "{name}: {:?}", joins.shared);
        assert!(joins.periods.is_empty(), "{name}: {:?}", joins.periods);
        assert!(joins.partial_copies.is_empty(), "{name}");
    }
}

#[test]
fn fractions_of_small_counts_are_no_copies() {
    let mut noise = Noise(3);
    let shares: Vec<Vec<u64>> = (0..8)
        .map(|_| {
            let mut hits = 0;
            (1..3000_u64)
                .map(|draws| {
                    hits += u64::from(noise.word() % 1000 < 785);
                    1_000_000 * hits / draws
                })
                .collect()
        })
        .collect();
    let joins = shared_in(&shares, other(Marginal::Grid, 12.0));
    assert!(joins.shared.is_empty(), "{:?}", joins.shared);
}

/// Running means of hits from the hundredth draw on, as reals: what two of them share they share at one
/// time.
fn running_means(streams: u64) -> Vec<Vec<u64>> {
    (0..streams)
        .map(|stream| {
            let mut noise = Noise(100 + stream);
            let mut hits = 0;
            (1..2148_u64)
                .map(|draws| {
                    hits += u64::from(noise.word() % 1000 < 785);
                    (hits as f64 / draws as f64).to_bits()
                })
                .skip(100)
                .collect()
        })
        .collect()
}

#[test]
fn running_means_that_meet_are_no_copies_and_long_stretches_are() {
    let reals = other(Marginal::Continuous, 40.0);
    let mut means = running_means(24);
    let joins = shared_in(&means, reals);
    assert!(joins.shared.is_empty(), "{:?}", joins.shared);
    let copy = means[2][1000..1200].to_vec();
    means[5][1000..1200].copy_from_slice(&copy);
    let joins = shared_in(&means, reals);
    assert_eq!(only_shared(&joins).lag(), 0);
}

#[test]
fn copies_among_such_values_are_found() {
    let mut state = twelve(5000, |noise, last| match last {
        Some(last) if noise.word() % 20 < 19 => last,
        _ => noise.word() & 1 << 63,
    });
    let copy = state[2][1000..4000].to_vec();
    state[7][1500..4500].copy_from_slice(&copy);
    let joins = shared_in(&state, other(Marginal::Categorical, 0.14));
    assert_eq!(only_shared(&joins).lag(), 500);

    let mut dice = twelve(3000, |noise, _| noise.word() % 6);
    let piece = dice[2][100..300].to_vec();
    dice[7][900..1100].copy_from_slice(&piece);
    // One stream that repeats itself does not hide it.
    let again = dice[9][..1111].to_vec();
    dice[9][1111..2222].copy_from_slice(&again);
    let joins = shared_in(&dice, other(Marginal::Categorical, 2.58));
    assert_eq!(only_shared(&joins).lag(), 800);
    assert_eq!(joins.periods[0].lag(), 1111);
}

#[test]
fn tables_of_each_streams_own_explain_no_run_that_two_streams_share() {
    let mut noise = Noise(23);
    let mut streams: Vec<Vec<u64>> = (0..12)
        .map(|_| {
            let table = noise.stream(500, 64);
            let draw = |_| table[(noise.word() % 500) as usize];
            (0..3000).map(draw).collect()
        })
        .collect();
    // So short that it would be nothing within a stream.
    let piece = streams[2][100..104].to_vec();
    streams[7][900..904].copy_from_slice(&piece);
    let joins = shared_in(&streams, bits(64));
    assert_eq!(only_shared(&joins).lag(), 800);
    assert!(joins.periods.is_empty(), "{:?}", joins.periods);
}
