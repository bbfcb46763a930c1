//! Starts an audited command, as often as is asked, and collects its numbers.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{CommandArgs, collected::Collected, unreadable};
use crate::{
    capture::{Capture, ElementType, Reading},
    cli::Output,
    harness::command::Program,
    verdict::words,
};

/// Seconds that fresh runs may take, where nothing else is said.
const FRESH_SECONDS: f64 = 60.0;

/// What it took to collect numbers.
pub(in crate::cli) struct Spent {
    /// Runs that were made.
    runs: u32,
    /// Starts of the command.
    starts: usize,
    /// How long they took all together.
    took: Duration,
}

/// A command and how it is started.
pub(in crate::cli) struct Launcher<'a> {
    pub(super) options: &'a CommandArgs,
    pub(super) program: Program<'a>,
    pub(super) element: Option<ElementType>,
    /// Numbers that are kept of every worker.
    pub(super) wanted: Option<u64>,
    pub(super) reading: Reading,
    pub(super) output: &'a Output,
}

impl Launcher<'_> {
    /// All runs that the options ask for, and what they took. Where two outputs are equal, one run more is
    /// started in another second, which tells a clock from a constant.
    ///
    /// # Errors
    /// When the command cannot be started, or nothing that it prints can be read.
    pub(in crate::cli) fn runs(&self) -> anyhow::Result<(Capture, Spent)> {
        let starts = self.options.starts();
        self.output.remark(&format!(
            "starting the command {} times; what it prints can hold live secrets",
            starts.len()
        ));
        let mut spent = Spent {
            runs: starts.iter().map(|start| start.run + 1).max().unwrap_or(0),
            starts: starts.len(),
            took: Duration::ZERO,
        };
        let mut collected = self.collected();
        let begun = Instant::now();
        collected.run(&self.program, starts, self.output)?;
        spent.took = begun.elapsed();
        if self.options.runs_are_alike() && spent.runs > 1 && collected.some_repeat() {
            self.output.remark(
                "some outputs are equal: one more run is started in another second, to tell a clock from a constant",
            );
            spent.starts += self.run(&mut collected, spent.runs)?;
            spent.runs += 1;
        }
        Ok((self.finished(collected)?, spent))
    }

    /// So many runs more, and these alone; `None` where they would show nothing new or take too long, which is
    /// said.
    ///
    /// # Errors
    /// As [`runs`](Self::runs).
    pub(super) fn fresh_runs(&self, runs: u32, before: &Spent) -> anyhow::Result<Option<Capture>> {
        let told = words::counted(u64::from(runs), "fresh run");
        if !self.options.runs_are_alike() {
            self.output.remark(&format!(
                "{told} would decide what is suspect: with given seeds none are made"
            ));
            return Ok(None);
        }
        let starts = runs as usize * self.options.starts_of(0, None).len();
        // A run begins in another second than the one before, whose clock may be the seed.
        let each = before.took.as_secs_f64() / f64::from(before.runs.max(1));
        let seconds = f64::from(runs) * each.max(1.0);
        let announced = format!("{told} ({starts} starts, about {seconds:.0} s)");
        let affordable = match self.options.budget {
            Some(budget) => seconds <= budget.as_secs_f64(),
            None => seconds <= FRESH_SECONDS || starts <= before.starts,
        };
        if !affordable {
            self.output.remark(&format!(
                "{announced} would decide what is suspect: say --budget {:.0} to have them made",
                seconds.ceil()
            ));
            return Ok(None);
        }
        self.output
            .remark(&format!("{announced} decide what is suspect"));
        let mut collected = self.collected();
        for run in before.runs..before.runs + runs {
            self.run(&mut collected, run)?;
        }
        self.finished(collected).map(Some)
    }

    /// One run, in another second than what was started before; the number of its starts.
    fn run(&self, collected: &mut Collected, run: u32) -> anyhow::Result<usize> {
        wait_for_another_second();
        let starts = self.options.starts_of(run, None);
        let count = starts.len();
        collected.run(&self.program, starts, self.output)?;
        Ok(count)
    }

    fn collected(&self) -> Collected {
        Collected::new(self.element, self.wanted, self.reading.clone())
    }

    fn finished(&self, collected: Collected) -> anyhow::Result<Capture> {
        let capture = collected.gathered.finish().map_err(unreadable)?;
        Ok(capture.printed(self.options.printed(self.element)))
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
