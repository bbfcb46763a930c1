//! Streams that are different and not independent.

use super::planting::*;
use crate::{
    results::FindingKind,
    selftest::sound::{mix, words},
};

/// Streams that agree too often, follow one another, or add up.
pub(super) const FLAWS: &[PlantedFlaw] = &[
    unsound(
        "xor of two streams five words later",
        &[FindingKind::LinearRelation],
        |seed| {
            with(seed, |streams| {
                for at in 0..WORDS - 5 {
                    streams[2][at] = streams[0][at] ^ streams[1][at + 5];
                }
            })
        },
    ),
    unsound(
        "a congruential generator dealt out in turn",
        &[FindingKind::RelatedNeighbours],
        |seed| {
            let streams = (0..RUNS)
                .flat_map(|run| {
                    let mut state = mix(seed ^ mix(u64::from(run)));
                    let mut dealt = vec![Vec::with_capacity(WORDS); TASKS as usize];
                    for at in 0..WORDS * TASKS as usize {
                        state = congruential(state);
                        dealt[at % TASKS as usize].push(state);
                    }
                    dealt
                })
                .collect();
            evidence(RUNS, TASKS, streams)
        },
    ),
    unsound(
        "xor of two streams",
        &[FindingKind::LinearRelation],
        |seed| {
            with(seed, |streams| {
                let sum: Vec<u64> = streams[0]
                    .iter()
                    .zip(&streams[1])
                    .map(|(a, b)| a ^ b)
                    .collect();
                streams[2] = sum;
            })
        },
    ),
    unsound("additive split", &[FindingKind::LinearRelation], |seed| {
        with(seed, |streams| {
            // Task ij draws base + i·left + j·right.
            let parts: Vec<Vec<u64>> = (0..3).map(|k| words(seed ^ 0xadd << k, WORDS)).collect();
            for (task, stream) in streams.iter_mut().enumerate().take(4) {
                let (i, j) = (task as u64 / 2, task as u64 % 2);
                for (at, word) in stream.iter_mut().enumerate() {
                    *word = parts[0][at]
                        .wrapping_add(parts[1][at].wrapping_mul(i))
                        .wrapping_add(parts[2][at].wrapping_mul(j));
                }
            }
        })
    }),
    unsound(
        "neighbours that agree in one bit of eight",
        &[
            FindingKind::CorrelatedStreams,
            FindingKind::RelatedNeighbours,
            FindingKind::LinearRelation,
        ],
        |seed| {
            with(seed, |streams| {
                let source = streams[3].clone();
                for (word, &shared) in streams[4].iter_mut().zip(&source) {
                    *word = *word & !0xff | shared & 0xff;
                }
            })
        },
    ),
    unsound(
        "consecutive seeds of a congruential generator",
        &[
            FindingKind::RelatedNeighbours,
            FindingKind::DisguisedCopy,
            FindingKind::CorrelatedStreams,
            FindingKind::BiasedStart,
        ],
        |seed| {
            let streams = (0..u64::from(RUNS * TASKS))
                .map(|task| {
                    let mut state = (seed << 16).wrapping_add(task);
                    (0..WORDS)
                        .map(|_| {
                            state = congruential(state);
                            state
                        })
                        .collect()
                })
                .collect();
            evidence(RUNS, TASKS, streams)
        },
    ),
    unsound(
        "top bits that agree three times in four",
        &[FindingKind::CorrelatedStreams],
        |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                for (word, &shared) in streams[12].iter_mut().zip(&source).step_by(2) {
                    *word = *word & !(1 << 63) | shared & 1 << 63;
                }
            })
        },
    ),
    unsound(
        "top bits that follow another's 300 words later, two times in three",
        &[FindingKind::CorrelatedStreams],
        |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                for (at, &early) in source[..WORDS - 300].iter().enumerate() {
                    if at % 3 != 0 {
                        let word = &mut streams[12][at + 300];
                        *word = *word & !(1 << 63) | early & 1 << 63;
                    }
                }
            })
        },
    ),
    unsound(
        "the top 24 bits of every second word of another stream",
        &[FindingKind::CorrelatedStreams],
        |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                for (word, &fast) in streams[12].iter_mut().zip(source.iter().step_by(2)) {
                    *word = *word >> 24 | fast >> 40 << 40;
                }
            })
        },
    ),
    unsound(
        "any bit of a stream that follows another bit of the stream before it",
        &[FindingKind::CorrelatedStreams],
        |seed| {
            with(seed, |streams| {
                let mut copied = once_in(12, seed);
                each_after_another(streams, |before, word| {
                    let follow = word & !(1 << 20) | (before >> 40 & 1) << 20;
                    if copied() { follow } else { word }
                });
            })
        },
    ),
    unsound(
        "top bytes of neighbours whose ones are together even in number",
        &[FindingKind::RelatedNeighbours],
        |seed| with(seed, |streams| even_together(streams, 1, 8, seed)),
    ),
    unsound(
        "a stream that is a little above the one before it, too often",
        &[FindingKind::RelatedNeighbours],
        |seed| {
            with(seed, |streams| {
                let mut turned = once_in(8, seed);
                each_after_another(streams, |before, word| {
                    let above = word.wrapping_sub(before) >> 63 == 1;
                    word ^ u64::from(above && turned()) << 63
                });
            })
        },
    ),
    unsound(
        "top bytes of one task in two runs whose ones are together even in number",
        &[FindingKind::RelatedNeighbours],
        |seed| {
            with(seed, |streams| {
                even_together(streams, TASKS as usize, 5, seed)
            })
        },
    ),
    unsound(
        "neighbours whose sum is small too often",
        &[FindingKind::LinearRelation],
        |seed| {
            with(seed, |streams| {
                let mut turned = once_in(8, seed);
                each_after_another(streams, |before, word| {
                    let large = word.wrapping_add(before) >> 63 == 1;
                    word ^ u64::from(large && turned()) << 63
                });
            })
        },
    ),
    unsound(
        "xor of half of all streams",
        &[FindingKind::LinearRelation],
        |seed| {
            let mut all = streams(seed, 64, 512);
            all[63] = xor(&all[..62], 2);
            evidence(1, 64, all)
        },
    ),
    unsound(
        "xor of five streams of a shift register that lacks rank by itself",
        &[FindingKind::LinearRelation],
        |seed| {
            let mut all: Vec<Vec<u64>> = streams(seed, 160, 2)
                .iter()
                .map(|state| shift_register((state[0], state[1]), 1024))
                .collect();
            all[77] = xor(&all[..50], 10);
            evidence(1, 160, all)
        },
    ),
    weak(
        "one bit that is the xor of many bits of other streams",
        &[FindingKind::LinearRelation],
        |seed| {
            with(seed, |streams| {
                let masks = words(seed ^ 0xb17, 3);
                let (others, rest) = streams.split_at_mut(5);
                for (at, word) in rest[0].iter_mut().enumerate() {
                    let odd = (0..3).fold(false, |odd, i| odd ^ is_odd(others[i][at], masks[i]));
                    *word = *word & !(1 << 20) | u64::from(odd) << 20;
                }
            })
        },
    ),
    unsound(
        "one bit that all streams take from a common source, one time in eight",
        &[FindingKind::CommonComponent],
        |seed| {
            with(seed, |streams| {
                let common = words(seed ^ 0xc0, WORDS);
                let mut taken = once_in(8, seed);
                for stream in streams {
                    for (word, &common) in stream.iter_mut().zip(&common) {
                        if taken() {
                            *word = *word & !(1 << 29) | common & 1 << 29;
                        }
                    }
                }
            })
        },
    ),
];

