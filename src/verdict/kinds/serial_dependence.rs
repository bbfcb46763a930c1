//! Words of single streams that depend on each other.

use crate::{
    results::FindingKind,
    verdict::{
        Rule, Severity, cures, fixes,
        rule::{no_more, nothing},
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::SerialDependence,
    title: "successive words of single streams depend on each other",
    severity: Severity::Warning,
    meaning: "Within streams a word tells something about the next ones. That is the generator's \
              doing, not the seeding's: independently seeded streams show it too.",
    causes: &[
        "a weak generator: lattice structure, Hamming-weight dependencies, a short lag",
        "values that are smoothed, sorted or accumulated before they were recorded",
    ],
    fix: fixes::GOOD_GENERATOR,
    references: &[
        "Blackman & Vigna 2022, A new test for Hamming-weight dependencies, doi:10.1145/3527582",
    ],
    cure: cures::ANOTHER_GENERATOR,
    found: nothing,
    cause: no_more,
};
