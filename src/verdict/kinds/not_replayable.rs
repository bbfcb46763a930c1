//! A run that cannot be repeated.

use crate::{
    results::FindingKind,
    strategies::Promise,
    verdict::{Case, Finding, Rule, Severity, cures, fixes, rule::no_more},
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::NotReplayable,
    title: "the same root gives other words",
    severity: Severity::Error,
    meaning: "A run started twice with one root draws different words, so that no result can be \
              reproduced from the recorded seed.",
    causes: &[
        "a task draws from the operating system, a clock or a process id as well as from the root",
        "workers draw from one shared generator in the order in which they happen to come",
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
        Promise::Replayable,
        |declared| declared.replay_equal,
        "two launches with the same root and plan drew different words",
    )
}
