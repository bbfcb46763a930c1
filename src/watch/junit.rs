//! The findings of a watch as JUnit XML: a case a line, and one for the program as a whole.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Watched;
use crate::verdict::{Severity, Verdict};

/// The watch as a test suite.
///
/// # Errors
/// When a text cannot be XML.
pub fn render(watched: &Watched) -> Result<Vec<u8>, quick_junit::SerializeError> {
    let mut suite = TestSuite::new("seedbench watch");
    suite.add_property(("command", watched.command.join(" ").as_str()));
    let mut status = match watched.verdict {
        Verdict::Sound | Verdict::Unsound => TestCaseStatus::success(),
        Verdict::Inconclusive => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if let Some(needs) = &watched.needs {
        status.set_message(needs.as_str());
    }
    let mut whole = TestCase::new("everything was seen", status);
    whole.set_classname("seedbench.watch");
    whole.set_system_out(watched.unseen.join("\n"));
    suite.add_test_case(whole);
    for finding in &watched.findings {
        let fails = finding.severity == Severity::Error && !finding.allowed;
        let mut status = if fails {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        } else {
            TestCaseStatus::success()
        };
        let told = format!(
            "{}\ncause: {}\ncure: {}\n",
            finding.message, finding.cause, finding.cure
        );
        if fails {
            status
                .set_type(finding.rule.as_str())
                .set_message(finding.message.as_str())
                .set_description(told.as_str());
        }
        let file = finding.file.as_deref().unwrap_or("?");
        let line = finding.line.unwrap_or(0);
        let mut case = TestCase::new(format!("{file}:{line} {}", finding.rule), status);
        case.set_classname("seedbench.watch");
        case.extra.insert("file".into(), file.into());
        case.extra.insert("line".into(), line.to_string().into());
        if !fails {
            case.set_system_out(told);
        }
        suite.add_test_case(case);
    }
    let mut report = Report::new("seedbench watch");
    report.add_test_suite(suite);
    let mut xml = Vec::new();
    report.serialize(&mut xml)?;
    Ok(xml)
}
