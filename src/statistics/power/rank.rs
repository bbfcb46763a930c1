//! Streams that are sums of others, and generators that lack rank by themselves.

use super::test;
use crate::{
    results::{TestResult, View},
    statistics::samples::{
        evidence, lcg64, least, seed, seedings, size, splitmix, xorshift64, xorshift128,
    },
};

#[test]
fn an_xor_of_eleven_streams_lacks_rank() {
    let source = evidence(size(1, 40, 128), |_, task| {
        let mut parts: Vec<_> = if task == 39 {
            (3..14).map(splitmix).collect()
        } else {
            vec![splitmix(u64::from(task))]
        };
        move || parts.iter_mut().fold(0, |sum, draw| sum ^ draw())
    });
    let results = test("stacked-rank").run(&source);
    assert!(seedings(&results) < 1e-12, "{results:#?}");
}

#[test]
fn a_relation_among_as_many_streams_as_some_generators_have_bits_is_the_seedings() {
    for tasks in [64, 128, 256] {
        let source = evidence(size(1, tasks, 256), |_, task| {
            let mut parts: Vec<_> = if task == tasks - 1 {
                (3..14).map(splitmix).collect()
            } else {
                vec![splitmix(u64::from(task))]
            };
            move || parts.iter_mut().fold(0, |sum, draw| sum ^ draw())
        });
        let results = test("stacked-rank").run(&source);
        assert!(seedings(&results) < 1e-30, "{tasks}: {results:#?}");
    }
}

#[test]
fn as_many_streams_as_their_generator_has_bits_are_not_the_seedings() {
    // 64 random states of 64 bits have rank 64 with probability 0.29, and 63 with 0.58; so has the
    // control.
    for salt in 0..40 {
        for words in [24, 96, 512] {
            let source = evidence(size(1, 64, words), |run, task| {
                xorshift64(seed(salt, run, task))
            });
            let results = test("stacked-rank").run(&source);
            let unclear = |result: &TestResult| {
                // Above a hundredth a control passes.
                result.p().is_some_and(|p| p < 1e-9)
                    && result.control.is_some_and(|p| p.two_sided() > 1e-2)
            };
            let stacked = |result: &&TestResult| result.view == View::Stacked;
            assert!(
                !results.iter().filter(stacked).any(unclear),
                "{salt} {words}: {results:#?}"
            );
        }
    }
}

#[test]
fn many_soundly_seeded_shift_registers_lack_rank_by_themselves() {
    let source = evidence(size(1, 256, 512), |run, task| {
        xorshift64(seed(8, run, task))
    });
    let results = test("stacked-rank").run(&source);
    let (p, control_fails) = least(&results);
    assert!(p < 1e-100, "{results:#?}");
    assert_eq!(control_fails, Some(true));
    assert_eq!(seedings(&results), 1.0, "{results:#?}");
}

#[test]
fn near_seeds_of_a_shift_register_lack_rank_by_their_seeds() {
    let source = evidence(size(1, 256, 512), |_, task| xorshift64(u64::from(task + 1)));
    let results = test("stacked-rank").run(&source);
    assert!(seedings(&results) < 1e-100, "{results:#?}");
}

#[test]
fn short_streams_of_sound_seeds_are_never_charged_with_their_generators_rank() {
    for words in [96, 200, 400, 512, 1024] {
        let shift = evidence(size(1, 256, words), |run, task| {
            xorshift128(seed(9, run, task))
        });
        let results = test("stacked-rank").run(&shift);
        assert!(least(&results).0 < 1e-12, "{words}: {results:#?}");
        assert_eq!(seedings(&results), 1.0, "{words}: {results:#?}");
        let linear = evidence(size(1, 256, words), |run, task| lcg64(seed(10, run, task)));
        assert_eq!(seedings(&test("stacked-rank").run(&linear)), 1.0, "{words}");
    }
}
