//! Sound and broken evidence for the tests of tests, made from a few lines of generator.

use super::{StatisticalTest, views::mix};
use crate::{
    generators::GOLDEN_GAMMA,
    results::TestResult,
    vocabulary::{Evidence, Format, RunId, RunInfo, StreamId},
};

/// The size of an evidence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) runs: u32,
    pub(crate) tasks: u32,
    pub(crate) words: usize,
    pub(crate) width: u32,
}

pub(crate) const fn size(runs: u32, tasks: u32, words: usize) -> Size {
    Size {
        runs,
        tasks,
        words,
        width: 64,
    }
}

/// Evidence whose stream (run, task) is drawn from `open(run, task)`; words are cut to the width.
pub(crate) fn evidence<G: FnMut() -> u64>(size: Size, open: impl Fn(u32, u32) -> G) -> Evidence {
    evidence_of(size, Format::Bits { width: size.width }, open)
}

/// Evidence of values of another format.
pub(crate) fn evidence_of<G: FnMut() -> u64>(
    size: Size,
    format: Format,
    open: impl Fn(u32, u32) -> G,
) -> Evidence {
    let mut words = Vec::new();
    let mut ids = Vec::new();
    let mask = u64::MAX << (64 - size.width);
    for run in 0..size.runs {
        for task in 0..size.tasks {
            let mut draw = open(run, task);
            words.extend((0..size.words).map(|_| draw() & mask));
            ids.push(StreamId::new(run, task));
        }
    }
    let runs = (0..size.runs)
        .map(|run| RunInfo::fresh(RunId(run)))
        .collect();
    Evidence::uniform(words, ids, size.words, runs, format).unwrap()
}

/// Evidence of one fresh run: the value of each task at each place.
pub(crate) fn values(
    format: Format,
    tasks: u32,
    words: usize,
    value: impl Fn(u32, usize) -> u64,
) -> Evidence {
    let streams: Vec<Vec<u64>> = (0..tasks)
        .map(|task| (0..words).map(|t| value(task, t)).collect())
        .collect();
    ragged(&streams, format)
}

/// Evidence of one fresh run whose streams are these.
pub(crate) fn ragged(streams: &[Vec<u64>], format: Format) -> Evidence {
    let lengths: Vec<usize> = streams.iter().map(Vec::len).collect();
    let ids = (0..streams.len() as u32)
        .map(|task| StreamId::new(0, task))
        .collect();
    let runs = vec![RunInfo::fresh(RunId(0))];
    Evidence::ragged(streams.concat(), ids, &lengths, runs, format).unwrap()
}

/// An independent seed for every stream.
pub(crate) fn seed(salt: u64, run: u32, task: u32) -> u64 {
    mix(mix(salt) ^ (u64::from(run) << 32 | u64::from(task)))
}

/// SplitMix64 from a well-mixed 64-bit seed: the sound source of these tests.
pub(crate) fn sound(salt: u64) -> impl Fn(u32, u32) -> Box<dyn FnMut() -> u64> {
    move |run, task| Box::new(splitmix(seed(salt, run, task)))
}

pub(crate) fn splitmix(state: u64) -> impl FnMut() -> u64 {
    // The state is mixed so that near seeds are far apart; every word is mixed once more.
    let mut state = mix(state);
    move || {
        state = state.wrapping_add(GOLDEN_GAMMA);
        mix(state)
    }
}

/// Knuth's MMIX linear generator modulo 2^64, all bits out.
pub(crate) fn lcg64(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state
    }
}

/// drand48's generator modulo 2^48, its state at the top of the word.
pub(crate) fn lcg48(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_mul(0x5_deec_e66d).wrapping_add(11) & ((1 << 48) - 1);
        state << 16
    }
}

/// Marsaglia's xorshift64 (13, 7, 17).
pub(crate) fn xorshift64(mut state: u64) -> impl FnMut() -> u64 {
    state |= u64::from(state == 0);
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

/// The least p-value among the results, and whether its control failed.
pub(crate) fn least(results: &[TestResult]) -> (f64, Option<bool>) {
    results
        .iter()
        .filter_map(|result| Some((result.p()?, result.control_fails())))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap_or((1.0, None))
}

/// The least p-value that is charged to seeding: its control was taken and passes.
pub(crate) fn seedings(results: &[TestResult]) -> f64 {
    results
        .iter()
        .filter(|result| result.control_fails() == Some(false))
        .filter_map(TestResult::p)
        .fold(1.0, f64::min)
}

/// Runs the test on sound evidence of several shapes: nothing may fall below 1e-6.
pub(crate) fn assert_quiet(test: &dyn StatisticalTest, shapes: &[Size]) {
    for (salt, &shape) in shapes.iter().enumerate() {
        let results = test.run(&evidence(shape, sound(salt as u64 + 77)));
        assert!(!results.is_empty());
        let (p, _) = least(&results);
        assert!(p > 1e-6, "{} on {shape:?}: {results:#?}", test.spec().id);
    }
}

/// Marsaglia's xorshift128 (2003), two 32-bit outputs a word.
pub(crate) fn xorshift128(seed: u64) -> impl FnMut() -> u64 {
    let mut fill = splitmix(seed);
    let mut state: [u32; 4] = std::array::from_fn(|_| fill() as u32);
    let mut next = move || {
        let [x, y, z, w] = state;
        let t = x ^ (x << 11);
        state = [y, z, w, w ^ (w >> 19) ^ t ^ (t >> 8)];
        state[3]
    };
    move || u64::from(next()) << 32 | u64::from(next())
}
