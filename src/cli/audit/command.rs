//! The options of an audited command, and what is shown while it is started.

use std::{
    ffi::OsString,
    num::{NonZeroU32, NonZeroU64},
    time::Duration,
};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    audit::{ProgramRuns, Roster, Watcher},
    capture::{ElementType, Reading},
    cli::{Failure, Output, host},
};

/// How a command is started.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options for a command")]
pub(super) struct CommandArgs {
    /// Workers of every run: the command is started once for each. Of a capture: how many there must be; where
    /// some are missing the verdict is open, and names them
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroU32>,

    /// Runs of the whole program [default: 3]; of a capture: how many there must be
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

    /// Starts that run at the same time [default: one a processor first, then all workers of a run that fit into
    /// memory, released at one moment]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroU32>,
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
    /// Options of a command make no sense without one.
    pub(super) fn refuse_without_command(&self) -> anyhow::Result<()> {
        let given = [
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

    /// What a capture must hold.
    pub(super) fn roster(&self) -> Roster {
        Roster {
            workers: self.workers.map(NonZeroU32::get),
            runs: self.runs.map(NonZeroU32::get),
        }
    }

    /// The command as these options start it.
    pub(super) fn runs(
        &self,
        command: &[OsString],
        element: Option<ElementType>,
        reading: Reading,
    ) -> ProgramRuns {
        ProgramRuns {
            arguments: command.to_vec(),
            directory: None,
            workers: self.workers,
            runs: self.runs,
            words: self.words,
            seeds: self.seeds.clone(),
            pool: self.pool,
            timeout: self.timeout,
            budget: self.budget,
            jobs: self.jobs,
            element,
            reading,
            supervisor: host::image().ok(),
        }
    }
}

/// Shows a command being started.
pub(in crate::cli) struct ShownStarts<'a> {
    output: &'a Output,
    bar: ProgressBar,
}

impl<'a> ShownStarts<'a> {
    pub(in crate::cli) fn new(output: &'a Output) -> Self {
        Self {
            output,
            bar: ProgressBar::hidden(),
        }
    }
}

impl Watcher for ShownStarts<'_> {
    fn remark(&mut self, text: &str) {
        self.output.remark(text);
    }

    fn starting(&mut self, starts: usize) {
        if self.output.progress {
            self.bar = ProgressBar::new(starts as u64).with_style(
                ProgressStyle::with_template("{bar:24} {pos}/{len} starts, {eta} left")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
    }

    fn one_ended(&mut self) {
        self.bar.inc(1);
    }

    fn all_ended(&mut self) {
        self.bar.finish_and_clear();
    }

    fn complained(&mut self, start: &str, lines: &[&str]) {
        self.bar.suspend(|| {
            complain!("seedbench: {start} ended its standard error so:");
            for line in lines {
                complain!("  | {line}");
            }
        });
    }
}
