//! Workers are processes forked from one parent, whose memory they really inherit.

#[cfg(unix)]
mod end;
#[cfg(unix)]
mod fault;
#[cfg(unix)]
mod helper;
#[cfg(unix)]
mod launch;
#[cfg(unix)]
mod order;
#[cfg(unix)]
mod segment;
#[cfg(unix)]
mod wire;
#[cfg(unix)]
mod worker;

#[cfg(unix)]
#[doc(hidden)]
pub use fault::find as find_fault;
#[cfg(unix)]
pub(crate) use helper::serve;
#[cfg(unix)]
pub(crate) use wire::SUBCOMMAND;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{Backend, Job, LaunchError, Launched};
use crate::{strategies::Unsupported, vocabulary::BackendKind};

/// Whether this program's own image serves as a helper.
static SERVES: AtomicBool = AtomicBool::new(false);

/// Notes that this program's main has asked what it was started for.
pub(crate) fn note_that_it_serves() {
    SERVES.store(true, Ordering::Relaxed);
}

/// Every worker is a process, forked from a parent that has prepared the strategy.
///
/// Forking a program with threads is undefined ground, so a *helper image* is executed, which has one
/// thread: it prepares the strategy, forks the workers, and waits for them. Workers write their rows
/// and sites into one file in memory, shared by all, and leave with `_exit`. Which program serves as
/// the image is said explicitly: one whose `main` calls [`init`](crate::init()) first.
///
/// A worker that is killed, hangs or leaves early is a [`LaunchError`]; no worker outlives the launch,
/// nor the program that launched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkBackend {
    #[cfg_attr(not(unix), expect(dead_code, reason = "nothing forks here"))]
    helper: PathBuf,
}

impl ForkBackend {
    /// Forks from the image of the program at `helper`. Its `main` must call
    /// [`seedbench::init()`](crate::init()) first; the `seedbench` binary does.
    pub fn with_helper(helper: impl Into<PathBuf>) -> Self {
        Self {
            helper: helper.into(),
        }
    }

    /// Forks from this program's own image.
    ///
    /// # Errors
    /// When this program has not called [`seedbench::init()`](crate::init()): its image would start
    /// the program again, not a helper.
    pub fn this_program() -> Result<Self, Unsupported> {
        if !SERVES.load(Ordering::Relaxed) {
            return Err(Unsupported {
                reason: "this program cannot serve as its own fork helper: its main does not call seedbench::init()".into(),
                instead: "call seedbench::init() first thing in main, or name a helper with ForkBackend::with_helper".into(),
            });
        }
        // Still this very image when the file has been replaced or deleted meanwhile.
        let running = std::path::Path::new("/proc/self/exe");
        if running.exists() {
            return Ok(Self::with_helper(running));
        }
        let image = std::env::current_exe().map_err(|error| Unsupported {
            reason: format!("this program's own file cannot be found: {error}"),
            instead: "name a helper with ForkBackend::with_helper".into(),
        })?;
        Ok(Self::with_helper(image))
    }

    /// What the least costs that can be called forked workers: so many processes are forked from the
    /// helper's image, write their share of the job's rows into a shared mapping, leave and are waited
    /// for. The floor that a launch is held against; no strategy runs.
    ///
    /// # Errors
    /// As a launch.
    #[cfg(unix)]
    pub fn bare(&self, job: &Job<'_>) -> Result<std::time::Duration, LaunchError> {
        launch::bare(&self.helper, job)
    }
}

impl Backend for ForkBackend {
    fn kind(&self) -> BackendKind {
        BackendKind::Fork
    }

    #[cfg(unix)]
    fn launch(&self, job: &Job<'_>, arena: &mut [u64]) -> Result<Launched, LaunchError> {
        launch::launch(&self.helper, job, arena)
    }

    #[cfg(not(unix))]
    fn launch(&self, _job: &Job<'_>, _arena: &mut [u64]) -> Result<Launched, LaunchError> {
        Err(Unsupported {
            reason: "this system cannot fork processes".into(),
            instead: "use the `threads` or the `sites` backend".into(),
        }
        .into())
    }
}
