//! Starts an audited command, as often as is asked, and collects its numbers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{CommandArgs, collected::Collected, unreadable};
use crate::{
    capture::{Capture, ElementType, Reading},
    cli::Output,
    harness::command::{Program, Start},
};

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
    /// All runs that the options ask for. Where two outputs are equal, one run more is started in another
    /// second, which tells a clock from a constant.
    ///
    /// # Errors
    /// When the command cannot be started, or nothing that it prints can be read.
    pub(in crate::cli) fn runs(&self) -> anyhow::Result<Capture> {
        let starts = self.options.starts();
        self.output.remark(&format!(
            "starting the command {} times; what it prints can hold live secrets",
            starts.len()
        ));
        let runs = starts.iter().map(|start| start.run + 1).max().unwrap_or(0);
        let mut collected = self.collected();
        collected.run(&self.program, starts, self.output)?;
        let repeats = self.options.runs_are_alike() && runs > 1 && collected.some_repeat();
        let capture = self.finished(collected)?;
        if !repeats {
            return Ok(capture);
        }
        self.output.remark(
            "some outputs are equal: one more run is started in another second, to tell a clock from a constant",
        );
        wait_for_another_second();
        self.further_runs(capture, &[None])
    }

    /// Starts further runs of the same command, each with its seed where it has one, and adds them to a
    /// capture of earlier ones, behind the last.
    ///
    /// # Errors
    /// As [`runs`](Self::runs).
    pub(in crate::cli) fn further_runs(
        &self,
        earlier: Capture,
        seeds: &[Option<String>],
    ) -> anyhow::Result<Capture> {
        let first = earlier.runs().iter().map(|info| info.run.0 + 1).max();
        let starts: Vec<Start> = (first.unwrap_or(0)..)
            .zip(seeds)
            .flat_map(|(run, seed)| self.options.starts_of(run, seed.clone()))
            .collect();
        let mut collected = self.collected();
        collected.run(&self.program, starts, self.output)?;
        let later = self.finished(collected)?;
        earlier.followed_by(later).map_err(unreadable)
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
