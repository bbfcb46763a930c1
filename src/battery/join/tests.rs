//! Every disguise planted and found, sound evidence left alone.

use proptest::prelude::*;

use super::{
    super::{CopyKind, Depth, Joins, Witness},
    JoinArena, duplicates, duplicates_of_halves, group_equal, join, representatives,
};
use crate::core::{Evidence, Format, Marginal, RunGroup, RunId, RunInfo, StreamId};

const DEPTHS: [Depth; 3] = [Depth::Screen, Depth::Full, Depth::Exhaustive];

/// SplitMix64 (Steele, Lea & Flood 2014): a source for tests.
struct Noise(u64);

impl Noise {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn stream(&mut self, words: usize, width: u32) -> Vec<u64> {
        (0..words).map(|_| self.word() & ones(width)).collect()
    }

    fn streams(&mut self, streams: usize, words: usize, width: u32) -> Vec<Vec<u64>> {
        (0..streams).map(|_| self.stream(words, width)).collect()
    }
}

fn ones(width: u32) -> u64 {
    !0 << (64 - width)
}

fn run(run: u32, group: RunGroup) -> RunInfo {
    RunInfo {
        run: RunId(run),
        group,
        root: None,
    }
}

/// Evidence of several runs with the streams of each.
fn evidence_of(runs: &[(RunGroup, Vec<Vec<u64>>)], format: Format) -> Evidence {
    let mut words = Vec::new();
    let (mut ids, mut lengths, mut infos) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (group, streams)) in runs.iter().enumerate() {
        infos.push(run(index as u32, *group));
        for (task, stream) in streams.iter().enumerate() {
            ids.push(StreamId::new(index as u32, task as u32));
            lengths.push(stream.len());
            words.extend_from_slice(stream);
        }
    }
    Evidence::ragged(words, ids, &lengths, infos, format).unwrap()
}

fn evidence(streams: Vec<Vec<u64>>, width: u32) -> Evidence {
    evidence_of(&[(RunGroup::Fresh, streams)], Format::Bits { width })
}

fn joined(evidence: &Evidence, depth: Depth) -> Joins {
    join(evidence, depth, &mut JoinArena::new())
}

fn assert_nothing(joins: &Joins) {
    assert!(!joins.found_any(), "{joins:?}");
    assert_eq!(joins.repeating_runs, 0);
}

/// Plants the image of words `from..from + length` of stream 2 at `to` of stream 5.
fn plant(
    width: u32,
    words: usize,
    (from, to, length): (usize, usize, usize),
    reversed: bool,
    image: &dyn Fn(u64) -> u64,
) -> Evidence {
    let mut noise = Noise(u64::from(width) << 32 | words as u64);
    let mut streams = noise.streams(8, words, width);
    let mut copy: Vec<u64> = streams[2][from..from + length]
        .iter()
        .map(|&word| image(word))
        .collect();
    if reversed {
        copy.reverse();
    }
    streams[5][to..to + length].copy_from_slice(&copy);
    evidence(streams, width)
}

fn only(joins: &Joins) -> &Witness {
    assert_eq!(joins.shared.len(), 1, "{:?}", joins.shared);
    assert!(
        joins.periods.is_empty() && joins.equal_streams.is_empty(),
        "{joins:?}"
    );
    &joins.shared[0].witness
}

type Disguise = (CopyKind, Box<dyn Fn(u64) -> u64>);

