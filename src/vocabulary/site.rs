//! The ambient facts a seeding rule may read, captured once and recorded.

use serde::{Deserialize, Serialize};

use super::stream::{RunId, StreamId, TaskId, WorkerId};

/// Everything about the place and moment of a task that a seeding rule may read.
///
/// Ambient facts are data here: a clock or pid rule is tested by handing it a `Site`, a modelled
/// cluster is a list of them, and a run can be replayed from the ones its report records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The launch of the program.
    pub run: RunId,
    /// The pass over the data within a run (0 where the program has no epochs).
    pub epoch: u32,
    /// The task, numbered over the whole run.
    pub task: TaskId,
    /// How many tasks this worker has executed before this one.
    pub task_ordinal: u32,
    /// The worker that executes the task, numbered from 0.
    pub worker: WorkerId,
    /// The ordinal a pool gives its workers (`multiprocessing`'s `_identity`): 1, 2, 3 …
    pub worker_ordinal: u32,
    /// The process id, as the worker itself sees it (1 in a container).
    pub pid: u32,
    /// The thread id, as the operating system sees it.
    pub tid: u64,
    /// A number that stands for the host (a hash of its name, or a modelled host's index).
    pub host: u64,
    /// When the worker started, in nanoseconds since the Unix epoch.
    pub worker_start_unix_ns: u64,
    /// When the task started, in nanoseconds since the Unix epoch.
    pub task_start_unix_ns: u64,
}

impl Site {
    /// The stream that the task at this site draws.
    pub const fn stream(&self) -> StreamId {
        StreamId {
            run: self.run,
            task: self.task,
        }
    }
}
