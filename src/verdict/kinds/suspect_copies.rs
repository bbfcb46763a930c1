//! Streams that share values, too few to prove that they were drawn once.

use crate::{
    results::{FindingKind, Pattern, Suspect},
    verdict::{
        Case, Context, Diagnosis, Finding, Rule, Severity, fixes,
        rule::no_more,
        signature::suspects::{self, names, strength},
        words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::SuspectCopies,
    title: "streams share values, too few to prove that they were drawn once",
    severity: Severity::Suspect,
    meaning: "Streams are equal, go up and down together, hold the same values in another order, or one holds a \
              run of another. If values are drawn one by one that is proof; \
              if rows of values are drawn whole from a list, or all workers read one sequence from places \
              of their own, it need not be. Nothing in one run of values of unknown law tells the two \
              apart, so that the verdict stays open until more runs, raw draws or a declaration decide.",
    causes: &[
        "workers that start from one seed, and print little",
        "one sequence of draws that workers turn into values by laws of their own, sort or shuffle",
        "rows of settings, cached results or starts that are chosen from a list",
        "a schedule or a data set that every worker reads from its own place",
    ],
    fix: fixes::CAPTURED_DRAWS,
    references: &["Csiszár 1998, The method of types, doi:10.1109/18.720546"],
    cure: CURE,
    found,
    cause: no_more,
};

/// Where rows of values may be drawn whole.
const CURE: &str = "say --row 1 if no list is drawn from, --continuous if two draws are never equal; or record longer \
             streams, more runs, or raw draws (--as draws)";
/// Where workers may read one sequence.
const FRESH_RUNS: &str = "record fresh runs (a sequence that is drawn changes from run to run), or raw draws (--as draws)";
const BY_LIST: &str =
    "unsound if values are drawn one by one; not if rows of values are drawn whole from a list";
const BY_PLACE: &str = "unsound if the sequence was drawn; not if it is a schedule or a signal that workers read from \
             places, or at scales, of their own";

fn found(case: &Case<'_>) -> Vec<Finding> {
    suspects::strongest(case, FindingKind::SuspectCopies, diagnosis)
}

fn diagnosis(suspect: &Suspect, context: &Context<'_>) -> Option<Diagnosis> {
    let names = names(suspect, context);
    let streams = words::counted(suspect.stream_count, "stream");
    let strength = strength(suspect);
    let counted = |values: &u64| words::counted(*values, "value");
    let (message, cause, cure) = match &suspect.pattern {
        Pattern::EqualStreams { values } => (
            format!(
                "{streams} of {} have an equal ({names}): {strength}",
                counted(values)
            ),
            BY_LIST,
            CURE,
        ),
        Pattern::SameOrder { values, all } => {
            let message = match all {
                true => format!(
                    "all streams of {} go up and down together ({names}): {strength}",
                    counted(values)
                ),
                false => format!(
                    "{streams} of {} go up and down together ({names}): {strength}",
                    counted(values)
                ),
            };
            (message, BY_PLACE, FRESH_RUNS)
        }
        Pattern::SameContents { values } => (
            format!(
                "{streams} hold the same {} in another order ({names}): {strength}",
                counted(values)
            ),
            BY_LIST,
            FRESH_RUNS,
        ),
        Pattern::SharedRun { values, all: true } => (
            format!(
                "{streams} hold runs of one sequence, up to {} long ({names}): {strength}",
                counted(values)
            ),
            BY_PLACE,
            FRESH_RUNS,
        ),
        Pattern::InColumn {
            values,
            column,
            columns,
        } => (
            format!(
                "in column {} of {columns} {names} share {} in a row: {strength}",
                column + 1,
                counted(values)
            ),
            "unsound if this column is drawn; not if it is a setting that they are given",
            FRESH_RUNS,
        ),
        Pattern::SharedRun { values, .. } => (
            format!("{names} share {} in a row: {strength}", counted(values)),
            BY_LIST,
            CURE,
        ),
        _ => return None,
    };
    Some(Diagnosis::new(message, cause, cure))
}
