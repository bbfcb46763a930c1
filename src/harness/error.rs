//! Why a cell gave no evidence.

use std::time::Duration;

use crate::{
    strategies::{SeedingStrategy, Unsupported},
    vocabulary::EvidenceError,
};

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
    /// The strategy panicked, in a worker or while it was prepared.
    #[error("strategy `{strategy}` panicked in {place}: {message}")]
    Panicked {
        /// The strategy's id.
        strategy: String,
        /// `worker 3`, or `its preparation`.
        place: String,
        /// What the panic said.
        message: String,
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
    /// The plan needs more memory than this process may have.
    #[error(
        "the plan needs {needed_bytes} bytes of memory but {available_bytes} are available; \
         plan fewer words, tasks or runs"
    )]
    Memory {
        /// What the plan needs beyond what it was handed.
        needed_bytes: u64,
        /// What the control group and the machine leave.
        available_bytes: u64,
    },
    /// An arena of the wrong size was handed in.
    #[error("the job draws {wanted_words} words but the arena holds {found_words}")]
    Arena {
        /// Words that the job draws.
        wanted_words: u64,
        /// Words that the arena holds.
        found_words: u64,
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
    /// The words that were collected do not make evidence: a fault of the harness.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}

impl LaunchError {
    /// The system refused `what`.
    pub(crate) fn system(what: impl Into<String>, source: impl Into<std::io::Error>) -> Self {
        Self::System {
            what: what.into(),
            source: source.into(),
        }
    }

    /// The strategy panicked with `payload`.
    pub(crate) fn panicked(
        strategy: &dyn SeedingStrategy,
        place: impl Into<String>,
        payload: &(dyn std::any::Any + Send),
    ) -> Self {
        Self::Panicked {
            strategy: strategy.spec().id.to_owned(),
            place: place.into(),
            message: panic_message(payload),
        }
    }
}

/// What a panic said, where it said it in words.
pub(crate) fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
