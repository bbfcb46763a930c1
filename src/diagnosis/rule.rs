//! What a finding means in general.

use serde::Serialize;

use crate::judge::Severity;

/// A finding's stable id.
pub type RuleId = &'static str;

/// One entry of the catalogue.
#[derive(Debug, Serialize)]
pub struct Rule {
    /// The stable id.
    pub id: RuleId,
    /// What was found, in a line.
    pub title: &'static str,
    /// How grave it is unless circumstances say otherwise.
    pub severity: Severity,
    /// What it means for results that were computed with these numbers.
    pub meaning: &'static str,
    /// What usually causes it, likeliest first.
    pub causes: &'static [&'static str],
    /// How to fix it in Rust: code that compiles.
    pub fix_rust: &'static str,
    /// How to fix it in Python.
    pub fix_python: &'static str,
    /// Where it happened to others, and where it is explained.
    pub references: &'static [&'static str],
}
