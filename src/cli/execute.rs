//! Runs a plan with progress on standard error and makes the report: shared by `run` and `check`.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, Output, exit, host};
use crate::{
    census,
    harness::{Backend, Effort, ForkBackend, SitesBackend, Stopwatch, ThreadsBackend},
    horizon::{self, Ends, Limit, Starts},
    plan::Plan,
    record::{self, CellOutcome, CellReport, Report, SCHEMA, StrategyCensus, StrategyHorizon},
    report,
    run::{self, Event, Observer, RunError, Standing},
    strategies::{self, SeedSpace},
    verdict::{Attribution, Severity},
    vocabulary::RunGroup,
};

/// What a run does beside judging.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extras {
    /// Measure what the strategies cost, this finely.
    pub costs: Option<Effort>,
    /// Count the streams that so many independent seeds start.
    pub census: Option<NonZeroU32>,
    /// Cells that have not started by then are not started.
    pub time_budget: Option<Duration>,
}

/// Runs the plan on real backends and returns the whole report, its exit code included.
///
/// # Errors
/// When the plan makes no sense, or what the process may use is not enough for it.
pub fn execute(
    plan: &Plan,
    extras: Extras,
    command: &str,
    output: &Output,
) -> anyhow::Result<Report> {
    let threads = ThreadsBackend;
    let fork = ForkBackend::with_helper(host::image()?);
    let sites = SitesBackend::default();
    let backends: [&dyn Backend; 3] = [&threads, &fork, &sites];
    let mut progress = Progress::new(plan.cell_count(), extras.time_budget, output);
    let outcome = run::run(plan, &backends, &mut progress).map_err(|error| match error {
        RunError::Plan(error) => Failure::usage(error.to_string()),
        error => Failure::usage(error.to_string()),
    })?;
    let (yardstick, mut costs) = match extras.costs {
        Some(effort) => measure(&plan.strategies, effort, &mut progress)?,
        None => (None, Vec::new()),
    };
    if let Some(yardstick) = &yardstick {
        // The quotients of the figures that stand beside each other in the report.
        for cost in &mut costs {
            cost.open_ratio = cost.open.median / yardstick.draw.median;
            cost.draw_ratio = cost.draw.median / yardstick.draw.median;
        }
    }
    let censuses = match extras.census {
        Some(units) => censuses(plan, units, &mut progress),
        None => Vec::new(),
    };
    progress.bar.finish_and_clear();
    let horizons = horizons(plan, &outcome.cells);
    Ok(Report {
        schema: SCHEMA,
        command: command.into(),
        arguments: crate::cli::host::arguments(),
        created_unix_ns: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| elapsed.as_nanos() as u64),
        machine: record::provenance::machine(),
        plan: Some(run::summary(plan)),
        verdict: outcome.standing.name().into(),
        findings: Vec::new(),
        cells: outcome.cells,
        yardstick,
        costs,
        false_alarm: outcome.false_alarm,
        exit_code: code(outcome.standing),
        horizons,
        censuses,
        trimmed: Vec::new(),
        problems: Vec::new(),
    })
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

/// Words that a stream is taken to draw where horizons are drawn.
const HORIZON_WORDS: f64 = 1e9;

/// How far each strategy carries, by its law or by what was measured, whichever ends it first.
fn horizons(plan: &Plan, cells: &[CellReport]) -> Vec<StrategyHorizon> {
    plan.strategies
        .iter()
        .filter_map(|id| strategies::find(id))
        .map(|strategy| StrategyHorizon {
            id: strategy.spec().id.to_owned(),
            words: HORIZON_WORDS,
            limits: {
                let id = strategy.spec().id;
                let of_law = horizon::horizon(
                    &Starts::of(strategy.spec()),
                    f64::from(plan.tasks),
                    HORIZON_WORDS,
                );
                cells
                    .iter()
                    .filter(|cell| cell.id == id)
                    .filter_map(measured)
                    .fold(of_law, earlier)
            },
        })
        .collect()
}

/// Of two horizons, what ends first at each risk.
fn earlier(a: Vec<Limit>, b: Vec<Limit>) -> Vec<Limit> {
    let first = |(a, b): (Limit, Limit)| if b.streams < a.streams { b } else { a };
    a.into_iter().zip(b).map(first).collect()
}

