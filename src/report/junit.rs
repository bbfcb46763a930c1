//! JUnit XML: one test case a row of a check.

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use crate::record::{Check, CheckedRow, Problem, ProblemKind, Report, RowStatus};

/// Why a check could not be put into XML.
#[derive(Debug, thiserror::Error)]
#[error("failed to put the check into JUnit XML")]
pub struct JunitError(#[source] quick_junit::SerializeError);

/// The check as JUnit XML: a suite a target, a case a row.
///
/// A failure's type is the rule id, its text has cause, cure and the command that replays the row.
/// Rows that pass only because a finding is tolerated pass, and their output says why.
///
/// # Errors
/// When the text cannot be XML.
pub fn render(report: &Report, check: &Check) -> Result<Vec<u8>, JunitError> {
    let mut suites = Suites::new(format!("seedbench {}", report.command));
    let mut targets: Vec<&str> = Vec::new();
    for row in &check.rows {
        if !targets.contains(&row.target.as_str()) {
            targets.push(&row.target);
        }
    }
    for target in targets {
        let mut suite = TestSuite::new(target);
        suite.add_property(("profile", check.profile.as_str()));
        if report.has_root() {
            suite.add_property(("root", check.root.to_string().as_str()));
        }
        suite.add_property(("false-alarm", format!("{:e}", report.false_alarm).as_str()));
        suite.add_property(("seedbench", report.machine.seedbench.as_str()));
        if let Some(revision) = &check.revision {
            suite.add_property(("revision", revision.as_str()));
        }
        let rows = check.rows.iter().filter(|row| row.target == target);
        suite.add_test_cases(rows.map(|row| case(check, row)));
        suites.add_test_suite(suite);
    }
    let lost: Vec<&Problem> = check
        .problems
        .iter()
        .filter(|problem| check.row(&problem.row).is_none())
        .collect();
    if !lost.is_empty() {
        let mut suite = TestSuite::new("baseline");
        for problem in lost {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type(problem.rule.as_str())
                .set_message(problem.message.as_str())
                .set_description(told(problem));
            let mut case = TestCase::new(problem.row.as_str(), status);
            case.set_classname("seedbench.baseline");
            suite.add_test_case(case);
        }
        suites.add_test_suite(suite);
    }
    let mut xml = Vec::new();
    suites.serialize(&mut xml).map_err(JunitError)?;
    Ok(xml)
}

fn case(check: &Check, row: &CheckedRow) -> TestCase {
    let problems: Vec<&Problem> = check.problems_of(&row.name).collect();
    let mut status = match row.status {
        RowStatus::Passed | RowStatus::Tolerated => TestCaseStatus::success(),
        RowStatus::Unsupported | RowStatus::NotReached => TestCaseStatus::skipped(),
        RowStatus::Failed | RowStatus::Inconclusive => {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        }
        RowStatus::Errored => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    let grave = |problem: &&&Problem| problem.kind != ProblemKind::Remark;
    if let Some(first) = problems.iter().find(grave) {
        let mut text: String = problems
            .iter()
            .filter(grave)
            .map(|problem| told(problem))
            .collect();
        text.push_str(&format!("replay: {}\n", row.replay));
        status
            .set_type(first.rule.as_str())
            .set_message(first.message.as_str())
            .set_description(text);
    } else if row.status == RowStatus::Unsupported {
        status.set_message("this makes no sense on this machine");
    }
    let remarks: String = problems
        .iter()
        .filter(|problem| problem.kind == ProblemKind::Remark)
        .map(|problem| told(problem))
        .collect();
    let mut case = TestCase::new(row.name.as_str(), status);
    case.set_classname(format!("seedbench.{}", row.target));
    case.extra.insert("file".into(), row.file.as_str().into());
    if let Some(line) = row.line {
        case.extra.insert("line".into(), line.to_string().into());
    }
    if !remarks.is_empty() {
        case.set_system_out(remarks);
    }
    case
}

fn told(problem: &Problem) -> String {
    let mut text = format!("{}: {}\n", problem.rule, problem.message);
    for (name, value) in [("cause", &problem.cause), ("cure", &problem.cure)] {
        if let Some(value) = value {
            text.push_str(&format!("{name}: {value}\n"));
        }
    }
    if let Some(waiver) = &problem.waiver {
        let until = waiver
            .expires
            .as_ref()
            .map_or(String::new(), |day| format!(", until {day}"));
        text.push_str(&format!("tolerated: {}{until}\n", waiver.reason));
    }
    text
}