fn disguises(width: u32) -> Vec<Disguise> {
    let shift = 64 - width;
    let constant = 0x1234_5678_9abc_def0u64.rotate_left(7) & ones(width);
    let number = constant >> shift;
    let mut all: Vec<Disguise> = vec![
        (CopyKind::Equal, Box::new(|w| w)),
        (CopyKind::Complement, Box::new(move |w| !w & ones(width))),
        (CopyKind::Negation, Box::new(|w: u64| w.wrapping_neg())),
        (
            CopyKind::BitReversal,
            Box::new(move |w| (w >> shift).reverse_bits()),
        ),
        (
            CopyKind::Rotation { bits: 5 },
            Box::new(move |w| (w << 5 | w >> (width - 5)) & ones(width)),
        ),
        (
            CopyKind::ConstantXor { constant: number },
            Box::new(move |w| w ^ constant),
        ),
        (
            CopyKind::ConstantAdd { constant: number },
            Box::new(move |w: u64| w.wrapping_add(constant)),
        ),
        (
            CopyKind::ConstantMinus { constant: number },
            Box::new(move |w: u64| constant.wrapping_sub(w)),
        ),
        (
            CopyKind::BitPermutation,
            Box::new(move |w| {
                (0..width).fold(0, |out, i| {
                    out | (w >> (shift + i) & 1) << (shift + (5 * i + 1) % width)
                })
            }),
        ),
    ];
    if width.is_multiple_of(8) {
        all.push((
            CopyKind::ByteSwap,
            Box::new(move |w| (w >> shift).swap_bytes()),
        ));
    }
    all
}

#[test]
fn every_disguise_is_found_and_named_with_its_place() {
    for width in [64, 53, 32, 24] {
        for (kind, image) in disguises(width) {
            for reversed in [false, true] {
                for place in [(0, 0, 300), (100, 100, 200), (37, 180, 90)] {
                    let evidence = plant(width, 300, place, reversed, &image);
                    for depth in DEPTHS {
                        let joins = joined(&evidence, depth);
                        if place == (0, 0, 300) && kind == CopyKind::Equal && !reversed {
                            assert_eq!(joins.equal_streams[0].words, 300);
                            assert!(joins.shared.is_empty());
                            continue;
                        }
                        let witness = only(&joins);
                        let (from, to, length) = place;
                        let label = format!("{width} {kind:?} {reversed} {place:?} {depth:?}");
                        assert_eq!(witness.copy, kind, "{label}");
                        assert_eq!(witness.reversed, reversed, "{label}");
                        assert_eq!(witness.a.stream, StreamId::new(0, 2), "{label}");
                        assert_eq!(witness.b.stream, StreamId::new(0, 5), "{label}");
                        let b = if reversed { to + length - 1 } else { to };
                        assert_eq!(
                            (witness.a.word, witness.b.word, witness.words),
                            (from as u64, b as u64, length as u64),
                            "{label}"
                        );
                        assert!(joins.chance > 0.0 && joins.chance < 1e-10);
                    }
                }
            }
        }
    }
}

#[test]
fn truncated_copies_are_found_and_measured() {
    for bits in [53, 32, 24] {
        for reversed in [false, true] {
            let evidence = plant(64, 400, (11, 200, 150), reversed, &|w| w & ones(bits));
            for depth in DEPTHS {
                let joins = joined(&evidence, depth);
                let witness = only(&joins);
                assert_eq!(witness.copy, CopyKind::Truncation { bits });
                assert_eq!((witness.a.word, witness.words), (11, 150));
            }
        }
    }
}

#[test]
fn halves_packed_at_the_other_alignment_are_found() {
    let mut noise = Noise(5);
    let halves: Vec<u32> = (0..801).map(|_| noise.word() as u32).collect();
    let pack = |start: usize, high_first: bool, backwards: bool| -> Vec<u64> {
        let mut halves = halves.clone();
        if backwards {
            halves.reverse();
        }
        halves[start..start + 800]
            .chunks(2)
            .map(|pair| {
                let (high, low) = if high_first { (0, 1) } else { (1, 0) };
                u64::from(pair[high]) << 32 | u64::from(pair[low])
            })
            .collect()
    };
    for first in [false, true] {
        for second in [false, true] {
            let straight = evidence(
                vec![
                    pack(0, first, false),
                    noise.stream(400, 64),
                    pack(1, second, false),
                ],
                64,
            );
            for depth in DEPTHS {
                let joins = joined(&straight, depth);
                let witness = only(&joins);
                assert_eq!(witness.copy, CopyKind::HalfWordShift);
                assert!(witness.words >= 399 && !witness.reversed, "{witness:?}");
            }
            let back = evidence(vec![pack(0, first, false), pack(0, second, true)], 64);
            assert_eq!(
                only(&joined(&back, Depth::Screen)).copy,
                CopyKind::HalfWordShift
            );
        }
        let swapped = evidence(vec![pack(0, first, false), pack(0, !first, false)], 64);
        let joins = joined(&swapped, Depth::Full);
        assert_eq!(only(&joins).copy, CopyKind::Rotation { bits: 32 });
        assert_eq!(only(&joins).words, 400);
    }
}

