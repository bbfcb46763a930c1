//! Runs a plan's cells: collect, analyze, judge.
//!
//! Every cell (strategy × backend) becomes a row of the report. A cell that fails is a row with its
//! error, and the others go on.

mod cell;
mod control;
mod gather;
mod heatmap;
mod horizons;
mod known;
mod lanes;
mod report;
mod second;
mod walk;
mod wide;

#[doc(hidden)]
pub use report::costs;
pub use report::{Extras, report};

use crate::{
    harness::{Backend, LaunchError},
    plan::{Plan, PlanError},
    record::{CellOutcome, CellReport, PlanSummary, exit},
    strategies::{self, SeedingStrategy},
    verdict::{AsDeclared, Verdict},
    vocabulary::BackendKind,
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
        generator: &'static str,
    },
    /// Something was grey: fresh evidence is collected and tested again.
    SecondStage {
        /// How many results were grey.
        grey: usize,
    },
    /// What a strategy costs is measured.
    Cost {
        /// Which one, from 0.
        index: usize,
        /// How many there are.
        of: usize,
        /// The strategy's id.
        strategy: &'a str,
    },
    /// The streams that a strategy starts are counted.
    Census {
        /// Which one, from 0.
        index: usize,
        /// How many there are.
        of: usize,
        /// The strategy's id.
        strategy: &'a str,
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
#[doc(hidden)]
pub const NOT_STARTED: &str = "not started: the time budget was used up";

/// Whoever watches a run.
pub trait Observer {
    /// Called from the thread that runs the plan, in order; events of cells that run side by side
    /// alternate.
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
#[non_exhaustive]
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

    /// The exit code that says so.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::AsDeclared => exit::OK,
            Self::Inconclusive => exit::INCONCLUSIVE,
            Self::CellFailed => exit::CELL_FAILED,
            Self::NotAsDeclared => exit::UNSOUND,
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
#[non_exhaustive]
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
#[non_exhaustive]
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
    /// No threads to measure costs on.
    #[error(transparent)]
    Launch(#[from] LaunchError),
}

/// The plan's sizes, for the report.
#[doc(hidden)]
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

/// Runs every cell of the plan, whose strategies are those of the catalogue.
///
/// [`Plan::lanes`] says how many strategies are worked on at once: rows do not depend on it, but what
/// launches took is disturbed by neighbours. Where memory is limited, or too little for so many, there
/// are fewer lanes.
///
/// # Errors
/// When the plan makes no sense, or names a strategy or backend that is not there. Cells that fail
/// are rows, not errors.
pub fn run(
    plan: &Plan,
    backends: &[&dyn Backend],
    observer: &mut dyn Observer,
) -> Result<RunOutcome, RunError> {
    run_among(plan, strategies::ALL, backends, observer)
}

/// The same for a plan that names strategies of a registry of one's own.
///
/// # Errors
/// As [`run`].
pub fn run_among(
    plan: &Plan,
    registry: &[&'static dyn SeedingStrategy],
    backends: &[&dyn Backend],
    observer: &mut dyn Observer,
) -> Result<RunOutcome, RunError> {
    plan.require_cells()?;
    let available = crate::harness::available_bytes();
    let sizes = plan.validate(available)?;
    let mut cells = Vec::with_capacity(plan.cell_count());
    for (id, kind) in plan.cells() {
        let strategy = registry
            .iter()
            .copied()
            .find(|strategy| strategy.spec().id == id)
            .ok_or_else(|| unknown(id, registry))?;
        let backend = backends
            .iter()
            .find(|backend| backend.kind() == kind)
            .ok_or(RunError::NoBackend(kind))?;
        cells.push(lanes::Cell {
            strategy,
            backend: *backend,
        });
    }
    let cells = lanes::run(plan, sizes, &cells, lane_count(plan, available), observer);
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

/// As many lanes as planned, but no more than there are strategies, nor than memory holds.
fn lane_count(plan: &Plan, available_bytes: Option<u64>) -> usize {
    if plan.memory_bytes.is_some() {
        return 1;
    }
    let fitting = available_bytes.map_or(u64::MAX, |bytes| bytes / plan.needed_bytes().max(1));
    let fitting = usize::try_from(fitting).unwrap_or(usize::MAX);
    (plan.lanes as usize)
        .min(plan.strategies.len())
        .min(fitting)
        .max(1)
}

fn false_alarm(row: &CellReport) -> f64 {
    match &row.outcome {
        CellOutcome::Judged(result) => result.judgement.false_alarm,
        CellOutcome::Unsupported { .. } | CellOutcome::Failed { .. } => 0.0,
    }
}

fn unknown(id: &str, registry: &[&'static dyn SeedingStrategy]) -> RunError {
    let nearest = registry
        .iter()
        .map(|strategy| strategy.spec().id)
        .max_by(|a, b| strsim::jaro_winkler(id, a).total_cmp(&strsim::jaro_winkler(id, b)))
        .unwrap_or_default();
    RunError::UnknownStrategy {
        id: id.to_owned(),
        nearest: nearest.to_owned(),
    }
}
