//! Seeds that were found out.

use crate::{
    results::{FindingKind, LISTED_STREAMS, RecoveredSeeds, SeedPattern},
    verdict::{
        Attribution, Case, Context, Diagnosis, Finding, Rule, Severity, fixes, rule::no_more, words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::KnownSeeds,
    title: "streams are those of a common generator with small integers as seeds",
    severity: Severity::Note,
    meaning: "The seeds were found by trying them: the first draws are those of a common generator \
              started with a small integer. Streams with different seeds may well be independent, but \
              they are not this program's own: every other job, and every earlier run, that seeds with \
              the same integers draws the same numbers, and whoever guesses the seed knows them all. \
              Seeds that were drawn from so few are narrow-seeds.",
    causes: &[
        "the worker's index, a rank or a small constant and the index as the seed",
        "process ids, ports, days or seconds of a day as the seed",
        "seeds drawn below a small bound (randint(0, 10000))",
    ],
    fix: fixes::TASK_STREAM,
    references: &["https://numpy.org/doc/stable/reference/random/parallel.html"],
    cure: CURE,
    found,
    cause: no_more,
};

const CURE: &str = "draw one root of at least 128 bits a run, record it, and derive each task's stream from \
               root and task index; a fixed small seed is right only where a run is to be repeated";

fn found(case: &Case<'_>) -> Vec<Finding> {
    let finding = |recovered: &RecoveredSeeds| {
        let said = diagnosis(recovered, &case.context);
        let found = Finding::diagnosed(
            FindingKind::KnownSeeds,
            Severity::Note,
            Attribution::Seeding,
            said,
        );
        of_all(recovered, found)
    };
    let recovered = case.analysis.recovered.iter();
    recovered
        .filter(|recovered| recovered.ambient.is_none())
        .map(finding)
        .collect()
}

/// A finding about every stream whose seed was found.
pub(super) fn of_all(recovered: &RecoveredSeeds, found: Finding) -> Finding {
    Finding {
        streams: recovered
            .seeds
            .iter()
            .map(|one| one.stream)
            .take(LISTED_STREAMS)
            .collect(),
        stream_count: recovered.seeds.len() as u64,
        ..found
    }
}

/// Seeds that a message lists.
const LISTED: usize = 4;

/// Says which generator was started with which seeds.
fn diagnosis(found: &RecoveredSeeds, context: &Context<'_>) -> Diagnosis {
    let (seeds, cause) = match found.pattern() {
        SeedPattern::Counted { base, step } => (
            counted(base, step),
            "the worker's index, or a small number and the index, is the seed",
        ),
        SeedPattern::Listed => (
            listed(found, context),
            "seeds come from a list of small numbers",
        ),
        SeedPattern::Drawn { .. } => (listed(found, context), "seeds are drawn from a small range"),
    };
    Diagnosis {
        message: format!(
            "{} of {} {} started by {} with k = {seeds}: whoever seeds so draws the same numbers",
            words::count(found.seeds.len() as u64),
            words::counted(found.of, "stream"),
            if found.seeds.len() == 1 { "is" } else { "are" },
            found.start,
        ),
        cause: cause.to_owned(),
        cure: CURE.to_owned(),
    }
}

/// What a worker's number makes of a seed whose list it ends: it is its second word of 32 bits.
const LIST: i64 = 1 << 32;

fn counted(base: u64, step: i64) -> String {
    match (base, step) {
        (_, 0) => base.to_string(),
        (0, 1) => "worker".to_owned(),
        (0, _) => format!("{step} × worker"),
        (_, 1) => format!("{base} + worker"),
        (_, -1) => format!("{base} − worker"),
        (_, LIST) => format!("[{base}, worker]"),
        _ => format!("{base} + {step} × worker"),
    }
}

fn listed(found: &RecoveredSeeds, context: &Context<'_>) -> String {
    let seeds = found
        .seeds
        .iter()
        .take(LISTED)
        .map(|one| one.seed.to_string());
    let first = found
        .seeds
        .first()
        .map_or_else(String::new, |one| context.name(one.stream));
    let more = if found.seeds.len() > LISTED {
        " …"
    } else {
        ""
    };
    format!(
        "{}{more} (from {first} on)",
        seeds.collect::<Vec<_>>().join(", ")
    )
}
