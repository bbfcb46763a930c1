//! A whole run as one report: rows, what strategies cost, how many streams they start, how far they carry.

use std::num::NonZeroU32;

use super::{Event, Observer, RunError, horizons::horizons, run, summary};
use crate::{
    census,
    harness::{Backend, Effort, Stopwatch},
    plan::Plan,
    record::{Report, StrategyCensus, StrategyCost, Yardstick},
    strategies,
};

/// What a run does beside judging.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extras {
    /// Measure what the strategies cost, this finely.
    pub costs: Option<Effort>,
    /// Count the streams that so many independent seeds start.
    pub census: Option<NonZeroU32>,
}

/// Runs every cell of the plan and says all that was found as one report, its exit code included.
///
/// # Errors
/// As [`run`]; and when threads cannot be started to measure costs.
pub fn report(
    plan: &Plan,
    backends: &[&dyn Backend],
    extras: Extras,
    observer: &mut dyn Observer,
) -> Result<Report, RunError> {
    let outcome = run(plan, backends, observer)?;
    let mut report = Report::new("run", Vec::new());
    if let Some(effort) = extras.costs {
        (report.yardstick, report.costs) = costs(&plan.strategies, effort, observer)?;
    }
    if let Some(yardstick) = &report.yardstick {
        // The quotients of the figures that stand beside each other in the report.
        for cost in &mut report.costs {
            cost.open_ratio = cost.open.median / yardstick.draw.median;
            cost.draw_ratio = cost.draw.median / yardstick.draw.median;
        }
    }
    if let Some(units) = extras.census {
        report.censuses = censuses(plan, units, observer);
    }
    report.plan = Some(summary(plan));
    report.verdict = outcome.standing.name().into();
    report.exit_code = outcome.standing.exit_code();
    report.false_alarm = outcome.false_alarm;
    report.horizons = horizons(plan, &outcome.cells);
    report.cells = outcome.cells;
    Ok(report)
}

/// What each strategy costs here, beside a yardstick. One that cannot be prepared has no costs.
///
/// # Errors
/// When threads cannot be started.
pub fn costs(
    ids: &[String],
    effort: Effort,
    observer: &mut dyn Observer,
) -> Result<(Option<Yardstick>, Vec<StrategyCost>), RunError> {
    let mut stopwatch = Stopwatch::new(effort)?;
    let mut costs = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        observer.event(Event::Cost {
            index,
            of: ids.len(),
            strategy: id,
        });
        if let Some(strategy) = strategies::find(id)
            && let Ok(cost) = stopwatch.strategy(strategy)
        {
            costs.push(cost);
        }
    }
    Ok((stopwatch.yardstick(), costs))
}

/// How many different streams each strategy starts. One that cannot start so many has no census.
fn censuses(plan: &Plan, units: NonZeroU32, observer: &mut dyn Observer) -> Vec<StrategyCensus> {
    let mut taken = Vec::new();
    for (index, id) in plan.strategies.iter().enumerate() {
        observer.event(Event::Census {
            index,
            of: plan.strategies.len(),
            strategy: id,
        });
        if let Some(strategy) = strategies::find(id)
            && let Ok(census) = census::census(strategy, units, plan.root)
        {
            taken.push(StrategyCensus {
                id: id.clone(),
                census,
            });
        }
    }
    taken
}