#[test]
fn equal_streams_are_grouped_and_collapsed() {
    let mut noise = Noise(8);
    let mut streams = noise.streams(6, 50, 64);
    streams[3] = streams[0].clone();
    streams[5] = streams[0].clone();
    streams[4] = streams[1][..20].to_vec();
    let evidence = evidence(streams, 64);
    let joins = joined(&evidence, Depth::Full);
    assert_eq!(joins.equal_groups, 2);
    let group = &joins.equal_streams[0];
    assert_eq!(
        (group.count, group.runs, group.tasks, group.words),
        (3, 1, 3, 50)
    );
    assert!(group.is_within_run() && !group.is_cross_run());
    assert_eq!(joins.equal_streams[1].words, 20);
    assert_eq!(
        joins.equal_streams[1].streams,
        [StreamId::new(0, 1), StreamId::new(0, 4)]
    );
    assert_eq!(joins.distinct_streams, 3);
    assert!(
        joins.shared.is_empty() && joins.periods.is_empty(),
        "{joins:?}"
    );
    let sizes: Vec<(u64, u64)> = joins
        .equal_within_runs
        .iter()
        .map(|row| (row.times, row.count))
        .collect();
    assert_eq!(sizes, [(1, 1), (2, 1), (3, 1)]);

    let groups = group_equal(&evidence);
    let kept = representatives(&evidence, &groups).unwrap();
    let tasks: Vec<u32> = kept.ids().iter().map(|id| id.task.0).collect();
    assert_eq!(tasks, [0, 1, 2]);
    assert!(representatives(&kept, &group_equal(&kept)).is_none());
}

#[test]
fn repeated_runs_are_told_from_sharing_at_other_places() {
    let mut noise = Noise(9);
    let streams = noise.streams(4, 40, 64);
    let repeated = [
        (RunGroup::Fresh, streams.clone()),
        (RunGroup::Fresh, streams.clone()),
        (RunGroup::Fresh, noise.streams(4, 40, 64)),
    ];
    let joins = joined(&evidence_of(&repeated, Format::WORDS), Depth::Full);
    assert_eq!(joins.runs_repeat, [(RunId(0), RunId(1))]);
    assert_eq!(joins.repeating_runs, 1);
    assert!(!joins.found_any(), "{joins:?}");
    let duplicates = joins.duplicates.unwrap();
    assert_eq!(
        (
            duplicates.total,
            duplicates.between_runs,
            duplicates.between_tasks
        ),
        (480, 160, 0)
    );

    let mut turned = streams.clone();
    turned.rotate_left(1);
    let shifted = [
        (RunGroup::Rooted, streams.clone()),
        (RunGroup::Rooted, turned),
    ];
    let joins = joined(&evidence_of(&shifted, Format::WORDS), Depth::Full);
    assert!(joins.runs_repeat.is_empty());
    assert_eq!(joins.equal_groups, 4);
    assert!(joins.equal_streams.iter().all(|group| group.is_cross_run()));

    // Replays are equal by design; fresh and rooted runs are never compared with one another.
    let apart = [
        (RunGroup::Replay, streams.clone()),
        (RunGroup::Replay, streams.clone()),
        (RunGroup::Fresh, streams.clone()),
        (RunGroup::Rooted, streams),
    ];
    for depth in DEPTHS {
        let joins = joined(&evidence_of(&apart, Format::WORDS), depth);
        assert_nothing(&joins);
        assert_eq!(joins.distinct_streams, 12);
    }
}

