//! What is known besides the words, and how a finding is said.

use crate::vocabulary::{BackendKind, Launch, RunInfo, Site, StreamId};

/// What is known of the evidence besides its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The sites of tasks in (run, task) order, where a backend recorded them.
    pub sites: &'a [Site],
    /// The runs, with their roots where known.
    pub runs: &'a [RunInfo],
    /// The backend, where seedbench itself ran the workers.
    pub backend: Option<BackendKind>,
    /// How many workers executed a run, where known.
    pub workers: Option<u32>,
    /// Names of streams where they have other names than run and task.
    pub names: &'a [(StreamId, String)],
    /// Labels of streams that several numbers tell apart within their run, in their order.
    pub labels: &'a [(StreamId, &'a [u64])],
    /// What was seen of the programs that gave the streams, in their order, where they were started here.
    pub launches: &'a [(StreamId, Launch)],
}

impl Context<'_> {
    /// The name of a stream: its file or rank where it has one, else run and task.
    pub fn name(&self, stream: StreamId) -> String {
        self.names
            .iter()
            .find(|(id, _)| *id == stream)
            .map_or_else(|| stream.to_string(), |(_, name)| name.clone())
    }

    /// The site of a stream, where it was recorded.
    pub fn site(&self, stream: StreamId) -> Option<&Site> {
        self.sites
            .binary_search_by_key(&stream, Site::stream)
            .ok()
            .map(|at| &self.sites[at])
    }
}

/// What happened, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What was found, in one sentence with the numbers.
    pub message: String,
    /// Why it happens.
    pub cause: String,
    /// What to do.
    pub cure: String,
}

impl Diagnosis {
    /// In these words.
    pub(super) fn new(message: String, cause: &str, cure: &str) -> Self {
        Self {
            message,
            cause: cause.to_owned(),
            cure: cure.to_owned(),
        }
    }
}
