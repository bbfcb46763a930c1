//! Chance claims no more than it should, and copies are seen.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::{
    results::SUSPECT,
    values::rates::chance::{claims_no_more, numbers},
};

const PLACES: usize = 300;

type Law = fn(&mut ChaCha8Rng, usize, &[f64]) -> Vec<f64>;

fn below(source: &mut ChaCha8Rng, most: u32) -> Vec<f64> {
    let draw = |_| f64::from(source.random_range(0..most));
    (0..PLACES).map(draw).collect()
}

fn dice(source: &mut ChaCha8Rng, _: usize, _: &[f64]) -> Vec<f64> {
    below(source, 6)
}

fn thousand(source: &mut ChaCha8Rng, _: usize, _: &[f64]) -> Vec<f64> {
    below(source, 1000)
}

/// Eight states in a ring, left three times in ten.
fn chain(source: &mut ChaCha8Rng, _: usize, _: &[f64]) -> Vec<f64> {
    let mut at = source.random_range(0..8_i32);
    let step = |_| {
        if source.random_bool(0.3) {
            at = (at + if source.random() { 1 } else { 7 }) % 8;
        }
        f64::from(at)
    };
    (0..PLACES).map(step).collect()
}

const LAWS: [Law; 9] = [
    dice,
    thousand,
    chain,
    // Rare events.
    |source, _, _| {
        let event = |x: f64| f64::from(u8::from(x < 1.0));
        below(source, 30).into_iter().map(event).collect()
    },
    // Streams of narrow ranges of their own.
    |source, _, _| {
        let range = 4 << source.random_range(0..6);
        below(source, range)
    },
    // Each place has a value that is frequent there.
    |source, _, common| {
        let own = below(source, 6);
        let both = own.into_iter().zip(common);
        both.map(|(own, common)| if own < 3.0 { *common } else { own })
            .collect()
    },
    // Rows of six from a list of fifty.
    |source, _, common| {
        let row = |_| {
            let from = 6 * source.random_range(0..PLACES / 6);
            common[from..from + 6].to_vec()
        };
        (0..PLACES / 6).flat_map(row).collect()
    },
    // A walk, and how far it is below what it has been.
    |source, _, _| {
        let (mut at, mut most) = (0.0, 0.0_f64);
        let step = |_| {
            at += source.random::<f64>() - 0.5;
            most = most.max(at);
            most - at
        };
        (0..PLACES).map(step).collect()
    },
    // Every second value says who drew it, of two runs.
    |source, stream, _| {
        let mut own = below(source, 1000);
        let named = own.iter_mut().step_by(2);
        named.for_each(|value| *value = (stream / 2) as f64);
        own
    },
];

fn streams(source: &mut ChaCha8Rng, count: usize, law: Law) -> Vec<(u32, u32, Vec<f64>)> {
    let common = below(source, 6);
    let stream = |at| (0, at as u32, law(source, at, &common));
    (0..count).map(stream).collect()
}

/// b bits are claimed of sound streams in no more than a share of 2^−b.
#[test]
fn chance_claims_no_more_than_it_should() {
    const TIMES: usize = 200;
    let mut source = ChaCha8Rng::seed_from_u64(1);
    for (law, draw) in LAWS.into_iter().enumerate() {
        for count in [4, 8] {
            let claims: Vec<f64> = (0..TIMES)
                .filter_map(|_| in_place(&numbers(&streams(&mut source, count, draw)), 4))
                .map(|rate| rate.bits)
                .collect();
            let most = claims.iter().copied().fold(0.0, f64::max);
            assert!(most < SUSPECT, "law {law} of {count}: {most}");
            claims_no_more(claims, TIMES, &format!("law {law} of {count}"));
        }
    }
}

/// A stream that takes a part of its values from the same places of another.
#[test]
fn copies_among_values_that_meet_by_chance_are_seen() {
    let mut source = ChaCha8Rng::seed_from_u64(2);
    for (law, share) in [(dice as Law, 0.4), (thousand, 0.2), (chain, 0.7)] {
        let mut drawn = streams(&mut source, 8, law);
        for place in 0..PLACES {
            if source.random_bool(share) {
                drawn[6].2[place] = drawn[1].2[place];
            }
        }
        let found = in_place(&numbers(&drawn), 4).expect("enough places");
        assert!(found.bits > SUSPECT && found.streams == [1, 6], "{found:?}");
    }
}

/// Two streams of those at a place win nothing on the average, whatever is bet, and 5 % less of what chance wins
/// would be a gain.
#[test]
fn a_bet_is_fair() {
    let mut source = ChaCha8Rng::seed_from_u64(3);
    for share in SHARES {
        let ids: Vec<f64> = (0..7).map(|_| f64::from(source.next_u32() % 3)).collect();
        let drawn: Vec<(u32, u32, Vec<f64>)> =
            (0..).zip(ids).map(|(at, id)| (0, at, vec![id])).collect();
        let table = Table::of(&numbers(&drawn), &[0]);
        let pairs: Vec<(usize, usize)> = ranks::pairs(7).collect();
        let won = |pair: &(usize, usize)| table.won(*pair, 1, share, 1.0, 0.0).exp();
        let mean = pairs.iter().map(won).sum::<f64>() / pairs.len() as f64;
        assert!((mean - 1.0).abs() < 1e-9, "{share}: {mean}");
    }
}
