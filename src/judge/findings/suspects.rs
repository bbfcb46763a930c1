//! Findings that leave the verdict open.

use super::finding;
use crate::{
    diagnosis::{diagnose_suspect, suspect_rule},
    judge::{Attribution, Case, Finding, Severity},
};

/// One finding a rule: the strongest of its patterns.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for suspect in &case.analysis.suspects {
        let rule = suspect_rule(&suspect.pattern);
        if findings.iter().any(|known| known.rule == rule) {
            continue;
        }
        let diagnosis = diagnose_suspect(suspect, &case.context);
        findings.push(Finding {
            streams: suspect.streams.clone(),
            stream_count: suspect.stream_count,
            witness: suspect.witness.clone(),
            ..finding(rule, Severity::Suspect, Attribution::Unseparated, diagnosis)
        });
    }
    findings
}