#[test]
fn short_periods_are_found_and_measured() {
    let mut noise = Noise(10);
    for width in [64, 53, 32, 24] {
        for (period, tail) in [(1, 0), (3, 0), (100, 0), (100, 57), (1000, 900)] {
            let mut streams = noise.streams(3, 4000, width);
            for i in tail + period..4000 {
                streams[1][i] = streams[1][i - period];
            }
            let evidence = evidence(streams, width);
            for depth in DEPTHS {
                let joins = joined(&evidence, depth);
                assert_eq!(
                    joins.periods.len(),
                    1,
                    "{width} {period} {depth:?} {joins:?}"
                );
                let witness = &joins.periods[0];
                assert_eq!(
                    (witness.lag(), witness.copy),
                    (period as i64, CopyKind::Equal)
                );
                assert_eq!(witness.a.word as usize, tail);
                assert_eq!(witness.words as usize, 4000 - tail - period);
                assert!(joins.shared.is_empty());
            }
        }
    }
}

#[test]
fn streams_of_zeros_are_equal_and_constant() {
    let evidence = evidence(vec![vec![0; 5000]; 200], 64);
    for depth in DEPTHS {
        let joins = joined(&evidence, depth);
        assert_eq!(joins.equal_streams[0].count, 200);
        assert_eq!(joins.equal_streams[0].streams.len(), 64);
        assert_eq!(joins.periods[0].lag(), 1);
        assert!(joins.shared.is_empty());
    }
    let counted = duplicates(&evidence, 64, &mut JoinArena::new());
    assert_eq!((counted.total, counted.distinct), (1_000_000, 1));
    assert_eq!(
        (counted.within_streams, counted.between_tasks),
        (4999 * 200, 199)
    );
}

#[test]
fn partial_copies_are_convicted_by_their_common_lag() {
    for width in [64, 53, 32] {
        let mut noise = Noise(11);
        let mut streams = noise.streams(10, 2000, width);
        for i in (0..1500).step_by(2) {
            streams[7][i + 300] = streams[2][i];
        }
        let evidence = evidence(streams, width);
        let joins = joined(&evidence, Depth::Full);
        assert!(joins.shared.is_empty(), "{:?}", joins.shared);
        let [copy] = joins.partial_copies[..] else {
            panic!("{:?}", joins.partial_copies)
        };
        assert_eq!((copy.a.stream.task.0, copy.b.stream.task.0), (2, 7));
        assert_eq!(
            (copy.a.word, copy.b.word, copy.equal, copy.span),
            (0, 300, 750, 1499)
        );
        assert!(copy.chance < 1e-12);
    }
}

/// What is planted into two of ten streams of so many bits, and the steps of the line it stands on.
fn planted(width: u32, plant: impl Fn(&mut [Vec<u64>])) -> Joins {
    let mut noise = Noise(u64::from(width));
    let mut streams = noise.streams(10, 4096, width);
    plant(&mut streams);
    joined(&evidence(streams, width), Depth::Full)
}

#[test]
fn every_nth_word_of_another_stream_is_found_and_named() {
    for width in [64, 53, 32, 24] {
        for step in [2, 3, 5, 8, 17, 64] {
            let joins = planted(width, |streams| {
                for t in 0..4096 / step {
                    streams[7][t] = streams[2][step * t];
                }
            });
            let [copy] = joins.partial_copies[..] else {
                panic!("{width} {step}: {:?}", joins.partial_copies)
            };
            assert_eq!((copy.a.stream.task.0, copy.b.stream.task.0), (2, 7));
            assert_eq!((copy.a.word, copy.b.word), (0, 0));
            assert_eq!(copy.steps, (step as u64, 1));
            assert_eq!(copy.equal, 4096 / step as u64);
            assert!(copy.chance < 1e-12);
        }
    }
}

