//! Streams that copy a part of one another: of bits, of words, of weights.

use super::test;
use crate::{
    statistics::samples::{Size, evidence, least, seedings, size, splitmix},
    vocabulary::Evidence,
};

#[test]
fn a_weak_copy_between_one_pair_is_found_and_named() {
    let source = evidence(size(1, 80, 4096), |_, task| {
        let (mut own, mut other) = (splitmix(u64::from(task)), splitmix(7));
        let mut mask = splitmix(1 << 40);
        move || {
            let (word, copied) = (own(), other());
            // Task 20 takes each bit of task 7 with probability 1/16.
            let mask = mask() & mask() & mask() & mask();
            if task == 20 {
                word & !mask | copied & mask
            } else {
                word
            }
        }
    });
    let results = test("pair-correlation").run(&source);
    assert!(seedings(&results) < 1e-100, "{results:#?}");
    assert_eq!(results[0].streams.len(), 2);
    assert_eq!(results[0].streams[0].task.0, 7);
    assert_eq!(results[0].streams[1].task.0, 20);
}

#[test]
fn noisy_rotations_show_in_the_weights() {
    let source = evidence(size(1, 10, 8192), |_, task| {
        let mut own = splitmix(u64::from(if task == 9 { 2 } else { task }));
        let mut noise = splitmix(99);
        move || {
            let word = own();
            let noise = noise() & noise();
            if task == 9 {
                (word ^ noise).rotate_left(23)
            } else {
                word
            }
        }
    });
    let results = test("pair-correlation").run(&source);
    assert!(seedings(&results) < 1e-20, "{results:#?}");
}

#[test]
fn suspects_are_followed_where_pairs_are_too_many_to_read() {
    let source = evidence(size(1, 3000, 400), |_, task| {
        let (mut own, mut other) = (splitmix(u64::from(task)), splitmix(7));
        let mut mask = splitmix(1 << 40);
        move || {
            let (word, copied) = (own(), other());
            let mask = mask() & mask();
            if task == 2000 {
                word & !mask | copied & mask
            } else {
                word
            }
        }
    });
    let results = test("pair-correlation").run(&source);
    assert!(seedings(&results) < 1e-100, "{results:#?}");
}

/// One pair of 40 streams whose words agree (or disagree) in one bit six times in ten.
fn one_bit_in_common(shape: Size, bit: u32, turned: bool) -> Evidence {
    evidence(shape, move |_, task| {
        let (mut own, mut other) = (splitmix(u64::from(task)), splitmix(7));
        let mut choice = splitmix(1 << 40);
        move || {
            let (word, other) = (own(), other() ^ u64::from(turned) << bit);
            let kept = choice() % 10 >= 2;
            if task != 20 || kept {
                word
            } else {
                word & !(1 << bit) | other & 1 << bit
            }
        }
    })
}

#[test]
fn one_bit_that_agrees_too_often_is_found_wherever_it_stands() {
    let narrow = Size {
        width: 32,
        ..size(1, 40, 8192)
    };
    for (shape, bit) in [
        (size(1, 40, 8192), 63),
        (size(1, 40, 8192), 0),
        (size(1, 40, 8192), 29),
        (narrow, 32),
    ] {
        for turned in [false, true] {
            let results = test("pair-correlation").run(&one_bit_in_common(shape, bit, turned));
            assert!(seedings(&results) < 1e-30, "{bit}: {results:#?}");
            let tasks: Vec<u32> = results[0].streams.iter().map(|id| id.task.0).collect();
            assert_eq!(tasks, [7, 20]);
        }
    }
}

#[test]
fn the_top_bit_of_many_streams_is_compared_too() {
    // 3,000 streams have too many pairs to take every bit apart, and words enough to follow.
    let results = test("pair-correlation").run(&one_bit_in_common(size(1, 3000, 2048), 63, false));
    assert!(seedings(&results) < 1e-6, "{results:#?}");
}

#[test]
fn one_word_in_64_from_a_common_source_is_seen() {
    let source = evidence(size(1, 64, 8192), |_, task| {
        let (mut own, mut common) = (splitmix(u64::from(task)), splitmix(1 << 50));
        let mut choice = splitmix(1 << 51 | u64::from(task));
        move || {
            let (word, shared) = (own(), common());
            if choice() < 1 << 58 { shared } else { word }
        }
    });
    let results = test("common-component").run(&source);
    assert!(seedings(&results) < 1e-10, "{results:#?}");
}

#[test]
fn noisy_rotations_of_a_neighbour_are_seen_bit_by_bit() {
    let source = evidence(size(1, 12, 1024), |_, task| {
        let (mut own, mut before) = (splitmix(u64::from(task)), splitmix(u64::from(task) + 1));
        let mut choice = splitmix(1 << 40 | u64::from(task));
        move || {
            let (word, other) = (own(), before());
            if choice() >> 61 == 0 {
                other.rotate_left(17)
            } else {
                word
            }
        }
    });
    let results = test("bit-cross").run(&source);
    assert!(seedings(&results) < 1e-9, "{results:#?}");
}

#[test]
fn a_short_list_of_words_collides() {
    let source = evidence(size(1, 1024, 16), |_, task| {
        let mut pick = splitmix(u64::from(task));
        move || splitmix(pick() >> 52)()
    });
    let results = test("collisions").run(&source);
    assert!(least(&results).0 < 1e-100, "{results:#?}");
}
