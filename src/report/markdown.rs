//! A check, a run or an audit in Markdown, for step summaries and comments, and as annotations of a workflow's log.

use std::fmt::Write as _;

use super::{evidence, numbers, standing};
use crate::record::{CellOutcome, Check, Loudness, Problem, ProblemKind, Report};

/// The check as Markdown: the outcome, what changed, the problems with cause and cure, the rows.
pub fn render(report: &Report, check: &Check) -> String {
    let mut text = String::new();
    let mark = if report.exit_code == 0 { "✅" } else { "❌" };
    if report.command != "check" {
        alone(&mut text, report, mark);
        problems(&mut text, check);
        rows(&mut text, report);
        return text;
    }
    let _ = writeln!(
        text,
        "## {mark} seedbench check: {}\n\n\
         Profile `{}`, root `{}` ({}), exit code {}. \
         Chance that this check is a false alarm: at most {}.",
        check.summary(),
        check.profile,
        check.root,
        check.root_from,
        report.exit_code,
        numbers::probability(report.false_alarm),
    );
    match &check.baseline {
        Some(baseline) => {
            let since = baseline.revision.as_ref().map_or_else(
                || format!("by seedbench {}", baseline.seedbench),
                |revision| format!("at `{revision}`"),
            );
            let _ = writeln!(text, "Baseline `{}`, saved {since}.", baseline.path);
        }
        None => text.push_str("No baseline: nothing was compared.\n"),
    }
    if !check.second_stage.is_empty() {
        let _ = writeln!(
            text,
            "The second stage of the procedure ran for {}.",
            check.second_stage.join(", ")
        );
    }
    changes(&mut text, check);
    problems(&mut text, check);
    text
}

/// The heading of a run or an audit: what to use, or what was found, and how to see it again.
fn alone(text: &mut String, report: &Report, mark: &str) {
    let _ = writeln!(
        text,
        "## {mark} seedbench {}: {}\n",
        report.command,
        prose(&super::text::summary(report))
    );
    if let Some((advice, not)) = standing::advice(report) {
        let _ = writeln!(text, "{} {}\n", prose(&advice), prose(&not));
    }
    let _ = writeln!(
        text,
        "Exit code {}. Chance that anything here is a false alarm: at most {}.\n\n```sh\n{}\n```",
        report.exit_code,
        numbers::probability(report.false_alarm),
        evidence::replay(report)
    );
}

/// Every row of a run as a table; an audit has one row, which its heading has told.
fn rows(text: &mut String, report: &Report) {
    if report.plan.is_none() {
        return;
    }
    text.push_str("\n| strategy | backend | verdict | worth | findings |\n|---|---|---|---|---|\n");
    for row in &report.cells {
        let backend = row.backend.map_or("", |backend| backend.name());
        let (verdict, worth, findings) = match &row.outcome {
            CellOutcome::Judged(result) => {
                let judgement = &result.judgement;
                let mut ids: Vec<&str> = judgement
                    .findings
                    .iter()
                    .map(|finding| finding.rule.id())
                    .collect();
                ids.dedup();
                (
                    standing::standing(row, judgement).word(),
                    format!(
                        "{} of {}",
                        numbers::worth(judgement.effective_streams),
                        judgement.streams
                    ),
                    ids.join(", "),
                )
            }
            CellOutcome::Unsupported { reason, .. } => {
                ("unsupported", String::new(), reason.clone())
            }
            CellOutcome::Failed { error } => ("failed", String::new(), error.clone()),
        };
        let _ = writeln!(
            text,
            "| {} | {backend} | {verdict} | {worth} | {} |",
            cell(&row.id),
            cell(&findings)
        );
    }
}

fn problems(text: &mut String, check: &Check) {
    for problem in &check.problems {
        if problem.kind != ProblemKind::Remark {
            section(text, check, problem);
        }
    }
    remarks(text, check);
}

fn changes(text: &mut String, check: &Check) {
    if check.changes.is_empty() {
        return;
    }
    text.push_str("\n| row | what | was | is | |\n|---|---|---|---|---|\n");
    for change in &check.changes {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            cell(&change.row),
            cell(&change.what),
            cell(&change.was),
            cell(&change.is),
            if change.worse { "worse" } else { "" },
        );
    }
}

fn section(text: &mut String, check: &Check, problem: &Problem) {
    let _ = writeln!(
        text,
        "\n### {}: `{}`\n\n{}\n",
        problem.rule,
        problem.row,
        prose(&problem.message)
    );
    for (name, value) in [("Cause", &problem.cause), ("Cure", &problem.cure)] {
        if let Some(value) = value {
            let _ = writeln!(text, "**{name}.** {}\n", prose(value));
        }
    }
    if let Some(row) = check.row(&problem.row) {
        let _ = writeln!(text, "```sh\n{}\n```", row.replay);
    }
}

fn remarks(text: &mut String, check: &Check) {
    let remarks: Vec<&Problem> = check
        .problems
        .iter()
        .filter(|problem| problem.kind == ProblemKind::Remark)
        .collect();
    if remarks.is_empty() {
        return;
    }
    text.push_str("\n<details><summary>Tolerated and noted</summary>\n\n");
    for problem in remarks {
        let _ = write!(
            text,
            "- `{}` {}: {}",
            problem.row,
            problem.rule,
            prose(&problem.message)
        );
        if let Some(waiver) = &problem.waiver {
            let _ = write!(text, " — tolerated: {}", prose(&waiver.reason));
            if let Some(day) = &waiver.expires {
                let _ = write!(text, " (until {day})");
            }
        }
        text.push('\n');
    }
    text.push_str("\n</details>\n");
}

/// The check as workflow commands, one line a problem, which GitHub shows at the policy's lines.
pub fn annotations(check: &Check) -> String {
    let mut text = String::new();
    for problem in &check.problems {
        let command = match problem.loudness {
            Loudness::Error => "error",
            Loudness::Warning => "warning",
            Loudness::Note => continue,
        };
        let mut properties = String::new();
        if let Some(row) = check.row(&problem.row) {
            let _ = write!(properties, "file={},", property(&row.file));
            if let Some(line) = row.line {
                let _ = write!(properties, "line={line},");
            }
        }
        let _ = writeln!(
            text,
            "::{command} {properties}title={}::{}",
            property(&format!("seedbench: {}", problem.rule)),
            data(&problem.message),
        );
    }
    text
}

/// The value of a workflow command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The text of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Text in a table: no line breaks, no bars.
fn cell(text: &str) -> String {
    prose(text).replace('|', "\\|").replace('\n', " ")
}

/// Text that came from elsewhere: nothing in it is taken for Markdown or HTML.
fn prose(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '*' | '_' | '`' | '[' | ']' | '#' | '~' => {
                safe.push('\\');
                safe.push(character);
            }
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_text() {
        assert_eq!(cell("a|b\n<x>*"), "a\\|b &lt;x&gt;\\*");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
