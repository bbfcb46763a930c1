//! Each test against the constructions it must catch, and against sound ones it must not.

use super::{
    ALL, StatisticalTest, find,
    samples::{
        Size, assert_quiet, assert_size, evidence, lcg48, lcg64, least, seed, seedings, size,
        splitmix, xorshift64,
    },
    views::mix,
};

fn test(id: &str) -> &'static dyn StatisticalTest {
    find(id).unwrap()
}

const SHAPES: &[Size] = &[
    size(1, 2, 64),
    size(1, 64, 4),
    size(4, 16, 256),
    size(1, 2000, 4),
    size(2, 100, 1000),
    Size {
        runs: 2,
        tasks: 32,
        words: 512,
        width: 32,
    },
    Size {
        runs: 1,
        tasks: 32,
        words: 512,
        width: 53,
    },
    Size {
        runs: 1,
        tasks: 64,
        words: 1000,
        width: 7,
    },
    Size {
        runs: 1,
        tasks: 64,
        words: 1000,
        width: 1,
    },
];

#[test]
fn sound_streams_alarm_no_test() {
    for test in ALL {
        assert_quiet(*test, SHAPES);
    }
}

#[test]
fn sizes_hold_on_a_short_run() {
    for test in ALL {
        assert_size(*test, size(2, 16, 64), 2000);
    }
}

/// cargo test --release --lib battery::power::sizes_hold_on_a_long_run -- --ignored --nocapture
#[test]
#[ignore = "10^5 replicates at two shapes take minutes"]
fn sizes_hold_on_a_long_run() {
    for test in ALL {
        for shape in [
            size(2, 16, 64),
            Size {
                runs: 1,
                tasks: 40,
                words: 48,
                width: 32,
            },
        ] {
            assert_size(*test, shape, 100_000);
        }
    }
}

#[test]
fn near_seeds_of_a_linear_generator_are_the_seedings() {
    let source = evidence(size(2, 64, 1024), |run, task| {
        lcg64(mix(u64::from(run)).wrapping_add(u64::from(task)))
    });
    let results = test("combinations").run(&source);
    assert!(seedings(&results) < 1e-100, "{results:#?}");
}

#[test]
fn truncation_does_not_hide_near_seeds() {
    let shape = Size {
        width: 32,
        ..size(1, 32, 64)
    };
    let source = evidence(shape, |_, task| lcg48(u64::from(task)));
    let results = test("combinations").run(&source);
    assert!(seedings(&results) < 1e-12, "{results:#?}");
}

#[test]
fn a_linear_generator_seeded_well_fails_by_itself() {
    let source = evidence(size(2, 64, 1024), |run, task| lcg64(seed(5, run, task)));
    for test in ALL {
        let results = test.run(&source);
        assert_eq!(seedings(&results), 1.0, "{results:#?}");
    }
    let results = test("neighbours").run(&source);
    assert_eq!(least(&results).1, Some(true), "{results:#?}");
}

#[test]
fn steps_of_a_weyl_sequence_are_related_neighbours() {
    let source = evidence(size(1, 32, 256), |_, task| {
        let mut state = u64::from(task) << 6;
        move || {
            state += 1;
            state.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        }
    });
    let results = test("neighbours").run(&source);
    assert!(least(&results).0 < 1e-100, "{results:#?}");
}

#[test]
fn task_trees_that_split_by_adding_are_linear_relations() {
    // Julia issue 49064: a task's generator is its parent's plus words that depend on depth only.
    let source = evidence(size(1, 16, 1000), |_, task| {
        let mut steps: Vec<_> = (0..4)
            .filter(|bit| task >> bit & 1 == 1)
            .map(|bit| splitmix(900 + bit))
            .collect();
        let mut root = splitmix(1);
        move || {
            steps
                .iter_mut()
                .fold(root(), |sum, step| sum.wrapping_add(step()))
        }
    });
    let results = test("combinations").run(&source);
    assert!(seedings(&results) < 1e-100, "{results:#?}");
}

#[test]
fn near_seeds_of_a_shift_register_are_linear_relations() {
    let source = evidence(size(1, 64, 200), |_, task| xorshift64(u64::from(task + 1)));
    let results = test("combinations").run(&source);
    assert!(seedings(&results) < 1e-100, "{results:#?}");
}
