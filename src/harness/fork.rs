//! Workers are processes forked from one parent, whose memory they really inherit.

use std::path::PathBuf;

use super::{Backend, Job, LaunchError, Launched, init};
use crate::{strategies::Unsupported, vocabulary::BackendKind};

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
    pub(super) helper: PathBuf,
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
        if !init::called() {
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
}

impl Backend for ForkBackend {
    fn kind(&self) -> BackendKind {
        BackendKind::Fork
    }

    #[cfg(unix)]
    fn launch(&self, job: &Job<'_>, arena: &mut [u64]) -> Result<Launched, LaunchError> {
        super::fork_launch::launch(&self.helper, job, arena)
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
