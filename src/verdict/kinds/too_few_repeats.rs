//! Fewer equal words than chance gives.

use crate::{
    results::FindingKind,
    verdict::{
        Rule, Severity, cures, fixes,
        rule::{no_more, nothing},
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::TooFewRepeats,
    title: "fewer equal words than chance gives",
    severity: Severity::Warning,
    meaning: "Independent words of that width would have met more often: the values are dealt \
              without replacement, as by a counter or by a generator whose output is its state. \
              Estimates of collision or match probabilities will be wrong.",
    causes: &[
        "a generator whose state is no larger than its output (every value once a period)",
        "values that are numbered or shuffled instead of drawn",
    ],
    fix: fixes::GOOD_GENERATOR,
    references: &["Knuth, The Art of Computer Programming, vol. 2, section 3.3.2"],
    cure: cures::ANOTHER_GENERATOR,
    found: nothing,
    cause: no_more,
};
