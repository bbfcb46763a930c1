//! Words of single streams that are not uniform.

use crate::{
    results::FindingKind,
    verdict::{
        Rule, Severity, cures, fixes,
        rule::{no_more, nothing},
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::NonuniformWords,
    title: "the words of single streams are not uniform",
    severity: Severity::Warning,
    meaning: "Within streams some values or bits are commoner than others. That is the \
              generator's doing, not the seeding's: independently seeded streams show it too.",
    causes: &[
        "a weak generator, such as a congruential one with a power-of-two modulus (short periods in its low bits)",
        "numbers scaled or masked before they were recorded",
    ],
    fix: fixes::GOOD_GENERATOR,
    references: &["L'Ecuyer & Simard 2007, TestU01, doi:10.1145/1268776.1268777"],
    cure: cures::ANOTHER_GENERATOR,
    found: nothing,
    cause: no_more,
};
