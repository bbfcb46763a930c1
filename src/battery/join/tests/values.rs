//! Data that are no uniform bits.

use super::*;

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
