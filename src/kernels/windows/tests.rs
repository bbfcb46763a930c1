//! Every build of every kind of key against its plain definition.

use super::*;
use crate::kernels::dispatch::available;

fn noise(count: usize, seed: u64) -> Vec<u64> {
    (0..count as u64)
        .map(|i| mix(mix(i + seed) ^ seed))
        .collect()
}

const KEYS: [WindowKey; 10] = [
    WindowKey {
        family: Family::Packed,
        features: 24,
    },
    WindowKey {
        family: Family::Packed,
        features: 136,
    },
    WindowKey {
        family: Family::Identity,
        features: 1,
    },
    WindowKey {
        family: Family::Identity,
        features: 2,
    },
    WindowKey {
        family: Family::Identity,
        features: 40,
    },
    WindowKey {
        family: Family::Folded,
        features: 3,
    },
    WindowKey {
        family: Family::Halves,
        features: 2,
    },
    WindowKey {
        family: Family::Top24,
        features: 4,
    },
    WindowKey {
        family: Family::Changes,
        features: 2,
    },
    WindowKey {
        family: Family::Popcounts,
        features: 32,
    },
];

#[test]
fn blocks_agree_with_the_plain_definition_at_every_length_and_level() {
    let words = noise(BLOCK + 200, 1);
    let mut block = KeyBlock::new();
    let levels = available();
    for (key, level) in KEYS
        .iter()
        .flat_map(|&key| levels.iter().map(move |&l| (key, l)))
    {
        for length in (0..90)
            .chain([136, 300])
            .chain([BLOCK, BLOCK + key.words() - 1])
        {
            fill_at(level, &mut block, key, &words[..length], false);
            let windows = (length + 1).saturating_sub(key.words()).min(BLOCK);
            assert_eq!(block.rows()[0].len(), windows, "{key:?} {length}");
            for i in 0..windows {
                assert_eq!(key.keys(&words[i..]).count(), key.edge_keys());
                for (row, plain) in block.rows().iter().zip(key.keys(&words[i..])) {
                    assert_eq!(row[i], plain, "{key:?} {length} {i}");
                }
            }
        }
    }
}

#[test]
fn odd_halves_are_the_windows_of_the_repacked_stream() {
    let words = noise(50, 2);
    let key = WindowKey {
        family: Family::Halves,
        features: 2,
    };
    let low_first: Vec<u64> = words
        .windows(2)
        .map(|pair| high(pair[0]) | low(pair[1]) << 32)
        .collect();
    let high_first: Vec<u64> = words
        .windows(2)
        .map(|pair| low(pair[0]) << 32 | high(pair[1]))
        .collect();
    let mut block = KeyBlock::new();
    block.fill(key, &words, true);
    let [even, odd_low, odd_high, _] = block.rows();
    assert_eq!((even.len(), odd_low.len()), (48, 48));
    for i in 0..48 {
        assert_eq!(odd_low[i], key.key(&low_first[i..]));
        assert_eq!(odd_high[i], key.key(&high_first[i..]));
    }
    block.fill(key, &words, false);
    assert_eq!((block.rows()[0].len(), block.rows()[1].len()), (49, 48));
}

#[test]
fn every_key_survives_time_reversal_and_its_disguises() {
    let words = noise(160, 3);
    let same = |key: WindowKey, image: &dyn Fn(u64) -> u64| {
        let copy: Vec<u64> = words.iter().map(|&word| image(word)).collect();
        let mut back = copy[..key.words()].to_vec();
        back.reverse();
        key.key(&words) == key.key(&copy) && key.key(&words) == key.key(&back)
    };
    let changed = |which: Series, image: &dyn Fn(u64) -> u64| {
        let copy: Vec<u64> = words.iter().map(|&word| image(word)).collect();
        let mut back = copy[..KEYS[8].features + which.reach() - 1].to_vec();
        back.reverse();
        let key = KEYS[8].change(which, &words);
        key == KEYS[8].change(which, &copy) && key == KEYS[8].change(which, &back)
    };
    let [
        packed_key,
        ..,
        identity,
        _,
        folded_key,
        halves_key,
        top,
        _,
        counts,
    ] = KEYS;
    assert!(same(identity, &|w| w));
    assert!(same(packed_key, &|w| w));
    assert!(same(folded_key, &|w| !w));
    assert!(same(halves_key, &|w| w.rotate_left(32)));
    assert!(same(top, &|w| w & !0xffff));
    for constant in [0, 1, 77 << 40] {
        let differences = [Series::Differences, Series::SecondDifferences];
        for which in differences {
            assert!(changed(which, &|w| w.wrapping_add(constant)));
            assert!(changed(which, &|w| constant.wrapping_sub(w)));
        }
        assert!(changed(Series::XorDifferences, &|w| w ^ constant));
        assert!(same(counts, &|w| w.swap_bytes() ^ constant));
        assert!(same(counts, &|w| w.rotate_left(13) ^ constant));
    }
    assert!(!same(identity, &|w| w ^ 1));
    assert!(!same(counts, &|w| w.wrapping_mul(3)));
}
