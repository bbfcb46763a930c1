//! Words that are not uniform, at the start or throughout, or that follow one another.

use super::test;
use crate::statistics::samples::{Size, evidence, least, seed, seedings, size, splitmix};

#[test]
fn first_draws_that_grow_with_the_seed_are_seen() {
    // Park and Miller's generator: the first draw of seed s is 16807 s / (2^31 − 1).
    let shape = Size {
        width: 31,
        ..size(1, 64, 256)
    };
    let source = evidence(shape, |_, task| {
        let mut state = u64::from(task + 1);
        move || {
            state = state * 16_807 % 0x7fff_ffff;
            state << 33
        }
    });
    let results = test("first-draws").run(&source);
    assert!(seedings(&results) < 1e-12, "{results:#?}");
}

#[test]
fn a_sparse_start_is_the_seedings() {
    let source = evidence(size(2, 32, 2048), |run, task| {
        let mut draw = splitmix(seed(3, run, task));
        let mut left = 40;
        move || {
            left -= i32::from(left > 0);
            if left > 0 { draw() & draw() } else { draw() }
        }
    });
    let results = test("first-draws").run(&source);
    assert!(seedings(&results) < 1e-100, "{results:#?}");
}

#[test]
fn a_bias_that_never_ends_is_the_generators() {
    let source = evidence(size(2, 32, 2048), |run, task| {
        let mut draw = splitmix(seed(3, run, task));
        move || draw() & (draw() | 1 << 62)
    });
    for id in ["first-draws", "pair-correlation", "common-component"] {
        let results = test(id).run(&source);
        assert_eq!(seedings(&results), 1.0, "{results:#?}");
        assert_eq!(least(&results).1, Some(true), "{results:#?}");
    }
    assert!(least(&test("bit-balance").run(&source)).0 < 1e-100);
}

#[test]
fn uneven_bytes_of_one_stream_are_seen() {
    let source = evidence(size(1, 20, 32_768), |_, task| {
        let mut draw = splitmix(u64::from(task));
        move || {
            let word = draw();
            if task == 11 { word.max(draw()) } else { word }
        }
    });
    for id in ["byte-frequency", "bit-balance"] {
        let results = test(id).run(&source);
        assert!(least(&results).0 < 1e-12, "{results:#?}");
        let alone = results
            .iter()
            .find(|result| !result.streams.is_empty())
            .unwrap();
        assert_eq!(alone.streams[0].task.0, 11);
    }
}

#[test]
fn values_that_are_too_even_are_seen() {
    let source = evidence(size(1, 4, 4096), |_, task| {
        let mut state = seed(1, 0, task);
        move || {
            state = state.wrapping_add(0x0101_0101_0101_0101);
            state
        }
    });
    let results = test("byte-frequency").run(&source);
    assert!(least(&results).0 < 1e-100, "{results:#?}");
}

#[test]
fn words_that_remember_the_last_are_serially_dependent() {
    let source = evidence(size(1, 8, 4096), |_, task| {
        let (mut draw, mut mask, mut last) = (splitmix(u64::from(task)), splitmix(1 << 40), 0);
        move || {
            let keep = mask() & mask() & mask() & mask() & mask();
            last = draw() & !keep | last & keep;
            last
        }
    });
    let results = test("autocorrelation").run(&source);
    assert!(least(&results).0 < 1e-100, "{results:#?}");
    assert!(
        least(&test("bit-balance").run(&source)).0 > 1e-3,
        "single bits are balanced"
    );
}

#[test]
fn words_that_follow_the_size_of_the_last_are_serially_dependent() {
    let source = evidence(size(1, 8, 4096), |_, task| {
        let (mut draw, mut even) = (splitmix(u64::from(task)), true);
        let mut last = 0;
        move || {
            even = !even;
            let word = draw();
            // Half of the second words are redrawn above the first.
            last = if even && draw() >> 63 == 1 {
                word.max(last)
            } else {
                word
            };
            last
        }
    });
    assert!(least(&test("serial-pairs").run(&source)).0 < 1e-20);
}
