//! Starts a program as often as is asked, and collects its numbers.

mod collected;

use std::{
    ffi::OsString,
    num::{NonZeroU32, NonZeroU64},
    path::PathBuf,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use self::collected::Outputs;
use crate::{
    capture::{Capture, CaptureError, ElementType, Printed, Reading},
    harness::command::{CommandError, Enough, Program, Start},
    verdict::words,
};

/// Most bytes of one start's text per number that is asked for: 17 digits with sign, point and
/// exponent take 25.
const TEXT_BYTES_PER_WORD: u64 = 64;
/// The word for a seed and all its one-bit flips.
const FLIPS: &str = "flips";
/// Bytes that one start may print beside its numbers: headings and remarks.
const BYTES_BESIDE: u64 = 1 << 16;
/// Most bytes that one start of a pool may print.
const POOL_BYTES: usize = 1 << 28;
/// Seconds that fresh runs may take, where nothing else is said.
const FRESH_SECONDS: f64 = 60.0;

/// Whoever watches a program being started.
pub trait Watcher {
    /// Something to know of what is being done.
    fn remark(&mut self, _text: &str) {}

    /// So many starts begin.
    fn starting(&mut self, _starts: usize) {}

    /// One of them has ended.
    fn one_ended(&mut self) {}

    /// All of them have.
    fn all_ended(&mut self) {}

    /// A start failed: the end of its standard error, one of each kind of failure.
    fn complained(&mut self, _start: &str, _lines: &[&str]) {}
}

/// Nobody watches.
impl Watcher for () {}

/// Why a program's numbers are not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// It cannot be started at all.
    #[error(transparent)]
    NotStarted(#[from] CommandError),
    /// Nothing that it prints can be read.
    #[error(transparent)]
    Unreadable(#[from] CaptureError),
}

/// A program, how often it is started, and how what it prints is read.
#[derive(Clone, Debug, Default)]
pub struct ProgramRuns {
    /// The program and its arguments; `{run}`, `{worker}`, `{workers}`, `{words}` and `{seed}` in them are
    /// filled in.
    pub arguments: Vec<OsString>,
    /// Where it starts; here if left out.
    pub directory: Option<PathBuf>,
    /// Workers of every run, one a processor if left out: it is started once for each.
    pub workers: Option<NonZeroU32>,
    /// Runs of the whole program; 3 if left out.
    pub runs: Option<NonZeroU32>,
    /// Numbers wanted of every worker; 4096 if left out.
    pub words: Option<NonZeroU64>,
    /// One run for each of these seeds; `flips` alone stands for 1 and its 63 flips of one bit.
    pub seeds: Vec<String>,
    /// Whether it starts its own workers.
    pub pool: bool,
    /// How long one start may take; a minute if left out.
    pub timeout: Option<Duration>,
    /// How long fresh runs may take; a minute, or as many starts as there were, if left out.
    pub budget: Option<Duration>,
    /// How many starts run at the same time.
    pub jobs: Option<NonZeroU32>,
    /// The type of numbers that it prints as bytes; text if left out.
    pub element: Option<ElementType>,
    /// How its text is read.
    pub reading: Reading,
    /// The image of a process that ends whatever is left should this one be killed: a program whose `main`
    /// calls [`seedbench::init()`](crate::init()) first.
    pub supervisor: Option<PathBuf>,
}

/// What it took to collect numbers.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// Runs that were made.
    runs: u32,
    /// Starts of the program.
    starts: usize,
    /// How long they took all together.
    took: Duration,
}

impl ProgramRuns {
    /// Makes all runs, and says what they took. Where two outputs are equal, one run more is started in another
    /// second, which tells a clock from a constant.
    ///
    /// # Errors
    /// When the program cannot be started, or nothing that it prints can be read.
    pub fn collect(&self, watcher: &mut dyn Watcher) -> Result<(Capture, Spent), ProgramError> {
        let starts = self.starts();
        watcher.remark(&format!(
            "starting the command {} times; what it prints can hold live secrets",
            starts.len()
        ));
        let mut spent = Spent {
            runs: starts.iter().map(|start| start.run + 1).max().unwrap_or(0),
            starts: starts.len(),
            took: Duration::ZERO,
        };
        let mut collected = Outputs::new(self);
        let begun = Instant::now();
        collected.run(&self.program(), starts, watcher)?;
        spent.took = begun.elapsed();
        if self.seeds.is_empty() && spent.runs > 1 && collected.some_repeat() {
            watcher.remark(
                "some outputs are equal: one more run is started in another second, to tell a clock from a constant",
            );
            spent.starts += self.one_more(&mut collected, spent.runs, watcher)?;
            spent.runs += 1;
        }
        Ok((self.finished(collected)?, spent))
    }

    /// So many runs more, and these alone; `None` where they would show nothing new or take too long, which is
    /// said.
    ///
    /// # Errors
    /// As [`collect`](Self::collect).
    pub fn fresh_runs(
        &self,
        runs: u32,
        before: &Spent,
        watcher: &mut dyn Watcher,
    ) -> Result<Option<Capture>, ProgramError> {
        let told = words::counted(u64::from(runs), "fresh run");
        if !self.seeds.is_empty() {
            watcher.remark(&format!(
                "{told} would decide what is suspect: with given seeds none are made"
            ));
            return Ok(None);
        }
        let starts = runs as usize * self.starts_of(0, None).len();
        // A run begins in another second than the one before, whose clock may be the seed.
        let each = before.took.as_secs_f64() / f64::from(before.runs.max(1));
        let seconds = f64::from(runs) * each.max(1.0);
        let announced = format!("{told} ({starts} starts, about {seconds:.0} s)");
        let affordable = match self.budget {
            Some(budget) => seconds <= budget.as_secs_f64(),
            None => seconds <= FRESH_SECONDS || starts <= before.starts,
        };
        if !affordable {
            watcher.remark(&format!(
                "{announced} would decide what is suspect: say --budget {:.0} to have them made",
                seconds.ceil()
            ));
            return Ok(None);
        }
        watcher.remark(&format!("{announced} decide what is suspect"));
        let mut collected = Outputs::new(self);
        for run in before.runs..before.runs + runs {
            self.one_more(&mut collected, run, watcher)?;
        }
        self.finished(collected).map(Some)
    }

    /// Workers of every run.
    pub fn workers(&self) -> u32 {
        self.workers.map_or_else(processors, NonZeroU32::get)
    }

    /// Numbers that are kept of every start.
    fn kept(&self) -> Option<u64> {
        (!self.pool).then(|| self.words())
    }

    fn words(&self) -> u64 {
        self.words.map_or(4096, NonZeroU64::get)
    }

    fn program(&self) -> Program<'_> {
        let words = self.words();
        let bytes = |of_each: u64| {
            let bytes = words.saturating_mul(of_each);
            usize::try_from(bytes).unwrap_or(usize::MAX / 2)
        };
        let (enough, numbers) = match (self.pool, self.element) {
            (true, _) => (Enough::AtEnd, POOL_BYTES),
            (false, Some(element)) => {
                let bytes = bytes(element.bytes() as u64);
                (Enough::Bytes(bytes), bytes)
            }
            (false, None) => (Enough::Words(words), bytes(TEXT_BYTES_PER_WORD)),
        };
        Program {
            arguments: &self.arguments,
            directory: self.directory.clone(),
            workers: self.workers(),
            words,
            enough,
            timeout: self.timeout.unwrap_or(Duration::from_secs(60)),
            output_limit: numbers + BYTES_BESIDE as usize,
            at_once: self.jobs.map_or_else(processors, NonZeroU32::get) as usize,
            together: self.jobs.is_none() && !self.pool,
        }
    }

    /// One run, in another second than what was started before; the number of its starts.
    fn one_more(
        &self,
        collected: &mut Outputs<'_>,
        run: u32,
        watcher: &mut dyn Watcher,
    ) -> Result<usize, CommandError> {
        wait_for_another_second();
        let starts = self.starts_of(run, None);
        let count = starts.len();
        collected.run(&self.program(), starts, watcher)?;
        Ok(count)
    }

    fn finished(&self, collected: Outputs<'_>) -> Result<Capture, ProgramError> {
        let printed = match (self.pool, self.element) {
            (_, Some(element)) => Some(Printed::Binary(element)),
            (true, None) => Some(Printed::Pool),
            (false, None) => None,
        };
        Ok(collected.gathered.finish()?.printed(printed))
    }

    /// Every start, run after run.
    fn starts(&self) -> Vec<Start> {
        let seeds: Vec<Option<String>> = if self.seeds == [FLIPS] {
            let flips = (0..63).map(|bit| 1_u64 ^ 1 << bit);
            std::iter::once(1)
                .chain(flips)
                .map(|seed| Some(seed.to_string()))
                .collect()
        } else if self.seeds.is_empty() {
            vec![None; self.runs.map_or(3, NonZeroU32::get) as usize]
        } else {
            self.seeds.iter().cloned().map(Some).collect()
        };
        (0u32..)
            .zip(seeds)
            .flat_map(|(run, seed)| self.starts_of(run, seed))
            .collect()
    }

    /// The starts of one run.
    fn starts_of(&self, run: u32, seed: Option<String>) -> Vec<Start> {
        let workers: Vec<Option<u32>> = if self.pool {
            vec![None]
        } else {
            (0..self.workers()).map(Some).collect()
        };
        workers
            .into_iter()
            .map(|worker| Start {
                run,
                worker,
                seed: seed.clone(),
            })
            .collect()
    }
}

fn processors() -> u32 {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32)
}

/// Clocks that count seconds since the epoch have ticked after this, whatever was started before.
fn wait_for_another_second() {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    // The kernel's coarse clock is some milliseconds behind.
    let left = Duration::from_millis(1020) - Duration::from_nanos(now.subsec_nanos().into());
    std::thread::sleep(left);
}
