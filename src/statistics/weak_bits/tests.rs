use super::*;
use crate::{
    analyze::WITHIN_STREAMS,
    results::FindingKind,
    statistics::{
        find,
        samples::{Size, evidence, lcg48, lcg64, seed, size, sound, xorshift64},
        tests,
    },
    vocabulary::Evidence,
};

fn weak(source: &Evidence) -> Option<Vec<Range<u32>>> {
    let width = source.format().uniform_width().unwrap();
    WeakBits::of(&Frame::new(source), width).map(|weak| weak.ranges)
}

#[test]
fn low_bits_of_congruential_generators_are_weak_in_every_part_of_a_word() {
    let whole = evidence(size(1, 32, 2048), |run, task| lcg64(seed(1, run, task)));
    let ranges = weak(&whole).unwrap();
    assert_eq!((ranges.len(), ranges[0].start), (1, 0), "{ranges:?}");
    assert!((34..=46).contains(&ranges[0].end), "{ranges:?}");
    let halves = evidence(size(1, 64, 4096), |run, task| {
        let mut next = lcg48(seed(1, run, task));
        move || next() >> 32 << 32 | next() >> 32
    });
    let ranges = weak(&halves).unwrap();
    let starts: Vec<u32> = ranges.iter().map(|range| range.start).collect();
    assert_eq!(starts, [0, 32], "{ranges:?}");
    let added = evidence(size(1, 64, 4096), |run, task| {
        let mut next = lcg48(seed(1, run, task));
        move || SampledHalves::Added.together(next() >> 32 << 32 | next() >> 32)
    });
    let ranges = weak(&added).unwrap();
    let starts: Vec<u32> = ranges.iter().map(|range| range.start).collect();
    assert_eq!(starts, [0, 32], "{ranges:?}");
}

#[test]
fn streams_in_one_phase_hide_no_weak_bit() {
    for salt in 0..20 {
        let shape = Size {
            width: 48,
            ..size(1, 2, 4096)
        };
        // The lowest seven bits agree, as those of one pair in 128 do.
        let source = evidence(shape, |run, task| {
            lcg48(seed(salt, run, task) & !127 | 0x5a)
        });
        let ranges = weak(&source).unwrap();
        assert_eq!((ranges.len(), ranges[0].start), (1, 0), "{ranges:?}");
        let standing = charged(&source);
        assert!(standing.is_empty(), "{standing:?}");
    }
}

#[test]
fn every_build_keeps_the_same_windows() {
    let (low, high) = (0x0123_4567_89ab_cdef, 0x0fed_cba9_8765_4321);
    let expected = (0..64).filter(|&from| {
        let both = u128::from(high) << 64 | u128::from(low);
        let hash = ((both >> from) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash.leading_zeros() >= THINNED
    });
    let expected = expected.fold(0, |kept, from| kept | 1 << from);
    assert_ne!(expected, 0);
    for level in crate::kernels::dispatch::available() {
        assert_eq!(thinned_at(level, low, high), expected);
    }
}

#[test]
fn added_halves_come_apart() {
    let (high, low) = (0x8123_4567_u32, 0x9abc_def0_u32);
    let word = (u64::from(high) << 32).wrapping_add(low as i32 as u64);
    let halves = u64::from(high) << 32 | u64::from(low);
    assert_eq!(SampledHalves::Added.apart(word), halves);
    assert_eq!(SampledHalves::Added.together(halves), word);
}

/// Java's `Random`, two outputs a word, whose streams start at these states.
fn java(shape: Size, state: impl Fn(u32, u32) -> u64) -> Evidence {
    evidence(shape, |run, task| {
        let mut next = lcg48(state(run, task) & ((1 << 48) - 1));
        move || next() >> 32 << 32 | next() >> 32
    })
}

fn charged(source: &Evidence) -> Vec<TestResult> {
    let results = tests().flat_map(|test| test.run(source));
    let across = |result: &TestResult| {
        find(&result.test).is_some_and(|test| {
            test.spec().finding != FindingKind::RepeatedWords
                && !WITHIN_STREAMS.contains(&test.spec().finding)
        })
    };
    let passes = |result: &TestResult| {
        let control = result.control.map_or(1.0, |p| p.two_sided());
        control > UNDECIDED
    };
    results
        .filter(|result| result.p().is_some_and(|p| p < 1e-10))
        .filter(|result| across(result) && passes(result))
        .collect()
}

#[test]
fn states_that_nearly_meet_in_their_low_bits_are_not_charged_to_seeds() {
    let shape = size(1, 32, 4096);
    for twos in 13..19 {
        // Two of 32 states, and then one sum of four, agree in so many of their lowest bits.
        let pair = java(shape, |_, task| match task {
            20 => seed(1, 0, 7).wrapping_add(5 << twos),
            _ => seed(1, 0, task),
        });
        let quad = java(shape, |_, task| match task {
            10 => {
                let sum = seed(1, 0, 2).wrapping_add(seed(1, 0, 8));
                sum.wrapping_sub(seed(1, 0, 0)).wrapping_add(5 << twos)
            }
            _ => seed(1, 0, task),
        });
        for source in [pair, quad] {
            let charged = charged(&source);
            assert!(charged.is_empty(), "{twos}: {charged:#?}");
        }
    }
}

#[test]
fn near_seeds_and_equal_cuts_of_the_same_generator_are() {
    let shape = size(2, 32, 1024);
    let seeds = java(shape, |run, task| {
        u64::from(run << 5 | task) ^ 0x5_deec_e66d
    });
    assert!(!charged(&seeds).is_empty());
    let mut starts = vec![seed(2, 0, 0)];
    for _ in 1..64 {
        let mut state = starts[starts.len() - 1] & ((1 << 48) - 1);
        let mut step = lcg48(state);
        (0..10_000).for_each(|_| state = step() >> 16);
        starts.push(state);
    }
    let cuts = java(shape, |run, task| starts[(run << 5 | task) as usize]);
    assert!(!charged(&cuts).is_empty());
}

/// cargo test --release --lib statistics::weak_bits -- --ignored --nocapture
#[test]
#[ignore = "400 seeds take minutes"]
fn sound_seeds_of_a_short_congruential_generator_are_never_charged() {
    for salt in 0..400 {
        let source = java(size(2, 64, 4096), |run, task| seed(salt, run, task));
        let charged = charged(&source);
        assert!(charged.is_empty(), "{salt}: {charged:#?}");
    }
}

#[test]
fn bits_of_other_generators_are_not_weak_nor_those_of_streams_that_meet() {
    assert_eq!(weak(&evidence(size(1, 64, 4096), sound(3))), None);
    let narrow = Size {
        width: 24,
        ..size(2, 40, 2048)
    };
    assert_eq!(weak(&evidence(narrow, sound(4))), None);
    let shift = evidence(size(1, 64, 4096), |run, task| {
        xorshift64(seed(1, run, task))
    });
    assert_eq!(weak(&shift), None);
    // Low halves in common, at equal times.
    let shared = evidence(size(1, 16, 2048), |_, task| {
        let (mut own, mut common) = (sound(5)(0, task), sound(6)(0, 0));
        move || own() << 32 | common() >> 32
    });
    assert_eq!(weak(&shared), None);
    // Whole words of one sequence, read from different places on.
    let overlapping = evidence(size(1, 8, 512), |_, task| {
        let mut draw = sound(7)(0, 0);
        for _ in 0..64 * task {
            draw();
        }
        draw
    });
    assert_eq!(weak(&overlapping), None);
}
