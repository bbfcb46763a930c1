//! Starts a program of any language once for every worker and run, and keeps what it prints.
//!
//! Programs run a few at a time, each in a process group of its own. Whatever a program does, it
//! costs its own output only: one that hangs, is killed, never stops writing or leaves children that
//! hold its output open is ended with its whole group, and named.

mod error;
mod group;
mod pipe;
mod running;
#[cfg(all(test, unix))]
mod tests;

use std::{
    ffi::OsString,
    path::PathBuf,
    sync::mpsc::{self, RecvTimeoutError},
    time::Duration,
};

use self::running::{Running, spawn};

pub use error::{CommandError, Complaint};
pub use group::end_all;

/// How often programs that are silent are looked at.
const TICK: Duration = Duration::from_millis(20);

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
    let (sender, events) = mpsc::channel();
    let mut waiting = starts.into_iter();
    let mut running: Vec<Running> = Vec::new();
    let mut started = 0u64;
    loop {
        while running.len() < program.at_once.max(1) {
            let Some(start) = waiting.next() else { break };
            match spawn(program, start.clone(), started, &sender) {
                Ok(one) => running.push(one),
                // The missing program is missing for all.
                Err(error) if started == 0 => return Err(error),
                Err(error) => each(start, Err(error)),
            }
            started += 1;
        }
        if running.is_empty() {
            return Ok(());
        }
        match events.recv_timeout(TICK) {
            Ok(number) => {
                if let Some(one) = running.iter_mut().find(|one| one.number == number) {
                    one.closed = true;
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        let mut at = 0;
        while at < running.len() {
            match running[at].look(program) {
                Some(result) => {
                    let one = running.swap_remove(at);
                    each(one.start.clone(), result);
                }
                None => at += 1,
            }
        }
    }
}
