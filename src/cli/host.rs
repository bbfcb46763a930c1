//! What program this command line belongs to: the crate's own binary, or an interpreter that hosts it.

use std::{
    ffi::OsString,
    path::PathBuf,
    sync::{PoisonError, RwLock},
};

use anyhow::Context as _;

/// The program that the command line belongs to.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// The program's name and its arguments.
    pub arguments: Vec<OsString>,
    /// The program that serves as the image of forked workers when it is called with their request;
    /// `None` for the running one.
    pub image: Option<PathBuf>,
    /// The folder of the recorder that `watch` puts first on Python's path; `None` where there is none.
    pub recorder: Option<PathBuf>,
}

impl Host {
    /// This very program.
    pub fn this_program() -> Self {
        Self {
            arguments: std::env::args_os().collect(),
            ..Self::default()
        }
    }

    /// The arguments without the program's name.
    pub(super) fn arguments(&self) -> impl Iterator<Item = &OsString> {
        self.arguments.iter().skip(1)
    }
}

static HOST: RwLock<Option<Host>> = RwLock::new(None);

/// Keeps the host of this process, or of its last audit that others read.
pub(super) fn set(host: Host) -> Host {
    *HOST.write().unwrap_or_else(PoisonError::into_inner) = Some(host.clone());
    host
}

fn host() -> Host {
    let host = HOST.read().unwrap_or_else(PoisonError::into_inner);
    host.clone().unwrap_or_default()
}

/// The arguments as text, for reports.
pub(super) fn arguments() -> Vec<String> {
    let host = host();
    host.arguments()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect()
}

/// The image that forks workers.
pub(super) fn image() -> anyhow::Result<PathBuf> {
    match host().image {
        Some(image) => Ok(image),
        None => std::env::current_exe().context("failed to find this program's own image"),
    }
}

/// The folder of the recorder, where there is one.
pub(super) fn recorder() -> Option<PathBuf> {
    host().recorder
}
