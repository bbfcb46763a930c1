//! With something left out that may be no draw, the streams would be unsound.

use crate::{
    results::{FindingKind, Pattern, Suspect},
    verdict::{
        Case, Context, Diagnosis, Finding, Rule, Severity, fixes, rule::no_more,
        signature::suspects,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::OtherReading,
    title: "with something left out that may be no draw, the streams would be unsound",
    severity: Severity::Suspect,
    meaning: "Some values look as if they were no draws: a header, labels in every row, values that are written \
              again until the next is drawn. As they stand the streams are not refuted; without these values they \
              are. Which of the two readings is meant only their owner can say.",
    causes: &[
        "labels, counts or clocks that are printed beside the draws",
        "values that are sampled more often than they are drawn",
        "draws that happen to look so",
    ],
    fix: fixes::CAPTURED_DRAWS,
    references: &["L'Ecuyer & Simard 2007, TestU01, doi:10.1145/1268776.1268777"],
    cure: CURE,
    found,
    cause: no_more,
};

const CURE: &str =
    "print draws alone, or say what is none of them (--skip, --labels with --row, --held)";

fn found(case: &Case<'_>) -> Vec<Finding> {
    suspects::strongest(case, FindingKind::OtherReading, diagnosis)
}

fn diagnosis(suspect: &Suspect, _: &Context<'_>) -> Option<Diagnosis> {
    let Pattern::LeftOut {
        finding,
        message,
        option,
    } = &suspect.pattern
    else {
        return None;
    };
    Some(Diagnosis {
        message: format!("with {option} they are unsound ({finding}: {message})"),
        cause: "a flaw, if what is left out is no draw".to_owned(),
        cure: format!("say {option} if that is no draw; --suspect warn if it is one"),
    })
}
