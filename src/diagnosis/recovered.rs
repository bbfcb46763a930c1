//! Seeds that were found out.

use crate::{
    math,
    results::{RecoveredSeeds, SeedPattern},
};

use super::{Context, Diagnosis, words};

/// Seeds that a message lists.
const LISTED: usize = 4;

/// Says which generator was started with which seeds.
pub fn diagnose_known_seeds(found: &RecoveredSeeds, context: &Context<'_>) -> Diagnosis {
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
        cure: "draw one root of at least 128 bits a run, record it, and derive each task's stream from \
               root and task index; a fixed small seed is right only where a run is to be repeated"
            .to_owned(),
    }
}

fn counted(base: u64, step: i64) -> String {
    match (base, step) {
        (_, 0) => base.to_string(),
        (0, 1) => "worker".to_owned(),
        (0, _) => format!("{step} × worker"),
        (_, 1) => format!("{base} + worker"),
        (_, -1) => format!("{base} − worker"),
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

/// The chance that two of so many streams draw one seed of those that the recovered ones come from.
/// `None` unless every stream's is known, and they are drawn.
pub fn chance_of_meeting(found: &RecoveredSeeds) -> Option<f64> {
    match found.pattern() {
        SeedPattern::Drawn { bits } if found.all() => Some(math::collision_probability(
            found.of as f64,
            f64::from(bits),
        )),
        _ => None,
    }
}

/// Says how narrow drawn seeds are.
pub fn diagnose_narrow_known_seeds(found: &RecoveredSeeds, chance: f64) -> Diagnosis {
    let bits = match found.pattern() {
        SeedPattern::Drawn { bits } => bits,
        _ => 64,
    };
    Diagnosis {
        message: format!(
            "every one of {} is started by {} with a seed below 2^{bits} (all were found by trying): of so \
             many workers two draw the same numbers with probability {}",
            words::counted(found.of, "stream"),
            found.start,
            words::share(chance),
        ),
        cause: format!("seeds are drawn from about 2^{bits} numbers: too few bits of entropy"),
        cure: "seed with at least 128 bits, or draw one root per run and derive each task's stream from \
               root and task index with a keyed generator or a spawn key"
            .to_owned(),
    }
}
