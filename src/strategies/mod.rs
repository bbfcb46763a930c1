//! Seeding strategies: `rule/generator`, one file a rule, one line each in [`ALL`].

mod entry;
mod fixed;
mod fixed_plus_index;
mod os_random;
mod os_reseed;
mod os_reseed_1_byte;
mod pid;
mod shared_state;
mod spawn_key;
mod spec;
#[cfg(test)]
mod tests;
mod thread_rng;
mod worker_ordinal;

pub use entry::Entry;
pub use spec::{Claim, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec};

use std::num::NonZeroU32;

use crate::{
    core::{BackendKind, Root, Site},
    generators::BitStream,
};

/// A way to give every task of a parallel program its random numbers.
pub trait SeedingStrategy: Send + Sync {
    /// What the strategy is, reads, promises, and how it fails.
    fn spec(&self) -> &'static Spec;

    /// Serial work done once per run, before any worker starts, timed as set-up.
    ///
    /// # Errors
    /// When the plan makes no sense for this strategy, with the nearest thing that works.
    fn prepare(&self, root: Root, tasks: NonZeroU32) -> Result<Box<dyn Seeder>, Unsupported>;
}

/// A run's state: shared by threads, inherited by forked processes.
pub trait Seeder: Send + Sync {
    /// Called once by every worker, in the worker, before its first task.
    fn enter(&self, site: &Site) -> Box<dyn Worker + '_>;
}

/// A worker's state.
pub trait Worker {
    /// Opens the stream of the task at this site. Called by the worker itself, task after task.
    fn open(&mut self, site: &Site) -> Box<dyn BitStream + '_>;
}

/// A plan that makes no sense for a strategy or backend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; {instead}")]
pub struct Unsupported {
    /// Why it cannot be done.
    pub reason: String,
    /// The nearest thing that works.
    pub instead: String,
}

/// A seeder of task scope: every task's stream is a function of its site alone.
pub struct PerTask<F>(pub F);

impl<F> Seeder for PerTask<F>
where
    F: Fn(&Site) -> Box<dyn BitStream> + Send + Sync,
{
    fn enter(&self, _site: &Site) -> Box<dyn Worker + '_> {
        Box::new(PerTaskWorker(&self.0))
    }
}

struct PerTaskWorker<'a, F>(&'a F);

impl<F> Worker for PerTaskWorker<'_, F>
where
    F: Fn(&Site) -> Box<dyn BitStream>,
{
    fn open(&mut self, site: &Site) -> Box<dyn BitStream + '_> {
        (self.0)(site)
    }
}

/// Every strategy, in the order of reports.
pub const ALL: &[&dyn SeedingStrategy] = &[
    &shared_state::MT19937,
    &worker_ordinal::MT19937,
    &worker_ordinal::ONCE_MT19937,
    &pid::MT19937,
    &pid::ONCE_MT19937,
    &fixed::MT19937,
    &fixed_plus_index::MT19937,
    &os_random::GETRANDOM,
    &os_random::BUFFERED,
    &os_reseed_1_byte::MT19937,
    &os_reseed_1_byte::BEFORE_FORK,
    &os_reseed::MT19937,
    &thread_rng::CHACHA12,
    &spawn_key::CHACHA20,
    &spawn_key::MT19937,
];

/// The strategy with this id.
pub fn find(id: &str) -> Option<&'static dyn SeedingStrategy> {
    ALL.iter()
        .copied()
        .find(|strategy| strategy.spec().id == id)
}

/// What a strategy claims on a backend.
pub fn claim(spec: &Spec, backend: BackendKind) -> &'static Claim {
    spec.claims
        .iter()
        .find(|(kind, _)| *kind == backend)
        .map_or(&Claim::Sound, |(_, claim)| claim)
}
