//! What most strategy files are made of: a spec, a function that prepares, and short ways to say
//! both.

use std::num::NonZeroU32;

use super::{
    Claim, Fact, Flaw, PerTask, Promise, Promises, Scope, SeedSpace, Seeder, SeedingStrategy, Spec,
    Unsupported, Worker,
};
use crate::{
    generators::{BitStream, SpawnKey},
    results::FindingKind,
    vocabulary::{BackendKind, Root, Site},
};

/// A strategy as data: what it says of itself, and how a run of it is prepared.
pub struct Entry {
    /// What it says of itself.
    pub spec: &'static Spec,
    /// Prepares a run.
    pub prepare: fn(Root, NonZeroU32) -> Prepared,
}

/// What preparing gives.
pub type Prepared = Result<Box<dyn Seeder>, Unsupported>;

impl SeedingStrategy for Entry {
    fn spec(&self) -> &'static Spec {
        self.spec
    }

    fn prepare(&self, root: Root, tasks: NonZeroU32) -> Prepared {
        (self.prepare)(root, tasks)
    }
}

const EVERYWHERE_PURE: &[(BackendKind, Promises)] = &everywhere(PURE);

/// What a strategy says of itself whose streams are functions of root and task index alone, and which
/// promises all that such a strategy can.
pub const fn of_index(
    id: &'static str,
    summary: &'static str,
    formula: &'static str,
    fails: &'static str,
    reference: &'static str,
    claims: &'static [(BackendKind, Claim)],
) -> Spec {
    Spec {
        id,
        scope: Scope::Task,
        summary,
        formula,
        reads: &[Fact::Root, Fact::TaskIndex],
        fails,
        reference,
        promises: EVERYWHERE_PURE,
        seed_space: SeedSpace::Deterministic,
        claims,
    }
}

/// A seeder whose streams are functions of their site alone.
pub fn per_task<S: BitStream + 'static>(
    open: impl Fn(&Site) -> S + Send + Sync + 'static,
) -> Prepared {
    Ok(Box::new(PerTask(move |site: &Site| {
        Box::new(open(site)) as Box<dyn BitStream>
    })))
}

/// The same for streams that are boxed already.
pub fn per_task_boxed(
    open: impl Fn(&Site) -> Box<dyn BitStream> + Send + Sync + 'static,
) -> Prepared {
    Ok(Box::new(PerTask(open)))
}

/// A seeder whose streams start at states laid out before the run, one a task.
pub fn from_table<S: Clone + Send + Sync + 'static, T: BitStream + 'static>(
    starts: impl Iterator<Item = S>,
    open: impl Fn(S) -> T + Send + Sync + 'static,
) -> Prepared {
    let starts: Vec<S> = starts.collect();
    per_task(move |site| open(starts[site.task.0 as usize].clone()))
}

/// A seeder that gives every worker one generator, which its tasks draw from in turn.
pub fn per_worker<S: BitStream + 'static>(
    enter: impl Fn(&Site) -> S + Send + Sync + 'static,
) -> Prepared {
    Ok(Box::new(PerWorker(enter)))
}

struct PerWorker<F>(F);

impl<S, F> Seeder for PerWorker<F>
where
    S: BitStream + 'static,
    F: Fn(&Site) -> S + Send + Sync,
{
    fn enter(&self, site: &Site) -> Box<dyn Worker + '_> {
        Box::new(OneGenerator((self.0)(site)))
    }
}

struct OneGenerator<S>(S);

impl<S: BitStream> Worker for OneGenerator<S> {
    fn open(&mut self, _site: &Site) -> Box<dyn BitStream + '_> {
        Box::new(Continued(&mut self.0))
    }
}

struct Continued<'a, S>(&'a mut S);

impl<S: BitStream> BitStream for Continued<'_, S> {
    fn fill(&mut self, block: &mut [u64]) {
        self.0.fill(block);
    }
}

/// The claims of a sound seeding whose generator fails by itself, on every backend.
pub const fn weak_everywhere(flaw: Flaw) -> [(BackendKind, Claim); 3] {
    [
        (BackendKind::Threads, Claim::WeakGenerator(flaw)),
        (BackendKind::Fork, Claim::WeakGenerator(flaw)),
        (BackendKind::Sites, Claim::WeakGenerator(flaw)),
    ]
}

/// A flaw, in the order of its fields.
pub const fn flaw(
    breaks: &'static str,
    from_streams: u32,
    from_words: u32,
    caught_by: &'static [FindingKind],
) -> Flaw {
    Flaw {
        breaks,
        from_streams,
        from_words,
        caught_by,
    }
}

/// The lowest 32 bits of the root if the user gave one, and otherwise 0: how a program starts whose
/// author did not think of seeds.
pub fn given_or_zero(root: &Root) -> u32 {
    root.given().map_or(0, |given| given.words32()[0])
}

/// What a strategy promises whose streams are functions of root and task index alone.
pub const PURE: Promises = Promises::ALL;

/// What a strategy promises that asks the operating system again in every task.
pub const SYSTEM: Promises = Promises::ALL.without(&[Promise::Replayable, Promise::ScheduleFree]);

/// 256 hashed bits of the root: what fills a state that small roots such as 1 or 42 would leave
/// nearly empty.
pub fn expanded(root: &Root) -> [u8; 32] {
    SpawnKey::from_root(&root.seed()).child(0).bytes()
}

/// What a broken strategy still promises if it reads nothing but root and task index.
pub const REPEATS: Promises = Promises::of(&[Promise::Replayable, Promise::ScheduleFree]);

/// The promises of a strategy that makes the same ones on every backend.
pub const fn everywhere(promises: Promises) -> [(BackendKind, Promises); 1] {
    [(BackendKind::Threads, promises)]
}

/// The claims of a strategy that is broken on every backend in the same way.
pub const fn broken_everywhere(flaw: Flaw) -> [(BackendKind, Claim); 3] {
    [
        (BackendKind::Threads, Claim::Broken(flaw)),
        (BackendKind::Fork, Claim::Broken(flaw)),
        (BackendKind::Sites, Claim::Broken(flaw)),
    ]
}
