//! What streams had in common came back in fresh runs, and only within them.

use crate::{
    results::{FindingKind, Pattern, Suspect},
    verdict::{
        Attribution, Case, Context, Diagnosis, Finding, Rule, Severity, fixes,
        rule::no_more,
        signature::suspects::{again, names},
        words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::ConfirmedSharing,
    title: "what streams had in common came back in fresh runs, and only within them",
    severity: Severity::Error,
    meaning: "A pattern of the first runs was named, with the workers that stood out, and fresh runs were made to look \
              for it. Workers of one run had it in common again, workers of different runs had not, and no \
              others had. If workers were independent copies of one program, it would have come up between \
              others as often: that it never did is counted exactly, whatever the law of the values and \
              however they depend on one another.",
    causes: &[
        "workers that inherit one state, or part of it, from the process that starts them",
        "workers that seed themselves from a clock that has not moved on",
        "a pool, cache or buffer of drawn values that workers of a run share",
    ],
    fix: fixes::TASK_STREAM,
    references: &[
        "Hemerik & Goeman 2018, Exact testing with random permutations, doi:10.1007/s11749-017-0571-1",
    ],
    cure: CURE,
    found,
    cause: no_more,
};

const CURE: &str = "give every worker a stream of its own, derived from one root and its number";

fn found(case: &Case<'_>) -> Vec<Finding> {
    // Equal streams are counted as such.
    let counted = case
        .analysis
        .equality
        .iter()
        .any(|equality| equality.pairs() > 0);
    let suspects = case.analysis.suspects.iter().filter(|_| !counted);
    let confirmed = suspects.filter(|suspect| suspect.is_confirmed());
    let strongest = confirmed.max_by(|x, y| bits(x).total_cmp(&bits(y)));
    strongest
        .map(|suspect| Finding {
            streams: suspect.streams.clone(),
            stream_count: suspect.stream_count,
            witness: suspect.witness.clone(),
            ..Finding::diagnosed(
                FindingKind::ConfirmedSharing,
                Severity::Error,
                Attribution::Seeding,
                diagnosis(suspect, &case.context),
            )
        })
        .into_iter()
        .collect()
}

fn bits(suspect: &Suspect) -> f64 {
    suspect.again.map_or(0.0, |again| again.bits)
}

fn diagnosis(suspect: &Suspect, context: &Context<'_>) -> Diagnosis {
    let names = names(suspect, context);
    let values = |count: u64| words::counted(count, "value");
    let what = match &suspect.pattern {
        Pattern::EqualStreams { .. } => "streams that are equal".to_owned(),
        Pattern::SameOrder { .. } => "streams that go up and down together".to_owned(),
        Pattern::SameContents { .. } => {
            "streams that hold the same values in another order".to_owned()
        }
        Pattern::SharedRun { values: count, .. } => {
            format!(
                "streams that share a run of values ({} at first)",
                values(*count)
            )
        }
        Pattern::InColumn { values: count, .. } => {
            format!(
                "streams that share a run of one column ({} at first)",
                values(*count)
            )
        }
        Pattern::Frequencies { .. } => {
            "streams that hold values as often as one another".to_owned()
        }
        Pattern::Ranks { .. } => "streams that are large and small together".to_owned(),
        Pattern::ValuesInPlace { values: count, .. }
        | Pattern::Meetings { values: count, .. }
        | Pattern::SharedValues { values: count } => {
            format!(
                "streams that hold values in common ({} at first)",
                values(*count)
            )
        }
        _ => "what was suspect".to_owned(),
    };
    Diagnosis {
        message: format!("{what}, as suspected of {names}: {}", again(suspect)),
        cause: RULE.likely_causes(),
        cure: CURE.to_owned(),
    }
}
