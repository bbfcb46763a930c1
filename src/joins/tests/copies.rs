//! Copies and overlaps in every disguise, found and named with their place.

use super::*;

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
fn values_that_a_stream_uses_twice_are_no_period() {
    // Windows of 64 words, each 16 further than the one before; then rows of which half comes again.
    let mut noise = Noise(21);
    let draws = noise.streams(6, 9_000, 64);
    let windows: Vec<Vec<u64>> = draws
        .iter()
        .map(|words| words.windows(64).step_by(16).flatten().copied().collect())
        .collect();
    let rows: Vec<Vec<u64>> = draws
        .iter()
        .map(|words| {
            let state = |at: usize| &words[4 * at..][..4];
            let step = |at| [state(at), state(at + 1)].concat();
            (0..1_000).flat_map(step).collect()
        })
        .collect();
    for streams in [windows, rows] {
        let joins = joined(&evidence(streams, 64), Depth::Full);
        assert!(joins.periods.is_empty(), "{:#?}", joins.periods);
        assert_eq!(joins.reused.len(), 6);
    }
    // Seeds that come again: blocks at many distances.
    let blocks = noise.streams(5, 100, 64);
    let reseeded: Vec<u64> = [0, 1, 2, 0, 3, 1, 4, 2, 0]
        .iter()
        .flat_map(|&block: &usize| blocks[block].clone())
        .chain(draws[0].clone())
        .collect();
    let joins = joined(&evidence(vec![reseeded], 64), Depth::Full);
    assert_eq!((joins.periods.len(), joins.reused.len()), (1, 0));
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
    let mut streams = noise.streams(300, 800, 64);
    let end = streams[250][790..].to_vec();
    streams[40][..10].copy_from_slice(&end);
    let evidence = evidence(streams, 64);
    for depth in DEPTHS {
        let joins = joined(&evidence, depth);
        let witness = only(&joins);
        assert_eq!(
            (witness.a.word, witness.b.word, witness.words),
            (0, 790, 10)
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
