//! Runs a plan cell by cell: collect, analyze, judge.
//!
//! Every cell (strategy × backend) becomes a row of the report. A cell that fails is a row with its
//! error, and the others go on.

mod cell;
mod control;
mod gather;
mod heatmap;

use crate::{
    core::BackendKind,
    harness::Backend,
    judge::{AsDeclared, Verdict},
    plan::{Plan, PlanError},
    report::{CellOutcome, CellReport, PlanSummary},
    strategies,
};

/// What is happening, for whoever watches.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A cell starts.
    Cell {
        /// Which one, from 0.
        index: usize,
        /// How many there are.
        of: usize,
        /// The strategy's id.
        strategy: &'a str,
        /// The backend.
        backend: BackendKind,
    },
    /// Its evidence is there.
    Collected {
        /// Bytes of evidence.
        bytes: u64,
    },
    /// Independently seeded streams of its generator are looked at, to tell whose flaw was found.
    Control {
        /// The generator.
        generator: &'a str,
    },
    /// Something was grey: fresh evidence is collected and tested again.
    SecondStage {
        /// How many results were grey.
        grey: usize,
    },
    /// A cell is done.
    Done {
        /// Which one, from 0.
        index: usize,
        /// Its row.
        row: &'a CellReport,
    },
}

/// The error of a cell that was not started because the observer was out of time.
pub const NOT_STARTED: &str = "not started: the time budget was used up";

/// Whoever watches a run.
pub trait Observer {
    /// Called in order, from the thread that runs the plan.
    fn event(&mut self, event: Event<'_>);

    /// Asked before every cell: cells that are not started become rows that say so.
    fn out_of_time(&mut self) -> bool {
        false
    }
}

/// Nobody watches.
impl Observer for () {
    fn event(&mut self, _event: Event<'_>) {}
}

/// What the rows amount to; the graver one counts where several apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Every row is what its strategy declares.
    AsDeclared,
    /// A row could not have seen a flaw.
    Inconclusive,
    /// A cell could not run.
    CellFailed,
    /// A row is not what its strategy declares.
    NotAsDeclared,
}

impl Standing {
    /// The word used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsDeclared => "as-declared",
            Self::Inconclusive => "inconclusive",
            Self::CellFailed => "cell-failed",
            Self::NotAsDeclared => "not-as-declared",
        }
    }

    /// What one row amounts to. Plans that make no sense for a strategy are no failure.
    pub fn of(row: &CellReport) -> Self {
        match &row.outcome {
            CellOutcome::Judged(result) => {
                let judgement = &result.judgement;
                match (judgement.as_declared, judgement.verdict) {
                    (Some(AsDeclared::No), _) => Self::NotAsDeclared,
                    (_, Verdict::Inconclusive) => Self::Inconclusive,
                    _ => Self::AsDeclared,
                }
            }
            CellOutcome::Unsupported { .. } => Self::AsDeclared,
            CellOutcome::Failed { .. } => Self::CellFailed,
        }
    }
}

/// What a plan's run gave.
#[derive(Debug)]
pub struct RunOutcome {
    /// One row a cell, in the plan's order.
    pub cells: Vec<CellReport>,
    /// The probability that the whole run holds a false alarm.
    pub false_alarm: f64,
    /// What the rows amount to.
    pub standing: Standing,
}

/// Why a plan was not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Its sizes make no sense.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A strategy that does not exist.
    #[error("there is no strategy `{id}`; the nearest is `{nearest}`")]
    UnknownStrategy {
        /// The name given.
        id: String,
        /// The nearest that exists.
        nearest: String,
    },
    /// A backend that was planned but not handed in.
    #[error("backend `{0}` is not available here")]
    NoBackend(BackendKind),
}

/// The plan's sizes, for the report.
pub fn summary(plan: &Plan) -> PlanSummary {
    PlanSummary {
        name: plan.name.clone(),
        workers: plan.workers,
        tasks: plan.tasks,
        words: plan.words,
        fresh_runs: plan.fresh_runs,
        rooted: plan.rooted.clone(),
        root: plan.root,
    }
}

/// Runs every cell of the plan, one after the other: each uses all cores itself, and costs are not
/// disturbed by a neighbour.
///
/// # Errors
/// When the plan makes no sense, or names a strategy or backend that is not there. Cells that fail
/// are rows, not errors.
pub fn run(
    plan: &Plan,
    backends: &[&dyn Backend],
    observer: &mut dyn Observer,
) -> Result<RunOutcome, RunError> {
    plan.require_cells()?;
    let sizes = plan.validate(crate::harness::available_bytes())?;
    for id in &plan.strategies {
        if strategies::find(id).is_none() {
            return Err(unknown(id));
        }
    }
    for kind in &plan.backends {
        if !backends.iter().any(|backend| backend.kind() == *kind) {
            return Err(RunError::NoBackend(*kind));
        }
    }
    let of = plan.cell_count();
    let mut desk = cell::Desk::new(plan, sizes);
    let mut cells: Vec<CellReport> = Vec::with_capacity(of);
    for (index, (id, kind)) in plan.cells().enumerate() {
        let (Some(strategy), Some(backend)) = (
            strategies::find(id),
            backends.iter().find(|backend| backend.kind() == kind),
        ) else {
            continue;
        };
        let outcome = if observer.out_of_time() {
            CellOutcome::Failed {
                error: NOT_STARTED.to_owned(),
            }
        } else {
            observer.event(Event::Cell {
                index,
                of,
                strategy: id,
                backend: kind,
            });
            desk.run(strategy, *backend, observer)
        };
        cells.push(CellReport {
            id: id.to_owned(),
            backend: Some(kind),
            outcome,
        });
        observer.event(Event::Done {
            index,
            row: &cells[index],
        });
    }
    Ok(RunOutcome {
        false_alarm: cells.iter().map(false_alarm).sum(),
        standing: cells
            .iter()
            .map(Standing::of)
            .max()
            .unwrap_or(Standing::AsDeclared),
        cells,
    })
}

fn false_alarm(row: &CellReport) -> f64 {
    match &row.outcome {
        CellOutcome::Judged(result) => result.judgement.false_alarm,
        CellOutcome::Unsupported { .. } | CellOutcome::Failed { .. } => 0.0,
    }
}

fn unknown(id: &str) -> RunError {
    let nearest = strategies::ALL
        .iter()
        .map(|strategy| strategy.spec().id)
        .max_by(|a, b| strsim::jaro_winkler(id, a).total_cmp(&strsim::jaro_winkler(id, b)))
        .unwrap_or_default();
    RunError::UnknownStrategy {
        id: id.to_owned(),
        nearest: nearest.to_owned(),
    }
}
