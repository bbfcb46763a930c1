//! What a launcher knows of a program that it started.

use serde::{Deserialize, Serialize};

/// One start of a program, as its launcher saw it. All of it can be read by the program too, and be its seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// The program's process id.
    pub pid: u32,
    /// The process id of its parent.
    pub parent: u32,
    /// When the program was released, in nanoseconds since the Unix epoch.
    pub started_unix_ns: u64,
    /// When its output was complete, in nanoseconds since the Unix epoch.
    pub ended_unix_ns: u64,
    /// The wave in which it was started, from 0: programs of one wave are released at one moment.
    #[serde(default)]
    pub wave: u32,
}
