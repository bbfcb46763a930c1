//! Seeds of too few bits for so many tasks.

use crate::{
    math,
    results::{Equality, FindingKind, RecoveredSeeds, SeedPattern},
    verdict::{
        Attribution, Case, Diagnosis, Finding, Rule, Severity, cures, fixes,
        rule::no_more,
        signature::{self, EqualitySignature, Interval, PAIRS_THAT_TELL_A_WIDTH, interval_words},
        words,
    },
};

use super::known_seeds;

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::NarrowSeeds,
    title: "the seeds carry too few bits for so many tasks",
    severity: Severity::Error,
    meaning: "Tasks draw their seeds from a small set, so that two tasks meet by chance, and ever \
              more of them as the program grows. The number of different seeds is estimated from \
              the pairs that met.",
    causes: &[
        "one byte, 15, 31 or 32 bits of entropy where 128 are needed",
        "a wide seed that is narrowed on the way (a cast to 32 bits, a float, a modulus)",
        "seeds from a clock with coarse ticks or from process ids",
    ],
    fix: fixes::TASK_STREAM,
    references: &[
        "https://github.com/dask/dask/issues/719",
        "https://github.com/tenstorrent/tt-metal/issues/47431",
    ],
    cure: cures::PER_TASK,
    found,
    cause: no_more,
};

/// A chance that two workers meet from which on seeds are too narrow for so many of them.
pub(super) const TOO_LIKELY: f64 = 1e-3;

/// What equal streams show of the width of seeds; where they show nothing, what seeds that were found
/// out show.
fn found(case: &Case<'_>) -> Vec<Finding> {
    let findings = of_equal_streams(case);
    match &case.analysis.recovered {
        Some(recovered) if findings.is_empty() => of_known_seeds(recovered).into_iter().collect(),
        _ => findings,
    }
}

fn of_equal_streams(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for shared in signature::groups(case) {
        let EqualitySignature::Narrow { bits, interval } = shared.signature else {
            continue;
        };
        if shared.equality.pairs() >= PAIRS_THAT_TELL_A_WIDTH {
            let message = message(shared.equality, bits, interval);
            let mut found = shared.finding(FindingKind::NarrowSeeds, message, &case.context);
            shared.name_streams(&mut found, |_| true);
            findings.push(found);
        }
    }
    findings
}

/// That seeds are too narrow for so many workers.
fn of_known_seeds(recovered: &RecoveredSeeds) -> Option<Finding> {
    if recovered.ambient.is_some() {
        return None;
    }
    let chance = chance_of_meeting(recovered)?;
    let severity = if chance >= TOO_LIKELY {
        Severity::Error
    } else {
        Severity::Warning
    };
    let said = known_diagnosis(recovered, chance);
    let found = Finding::diagnosed(
        FindingKind::NarrowSeeds,
        severity,
        Attribution::Seeding,
        said,
    );
    Some(known_seeds::of_all(recovered, found))
}

/// What was seen of narrow seeds.
fn message(equality: &Equality, bits: f64, interval: Interval) -> String {
    let interval = interval_words(interval);
    format!(
        "{} of {} are equal, as if seeds were drawn from about 2^{bits:.1} values ({interval})",
        words::counted(equality.pairs(), "pair"),
        words::counted(equality.fresh_streams, "stream"),
    )
}

/// The chance that two of so many streams draw one seed of those that the recovered ones come from.
/// `None` unless every stream's is known, and they are drawn.
fn chance_of_meeting(found: &RecoveredSeeds) -> Option<f64> {
    match found.pattern() {
        SeedPattern::Drawn { bits } if found.all() => Some(math::collision_probability(
            found.of as f64,
            f64::from(bits),
        )),
        _ => None,
    }
}

/// Says how narrow drawn seeds are.
fn known_diagnosis(found: &RecoveredSeeds, chance: f64) -> Diagnosis {
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
