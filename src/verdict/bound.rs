//! What a run supports: seed bits certified, collision probability, and the size that would decide.

use super::{
    Aim, Case, Expect,
    excluded::{excluded as said_excluded, laws_excluded},
    signature::{EqualitySignature, equality_signature},
    words,
};
use crate::{
    math,
    results::{CONVICTS, EQUALITY, Equality, Outcome, Reading},
    strategies::SeedSpace,
    vocabulary::RunGroup,
};

/// The confidence of every stated bound.
const CONFIDENCE: f64 = 0.95;

/// The run group that is spoken of: the one with most streams, the fresh one first.
pub(super) fn main_group<'a>(case: &Case<'a>) -> Option<&'a Equality> {
    case.analysis
        .equality
        .iter()
        .max_by_key(|equality| (equality.streams, equality.group == RunGroup::Fresh))
}

/// Streams judged, and what they are worth. Runs that repeat on purpose are counted once.
pub(super) fn streams(case: &Case<'_>) -> (u64, f64) {
    let Some(equality) = main_group(case) else {
        return (0, 0.0);
    };
    let repeats_on_purpose = matches!(
        case.aim,
        Aim::Audit {
            expect: Expect::Default,
            ..
        }
    );
    if repeats_on_purpose {
        (
            equality.fresh_streams,
            equality.effective_streams_without_repeats(),
        )
    } else {
        (equality.streams, equality.effective_streams())
    }
}

/// The probability that two of these streams are one, at the measured or declared seed space.
pub(super) fn collision_probability(case: &Case<'_>) -> Option<f64> {
    let equality = main_group(case)?;
    let streams = equality.fresh_streams as f64;
    if equality.pairs() > 0 {
        // They are: what was seen is certain.
        return Some(1.0);
    }
    let Aim::Strategy(declared) = case.aim else {
        return None;
    };
    match declared.seed_space {
        SeedSpace::Random { bits } => Some(math::collision_probability(streams, bits)),
        // Streams of one root are distinct; two roots may meet.
        SeedSpace::Counter { root_bits, .. } => {
            Some(math::collision_probability(equality.runs as f64, root_bits))
        }
        SeedSpace::Deterministic => None,
    }
}

/// Words of a stream below which joins and tests see hardly more than whether streams are equal.
const FEW_WORDS: u64 = 64;

/// What the run supports, in a sentence.
pub(super) fn bound(case: &Case<'_>) -> String {
    let Some(equality) = main_group(case) else {
        return "no stream was compared with another".to_owned();
    };
    if equality.streams > 0 && equality.too_short == equality.streams {
        return not_compared(case, equality);
    }
    if let Some(Reading::Values { excluded, .. }) = &case.analysis.reading
        && equality.pairs() == 0
    {
        return case
            .analysis
            .reading
            .as_ref()
            .and_then(laws_excluded)
            .map_or_else(
                || said_excluded(excluded),
                |laws| format!("copies by chance are {laws}"),
            );
    }
    if case.analysis.counters.is_some() && equality.pairs() == 0 {
        return "streams count instead of drawing: nothing is known of their seeds".to_owned();
    }
    let few = case.analysis.words_per_stream;
    let said = compared(case, equality);
    if let Some(laws) = case.analysis.reading.as_ref().and_then(laws_excluded) {
        return format!("{said}; {laws}");
    }
    if few < FEW_WORDS && equality.pairs() == 0 && matches!(case.aim, Aim::Audit { .. }) {
        format!(
            "{said}; streams of {} show hardly more than whether they are equal: relations \
             between them could not be seen",
            words::counted(few, "word")
        )
    } else {
        said
    }
}

/// Why streams that tell too little were not compared.
fn not_compared(case: &Case<'_>, equality: &Equality) -> String {
    let streams = words::counted(equality.streams, "stream");
    match &case.analysis.joins.duplicates {
        Some(found) if found.total > 1 && found.distinct == 1 => {
            format!("{streams} hold one and the same value throughout: nothing was drawn")
        }
        _ => format!("{streams} tell too little to be compared: equal ones would look the same"),
    }
}

fn compared(case: &Case<'_>, equality: &Equality) -> String {
    if equality.pairs() > 0 {
        let joins = &case.analysis.joins;
        let seeds = match equality_signature(equality, joins, &case.context) {
            EqualitySignature::Narrow { bits, .. } => {
                format!(", as often as with seeds of {bits:.1} bits")
            }
            _ => String::new(),
        };
        return format!(
            "{} of {} are equal{seeds}",
            words::counted(equality.pairs(), "pair"),
            words::counted(equality.fresh_streams, "stream"),
        );
    }
    if let Aim::Strategy(declared) = case.aim {
        match declared.seed_space {
            SeedSpace::Deterministic => {
                return format!(
                    "no two of {} are equal; the rule draws no entropy, so no seed bits can be \
                     certified",
                    words::counted(equality.fresh_streams, "stream")
                );
            }
            SeedSpace::Counter { .. } => {
                return match math::support_lower_bits(equality.runs as f64, CONFIDENCE) {
                    Some(bits) if bits > 0.0 => format!(
                        "no two of {} share a stream: at 95 % the root has at least {bits:.1} bits; \
                         streams of one root are distinct by construction",
                        words::counted(equality.runs, "run"),
                    ),
                    _ => "streams of one root are distinct by construction; so few runs certify \
                          no bits of the root"
                        .to_owned(),
                };
            }
            SeedSpace::Random { .. } => {}
        }
    }
    match certified_bits(case) {
        Some(bits) if bits > 0.0 => format!(
            "no two of {} are equal: at 95 %, independently drawn seeds have at least {bits:.1} bits",
            words::counted(equality.fresh_streams, "stream"),
        ),
        _ => "so few streams certify no seed bits".to_owned(),
    }
}

