//! An audit as one report.

use crate::{
    record::{CellOutcome, CellReport, CellResult, Report, exit},
    verdict::Verdict,
};

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
