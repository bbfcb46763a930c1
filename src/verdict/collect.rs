//! From joins, tests and promises to findings.

use super::{
    Case, Finding, Severity, convict,
    kinds::{RULES, dead_seed_bits},
};
use crate::results::{FindingKind, Reading};

/// What counters bring about: they are each other's copies plus a constant, and fail every test.
const OF_COUNTERS: [FindingKind; 4] = [
    FindingKind::DisguisedCopy,
    FindingKind::ShortPeriod,
    FindingKind::RepeatedWords,
    FindingKind::SuspectCopies,
];

/// Every finding of the case, gravest first, in the catalogue's order among equals.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.found)(case)).collect();
    let counters = findings
        .iter()
        .any(|found| found.rule == FindingKind::Counters && found.severity == Severity::Error);
    if counters {
        findings.retain(|found| !OF_COUNTERS.contains(&found.rule));
    } else {
        let tested = convict::findings(case);
        let declared = dead_seed_bits::declared(case, &tested);
        findings.extend(tested.into_iter().chain(declared));
    }
    // What is only suspected follows from what is proven of the same values.
    if matches!(case.analysis.reading, Some(Reading::Values { .. }))
        && findings
            .iter()
            .any(|found| found.severity == Severity::Error)
    {
        findings.retain(|found| found.severity != Severity::Suspect);
    }
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.rule));
    findings
}
