//! Runs the rows of a check: cells in plans, programs and captures as audits.

use std::{
    collections::BTreeMap,
    num::{NonZeroU32, NonZeroU64},
    path::Path,
    time::{Duration, Instant},
};

use super::{
    CheckError, CheckWatcher,
    rows::{PlannedRow, Work},
};
use crate::{
    audit::{self, Declared, ProgramRuns, Question, ReadAs},
    capture::{self, Capture, CaptureError, ReadOptions},
    gate::policy::{Expectation, NumbersAre, Target},
    harness::{Backend, Effort, ForkBackend, SitesBackend, ThreadsBackend},
    plan::Plan,
    record::{CellOutcome, CellReport, Report},
    run::{self, Event, Observer},
    verdict::{Demands, Expect},
    vocabulary::BackendKind,
};

/// What is measured beside verdicts, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct MeasureBounds<'a> {
    /// No row is started after it.
    pub(super) time_budget: Option<Duration>,
    /// Measure what strategies cost.
    pub(super) costs: bool,
    /// Rows of the whole check, also where only some of them are run: what a row must show to be
    /// convicted does not depend on which others run.
    pub(super) check_rows: u64,
    /// The image that forks workers and ends programs.
    pub(super) helper: Option<&'a Path>,
}

/// Passes on what happens in a plan's run, until the time is used up.
struct Timed<'a> {
    inner: Box<dyn Observer + 'a>,
    deadline: Option<Instant>,
}

impl Observer for Timed<'_> {
    fn event(&mut self, event: Event<'_>) {
        self.inner.event(event);
    }

    fn out_of_time(&mut self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
            || self.inner.out_of_time()
    }
}

/// Runs every row and returns a report without verdict and exit code. Rows that were not reached
/// within the time budget are not in it.
///
/// # Errors
/// When the plan makes no sense here.
pub(super) fn measure(
    plan: &Plan,
    rows: &[PlannedRow],
    limits: MeasureBounds<'_>,
    watcher: &mut dyn CheckWatcher,
) -> Result<Report, CheckError> {
    let deadline = limits.time_budget.map(|budget| Instant::now() + budget);
    let out_of_time = || deadline.is_some_and(|deadline| Instant::now() >= deadline);
    let mut report = Report::new("check", Vec::new());
    // Captures first: they are cheap, and a broken one should not wait for the catalogue.
    let captured = |row: &&PlannedRow| matches!(&row.work, Work::Audit { target, .. } if target.capture.is_some());
    let programs = |row: &&PlannedRow| matches!(&row.work, Work::Audit { target, .. } if target.capture.is_none());
    for row in rows.iter().filter(captured) {
        if !out_of_time() {
            report.cells.push(audited(row, limits, watcher));
        }
    }
    for plan in plans(plan, rows, limits.check_rows) {
        if out_of_time() {
            break;
        }
        let extras = run::Extras {
            costs: limits.costs.then_some(Effort::QUICK),
            census: None,
        };
        let part = run_on_real_backends(&plan, extras, deadline, limits.helper, watcher)?;
        report.plan = part.plan;
        report.yardstick = report.yardstick.or(part.yardstick);
        for cost in part.costs {
            if report.costs.iter().all(|known| known.id != cost.id) {
                report.costs.push(cost);
            }
        }
        report.horizons.extend(part.horizons);
        report.cells.extend(part.cells.into_iter().filter(
            |cell| !matches!(&cell.outcome, CellOutcome::Failed { error } if error == run::NOT_STARTED),
        ));
    }
    for row in rows.iter().filter(programs) {
        if !out_of_time() {
            report.cells.push(audited(row, limits, watcher));
        }
    }
    Ok(report)
}

fn run_on_real_backends(
    plan: &Plan,
    extras: run::Extras,
    deadline: Option<Instant>,
    helper: Option<&Path>,
    watcher: &mut dyn CheckWatcher,
) -> Result<Report, CheckError> {
    let fork = match helper {
        Some(helper) => Ok(ForkBackend::with_helper(helper)),
        None => ForkBackend::this_program(),
    };
    if let Err(error) = &fork
        && plan.backends.contains(&BackendKind::Fork)
    {
        return Err(CheckError::usage(error.to_string()));
    }
    let sites = SitesBackend::default();
    let mut backends: Vec<&dyn Backend> = vec![&ThreadsBackend, &sites];
    if let Ok(fork) = &fork {
        backends.push(fork);
    }
    let mut observer = Timed {
        inner: watcher.observer(plan.cell_count()),
        deadline,
    };
    run::report(plan, &backends, extras, &mut observer)
        .map_err(|error| CheckError::usage(error.to_string()))
}

