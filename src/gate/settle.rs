//! A judged row as the policy sees it: findings at their levels, and what remains of the verdict.

use std::collections::{BTreeMap, BTreeSet};

use super::policy::{Level, Policy, Waiver};
use crate::{
    strategies::Promise,
    verdict::{AsDeclared, Finding, Judgement, Measured, Severity, Verdict},
};

/// A finding at the level that the policy gives it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Graded<'a> {
    pub finding: &'a Finding,
    /// After the policy.
    pub severity: Severity,
    /// The policy's entry, where there is one.
    pub waiver: Option<&'a Waiver>,
}

/// A judgement after the policy.
#[derive(Clone, Debug)]
pub(super) struct Settled<'a> {
    pub verdict: Verdict,
    pub as_declared: Option<AsDeclared>,
    pub held: BTreeSet<Promise>,
    /// Gravest first; findings at level `off` are left out.
    pub findings: Vec<Graded<'a>>,
    /// Whether it passes only because findings are tolerated.
    pub tolerated: bool,
}

/// Applies the policy's levels to a judgement.
///
/// What a strategy declares of itself needs no tolerance, so entries lower findings only where the
/// row would fail: in audits, and in rows that are not as declared.
pub(super) fn settle<'a>(
    judgement: &'a Judgement,
    target: &str,
    policy: &'a Policy,
) -> Settled<'a> {
    let declared = matches!(
        judgement.as_declared,
        Some(AsDeclared::Yes | AsDeclared::NotDecidable)
    );
    let mut findings = Vec::new();
    let (mut lowered, mut raised) = (false, false);
    for finding in &judgement.findings {
        let waiver = policy.waiver(finding.rule.id(), target);
        let severity = match waiver.map(|waiver| waiver.level) {
            Some(Level::Off) if !declared => {
                lowered |= finding.severity == Severity::Error;
                continue;
            }
            Some(Level::Warn) if !declared => {
                lowered |= finding.severity == Severity::Error;
                Severity::Warning
            }
            Some(Level::Error) => {
                raised |= finding.severity < Severity::Error;
                Severity::Error
            }
            _ => finding.severity,
        };
        findings.push(Graded {
            finding,
            severity,
            waiver,
        });
    }
    findings.sort_by_key(|graded| std::cmp::Reverse(graded.severity));
    let refuted = findings
        .iter()
        .any(|graded| graded.severity == Severity::Error);
    let tolerated = lowered && !refuted;
    let verdict = if tolerated {
        match &judgement.needs {
            Some(_) => Verdict::Inconclusive,
            None => Verdict::Sound,
        }
    } else if raised {
        Verdict::Unsound
    } else {
        judgement.verdict
    };
    let as_declared = judgement
        .as_declared
        .map(|declared| match (tolerated, raised) {
            (true, _) => AsDeclared::Yes,
            (false, true) => AsDeclared::No,
            (false, false) => declared,
        });
    let held = judgement
        .promises
        .iter()
        .filter(|row| {
            row.promised
                && (row.measured == Measured::Held
                    || (tolerated && row.measured == Measured::Broken))
        })
        .map(|row| row.promise)
        .collect();
    Settled {
        verdict,
        as_declared,
        held,
        findings,
        tolerated,
    }
}

impl Settled<'_> {
    /// The findings that count, by id, each at its gravest.
    pub fn by_rule(&self) -> BTreeMap<String, Severity> {
        let mut rules = BTreeMap::new();
        for graded in &self.findings {
            if graded.severity > Severity::Note {
                let gravest = rules
                    .entry(graded.finding.rule.to_string())
                    .or_insert(graded.severity);
                *gravest = graded.severity.max(*gravest);
            }
        }
        rules
    }
}
