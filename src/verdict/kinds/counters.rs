//! Streams that count instead of drawing.

use crate::{
    results::{Counters, FindingKind},
    verdict::{
        Aim, Attribution, Case, Context, Diagnosis, Expect, Finding, Rule, Severity, fixes,
        rule::no_more, words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::Counters,
    title: "all streams count instead of drawing",
    severity: Severity::Error,
    meaning: "In every stream each word is the one before plus a constant. These are no random \
              numbers, whoever seeded them: nothing can be said of the seeding, and what is computed \
              with them is not random. Capture what the generator gives.",
    causes: &[
        "an index, an id, seeds or the counter of a counter-based generator were captured in place of its outputs",
        "a generator that only adds a constant (a Weyl sequence) without mixing its state",
        "values that were sorted and evenly spaced, or a field of the record that counts",
    ],
    fix: fixes::GOOD_GENERATOR,
    references: &["Widynski 2020, Squares: a fast counter-based RNG, arXiv:2004.06278"],
    cure: CURE,
    found,
    cause: no_more,
};

pub(super) const CAUSE: &str = "what was captured is not what a generator gave: an index, an id, the \
                                counter or the seeds of a counter-based generator, or a generator \
                                that only adds (a Weyl sequence)";
pub(super) const CURE: &str = "capture the words that tasks draw (the generator's outputs, before they \
                               are scaled or sorted); where only a counter is kept, capture what the \
                               generator makes of it";

/// An audit of streams that all count by one step is refuted whosever flaw it is: every one is
/// another's copy plus a constant. Where each has a step of its own, the generator only adds. Where
/// streams are to be equal, what they hold is not asked.
fn found(case: &Case<'_>) -> Vec<Finding> {
    let asked = matches!(
        case.aim,
        Aim::Audit {
            expect: Expect::Default | Expect::Fresh,
            ..
        }
    );
    let counters = case.analysis.counters.iter().filter(|_| asked);
    let finding = |counters: &Counters| {
        let (severity, attribution) = match counters.step {
            Some(_) if counters.streams > 1 => (Severity::Error, Attribution::Unseparated),
            _ => (Severity::Warning, Attribution::Generator),
        };
        let said = diagnosis(counters, &case.context);
        Finding {
            streams: vec![counters.first],
            stream_count: counters.streams,
            ..Finding::diagnosed(FindingKind::Counters, severity, attribution, said)
        }
    };
    counters.map(finding).collect()
}

/// Says that all streams are counters.
fn diagnosis(counters: &Counters, context: &Context<'_>) -> Diagnosis {
    let step = match counters.step {
        Some(0) => "hold one value each, over and over".to_owned(),
        Some(step) => format!("count: each word is the one before plus {step:#x}"),
        None => "count: each word is the one before plus a constant of the stream".to_owned(),
    };
    Diagnosis {
        message: format!(
            "all of {} {step} (the first is {}, from {:#x} on); these are no random numbers, so \
             their seeding cannot be judged",
            words::counted(counters.streams, "stream"),
            context.name(counters.first),
            counters.start,
        ),
        cause: CAUSE.to_owned(),
        cure: CURE.to_owned(),
    }
}
