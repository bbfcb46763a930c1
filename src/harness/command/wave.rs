//! Waves: programs that are created one after another, wait, and are released together.
//!
//! What reads a clock in its start then reads much the same in all workers of a run, however few processors
//! there are. How many fit into a wave is learned from those before: their largest program and output say
//! what one takes, and half of what memory is left is given to the next wave.

use std::{
    collections::VecDeque,
    io,
    ops::ControlFlow,
    sync::{
        atomic::Ordering,
        mpsc::{Sender, SyncSender, sync_channel},
    },
    time::{Duration, Instant},
};

use super::{
    CommandError, Outcome, Program, Session, Start,
    cohort::Cohort,
    group,
    running::{Running, command},
    watch::Watch,
};
use crate::harness::memory::available_bytes;

/// Most programs of a wave: each takes some descriptors.
pub(super) const MOST: usize = 256;
/// Descriptors that a program takes while it is created.
const DESCRIPTORS: u64 = 6;
/// How long nothing is looked at where nothing is seen: so long can it take until programs that nobody wants are ended.
const TICK: Duration = Duration::from_millis(160);
/// What a program takes beside its own memory and its output, in bytes.
const BESIDE: u64 = 1 << 17;

/// What is said of the waves as they go.
pub(super) enum Told {
    /// What became of a start.
    Outcome(Outcome),
    /// All outcomes of a wave have been told; the next begins when that is acknowledged.
    WaveIsOver(SyncSender<()>),
}

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
    pub fn run(mut self, program: &Program<'_>, session: &Session, results: &Sender<Told>) {
        while !self.waiting.is_empty() && !session.stop.load(Ordering::Relaxed) {
            let wave = self.take(program, session);
            let size = wave.len();
            let postponed = run(wave, self.begun, program, session, results);
            self.begun += 1;
            // What has been printed waits until it is taken, and the next wave waits with it. An error means that
            // nobody wants the rest.
            let (taken, is_taken) = sync_channel(1);
            let _ = results.send(Told::WaveIsOver(taken));
            let _ = is_taken.recv();
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
    results: &Sender<Told>,
) -> Vec<Start> {
    // While this is held, an interruption waits: it then finds every program of the wave noted.
    let Some(starting) = group::starting() else {
        for start in wave {
            tell(results, start, None, Err(CommandError::Unwanted));
        }
        return Vec::new();
    };
    let prepared =
        Cohort::new(&session.surroundings).and_then(|cohort| Ok((cohort, Watch::new()?)));
    let (mut cohort, mut watch) = match prepared {
        Ok(prepared) => prepared,
        Err(source) => return without_room(wave, source, program, results),
    };
    for start in &wave {
        cohort.add(command(program, start, session));
    }
    let (alone, mut postponed) = (wave.len() == 1, Vec::new());
    let mut running = Vec::new();
    let (moment, created) = cohort.release();
    for (start, created) in wave.into_iter().zip(created) {
        let watched = created.and_then(|process| {
            let mut running = Running::new(process, program, moment, number);
            watch.add(running.child()).map(|_| running)
        });
        match watched {
            Ok(program) => running.push(Some((start, program))),
            Err(source) if !alone && is_want(&source) => postponed.push(start),
            Err(source) => tell(results, start, None, Err(not_started(program, source))),
        }
    }
    drop(starting);
    follow(running, watch, program, session, results);
    postponed
}

/// Follows programs until each has ended, by the numbers under which they are watched.
fn follow(
    mut running: Vec<Option<(Start, Running)>>,
    mut watch: Watch,
    program: &Program<'_>,
    session: &Session,
    results: &Sender<Told>,
) {
    loop {
        let unwanted = session.stop.load(Ordering::Relaxed);
        let now = Instant::now();
        let mut next = now + TICK;
        for (number, slot) in running.iter_mut().enumerate() {
            let Some((_, one)) = slot else { continue };
            let output = match one.look(program) {
                ControlFlow::Continue(at) if !unwanted => {
                    next = next.min(at);
                    continue;
                }
                ControlFlow::Continue(_) => Err(CommandError::Unwanted),
                ControlFlow::Break(output) => output,
            };
            one.end();
            watch.forget(number);
            let Some((start, one)) = slot.take() else {
                continue;
            };
            if let Ok(output) = &output {
                session
                    .largest_output
                    .fetch_max(output.len(), Ordering::Relaxed);
            }
            tell(results, start, Some(one.launch()), output);
        }
        if running.iter().all(Option::is_none) {
            return;
        }
        watch.wait(next.saturating_duration_since(now), |number, seen| {
            if let Some((_, one)) = &mut running[number] {
                one.note(seen);
            }
        });
    }
}

/// Descriptors are short: fewer starts are tried, and one alone has failed.
fn without_room(
    mut wave: Vec<Start>,
    source: io::Error,
    program: &Program<'_>,
    results: &Sender<Told>,
) -> Vec<Start> {
    if wave.len() == 1
        && let Some(start) = wave.pop()
    {
        tell(results, start, None, Err(not_started(program, source)));
    }
    wave
}

fn not_started(program: &Program<'_>, source: io::Error) -> CommandError {
    CommandError::NotStarted {
        program: program.arguments[0].to_string_lossy().into_owned(),
        source,
    }
}

/// Whether a program could not be created for want of memory, processes or descriptors.
#[cfg(unix)]
fn is_want(source: &io::Error) -> bool {
    use nix::errno::Errno;
    let wants = [Errno::EAGAIN, Errno::ENOMEM, Errno::EMFILE, Errno::ENFILE];
    source
        .raw_os_error()
        .is_some_and(|number| wants.contains(&Errno::from_raw(number)))
}

#[cfg(not(unix))]
fn is_want(_source: &io::Error) -> bool {
    false
}

/// Nobody listens where the rest is not wanted.
fn tell(
    results: &Sender<Told>,
    start: Start,
    launch: Option<crate::vocabulary::Launch>,
    output: Result<Vec<u8>, CommandError>,
) {
    let _ = results.send(Told::Outcome(Outcome {
        start,
        launch,
        output,
    }));
}
