//! Evidence with a flaw planted in it.

use super::sound::{mix, words};
use crate::{
    results::FindingKind,
    verdict::{Judgement, Severity, Verdict},
    vocabulary::{Evidence, Format},
};

/// A flaw to be caught.
pub struct Planted {
    /// What it is.
    pub name: &'static str,
    /// Findings of which at least one must convict.
    pub caught_by: &'static [FindingKind],
    /// Evidence that has it.
    pub build: fn(u64) -> Evidence,
}

impl Planted {
    /// Whether a judgement calls it unsound for one of the right reasons.
    pub fn is_caught(&self, judgement: &Judgement) -> bool {
        judgement.verdict == Verdict::Unsound
            && judgement.findings.iter().any(|finding| {
                finding.severity == Severity::Error && self.caught_by.contains(&finding.rule)
            })
    }
}

/// Tasks, runs and words of flawed evidence.
const TASKS: u32 = 16;
const RUNS: u32 = 2;
const WORDS: usize = 1_024;

/// Every planted flaw.
pub const FLAWS: &[Planted] = &[
    Planted {
        name: "one task repeats another",
        caught_by: &[FindingKind::EqualStreams],
        build: |seed| with(seed, |streams| streams[9] = streams[3].clone()),
    },
    Planted {
        name: "state inherited by every worker",
        caught_by: &[FindingKind::EqualStreams],
        build: |seed| {
            with(seed, |streams| {
                for run in streams.chunks_mut(TASKS as usize) {
                    let first = run[0].clone();
                    run.fill(first);
                }
            })
        },
    },
    Planted {
        name: "root + index in neighbouring runs",
        caught_by: &[FindingKind::CrossRunSharing],
        build: |seed| {
            with(seed, |streams| {
                let tasks = TASKS as usize;
                for task in 0..tasks - 1 {
                    streams[tasks + task] = streams[task + 1].clone();
                }
            })
        },
    },
    Planted {
        name: "one byte of seed in every task",
        caught_by: &[FindingKind::NarrowSeeds],
        build: |seed| {
            evidence(
                4,
                64,
                (0..256)
                    .map(|i| words(mix(seed ^ i << 32) & 0xff, 64))
                    .collect(),
            )
        },
    },
    Planted {
        name: "lag 1 between neighbours",
        caught_by: &[FindingKind::ShiftedOverlap],
        build: |seed| {
            with(seed, |streams| {
                let source = words(seed ^ 0x1a9, WORDS + 64);
                for (lag, stream) in streams.iter_mut().enumerate() {
                    stream.copy_from_slice(&source[lag..lag + WORDS]);
                }
            })
        },
    },
    Planted {
        name: "an overlap in the last hundredth",
        caught_by: &[FindingKind::ShiftedOverlap],
        build: |seed| {
            with(seed, |streams| {
                let tail = streams[5][..16].to_vec();
                let length = streams[11].len();
                streams[11][length - 16..].copy_from_slice(&tail);
            })
        },
    },
    Planted {
        name: "complement",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| mapped(seed, |x| !x),
    },
    Planted {
        name: "negation",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| mapped(seed, u64::wrapping_neg),
    },
    Planted {
        name: "bytes swapped",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| mapped(seed, u64::swap_bytes),
    },
    Planted {
        name: "bits reversed",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| mapped(seed, u64::reverse_bits),
    },
    Planted {
        name: "rotated by 13",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| mapped(seed, |x| x.rotate_left(13)),
    },
    Planted {
        name: "xor with a constant",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| mapped(seed, |x| x ^ 0x0123_4567_89ab_cdef),
    },
    Planted {
        name: "plus a constant",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| mapped(seed, |x| x.wrapping_add(0x9e37_79b9_7f4a_7c15)),
    },
    Planted {
        name: "backwards in time",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| {
            with(seed, |streams| {
                let reversed: Vec<u64> = streams[2].iter().rev().copied().collect();
                streams[7] = reversed;
            })
        },
    },
    Planted {
        name: "equal in the top 32 bits",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| {
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
    },
    Planted {
        name: "the same seed again every 256 words",
        caught_by: &[FindingKind::ShortPeriod],
        build: |seed| {
            with(seed, |streams| {
                for stream in streams {
                    let period = stream[..256].to_vec();
                    for chunk in stream.chunks_mut(256) {
                        chunk.copy_from_slice(&period[..chunk.len()]);
                    }
                }
            })
        },
    },
    Planted {
        name: "every second word shared",
        caught_by: &[
            FindingKind::RepeatedWords,
            FindingKind::CorrelatedStreams,
            FindingKind::ShiftedOverlap,
        ],
        build: |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                for (word, &shared) in streams[12].iter_mut().zip(&source).step_by(2) {
                    *word = shared;
                }
            })
        },
    },
    Planted {
        name: "every eighth word of another stream",
        caught_by: &[FindingKind::RepeatedWords],
        build: |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                for (word, &shared) in streams[12].iter_mut().zip(source.iter().step_by(8)) {
                    *word = shared;
                }
            })
        },
    },
    Planted {
        name: "the top 24 bits of every second word of another stream",
        caught_by: &[FindingKind::CorrelatedStreams],
        build: |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                for (word, &fast) in streams[12].iter_mut().zip(source.iter().step_by(2)) {
                    *word = *word >> 24 | fast >> 40 << 40;
                }
            })
        },
    },
    Planted {
        name: "xor of two streams five words later",
        caught_by: &[FindingKind::LinearRelation],
        build: |seed| {
            with(seed, |streams| {
                for at in 0..WORDS - 5 {
                    streams[2][at] = streams[0][at] ^ streams[1][at + 5];
                }
            })
        },
    },
    Planted {
        name: "top bits that agree three times in four",
        caught_by: &[FindingKind::CorrelatedStreams],
        build: |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                for (word, &shared) in streams[12].iter_mut().zip(&source).step_by(2) {
                    *word = *word & !(1 << 63) | shared & 1 << 63;
                }
            })
        },
    },
    Planted {
        name: "top bits that follow another's 300 words later, two times in three",
        caught_by: &[FindingKind::CorrelatedStreams],
        build: |seed| {
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
    },
    Planted {
        name: "the running sum of another stream",
        caught_by: &[FindingKind::DisguisedCopy],
        build: |seed| {
            with(seed, |streams| {
                let source = streams[4].clone();
                let mut sum = 0_u64;
                for (word, &drawn) in streams[12].iter_mut().zip(&source) {
                    sum = sum.wrapping_add(drawn);
                    *word = sum;
                }
            })
        },
    },
    Planted {
        name: "a congruential generator dealt out in turn",
        caught_by: &[FindingKind::RelatedNeighbours],
        build: |seed| {
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
    },
    Planted {
        name: "xor of two streams",
        caught_by: &[FindingKind::LinearRelation],
        build: |seed| {
            with(seed, |streams| {
                let sum: Vec<u64> = streams[0]
                    .iter()
                    .zip(&streams[1])
                    .map(|(a, b)| a ^ b)
                    .collect();
                streams[2] = sum;
            })
        },
    },
    Planted {
        name: "additive split",
        caught_by: &[FindingKind::LinearRelation],
        build: |seed| {
            with(seed, |streams| {
                // Task ij draws base + i·left + j·right.
                let parts: Vec<Vec<u64>> =
                    (0..3).map(|k| words(seed ^ 0xadd << k, WORDS)).collect();
                for (task, stream) in streams.iter_mut().enumerate().take(4) {
                    let (i, j) = (task as u64 / 2, task as u64 % 2);
                    for (at, word) in stream.iter_mut().enumerate() {
                        *word = parts[0][at]
                            .wrapping_add(parts[1][at].wrapping_mul(i))
                            .wrapping_add(parts[2][at].wrapping_mul(j));
                    }
                }
            })
        },
    },
    Planted {
        name: "neighbours that agree in one bit of eight",
        caught_by: &[
            FindingKind::CorrelatedStreams,
            FindingKind::RelatedNeighbours,
            FindingKind::LinearRelation,
        ],
        build: |seed| {
            with(seed, |streams| {
                let source = streams[3].clone();
                for (word, &shared) in streams[4].iter_mut().zip(&source) {
                    *word = *word & !0xff | shared & 0xff;
                }
            })
        },
    },
    Planted {
        name: "consecutive seeds of a congruential generator",
        caught_by: &[
            FindingKind::RelatedNeighbours,
            FindingKind::DisguisedCopy,
            FindingKind::CorrelatedStreams,
            FindingKind::BiasedStart,
        ],
        build: |seed| {
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
    },
    Planted {
        name: "first draws of near seeds",
        caught_by: &[FindingKind::BiasedStart],
        build: |seed| {
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
    },
];

/// Sound streams with something done to them.
fn with(seed: u64, plant: impl FnOnce(&mut Vec<Vec<u64>>)) -> Evidence {
    let mut streams: Vec<Vec<u64>> = (0..u64::from(RUNS * TASKS))
        .map(|stream| words(mix(seed ^ mix(stream)), WORDS))
        .collect();
    plant(&mut streams);
    evidence(RUNS, TASKS, streams)
}

/// Sound streams of which one is another's image.
fn mapped(seed: u64, map: fn(u64) -> u64) -> Evidence {
    with(seed, |streams| {
        let image: Vec<u64> = streams[2].iter().map(|&word| map(word)).collect();
        // The copy starts later in its stream, so that positions do not help.
        let rest = WORDS - 100;
        streams[7][100..].copy_from_slice(&image[..rest]);
    })
}

/// One step of Knuth's MMIX generator.
const fn congruential(state: u64) -> u64 {
    state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407)
}

fn evidence(runs: u32, tasks: u32, streams: Vec<Vec<u64>>) -> Evidence {
    let length = streams.first().map_or(0, Vec::len);
    super::sound::evidence(runs, tasks, length, streams.concat(), Format::WORDS)
}
