//! Values of which tests of raw words would convict, and that may not be raw words.

use crate::{
    results::{FindingKind, Pattern, Suspect},
    verdict::{
        Case, Context, Diagnosis, Finding, Rule, Severity, fixes, rule::no_more,
        signature::suspects,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::UnearnedWords,
    title: "tests of raw words would convict, but the values may not be raw words",
    severity: Severity::Suspect,
    meaning: "The values look like words of a generator in their range and precision, and as such they \
              are unsound. But something about them is unlike independent uniform words, so that they may \
              be values made of draws, for which these tests have no law. A flaw of the generator or of \
              its seeding bends values too. `--as draws` says that each number is one raw draw.",
    causes: &[
        "numbers that are raw draws of a flawed generator, or of flawed seeds",
        "values that fill a range by construction: stratified, paired, sorted, resampled",
    ],
    fix: fixes::CAPTURED_DRAWS,
    references: &["L'Ecuyer & Simard 2007, TestU01, doi:10.1145/1268776.1268777"],
    cure: CURE,
    found,
    cause: no_more,
};

const CURE: &str =
    "say --as draws if each number is one raw draw, --as values if it is made of draws";

fn found(case: &Case<'_>) -> Vec<Finding> {
    suspects::strongest(case, FindingKind::UnearnedWords, diagnosis)
}

fn diagnosis(suspect: &Suspect, _: &Context<'_>) -> Option<Diagnosis> {
    let Pattern::Unearned {
        finding,
        message,
        why,
    } = &suspect.pattern
    else {
        return None;
    };
    let message = format!("as raw words they are unsound ({finding}: {message}); but {why}");
    Some(Diagnosis::new(
        message,
        "a flaw of raw draws, if each number is one",
        CURE,
    ))
}
