//! The options of an audited command, and how its numbers are collected.

use std::{
    ffi::OsString,
    num::{NonZeroU32, NonZeroU64},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use clap::Args;

use super::{collected::Collected, unreadable};
use crate::{
    capture::{Capture, ElementType, Printed, Reading},
    cli::{Failure, Output},
    gate::policy::Target,
    harness::command::{Enough, Program, Start},
    verdict::words,
};

/// Most bytes of one start's text per number that is asked for: 17 digits with sign, point and
/// exponent take 25.
const TEXT_BYTES_PER_WORD: u64 = 64;
/// The word for a seed and all its one-bit flips.
const FLIPS: &str = "flips";
/// Room for headings and remarks.
const TEXT_BYTES_BESIDE: u64 = 1 << 16;
/// Seconds that fresh runs may take, where nothing else is said.
const FRESH_SECONDS: f64 = 60.0;
/// Most bytes that one start of a pool may print.
const POOL_BYTES: usize = 1 << 28;

/// How a command is started.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options for a command")]
pub(in crate::cli) struct CommandArgs {
    /// Workers of every run: the command is started once for each
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroU32>,

    /// Runs of the whole program [default: 3]
    #[arg(long, value_name = "N", conflicts_with = "seeds")]
    runs: Option<NonZeroU32>,

    /// Numbers wanted of every worker [default: 4096]
    #[arg(long, value_name = "N")]
    words: Option<NonZeroU64>,

    /// One run for each of these seeds, told as SEEDBENCH_SEED and filled in for {seed}; `flips`
    /// stands for 1 and its 63 flips of one bit, which show bits of the seed that have no effect
    #[arg(long, value_name = "SEEDS", value_delimiter = ',')]
    seeds: Vec<String>,

    /// The program starts its own workers: it is started once a run, and what it prints is a table
    /// or records with labels, or one list of raw draws
    #[arg(long)]
    pool: bool,

    /// Seconds that one start may take [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,

    /// Seconds that fresh runs may take, which decide what is suspect; 0 makes none [default: 60, or as many
    /// starts as there were]
    #[arg(long, value_name = "SECONDS", value_parser = budget)]
    budget: Option<Duration>,

    /// Starts that run at the same time [default: one a processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroU32>,

    /// Where the command starts.
    #[arg(skip)]
    directory: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds < 1e9 => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("give a number of seconds above 0".into()),
    }
}

fn budget(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..1e9).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("give a number of seconds, or 0 for no fresh runs".into()),
    }
}

/// What it took to collect numbers.
pub(in crate::cli) struct Spent {
    /// Runs that were made.
    runs: u32,
    /// Starts of the command.
    starts: usize,
    /// How long they took all together.
    took: Duration,
}

impl CommandArgs {
    /// The options of a command that a policy names; it starts in the policy's folder.
    pub(in crate::cli) fn of(target: &Target, folder: &Path) -> Self {
        Self {
            workers: target.workers.and_then(NonZeroU32::new),
            runs: target.runs.and_then(NonZeroU32::new),
            words: target.words.map(u64::from).and_then(NonZeroU64::new),
            pool: target.pool,
            directory: Some(folder.to_owned()),
            ..Self::default()
        }
    }

