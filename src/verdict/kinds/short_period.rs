//! A stream that repeats itself.

use super::counters;
use crate::{
    results::{CopyKind, FindingKind, LISTED_STREAMS, Witness},
    verdict::{
        Aim, Attribution, Case, Context, Diagnosis, Finding, Rule, Severity,
        cures::{self, SEED_ONCE},
        fixes,
        rule::no_more,
        signature::copies::{relation, tells_how},
        words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::ShortPeriod,
    title: "a stream repeats itself",
    severity: Severity::Error,
    meaning: "A task draws the same words again and again. Everything it computes after the first \
              period is a copy.",
    causes: &[
        "the generator is seeded again with the same seed, for example at every epoch or call",
        "a seed that leads the generator into a short cycle (all zeros, sparse states)",
        "a generator whose whole period is short",
    ],
    fix: fixes::TASK_STREAM,
    references: &["https://github.com/pytorch/pytorch/issues/5059"],
    cure: cures::SEED_ONCE,
    found,
    cause: no_more,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    period(case).into_iter().collect()
}

/// Streams that repeat themselves: the generator's where independent seeds do it too, and where a
/// stream is in disguise what it was before, as arithmetic progressions are. A program that repeats
/// itself is refuted whosever flaw it is.
fn period(case: &Case<'_>) -> Option<Finding> {
    let joins = &case.analysis.joins;
    let used_twice = joins.periods.is_empty();
    let mut periods = match used_twice {
        true => joins.reused.clone(),
        false => joins.periods.clone(),
    };
    periods.sort_by_key(|period| !period.is_plain());
    let first = periods.first()?;
    let control_too = case
        .control
        .is_some_and(|control| !control.joins.periods.is_empty());
    let (severity, attribution) = match (case.aim, control_too || !first.is_plain()) {
        _ if used_twice => (Severity::Note, Attribution::Unseparated),
        (_, true) => (Severity::Warning, Attribution::Generator),
        (Aim::Strategy(_), false) => (Severity::Error, Attribution::Seeding),
        // Streams that walk one cycle overlap; streams that are seeded again and again do not.
        (Aim::Audit { .. }, false) if joins.shared.is_empty() => {
            (Severity::Error, Attribution::Seeding)
        }
        (Aim::Audit { .. }, false) => (Severity::Error, Attribution::Unseparated),
    };
    let mut found = Finding::diagnosed(
        FindingKind::ShortPeriod,
        severity,
        attribution,
        diagnosis(&periods, used_twice, &case.context),
    );
    found.stream_count = periods.len() as u64;
    found.streams = periods
        .iter()
        .map(|period| period.a.stream)
        .take(LISTED_STREAMS)
        .collect();
    found.witness = Some(first.clone());
    Some(found)
}

/// Says what streams that repeat themselves mean.
fn diagnosis(periods: &[Witness], used_twice: bool, context: &Context<'_>) -> Diagnosis {
    let first = &periods[0];
    let lag = first.lag().unsigned_abs();
    if let (1, CopyKind::ConstantAdd { constant }) = (lag, first.copy) {
        return counting(first, constant, periods.len() as u64, context);
    }
    let how = match first.copy {
        CopyKind::Equal if !first.reversed => String::new(),
        _ => format!(" as {}", relation(first)),
    };
    let message = format!(
        "{} repeats itself{how}: word {} comes again {} later, for {} ({} so)",
        context.name(first.a.stream),
        words::count(first.a.word),
        words::counted(lag, "word"),
        words::counted(first.words, "word"),
        words::counted_verb(periods.len() as u64, "stream", "does", "do"),
    );
    let plain = periods
        .iter()
        .all(|period| period.copy == CopyKind::Equal && !period.reversed);
    let same = periods
        .iter()
        .all(|period| period.lag().unsigned_abs() == lag);
    let cause = if used_twice {
        "values of one stream that are used twice, a fixed number of words apart, before others follow: \
         windows that overlap, frames of one picture, a buffer that is read before it is full again"
    } else if !tells_how(first) {
        "a few words come again in the same stream: too few to tell a period from a block of values \
         that is used twice"
    } else if !plain {
        "the stream is no row of random numbers: a word follows from an earlier one by a fixed map, \
         as in a counter or a reflected sequence"
    } else if same && periods.len() > 1 {
        "all repeat after the same number of words: the generator is seeded again with the same \
         seed (at every epoch or call), or its whole period is that short"
    } else {
        "a seed that leads into a short cycle, or a generator that is seeded again on the way"
    };
    Diagnosis {
        message,
        cause: cause.to_owned(),
        cure: SEED_ONCE.to_owned(),
    }
}

/// A stream of which every word is the one before and a constant.
fn counting(first: &Witness, step: u64, streams: u64, context: &Context<'_>) -> Diagnosis {
    Diagnosis {
        message: format!(
            "{} counts: each of {} is the one before plus {step:#x} ({} so)",
            context.name(first.a.stream),
            words::counted(first.words, "word"),
            words::counted_verb(streams, "stream", "does", "do"),
        ),
        cause: counters::CAUSE.to_owned(),
        cure: counters::CURE.to_owned(),
    }
}
