//! What a check adds to a report: every row's place in the policy, what changed since the baseline,
//! and every problem with its cure and the command that replays it.

use serde::{Deserialize, Serialize};

use super::Report;
use crate::vocabulary::RootSeed;

/// A check's whole result: the report, and what holding it against policy and baseline gave.
///
/// As JSON it is the report with one more key, `check`; readers of reports read it unchanged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The rows as they were judged.
    #[serde(flatten)]
    pub report: Report,
    /// What was made of them.
    pub check: Check,
}

/// A report held against a policy and a baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// The policy file, as it was given; `None` where there is none.
    pub policy: Option<String>,
    /// The profile.
    pub profile: String,
    /// The revision that was checked, where one is known.
    pub revision: Option<String>,
    /// The root everything not drawn from the system derives from.
    pub root: RootSeed,
    /// Where the root comes from, in words.
    pub root_from: String,
    /// What it was held against; `None` where there is no baseline.
    pub baseline: Option<BaselineSummary>,
    /// Every row that the policy names, in order.
    pub rows: Vec<CheckedRow>,
    /// Every difference to the baseline, what got worse first.
    pub changes: Vec<Change>,
    /// Rows that the baseline does not have.
    pub new_rows: Vec<String>,
    /// Everything that fails the check or is worth knowing, gravest first.
    pub problems: Vec<Problem>,
    /// Rows for which the second stage of the procedure ran.
    pub second_stage: Vec<String>,
}

/// Which baseline it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineSummary {
    /// The file.
    pub path: String,
    /// The revision it was saved at, where one is known.
    pub revision: Option<String>,
    /// seedbench's version when it was saved.
    pub seedbench: String,
    /// How many rows it has.
    pub rows: usize,
}

/// One row of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedRow {
    /// `strategy @ backend`, or the name of an audited target.
    pub name: String,
    /// The target of the policy.
    pub target: String,
    /// The file that asks for it, with `/` between its parts.
    pub file: String,
    /// The line in that file, from 1, where it is known.
    pub line: Option<usize>,
    /// The command that replays this row alone.
    pub replay: String,
    /// How it ended.
    pub status: RowStatus,
}

/// How a row ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowStatus {
    /// As declared, or sound, and no worse than the baseline.
    Passed,
    /// It passes only because the policy tolerates a finding.
    Tolerated,
    /// Not as declared, unsound, or worse than the baseline.
    Failed,
    /// The evidence asked for could not be had.
    Inconclusive,
    /// It makes no sense on this machine.
    Unsupported,
    /// It could not run.
    Errored,
    /// The time budget ended before it.
    NotReached,
}

/// What about a row can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// The verdict.
    Verdict,
    /// Whether it is the declared one.
    AsDeclared,
    /// What the strategy claims of itself.
    Claim,
    /// A promise that is made and held.
    Promise,
    /// A finding.
    Finding,
    /// Bits of seed entropy.
    SeedEntropy,
    /// The largest number of streams at a risk of one in a million.
    Horizon,
    /// Cost of a draw against the yardstick.
    Cost,
    /// The row itself.
    Row,
}

impl Aspect {
    /// The stable rule id of a regression in it.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Verdict => "verdict-worse",
            Self::AsDeclared => "no-longer-as-declared",
            Self::Claim => "claim-lowered",
            Self::Promise => "promise-lost",
            Self::Finding => "finding-new",
            Self::SeedEntropy => "seed-entropy-lower",
            Self::Horizon => "horizon-lower",
            Self::Cost => "slower",
            Self::Row => "row-lost",
        }
    }
}

/// One difference to the baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The row.
    pub row: String,
    /// What about it.
    pub aspect: Aspect,
    /// In words: `verdict`, `promise distinct`, `finding equal-streams` …
    pub what: String,
    /// In the baseline.
    pub was: String,
    /// Now.
    pub is: String,
    /// Whether it is worse.
    pub worse: bool,
}

/// Why something is listed, and so what it does to the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// Refuted, or not what is declared.
    Unsound,
    /// Worse than the baseline.
    Regression,
    /// Could not run.
    Failed,
    /// The evidence asked for could not be had.
    Inconclusive,
    /// Worth knowing; changes nothing.
    Remark,
}

/// How loudly a problem is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loudness {
    /// Fails the check.
    Error,
    /// Does not.
    Warning,
    /// Nor this.
    Note,
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// A finding id, or the rule id of a regression.
    pub rule: String,
    /// Why it is listed.
    pub kind: ProblemKind,
    /// How loudly.
    pub loudness: Loudness,
    /// The row.
    pub row: String,
    /// What is wrong, in one sentence with the numbers.
    pub message: String,
    /// Why it happens, where that is known.
    pub cause: Option<String>,
    /// What to do, where that is known.
    pub cure: Option<String>,
    /// The policy entry that tolerates it.
    pub waiver: Option<Tolerance>,
    /// Whether the baseline lacks it; `None` without a baseline.
    pub is_new: Option<bool>,
}

/// Why a finding is tolerated, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tolerance {
    /// The reason that the policy gives.
    pub reason: String,
    /// The last day, as in 2027-01-31.
    pub expires: Option<String>,
}

impl Check {
    /// The row with this name.
    pub fn row(&self, name: &str) -> Option<&CheckedRow> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The problems of a row, gravest first.
    pub fn problems_of<'a>(&'a self, row: &'a str) -> impl Iterator<Item = &'a Problem> {
        self.problems
            .iter()
            .filter(move |problem| problem.row == row)
    }

    /// How many rows ended so.
    pub fn count(&self, status: RowStatus) -> usize {
        self.rows.iter().filter(|row| row.status == status).count()
    }

    /// One line: how many rows ended how.
    pub fn summary(&self) -> String {
        let parts: Vec<String> = [
            (RowStatus::Failed, "failed"),
            (RowStatus::Errored, "could not run"),
            (RowStatus::Inconclusive, "inconclusive"),
            (RowStatus::NotReached, "not reached in time"),
            (RowStatus::Tolerated, "tolerated"),
            (RowStatus::Passed, "passed"),
            (RowStatus::Unsupported, "unsupported here"),
        ]
        .into_iter()
        .filter_map(|(status, words)| {
            let count = self.count(status);
            (count > 0).then(|| format!("{count} {words}"))
        })
        .collect();
        if parts.is_empty() {
            "no rows".into()
        } else {
            parts.join(", ")
        }
    }
}
