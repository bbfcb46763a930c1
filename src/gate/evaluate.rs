//! One report, one policy, one baseline: what fails, why, and how to see it again.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Baseline, Speed,
    baseline::{Limits, row_name},
    compare::{Comparison, compare},
    policy::{Level, OnSuspect, Policy, Waiver},
    settle::{Graded, Settled, settle},
};
use crate::{
    record::{
        Aspect, BaselineSummary, CellOutcome, CellReport, Change, Check, CheckedRow, Loudness,
        Problem, ProblemKind, Report, RowStatus, Tolerance,
    },
    verdict::{AsDeclared, Severity, Verdict},
    vocabulary::RootSeed,
};

/// A row that the policy asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRequest {
    /// `strategy @ backend`, or the name of an audited target.
    pub name: String,
    /// The target of the policy.
    pub target: String,
    /// The file that asks for it.
    pub file: String,
    /// The line in that file, from 1.
    pub line: Option<usize>,
    /// The command that replays this row alone.
    pub replay: String,
}

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// Its file.
    pub policy_file: Option<String>,
    /// The profile's name.
    pub profile: String,
    /// The revision that is checked.
    pub revision: Option<String>,
    /// The root of the check.
    pub root: RootSeed,
    /// Where the root comes from.
    pub root_from: String,
    /// Every row, in order.
    pub rows: Vec<RowRequest>,
    /// Every row that the policy names, whether it was asked for now or not. A row of the baseline
    /// that is not among them is lost.
    pub known: BTreeSet<String>,
    /// Whether speed counts.
    pub speed: Option<Speed>,
}

/// The baseline and where it was read.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// The baseline.
    pub baseline: &'a Baseline,
    /// Its file.
    pub path: &'a str,
}

/// Holds a report against what was asked for and, if there is one, a baseline. Rows that the report
/// lacks were not reached. Also returns the baseline that the report would leave.
pub fn evaluate(
    report: &Report,
    asked: &Asked<'_>,
    against: Option<Against<'_>>,
    limits: impl Fn(&str) -> Limits,
) -> (Check, Baseline) {
    let targets: BTreeMap<&str, &str> = asked
        .rows
        .iter()
        .map(|row| (row.name.as_str(), row.target.as_str()))
        .collect();
    let target = |name: &str| targets.get(name).copied().unwrap_or_default();
    let current = Baseline::of(report, asked.revision.clone(), asked.policy, target, limits);
    let cells: BTreeMap<String, &CellReport> = report
        .cells
        .iter()
        .map(|cell| (row_name(cell), cell))
        .collect();
    let comparison = against.map_or_else(Comparison::default, |against| {
        // A row that was asked for and has no result is a problem of its own, not a lost one.
        let lost = |name: &str| !asked.known.contains(name);
        compare(against.baseline, &current, asked.speed, lost)
    });

    let mut problems = Vec::new();
    let mut rows = Vec::new();
    let mut second_stage = Vec::new();
    for request in &asked.rows {
        let before = problems.len();
        let status = match cells.get(&request.name) {
            None => {
                problems.push(not_reached(&request.name));
                RowStatus::NotReached
            }
            Some(cell) => match &cell.outcome {
                CellOutcome::Unsupported { .. } => RowStatus::Unsupported,
                CellOutcome::Failed { error } => {
                    problems.push(failed(&request.name, error));
                    RowStatus::Errored
                }
                CellOutcome::Judged(result) => {
                    if result.judgement.second_stage {
                        second_stage.push(request.name.clone());
                    }
                    let settled = settle(&result.judgement, &request.target, asked.policy);
                    let needs = result.judgement.needs.as_deref();
                    let warns = asked.policy.on_suspect(&request.target) == OnSuspect::Warn;
                    let told = result.judgement.is_suspect() && warns;
                    judged(&request.name, &settled, (needs, told), &mut problems)
                }
            },
        };
        mark_new(&mut problems[before..], against);
        let changes = comparison
            .changes
            .iter()
            .filter(|change| change.worse && change.row == request.name)
            .filter(|change| !is_tolerated(change, &request.target, asked.policy));
        problems.extend(changes.map(|change| regression(change, asked.speed)));
        let fails = problems[before..]
            .iter()
            .any(|problem| matches!(problem.kind, ProblemKind::Unsound | ProblemKind::Regression));
        rows.push(CheckedRow {
            name: request.name.clone(),
            target: request.target.clone(),
            file: request.file.clone(),
            line: request.line,
            replay: request.replay.clone(),
            status: if fails { RowStatus::Failed } else { status },
        });
    }
    problems.extend(
        comparison
            .changes
            .iter()
            .filter(|change| change.aspect == Aspect::Row)
            .map(|change| regression(change, asked.speed)),
    );
    // Stable: rows keep their order within a kind.
    problems.sort_by_key(|problem| (problem.loudness, problem.kind));
    let check = Check {
        policy: asked.policy_file.clone(),
        profile: asked.profile.clone(),
        revision: asked.revision.clone(),
        root: asked.root,
        root_from: asked.root_from.clone(),
        baseline: against.map(|against| BaselineSummary {
            path: against.path.into(),
            revision: against.baseline.revision.clone(),
            seedbench: against.baseline.seedbench.clone(),
            rows: against.baseline.rows.len(),
        }),
        rows,
        changes: comparison.changes,
        new_rows: comparison.new,
        problems,
        second_stage,
    };
    (check, current)
}

