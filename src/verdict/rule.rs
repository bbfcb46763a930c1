//! What a finding means in general.

use serde::Serialize;

use super::{Aim, Attribution, Case, Declared, Diagnosis, Finding, Fix, Severity};
use crate::{
    results::{FindingKind, TestResult},
    strategies::Promise,
};

/// What there is to say of one kind of finding, and how it is recognised.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// Which finding.
    #[serde(rename = "id")]
    pub kind: FindingKind,
    /// What was found, in a line.
    pub title: &'static str,
    /// How grave it is unless circumstances say otherwise.
    pub severity: Severity,
    /// What it means for results that were computed with these numbers.
    pub meaning: &'static str,
    /// What usually causes it, likeliest first.
    pub causes: &'static [&'static str],
    /// How to fix it.
    #[serde(flatten)]
    pub fix: Fix,
    /// Where it happened to others, and where it is explained.
    pub references: &'static [&'static str],
    /// What to do, in a sentence, where the evidence does not tell more.
    #[serde(skip)]
    pub(crate) cure: &'static str,
    /// What joins, counts and promises show of it.
    #[serde(skip)]
    pub(super) found: fn(&Case<'_>) -> Vec<Finding>,
    /// What a test that convicts of it tells of the cause, where that is more than the likeliest ones.
    #[serde(skip)]
    pub(super) cause: fn(&TestResult) -> Option<String>,
}

impl Rule {
    /// The stable id.
    pub fn id(&self) -> &'static str {
        self.kind.id()
    }

    /// That a strategy broke a promise, where launches showed that it does not hold.
    pub(super) fn broken_promise(
        &self,
        case: &Case<'_>,
        promise: Promise,
        holds: fn(&Declared<'_>) -> Option<bool>,
        message: &str,
    ) -> Vec<Finding> {
        let Aim::Strategy(declared) = &case.aim else {
            return Vec::new();
        };
        if holds(declared) != Some(false) || !declared.promises.contains(promise) {
            return Vec::new();
        }
        let said = Diagnosis {
            message: message.to_owned(),
            cause: self.first_cause(),
            cure: self.cure.to_owned(),
        };
        vec![Finding::diagnosed(
            self.kind,
            Severity::Error,
            Attribution::Seeding,
            said,
        )]
    }

    /// The likeliest cause.
    pub(super) fn first_cause(&self) -> String {
        self.causes.first().copied().unwrap_or_default().to_owned()
    }

    /// What may cause a finding that tells no more of its cause, likeliest first.
    pub(crate) fn likely_causes(&self) -> String {
        match self.causes {
            [one] => (*one).to_owned(),
            all => format!("likeliest first: {}", all.join("; or ")),
        }
    }
}

/// Of a kind that tests alone find.
pub(super) fn nothing(_: &Case<'_>) -> Vec<Finding> {
    Vec::new()
}

/// Of a kind of which tests tell no more than its likely causes.
pub(super) fn no_more(_: &TestResult) -> Option<String> {
    None
}
