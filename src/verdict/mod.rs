//! Turns results into a verdict, held against what the strategy declares.
//!
//! [`judge`] is a pure function of a [`Case`]: what joins and tests say, what is judged, and what was
//! fixed before data. It imports `vocabulary`, `math`, `results`, `strategies`, `statistics` and `analyze`.
//! Start with [`RULES`], the kinds of findings, one file each in `kinds`; `signature` reads patterns
//! that several of them share, `convict` turns test results into findings, and [`procedure`] states
//! and bounds the false alarms.

mod attribution;
mod bound;
mod case;
mod context;
mod convict;
mod cures;
mod declared;
mod excluded;
mod fixes;
mod folding;
mod judgement;
mod kinds;
#[doc(hidden)]
pub mod procedure;
mod rule;
mod signature;
#[cfg(test)]
mod tests;
pub(crate) mod words;

pub use case::{Demands, Expect};
pub use fixes::Fix;
pub use judgement::{AsDeclared, Attribution, Finding, Judgement, Severity, Verdict};
pub use kinds::{RULES, find};
pub use rule::Rule;

// The inner face, for this crate's own binary, benches and tests: it may change at any time.
#[doc(hidden)]
pub use self::{
    case::{Aim, Case, Declared},
    context::{Context, Diagnosis},
    excluded::{excluded, laws_excluded},
    judgement::{Measured, PromiseRow},
    kinds::rule,
    procedure::{
        Call, Policy, Suspicion, counted, first_stage, second_stage_tests, testable_again,
    },
};

/// Every finding of the case, gravest first, in the catalogue's order among equals.
fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.found)(case)).collect();
    if !folding::under_counters(&mut findings) {
        let tested = convict::findings(case);
        let declared = kinds::dead_seed_bits::declared(case, &tested);
        findings.extend(tested.into_iter().chain(declared));
    }
    folding::under_facts(case, &mut findings);
    folding::under_equal_streams(case, &mut findings);
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.rule));
    findings
}

/// Judges one cell or audit.
#[doc(hidden)]
pub fn judge(case: &Case<'_>) -> Judgement {
    let findings = findings(case);
    let refuted = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    let needs = if refuted { None } else { bound::needs(case) };
    let suspect = findings
        .iter()
        .any(|finding| finding.severity == Severity::Suspect);
    let verdict = match (refuted, &needs) {
        (true, _) => Verdict::Unsound,
        (false, None) if !suspect => Verdict::Sound,
        (false, _) => Verdict::Inconclusive,
    };
    let (promises, as_declared) = match &case.aim {
        Aim::Strategy(declared) => {
            let promises = declared::promises(declared, case.analysis, &findings, &case.context);
            let as_declared =
                declared::as_declared(declared, case.analysis, verdict, &findings, &promises);
            (promises, Some(as_declared))
        }
        Aim::Audit { .. } => (Vec::new(), None),
    };
    let (streams, effective_streams) = bound::streams(case);
    let levels = case.analysis.levels.len().max(1) as f64;
    Judgement {
        verdict,
        as_declared,
        findings,
        promises,
        streams,
        effective_streams,
        collision_probability: bound::collision_probability(case),
        bound: bound::bound(case),
        false_alarm: case.policy.false_alarm() + case.analysis.joins.chance * levels,
        second_stage: case.second.is_some(),
        needs,
    }
}
