//! Streams that are large and small together, or made of one another.

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
    kind: FindingKind::SuspectRanks,
    title: "streams are large and small together, or made of one another",
    severity: Severity::Suspect,
    meaning: "At each place the one stream stands among all others where the other does, or opposite, far \
              more often than chance allows if places are independent: by its value, by where that lies in the \
              stream's own range, or by its step from the value before. Or a stream is what two others \
              give by a sum, a difference, a product or an xor. How far places depend on one another is measured \
              and not known: so this is no proof.",
    causes: &[
        "one sequence of uniform numbers, turned into values by different laws, rounded or disturbed",
        "antithetic workers, by design",
        "a signal of their own that two workers follow",
        "a seed or a state that is the sum or the xor of two others",
    ],
    fix: fixes::CAPTURED_DRAWS,
    references: &["Janson 2004, doi:10.1002/rsa.20008"],
    cure: CURE,
    found,
    cause: no_more,
};

const CURE: &str = "record raw draws (--as draws), for which relations are tested by exact laws";

fn found(case: &Case<'_>) -> Vec<Finding> {
    suspects::strongest(case, FindingKind::SuspectRanks, diagnosis)
}

fn diagnosis(suspect: &Suspect, context: &Context<'_>) -> Option<Diagnosis> {
    let (names, strength) = (names(suspect, context), strength(suspect));
    let message = match &suspect.pattern {
        Pattern::Ranks { agreement, of } => format!(
            "{names} rank alike, {agreement} hundredths of what they could at {} places: {strength}",
            words::count(*of),
        ),
        Pattern::Combined { explained, of } => format!(
            "of {names} the first is made of the others, which explain {explained} hundredths of its ranks at {} \
             places: {strength}",
            words::count(*of),
        ),
        _ => return None,
    };
    let cause = "unsound if workers were to be independent; not if they are antithetic, or follow a signal, by design";
    Some(Diagnosis::new(message, cause, CURE))
}
