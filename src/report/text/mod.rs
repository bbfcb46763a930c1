//! What the terminal shows: one table, the findings with cause and cure, and where the report lies.

mod findings;
mod layout;
mod table;

use std::fmt::Write as _;

use super::{
    evidence, numbers, reach,
    standing::{self, RowStanding},
};
use crate::record::{CellOutcome, CellReport, Report};
use crate::verdict::{AsDeclared, Verdict};

use crate::harness::throughput::STEADY;
pub use layout::{Options, wrap};
use layout::{Paint, wrap_into};

/// The report as text for a terminal.
pub fn render(report: &Report, options: Options) -> String {
    let mut text = String::new();
    header(&mut text, report, options);
    if report.cells.iter().any(|cell| cell.backend.is_some()) || report.cells.len() > 1 {
        text.push_str(&table::render(report, options));
    }
    findings::render(&mut text, report, options);
    footer(&mut text, report, options);
    text
}

/// The line that says where the report lies, and how to open it.
pub fn location(dir: &str) -> String {
    format!("report: {dir}/index.html (the data: {dir}/report.json)\n")
}

fn header(text: &mut String, report: &Report, options: Options) {
    let paint = Paint(options.color);
    if let Some((advice, not)) = standing::advice(report) {
        let advice = format!("{advice} {not}");
        wrap_into(text, &advice, "", "  ", options.width, |line| {
            paint.bold(line)
        });
        text.push('\n');
    }
    let Some(plan) = &report.plan else {
        if report.command == "audit" {
            verdict(text, report, options);
        }
        return;
    };
    let roots = match plan.rooted.len() {
        0 => String::new(),
        n => format!(", {}", numbers::counted(n as u64, "given root")),
    };
    let line = format!(
        "{} plan: {}, {} × {}, {}{roots}; root {}",
        plan.name,
        numbers::counted(plan.workers.into(), "worker"),
        numbers::counted(plan.tasks.into(), "task"),
        numbers::counted(plan.words.into(), "word"),
        numbers::counted(plan.fresh_runs.into(), "fresh run"),
        plan.root
    );
    wrap_into(text, &line, "", "  ", options.width, |line| paint.dim(line));
    text.push('\n');
}

/// What was found, in one sentence.
fn verdict(text: &mut String, report: &Report, options: Options) {
    let paint = Paint(options.color);
    let line = format!("{}: {}", report.command, summary(report));
    wrap_into(text, &line, "", "  ", options.width, |line| {
        match report.exit_code {
            0 => paint.good(line),
            _ => paint.bad(line),
        }
    });
}

fn footer(text: &mut String, report: &Report, options: Options) {
    let paint = Paint(options.color);
    text.push('\n');
    if report.command != "audit" {
        verdict(text, report, options);
    }
    if let Some(line) = covers(report) {
        wrap_into(text, &line, "", "  ", options.width, str::to_owned);
    }
    for line in limits(report) {
        wrap_into(text, &line, "", "  ", options.width, |line| paint.dim(line));
    }
    let line = format!(
        "chance that anything here is a false alarm: at most {}; exit code {}",
        numbers::probability(report.false_alarm),
        report.exit_code
    );
    wrap_into(text, &line, "", "  ", options.width, |line| paint.dim(line));
    if let Some(busy) = busy(report) {
        wrap_into(text, &busy, "", "  ", options.width, |line| {
            paint.open(line)
        });
    }
    if report.plan.is_some() && report.command == "run" {
        let line = format!("again: {}", evidence::replay(report));
        wrap_into(text, &line, "", "  ", options.width, |line| paint.dim(line));
    }
    for problem in &report.problems {
        wrap_into(
            text,
            problem,
            "could not be read: ",
            "  ",
            options.width,
            |line| paint.bad(line),
        );
    }
    for note in &report.trimmed {
        wrap_into(text, note, "note: ", "  ", options.width, |line| {
            paint.dim(line)
        });
    }
}

/// What a sound verdict on a program covers, and how to ask for more.
pub(crate) fn covers(report: &Report) -> Option<String> {
    let [
        CellReport {
            backend: None,
            outcome: CellOutcome::Judged(result),
            ..
        },
    ] = report.cells.as_slice()
    else {
        return None;
    };
    if result.judgement.verdict != Verdict::Sound || result.judgement.streams < 2 {
        return None;
    }
    let words = result
        .analysis
        .joined_words
        .unwrap_or(result.analysis.words_per_stream);
    Some(format!(
        "sound covers what was drawn here: {} streams, {} of each. What only more workers, more runs or longer \
         streams show was not looked for: --for-workers 10000 says whether this run could tell for so many",
        numbers::count(result.judgement.streams),
        numbers::counted(words, "word")
    ))
}

