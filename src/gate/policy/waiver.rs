//! The level of a finding, with its reason and its last day.

use serde::{Deserialize, Serialize};

use super::Date;

/// The level of a finding, with the reason and the day it ends.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Waiver {
    /// The finding's id.
    pub rule: String,
    /// The target it is for; every target if left out.
    pub target: Option<String>,
    /// What the finding counts as.
    pub level: Level,
    /// Why. Printed with the finding.
    pub reason: String,
    /// The last day it holds.
    pub expires: Option<Date>,
}

/// What a finding counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Not shown.
    Off,
    /// Shown, and never fails the check.
    Warn,
    /// Fails the check.
    Error,
}
