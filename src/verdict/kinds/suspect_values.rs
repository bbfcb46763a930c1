//! Values that few streams hold in common more often than others.

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
    kind: FindingKind::SuspectValues,
    title: "few streams hold values in common more often than others",
    severity: Severity::Suspect,
    meaning: "First values are equal by run or by worker, or two streams hold values in common far more \
              often than other pairs do. If values are draws they were shared. How often values that are no \
              draws should meet is not known, only estimated from what was seen: so this is no proof.",
    causes: &[
        "a pool, cache or buffer that two workers draw from",
        "workers that share a data set, a setting or an input of their own",
        "a state that is inherited in part: a spare normal, a buffer of random bytes",
    ],
    fix: fixes::CAPTURED_DRAWS,
    references: &["Shafer, Shen, Vereshchagin & Vovk 2011, doi:10.1214/10-STS347"],
    cure: CURE,
    found,
    cause: no_more,
};

const CURE: &str =
    "say --continuous if two independent draws are never equal; or record raw draws (--as draws)";
const ONLY_DRAWS: &str =
    "say --continuous or --as draws if they are draws; or record only what each worker draws";

fn found(case: &Case<'_>) -> Vec<Finding> {
    suspects::strongest(case, FindingKind::SuspectValues, diagnosis)
}

fn diagnosis(suspect: &Suspect, context: &Context<'_>) -> Option<Diagnosis> {
    let names = names(suspect, context);
    let strength = strength(suspect);
    let counted = |values: &u64| words::counted(*values, "value");
    let of_a_law = "unsound if these are draws of a continuous law; not if workers draw from lists of their own";
    let (message, cause, cure) = match &suspect.pattern {
        Pattern::FirstValues { values } => (
            format!(
                "the first {} of streams are equal by run or by worker, as of {names}: {strength}",
                counted(values)
            ),
            "unsound if these are draws; not if a run or a worker's number decides them",
            ONLY_DRAWS,
        ),
        Pattern::ValuesInPlace { values, of } => (
            format!(
                "{names} have {} of {} in common at the same places, more than other pairs: {strength}",
                words::count(*values),
                counted(of)
            ),
            of_a_law,
            CURE,
        ),
        Pattern::Meetings { values, of, .. } => (
            format!(
                "{} of {} that two streams hold are held by few pairs, of {names}: {strength}",
                words::count(*values),
                counted(of)
            ),
            of_a_law,
            CURE,
        ),
        Pattern::Frequencies { agreement, of } => (
            format!(
                "{names} hold {} each as often as the other, {agreement} hundredths of what they could, and no \
                 other pair: {strength}",
                counted(of)
            ),
            "unsound if these are draws; not if workers draw from lists or by laws of their own",
            CURE,
        ),
        Pattern::SharedValues { values } => (
            format!(
                "{names} hold {} of full precision in common: {strength} if no two draws are equal",
                counted(values)
            ),
            of_a_law,
            CURE,
        ),
        _ => return None,
    };
    Some(Diagnosis::new(message, cause, cure))
}
