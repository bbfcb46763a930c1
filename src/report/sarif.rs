//! SARIF 2.1.0, for code scanning: one result a problem of a check.
//!
//! Source: OASIS 2020, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.

use serde_json::{Map, Value, json};

use crate::record::{Aspect, Check, Loudness, Problem, ProblemKind, Report};
use crate::verdict::{self, Severity};

pub(crate) const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The rules of the gate, beside the findings: id and what it means.
const GATE_RULES: &[(&str, &str)] = &[
    (
        Aspect::Verdict.rule(),
        "The verdict is worse than in the baseline.",
    ),
    (
        Aspect::AsDeclared.rule(),
        "The row is no longer what the strategy declares.",
    ),
    (
        Aspect::Claim.rule(),
        "The strategy claims less of itself than in the baseline.",
    ),
    (
        Aspect::Promise.rule(),
        "A promise that was made and held is not any more.",
    ),
    (
        Aspect::Finding.rule(),
        "There is a finding that the baseline does not have.",
    ),
    (
        Aspect::SeedEntropy.rule(),
        "Seeds carry fewer bits than in the baseline.",
    ),
    (
        Aspect::Horizon.rule(),
        "Fewer streams are safe than in the baseline.",
    ),
    (
        Aspect::Cost.rule(),
        "A draw costs more than in the baseline, as a ratio to the yardstick of the same run.",
    ),
    (
        Aspect::Row.rule(),
        "A row of the baseline is not checked any more.",
    ),
    (
        "not-as-declared",
        "The row is not what the strategy declares.",
    ),
    ("cell-failed", "The row could not run."),
    (
        "inconclusive",
        "The evidence that was asked for could not be had.",
    ),
    (
        "not-reached",
        "The time budget ended before the row could run.",
    ),
];

/// The check as a SARIF log.
///
/// Rule ids are finding ids and the gate's own; a result's location is the policy entry that asks for
/// the row, its fingerprint the row and the rule, so that a result keeps its identity when lines move.
pub fn render(report: &Report, check: &Check) -> Vec<u8> {
    let rules = rules();
    let results: Vec<Value> = check
        .problems
        .iter()
        .map(|problem| result(check, problem, &rules))
        .collect();
    let mut run = json!({
        "tool": { "driver": {
            "name": "seedbench",
            "version": report.machine.seedbench,
            "semanticVersion": report.machine.seedbench,
            "rules": rules.iter().map(|rule| &rule.1).collect::<Vec<_>>(),
        }},
        "columnKind": "utf16CodeUnits",
        "automationDetails": { "id": format!("seedbench/{}/", check.profile) },
        "invocations": [{
            // Findings are results, not a failure of the tool.
            "executionSuccessful": check
                .problems
                .iter()
                .all(|problem| problem.kind != ProblemKind::Failed),
            "exitCode": report.exit_code,
            "arguments": report.arguments,
        }],
        "properties": {
            "root": report.has_root().then_some(check.root),
            "rootFrom": check.root_from,
            "falseAlarm": report.false_alarm,
            "secondStage": check.second_stage,
        },
        "results": results,
    });
    if let Some(revision) = &check.revision {
        run["properties"]["revision"] = json!(revision);
    }
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] });
    let mut text = format!("{log:#}").into_bytes();
    text.push(b'\n');
    text
}

/// Every rule that a result can have, with its description, in a fixed order.
pub(crate) fn rules() -> Vec<(&'static str, Value)> {
    let findings = verdict::RULES.iter().map(|rule| {
        let level = match rule.severity {
            Severity::Note | Severity::Suspect => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let help = format!(
            "{}\n\nCauses:\n{}\n\nIn Rust:\n\n{}\n\nIn Python:\n\n{}\n",
            rule.meaning,
            rule.causes
                .iter()
                .map(|cause| format!("- {cause}\n"))
                .collect::<String>(),
            indented(rule.fix.rust),
            indented(rule.fix.python),
        );
        let described = json!({
            "id": rule.id(),
            "shortDescription": { "text": rule.title },
            "fullDescription": { "text": rule.meaning },
            "help": { "text": help, "markdown": help },
            "defaultConfiguration": { "level": level },
        });
        (rule.id(), described)
    });
    let gate = GATE_RULES.iter().map(|&(id, meaning)| {
        let described = json!({
            "id": id,
            "shortDescription": { "text": meaning },
            "fullDescription": { "text": meaning },
            "help": { "text": format!("{meaning} `seedbench check` compares with the committed baseline; \
                `seedbench check --save-baseline` accepts what it finds now.") },
            "defaultConfiguration": { "level": "error" },
        });
        (id, described)
    });
    findings.chain(gate).collect()
}

fn indented(code: &str) -> String {
    code.lines().map(|line| format!("    {line}\n")).collect()
}

fn result(check: &Check, problem: &Problem, rules: &[(&'static str, Value)]) -> Value {
    let level = match problem.loudness {
        Loudness::Error => "error",
        Loudness::Warning => "warning",
        Loudness::Note => "note",
    };
    let row = check.row(&problem.row);
    let mut text = problem.message.clone();
    for (name, value) in [
        ("Cause", problem.cause.as_deref()),
        ("Cure", problem.cure.as_deref()),
        ("Replay", row.map(|row| row.replay.as_str())),
    ] {
        if let Some(value) = value {
            text.push_str(&format!("\n{name}: {value}"));
        }
    }
    let mut result = Map::new();
    result.insert("ruleId".into(), json!(problem.rule));
    if let Some(index) = rules.iter().position(|(id, _)| *id == problem.rule) {
        result.insert("ruleIndex".into(), json!(index));
    }
    result.insert("level".into(), json!(level));
    result.insert("message".into(), json!({ "text": text }));
    result.insert("locations".into(), json!([location(check, problem)]));
    result.insert(
        "partialFingerprints".into(),
        json!({ "seedbenchRow/v1": format!("{}/{}", problem.row, problem.rule) }),
    );
    if let Some(is_new) = problem.is_new {
        let state = if is_new { "new" } else { "unchanged" };
        result.insert("baselineState".into(), json!(state));
    }
    if let Some(waiver) = &problem.waiver {
        let until = waiver
            .expires
            .as_ref()
            .map_or(String::new(), |day| format!(" (until {day})"));
        result.insert(
            "suppressions".into(),
            json!([{ "kind": "external", "justification": format!("{}{until}", waiver.reason) }]),
        );
    }
    Value::Object(result)
}

/// The policy entry that asks for the row; for a row that nothing asks for, the baseline.
fn location(check: &Check, problem: &Problem) -> Value {
    let row = check.row(&problem.row);
    let file = match (row, &check.baseline) {
        (Some(row), _) => row.file.as_str(),
        (None, Some(baseline)) => baseline.path.as_str(),
        (None, None) => "seedbench.toml",
    };
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": { "startLine": row.and_then(|row| row.line).unwrap_or(1) },
        },
        "logicalLocations": [{ "fullyQualifiedName": problem.row, "kind": "row" }],
    })
}

/// A path as a URI reference: `/` between parts, everything else that is special escaped.
pub(crate) fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    if path.starts_with('/') {
        uri.insert_str(0, "file://");
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("ci/seedbench.toml"), "ci/seedbench.toml");
        assert_eq!(uri("a b\\c%.toml"), "a%20b/c%25.toml");
        assert_eq!(uri("/tmp/x"), "file:///tmp/x");
    }

    #[test]
    fn rule_ids_are_unique() {
        let rules = rules();
        let ids: std::collections::BTreeSet<&str> = rules.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids.len(), rules.len());
    }
}
