//! What is said of one cell or audit: verdict, findings, promises.

use serde::{Deserialize, Serialize};

use super::Diagnosis;
use crate::{
    results::{FindingKind, Witness},
    strategies::Promise,
    vocabulary::StreamId,
};

/// What the evidence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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
#[non_exhaustive]
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
#[non_exhaustive]
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
#[non_exhaustive]
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
#[non_exhaustive]
pub struct Finding {
    /// Which kind it is, explained by `seedbench explain`.
    pub rule: FindingKind,
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
#[non_exhaustive]
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
#[non_exhaustive]
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

impl Judgement {
    /// A verdict alone, on so many different streams: nothing found, nothing promised.
    pub fn new(verdict: Verdict, streams: u64) -> Self {
        Self {
            verdict,
            as_declared: None,
            findings: Vec::new(),
            promises: Vec::new(),
            streams,
            effective_streams: streams as f64,
            collision_probability: None,
            bound: String::new(),
            false_alarm: 0.0,
            second_stage: false,
            needs: None,
        }
    }

    /// Whether the verdict is open only for what is suspect.
    pub const fn is_suspect(&self) -> bool {
        matches!(self.verdict, Verdict::Inconclusive) && self.needs.is_none()
    }
}

impl Finding {
    /// One without cause and cure, that names neither streams nor a proof yet.
    pub fn new(
        rule: FindingKind,
        severity: Severity,
        attribution: Attribution,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            severity,
            attribution,
            message: message.into(),
            cause: String::new(),
            cure: String::new(),
            streams: Vec::new(),
            stream_count: 0,
            witness: None,
            p: None,
            test: None,
        }
    }

    /// The same with all that a diagnosis says.
    pub(super) fn diagnosed(
        rule: FindingKind,
        severity: Severity,
        attribution: Attribution,
        diagnosis: Diagnosis,
    ) -> Self {
        Self {
            cause: diagnosis.cause,
            cure: diagnosis.cure,
            ..Self::new(rule, severity, attribution, diagnosis.message)
        }
    }
}
