//! Few streams that are related among many which are not.

use super::StackedRank;
use crate::{
    statistics::{
        StatisticalTest,
        samples::{evidence, seed, seedings, size, splitmix, xorshift128},
    },
    vocabulary::StreamId,
};

#[test]
fn a_triple_among_many_shift_registers_is_charged_to_its_seeds() {
    // 300 registers of 128 bits lack rank by themselves; that three of them cancel they do not.
    let related = |cancel: bool| {
        let source = evidence(size(1, 300, 1024), |_, task| {
            let [mut a, mut b, mut own] = [5, 31, task].map(|task| xorshift128(seed(12, 0, task)));
            move || {
                if cancel && task == 77 {
                    a() ^ b()
                } else {
                    own()
                }
            }
        });
        let results = StackedRank.run(&source).into_iter();
        results
            .filter(|result| !result.streams.is_empty())
            .filter(|result| result.control_fails() == Some(false) && result.p().unwrap() < 1e-12)
            .map(|result| result.streams)
            .collect::<Vec<_>>()
    };
    assert_eq!(related(false), Vec::<Vec<StreamId>>::new());
    let triple = [5, 31, 77].map(|task| StreamId::new(0, task)).to_vec();
    assert_eq!(related(true), [triple]);
}

#[test]
fn low_bits_that_meet_by_chance_are_not_charged_to_seeds() {
    // Words of two outputs of 32 bits from 44 bits of state: two of 96 states agree in their low 13
    // bits, and so in the lowest bits of all words, with probability near 1/2.
    for salt in 0..8 {
        let source = evidence(size(1, 96, 1024), |run, task| {
            let mut state = seed(salt, run, task);
            let mut half = move || {
                state = state.wrapping_mul(0x5_deec_e66d).wrapping_add(11) & ((1 << 44) - 1);
                state >> 12
            };
            move || half() << 32 | half()
        });
        let results = StackedRank.run(&source);
        assert_eq!(seedings(&results), 1.0, "{results:#?}");
    }
}

#[test]
fn a_sum_and_a_linear_map_among_sound_streams_are_named() {
    let related = |map: fn(u64, u64, u64) -> u64| {
        let source = evidence(size(1, 80, 4096), |_, task| {
            let [mut a, mut b, mut c, mut own] =
                [5, 11, 31, task].map(|task| splitmix(u64::from(task)));
            move || {
                if task == 17 {
                    map(a(), b(), c())
                } else {
                    own()
                }
            }
        });
        let results = StackedRank.run(&source).into_iter();
        results
            .filter(|result| result.control_fails() == Some(false) && result.p().unwrap() < 1e-12)
            .flat_map(|result| result.streams)
            .map(|id| id.task.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        related(|a, b, c| a.wrapping_add(b).wrapping_sub(c)),
        [5, 11, 17, 31]
    );
    assert_eq!(related(|a, _, _| a ^ a << 13 ^ a >> 7), [5, 17]);
}

/// 48 registers of 512 bits, seeded with consecutive numbers by an initialisation that fills them linearly,
/// lie in a small part of their state; soundly seeded ones fill it, and their rank is their state's.
#[test]
fn less_rank_than_the_state_is_charged_to_its_seeds() {
    let of = |weak: bool| {
        let source = evidence(size(1, 48, 4096), |_, task| {
            let mut own = splitmix(seed(3, 0, task));
            let mut state = [0u64; 8];
            for (word, at) in state.iter_mut().zip(0u32..) {
                // Consecutive small numbers, spread by shifts and xors alone.
                let small = u64::from(task + 1).rotate_left(8 * at);
                *word = if weak { small ^ small << 13 } else { own() };
            }
            let mut at = 0;
            move || {
                // xorshift512 without its final multiplication.
                let (s, t) = (state[at], state[(at + 1) % 8] ^ state[(at + 1) % 8] << 31);
                let new = t ^ s ^ t >> 11 ^ s >> 30;
                at = (at + 1) % 8;
                state[at] = new;
                new
            }
        });
        let results = StackedRank.run(&source);
        let charged = |result: &&crate::results::TestResult| result.control_fails() == Some(false);
        results
            .iter()
            .filter(charged)
            .filter_map(|result| result.p())
            .fold(1.0, f64::min)
    };
    assert!(of(true) < 1e-20, "{}", of(true));
    assert!(of(false) > 1e-6, "{}", of(false));
}
