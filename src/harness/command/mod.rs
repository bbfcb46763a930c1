//! Starts a program of any language once for every worker and run, and keeps what it prints.
//!
//! Programs run a few at a time, each watched by a thread and in a process group of its own. Whatever a program does, it
//! costs its own output only: one that hangs, is killed, never stops writing or leaves children that
//! hold its output open is ended with its whole group, and named. Children that left the group are found
//! by the environment they inherited.

mod error;
mod group;
mod pipe;
mod running;
mod stragglers;
#[cfg(all(test, unix))]
mod tests;

use std::{
    ffi::OsString,
    path::PathBuf,
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use self::{group::lock, running::Running, stragglers::Mark};

pub use error::{CommandError, Complaint};
pub use group::end_all;

/// One start of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The run, from 0.
    pub run: u32,
    /// The worker; `None` where the program starts its own.
    pub worker: Option<u32>,
    /// The seed that the program is given.
    pub seed: Option<String>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enough {
    /// After so many bytes.
    Bytes(usize),
    /// After so many words of text, separated by blanks.
    Words(u64),
    /// When it ends by itself.
    AtEnd,
}

/// Runs every start, a few at once, and hands each one's output to `each` as it comes in.
///
/// # Errors
/// When no program is named, or the first start fails: then no other would succeed either.
pub fn run_all(
    program: &Program<'_>,
    starts: Vec<Start>,
    mut each: impl FnMut(Start, Result<Vec<u8>, CommandError>),
) -> Result<(), CommandError> {
    if program.arguments.is_empty() {
        return Err(CommandError::Nothing);
    }
    // Ends what is left when it goes out of scope, also where `each` panics.
    let mark = Mark::new();
    let mut waiting = starts.into_iter();
    let Some(first) = waiting.next() else {
        return Ok(());
    };
    // The missing program is missing for all.
    let mut first = Some((Running::start(program, &first, &mark)?, first));
    let slots = program.at_once.clamp(1, waiting.len() + 1);
    let waiting = Mutex::new(waiting);
    // What has been printed waits for `each`, and the programs wait with it.
    let (sender, results) = mpsc::sync_channel(slots);
    thread::scope(|scope| {
        for _ in 0..slots {
            let (waiting, mark, sender) = (&waiting, &mark, sender.clone());
            let mut started = first.take();
            scope.spawn(move || {
                loop {
                    let (running, start) = match started.take() {
                        Some((running, start)) => (Ok(running), start),
                        None => {
                            let Some(start) = lock(waiting).next() else {
                                return;
                            };
                            (Running::start(program, &start, mark), start)
                        }
                    };
                    let result = running.and_then(|mut running| running.finish(program));
                    if sender.send((start, result)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (start, result) in results {
            each(start, result);
        }
    });
    Ok(())
}
