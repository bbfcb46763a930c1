//! Copies in every disguise, periods and partial copies are found, named and placed.

use super::*;

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
