//! What program this command line belongs to: the crate's own binary, or an interpreter that hosts it.

use std::{ffi::OsString, path::PathBuf, sync::OnceLock};

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

static HOST: OnceLock<Host> = OnceLock::new();

/// Keeps the host of this process; the first one stays.
pub(super) fn set(host: Host) -> &'static Host {
    HOST.get_or_init(|| host)
}

/// The arguments as text, for reports.
pub(super) fn arguments() -> Vec<String> {
    HOST.get().map_or_else(Vec::new, |host| {
        host.arguments()
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect()
    })
}

/// The image that forks workers.
pub(super) fn image() -> anyhow::Result<PathBuf> {
    match HOST.get().and_then(|host| host.image.clone()) {
        Some(image) => Ok(image),
        None => std::env::current_exe().context("failed to find this program's own image"),
    }
}

/// The folder of the recorder, where there is one.
pub(super) fn recorder() -> Option<PathBuf> {
    HOST.get().and_then(|host| host.recorder.clone())
}
