//! Runs the rows of a check: cells in plans, programs and captures as audits.

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context;

use super::request::{PlannedRow, Work};
use crate::{
    audit::{self, Declared, Question, ReadAs},
    capture::{self, Capture, ReadOptions},
    cli::{Output, audit::CommandArgs, execute},
    gate::policy::{Expectation, NumbersAre, Target},
    harness::Effort,
    plan::Plan,
    record::{CellOutcome, CellReport, Report},
    run,
    verdict::{Demands, Expect},
    vocabulary::BackendKind,
};

/// What is measured beside verdicts, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// No row is started after it.
    pub time_budget: Option<Duration>,
    /// Measure what strategies cost.
    pub costs: bool,
    /// Rows of the whole check, also where only some of them are run: what a row must show to be
    /// convicted does not depend on which others run.
    pub check_rows: u64,
}

/// Runs every row and returns a report without verdict and exit code. Rows that were not reached
/// within the time budget are not in it.
///
/// # Errors
/// When the plan makes no sense here.
pub fn measure(
    plan: &Plan,
    rows: &[PlannedRow],
    limits: Limits,
    output: &Output,
) -> anyhow::Result<Report> {
    let start = Instant::now();
    let left = || {
        limits
            .time_budget
            .map(|budget| budget.saturating_sub(start.elapsed()))
    };
    let out_of_time = || left().is_some_and(|left| left.is_zero());
    let mut report = Report::new("check", crate::cli::host::arguments());
    // Captures first: they are cheap, and a broken one should not wait for the catalogue.
    let captured = |row: &&PlannedRow| matches!(&row.work, Work::Audit { target, .. } if target.capture.is_some());
    let started = |row: &&PlannedRow| matches!(&row.work, Work::Audit { target, .. } if target.capture.is_none());
    for row in rows.iter().filter(captured) {
        if !out_of_time() {
            report.cells.push(audited(row, limits.check_rows, output));
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
        let part = execute::execute(&plan, extras, left(), output)?;
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
    for row in rows.iter().filter(started) {
        if !out_of_time() {
            report.cells.push(audited(row, limits.check_rows, output));
        }
    }
    Ok(report)
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
fn audited(row: &PlannedRow, check_rows: u64, output: &Output) -> CellReport {
    let Work::Audit { target, folder } = &row.work else {
        unreachable!("only audits are audited");
    };
    output.detail(&format!("audit of {}", target.name()));
    let outcome = match judged(target, folder, check_rows, output) {
        Ok(outcome) => outcome,
        Err(error) => CellOutcome::Failed {
            error: crate::cli::failure::one_line(&error),
        },
    };
    CellReport {
        id: row.request.name.clone(),
        backend: None,
        outcome,
    }
}

fn judged(
    target: &Target,
    folder: &Path,
    check_rows: u64,
    output: &Output,
) -> anyhow::Result<CellOutcome> {
    let (mut capture, workers) = match &target.capture {
        Some(path) => (
            Capture::open(path, &ReadOptions::default())?,
            target.workers,
        ),
        None => {
            let program = CommandArgs::of(target, folder);
            let command: Vec<_> = target.command.iter().map(Into::into).collect();
            let (capture, _) = program
                .launcher(&command, None, Default::default(), output)
                .runs()
                .with_context(|| format!("failed to run the command of `{}`", target.name()))?;
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
        check_rows,
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
    question.declared.fits(&capture)?;
    let result = audit::audit_groups(&mut capture, question, &target.identical)?;
    for note in capture.notes() {
        output.remark(&format!("{}: {note}", target.name()));
    }
    // What could not be read could hold the flaw.
    Ok(match capture.problems().first() {
        Some(problem) => CellOutcome::Failed {
            error: capture::one_line(problem),
        },
        None => CellOutcome::Judged(Box::new(result)),
    })
}