#[test]
fn partial_copies_backwards_and_in_unequal_steps_are_found() {
    for width in [64, 32, 24] {
        let backwards = planted(width, |streams| {
            for t in (0..4000).step_by(7) {
                streams[4][4000 - t] = streams[1][t];
            }
        });
        assert_eq!(backwards.partial_copies[0].steps, (1, -1), "{width}");
        assert_eq!(backwards.partial_copies[0].equal, 572);
        let unequal = planted(width, |streams| {
            for t in 0..1000 {
                streams[4][3 * t + 5] = streams[1][4 * t];
            }
        });
        assert_eq!(unequal.partial_copies[0].steps, (4, 3), "{width}");
    }
    let narrow = planted(24, |streams| {
        for t in (0..2000).step_by(2) {
            streams[4][t + 77] = streams[1][t];
        }
    });
    assert_eq!(narrow.partial_copies[0].steps, (1, 1));
    assert_eq!(narrow.partial_copies[0].equal, 1000);
}

#[test]
fn sound_evidence_raises_nothing() {
    let mut noise = Noise(12);
    for i in 0..1000 {
        let width = [64, 53, 32, 24, 31, 16, 8][i % 7];
        let (streams, words) = [(16, 256), (256, 16), (3, 2000), (40, 100)][i % 4];
        let streams = noise.streams(streams, words, width);
        let joins = joined(&evidence(streams, width), DEPTHS[i % 3]);
        assert_nothing(&joins);
    }
}

fn other(marginal: Marginal, bits_per_element: f64) -> Format {
    Format::Other {
        marginal,
        bits_per_element,
    }
}

#[test]
fn data_that_tells_little_raises_no_alarm() {
    let mut noise = Noise(13);
    for round in 0..12 {
        // A column that is nearly always 0; dice; a value that rarely changes; a walk on integers;
        // shuffled decks; streams with one header.
        let rare: Vec<Vec<u64>> = (0..64)
            .map(|_| {
                (0..1000)
                    .map(|_| u64::from(noise.word().is_multiple_of(1000)))
                    .collect()
            })
            .collect();
        let dice: Vec<Vec<u64>> = (0..64)
            .map(|_| (0..300).map(|_| noise.word() % 6).collect())
            .collect();
        let sticky: Vec<Vec<u64>> = (0..64)
            .map(|_| {
                let mut value = noise.word() % 4;
                (0..1000)
                    .map(|_| {
                        if noise.word().is_multiple_of(50) {
                            value = noise.word() % 4;
                        }
                        value
                    })
                    .collect()
            })
            .collect();
        let walk: Vec<Vec<u64>> = (0..64)
            .map(|_| {
                let mut value = 1 << 40;
                (0..1000)
                    .map(|_| {
                        value = value + noise.word() % 3 - 1;
                        value
                    })
                    .collect()
            })
            .collect();
        let decks: Vec<Vec<u64>> = (0..64)
            .map(|_| {
                let mut deck: Vec<u64> = (0..52).collect();
                for i in (1..52).rev() {
                    deck.swap(i, (noise.word() % (i as u64 + 1)) as usize);
                }
                deck
            })
            .collect();
        let header: Vec<Vec<u64>> = (0..64)
            .map(|_| {
                (0..1000)
                    .map(|i| if i < 200 { 0 } else { noise.word() % 6 })
                    .collect()
            })
            .collect();
        let depth = DEPTHS[round % 3];
        for (name, streams, bits) in [
            ("rare", rare, 0.003),
            ("dice", dice, 2.585),
            ("sticky", sticky, 2.0),
            ("walk", walk, 6.0),
            ("decks", decks, 5.7),
            ("header", header, 2.0),
        ] {
            let evidence = evidence_of(
                &[(RunGroup::Fresh, streams)],
                other(Marginal::Categorical, bits),
            );
            let joins = joined(&evidence, depth);
            assert!(!joins.found_any(), "{name} {round} {joins:?}");
        }
    }
}

