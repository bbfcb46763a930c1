//! Seeds that meet by chance, as in a birthday problem, because there are so few of them.

use super::EqualitySignature;
use crate::{math, results::Equality, verdict::words};

/// The ends, in bits, that are known of an interval.
pub(in crate::verdict) type Interval = (Option<f64>, Option<f64>);

/// Whether pairs fall on runs and tasks as chance lets them fall.
pub(super) fn narrow(equality: &Equality) -> Option<EqualitySignature> {
    let pairs = equality.pairs();
    let units = equality.fresh_streams;
    let seeds = math::seed_space_of_pairs(units, pairs)?;
    let runs = (equality.runs - equality.repeated_runs.len() as u64) as f64;
    let tasks = units as f64 / runs;
    let all = units as f64 * (units as f64 - 1.0) / 2.0;
    let same_run = runs * tasks * (tasks - 1.0) / 2.0;
    let same_task = tasks * runs * (runs - 1.0) / 2.0;
    let as_chance = |seen: u64, possible: f64| {
        let expected = pairs as f64 * possible / all;
        (seen as f64 - expected).abs() <= 4.0 * expected.sqrt() + 3.0
    };
    let typical_group = units as f64 / seeds;
    let largest_by_chance = typical_group + 6.0 * typical_group.sqrt() + 6.0;
    if !as_chance(equality.same_run_pairs, same_run)
        || !as_chance(equality.same_task_pairs, same_task)
        || equality.largest as f64 > largest_by_chance
    {
        return None;
    }
    let distinct = (equality.fresh_streams as f64).min(equality.distinct as f64) as u64;
    let interval = math::seed_space_interval(units, distinct, 0.95);
    Some(EqualitySignature::Narrow {
        bits: seeds.log2(),
        interval: (interval.low_bits, interval.high_bits),
    })
}

/// An interval of bits, in words.
pub(in crate::verdict) fn interval_words(interval: Interval) -> String {
    match interval {
        (Some(low), Some(high)) => format!("95 % interval {low:.1} to {high:.1} bits"),
        (Some(low), None) => format!("at 95 % at least {low:.1} bits"),
        (None, Some(high)) => format!("at 95 % at most {high:.1} bits"),
        (None, None) => "no interval".to_owned(),
    }
}

/// Pairs from which on the way in which they meet tells that they meet by chance.
pub(in crate::verdict) const PAIRS_THAT_TELL_A_WIDTH: u64 = 3;

/// Why few seeds are used, as far as so many pairs tell.
pub(super) fn cause(pairs: u64, bits: f64, interval: Interval) -> String {
    if pairs >= PAIRS_THAT_TELL_A_WIDTH {
        return format!(
            "seeds meet by chance, as in a birthday problem: a narrow seed of about {bits:.0} bits"
        );
    }
    format!(
        "{} {} no pattern: two tasks took their seed from one fact that both have (a tick of the clock, \
         a reused process or node id, a default), a state was copied with its generator, or seeds \
         are so narrow that they meet by chance (then of about {bits:.0} bits; {})",
        words::counted(pairs, "equal pair"),
        if pairs == 1 { "tells" } else { "tell" },
        interval_words(interval),
    )
}
