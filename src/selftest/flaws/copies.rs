//! Streams that share what they draw.

use super::planting::*;
use crate::{
    results::FindingKind,
    selftest::sound::{mix, words},
    vocabulary::Evidence,
};

/// Equal streams, overlaps, copies in disguise and in part.
pub(super) const FLAWS: &[PlantedFlaw] = &[
    unsound(
        "one task repeats another",
        &[FindingKind::EqualStreams],
        |seed| with(seed, |streams| streams[9] = streams[3].clone()),
    ),
    unsound(
        "state inherited by every worker",
        &[FindingKind::EqualStreams],
        |seed| {
            with(seed, |streams| {
                for run in streams.chunks_mut(TASKS as usize) {
                    let first = run[0].clone();
                    run.fill(first);
                }
            })
        },
    ),
    unsound(
        "root + index in neighbouring runs",
        &[FindingKind::CrossRunSharing],
        |seed| {
            with(seed, |streams| {
                let tasks = TASKS as usize;
                for task in 0..tasks - 1 {
                    streams[tasks + task] = streams[task + 1].clone();
                }
            })
        },
    ),
    unsound(
        "one byte of seed in every task",
        &[FindingKind::NarrowSeeds],
        |seed| {
            evidence(
                4,
                64,
                (0..256)
                    .map(|i| words(mix(seed ^ i << 32) & 0xff, 64))
                    .collect(),
            )
        },
    ),
    unsound(
        "lag 1 between neighbours",
        &[FindingKind::ShiftedOverlap],
        |seed| {
            with(seed, |streams| {
                let source = words(seed ^ 0x1a9, WORDS + 64);
                for (lag, stream) in streams.iter_mut().enumerate() {
                    stream.copy_from_slice(&source[lag..lag + WORDS]);
                }
            })
        },
    ),
    unsound(
        "an overlap in the last hundredth",
        &[FindingKind::ShiftedOverlap],
        |seed| {
            with(seed, |streams| {
                let tail = streams[5][..16].to_vec();
                let length = streams[11].len();
                streams[11][length - 16..].copy_from_slice(&tail);
            })
        },
    ),
    unsound("complement", &[FindingKind::DisguisedCopy], |seed| {
        mapped(seed, |x| !x)
    }),
    unsound("negation", &[FindingKind::DisguisedCopy], |seed| {
        mapped(seed, u64::wrapping_neg)
    }),
    unsound("bytes swapped", &[FindingKind::DisguisedCopy], |seed| {
        mapped(seed, u64::swap_bytes)
    }),
    unsound("bits reversed", &[FindingKind::DisguisedCopy], |seed| {
        mapped(seed, u64::reverse_bits)
    }),
    unsound("rotated by 13", &[FindingKind::DisguisedCopy], |seed| {
        mapped(seed, |x| x.rotate_left(13))
    }),
    unsound(
        "xor with a constant",
        &[FindingKind::DisguisedCopy],
        |seed| mapped(seed, |x| x ^ 0x0123_4567_89ab_cdef),
    ),
    unsound("plus a constant", &[FindingKind::DisguisedCopy], |seed| {
        mapped(seed, |x| x.wrapping_add(0x9e37_79b9_7f4a_7c15))
    }),
    unsound("backwards in time", &[FindingKind::DisguisedCopy], |seed| {
        with(seed, |streams| {
            let reversed: Vec<u64> = streams[2].iter().rev().copied().collect();
            streams[7] = reversed;
        })
    }),
    unsound(
        "equal in the top 32 bits",
        &[FindingKind::DisguisedCopy],
        |seed| {
            with(seed, |streams| {
                let low = words(seed ^ 0x70b, WORDS);
                let mixed: Vec<u64> = streams[2]
                    .iter()
                    .zip(&low)
                    .map(|(&top, &low)| top >> 32 << 32 | low >> 32)
                    .collect();
                streams[7] = mixed;
            })
        },
    ),
    unsound(
        "the same seed again every 256 words",
        &[FindingKind::ShortPeriod],
        |seed| {
            with(seed, |streams| {
                for stream in streams {
                    let period = stream[..256].to_vec();
                    for chunk in stream.chunks_mut(256) {
                        chunk.copy_from_slice(&period[..chunk.len()]);
                    }
                }
            })
        },
    ),
    unsound(
        "every second word shared",
        &[
            FindingKind::RepeatedWords,
            FindingKind::CorrelatedStreams,
            FindingKind::ShiftedOverlap,
        ],
        |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                for (word, &shared) in streams[12].iter_mut().zip(&source).step_by(2) {
                    *word = shared;
                }
            })
        },
    ),
    unsound(
        "every eighth word of another stream",
        &[FindingKind::RepeatedWords],
        |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                for (word, &shared) in streams[12].iter_mut().zip(source.iter().step_by(8)) {
                    *word = shared;
                }
            })
        },
    ),
    unsound(
        "the running sum of another stream",
        &[FindingKind::DisguisedCopy],
        |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                let mut sum = 0_u64;
                for (word, &drawn) in streams[12].iter_mut().zip(&source) {
                    sum = sum.wrapping_add(drawn);
                    *word = sum;
                }
            })
        },
    ),
    unsound(
        "a word now and then that another stream drew",
        &[FindingKind::RepeatedWords],
        |seed| {
            with(seed, |streams| {
                let mut place = (0_u64..).map(|i| {
                    let mixed = mix(seed ^ mix(i << 32));
                    (
                        mixed as usize % (RUNS * TASKS) as usize,
                        (mixed >> 32) as usize % WORDS,
                    )
                });
                for _ in 0..12 {
                    let (from, to) = (place.next(), place.next());
                    if let (Some((a, early)), Some((b, late))) = (from, to) {
                        streams[b][late] = streams[a][early];
                    }
                }
            })
        },
    ),
];

/// Sound streams of which one is another's image.
fn mapped(seed: u64, map: fn(u64) -> u64) -> Evidence {
    with(seed, |streams| {
        let image: Vec<u64> = streams[2].iter().map(|&word| map(word)).collect();
        // The copy starts later in its stream, so that positions do not help.
        let rest = WORDS - 100;
        streams[7][100..].copy_from_slice(&image[..rest]);
    })
}
