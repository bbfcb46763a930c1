//! The control: the same generator with independent full-width seeds, through the same analysis.

use std::{
    collections::HashMap,
    io,
    num::NonZeroU32,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use rayon::prelude::*;

use super::gather::Roots;
use crate::{
    analyze::{self, AnalyzeOptions},
    generators::{self, GeneratorSpec, SpawnKey},
    joins::JoinArena,
    plan::{Plan, Sizes},
    results::{Analysis, Depth},
    vocabulary::{Evidence, Format, RootSeed, RunId, RunInfo, StreamId},
};

/// How many more streams the control has. A linear generator with k bits of state always lacks rank
/// beyond k streams and at k streams only by luck, in which case and control might differ.
const FACTOR: u32 = 2;

/// The generator of a strategy's id, where it can be seeded independently.
pub(super) fn generator(id: &str) -> Option<&'static GeneratorSpec> {
    let (_, generator) = id.split_once('/')?;
    generators::find(generator).filter(|spec| spec.state_bits.is_some())
}

/// A control, once it has been analysed; `None` when there was no entropy to seed it with.
type Control = Arc<OnceLock<Option<Arc<Analysis>>>>;

/// What a control depends on: the generator, and how many streams of how many words there are.
type Key = (&'static str, NonZeroU32, u64);

/// The controls of a run: all rows that need the same one share it.
#[derive(Default)]
pub(super) struct Controls {
    known: Mutex<HashMap<Key, Control>>,
}

impl Controls {
    /// The generator's control at this many words, analysed by whoever asks first.
    pub(super) fn of(
        &self,
        plan: &Plan,
        sizes: Sizes,
        generator: &'static GeneratorSpec,
        words: u64,
        arena: &mut JoinArena,
    ) -> Option<Arc<Analysis>> {
        let control = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry((generator.id, sizes.tasks, words))
            .or_default()
            .clone();
        control
            .get_or_init(|| {
                analyse(plan, sizes, generator, words, arena)
                    .ok()
                    .map(Arc::new)
            })
            .clone()
    }
}

/// Analyses independently seeded streams of as many words as the case was decided on.
fn analyse(
    plan: &Plan,
    sizes: Sizes,
    generator: &GeneratorSpec,
    words: u64,
    arena: &mut JoinArena,
) -> io::Result<Analysis> {
    let words = words.min(u64::from(sizes.words.get())) as usize;
    let evidence = evidence(
        generator,
        Roots::of_control(plan, generator.id).next()?,
        plan.fresh_runs.max(1),
        sizes.tasks.get().saturating_mul(FACTOR),
        words,
    );
    let options = AnalyzeOptions {
        depth: Depth::Exhaustive,
        repeats_decide: true,
        ..AnalyzeOptions::default()
    };
    match analyze::analyze(&mut &evidence, options, arena) {
        Ok(analysis) => Ok(analysis),
        Err(never) => match never {},
    }
}

/// Streams with a key of their own each, hashed from one root.
fn evidence(
    generator: &GeneratorSpec,
    root: RootSeed,
    runs: u32,
    tasks: u32,
    words: usize,
) -> Evidence {
    let ids: Vec<StreamId> = (0..runs)
        .flat_map(|run| (0..tasks).map(move |task| StreamId::new(run, task)))
        .collect();
    let keys = SpawnKey::from_root(&root);
    let mut arena = vec![0; ids.len() * words];
    if words > 0 {
        arena
            .par_chunks_exact_mut(words)
            .enumerate()
            .for_each(|(stream, row)| {
                (generator.from_key)(&keys.child(stream as u64).bytes()).fill(row);
            });
    }
    let infos = (0..runs).map(|run| RunInfo::fresh(RunId(run))).collect();
    Evidence::uniform(arena, ids, words, infos, Format::WORDS)
        .expect("as many streams as ids, all of one length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_analysed_once() {
        let plan = Plan {
            tasks: 4,
            words: 64,
            ..Plan::quick()
        };
        let sizes = plan.validate(None).unwrap();
        let spec = generator("fixed/mt19937").unwrap();
        let (controls, mut arena) = (Controls::default(), JoinArena::new());
        let mut ask = |words| controls.of(&plan, sizes, spec, words, &mut arena).unwrap();
        let (first, again, shorter) = (ask(64), ask(64), ask(32));
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &shorter));
        assert_eq!((first.words_per_stream, shorter.words_per_stream), (64, 32));
    }

    #[test]
    fn controls_are_distinct_streams_of_the_generator() {
        let spec = generator("fixed/mt19937").unwrap();
        let evidence = evidence(spec, RootSeed::from_u64(1), 2, 3, 16);
        assert_eq!(evidence.streams(), 6);
        let mut words = evidence.words().to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 96);
        assert!(generator("os-random/getrandom").is_none());
    }
}
