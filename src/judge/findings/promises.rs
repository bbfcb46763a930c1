//! Findings about replay and scheduling.

use super::finding;
use crate::{
    diagnosis::{Diagnosis, find},
    judge::{Aim, Attribution, Case, Finding, Severity},
    strategies::Promise,
};

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let Aim::Strategy(declared) = case.aim else {
        return Vec::new();
    };
    [
        (
            "not-replayable",
            Promise::Replayable,
            declared.replay_equal,
            "two launches with the same root and plan drew different words",
        ),
        (
            "schedule-dependent",
            Promise::ScheduleFree,
            declared.schedule_equal,
            "a launch with the same root on another number of workers drew different words",
        ),
    ]
    .into_iter()
    .filter(|(_, promise, equal, _)| *equal == Some(false) && declared.promises.contains(*promise))
    .map(|(rule, _, _, message)| {
        let known = find(rule);
        finding(
            rule,
            Severity::Error,
            Attribution::Seeding,
            Diagnosis {
                message: message.to_owned(),
                cause: known
                    .and_then(|known| known.causes.first())
                    .map_or_else(String::new, |cause| (*cause).to_owned()),
                cure: "derive every task's stream from the root and the task's index alone"
                    .to_owned(),
            },
        )
    })
    .collect()
}
