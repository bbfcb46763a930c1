//! Waves: programs that are created one after another, wait, and are released together.
//!
//! What reads a clock in its start then reads much the same in all workers of a run, however few processors
//! there are. How many fit into a wave is learned from those before: their largest program and output say
//! what one takes, and half of what memory is left is given to the next wave.

use std::{
    collections::VecDeque,
    io,
    sync::{
        Arc, Mutex,
        atomic::Ordering,
        mpsc::{Sender, SyncSender, channel},
    },
    thread,
};

use super::{
    CommandError, Outcome, Program, Session, Start,
    gate::Gate,
    group::{self, lock},
    running::Running,
};
use crate::harness::memory::available_bytes;

/// Most programs of a wave: each takes a thread and some descriptors.
const MOST: usize = 256;
/// Descriptors that a program takes while it is created.
const DESCRIPTORS: u64 = 6;
/// The stack of a thread that watches a program: so small that the threads of one wave leave theirs to those of the
/// next, where unmapping them would disturb the processors.
const STACK_BYTES: usize = 1 << 18;
/// What a program takes beside its own memory and its output, in bytes.
const BESIDE: u64 = 1 << 18;

/// Starts that wait, and how they are taken.
pub(super) struct Waves {
    waiting: VecDeque<Start>,
    begun: u32,
    most: usize,
}

impl Waves {
    pub fn new(starts: Vec<Start>) -> Self {
        Self {
            waiting: starts.into(),
            begun: 0,
            most: MOST,
        }
    }

    /// Takes wave after wave, until all have been started or nobody wants the rest.
    pub fn run(mut self, program: &Program<'_>, session: &Session, results: &SyncSender<Outcome>) {
        while !self.waiting.is_empty() && !session.stop.load(Ordering::Relaxed) {
            let wave = self.take(program, session);
            let size = wave.len();
            let postponed = run(wave, self.begun, program, session, results);
            self.begun += 1;
            if !postponed.is_empty() {
                self.most = (size / 2).max(1);
            }
            for start in postponed.into_iter().rev() {
                self.waiting.push_front(start);
            }
        }
    }

    /// The next wave: workers of one run, or programs that start their own.
    fn take(&mut self, program: &Program<'_>, session: &Session) -> Vec<Start> {
        let at_once = program.at_once.max(1);
        let size = match program.together && self.begun > 0 {
            true => room(session).max(at_once),
            false => at_once,
        };
        let Some(first) = self.waiting.front() else {
            return Vec::new();
        };
        let (run, is_worker) = (first.run, first.worker.is_some());
        let of_wave = |start: &&Start| !is_worker || start.run == run;
        let count = self.waiting.iter().take_while(of_wave).count();
        let count = count.min(size).min(self.most);
        self.waiting.drain(..count).collect()
    }
}

/// How many programs fit into memory and among the descriptors, by what those before have taken.
fn room(session: &Session) -> usize {
    let output = session.largest_output.load(Ordering::Relaxed) as u64;
    let one = largest_program() + 2 * output + BESIDE;
    let memory = available_bytes().map_or(MOST as u64, |left| left / 2 / one);
    usize::try_from(memory.min(descriptors() / DESCRIPTORS)).map_or(MOST, |room| room.min(MOST))
}

/// The most memory that a program of this process has taken, in bytes.
#[cfg(unix)]
fn largest_program() -> u64 {
    use nix::sys::resource::{UsageWho, getrusage};
    // Linux counts in KiB, others in bytes.
    let unit = if cfg!(target_vendor = "apple") {
        1
    } else {
        1024
    };
    getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |usage| usage.max_rss().unsigned_abs() * unit)
}

#[cfg(unix)]
fn descriptors() -> u64 {
    use nix::sys::resource::{Resource, getrlimit};
    getrlimit(Resource::RLIMIT_NOFILE).map_or(u64::MAX, |(soft, _)| soft)
}

#[cfg(not(unix))]
fn largest_program() -> u64 {
    1 << 26
}

#[cfg(not(unix))]
fn descriptors() -> u64 {
    u64::MAX
}

/// Runs one wave to its end, and returns the starts for which there was no room after all.
fn run(
    wave: Vec<Start>,
    number: u32,
    program: &Program<'_>,
    session: &Session,
    results: &SyncSender<Outcome>,
) -> Vec<Start> {
    let alone = wave.len() == 1;
    // While this is held, an interruption waits: it then finds every program of the wave noted.
    let Some(starting) = group::starting() else {
        for start in wave {
            tell(results, start, None, Err(CommandError::Unwanted));
        }
        return Vec::new();
    };
    let gate = match Gate::new() {
        Ok(gate) => Arc::new(gate),
        Err(source) => return without_gate(wave, source, program, results),
    };
    let postponed = Mutex::new(Vec::new());
    let (created, all_created) = channel();
    thread::scope(|scope| {
        let count = wave.len();
        for start in wave {
            let (gate, created, postponed) = (&gate, created.clone(), &postponed);
            let again = start.clone();
            let watched = move || {
                let running = Running::start(program, &start, session, gate, number);
                let late = gate.released_unix_ns() > 0;
                if running.is_err() && !late {
                    gate.stand_in();
                }
                drop::<Sender<()>>(created);
                let mut running = match running {
                    Ok(running) => running,
                    Err(error) if !alone && !late && is_want(&error) => {
                        lock(postponed).push(start);
                        return;
                    }
                    Err(error) => return tell(results, start, None, Err(error)),
                };
                let output = running.finish(program, session);
                if let Ok(output) = &output {
                    session
                        .largest_output
                        .fetch_max(output.len(), Ordering::Relaxed);
                }
                tell(results, start, Some(running.launch()), output);
            };
            // The program ends with the thread that has started it, which therefore watches it, too.
            let watcher = thread::Builder::new().stack_size(STACK_BYTES);
            if watcher.spawn_scoped(scope, watched).is_err() {
                gate.stand_in();
                lock(postponed).push(again);
            }
        }
        drop(created);
        gate.release(count);
        // Until every thread has noted its program, or has none.
        let _ = all_created.recv();
        drop(starting);
    });
    postponed
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Descriptors are short: fewer starts are tried, and one alone has failed.
fn without_gate(
    mut wave: Vec<Start>,
    source: io::Error,
    program: &Program<'_>,
    results: &SyncSender<Outcome>,
) -> Vec<Start> {
    if wave.len() == 1
        && let Some(start) = wave.pop()
    {
        let program = program.arguments[0].to_string_lossy().into_owned();
        tell(
            results,
            start,
            None,
            Err(CommandError::NotStarted { program, source }),
        );
    }
    wave
}

/// Whether a program could not be created for want of memory, processes or descriptors.
#[cfg(unix)]
fn is_want(error: &CommandError) -> bool {
    use nix::errno::Errno;
    let CommandError::NotStarted { source, .. } = error else {
        return false;
    };
    let wants = [Errno::EAGAIN, Errno::ENOMEM, Errno::EMFILE, Errno::ENFILE];
    source
        .raw_os_error()
        .is_some_and(|number| wants.contains(&Errno::from_raw(number)))
}

#[cfg(not(unix))]
fn is_want(_error: &CommandError) -> bool {
    false
}

/// Nobody listens where the rest is not wanted.
fn tell(
    results: &SyncSender<Outcome>,
    start: Start,
    launch: Option<crate::vocabulary::Launch>,
    output: Result<Vec<u8>, CommandError>,
) {
    let _ = results.send(Outcome {
        start,
        launch,
        output,
    });
}
