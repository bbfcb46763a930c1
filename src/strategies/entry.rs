//! What most strategy files are made of: a spec, a function that prepares, and short ways to say
//! both.

use std::num::NonZeroU32;

use super::{
    Claim, Flaw, PerTask, Promise, Promises, Seeder, SeedingStrategy, Spec, Unsupported, Worker,
};
use crate::{
    core::{BackendKind, Root, Site},
    generators::BitStream,
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

/// A seeder whose streams are functions of their site alone.
pub fn per_task<S: BitStream + 'static>(
    open: impl Fn(&Site) -> S + Send + Sync + 'static,
) -> Prepared {
    Ok(Box::new(PerTask(move |site: &Site| {
        Box::new(open(site)) as Box<dyn BitStream>
    })))
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

/// What a strategy promises whose streams are functions of root and task index alone.
pub const PURE: Promises = Promises::ALL;

/// What a strategy promises that asks the operating system again in every task.
pub const SYSTEM: Promises = Promises::ALL.without(&[Promise::Replayable, Promise::ScheduleFree]);

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
