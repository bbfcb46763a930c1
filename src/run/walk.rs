//! The walk of the seed: every bit of a given root flipped, and the first words of a few tasks.
//!
//! What a strategy draws under a given root depends on root and site alone, so the sites are made up,
//! the same for every flip, and one walk serves all backends.

use std::num::NonZeroU32;

use crate::{
    generators::{GeneratorSpec, SpawnKey},
    plan::Plan,
    results::{SeedWalk, TestResult},
    statistics::avalanche,
    strategies::{SeedingStrategy, Unsupported},
    vocabulary::{Format, Root, RootSeed, Site, TaskId, WorkerId},
};

use super::{control, gather::WALK};

/// Bits of a root, all of which are flipped.
const ROOT_BITS: u32 = 256;
/// Tasks that draw.
const TASKS: u32 = 4;
/// Workers, which take tasks in turn.
const WORKERS: u32 = 2;
/// Words of every task.
const WORDS: usize = 2;
/// Roots of full width to walk from; the root 1, as people write roots, comes before them.
const WIDE_BASES: u32 = 2;
/// How many times the base roots the second stage walks from.
const SECOND_STAGE_FACTOR: u32 = 4;

/// A walk and its results.
pub(super) struct RootWalk {
    /// For the report.
    pub(super) summary: SeedWalk,
    /// As many as every walk has.
    pub(super) results: Vec<TestResult>,
}

/// Walks from the root 1 and from roots of the plan. `None` for a rule that reads no root, or whose
/// streams are not given by it.
pub(super) fn walk(plan: &Plan, strategy: &dyn SeedingStrategy) -> Option<RootWalk> {
    let mut bases = vec![RootSeed::from_u64(1)];
    bases.extend(wide(plan, 0, WIDE_BASES));
    from(plan, strategy, &bases)
}

/// Walks from four times as many roots, none of which the first walk had.
pub(super) fn again(plan: &Plan, strategy: &dyn SeedingStrategy) -> Option<RootWalk> {
    let bases = SECOND_STAGE_FACTOR * (1 + WIDE_BASES);
    from(plan, strategy, &wide(plan, WIDE_BASES, bases))
}

/// Roots of the plan's own tree.
fn wide(plan: &Plan, first: u32, count: u32) -> Vec<RootSeed> {
    let branch = SpawnKey::from_root(&plan.root).child(WALK);
    (first..first + count)
        .map(|nth| RootSeed::from_bytes(branch.child(nth.into()).bytes()))
        .collect()
}

fn from(plan: &Plan, strategy: &dyn SeedingStrategy, bases: &[RootSeed]) -> Option<RootWalk> {
    let spec = strategy.spec();
    let declared = spec.root_bits()?;
    let width = Format::WORDS.uniform_width()?;
    let words = |seed: &[u8]| words(strategy, &root(seed));
    let bases: Vec<Vec<u8>> = bases.iter().map(|base| base.bytes().to_vec()).collect();
    for base in &bases {
        if words(base).ok()? != words(base).ok()? {
            return None;
        }
    }
    let walk = avalanche(ROOT_BITS, WORDS, width, &bases, words).ok()?;
    let mut results = walk.dead_bits(declared);
    results.extend(walk.weak_bits(declared, || {
        let generator = control::generator(spec.id)?;
        let keys = SpawnKey::from_root(&plan.root).child(WALK).child(u64::MAX);
        let open = |seed: &[u8]| Ok::<_, Unsupported>(independent(generator, &keys, &root(seed)));
        avalanche(ROOT_BITS, WORDS, width, &bases, open).ok()
    }));
    Some(RootWalk {
        summary: walk.summary(declared),
        results,
    })
}

fn root(seed: &[u8]) -> RootSeed {
    RootSeed::from_bytes(std::array::from_fn(|byte| seed[byte]))
}

/// The first words of every task, drawn task after task.
fn words(strategy: &dyn SeedingStrategy, root: &RootSeed) -> Result<Vec<u64>, Unsupported> {
    let tasks = NonZeroU32::new(TASKS).expect("some tasks");
    let seeder = strategy.prepare(Root::Given(*root), tasks)?;
    let mut workers: Vec<_> = (0..WORKERS)
        .map(|worker| seeder.enter(&site(worker)))
        .collect();
    let mut words = vec![0; TASKS as usize * WORDS];
    for (task, row) in (0..).zip(words.chunks_exact_mut(WORDS)) {
        let site = site(task);
        workers[site.worker.0 as usize].open(&site).fill(row);
    }
    Ok(words)
}

/// A made-up site: nothing ambient differs from one root to the next.
fn site(task: u32) -> Site {
    let worker = task % WORKERS;
    Site {
        task: TaskId(task),
        task_ordinal: task / WORKERS,
        worker: WorkerId(worker),
        worker_ordinal: worker + 1,
        pid: 1 + worker,
        tid: 1 + u64::from(worker),
        ..Site::default()
    }
}

/// The words of as many streams whose seeds have nothing to do with those of any other root.
fn independent(generator: &GeneratorSpec, keys: &SpawnKey, root: &RootSeed) -> Vec<u64> {
    let keys = root
        .words32()
        .iter()
        .fold(keys.clone(), |keys, &word| keys.child(word.into()));
    let mut words = vec![0; TASKS as usize * WORDS];
    for (task, row) in (0..).zip(words.chunks_exact_mut(WORDS)) {
        (generator.from_key)(&keys.child(task).bytes()).fill(row);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategies::{ALL, find};

    /// What each rule says that it reads of the root is what it reads.
    #[test]
    fn roots_are_as_wide_as_declared() {
        let plan = Plan::quick();
        let mut walked = 0;
        let mut wrong = Vec::new();
        for strategy in ALL {
            let Some(walk) = walk(&plan, *strategy) else {
                continue;
            };
            walked += 1;
            let summary = walk.summary;
            let expected = if summary.declared < ROOT_BITS {
                vec![(summary.declared, ROOT_BITS - 1)]
            } else {
                Vec::new()
            };
            if summary.dead != expected {
                wrong.push((strategy.spec().id, summary.declared, summary.dead));
            }
        }
        assert!(walked >= 70, "{walked}");
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn a_rule_without_a_root_is_not_walked() {
        for id in ["os-random/getrandom", "worker-ordinal/mt19937"] {
            assert!(walk(&Plan::quick(), find(id).unwrap()).is_none(), "{id}");
        }
    }

    #[test]
    fn the_second_stage_walks_from_other_roots() {
        let plan = Plan::quick();
        let (first, second) = (wide(&plan, 0, WIDE_BASES), wide(&plan, WIDE_BASES, 12));
        assert!(first.iter().all(|root| !second.contains(root)));
        let again = again(&plan, find("spawn-key/chacha20").unwrap()).unwrap();
        assert_eq!(again.summary.bases, 12);
    }
}
