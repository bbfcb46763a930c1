//! A check on the terminal: what changed, every problem with its replay, and the outcome.

use std::fmt::Write as _;

use super::numbers;
use crate::record::{Change, Check, Loudness, Problem, ProblemKind, Report};

/// How a check is printed.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckStyle {
    /// Colours.
    pub color: bool,
    /// Also every remark, and every row that passed.
    pub verbose: bool,
}

/// The check as text.
pub fn render(report: &Report, check: &Check, style: CheckStyle) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "check: profile {}, {}, root {} ({})",
        check.profile,
        numbers::counted(check.rows.len() as u64, "row"),
        check.root,
        check.root_from
    );
    match &check.policy {
        Some(policy) => {
            let _ = writeln!(text, "policy: {policy}");
        }
        None => text.push_str("policy: none, so the whole catalogue\n"),
    }
    match &check.baseline {
        Some(baseline) => {
            let _ = writeln!(text, "baseline: {}, {}", baseline.path, since(check));
        }
        None => text.push_str("baseline: none\n"),
    }
    if !check.changes.is_empty() {
        text.push('\n');
        text.push_str(&changes(&check.changes, &since(check)));
    }
    let mut remarks = 0;
    for problem in &check.problems {
        if problem.kind == ProblemKind::Remark && problem.waiver.is_none() && !style.verbose {
            remarks += 1;
            continue;
        }
        text.push('\n');
        told(&mut text, check, problem, style);
    }
    if style.verbose {
        text.push('\n');
        for row in &check.rows {
            let _ = writeln!(text, "  {:<14} {}", status(row.status), row.name);
        }
    }
    text.push('\n');
    if remarks > 0 {
        let _ = writeln!(
            text,
            "{} without effect, printed with --verbose",
            numbers::counted(remarks, "remark")
        );
    }
    if !check.second_stage.is_empty() {
        let _ = writeln!(
            text,
            "second stage (fresh evidence from an independent root, part of the procedure): {}",
            check.second_stage.join(", ")
        );
    }
    if !check.new_rows.is_empty() {
        let _ = writeln!(
            text,
            "not in the baseline: {}; --save-baseline adds what is missing",
            numbers::counted(check.new_rows.len() as u64, "row")
        );
    }
    let outcome = format!("check: {}", check.summary());
    let _ = writeln!(text, "{}", paint(style, report.exit_code == 0, &outcome));
    let _ = writeln!(
        text,
        "chance that this check is a false alarm: at most {}; exit code {}",
        numbers::probability(report.false_alarm),
        report.exit_code
    );
    text
}

fn since(check: &Check) -> String {
    check
        .baseline
        .as_ref()
        .map_or_else(String::new, |baseline| {
            baseline.revision.as_ref().map_or_else(
                || format!("saved by seedbench {}", baseline.seedbench),
                |revision| format!("saved at {revision}"),
            )
        })
}

/// The differences as a table: row, what, was, is, and since when.
pub fn changes(changes: &[Change], since: &str) -> String {
    let mut text = String::new();
    let width = |length: &dyn Fn(&Change) -> usize, least: usize| {
        changes.iter().map(length).max().unwrap_or(0).max(least)
    };
    let row = width(&|change| change.row.chars().count(), 3);
    let what = width(&|change| change.what.chars().count(), 4);
    let was = width(&|change| change.was.chars().count(), 3);
    let _ = writeln!(
        text,
        "       {:<row$}  {:<what$}  {:<was$}  is",
        "row", "what", "was"
    );
    for change in changes {
        let _ = writeln!(
            text,
            "{}  {:<row$}  {:<what$}  {:<was$}  {}",
            if change.worse { "worse" } else { "     " },
            change.row,
            change.what,
            change.was,
            change.is
        );
    }
    if !since.is_empty() {
        let _ = writeln!(text, "since the baseline {since}");
    }
    text
}

fn told(text: &mut String, check: &Check, problem: &Problem, style: CheckStyle) {
    let word = match problem.loudness {
        Loudness::Error => "FAIL",
        Loudness::Warning => "warn",
        Loudness::Note => "note",
    };
    let head = format!("{word} {}: {}", problem.row, problem.rule);
    let _ = writeln!(
        text,
        "{}",
        paint(style, problem.loudness != Loudness::Error, &head)
    );
    let _ = writeln!(text, "  {}", problem.message);
    for (name, value) in [("cause", &problem.cause), ("cure", &problem.cure)] {
        if let Some(value) = value {
            let _ = writeln!(text, "  {name}: {value}");
        }
    }
    if let Some(waiver) = &problem.waiver {
        let until = waiver
            .expires
            .as_ref()
            .map_or(String::new(), |day| format!(", until {day}"));
        let _ = writeln!(text, "  tolerated: {}{until}", waiver.reason);
    }
    if let (Some(row), true) = (check.row(&problem.row), problem.kind != ProblemKind::Remark) {
        let _ = writeln!(text, "  replay: {}", row.replay);
    }
}

const fn status(status: crate::record::RowStatus) -> &'static str {
    use crate::record::RowStatus as S;
    match status {
        S::Passed => "passed",
        S::Tolerated => "tolerated",
        S::Failed => "failed",
        S::Inconclusive => "inconclusive",
        S::Unsupported => "unsupported",
        S::Errored => "could not run",
        S::NotReached => "not reached",
    }
}

fn paint(style: CheckStyle, good: bool, line: &str) -> String {
    match (style.color, good) {
        (false, _) => line.to_owned(),
        (true, true) => line.to_owned(),
        (true, false) => format!("\u{1b}[1;31m{line}\u{1b}[0m"),
    }
}
