//! Findings with cause and cure.

use std::fmt::Write as _;

use super::layout::{Options, Paint, wrap_into};
use crate::verdict::{AsDeclared, Attribution, Finding, Severity};
use crate::{
    record::{CellOutcome, Report},
    report::{evidence, numbers, standing},
};

/// One finding and the rows that share it.
struct Shared<'a> {
    finding: &'a Finding,
    rows: Vec<String>,
}

/// Appends the findings. In an audit, all of them; in a run, rows that differ in nothing but their
/// name are told once. Of rows that are as declared, each kind is told once with its first example,
/// unless all is asked for.
pub(super) fn render(text: &mut String, report: &Report, options: Options) {
    let paint = Paint(options.color);
    let audit = report.cells.iter().all(|cell| cell.backend.is_none());
    let mut shared: Vec<Shared<'_>> = Vec::new();
    let mut declared: Vec<Shared<'_>> = Vec::new();
    for cell in &report.cells {
        let name = match cell.backend {
            Some(backend) => format!("{} on {backend}", cell.id),
            None => cell.id.clone(),
        };
        match &cell.outcome {
            // In a run, the table has said so.
            CellOutcome::Failed { error } if audit => {
                let line = format!("{name} could not run: {error}");
                text.push('\n');
                wrap_into(text, &line, "", "    ", options.width, |l| paint.bad(l));
            }
            CellOutcome::Unsupported { reason, instead } if options.verbose => {
                let line = format!("{name} is unsupported: {reason}; {instead}");
                text.push('\n');
                wrap_into(text, &line, "", "    ", options.width, |l| paint.dim(l));
            }
            CellOutcome::Failed { .. } | CellOutcome::Unsupported { .. } => {}
            CellOutcome::Judged(result) => {
                let judgement = &result.judgement;
                let wanted = judgement.as_declared != Some(AsDeclared::Yes) || options.verbose;
                for finding in &judgement.findings {
                    if finding.severity == Severity::Note && !(audit || options.verbose) {
                        continue;
                    }
                    if wanted {
                        add(&mut shared, finding, &name, same_cause);
                    } else {
                        add(&mut declared, finding, &name, same_rule);
                    }
                }
                if let Some(stage) = &result.second_stage {
                    text.push('\n');
                    let line = format!("{name}, second stage: {}", evidence::second_stage(stage));
                    wrap_into(text, &line, "", "    ", options.width, |l| paint.dim(l));
                }
                if let Some(needs) = judgement.needs.as_ref().filter(|_| wanted) {
                    text.push('\n');
                    let line = format!("{name} is {}; it needs {needs}", judgement.verdict.name());
                    wrap_into(text, &line, "", "    ", options.width, |l| paint.open(l));
                }
                if audit && !judgement.bound.is_empty() {
                    text.push('\n');
                    wrap_into(
                        text,
                        &judgement.bound,
                        "",
                        "    ",
                        options.width,
                        str::to_owned,
                    );
                }
            }
        }
    }
    for list in [&mut shared, &mut declared] {
        list.sort_by_key(|shared| std::cmp::Reverse(shared.finding.severity));
    }
    for shared in &shared {
        text.push('\n');
        one(text, shared, audit, options);
    }
    for known in &declared {
        text.push('\n');
        example(text, known, options);
    }
    if !declared.is_empty() {
        text.push('\n');
        let line = "these strategies declare what was found; every finding of every row: --verbose, or the page";
        wrap_into(text, line, "", "  ", options.width, |l| paint.dim(l));
    }
}

fn same_cause(a: &Finding, b: &Finding) -> bool {
    same_rule(a, b) && a.cause == b.cause && a.cure == b.cure
}

fn same_rule(a: &Finding, b: &Finding) -> bool {
    a.rule == b.rule
}

fn add<'a>(
    shared: &mut Vec<Shared<'a>>,
    finding: &'a Finding,
    row: &str,
    alike: fn(&Finding, &Finding) -> bool,
) {
    match shared
        .iter_mut()
        .find(|known| alike(known.finding, finding))
    {
        Some(known) => {
            if !known.rows.iter().any(|known| known == row) {
                known.rows.push(row.to_owned());
            }
        }
        None => shared.push(Shared {
            finding,
            rows: vec![row.to_owned()],
        }),
    }
}

/// A kind of finding that strategies declare of themselves: how many rows, and the first as example.
fn example(text: &mut String, known: &Shared<'_>, options: Options) {
    let paint = Paint(options.color);
    let finding = known.finding;
    let rows = match known.rows.len() {
        1 => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    };
    let head = format!(
        "{} in {rows}, as declared; {}:",
        finding.rule, known.rows[0]
    );
    wrap_into(text, &head, "", "    ", options.width, |l| paint.bold(l));
    explanation(text, finding, options, str::to_owned);
}

fn one(text: &mut String, shared: &Shared<'_>, audit: bool, options: Options) {
    let paint = Paint(options.color);
    let finding = shared.finding;
    let (tone, word): (fn(Paint, &str) -> String, _) = match finding.severity {
        Severity::Error => (Paint::bad, "error"),
        Severity::Warning => (Paint::open, "warning"),
        Severity::Suspect => (Paint::open, "suspect"),
        Severity::Note => (Paint::dim, "note"),
    };
    let mut head = format!("{word}[{}]", finding.rule);
    match finding.attribution {
        Attribution::Seeding | Attribution::Capture => {}
        Attribution::Generator => head.push_str(" (the generator's)"),
        Attribution::Unseparated => head.push_str(" (seeding or generator)"),
    }
    if !audit {
        let _ = write!(head, " {}", shared.rows.join(", "));
    }
    wrap_into(text, &head, "", "    ", options.width, |l| tone(paint, l));
    explanation(text, finding, options, |l| paint.bold(l));
    let line = format!("seedbench explain {}", finding.rule);
    wrap_into(text, &line, "  more:  ", "    ", options.width, |l| {
        paint.dim(l)
    });
}

/// What was found, its proof, its cause and its cure.
fn explanation(
    text: &mut String,
    finding: &Finding,
    options: Options,
    message: impl Fn(&str) -> String,
) {
    wrap_into(text, &finding.message, "  ", "  ", options.width, message);
    let mut line = |lead: &str, line: &str| {
        wrap_into(text, line, lead, "    ", options.width, str::to_owned);
    };
    if let Some(witness) = &finding.witness {
        line("  witness: ", &evidence::witness(witness));
    }
    if let Some(p) = finding.p {
        let test = finding.test.as_deref().unwrap_or("test");
        let p = numbers::p_equals(p);
        line("  measured: ", &format!("{test}, {p} after multiplicity"));
    }
    line("  cause: ", &finding.cause);
    line("  cure:  ", standing::cure(finding));
}