/// Seed bits certified at 95 %: the support of independent seeds, none of which met.
fn certified_bits(case: &Case<'_>) -> Option<f64> {
    let equality = main_group(case).filter(|equality| equality.pairs() == 0)?;
    math::support_lower_bits(equality.fresh_streams as f64, CONFIDENCE)
}

/// What it would take to decide, as a noun phrase, where this run cannot: `None` when it could.
pub(super) fn needs(case: &Case<'_>) -> Option<String> {
    let streams = main_group(case).map_or(0, |equality| equality.fresh_streams);
    if let Some(reason) = nothing_tested(case) {
        return Some(reason);
    }
    if let Some(coarser) = case.analysis.coarser {
        return Some(format!(
            "{} passes, or more memory, to join one window in {}; of {} passes only one in {} could be joined, \
             and shorter copies were not seen (--max-passes, --memory)",
            words::count(coarser.passes),
            words::count(coarser.asked_for),
            words::count(coarser.allowed),
            words::count(coarser.one_window_in),
        ));
    }
    if let Some(bits) = case.demands.require_bits {
        let units = math::draws_to_collide(bits, 1.0 - CONFIDENCE).ceil();
        if (streams as f64) < units {
            return Some(format!(
                "{} streams, to see seeds of fewer than {bits} bits with 95 % power; this run has \
                 {}",
                words::count(units as u64),
                words::count(streams),
            ));
        }
    }
    if let Some(workers) = case.demands.for_workers {
        // The widest seed with which so many workers meet as often as not.
        let bits = bits_at_even_odds(workers);
        let units = math::draws_to_collide(bits, 1.0 - CONFIDENCE).ceil();
        if (streams as f64) < units {
            return Some(format!(
                "{} streams, to see with 95 % power the seeds of {bits:.1} bits with which {} meet \
                 as often as not; this run has {}",
                words::count(units as u64),
                words::counted(workers, "worker"),
                words::count(streams),
            ));
        }
    }
    None
}

/// The seed bits at which `workers` draws collide with probability ½: W²/(2 ln 2), within 0.1 bit
/// from 8 workers on (a birthday problem).
fn bits_at_even_odds(workers: u64) -> f64 {
    let workers = workers.max(2) as f64;
    (workers * (workers - 1.0) / (2.0 * std::f64::consts::LN_2)).log2()
}

/// Why nothing that bears on seeding could be tested.
fn nothing_tested(case: &Case<'_>) -> Option<String> {
    if let Some(Reading::Values { excluded, .. }) = &case.analysis.reading
        && excluded.all_equal < CONVICTS
        && !matches!(
            case.aim,
            Aim::Audit {
                labelled: false,
                ..
            }
        )
    {
        if excluded.all_equal < 1.0 {
            return Some(
                "values that differ more, or more of them a stream: of streams as short or as constant as these, equal \
                 ones would show nothing"
                    .to_owned(),
            );
        }
        return Some(format!(
            "more values a stream, or more streams: if all were equal, these would show it with {:.0} of {CONVICTS:.0} \
             bits",
            excluded.all_equal
        ));
    }
    let most = case
        .analysis
        .equality
        .iter()
        .map(|equality| equality.streams)
        .max()
        .unwrap_or(0);
    let longest = case
        .analysis
        .equality
        .iter()
        .map(|equality| equality.streams - equality.too_short)
        .max()
        .unwrap_or(0);
    match case.aim {
        Aim::Audit {
            labelled: false, ..
        } => {
            let tested = case
                .analysis
                .tests
                .iter()
                .any(|result| matches!(result.outcome, Outcome::Tested { .. }));
            (!tested && most < 2).then(|| {
                "several values that are recognised as uniform bits: without labels nothing else \
                 can be tested"
                    .to_owned()
            })
        }
        _ if most < 2 => {
            Some("at least two streams, so that one can be compared with another".to_owned())
        }
        Aim::Audit {
            expect: Expect::Fresh,
            ..
        } if main_group(case).is_none_or(|equality| equality.runs < 2) => {
            Some("at least two runs, so that they can be seen to differ".to_owned())
        }
        _ if longest < 2 => Some(
            case.analysis
                .joins
                .inapplicable
                .iter()
                .find(|inapplicable| inapplicable.test == EQUALITY)
                .map_or_else(
                    || "longer streams, so that equal ones can be told from chance".to_owned(),
                    |inapplicable| inapplicable.needs.clone(),
                ),
        ),
        _ => None,
    }
}
