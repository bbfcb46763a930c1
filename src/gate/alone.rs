//! A report as a check of its own, without policy and baseline: what exports are rendered from.

use super::{
    Asked, Policy, RowRequest,
    baseline::{Limits, row_name},
    evaluate,
};
use crate::{
    record::{Check, ProblemKind, Report, RowStatus, exit},
    vocabulary::RootSeed,
};

/// Every row of a run or an audit as a check's row, shown at `place`, with the command that repeats all of
/// them. A suspect that does not fail the report fails no row.
pub fn alone(report: &Report, place: &str, replay: &str) -> Check {
    let policy = Policy::catalogue();
    let rows: Vec<RowRequest> = report
        .cells
        .iter()
        .map(|cell| RowRequest {
            name: row_name(cell),
            target: report.command.clone(),
            file: place.to_owned(),
            line: None,
            replay: replay.to_owned(),
        })
        .collect();
    let plan = report.plan.as_ref();
    let asked = Asked {
        policy: &policy,
        policy_file: None,
        profile: report.command.clone(),
        revision: None,
        root: plan.map_or(RootSeed::from_u64(0), |plan| plan.root),
        root_from: plan.map_or("there is none", |_| "of the run").to_owned(),
        known: rows.iter().map(|row| row.name.clone()).collect(),
        rows,
        speed: None,
    };
    let (mut check, _) = evaluate(report, &asked, None, |_| Limits::default());
    if report.exit_code == exit::OK {
        for row in &mut check.rows {
            if row.status == RowStatus::Inconclusive {
                row.status = RowStatus::Passed;
            }
        }
        for problem in &mut check.problems {
            if problem.kind == ProblemKind::Inconclusive {
                problem.kind = ProblemKind::Remark;
            }
        }
    }
    check
}
