//! Two streams that are large and small together.

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
    title: "two streams are large and small together",
    severity: Severity::Suspect,
    meaning: "At each place the one stream stands among all others where the other does, or opposite, far \
              more often than chance allows if places are independent: by its value, by where that lies in the \
              stream's own range, or by its step from the value before. How far places depend on one another is \
              measured and not known: so this is no proof.",
    causes: &[
        "one sequence of uniform numbers, turned into values by different laws, rounded or disturbed",
        "antithetic workers, by design",
        "a signal of their own that two workers follow",
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
    let Pattern::Ranks { agreement, of } = &suspect.pattern else {
        return None;
    };
    let message = format!(
        "{} rank alike, {agreement} hundredths of what they could at {} places: {}",
        names(suspect, context),
        words::count(*of),
        strength(suspect)
    );
    let cause = "unsound if workers were to be independent; not if they are antithetic, or follow a signal, by design";
    Some(Diagnosis::new(message, cause, CURE))
}