#[test]
fn copies_of_dice_and_normals_are_found() {
    let mut noise = Noise(14);
    let mut dice: Vec<Vec<u64>> = (0..32)
        .map(|_| (0..600).map(|_| noise.word() % 6).collect())
        .collect();
    let part = dice[4][100..400].to_vec();
    dice[9][250..550].copy_from_slice(&part);
    dice[20] = dice[1].clone();
    let evidence = evidence_of(
        &[(RunGroup::Fresh, dice)],
        other(Marginal::Categorical, 2.585),
    );
    for depth in DEPTHS {
        let joins = joined(&evidence, depth);
        assert_eq!(joins.equal_streams[0].count, 2, "{joins:?}");
        let witness = only_shared(&joins);
        assert!(witness.words >= 300 && witness.lag() == 150, "{witness:?}");
    }

    let mut normals = noise.streams(32, 400, 64);
    let part: Vec<u64> = normals[4][100..300].iter().map(|&word| !word).collect();
    normals[9][50..250].copy_from_slice(&part);
    let evidence = evidence_of(
        &[(RunGroup::Fresh, normals)],
        other(Marginal::Continuous, 50.0),
    );
    for depth in DEPTHS {
        let joins = joined(&evidence, depth);
        let witness = only(&joins);
        assert_eq!((witness.copy, witness.words), (CopyKind::Negation, 200));
    }
}

fn only_shared(joins: &Joins) -> &Witness {
    assert_eq!(joins.shared.len(), 1, "{:?}", joins.shared);
    &joins.shared[0].witness
}

#[test]
fn tiny_and_empty_evidence_is_answered() {
    for depth in DEPTHS {
        for streams in [
            vec![],
            vec![vec![]],
            vec![vec![], vec![1]],
            vec![vec![7]; 5],
        ] {
            for width in [64, 24] {
                let joins = joined(&evidence(streams.clone(), width), depth);
                assert!(joins.shared.is_empty() && joins.periods.is_empty());
            }
        }
    }
    // One 24-bit element proves nothing; 64 bits do.
    let joins = joined(&evidence(vec![vec![7 << 40]; 5], 24), Depth::Full);
    assert!(joins.equal_streams.is_empty());
    assert_eq!(joins.inapplicable[0].test, "equal-streams");
    assert_eq!(joins.duplicates.unwrap().between_tasks, 4);
    let joins = joined(&evidence(vec![vec![7]; 5], 64), Depth::Full);
    assert_eq!(joins.equal_streams[0].count, 5);
}

#[test]
fn one_equal_pair_among_many_short_streams_is_found() {
    let mut noise = Noise(15);
    let mut streams = noise.streams(20_000, 4, 64);
    streams[19_999] = streams[123].clone();
    streams[77] = streams[15_000].iter().map(|word| word ^ 0xabcd).collect();
    let evidence = evidence(streams, 64);
    for depth in DEPTHS {
        let joins = joined(&evidence, depth);
        assert_eq!(
            joins.equal_streams[0].streams,
            [StreamId::new(0, 123), StreamId::new(0, 19_999)]
        );
        assert_eq!(
            only_shared(&joins).copy,
            CopyKind::ConstantXor { constant: 0xabcd }
        );
    }
}

#[test]
fn an_overlap_in_the_last_words_alone_is_found_by_every_depth() {
    let mut noise = Noise(16);
    let mut streams = noise.streams(300, 1024, 64);
    let end = streams[250][1014..].to_vec();
    streams[40][..10].copy_from_slice(&end);
    let evidence = evidence(streams, 64);
    for depth in DEPTHS {
        let joins = joined(&evidence, depth);
        let witness = only(&joins);
        assert_eq!(
            (witness.a.word, witness.b.word, witness.words),
            (0, 1014, 10)
        );
        assert_eq!(joins.recall.is_empty(), depth != Depth::Screen);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut noise = Noise(18);
    let mut streams = noise.streams(50, 3000, 32);
    let part = streams[3][1000..2000].to_vec();
    streams[30][500..1500].copy_from_slice(&part);
    streams[31] = streams[4].iter().map(|word| word.wrapping_neg()).collect();
    streams[32] = streams[5].clone();
    let evidence = evidence(streams, 32);
    for depth in DEPTHS {
        let results: Vec<Joins> = [1, 2, 5]
            .into_iter()
            .map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new()
                    .num_threads(threads)
                    .build()
                    .unwrap();
                pool.install(|| joined(&evidence, depth))
            })
            .collect();
        assert!(results[0].shared.len() == 2);
        assert!(results.iter().all(|result| *result == results[0]));
    }
}

