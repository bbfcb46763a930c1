//! Runs a plan with progress on standard error: shared by `run` and whatever measures costs.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, Output, host};
use crate::{
    harness::{Backend, Effort, ForkBackend, SitesBackend, ThreadsBackend},
    plan::Plan,
    record::{Report, StrategyCost},
    report,
    run::{self, Event, Extras, Observer},
};

/// Runs the plan on real backends and returns the whole report, its exit code included. Cells that have
/// not started within the time budget are not started.
///
/// # Errors
/// When the plan makes no sense, or what the process may use is not enough for it.
pub fn execute(
    plan: &Plan,
    extras: Extras,
    time_budget: Option<Duration>,
    output: &Output,
) -> anyhow::Result<Report> {
    let threads = ThreadsBackend;
    let fork = ForkBackend::with_helper(host::image()?);
    let sites = SitesBackend::default();
    let backends: [&dyn Backend; 3] = [&threads, &fork, &sites];
    let mut progress = Progress::new(plan.cell_count(), time_budget, output);
    let report = run::report(plan, &backends, extras, &mut progress);
    drop(progress);
    let mut report = report.map_err(|error| Failure::usage(error.to_string()))?;
    report.arguments = host::arguments();
    Ok(report)
}

/// Tries a folder that a report is to go to, before the work.
///
/// # Errors
/// Usage, when it cannot be written to.
pub fn try_out(dir: &std::path::Path) -> anyhow::Result<()> {
    report::try_directory(dir).map_err(|error| {
        let error = anyhow::Error::new(error);
        Failure::usage(super::failure::one_line(&error))
    })
}

/// What each strategy costs here.
///
/// # Errors
/// When threads cannot be started.
pub fn costs_of(
    ids: &[String],
    effort: Effort,
    output: &Output,
) -> anyhow::Result<Vec<StrategyCost>> {
    let mut progress = Progress::new(ids.len(), None, output);
    let (_, costs) = run::costs(ids, effort, &mut progress)?;
    Ok(costs)
}

/// Progress on standard error, and the time budget.
pub(super) struct Progress {
    bar: ProgressBar,
    deadline: Option<Instant>,
    verbose: bool,
}

impl Progress {
    pub(super) fn new(cells: usize, budget: Option<Duration>, output: &Output) -> Self {
        let bar = if output.progress {
            ProgressBar::new(cells as u64).with_style(
                ProgressStyle::with_template("{bar:24} {pos}/{len}  {wide_msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            )
        } else {
            ProgressBar::hidden()
        };
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            deadline: budget.map(|budget| Instant::now() + budget),
            verbose: output.verbose,
        }
    }

    /// One of so many things that are looked at, one after another.
    fn say_one(&self, (index, of): (usize, usize), what: &str) {
        self.bar.set_length(of as u64);
        self.bar.set_position(index as u64);
        self.say(what);
    }

    fn say(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        if self.verbose {
            complain!("seedbench: {what}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Cell {
                strategy, backend, ..
            } => self.say(&format!("{strategy} on {backend}")),
            Event::Control { generator } => {
                self.say(&format!(
                    "control: independently seeded streams ({generator})"
                ));
            }
            Event::SecondStage { grey } => {
                self.say(&format!(
                    "second stage: {grey} grey results on fresh evidence"
                ));
            }
            Event::Cost {
                index,
                of,
                strategy,
            } => self.say_one((index, of), &format!("cost of {strategy}")),
            Event::Census {
                index,
                of,
                strategy,
            } => self.say_one((index, of), &format!("census of {strategy}")),
            Event::Done { .. } => self.bar.inc(1),
            _ => {}
        }
    }

    fn out_of_time(&mut self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }
}
