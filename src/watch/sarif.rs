//! The findings of a watch as SARIF 2.1.0: each on the line that draws.
//!
//! Source: OASIS 2020, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.

use serde_json::{Value, json};

use super::{Watched, finding::Finding, told};
use crate::{
    report::sarif::{SCHEMA, rules, uri},
    verdict::{Severity, Verdict},
};

/// The findings as a SARIF log; what is allowed is there as suppressed.
pub fn render(watched: &Watched) -> Vec<u8> {
    let rules: Vec<Value> = rules().into_iter().map(|(_, rule)| rule).collect();
    let results: Vec<Value> = watched
        .findings
        .iter()
        .map(|finding| result(finding, &rules))
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "seedbench",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "utf16CodeUnits",
            "automationDetails": { "id": "seedbench/watch/" },
            "invocations": [{
                "executionSuccessful": watched.verdict != Verdict::Inconclusive,
                "arguments": watched.command,
                "toolExecutionNotifications": watched.unseen.iter().map(|what| json!({
                    "level": "warning",
                    "message": { "text": format!("not seen: {what}") },
                })).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    });
    let mut text = format!("{log:#}").into_bytes();
    text.push(b'\n');
    text
}

fn result(finding: &Finding, rules: &[Value]) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning | Severity::Suspect => "warning",
        Severity::Note => "note",
    };
    let line = finding
        .line
        .map(|line| format!(":{line}"))
        .unwrap_or_default();
    let place = format!("{}{line}", finding.file.as_deref().unwrap_or("?"));
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level,
        "message": { "text": format!("{}\nCause: {}\nCure: {}", finding.message, finding.cause, finding.cure) },
        "partialFingerprints": {
            "seedbenchWatch/v1": format!("{}/{place}/{}", finding.rule, finding.related.join(",")),
        },
        "properties": { "streams": finding.streams, "processes": finding.processes },
    });
    if let Some(index) = rules
        .iter()
        .position(|rule| rule["id"] == finding.rule.as_str())
    {
        result["ruleIndex"] = json!(index);
    }
    if let (Some(file), Some(line)) = (&finding.file, finding.line) {
        result["locations"] = json!([location(file, line)]);
    }
    let related: Vec<Value> = finding
        .related
        .iter()
        .filter_map(|line| match told::split(line) {
            (Some(file), Some(line)) => Some(location(&file, line)),
            _ => None,
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if finding.allowed {
        result["suppressions"] =
            json!([{ "kind": "external", "justification": "allowed in seedbench.toml" }]);
    }
    result
}

fn location(file: &str, line: u32) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(file) },
        "region": { "startLine": line },
    }})
}
