//! Words that are not uniform, at the start or throughout, or that follow one another.

use super::planting::*;
use crate::{
    results::FindingKind,
    selftest::sound::{self, mix, words},
    vocabulary::Format,
};

/// Flaws of single streams, most of them the generator's.
pub(super) const FLAWS: &[PlantedFlaw] = &[
    unsound(
        "first draws of near seeds",
        &[FindingKind::BiasedStart],
        |seed| {
            // The first word carries the task's number in its top byte's low half.
            let streams = (0..512_u64)
                .map(|task| {
                    let mut stream = words(mix(seed ^ task << 24), 64);
                    stream[0] = stream[0] >> 4 | (task & 7) << 60;
                    stream
                })
                .collect();
            evidence(2, 256, streams)
        },
    ),
    weak(
        "a bit that is set a little too often",
        &[FindingKind::NonuniformWords],
        |seed| {
            with(seed, |streams| {
                let mut set = once_in(16, seed);
                for word in streams.iter_mut().flatten() {
                    *word |= u64::from(set()) << 29;
                }
            })
        },
    ),
    weak(
        "a bit that is set too often in one stream",
        &[FindingKind::NonuniformWords],
        |seed| {
            with(seed, |streams| {
                let mut set = once_in(3, seed);
                for word in &mut streams[5] {
                    *word |= u64::from(set()) << 29;
                }
            })
        },
    ),
    weak(
        "a byte whose ones are even in number, too often",
        &[FindingKind::NonuniformWords],
        |seed| {
            with(seed, |streams| {
                streams.iter_mut().for_each(|stream| even(stream, 4, seed));
            })
        },
    ),
    weak(
        "a byte of one stream whose ones are even in number, too often",
        &[FindingKind::NonuniformWords],
        |seed| {
            let mut all = streams(seed, TASKS, LONG);
            even(&mut all[5], 6, seed);
            evidence(1, TASKS, all)
        },
    ),
    weak(
        "bits that are those of the word before, one time in 32",
        &[FindingKind::SerialDependence],
        |seed| {
            with(seed, |streams| {
                let masks = words(seed ^ 0xac, 5 * RUNS as usize * TASKS as usize * WORDS);
                let mut masks = masks.chunks_exact(5);
                for stream in streams {
                    for at in 1..stream.len() {
                        let mask = masks.next().expect("five words for each");
                        // Of the bits in the middle.
                        let kept = mask
                            .iter()
                            .fold(0xffff_ffff << 16, |kept, word| kept & word);
                        stream[at] = stream[at] & !kept | stream[at - 1] & kept;
                    }
                }
            })
        },
    ),
    weak(
        "top bits of two successive words whose ones are together even in number",
        &[FindingKind::SerialDependence],
        |seed| {
            with(seed, |streams| {
                let mut turned = once_in(4, seed);
                for pair in streams
                    .iter_mut()
                    .flat_map(|stream| stream.chunks_exact_mut(2))
                {
                    if is_odd(pair[0] ^ pair[1], 0xf << 60) && turned() {
                        pair[1] ^= 1 << 60;
                    }
                }
            })
        },
    ),
    weak(
        "top bits of words that are half of all there are",
        &[FindingKind::RepeatedWords],
        |seed| {
            with(seed, |streams| {
                let mut fresh = (1_u64..).map(|i| mix(seed ^ mix(i)));
                for word in streams.iter_mut().flatten() {
                    while is_odd(mix(*word >> 44), 1) {
                        *word = fresh.next().expect("there is always another");
                    }
                }
            })
        },
    ),
    weak(
        "values dealt without replacement",
        &[FindingKind::TooFewRepeats],
        |seed| {
            // Four rounds of a Feistel network are a permutation of 32-bit values.
            let dealt = |at: u32| {
                let (mut left, mut right) = (at >> 16, at & 0xffff);
                for round in 0..4 {
                    let mixed = mix(seed ^ mix(round << 16 | u64::from(right)));
                    (left, right) = (right, left ^ (mixed >> 48) as u32);
                }
                u64::from(left << 16 | right) << 32
            };
            let all = (0..TASKS * 2 * LONG as u32).map(dealt).collect();
            sound::evidence(1, TASKS, 2 * LONG, all, Format::Bits { width: 32 })
        },
    ),
];

/// Words of a stream whose bytes are counted by themselves.
const LONG: usize = 1 << 14;

/// Lets the ones of one byte be even in number, once in `n` words more often than chance.
fn even(stream: &mut [u64], n: u64, seed: u64) {
    let mut turned = once_in(n, seed ^ stream[0]);
    for word in stream {
        if is_odd(*word, 0xff << 24) && turned() {
            *word ^= 1 << 24;
        }
    }
}