/// Duplicates by definition, with hash sets.
fn slow_duplicates(runs: &[Vec<Vec<u64>>]) -> (u64, u64, u64, u64) {
    use std::collections::HashSet;
    let distinct =
        |words: &mut dyn Iterator<Item = u64>| words.collect::<HashSet<_>>().len() as u64;
    let total: u64 = runs
        .iter()
        .flatten()
        .map(|stream| stream.len() as u64)
        .sum();
    let in_streams: u64 = runs
        .iter()
        .flatten()
        .map(|stream| distinct(&mut stream.iter().copied()))
        .sum();
    let in_runs: u64 = runs
        .iter()
        .map(|run| distinct(&mut run.iter().flatten().copied()))
        .sum();
    let all = distinct(&mut runs.iter().flatten().flatten().copied());
    (all, total - in_streams, in_streams - in_runs, in_runs - all)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn duplicates_agree_with_hash_sets(
        runs in proptest::collection::vec(
            proptest::collection::vec(
                prop_oneof![
                    proptest::collection::vec(0u64..40, 0..30),
                    Just(vec![3; 12]),
                    Just((100..112).collect::<Vec<u64>>()),
                    Just((100..108).collect::<Vec<u64>>()),
                ],
                1..6,
            ),
            1..4,
        ),
    ) {
        let fresh: Vec<_> = runs.iter().map(|run| (RunGroup::Fresh, run.clone())).collect();
        let found = duplicates(&evidence_of(&fresh, Format::WORDS), 64, &mut JoinArena::new());
        let (distinct, within, tasks, between) = slow_duplicates(&runs);
        prop_assert_eq!(found.distinct, distinct);
        prop_assert_eq!(found.within_streams, within);
        prop_assert_eq!(found.between_tasks, tasks);
        prop_assert_eq!(found.between_runs, between);
        let rows = found.multiplicities.iter();
        prop_assert_eq!(rows.map(|row| row.times * row.count).sum::<u64>(), found.total);
    }
}

#[test]
fn the_multiplicities_of_inherited_state_are_counted() {
    // Eight workers walk one sequence for 20, 16, 16, 16, 12, 8, 8, 4 draws, one draw a task.
    let mut noise = Noise(19);
    let sequence = noise.stream(20, 53);
    let draws: Vec<Vec<u64>> = [20, 16, 16, 16, 12, 8, 8, 4]
        .iter()
        .flat_map(|&count| sequence[..count].iter().map(|&word| vec![word]))
        .collect();
    let counted = duplicates(&evidence(draws, 53), 53, &mut JoinArena::new());
    let table: Vec<(u64, u64)> = counted
        .multiplicities
        .iter()
        .map(|row| (row.times, row.count))
        .collect();
    assert_eq!(table, [(1, 4), (4, 4), (5, 4), (7, 4), (8, 4)]);
    assert_eq!(
        (counted.total, counted.distinct, counted.between_tasks),
        (100, 20, 80)
    );
}

#[test]
fn halves_are_counted_at_their_own_width() {
    let words = vec![
        0x1111_1111_2222_2222,
        0x2222_2222_3333_3333,
        0x4444_4444_4444_4444,
    ];
    let counted = duplicates_of_halves(&evidence(vec![words], 64), &mut JoinArena::new());
    assert_eq!(
        (counted.total, counted.distinct, counted.within_streams),
        (6, 4, 2)
    );
    assert_eq!(counted.width, 32);
}
