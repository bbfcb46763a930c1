//! `seedbench watch`: what a Python program seeds with, and which line draws the same as another.

mod child;

use std::{
    ffi::OsString,
    fs,
    num::NonZeroU32,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::{Failure, Output, exit, host};
use crate::{
    gate::Policy,
    report,
    verdict::Verdict,
    watch::{self, Question, Watched},
};
pub(super) use child::takes_the_signal;

const AFTER_HELP: &str = "\
Examples:
  seedbench watch -- python3 train.py
  seedbench watch --sarif watch.sarif -- pytest tests/
  seedbench watch --runs 3 --expect fresh -- torchrun --nproc-per-node 2 train.py

The program is not changed: in every Python process that it starts, the state is recorded that each
generator of random, numpy and torch (CPU) is first drawn from, and the line. Its output, its input and
signals pass through; the report goes to standard error. If the program fails, its exit code is
returned; else 0, 10 (streams are shared) or 12 (not everything was seen).

seedbench.toml may allow lines: [watch] allow = [\"model.py:12\"].";

/// The variable that tells a process where to record.
const FOLDER: &str = "SEEDBENCH_WATCH";

/// Watch a Python program: name the lines that draw from a shared stream
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct WatchArgs {
    /// Start the program so often, and compare its runs
    #[arg(long, value_name = "N", default_value = "1")]
    runs: NonZeroU32,

    /// What runs should be
    #[arg(long, value_enum, default_value = "distinct")]
    expect: Expected,

    /// A line that may share streams, as in model.py:12, or a file (may be repeated)
    #[arg(long, value_name = "LINE")]
    allow: Vec<String>,

    /// Write the findings as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write the findings as SARIF, for code scanning
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,

    /// Write the findings as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Write a page with the tree of processes and states
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Also print the findings as annotations of a workflow
    #[arg(long)]
    annotate: bool,

    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What runs should be.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// Streams of a run differ; runs that repeat are a note
    Distinct,
    /// Runs must differ too
    Fresh,
}

impl WatchArgs {
    /// Runs the subcommand and returns its exit code.
    ///
    /// # Errors
    /// When the program cannot be started, or a report cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let recorder = host::recorder().ok_or_else(|| {
            Failure::usage(
                "watch needs the Python package, which holds the recorder: pip install seedbench",
            )
        })?;
        let allow = self.allowed_lines()?;
        // Readable by its owner alone; gone when this returns, however it does.
        let mut place = tempfile::Builder::new();
        place.prefix("seedbench-watch-");
        #[cfg(unix)]
        place.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let records = place
            .tempdir()
            .context("failed to make a folder for records")?;
        let mut folders = Vec::new();
        let mut failed = None;
        for run in 0..self.runs.get() {
            let folder = records.path().join(format!("run-{run}"));
            make_private(&folder)?;
            let status = self.start(&recorder, &folder)?;
            folders.push(folder);
            if !status.success() {
                failed = Some(code_of(status));
                break;
            }
        }
        let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
        let question = Question {
            since: 0,
            of: None,
            fresh: self.expect == Expected::Fresh,
            allow,
            folder: std::env::current_dir()
                .map(|folder| folder.display().to_string())
                .unwrap_or_default(),
        };
        let judged = watch::judge(&folders, &question).context("failed to read the records");
        records.close().context("failed to delete the records")?;
        let mut watched = judged?;
        watched.command = self
            .command
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        self.publish(&watched, output)?;
        Ok(failed.unwrap_or(match watched.verdict {
            Verdict::Sound => exit::OK,
            Verdict::Unsound => exit::UNSOUND,
            Verdict::Inconclusive => exit::INCONCLUSIVE,
        }))
    }

    /// The lines that options and the policy file allow.
    fn allowed_lines(&self) -> anyhow::Result<Vec<String>> {
        let mut allow = self.allow.clone();
        match fs::read_to_string("seedbench.toml") {
            Ok(text) => {
                let policy = Policy::parse(&text)
                    .map_err(|error| Failure::bad_data(format!("seedbench.toml: {error}")))?;
                allow.extend(policy.watch.allow);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::bad_data(format!("seedbench.toml: {error}"))),
        }
        Ok(allow)
    }

    fn start(&self, recorder: &Path, folder: &Path) -> anyhow::Result<ExitStatus> {
        let program = &self.command[0];
        let mut path = vec![recorder.to_owned()];
        if let Some(old) = std::env::var_os("PYTHONPATH").filter(|old| !old.is_empty()) {
            path.extend(std::env::split_paths(&old));
        }
        let path = std::env::join_paths(path)
            .map_err(|error| Failure::usage(format!("the recorder's folder: {error}")))?;
        let mut command = Command::new(program);
        command
            .args(&self.command[1..])
            .env(FOLDER, folder)
            .env("PYTHONPATH", path);
        let status = child::run(command);
        status.map_err(|error| {
            Failure::usage(format!(
                "{} cannot be started: {error}",
                program.to_string_lossy()
            ))
        })
    }

    fn publish(&self, watched: &Watched, output: &Output) -> anyhow::Result<()> {
        if let Some(path) = &self.json {
            let mut bytes = serde_json::to_vec_pretty(watched)?;
            bytes.push(b'\n');
            report::write_atomically(path, &bytes)?;
        }
        if let Some(path) = &self.sarif {
            report::write_atomically(path, &watch::sarif::render(watched))?;
        }
        if let Some(path) = &self.junit {
            report::write_atomically(path, &watch::junit::render(watched)?)?;
        }
        if let Some(path) = &self.html {
            report::write_atomically(path, watch::page::render(watched).as_bytes())?;
        }
        // Standard output is the program's.
        if !output.quiet {
            eprint!("{}", watch::text::render(watched, output.verbose));
        }
        if self.annotate {
            eprint!("{}", watch::text::annotations(watched));
        }
        Ok(())
    }
}

fn make_private(folder: &Path) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .with_context(|| format!("failed to make {}", folder.display()))
}

/// The exit code of a program that failed, as shells tell it.
fn code_of(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal as u8;
    }
    status.code().map_or(1, |code| code as u8)
}
