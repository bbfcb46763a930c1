//! What is checked: strategies of the catalogue, a program, or a capture.

use std::{num::NonZeroU32, path::PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::PolicyError;

/// Something that is checked.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Target {
    name: Spanned<String>,
    #[serde(skip)]
    pub(super) line: usize,
    /// Strategies of the catalogue; `*` stands for any text.
    #[serde(default)]
    pub strategies: Vec<String>,
    /// Backends the strategies run on; all that exist here if left out.
    #[serde(default)]
    pub backends: Vec<String>,
    /// A program and its arguments, started once per worker and run.
    #[serde(default)]
    pub command: Vec<String>,
    /// The program starts its own workers; it is started once per run.
    #[serde(default)]
    pub pool: bool,
    /// A capture: a file or directory, relative to the policy file.
    pub capture: Option<PathBuf>,
    /// Workers of a command.
    pub workers: Option<u32>,
    /// Runs of a command.
    pub runs: Option<u32>,
    /// Numbers every worker of a command prints.
    pub words: Option<u32>,
    /// What is suspect: `warn` (it is said) or `fail` (the row is inconclusive).
    #[serde(default)]
    pub suspect: OnSuspect,
    /// What the numbers are: `draws` or `values`, where it is declared.
    #[serde(rename = "as")]
    pub read_as: Option<NumbersAre>,
    /// Two independent draws are never equal.
    #[serde(default)]
    pub continuous: bool,
    /// What all workers of a run have in common at the same places is told to them.
    #[serde(default)]
    pub shared_inputs: bool,
    /// Values that may be drawn as one.
    pub row: Option<NonZeroU32>,
    /// `distinct`, `fresh` or `identical`.
    #[serde(default)]
    pub expect: Expectation,
    /// Ask for evidence that so many workers are safe.
    pub for_workers: Option<u64>,
    /// Ask for evidence of so many bits of seed entropy.
    pub require_bits: Option<f64>,
    /// Groups of streams, by name, that must be identical.
    #[serde(default)]
    pub identical: Vec<Vec<String>>,
}

/// What suspects do to a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnSuspect {
    /// They are said.
    #[default]
    Warn,
    /// The row is inconclusive.
    Fail,
}

/// What numbers are declared to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumbersAre {
    /// Raw draws.
    Draws,
    /// Values of unknown law.
    Values,
}

/// What the streams of a program or capture should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// Streams of a run differ; runs may repeat each other.
    #[default]
    Distinct,
    /// Runs must differ too.
    Fresh,
    /// All streams of a run must be equal.
    Identical,
}

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// Strategies of the catalogue.
    Strategies,
    /// A program.
    Command,
    /// A capture.
    Capture,
}

/// What keys about numbers belong to.
const AUDITED: &str = "a `command` or `capture`";

impl Target {
    /// The name it has in reports and baselines.
    pub fn name(&self) -> &str {
        self.name.get_ref()
    }

    /// The line of the policy file that names it, from 1.
    pub const fn line(&self) -> usize {
        self.line
    }

    pub(super) fn name_starts_at(&self) -> usize {
        self.name.span().start
    }

    /// What the target is.
    ///
    /// # Errors
    /// When it is none of the three, or several, or has keys that do not belong to its kind.
    pub fn kind(&self) -> Result<TargetKind, PolicyError> {
        let kind = match (
            self.strategies.is_empty(),
            self.command.is_empty(),
            self.capture.is_none(),
        ) {
            (false, true, true) => TargetKind::Strategies,
            (true, false, true) => TargetKind::Command,
            (true, true, false) => TargetKind::Capture,
            _ => {
                return Err(
                    self.problem("give exactly one of `strategies`, `command` and `capture`")
                );
            }
        };
        match self.misplaced(kind) {
            Some((key, belongs)) => Err(self.problem(format!("`{key}` belongs to {belongs}"))),
            None => Ok(kind),
        }
    }

    /// A key that says nothing about a target of this kind, and the kind it belongs to.
    fn misplaced(&self, kind: TargetKind) -> Option<(&'static str, &'static str)> {
        let audited = kind != TargetKind::Strategies;
        let command = kind == TargetKind::Command;
        [
            (
                audited && !self.backends.is_empty(),
                "backends",
                "`strategies`",
            ),
            (!command && self.pool, "pool", "a `command`"),
            (!command && self.workers.is_some(), "workers", "a `command`"),
            (!command && self.runs.is_some(), "runs", "a `command`"),
            (!command && self.words.is_some(), "words", "a `command`"),
            (
                !audited && self.suspect != OnSuspect::Warn,
                "suspect",
                AUDITED,
            ),
            (!audited && self.read_as.is_some(), "as", AUDITED),
            (!audited && self.continuous, "continuous", AUDITED),
            (!audited && self.shared_inputs, "shared-inputs", AUDITED),
            (!audited && self.row.is_some(), "row", AUDITED),
            (
                !audited && self.expect != Expectation::Distinct,
                "expect",
                AUDITED,
            ),
            (
                !audited && self.for_workers.is_some(),
                "for-workers",
                AUDITED,
            ),
            (
                !audited && self.require_bits.is_some(),
                "require-bits",
                AUDITED,
            ),
            (!audited && !self.identical.is_empty(), "identical", AUDITED),
        ]
        .into_iter()
        .find(|(misplaced, ..)| *misplaced)
        .map(|(_, key, belongs)| (key, belongs))
    }

    /// An error about this target.
    pub fn problem(&self, problem: impl Into<String>) -> PolicyError {
        PolicyError::Target {
            name: self.name().into(),
            line: self.line,
            problem: problem.into(),
        }
    }
}
