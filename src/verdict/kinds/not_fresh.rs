//! Runs that should differ, as promised, and are equal.

use super::runs_repeat;
use crate::{
    results::FindingKind,
    verdict::{Case, Finding, Rule, Severity, cures, fixes, rule::no_more},
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::NotFresh,
    title: "runs that should differ are equal",
    severity: Severity::Error,
    meaning: "No root was given, the seeding promises a new start every time, and yet two runs \
              draw the same words.",
    causes: &[
        "a constant or default seed is used where the system's entropy was meant",
        "a clock that had not ticked, or a machine restored from a snapshot",
    ],
    fix: fixes::FRESH_ROOT,
    references: &["https://github.com/firecracker-microvm/firecracker/issues/2546"],
    cure: cures::ONE_ROOT,
    found,
    cause: no_more,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    runs_repeat::repeats_as(case, FindingKind::NotFresh)
}
