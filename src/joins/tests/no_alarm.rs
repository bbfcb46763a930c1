//! Sound evidence, data that are no uniform bits, and evidence too small: no false alarm.

use super::*;
use crate::vocabulary::Marginal;

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

pub(super) fn other(marginal: Marginal, bits_per_element: f64) -> Format {
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