/// The horizon that a refuted row shows; `None` where nothing of its seeding was refuted.
fn measured(cell: &CellReport) -> Option<Vec<Limit>> {
    let CellOutcome::Judged(result) = &cell.outcome else {
        return None;
    };
    let refuted = result.judgement.findings.iter().any(|finding| {
        finding.severity == Severity::Error && finding.attribution != Attribution::Generator
    });
    if !refuted {
        return None;
    }
    let all = |ends| {
        let limit = |risk| Limit {
            risk,
            streams: 1.0,
            ends,
        };
        Some(horizon::RISKS.map(limit).to_vec())
    };
    let fresh = result
        .analysis
        .equality
        .iter()
        .find(|equality| equality.group == RunGroup::Fresh);
    match fresh {
        Some(equality) if !equality.repeated_runs.is_empty() => all(Ends::RunsRepeat),
        Some(equality) if equality.pairs() > 0 => {
            // As many pairs would be equal of seeds drawn from so many.
            let streams = equality.fresh_streams as f64;
            let bits = (streams * (streams - 1.0) / 2.0 / equality.pairs() as f64).log2();
            let starts = Starts {
                space: SeedSpace::Random { bits },
                cycle_bits: None,
            };
            let mut limits = horizon::horizon(&starts, streams, HORIZON_WORDS);
            for limit in &mut limits {
                limit.ends = Ends::StreamsEqual;
            }
            Some(limits)
        }
        _ => all(Ends::StreamsRelated),
    }
}

/// How many different streams each strategy starts.
fn censuses(plan: &Plan, units: NonZeroU32, progress: &mut Progress) -> Vec<StrategyCensus> {
    progress.bar.set_length(plan.strategies.len() as u64);
    progress.bar.set_position(0);
    let mut taken = Vec::new();
    for id in &plan.strategies {
        progress.say(&format!("census of {id}"));
        // A strategy that cannot start so many is a row without a census; its cell says why.
        if let Some(strategy) = strategies::find(id)
            && let Ok(census) = census::census(strategy, units, plan.root)
        {
            taken.push(StrategyCensus {
                id: id.clone(),
                census,
            });
        }
        progress.bar.inc(1);
    }
    taken
}

/// What each strategy costs here, beside a yardstick.
///
/// # Errors
/// When threads cannot be started.
pub fn costs_of(
    ids: &[String],
    effort: Effort,
    output: &Output,
) -> anyhow::Result<Vec<record::StrategyCost>> {
    let mut progress = Progress::new(ids.len(), None, output);
    let (_, costs) = measure(ids, effort, &mut progress)?;
    progress.bar.finish_and_clear();
    Ok(costs)
}

fn measure(
    ids: &[String],
    effort: Effort,
    progress: &mut Progress,
) -> anyhow::Result<(Option<record::Yardstick>, Vec<record::StrategyCost>)> {
    let mut stopwatch = Stopwatch::new(effort)?;
    let mut costs = Vec::new();
    progress.bar.set_length(ids.len() as u64);
    progress.bar.set_position(0);
    for id in ids {
        progress.say(&format!("cost of {id}"));
        // A strategy that cannot be prepared is a row without costs; its cell says why.
        if let Some(strategy) = strategies::find(id)
            && let Ok(cost) = stopwatch.strategy(strategy)
        {
            costs.push(cost);
        }
        progress.bar.inc(1);
    }
    Ok((stopwatch.yardstick(), costs))
}

const fn code(standing: Standing) -> u8 {
    match standing {
        Standing::AsDeclared => exit::OK,
        Standing::Inconclusive => exit::INCONCLUSIVE,
        Standing::CellFailed => exit::CELL_FAILED,
        Standing::NotAsDeclared => exit::UNSOUND,
    }
}

/// Progress on standard error, and the time budget.
struct Progress {
    bar: ProgressBar,
    deadline: Option<Instant>,
    verbose: bool,
}

impl Progress {
    fn new(cells: usize, budget: Option<Duration>, output: &Output) -> Self {
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

    fn say(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        if self.verbose {
            eprintln!("seedbench: {what}");
        }
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
            Event::Done { .. } => self.bar.inc(1),
            _ => {}
        }
    }

    fn out_of_time(&mut self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }
}
