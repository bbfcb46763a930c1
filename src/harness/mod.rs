//! Runs strategies on workers and collects the words of every stream.

use std::{num::NonZeroU32, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    core::{BackendKind, Evidence, Root, RunGroup, RunId, Site},
    strategies::{SeedingStrategy, Unsupported},
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
pub struct Costs {
    /// Serial preparation.
    pub prepare_ns: u64,
    /// Starting the workers (and, on `fork`, the helper image: see `helper_ns`).
    pub launch_ns: u64,
    /// Starting the helper image on `fork`; 0 elsewhere.
    pub helper_ns: u64,
    /// Wall time from the first to the last word.
    pub collect_ns: u64,
}

/// What one launch gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Launched {
    /// The site of every task, in task order.
    pub sites: Vec<Site>,
    /// The worker of every chunk: replays a dynamic assignment.
    pub chunk_workers: Vec<u32>,
    /// The chunk size that was used.
    pub chunk: u32,
    /// What it took.
    pub costs: Costs,
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

/// Why a cell gave no evidence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LaunchError {
    /// The plan makes no sense here.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// A worker was ended by a signal.
    #[error("worker {worker} (pid {pid}) was ended by signal {signal} after {tasks_done} tasks")]
    Killed {
        /// The worker.
        worker: u32,
        /// Its process id.
        pid: u32,
        /// The signal's name.
        signal: String,
        /// How many tasks it had finished.
        tasks_done: u32,
    },
    /// A worker left before its tasks were done.
    #[error("worker {worker} (pid {pid}) left with code {code} after {tasks_done} tasks")]
    Exited {
        /// The worker.
        worker: u32,
        /// Its process id.
        pid: u32,
        /// Its exit code.
        code: i32,
        /// How many tasks it had finished.
        tasks_done: u32,
    },
    /// The launch took longer than its limit.
    #[error("{unfinished} of {workers} workers were still running after {limit:?} and were ended")]
    TimedOut {
        /// Workers that had not finished.
        unfinished: u32,
        /// Workers started.
        workers: u32,
        /// The limit.
        limit: Duration,
    },
    /// The operating system refused something.
    #[error("failed to {what}")]
    System {
        /// What was tried.
        what: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The helper image misbehaved.
    #[error("the helper image said: {0}")]
    Helper(String),
}

/// The evidence of a whole cell: every run of every group, in one arena.
pub struct Collected {
    /// The words.
    pub evidence: Evidence,
    /// One entry a run, in run order.
    pub launches: Vec<Launched>,
    /// A 128-bit hash of every run's words, in run order, as 32 hexadecimal digits.
    pub digests: Vec<String>,
}
