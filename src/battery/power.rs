//! Each test against the constructions it must catch, and against sound ones it must not.

use super::{
    ALL, StatisticalTest, find,
    samples::{
        Size, assert_quiet, assert_size, evidence, lcg48, lcg64, least, seed, seedings, size,
        splitmix, xorshift64, xorshift128,
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

/// The tests that do not apply to uniform bits; they have their own controls beside them.
const OTHER_FORMATS: [&str; 3] = ["rank-agreement", "rank-component", "constant-relation"];

/// Small shapes for many replicates, smallest first.
const SMALL: &[Size] = &[
    size(2, 16, 64),
    size(2, 16, 1024),
    size(2, 16, 8192),
    // Narrow words, of which some must repeat.
    Size {
        runs: 2,
        tasks: 16,
        words: 1024,
        width: 20,
    },
];

#[test]
fn sound_streams_alarm_no_test() {
    for test in ALL
        .iter()
        .filter(|test| !OTHER_FORMATS.contains(&test.spec().id))
    {
        assert_quiet(*test, SHAPES);
    }
}

#[test]
fn sizes_hold_on_a_short_run() {
    for test in ALL
        .iter()
        .filter(|test| !OTHER_FORMATS.contains(&test.spec().id))
    {
        assert_size(*test, SMALL, 2000);
    }
}

/// cargo test --release --lib battery::power::sizes_hold_on_a_long_run -- --ignored --nocapture
#[test]
#[ignore = "10^5 replicates at two shapes take minutes"]
fn sizes_hold_on_a_long_run() {
    for test in ALL
        .iter()
        .filter(|test| !OTHER_FORMATS.contains(&test.spec().id))
    {
        assert_size(*test, SMALL, 100_000);
        let narrow = |tasks, words| Size {
            runs: 1,
            tasks,
            words,
            width: 32,
        };
        assert_size(*test, &[narrow(40, 48), narrow(10, 2048)], 100_000);
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
    let source = evidence(shape, |_, task| lcg48(u64::from(task) ^ 0x5_deec_e66d));
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
fn one_bit_in_common(shape: Size, bit: u32, turned: bool) -> crate::core::Evidence {
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
            let unclear = |result: &crate::battery::TestResult| {
                // Above a hundredth a control passes.
                result.p().is_some_and(|p| p < 1e-9)
                    && result.control.is_some_and(|p| p.two_sided() > 1e-2)
            };
            let stacked =
                |result: &&crate::battery::TestResult| result.view == crate::battery::View::Stacked;
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

#[test]
fn a_short_list_of_words_collides() {
    let source = evidence(size(1, 1024, 16), |_, task| {
        let mut pick = splitmix(u64::from(task));
        move || splitmix(pick() >> 52)()
    });
    let results = test("collisions").run(&source);
    assert!(least(&results).0 < 1e-100, "{results:#?}");
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
