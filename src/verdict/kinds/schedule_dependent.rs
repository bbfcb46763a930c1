//! Words that depend on the number of workers.

use crate::{
    results::FindingKind,
    strategies::Promise,
    verdict::{Case, Finding, Rule, Severity, cures, fixes, rule::no_more},
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::ScheduleDependent,
    title: "another number of workers gives other words",
    severity: Severity::Error,
    meaning: "With the same root, a task draws different words when the number of workers or the \
              order of tasks changes. Results differ between machines and cannot be compared.",
    causes: &[
        "the seed is the worker's index instead of the task's",
        "one generator a worker, shared by the tasks that happen to run there",
    ],
    fix: fixes::TASK_STREAM,
    references: &["https://github.com/rayon-rs/rayon/issues/954"],
    cure: cures::FROM_ROOT_AND_TASK,
    found,
    cause: no_more,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    RULE.broken_promise(
        case,
        Promise::ScheduleFree,
        |declared| declared.schedule_equal,
        "a launch with the same root on another number of workers drew different words",
    )
}
