//! Values that all workers of a run have in common at the same places.

use crate::{
    results::{FindingKind, Pattern, Suspect},
    verdict::{
        Case, Context, Diagnosis, Finding, Rule, Severity, fixes,
        rule::no_more,
        signature::suspects::{self, strength},
        words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::SharedInputs,
    title: "all workers of a run have values in common at the same places",
    severity: Severity::Suspect,
    meaning: "At the same places all streams of a run agree, or many of them do and the others have values of their \
              own, or all follow one signal with noise of their own; elsewhere they differ. What is told to \
              all workers looks so (a start state, a schedule, weights, a run's number or its time), and so \
              does a seed that is used before each worker gets its own. `--shared-inputs` declares the one; \
              `--as draws` the other.",
    causes: &[
        "an input that all workers are given, printed among what they draw",
        "draws made before workers are told apart: a common seed first, one's own later",
        "a signal that all workers follow: prices, weather, a list of items; or one stream of draws beside their own",
        "a draw that is made once for all at every step, and replaced by some workers",
    ],
    fix: fixes::KEYED_SEED,
    references: &["Bahadur & Savage 1956, doi:10.1214/aoms/1177728077"],
    cure: CURE,
    found,
    cause: no_more,
};

const CURE: &str = "say --shared-inputs if they are inputs, --as draws if they are draws; or record only what each \
             worker draws";

fn found(case: &Case<'_>) -> Vec<Finding> {
    suspects::strongest(case, FindingKind::SharedInputs, diagnosis)
}

fn diagnosis(suspect: &Suspect, _: &Context<'_>) -> Option<Diagnosis> {
    let message = match &suspect.pattern {
        Pattern::CommonPlaces { values, of, places } => format!(
            "all streams of a run agree {places} ({} of {}): {}",
            words::count(*values),
            words::count(*of),
            strength(suspect)
        ),
        Pattern::PartlyCommon {
            values,
            of,
            holders,
            streams,
        } => format!(
            "at {} of {} places {} or more of {} streams of a run have one value, and the others values of \
             their own: {}",
            words::count(*values),
            words::count(*of),
            words::count(*holders),
            words::count(*streams),
            strength(suspect)
        ),
        Pattern::CommonSignal { agreement, of } => format!(
            "all streams of a run go up and down together at {} places, {agreement} hundredths of what they \
             could: {}",
            words::count(*of),
            strength(suspect)
        ),
        _ => return None,
    };
    let cause =
        "unsound if these values were drawn by each worker; not if they were told to all of them";
    Some(Diagnosis::new(message, cause, CURE))
}
