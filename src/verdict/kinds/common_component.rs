//! A component that all streams share.

use crate::{
    results::FindingKind,
    verdict::{
        Rule, Severity, cures, fixes,
        rule::{no_more, nothing},
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::CommonComponent,
    title: "all streams share a component",
    severity: Severity::Error,
    meaning: "The sum over all streams at one position is not what independent streams give. Each \
              pair is hardly related, yet an average over tasks keeps the common part however many \
              tasks there are.",
    causes: &[
        "a component that is added or mixed into every stream (common random numbers), or state that all workers read: a table, a counter, one weak generator behind all streams",
        "streams built by adding a task's number to one shared sequence",
        "a few streams that are copies of each other, in part or with changes (see correlated-streams)",
    ],
    fix: fixes::KEYED_SEED,
    references: &[
        "L'Ecuyer, Munger, Oreshkin & Simard 2017, Random numbers for parallel computers, doi:10.1016/j.matcom.2016.05.005",
    ],
    cure: cures::KEYED,
    found: nothing,
    cause: no_more,
};