/// The cells as plans: each a product of strategies and backends.
fn plans(plan: &Plan, rows: &[PlannedRow], check_rows: u64) -> Vec<Plan> {
    let mut backends: BTreeMap<&str, Vec<BackendKind>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for row in rows {
        if let Work::Cell { strategy, backend } = row.work {
            let of = backends.entry(strategy).or_default();
            if of.is_empty() {
                order.push(strategy);
            }
            of.push(backend);
        }
    }
    let mut plans: Vec<Plan> = Vec::new();
    for strategy in order {
        let of = &backends[strategy];
        match plans.iter_mut().find(|plan| plan.backends == *of) {
            Some(plan) => plan.strategies.push(strategy.to_owned()),
            None => plans.push(Plan {
                strategies: vec![strategy.to_owned()],
                backends: of.clone(),
                ..plan.clone()
            }),
        }
    }
    for plan in &mut plans {
        plan.other_cells = check_rows.saturating_sub(plan.cell_count() as u64);
    }
    plans
}

/// An audited target's row; whatever goes wrong is its error.
fn audited(
    row: &PlannedRow,
    limits: MeasureBounds<'_>,
    watcher: &mut dyn CheckWatcher,
) -> CellReport {
    let Work::Audit { target, folder } = &row.work else {
        unreachable!("only audits are audited");
    };
    watcher.detail(&format!("audit of {}", target.name()));
    let outcome = judged(target, folder, limits, watcher)
        .unwrap_or_else(|error| CellOutcome::Failed { error });
    CellReport::new(&row.request.name, None, outcome)
}

fn judged(
    target: &Target,
    folder: &Path,
    limits: MeasureBounds<'_>,
    watcher: &mut dyn CheckWatcher,
) -> Result<CellOutcome, String> {
    let unreadable = |error: CaptureError| capture::one_line(&error);
    let (mut capture, workers) = match &target.capture {
        Some(path) => (
            Capture::open(path, &ReadOptions::default()).map_err(unreadable)?,
            target.workers,
        ),
        None => {
            let program = started(target, folder, limits.helper);
            let (capture, _) = program.collect(watcher).map_err(|error| {
                let problem = capture::one_line(&error);
                format!(
                    "failed to run the command of `{}`: {problem}",
                    target.name()
                )
            })?;
            (capture, Some(program.workers()))
        }
    };
    let question = Question {
        expect: match target.expect {
            Expectation::Distinct => Expect::Default,
            Expectation::Fresh => Expect::Fresh,
            Expectation::Identical => Expect::Identical,
        },
        demands: Demands {
            for_workers: target.for_workers,
            require_bits: target.require_bits,
        },
        workers,
        check_rows: limits.check_rows,
        declared: Declared {
            read_as: match target.read_as {
                None => ReadAs::Found,
                Some(NumbersAre::Draws) => ReadAs::Draws,
                Some(NumbersAre::Values) => ReadAs::Values,
            },
            continuous: target.continuous,
            shared_inputs: target.shared_inputs,
            row: target.row.map(NonZeroU32::get),
        },
        ..Question::default()
    };
    question.declared.fits(&capture).map_err(unreadable)?;
    let result =
        audit::audit_groups(&mut capture, question, &target.identical).map_err(unreadable)?;
    for note in capture.notes() {
        watcher.remark(&format!("{}: {note}", target.name()));
    }
    // What could not be read could hold the flaw.
    Ok(match capture.problems().first() {
        Some(problem) => CellOutcome::Failed {
            error: capture::one_line(problem),
        },
        None => CellOutcome::Judged(Box::new(result)),
    })
}

/// How the program of a target is started: in the policy's folder.
fn started(target: &Target, folder: &Path, helper: Option<&Path>) -> ProgramRuns {
    ProgramRuns {
        arguments: target.command.iter().map(Into::into).collect(),
        directory: Some(folder.to_owned()),
        workers: target.workers.and_then(NonZeroU32::new),
        runs: target.runs.and_then(NonZeroU32::new),
        words: target.words.map(u64::from).and_then(NonZeroU64::new),
        pool: target.pool,
        supervisor: helper.map(Path::to_owned),
        ..ProgramRuns::default()
    }
}
