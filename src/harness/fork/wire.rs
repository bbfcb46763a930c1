//! What the launching program and its fork helper say to each other.
//!
//! The helper is started as `PROGRAM __seedbench-fork-helper REQUEST` with the shared file as its
//! standard input. It writes two lines to its standard output: [`HELLO`] as soon as it runs, and one
//! [`Answer`] in JSON when all workers have ended. Words, sites and assignment go through the file, whose
//! shape both sides derive from the request ([`SegmentLayout`]).

use std::{num::NonZeroU32, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    harness::{Job, LaunchError, chunks::Chunks},
    strategies::Unsupported,
    vocabulary::{Root, RunGroup, RunId},
};

/// The hidden subcommand.
pub(crate) const SUBCOMMAND: &str = "__seedbench-fork-helper";

/// Set in the helper and its workers: a launch from within them is refused.
pub(crate) const GUARD: &str = "SEEDBENCH_FORK_HELPER";

/// The first line of the helper. The number grows whenever this file changes its meaning.
pub(crate) const HELLO: &str = "seedbench fork helper 1";

/// What the helper is to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Request {
    pub strategy: String,
    pub run: RunId,
    pub group: RunGroup,
    pub root: Root,
    pub workers: NonZeroU32,
    pub first_ordinal: u32,
    pub tasks: NonZeroU32,
    pub chunk: NonZeroU32,
    pub words: NonZeroU32,
    /// Workers take chunks when they are free; otherwise the file says whose each chunk is.
    pub dynamic: bool,
    pub limit_ns: u64,
    /// Fork, write, exit and wait only: the floor under every launch.
    pub bare: bool,
}

impl Request {
    pub(crate) fn new(job: &Job<'_>, dynamic: bool) -> Self {
        let size = Chunks::of(job).size();
        Self {
            strategy: job.strategy.spec().id.to_owned(),
            run: job.run,
            group: job.group,
            root: job.root,
            workers: job.workers,
            first_ordinal: job.first_ordinal,
            tasks: job.tasks,
            chunk: NonZeroU32::new(size).expect("chunks hold at least one task"),
            words: job.words,
            dynamic,
            limit_ns: job.timeout.as_nanos().try_into().unwrap_or(u64::MAX),
            bare: false,
        }
    }

    pub(crate) fn chunks(&self) -> Chunks {
        Chunks::new(self.tasks, self.workers, Some(self.chunk))
    }

    pub(crate) fn limit(&self) -> Duration {
        Duration::from_nanos(self.limit_ns)
    }
}

/// How the helper's launch ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum HelperAnswer {
    /// Every worker finished.
    Done {
        prepare_ns: u64,
        /// From the first fork until the last worker was waited for.
        workers_ns: u64,
    },
    Unsupported {
        reason: String,
        instead: String,
    },
    Killed {
        worker: u32,
        pid: u32,
        signal: String,
        tasks_done: u32,
    },
    Exited {
        worker: u32,
        pid: u32,
        code: i32,
        tasks_done: u32,
    },
    Panicked {
        place: String,
        message: String,
    },
    TimedOut {
        unfinished: u32,
    },
    System {
        what: String,
        /// `errno`, where the system gave one.
        code: Option<i32>,
        message: String,
    },
    /// The request makes no sense to this helper.
    Misunderstood {
        message: String,
    },
}

impl HelperAnswer {
    pub(crate) fn system(what: impl Into<String>, error: impl Into<std::io::Error>) -> Self {
        let error = error.into();
        Self::System {
            what: what.into(),
            code: error.raw_os_error(),
            message: error.to_string(),
        }
    }

    /// The cost of a launch that went well: (preparation, workers), in ns.
    pub(crate) fn outcome(self, request: &Request) -> Result<(u64, u64), LaunchError> {
        Err(match self {
            Self::Done {
                prepare_ns,
                workers_ns,
            } => return Ok((prepare_ns, workers_ns)),
            Self::Unsupported { reason, instead } => Unsupported { reason, instead }.into(),
            Self::Killed {
                worker,
                pid,
                signal,
                tasks_done,
            } => LaunchError::Killed {
                worker,
                pid,
                signal,
                tasks_done,
            },
            Self::Exited {
                worker,
                pid,
                code,
                tasks_done,
            } => LaunchError::Exited {
                worker,
                pid,
                code,
                tasks_done,
            },
            Self::Panicked { place, message } => LaunchError::Panicked {
                strategy: request.strategy.clone(),
                place,
                message,
            },
            Self::TimedOut { unfinished } => LaunchError::TimedOut {
                unfinished,
                workers: request.workers.get(),
                limit: request.limit(),
            },
            Self::System {
                what,
                code,
                message,
            } => LaunchError::System {
                what,
                source: code.map_or_else(
                    || std::io::Error::other(message),
                    std::io::Error::from_raw_os_error,
                ),
            },
            Self::Misunderstood { message } => LaunchError::Helper(message),
        })
    }
}

/// Words of the file's header: the next chunk, then a panic's worker, length and text.
pub(crate) const HEADER_WORDS: usize = 512;
/// Words of a worker's record: a cache line, so that workers do not wait for each other's.
pub(crate) const WORKER_WORDS: usize = 8;
/// Rows start at a page of their own.
const PAGE_WORDS: usize = 512;

/// Where things are in the shared file, in 64-bit words: header, workers' records, the owner of every
/// chunk, the start time at every place, and the rows at every place (see `order`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentLayout {
    pub workers: usize,
    pub owners: usize,
    pub start_times: usize,
    pub rows: usize,
    pub row_words: usize,
    pub end: usize,
}

impl SegmentLayout {
    /// The layout of a request; `None` where it does not fit an address space.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let row_words = request.words.get() as usize;
        let tasks = request.tasks.get() as usize;
        let workers = HEADER_WORDS;
        let owners = workers + WORKER_WORDS * request.workers.get() as usize;
        let start_times = owners + request.chunks().count() as usize;
        let rows = (start_times + tasks).next_multiple_of(PAGE_WORDS);
        let end = row_words
            .checked_mul(tasks)?
            .checked_add(rows)
            .filter(|&end| end <= isize::MAX as usize / 8)?;
        Some(Self {
            workers,
            owners,
            start_times,
            rows,
            row_words,
            end,
        })
    }
}
