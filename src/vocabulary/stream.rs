//! Who drew what: runs, workers, tasks and the streams they own.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, " {}"), self.0)
            }
        }
    };
}

id!(
    /// One launch of the whole program.
    RunId, "run"
);
id!(
    /// One unit of work that asks for random numbers; a worker executes many.
    TaskId, "task"
);
id!(
    /// The thread or process that executes tasks.
    WorkerId, "worker"
);

/// The words that one task of one run draws. Streams are tested; workers run them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct StreamId {
    /// The launch the task belongs to.
    pub run: RunId,
    /// The task within that launch.
    pub task: TaskId,
}

impl StreamId {
    /// The stream of task `task` in run `run`.
    pub const fn new(run: u32, task: u32) -> Self {
        Self {
            run: RunId(run),
            task: TaskId(task),
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.run, self.task)
    }
}

/// What the runs of a group have in common, and so which joins between them are meaningful.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum RunGroup {
    /// The root of every run comes from the operating system: runs must differ.
    #[default]
    Fresh,
    /// The same given root twice: runs must be equal, and are never joined as duplicates.
    Replay,
    /// Different given roots, the ones people use (0, 1, 2, 3, 42 …): runs must differ.
    Rooted,
}

impl RunGroup {
    /// The groups within which runs are joined; a replay must equal what it replays.
    pub const JOINED: [Self; 2] = [Self::Fresh, Self::Rooted];
}

/// Where streams are opened and drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackendKind {
    /// Workers are threads of one process.
    Threads,
    /// Workers are processes forked from one parent, whose memory they inherit.
    Fork,
    /// Workers are modelled: the rule is handed the ambient facts of a cluster that is not there.
    Sites,
}

impl BackendKind {
    /// Every backend, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Threads, Self::Fork, Self::Sites];

    /// The stable name used on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Fork => "fork",
            Self::Sites => "sites",
        }
    }
}

impl fmt::Display for BackendKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
