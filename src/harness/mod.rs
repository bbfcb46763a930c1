//! Runs strategies on workers and collects the words of every stream.

mod ambient;
mod chunks;
mod cluster;
mod collect;
#[doc(hidden)]
pub mod command;
mod digest;
mod error;
mod fork;
mod init;
mod median;
mod memory;
mod sites;
mod stopwatch;
#[cfg(test)]
mod testing;
mod threads;
#[doc(hidden)]
pub mod throughput;
mod worker;

pub use cluster::Cluster;
pub use error::LaunchError;
pub use fork::ForkBackend;
pub use sites::SitesBackend;
pub use threads::ThreadsBackend;

// The inner face, for this crate's own binary, benches and tests: it may change at any time.
#[doc(hidden)]
pub use self::{
    collect::{collect, os_root},
    digest::{Digest, digest, same_words},
    init::{init, init_from, init_with},
    memory::{available_bytes, require_bytes},
    stopwatch::{Effort, Stopwatch},
    threads::cores,
};
#[cfg(unix)]
#[doc(hidden)]
pub use fork::find_fault;
pub(crate) use median::median;

use std::{num::NonZeroU32, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    strategies::SeedingStrategy,
    vocabulary::{BackendKind, Evidence, Root, RootSeed, RunGroup, RunId, Site},
};

/// How tasks are handed to workers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Assignment {
    /// Chunk c goes to worker c mod workers.
    Static,
    /// Workers take the next chunk when they are free; the outcome is recorded.
    Dynamic,
    /// Chunk c goes to worker `workers[c]`: a recorded dynamic assignment, replayed.
    Recorded {
        /// The worker of every chunk.
        workers: Vec<u32>,
    },
}

/// One launch of one strategy on one backend.
pub struct Job<'a> {
    /// The strategy that is run.
    pub strategy: &'a dyn SeedingStrategy,
    /// Which run this is, and its group.
    pub run: RunId,
    /// The group of the run.
    pub group: RunGroup,
    /// The run's root.
    pub root: Root,
    /// How many workers execute.
    pub workers: NonZeroU32,
    /// The ordinal of the first worker: 1 in a fresh parent, more where pools came before.
    pub first_ordinal: u32,
    /// How many tasks there are.
    pub tasks: NonZeroU32,
    /// How many tasks are handed out at once; `None` is `Pool.map`'s ceil(tasks / (4 · workers)).
    pub chunk: Option<NonZeroU32>,
    /// How tasks are handed out.
    pub assignment: Assignment,
    /// How many words every task draws.
    pub words: NonZeroU32,
    /// How long the launch may take before its workers are ended.
    pub timeout: Duration,
}

/// What one launch took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Costs {
    /// Serial preparation.
    pub prepare_ns: u64,
    /// Starting the workers (and, on `fork`, the helper image: see `helper_ns`).
    pub launch_ns: u64,
    /// Starting the helper image on `fork`; 0 elsewhere.
    pub helper_ns: u64,
    /// Wall time from the first to the last word. Forked workers draw while others are still being
    /// started, unless the assignment is dynamic.
    pub collect_ns: u64,
    /// Copying the words out of the mapping shared with forked workers; 0 elsewhere.
    pub copy_ns: u64,
}

/// How many tasks' sites a launch records: 5 MB of them. The words of all tasks are kept.
#[doc(hidden)]
pub const SITES_KEPT: u32 = 65_536;

/// What one launch gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Launched {
    /// The sites of the first [`SITES_KEPT`] tasks, in task order.
    pub sites: Vec<Site>,
    /// The worker of every chunk: replays a dynamic assignment.
    pub chunk_workers: Vec<u32>,
    /// The chunk size that was used.
    pub chunk: u32,
    /// What it took.
    pub costs: Costs,
}

impl Launched {
    /// What a backend of one's own gives: where tasks were done, in task order, and in chunks of which size
    /// by which workers.
    pub fn new(sites: Vec<Site>, chunk: u32, chunk_workers: Vec<u32>, costs: Costs) -> Self {
        Self {
            sites,
            chunk_workers,
            chunk,
            costs,
        }
    }
}

/// Where workers run. One implementation a backend.
pub trait Backend: Sync {
    /// Which backend this is.
    fn kind(&self) -> BackendKind;

    /// Runs the job: task t's words go to `arena[t * words..(t + 1) * words]`.
    ///
    /// # Errors
    /// When the backend or strategy cannot do this plan, or a worker died, hung or stopped short.
    fn launch(&self, job: &Job<'_>, arena: &mut [u64]) -> Result<Launched, LaunchError>;
}

/// What every launch of a cell has in common, and which runs there are.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellPlan {
    /// Workers of every launch.
    pub workers: NonZeroU32,
    /// The ordinal of the first worker (see [`Job::first_ordinal`]).
    pub first_ordinal: u32,
    /// Tasks of every launch.
    pub tasks: NonZeroU32,
    /// Words of every task.
    pub words: NonZeroU32,
    /// Tasks handed out at once; `None` is `Pool.map`'s rule.
    pub chunk: Option<NonZeroU32>,
    /// How tasks are handed out.
    pub assignment: Assignment,
    /// Runs whose root is drawn from the operating system: the *fresh* group.
    pub fresh_runs: u32,
    /// The root given to both runs of the *replay* group; `None` leaves the group out.
    pub replay: Option<RootSeed>,
    /// The roots of the *rooted* group.
    pub rooted: Vec<RootSeed>,
    /// How long every launch may take.
    pub timeout: Duration,
}

/// What launches with one root say of two promises.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeats {
    /// Two launches with the same root and the same plan gave the same words.
    pub replay_equal: Option<bool>,
    /// A launch with the same root on another number of workers gave the same words.
    pub schedule_equal: Option<bool>,
    /// How many workers that launch had.
    pub schedule_workers: Option<u32>,
}

/// The evidence of a whole cell: every run of every group, in one arena.
#[doc(hidden)]
pub struct Collected {
    /// The words.
    pub evidence: Evidence,
    /// One entry a run, in run order.
    pub launches: Vec<Launched>,
    /// A 128-bit hash of every run's words, in run order, as 32 hexadecimal digits. It depends on
    /// the words and their order alone: not on the backend, nor on the number of threads.
    pub digests: Vec<String>,
    /// What repeated launches say of *replayable* and *schedule-free*.
    pub repeats: Repeats,
    /// What touching fresh memory of the arena for the first time took; 0 when it was reused.
    pub first_touch_ns: u64,
}
