//! An audit as one report.

use super::{Question, ReadAs};
use crate::{
    capture::Capture,
    record::{CellOutcome, CellReport, CellResult, Report, exit},
    verdict::{Finding, Severity, Verdict},
};

/// What is left out of a capture, or read in one of two ways, one line each.
#[doc(hidden)]
pub fn notes(capture: &Capture, question: Question, result: &CellResult) -> Vec<String> {
    let mut notes = capture.notes();
    let by_laws = |finding: &Finding| finding.test.is_some() && finding.severity == Severity::Error;
    let by_laws = result.judgement.findings.iter().any(by_laws);
    if by_laws && question.declared.read_as == ReadAs::Found && capture.is_drawn() {
        notes.push(
            "taken for raw draws, as binary words that fill their width and unlabelled lists of a pool are: \
             --as values if they are anything else"
                .to_owned(),
        );
    }
    notes
}

/// The report of an audit under a name. `problems` are what could not be read, one line each; the exit code
/// says of both which is graver.
pub fn report(name: &str, result: CellResult, problems: Vec<String>) -> Report {
    let verdict = match result.judgement.verdict {
        Verdict::Sound => exit::OK,
        Verdict::Unsound => exit::UNSOUND,
        Verdict::Inconclusive => exit::INCONCLUSIVE,
    };
    let mut report = Report::new("audit", Vec::new());
    report.exit_code = if problems.is_empty() {
        verdict
    } else {
        exit::gravest(verdict, exit::BAD_DATA)
    };
    report.verdict = result.judgement.verdict.name().into();
    report.findings.clone_from(&result.judgement.findings);
    report.false_alarm = result.judgement.false_alarm;
    report.problems = problems;
    report.cells = vec![CellReport::new(
        name,
        None,
        CellOutcome::Judged(Box::new(result)),
    )];
    report
}
