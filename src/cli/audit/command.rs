//! The options of an audited command, and how its numbers are collected.

use std::{
    ffi::OsString,
    num::{NonZeroU32, NonZeroU64},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;

use super::launcher::Launcher;
use crate::{
    capture::{ElementType, Printed, Reading},
    cli::{Failure, Output},
    gate::policy::Target,
    harness::command::{Enough, Program, Start},
};

/// Most bytes of one start's text per number that is asked for: 17 digits with sign, point and
/// exponent take 25.
const TEXT_BYTES_PER_WORD: u64 = 64;
/// The word for a seed and all its one-bit flips.
const FLIPS: &str = "flips";
/// Room for headings and remarks.
const TEXT_BYTES_BESIDE: u64 = 1 << 16;
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
    pub(super) budget: Option<Duration>,

    /// Starts that run at the same time [default: one a processor first, then all workers of a run that fit into
    /// memory, released at one moment]
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

    /// The command as these options start it.
    pub(in crate::cli) fn launcher<'a>(
        &'a self,
        arguments: &'a [OsString],
        element: Option<ElementType>,
        reading: Reading,
        output: &'a Output,
    ) -> Launcher<'a> {
        let words = self.words.map_or(4096, NonZeroU64::get);
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
        let program = Program {
            arguments,
            directory: self.directory.clone(),
            workers: self.workers(),
            words,
            enough,
            timeout: self.timeout.unwrap_or(Duration::from_secs(60)),
            output_limit: limit,
            at_once: self.jobs.map_or_else(processors, NonZeroU32::get) as usize,
            together: self.jobs.is_none() && !self.pool,
        };
        let workers = self.pool.then_some(self.workers).flatten();
        Launcher {
            options: self,
            program,
            element,
            wanted: (!self.pool).then_some(words),
            reading: Reading {
                workers: workers.map(NonZeroU32::get),
                ..reading
            },
            output,
        }
    }

    /// Whether every run is started alike, and not with a seed of its own.
    pub(super) fn runs_are_alike(&self) -> bool {
        self.seeds.is_empty()
    }

    /// How its numbers come out, as the capture is told.
    pub(super) fn printed(&self, element: Option<ElementType>) -> Option<Printed> {
        match (self.pool, element) {
            (_, Some(element)) => Some(Printed::Binary(element)),
            (true, None) => Some(Printed::Pool),
            (false, None) => None,
        }
    }

    /// Every start, run after run.
    pub(super) fn starts(&self) -> Vec<Start> {
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
    pub(super) fn starts_of(&self, run: u32, seed: Option<String>) -> Vec<Start> {
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