    /// Options of a command make no sense without one.
    pub(super) fn refuse_without_command(&self) -> anyhow::Result<()> {
        let given = [
            ("--workers", self.workers.is_some()),
            ("--runs", self.runs.is_some()),
            ("--words", self.words.is_some()),
            ("--seeds", !self.seeds.is_empty()),
            ("--pool", self.pool),
            ("--timeout", self.timeout.is_some()),
            ("--jobs", self.jobs.is_some()),
            ("--budget", self.budget.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((option, _)) => Err(Failure::usage(format!(
                "{option} is for commands; give one after `--`, or leave the option out"
            ))),
            None => Ok(()),
        }
    }

    /// Workers of every run.
    pub(in crate::cli) fn workers(&self) -> u32 {
        self.workers.map_or_else(processors, NonZeroU32::get)
    }

    /// Runs the command and collects its numbers.
    pub(in crate::cli) fn collect(
        &self,
        arguments: &[OsString],
        element: Option<ElementType>,
        reading: Reading,
        output: &Output,
    ) -> anyhow::Result<(Capture, Spent)> {
        let program = self.program(arguments, element);
        let mut collected = self.collected(element, reading);
        let starts = self.starts();
        output.remark(&format!(
            "starting the command {} times; what it prints can hold live secrets",
            starts.len()
        ));
        let mut runs = starts.iter().map(|start| start.run + 1).max().unwrap_or(0);
        let mut count = starts.len();
        let begun = Instant::now();
        collected.run(&program, starts, output)?;
        let mut took = begun.elapsed();
        if self.seeds.is_empty() && runs > 1 && collected.some_repeat() {
            output.remark("some outputs are equal: one more run is started in another second, to tell a clock from a constant");
            wait_for_another_second();
            let begun = Instant::now();
            let starts = self.starts_of(runs, None);
            count += starts.len();
            collected.run(&program, starts, output)?;
            took += begun.elapsed();
            runs += 1;
        }
        let spent = Spent {
            runs,
            starts: count,
            took,
        };
        Ok((self.finished(collected, element)?, spent))
    }

    /// Runs the command so many times more, each in a second of its own, and collects these runs alone; `None`
    /// where they would show nothing new or take too long, which is said.
    pub(super) fn collect_fresh(
        &self,
        arguments: &[OsString],
        element: Option<ElementType>,
        reading: Reading,
        output: &Output,
        before: &Spent,
        runs: u32,
    ) -> anyhow::Result<Option<Capture>> {
        let told = words::counted(u64::from(runs), "fresh run");
        if !self.seeds.is_empty() {
            output.remark(&format!(
                "{told} would decide what is suspect: with given seeds none are made"
            ));
            return Ok(None);
        }
        let starts = runs as usize
            * if self.pool {
                1
            } else {
                self.workers() as usize
            };
        // A run begins in another second than the one before, whose clock may be the seed.
        let each = before.took.as_secs_f64() / f64::from(before.runs.max(1));
        let seconds = f64::from(runs) * each.max(1.0);
        let announced = format!("{told} ({starts} starts, about {seconds:.0} s)");
        let affordable = match self.budget {
            Some(budget) => seconds <= budget.as_secs_f64(),
            None => seconds <= FRESH_SECONDS || starts <= before.starts,
        };
        if !affordable {
            output.remark(&format!(
                "{announced} would decide what is suspect: say --budget {:.0} to have them made",
                seconds.ceil()
            ));
            return Ok(None);
        }
        output.remark(&format!("{announced} decide what is suspect"));
        let program = self.program(arguments, element);
        let mut collected = self.collected(element, reading);
        for run in before.runs..before.runs + runs {
            wait_for_another_second();
            collected.run(&program, self.starts_of(run, None), output)?;
        }
        self.finished(collected, element).map(Some)
    }

    /// The command and how it is started.
    fn program<'a>(&self, arguments: &'a [OsString], element: Option<ElementType>) -> Program<'a> {
        let words = self.words();
        let (enough, limit) = match (self.pool, element) {
            (true, _) => (Enough::AtEnd, POOL_BYTES),
            (false, Some(element)) => {
                let bytes = words.saturating_mul(element.bytes() as u64);
                let bytes = usize::try_from(bytes).unwrap_or(usize::MAX / 2);
                (Enough::Bytes(bytes), bytes + (1 << 16))
            }
            (false, None) => {
                let bytes = words.saturating_mul(TEXT_BYTES_PER_WORD) + TEXT_BYTES_BESIDE;
                (
                    Enough::Words(words),
                    usize::try_from(bytes).unwrap_or(usize::MAX / 2),
                )
            }
        };
        Program {
            arguments,
            directory: self.directory.clone(),
            workers: self.workers(),
            words,
            enough,
            timeout: self.timeout.unwrap_or(Duration::from_secs(60)),
            output_limit: limit,
            at_once: self.jobs.map_or_else(processors, NonZeroU32::get) as usize,
        }
    }

    /// Numbers wanted of every worker.
    fn words(&self) -> u64 {
        self.words.map_or(4096, NonZeroU64::get)
    }

    /// Nothing so far.
    fn collected(&self, element: Option<ElementType>, reading: Reading) -> Collected {
        let wanted = (!self.pool).then_some(self.words());
        let workers = self.pool.then_some(self.workers).flatten();
        let reading = Reading {
            workers: workers.map(NonZeroU32::get),
            ..reading
        };
        Collected::new(element, wanted, reading)
    }

    fn finished(
        &self,
        collected: Collected,
        element: Option<ElementType>,
    ) -> anyhow::Result<Capture> {
        let printed = match (self.pool, element) {
            (_, Some(element)) => Some(Printed::Binary(element)),
            (true, None) => Some(Printed::Pool),
            (false, None) => None,
        };
        let capture = collected.gathered.finish().map_err(unreadable)?;
        Ok(capture.printed(printed))
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

/// Clocks that count seconds since the epoch have ticked after this, whatever was started before.
fn wait_for_another_second() {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    // The kernel's coarse clock is some milliseconds behind.
    let left = Duration::from_millis(1020) - Duration::from_nanos(now.subsec_nanos().into());
    std::thread::sleep(left);
}

fn processors() -> u32 {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32)
}
