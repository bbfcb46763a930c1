//! Late copies in part, values of any law, sizes, and series that take no part.

use super::*;
use crate::{
    statistics::samples::{self, evidence, seed, size, sound, splitmix},
    vocabulary::Format,
};

fn streams(format: Format, words: usize, value: impl Fn(u32, usize) -> u64) -> Evidence {
    samples::values(format, 10, words, value)
}

fn draw(task: u32, t: usize) -> u64 {
    splitmix(seed(3, task, t as u32))()
}

fn named(results: &[TestResult]) -> (f64, Vec<u32>) {
    let tasks = results[0].streams.iter().map(|id| id.task.0).collect();
    (results[0].p().unwrap(), tasks)
}

#[test]
fn late_copies_in_part_are_seen_and_named() {
    let noisy = |task: u32, t: usize| match (task, t) {
        (7, 300..) if draw(20, t).is_multiple_of(4) => draw(2, t - 300),
        _ => draw(task, t),
    };
    let halves = |task: u32, t: usize| match (task, t) {
        (7, 6..) => draw(7, t) >> 32 | draw(2, t - 6) << 32,
        _ => draw(task, t),
    };
    for (what, words) in [("noise", 6000), ("noise", 40_000), ("halves", 3000)] {
        let source = streams(Format::WORDS, words, |task, t| match what {
            "noise" => noisy(task, t),
            _ => halves(task, t),
        });
        let (p, tasks) = named(&LagAgreement.run(&source));
        assert!(p < 1e-20, "{what} {words}: {p}");
        assert_eq!(tasks, [2, 7], "{what} {words}");
    }
}

#[test]
fn sizes_hold() {
    let small = (0..2000)
        .map(|salt| LagAgreement.run(&evidence(size(1, 4, 320), sound(salt))))
        .filter(|results| results[0].p().unwrap() <= 0.01)
        .count();
    let upper = crate::math::binomial_tails(small as u64, 2000, 0.01).upper();
    assert!(upper > 1e-6, "{small}");
}
