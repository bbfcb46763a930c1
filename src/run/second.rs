//! The second stage: four times the evidence, from independent roots, for what was grey.

use std::num::NonZeroU32;

use super::{
    Event,
    gather::{Roots, fresh_plan},
    walk,
};
use crate::{
    analyze,
    harness::{Backend, available_bytes, collect},
    plan::{Plan, Sizes},
    record::SecondStage,
    results::{Analysis, TestResult, View},
    statistics,
    strategies::SeedingStrategy,
    verdict::{Policy, Suspicion, counted, second_stage_tests, testable_again},
};

/// How much more evidence the second stage has.
const FACTOR: u32 = 4;

/// The second stage of one cell: what it rests on, and what its tests gave.
pub(super) struct SecondLook {
    /// For the report.
    pub(super) record: SecondStage,
    /// For the judge.
    pub(super) results: Vec<TestResult>,
}

/// Collects four times the evidence from roots that no run has had, and runs what was grey again.
/// `None` where nothing is to be tested again, or there is no room for the evidence.
#[expect(clippy::too_many_arguments, reason = "they are all of the cell")]
pub(super) fn second_stage(
    plan: &Plan,
    sizes: Sizes,
    strategy: &dyn SeedingStrategy,
    backend: &dyn Backend,
    (analysis, suspicions): (&Analysis, &[Suspicion]),
    policy: Policy,
    roots: &mut Roots,
    observer: &mut dyn FnMut(Event<'_>),
) -> Option<SecondLook> {
    let grey = testable_again(analysis, suspicions).count();
    if !policy.two_stages || grey == 0 || !fits(plan, sizes) {
        return None;
    }
    observer(Event::SecondStage { grey });
    let tests = second_stage_tests(analysis, suspicions, statistics::tests());
    let mut record = SecondStage {
        grey: grey as u64,
        ..SecondStage::default()
    };
    let mut results = Vec::new();
    if !tests.is_empty() {
        let words = NonZeroU32::new(sizes.words.get().checked_mul(FACTOR)?)?;
        let fresh = fresh_plan(plan, sizes, words);
        let mut entropy = || roots.next();
        let collected = collect(backend, strategy, &fresh, &mut entropy, Vec::new()).ok()?;
        let evidence = &collected.evidence;
        record.runs = evidence.runs().to_vec();
        record.streams = evidence.streams() as u64;
        record.words_per_stream = evidence.aligned_words() as u64;
        results = analyze::retest(evidence, &tests);
    }
    if testable_again(analysis, suspicions).any(|grey| grey.view == View::SeedFlips)
        && let Some(walk) = walk::again(plan, strategy)
    {
        record.walk_bases = walk.summary.bases;
        results.extend(walk.results);
    }
    let counted = counted(analysis, suspicions, &results);
    record.p = counted.iter().map(|&(_, p)| p).min_by(f64::total_cmp);
    record.tests = counted
        .iter()
        .map(|&(index, _)| results[index].clone())
        .collect();
    Some(SecondLook { record, results })
}

/// Whether fresh evidence of that size and its analysis fit beside what is held already.
fn fits(plan: &Plan, sizes: Sizes) -> bool {
    let larger = Plan {
        tasks: sizes.tasks.get(),
        words: sizes.words.get().saturating_mul(FACTOR),
        ..plan.clone()
    };
    available_bytes().is_none_or(|available| larger.needed_bytes() <= available)
}
