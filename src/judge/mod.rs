//! Turns results into a verdict, held against what the strategy declares.
//!
//! [`judge`] is a pure function of a [`Case`]: what joins and tests say, what is judged, and what
//! was fixed before data. [`procedure`] states and bounds its false alarms.

mod bound;
mod case;
mod declared;
mod findings;
pub mod procedure;
#[cfg(test)]
mod tests;

pub use case::{Aim, Case, Declared, Demands, Expect};
pub use procedure::{
    Call, Policy, Suspicion, counted, first_stage, second_stage_tests, testable_again,
};

use serde::{Deserialize, Serialize};

use crate::{core::StreamId, results::Witness, strategies::Promise};

/// What the evidence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing refuted, for this many streams and words, at the stated risk.
    Sound,
    /// Refuted, with findings.
    Unsound,
    /// The run could not have seen a flaw of the size asked for, or nothing could be tested.
    Inconclusive,
}

impl Verdict {
    /// The word used in every report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Unsound => "unsound",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// Whether the verdict is the one the strategy declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AsDeclared {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The declared flaw shows only at a larger size.
    NotDecidable,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; changes nothing.
    Note,
    /// A flaw of the generator, or one that cannot be charged to seeding.
    Warning,
    /// Would refute the seeding if the values are draws: leaves the verdict open.
    Suspect,
    /// Refutes the seeding.
    Error,
}

/// Whose flaw it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attribution {
    /// The seeding's.
    Seeding,
    /// The generator's: it fails on the control too.
    Generator,
    /// The two cannot be told apart here.
    Unseparated,
    /// Neither's: of what was captured.
    Capture,
}

/// One thing that is wrong, or worth knowing, in words a practitioner understands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The stable finding id (`equal-streams`, `shifted-overlap` …), explained by `seedbench explain`.
    pub rule: String,
    /// How grave.
    pub severity: Severity,
    /// Whose flaw.
    pub attribution: Attribution,
    /// What was found, in one sentence with the numbers.
    pub message: String,
    /// Why it happens.
    pub cause: String,
    /// What to do.
    pub cure: String,
    /// The streams it speaks of; at most 64.
    pub streams: Vec<StreamId>,
    /// How many streams it speaks of.
    pub stream_count: u64,
    /// The concrete proof, where it is a copy.
    pub witness: Option<Witness>,
    /// The two-sided p-value after multiplicity, where it is a statistic.
    pub p: Option<f64>,
    /// The test, where it is a statistic.
    pub test: Option<String>,
}

/// Whether a promise held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measured {
    /// Nothing refutes it.
    Held,
    /// Refuted.
    Broken,
    /// Not measured by this plan.
    NotMeasured,
}

/// One cell of the matrix *promised × measured*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseRow {
    /// The promise.
    pub promise: Promise,
    /// Whether the strategy makes it on this backend.
    pub promised: bool,
    /// What was measured.
    pub measured: Measured,
}

/// The judgement of one cell or audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// What the evidence says.
    pub verdict: Verdict,
    /// Whether that is what the strategy declares; `None` in an audit.
    pub as_declared: Option<AsDeclared>,
    /// Gravest first.
    pub findings: Vec<Finding>,
    /// Promised × measured; empty in an audit.
    pub promises: Vec<PromiseRow>,
    /// Streams judged (of the largest run group).
    pub streams: u64,
    /// What they are worth: S² / Σm².
    pub effective_streams: f64,
    /// The probability that two of so many streams are one, at the measured or declared seed space.
    pub collision_probability: Option<f64>,
    /// What the run supports: e.g. seed bits certified at 95 %.
    pub bound: String,
    /// The probability that this whole judgement is a false alarm.
    pub false_alarm: f64,
    /// Whether a second stage ran.
    pub second_stage: bool,
    /// What size of run would decide, where the verdict is inconclusive.
    pub needs: Option<String>,
}

/// Judges one cell or audit.
pub fn judge(case: &Case<'_>) -> Judgement {
    let findings = findings::collect(case);
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