/// Changes every word of a stream by the word at its place in the stream before, within runs.
fn each_after_another(streams: &mut [Vec<u64>], mut change: impl FnMut(u64, u64) -> u64) {
    for run in streams.chunks_mut(TASKS as usize) {
        for later in 1..run.len() {
            let (before, after) = run.split_at_mut(later);
            for (word, &earlier) in after[0].iter_mut().zip(&before[later - 1]) {
                *word = change(earlier, *word);
            }
        }
    }
}

/// Lets the ones of the top bytes of a stream and the one so many streams before be even in number, once in `n`
/// words more often than chance.
fn even_together(streams: &mut [Vec<u64>], back: usize, n: u64, seed: u64) {
    let mut turned = once_in(n, seed);
    for later in back..streams.len() {
        let (before, after) = streams.split_at_mut(later);
        for (word, &earlier) in after[0].iter_mut().zip(&before[later - back]) {
            if is_odd(*word ^ earlier, 0xff << 56) && turned() {
                *word ^= 1 << 56;
            }
        }
    }
}

/// The xor of every so manieth stream.
fn xor(streams: &[Vec<u64>], step: usize) -> Vec<u64> {
    let mut sum = vec![0; streams[0].len()];
    for stream in streams.iter().step_by(step) {
        sum.iter_mut()
            .zip(stream)
            .for_each(|(sum, word)| *sum ^= word);
    }
    sum
}

/// Marsaglia's shift register of 128 bits (23, 17, 26), without the sum that hides its linearity.
fn shift_register((mut a, mut b): (u64, u64), length: usize) -> Vec<u64> {
    let step = || {
        let (mut x, y) = (a, b);
        x ^= x << 23;
        (a, b) = (y, x ^ y ^ x >> 17 ^ y >> 26);
        b
    };
    std::iter::repeat_with(step).take(length).collect()
}
