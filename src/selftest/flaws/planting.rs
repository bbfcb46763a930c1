//! A planted flaw, and the streams it is planted in.

use crate::{
    results::FindingKind,
    selftest::sound::{self, mix, words},
    verdict::{Judgement, Severity, Verdict},
    vocabulary::{Evidence, Format},
};

/// A flaw to be caught.
pub struct PlantedFlaw {
    /// What it is.
    pub name: &'static str,
    /// Findings of which at least one must say so.
    pub caught_by: &'static [FindingKind],
    /// How grave that finding must be: an error calls the seeding unsound, a warning is of the generator.
    pub severity: Severity,
    /// Evidence that has it.
    pub build: fn(u64) -> Evidence,
}

impl PlantedFlaw {
    /// Whether a judgement says so for one of the right reasons.
    pub fn is_caught(&self, judgement: &Judgement) -> bool {
        let of_the_seeding = self.severity == Severity::Error;
        (!of_the_seeding || judgement.verdict == Verdict::Unsound)
            && judgement.findings.iter().any(|finding| {
                finding.severity >= self.severity && self.caught_by.contains(&finding.rule)
            })
    }
}

/// A flaw for which the seeding must be called unsound.
pub(super) const fn unsound(
    name: &'static str,
    caught_by: &'static [FindingKind],
    build: fn(u64) -> Evidence,
) -> PlantedFlaw {
    PlantedFlaw {
        name,
        caught_by,
        severity: Severity::Error,
        build,
    }
}

/// A flaw that is the generator's, or may be.
pub(super) const fn weak(
    name: &'static str,
    caught_by: &'static [FindingKind],
    build: fn(u64) -> Evidence,
) -> PlantedFlaw {
    PlantedFlaw {
        name,
        caught_by,
        severity: Severity::Warning,
        build,
    }
}

/// Tasks, runs and words of flawed evidence.
pub(super) const TASKS: u32 = 16;
pub(super) const RUNS: u32 = 2;
pub(super) const WORDS: usize = 1_024;

/// Sound streams of a generator, to be flawed: as many as there are names, of so many words.
pub(super) fn streams(seed: u64, count: u32, length: usize) -> Vec<Vec<u64>> {
    (0..u64::from(count))
        .map(|stream| words(mix(seed ^ mix(stream)), length))
        .collect()
}

/// A coin that shows heads once in `n` throws.
pub(super) fn once_in(n: u64, seed: u64) -> impl FnMut() -> bool {
    let mut state = seed;
    move || {
        state = mix(state);
        state.is_multiple_of(n)
    }
}

/// Whether the bits of a word that the mask selects are odd in number.
pub(super) const fn is_odd(word: u64, mask: u64) -> bool {
    (word & mask).count_ones() % 2 == 1
}

/// Sound streams with something done to them.
pub(super) fn with(seed: u64, plant: impl FnOnce(&mut Vec<Vec<u64>>)) -> Evidence {
    let mut streams = streams(seed, RUNS * TASKS, WORDS);
    plant(&mut streams);
    evidence(RUNS, TASKS, streams)
}

/// One step of Knuth's MMIX generator.
pub(super) const fn congruential(state: u64) -> u64 {
    state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407)
}

pub(super) fn evidence(runs: u32, tasks: u32, streams: Vec<Vec<u64>>) -> Evidence {
    let length = streams.first().map_or(0, Vec::len);
    sound::evidence(runs, tasks, length, streams.concat(), Format::WORDS)
}
