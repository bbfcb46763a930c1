//! The report of a watch as text.

use std::fmt::Write as _;

use super::{Watched, finding::Finding};
use crate::verdict::{Severity, words::counted};

/// Findings that are told in full.
const TOLD: usize = 12;
/// Lines of what was not seen.
const UNSEEN: usize = 8;

/// The report as text; `verbose` leaves nothing out.
pub fn render(watched: &Watched, verbose: bool) -> String {
    let mut text = format!("seedbench watch: {}\n", watched.verdict.name());
    let mut line = |args: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{args}");
    };
    let most = if verbose { usize::MAX } else { TOLD };
    for finding in watched.findings.iter().take(most) {
        line(format_args!("  {}: {}", level(finding), finding.message));
        if finding.allowed {
            continue;
        }
        if finding.severity > Severity::Note || verbose {
            line(format_args!("    cause: {}", finding.cause));
            line(format_args!("    cure: {}", finding.cure));
        }
    }
    if watched.findings.len() > most {
        line(format_args!(
            "  and {} findings more (--verbose, --json FILE)",
            watched.findings.len() - most
        ));
    }
    line(format_args!(
        "  {} judged in {}{}{}",
        counted(watched.states, "state"),
        counted(watched.processes.len() as u64, "process"),
        if watched.runs > 1 {
            format!(" of the first of {} runs", watched.runs)
        } else {
            String::new()
        },
        watched.false_alarm.map_or(String::new(), |risk| format!(
            "; false alarm below {risk:.0e}"
        )),
    ));
    for (count, what) in [
        (watched.repeats, "began again within a thread"),
        (watched.short, "of too few words before a fork"),
        (
            watched.of_imports,
            "drawn by libraries while they were imported",
        ),
    ] {
        if count > 0 {
            line(format_args!("  not judged: {count} {what}"));
        }
    }
    if watched.entropy_calls > 0 {
        line(format_args!(
            "  {} of the operating system's generator at least",
            counted(watched.entropy_calls, "call")
        ));
    }
    for what in watched
        .unseen
        .iter()
        .take(if verbose { usize::MAX } else { UNSEEN })
    {
        line(format_args!("  not seen: {what}"));
    }
    if watched.unseen.len() > UNSEEN && !verbose {
        line(format_args!(
            "  not seen: {} more",
            watched.unseen.len() - UNSEEN
        ));
    }
    if let Some(needs) = &watched.needs {
        line(format_args!("  needs: {needs}"));
    }
    text
}

fn level(finding: &Finding) -> &'static str {
    match finding.severity {
        _ if finding.allowed => "allowed",
        Severity::Error => "error",
        Severity::Warning | Severity::Suspect => "warning",
        Severity::Note => "note",
    }
}

/// Findings as workflow commands, which a pull request shows on their lines.
pub fn annotations(watched: &Watched) -> String {
    let mut text = String::new();
    for finding in watched.findings.iter().filter(|finding| !finding.allowed) {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning | Severity::Suspect => "warning",
            Severity::Note => "notice",
        };
        let place = match (&finding.file, finding.line) {
            (Some(file), Some(line)) => {
                format!(
                    "file={},line={line},",
                    escaped(file).replace(',', "%2C").replace(':', "%3A")
                )
            }
            _ => String::new(),
        };
        let message = escaped(&format!("{}\ncure: {}", finding.message, finding.cure));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "::{command} {place}title=seedbench {}::{message}",
            finding.rule
        );
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
