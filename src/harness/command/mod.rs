//! Starts a program of any language once for every worker and run, and keeps what it prints.
//!
//! Programs are started in waves (`wave`): created one after another, released together (`cohort`), and watched by one
//! thread (`watch`), each in a process group of its own. Whatever
//! a program does, it costs its own output only: one that hangs, is killed, never stops writing or leaves children that
//! hold its output open is ended with its whole group, and named. Children that left the group are found
//! by the environment they inherited, or as descendants.
//!
//! [`supervised`] has all of this done by a process of its own, which ends everything when the asking
//! process is gone, however it went; [`run_all`] does it in this one.

mod bond;
#[cfg(target_os = "linux")]
mod cohort;
#[cfg(not(target_os = "linux"))]
#[path = "cohort_elsewhere.rs"]
mod cohort;
mod error;
mod gate;
mod group;
mod output;
#[cfg(target_os = "linux")]
mod process;
#[cfg(not(target_os = "linux"))]
#[path = "process_elsewhere.rs"]
mod process;
mod running;
mod stragglers;
#[cfg(unix)]
mod supervisor;
#[cfg(all(test, unix))]
mod tests;
mod tether;
#[cfg(target_os = "linux")]
mod watch;
#[cfg(not(target_os = "linux"))]
#[path = "watch_elsewhere.rs"]
mod watch;
mod wave;
#[cfg(unix)]
mod wire;

use std::{
    ffi::OsString,
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use self::{
    cohort::Surroundings,
    stragglers::Mark,
    wave::{Told, Waves},
};
use crate::vocabulary::Launch;

pub use error::{CommandError, Complaint};
pub use group::end_all;
#[cfg(unix)]
pub use supervisor::supervised;
#[cfg(unix)]
pub(super) use supervisor::{SUBCOMMAND, serve};
pub use tether::Tether;

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
    /// How many run at once; in the first wave of all, where workers start together.
    pub at_once: usize,
    /// Whether the workers of a run are started together, in waves as large as memory allows.
    pub together: bool,
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
    surroundings: Surroundings,
    /// Nobody wants the rest any more.
    stop: AtomicBool,
    /// The most that one of them has printed, in bytes.
    largest_output: AtomicUsize,
}

/// Runs every start, in waves whose programs are released at one moment, and hands what became of each to `each` as it comes in, until `each`
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
        surroundings: Surroundings::new(),
        stop: AtomicBool::new(false),
        largest_output: AtomicUsize::new(0),
    };
    let waves = Waves::new(starts);
    let (sender, results) = mpsc::channel();
    let mut refused = None;
    thread::scope(|scope| {
        let session = &session;
        scope.spawn(move || waves.run(program, session, &sender));
        let mut some_started = false;
        for told in results {
            let outcome = match told {
                Told::Outcome(outcome) => outcome,
                Told::WaveIsOver(taken) => {
                    // It waits for this alone.
                    let _ = taken.send(());
                    continue;
                }
            };
            some_started |= outcome.launch.is_some();
            let go_on = match outcome.output {
                // What cannot be started at first is missing for all.
                Err(error @ CommandError::NotStarted { .. }) if !some_started => {
                    refused = Some(error);
                    ControlFlow::Break(())
                }
                output => each(Outcome { output, ..outcome }),
            };
            if go_on.is_break() {
                session.stop.store(true, Ordering::Relaxed);
                break;
            }
        }
    });
    refused.map_or(Ok(()), Err)
}