/// Whether a change is a finding that the policy tolerates: it is told as such, and fails nothing.
fn is_tolerated(change: &Change, target: &str, policy: &Policy) -> bool {
    change.aspect == Aspect::Finding
        && change
            .what
            .rsplit(' ')
            .next()
            .and_then(|rule| policy.waiver(rule, target))
            .is_some_and(|waiver| waiver.level != Level::Error)
}

/// What a judged row has to say, and how it ended on its own: what it needs to be decided, and whether it is
/// open only for suspects that are told and fail nothing.
fn judged(
    row: &str,
    settled: &Settled<'_>,
    (needs, told): (Option<&str>, bool),
    problems: &mut Vec<Problem>,
) -> RowStatus {
    let refuted = match settled.as_declared {
        Some(declared) => declared == AsDeclared::No,
        None => settled.verdict == Verdict::Unsound,
    };
    let before = problems.len();
    for graded in &settled.findings {
        // What a strategy declares of itself is no news.
        if refuted || settled.tolerated || settled.as_declared.is_none() {
            problems.push(finding(row, graded, refuted));
        }
    }
    let convicted = problems[before..]
        .iter()
        .any(|problem| problem.kind == ProblemKind::Unsound);
    if refuted && !convicted {
        problems.push(Problem {
            rule: "not-as-declared".into(),
            message: format!(
                "{row} is {} and that is not what it declares: a promise broke, or a flaw that must \
                 show at this size does not",
                settled.verdict.name()
            ),
            cure: Some(
                "mend the strategy or the test that should have caught it; `seedbench explain` \
                 shows what it declares"
                    .into(),
            ),
            ..problem(row, ProblemKind::Unsound, Loudness::Error)
        });
    }
    if refuted {
        RowStatus::Failed
    } else if settled.as_declared.is_none() && settled.verdict == Verdict::Inconclusive && !told {
        problems.push(Problem {
            rule: "inconclusive".into(),
            message: format!(
                "{row} could not be decided{}",
                needs.map_or(String::new(), |needs| format!(": {needs}"))
            ),
            ..problem(row, ProblemKind::Inconclusive, Loudness::Warning)
        });
        RowStatus::Inconclusive
    } else if settled.tolerated {
        RowStatus::Tolerated
    } else {
        RowStatus::Passed
    }
}

fn finding(row: &str, graded: &Graded<'_>, refuted: bool) -> Problem {
    let finding = graded.finding;
    let (kind, loudness) = match graded.severity {
        Severity::Error if refuted => (ProblemKind::Unsound, Loudness::Error),
        Severity::Error | Severity::Warning => (ProblemKind::Remark, Loudness::Warning),
        Severity::Suspect | Severity::Note => (ProblemKind::Remark, Loudness::Note),
    };
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Problem {
        rule: finding.rule.to_string(),
        message: finding.message.clone(),
        cause: said(&finding.cause),
        cure: said(&finding.cure),
        waiver: graded
            .waiver
            .filter(|waiver| waiver.level != Level::Error)
            .map(tolerance),
        ..problem(row, kind, loudness)
    }
}

fn tolerance(waiver: &Waiver) -> Tolerance {
    Tolerance {
        reason: waiver.reason.clone(),
        expires: waiver.expires.map(|day| day.to_string()),
    }
}

fn regression(change: &Change, speed: Option<Speed>) -> Problem {
    let cure = match change.aspect {
        Aspect::Row => {
            "give it back, or save a new baseline with `seedbench check --save-baseline`".to_owned()
        }
        Aspect::Cost => format!(
            "make it faster, or raise slower-than ({})",
            speed.map_or(1.0, |speed| speed.slower_than)
        ),
        _ => "mend it, or accept it with `seedbench check --save-baseline`".to_owned(),
    };
    Problem {
        rule: change.aspect.rule().into(),
        message: format!(
            "{}: {} was {}, is {}",
            change.row, change.what, change.was, change.is
        ),
        cure: Some(cure),
        is_new: Some(true),
        ..problem(&change.row, ProblemKind::Regression, Loudness::Error)
    }
}

fn failed(row: &str, error: &str) -> Problem {
    Problem {
        rule: "cell-failed".into(),
        message: format!("{row} could not run: {error}"),
        ..problem(row, ProblemKind::Failed, Loudness::Error)
    }
}

fn not_reached(row: &str) -> Problem {
    Problem {
        rule: "not-reached".into(),
        message: format!("{row} was not reached within the time budget"),
        cure: Some("give a larger --time-budget, or a profile with fewer targets".into()),
        ..problem(row, ProblemKind::Inconclusive, Loudness::Warning)
    }
}

fn problem(row: &str, kind: ProblemKind, loudness: Loudness) -> Problem {
    Problem {
        rule: String::new(),
        kind,
        loudness,
        row: row.into(),
        message: String::new(),
        cause: None,
        cure: None,
        waiver: None,
        is_new: None,
    }
}

fn mark_new(problems: &mut [Problem], against: Option<Against<'_>>) {
    let Some(against) = against else { return };
    for problem in problems {
        let known = against
            .baseline
            .rows
            .iter()
            .find(|row| row.name == problem.row)
            .is_some_and(|row| row.findings.contains_key(&problem.rule));
        problem.is_new = Some(!known);
    }
}
