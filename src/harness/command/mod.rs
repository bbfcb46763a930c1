//! Starts a program of any language once for every worker and run, and keeps what it prints.
//!
//! Programs run a few at a time, each watched by a thread and in a process group of its own. Whatever a program does, it
//! costs its own output only: one that hangs, is killed, never stops writing or leaves children that
//! hold its output open is ended with its whole group, and named. Children that left the group are found
//! by the environment they inherited, or as descendants.
//!
//! [`supervised`] has all of this done by a process of its own, which ends everything when the asking
//! process is gone, however it went; [`run_all`] does it in this one.

mod bond;
mod error;
mod group;
mod pipe;
mod running;
mod stragglers;
#[cfg(unix)]
mod supervisor;
#[cfg(all(test, unix))]
mod tests;
#[cfg(unix)]
mod wire;

use std::{
    ffi::OsString,
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use self::{group::lock, running::Running, stragglers::Mark};
use crate::vocabulary::Launch;

pub use error::{CommandError, Complaint};
pub use group::end_all;
#[cfg(unix)]
pub use supervisor::supervised;
#[cfg(unix)]
pub(super) use supervisor::{SUBCOMMAND, serve};

/// One start of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// The run, from 0.
    pub run: u32,
    /// The worker; `None` where the program starts its own.
    pub worker: Option<u32>,
    /// The seed that the program is given.
    pub seed: Option<String>,
}

/// What became of one start.
#[derive(Debug)]
pub struct Outcome {
    /// The start.
    pub start: Start,
    /// What was seen of it; `None` where the program could not be started.
    pub launch: Option<Launch>,
    /// What it printed.
    pub output: Result<Vec<u8>, CommandError>,
}

/// A program and what every start of it is told.
#[derive(Clone, Debug)]
pub struct Program<'a> {
    /// The program and its arguments; `{run}`, `{worker}`, `{workers}`, `{words}` and `{seed}` in
    /// them are filled in.
    pub arguments: &'a [OsString],
    /// Where it starts; here if left out.
    pub directory: Option<PathBuf>,
    /// How many workers a run has, told as `SEEDBENCH_WORKERS`.
    pub workers: u32,
    /// How many numbers are wanted of each start, told as `SEEDBENCH_WORDS`.
    pub words: u64,
    /// When its output is enough: what comes after is not waited for.
    pub enough: Enough,
    /// How long one start may take.
    pub timeout: Duration,
    /// How many bytes one start may print.
    pub output_limit: usize,
    /// How many run at once.
    pub at_once: usize,
}

/// When a program has printed enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Enough {
    /// After so many bytes.
    Bytes(usize),
    /// After so many words of text, separated by blanks.
    Words(u64),
    /// When it ends by itself.
    AtEnd,
}

/// What the starts of one audit have in common. Whatever is left of them is ended when it goes out of scope.
struct Session {
    mark: Mark,
    /// Nobody wants the rest any more.
    stop: AtomicBool,
}

/// Runs every start, a few at once, and hands what became of each to `each` as it comes in, until `each`
/// breaks off.
///
/// # Errors
/// When no program is named, or the first start fails: then no other would succeed either.
pub fn run_all(
    program: &Program<'_>,
    starts: Vec<Start>,
    each: impl FnMut(Outcome) -> ControlFlow<()>,
) -> Result<(), CommandError> {
    run_marked(program, starts, Mark::new(), each)
}

fn run_marked(
    program: &Program<'_>,
    starts: Vec<Start>,
    mark: Mark,
    mut each: impl FnMut(Outcome) -> ControlFlow<()>,
) -> Result<(), CommandError> {
    if program.arguments.is_empty() {
        return Err(CommandError::Nothing);
    }
    let session = Session {
        mark,
        stop: AtomicBool::new(false),
    };
    let mut waiting = starts.into_iter();
    let Some(first) = waiting.next() else {
        return Ok(());
    };
    // The missing program is missing for all.
    let mut first = Some((Running::start(program, &first, &session)?, first));
    let slots = program.at_once.clamp(1, waiting.len() + 1);
    let waiting = Mutex::new(waiting);
    // What has been printed waits for `each`, and the programs wait with it.
    let (sender, results) = mpsc::sync_channel(slots);
    thread::scope(|scope| {
        for _ in 0..slots {
            let (waiting, session, sender) = (&waiting, &session, sender.clone());
            let mut started = first.take();
            scope.spawn(move || {
                while !session.stop.load(Ordering::Relaxed) {
                    let (running, start) = match started.take() {
                        Some((running, start)) => (Ok(running), start),
                        None => {
                            let Some(start) = lock(waiting).next() else {
                                return;
                            };
                            (Running::start(program, &start, session), start)
                        }
                    };
                    let (launch, output) = match running {
                        Ok(mut running) => {
                            let output = running.finish(program, session);
                            (Some(running.launch()), output)
                        }
                        Err(error) => (None, Err(error)),
                    };
                    let outcome = Outcome {
                        start,
                        launch,
                        output,
                    };
                    if sender.send(outcome).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for outcome in results {
            if each(outcome).is_break() {
                session.stop.store(true, Ordering::Relaxed);
                break;
            }
        }
    });
    Ok(())
}
