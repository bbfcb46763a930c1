//! From joins, tests and promises to findings.

mod copies;
mod counters;
mod equality;
mod promises;
mod recovered;
mod suspects;
mod tests;

use super::{Attribution, Case, Finding, Severity};
use crate::diagnosis::{self, Diagnosis};

/// How many streams a finding lists.
const MAX_STREAMS: usize = 64;

/// Every finding of the case, gravest first, in the catalogue's order among equals.
pub(super) fn collect(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = equality::findings(case);
    let copies = copies::findings(case);
    let counters = counters::finding(case);
    if counters
        .as_ref()
        .is_some_and(|found| found.severity == Severity::Error)
    {
        // Counters are each other's copies plus a constant, and fail every test: that is said already.
        findings.extend(
            copies
                .into_iter()
                .filter(|found| found.rule == "shifted-overlap"),
        );
    } else {
        findings.extend(copies);
        findings.extend(tests::findings(case));
    }
    findings.extend(counters);
    findings.extend(promises::findings(case));
    findings.extend(suspects::findings(case));
    let told_narrow = findings.iter().any(|found| found.rule == "narrow-seeds");
    findings.extend(recovered::findings(case, told_narrow));
    let order = |rule: &str| {
        diagnosis::RULES
            .iter()
            .position(|known| known.id == rule)
            .unwrap_or(usize::MAX)
    };
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), order(&finding.rule)));
    findings
}

/// A finding with no streams, witness or p-value yet.
fn finding(
    rule: &str,
    severity: Severity,
    attribution: Attribution,
    diagnosis: Diagnosis,
) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity,
        attribution,
        message: diagnosis.message,
        cause: diagnosis.cause,
        cure: diagnosis.cure,
        streams: Vec::new(),
        stream_count: 0,
        witness: None,
        p: None,
        test: None,
    }
}
