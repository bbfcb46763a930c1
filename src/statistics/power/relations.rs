//! Linear relations among streams, by differences, combinations and rank.

use super::test;
use crate::statistics::{
    samples::{Size, evidence, lcg48, lcg64, least, seed, seedings, size, splitmix, xorshift64},
    tests,
    views::mix,
};

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
    let source = evidence(shape, |_, task| lcg48(u64::from(task) ^ 0x5_deec_e66d));
    let results = test("combinations").run(&source);
    assert!(seedings(&results) < 1e-12, "{results:#?}");
}

#[test]
fn a_linear_generator_seeded_well_fails_by_itself() {
    let source = evidence(size(2, 64, 1024), |run, task| lcg64(seed(5, run, task)));
    for test in tests() {
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

#[test]
fn a_relation_between_scattered_streams_is_found_and_named() {
    let shape = Size {
        width: 32,
        ..size(1, 60, 512)
    };
    let source = evidence(shape, |_, task| -> Box<dyn FnMut() -> u64> {
        match task {
            5 => Box::new(lcg48(17)),
            23 => Box::new(lcg48(30)),
            42 => Box::new(lcg48(191)),
            51 => Box::new(lcg48(204)),
            _ => Box::new(splitmix(u64::from(task))),
        }
    });
    let results = test("relation-search").run(&source);
    assert!(seedings(&results) < 1e-100, "{results:#?}");
    let mut tasks: Vec<u32> = results[0].streams.iter().map(|id| id.task.0).collect();
    tasks.sort_unstable();
    assert_eq!(tasks, [5, 23, 42, 51]);
}

#[test]
fn a_stream_that_makes_the_total_come_out_is_seen() {
    let source = evidence(size(1, 24, 512), |_, task| {
        let mut parts: Vec<_> = if task == 23 {
            (0..23).map(splitmix).collect()
        } else {
            vec![splitmix(u64::from(task))]
        };
        move || {
            let sum = parts
                .iter_mut()
                .fold(0_u64, |sum, draw| sum.wrapping_add(draw()));
            if task == 23 { sum.wrapping_neg() } else { sum }
        }
    });
    let results = test("common-component").run(&source);
    assert!(seedings(&results) < 1e-100, "{results:#?}");
}
