//! Ranks that must draw the same words and do not.

use crate::{
    results::{Dissent, Equality, FindingKind},
    verdict::{
        Aim, Attribution, Case, Context, Diagnosis, Expect, Finding, Rule, Severity, fixes,
        rule::no_more, words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::RanksDiffer,
    title: "ranks that must draw the same words do not",
    severity: Severity::Error,
    meaning: "Ranks that share a model or a tensor must draw alike (initial weights, dropout \
              masks, shuffles). Where they do not, replicas drift apart without an error.",
    causes: &[
        "the rank goes into the seed, or the seed is drawn on every rank",
        "one rank has drawn more numbers than the others before this point",
    ],
    fix: fixes::SAME_STREAM,
    references: &["https://github.com/QuEST-Kit/QuEST/issues/88"],
    cure: CURE,
    found,
    cause: no_more,
};

const CURE: &str =
    "send one root to every rank and leave the rank out of the seed where ranks must agree";

fn found(case: &Case<'_>) -> Vec<Finding> {
    let identical = matches!(
        case.aim,
        Aim::Audit {
            expect: Expect::Identical,
            ..
        }
    );
    let groups = case.analysis.equality.iter().filter(|_| identical);
    groups
        .filter_map(|equality| differing(case, equality))
        .collect()
}

fn differing(case: &Case<'_>, equality: &Equality) -> Option<Finding> {
    let dissent = equality
        .dissent
        .as_ref()
        .filter(|dissent| dissent.count > 0)?;
    let mut found = Finding::diagnosed(
        FindingKind::RanksDiffer,
        Severity::Error,
        Attribution::Seeding,
        diagnosis(equality, dissent, &case.context),
    );
    found.streams.clone_from(&dissent.streams);
    found.stream_count = dissent.count;
    Some(found)
}

/// Says which ranks differ where all were to be equal.
fn diagnosis(equality: &Equality, dissent: &Dissent, context: &Context<'_>) -> Diagnosis {
    Diagnosis {
        message: format!(
            "{} of {} differ from the commonest one of their run: {}",
            words::count(dissent.count),
            words::counted(equality.streams, "stream"),
            words::streams(&dissent.streams, dissent.count, context),
        ),
        cause: "the rank goes into the seed, the seed is drawn on every rank, or a rank has drawn \
                more numbers than the others before"
            .to_owned(),
        cure: CURE.to_owned(),
    }
}
