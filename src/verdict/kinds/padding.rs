//! What was left out around the draws.

use crate::{
    results::{FindingKind, Padding},
    verdict::{
        Attribution, Case, Context, Diagnosis, Finding, Rule, Severity, fixes, rule::no_more, words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::Padding,
    title: "elements around or among the draws that are none were left out",
    severity: Severity::Note,
    meaning: "Streams begin with the same plain value, or end in a run of it (0, or all bits set), where \
              a generator that is anywhere near uniform never gives it; or they begin with one number that \
              is unlike any draw, or with their worker's number; or they are rows, and at the same places \
              of every row stand an index, a time, a label or what ends a record: values that stay, count \
              or go one way. Such elements are no draws and say nothing of the seeding, so that \
              everything else is judged without them.",
    causes: &[
        "a header, a count or an initial value was captured with the draws",
        "rows were captured with their index, time or worker",
        "arrays of one length hold fewer draws than they have room for",
        "a generator that is stuck: seeded with an all-zero state, or run into one",
    ],
    fix_rust: fixes::CAPTURED_DRAWS.rust,
    fix_python: fixes::CAPTURED_DRAWS.python,
    references: &[
        "Blackman & Vigna 2021, Scrambled linear pseudorandom number generators (all-zero states), doi:10.1145/3460772",
    ],
    cure: CURE,
    found: found,
    cause: no_more,
};

const CURE: &str = "capture the draws alone, as many as there are of each stream";

fn found(case: &Case<'_>) -> Vec<Finding> {
    let finding = |padding: &Padding| {
        let said = diagnosis(padding, &case.context);
        Finding {
            streams: padding.first.iter().map(|(stream, _)| *stream).collect(),
            stream_count: padding.padded,
            ..Finding::new(
                FindingKind::Padding,
                Severity::Note,
                Attribution::Capture,
                said,
            )
        }
    };
    case.analysis.padding.iter().map(finding).collect()
}

/// Says what was left out around the draws.
fn diagnosis(padding: &Padding, context: &Context<'_>) -> Diagnosis {
    let header = (padding.header > 0).then(|| {
        let elements = words::counted(padding.header, "element");
        format!("all streams begin with {elements} unlike a draw (a constant, a count or the worker's number)")
    });
    let ends = padding.first.map(|(stream, elements)| {
        format!(
            "{} in constants ({} in {})",
            words::counted_verb(padding.padded, "stream", "ends", "end"),
            context.name(stream),
            words::count(elements),
        )
    });
    let rows = padding.rows.as_ref().map(|rows| {
        let labels: Vec<String> = rows.labels.iter().take(8).map(u64::to_string).collect();
        let more = if rows.labels.len() > 8 { " …" } else { "" };
        format!(
            "streams are rows of {}, of which {} (from 0: {}{more}) only count, stay as they are or go one way",
            words::counted(rows.elements, "element"),
            words::count(rows.labels.len() as u64),
            labels.join(", "),
        )
    });
    let told: Vec<String> = header.into_iter().chain(ends).chain(rows).collect();
    Diagnosis {
        message: format!(
            "{}: no draws, so they were left out; tests count from the first draw",
            told.join(", and ")
        ),
        cause: "a header, an index or a label that was captured with the draws, room that was not \
                filled, or a generator that is stuck at an all-zero state"
            .to_owned(),
        cure: CURE.to_owned(),
    }
}
