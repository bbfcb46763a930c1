//! The control: the same generator with independent full-width seeds, through the same analysis.

use std::num::NonZeroU32;

use super::gather::{Roots, fresh_plan};
use crate::{
    battery::{
        Analysis, Depth,
        analyze::{self, AnalyzeOptions},
        join::JoinArena,
    },
    harness::{ThreadsBackend, collect},
    plan::{Plan, Sizes},
    strategies::{self, SeedingStrategy},
};

/// Rules that seed every task from the system's entropy or by a keyed hash, soundest first.
const SOUND_RULES: [&str; 2] = ["os-reseed", "spawn-key"];

/// How many more tasks the control has.
const CONTROL_FACTOR: NonZeroU32 = NonZeroU32::new(2).expect("2 is positive");

/// A sound rule for the generator of `id`, other than its own.
pub(super) fn strategy(id: &str) -> Option<&'static dyn SeedingStrategy> {
    let (rule, generator) = id.split_once('/')?;
    SOUND_RULES
        .iter()
        .filter(|sound| **sound != rule)
        .find_map(|sound| strategies::find(&format!("{sound}/{generator}")))
}

/// Analyses independently seeded streams of as many words as the case was decided on. `None` where
/// they cannot be had.
pub(super) fn analyse(
    plan: &Plan,
    sizes: Sizes,
    strategy: &dyn SeedingStrategy,
    words: u64,
    roots: &mut Roots,
    arena: &mut JoinArena,
) -> Option<Analysis> {
    let words = NonZeroU32::new(u32::try_from(words).ok()?)?.min(sizes.words);
    let mut plan = fresh_plan(plan, sizes, words);
    // Twice the streams: a linear generator with k bits of state always lacks rank beyond k streams,
    // and at k streams only by luck, in which case and control may differ.
    plan.tasks = plan.tasks.saturating_mul(CONTROL_FACTOR);
    let mut entropy = || roots.next();
    let collected = collect(&ThreadsBackend, strategy, &plan, &mut entropy, Vec::new()).ok()?;
    let options = AnalyzeOptions {
        depth: Depth::Exhaustive,
        repeats_decide: true,
        equality_only: false,
    };
    match analyze::analyze(&mut &collected.evidence, options, arena) {
        Ok(analysis) => Some(analysis),
        Err(never) => match never {},
    }
}