/// What is said where the machine was too busy to measure costs.
pub(super) fn busy(report: &Report) -> Option<String> {
    let unsteady: Vec<&str> = report
        .costs
        .iter()
        .filter(|cost| !(cost.open.is_steady() && cost.draw.is_steady()))
        .map(|cost| cost.id.as_str())
        .collect();
    let first = unsteady.first()?;
    let more = match unsteady.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!(
        "The machine was busy: what {first}{more} costs varied by more than a factor of {STEADY} in three \
         attempts; measure again when it is idle"
    ))
}

/// What an audit of more than memory holds has not looked at.
fn limits(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for cell in &report.cells {
        if let CellOutcome::Judged(result) = &cell.outcome
            && let Some(limit) = reach::beyond_memory(&result.analysis)
        {
            lines.push(limit);
            lines.extend(reach::recall(&result.analysis));
        }
    }
    lines
}

/// The verdict of the whole report in a sentence.
pub(crate) fn summary(report: &Report) -> String {
    if let [only] = report.cells.as_slice()
        && only.backend.is_none()
        && let CellOutcome::Judged(result) = &only.outcome
    {
        let judgement = &result.judgement;
        let streams = numbers::count(judgement.streams);
        let read = if report.problems.is_empty() {
            ""
        } else {
            "not all of it could be read; the rest is "
        };
        let groups = &result.analysis.equality;
        let compared = groups.iter().any(|group| group.too_short < group.streams);
        return if compared || groups.is_empty() {
            let result = match standing::consequence(judgement) {
                Some(consequence) => format!(": {consequence}"),
                None => String::new(),
            };
            let are = if judgement.streams == 1 {
                "stream is"
            } else {
                "streams are"
            };
            format!(
                "{read}{} — {streams} {are} worth {}{result}",
                report.verdict,
                numbers::worth(judgement.effective_streams)
            )
        } else {
            let streams = if judgement.streams == 1 {
                "1 stream".to_owned()
            } else {
                format!("{streams} streams")
            };
            format!("{read}{} — {streams}", report.verdict)
        };
    }
    let mut counts = Counts::default();
    for cell in &report.cells {
        counts.add(cell);
    }
    let mut parts = Vec::new();
    let mut part = |count: u32, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    part(counts.sound, "sound");
    part(counts.weak, "with a weak generator");
    part(counts.unsound, "unsound");
    part(counts.inconclusive, "inconclusive");
    part(counts.unsupported, "unsupported");
    part(counts.failed, "failed");
    let mut line = format!(
        "{} — {}",
        report.verdict.replace('-', " "),
        parts.join(", ")
    );
    if counts.not_declared > 0 {
        let _ = write!(line, "; {} not as declared", counts.not_declared);
    }
    if counts.not_decidable > 0 {
        let _ = write!(
            line,
            "; of {} known to be broken at larger sizes, chance decides here",
            counts.not_decidable
        );
    }
    let disagree = report
        .censuses
        .iter()
        .filter(|row| row.census.entropy.is_some_and(|entropy| !entropy.agrees))
        .count();
    if disagree > 0 {
        let _ = write!(
            line,
            "; {disagree} whose seeds hold other entropy than declared"
        );
    }
    line
}

/// How many rows came out how.
#[derive(Default)]
struct Counts {
    sound: u32,
    weak: u32,
    unsound: u32,
    inconclusive: u32,
    unsupported: u32,
    failed: u32,
    not_declared: u32,
    not_decidable: u32,
}

impl Counts {
    fn add(&mut self, cell: &CellReport) {
        let judgement = match &cell.outcome {
            CellOutcome::Judged(result) => &result.judgement,
            CellOutcome::Unsupported { .. } => {
                self.unsupported += 1;
                return;
            }
            CellOutcome::Failed { .. } => {
                self.failed += 1;
                return;
            }
        };
        match standing::standing(cell, judgement) {
            RowStanding::Unsound => self.unsound += 1,
            RowStanding::Undecided => self.inconclusive += 1,
            RowStanding::WeakGenerator => self.weak += 1,
            _ => self.sound += 1,
        }
        match judgement.as_declared {
            Some(AsDeclared::No) => self.not_declared += 1,
            Some(AsDeclared::NotDecidable) => self.not_decidable += 1,
            Some(AsDeclared::Yes) | None => {}
        }
    }
}
