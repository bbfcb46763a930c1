//! Findings with cause and cure.

use std::fmt::Write as _;

use super::{
    super::{CellOutcome, Report, evidence, numbers},
    layout::{Options, Paint, wrap_into},
};
use crate::judge::{AsDeclared, Attribution, Finding, Severity};

/// One finding and the rows that share it.
struct Shared<'a> {
    finding: &'a Finding,
    rows: Vec<String>,
}

/// Appends the findings. In an audit, all of them; in a run, rows that differ in nothing but their
/// name are told once, and rows that are as declared only when all is asked for.
pub(super) fn render(text: &mut String, report: &Report, options: Options) {
    let paint = Paint(options.color);
    let audit = report.cells.iter().all(|cell| cell.backend.is_none());
    let mut shared: Vec<Shared<'_>> = Vec::new();
    let mut declared = 0;
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
                    if !wanted {
                        declared += 1;
                        continue;
                    }
                    add(&mut shared, finding, &name);
                }
                if let Some(needs) = judgement.needs.as_ref().filter(|_| wanted) {
                    text.push('\n');
                    let line = format!("{name} is {}: {needs}", judgement.verdict.name());
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
    shared.sort_by_key(|shared| std::cmp::Reverse(shared.finding.severity));
    for shared in &shared {
        text.push('\n');
        one(text, shared, audit, options);
    }
    if declared > 0 {
        text.push('\n');
        let line = format!(
            "{declared} findings are of strategies that declare them; see them with --verbose, or in the page"
        );
        wrap_into(text, &line, "", "  ", options.width, |l| paint.dim(l));
    }
}

fn add<'a>(shared: &mut Vec<Shared<'a>>, finding: &'a Finding, row: &str) {
    let alike = |other: &&mut Shared<'_>| {
        other.finding.rule == finding.rule
            && other.finding.cause == finding.cause
            && other.finding.cure == finding.cure
    };
    match shared.iter_mut().find(alike) {
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

fn one(text: &mut String, shared: &Shared<'_>, audit: bool, options: Options) {
    let paint = Paint(options.color);
    let finding = shared.finding;
    let (tone, word): (fn(Paint, &str) -> String, _) = match finding.severity {
        Severity::Error => (Paint::bad, "error"),
        Severity::Warning => (Paint::open, "warning"),
        Severity::Note => (Paint::dim, "note"),
    };
    let mut head = format!("{word}[{}]", finding.rule);
    match finding.attribution {
        Attribution::Seeding => {}
        Attribution::Generator => head.push_str(" (the generator's)"),
        Attribution::Unseparated => head.push_str(" (seeding or generator)"),
    }
    if !audit {
        let _ = write!(head, " {}", shared.rows.join(", "));
    }
    let body = "  ";
    wrap_into(text, &head, "", "    ", options.width, |l| tone(paint, l));
    wrap_into(text, &finding.message, body, body, options.width, |l| {
        paint.bold(l)
    });
    if let Some(witness) = &finding.witness {
        let line = evidence::witness(witness);
        wrap_into(
            text,
            &line,
            "  witness: ",
            "    ",
            options.width,
            str::to_owned,
        );
    }
    if let Some(p) = finding.p {
        let test = finding.test.as_deref().unwrap_or("test");
        let line = format!("{test}, p = {} after multiplicity", numbers::p_value(p));
        wrap_into(
            text,
            &line,
            "  measured: ",
            "    ",
            options.width,
            str::to_owned,
        );
    }
    wrap_into(
        text,
        &finding.cause,
        "  cause: ",
        "    ",
        options.width,
        str::to_owned,
    );
    wrap_into(
        text,
        &finding.cure,
        "  cure:  ",
        "    ",
        options.width,
        str::to_owned,
    );
    let line = format!("seedbench explain {}", finding.rule);
    wrap_into(text, &line, "  more:  ", "    ", options.width, |l| {
        paint.dim(l)
    });
}
