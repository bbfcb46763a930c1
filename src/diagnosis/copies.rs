//! What shared runs of words, plain or in disguise, say of their cause.

use crate::{
    battery::{CopyKind, PartialCopy, SharedRun, Witness},
    core::StreamId,
};

use super::{Context, Diagnosis, words};

/// How one run of words is the other's copy, in words.
fn relation(witness: &Witness) -> String {
    let kind = match witness.copy {
        CopyKind::Equal => "equal words".to_owned(),
        CopyKind::Complement => "complemented words".to_owned(),
        CopyKind::Negation => "negated words".to_owned(),
        CopyKind::ByteSwap => "words with their bytes swapped".to_owned(),
        CopyKind::BitReversal => "words with their bits reversed".to_owned(),
        CopyKind::Rotation { bits } => format!("words rotated by {bits} bits"),
        CopyKind::BitPermutation => "words with their bits permuted".to_owned(),
        CopyKind::ConstantXor { constant } => format!("words xored with {constant:#018x}"),
        CopyKind::ConstantAdd { constant } => format!("words plus {constant:#018x}"),
        CopyKind::ConstantMinus { constant } => format!("{constant:#018x} minus the words"),
        CopyKind::Truncation { bits } => format!("words equal in their top {bits} bits"),
        CopyKind::HalfWordShift => "32-bit halves at the other alignment".to_owned(),
        CopyKind::Changes { a, b } if a == b => format!("equal {}", a.name()),
        CopyKind::Changes { a, b } => format!("{} that are the other's {}", a.name(), b.name()),
    };
    if witness.reversed {
        format!("{kind}, backwards in time")
    } else {
        kind
    }
}

/// Says what the copies of one kind mean. `shared` are all that were listed, the longest first.
pub fn diagnose_copy(shared: &[&SharedRun], context: &Context<'_>) -> Diagnosis {
    let Some(first) = shared.first() else {
        return Diagnosis {
            message: String::new(),
            cause: String::new(),
            cure: String::new(),
        };
    };
    let witness = &first.witness;
    let pairs = first.pairs.max(shared.len() as u64);
    let others = if pairs > 1 {
        format!(" ({} of streams in all)", words::counted(pairs, "pair"))
    } else {
        String::new()
    };
    let message = format!(
        "{} word {} and {} word {} share {}: {}, lag {}{others}",
        context.name(witness.a.stream),
        words::count(witness.a.word),
        context.name(witness.b.stream),
        words::count(witness.b.word),
        words::counted(witness.words, "word"),
        relation(witness),
        witness.lag(),
    );
    let (cause, cure) = cause_and_cure(shared);
    Diagnosis {
        message,
        cause,
        cure,
    }
}

fn cause_and_cure(shared: &[&SharedRun]) -> (String, String) {
    const KEYED: &str = "give every task a stream of its own by key: hash root and task index \
                         together (a spawn key), or use a counter-based generator with the task in \
                         its key";
    let witness = &shared[0].witness;
    let cause = match witness.copy {
        CopyKind::Equal if !witness.reversed => overlap_cause(shared),
        CopyKind::Equal => "one stream is the other backwards: two cursors that walk one sequence \
                            towards each other, or a generator run in reverse"
            .to_owned(),
        CopyKind::Complement
        | CopyKind::Negation
        | CopyKind::ConstantXor { .. }
        | CopyKind::ConstantAdd { .. }
        | CopyKind::ConstantMinus { .. } => {
            "streams differ by a constant: a linear generator with consecutive seeds, or a \
             per-task constant applied to one shared sequence"
                .to_owned()
        }
        CopyKind::Truncation { .. } | CopyKind::HalfWordShift => {
            "the same draws are read at another width: as doubles, 32-bit halves or truncated words"
                .to_owned()
        }
        CopyKind::Changes { .. } => {
            "a stream is worked out from the words of another (their running sum, their changes, a \
             step added at every draw) instead of drawn from a seed of its own"
                .to_owned()
        }
        CopyKind::ByteSwap
        | CopyKind::BitReversal
        | CopyKind::Rotation { .. }
        | CopyKind::BitPermutation => {
            "streams are told apart by reordering the bits of one sequence instead of by a seed"
                .to_owned()
        }
    };
    (cause, KEYED.to_owned())
}

/// The cause of plain overlaps, by their lags.
fn overlap_cause(shared: &[&SharedRun]) -> String {
    let neighbours: Vec<i64> = shared
        .iter()
        .filter_map(|run| neighbour_lag(&run.witness))
        .collect();
    let constant = neighbours.len() >= 2 && neighbours.iter().all(|&lag| lag == neighbours[0]);
    let lag = neighbours
        .first()
        .map_or(shared[0].witness.lag().abs(), |lag| lag.abs());
    if constant && lag == 1 {
        "lag 1 between neighbours: a stream is seeded with another's output or one step of its \
         state further"
            .to_owned()
    } else if constant && lag > 0 {
        format!(
            "constant lag of {} between all neighbours: the counter or jump from task to task is \
             shorter than what a task draws",
            words::counted(lag as u64, "word")
        )
    } else if lag == 0 {
        "streams agree over a stretch and part later: shared state that only sometimes diverges, \
         such as a lock that is taken too late or a reseeding in between"
            .to_owned()
    } else if shared.len() > 1 {
        "streams start at different points of one short cycle or one shared sequence".to_owned()
    } else {
        "one stream continues another: it was seeded with the other's state or output".to_owned()
    }
}

/// The lag from task t to task t + 1 of one run, if the two are neighbours.
fn neighbour_lag(witness: &Witness) -> Option<i64> {
    let (a, b): (StreamId, StreamId) = (witness.a.stream, witness.b.stream);
    if a.run != b.run {
        return None;
    }
    match i64::from(b.task.0) - i64::from(a.task.0) {
        1 => Some(witness.lag()),
        -1 => Some(-witness.lag()),
        _ => None,
    }
}

/// Says what streams that repeat themselves mean.
pub fn diagnose_period(periods: &[Witness], context: &Context<'_>) -> Diagnosis {
    let (message, lag) = periods.first().map_or_else(
        || (String::new(), 0),
        |first| {
            let lag = first.lag().unsigned_abs();
            let message = format!(
                "{} repeats itself: word {} comes again {} later, for {} ({} do so)",
                context.name(first.a.stream),
                words::count(first.a.word),
                words::counted(lag, "word"),
                words::counted(first.words, "word"),
                words::counted(periods.len() as u64, "stream"),
            );
            (message, lag)
        },
    );
    let same = periods
        .iter()
        .all(|period| period.lag().unsigned_abs() == lag);
    let cause = if same && periods.len() > 1 {
        "all repeat after the same number of words: the generator is seeded again with the same \
         seed (at every epoch or call), or its whole period is that short"
    } else {
        "a seed that leads into a short cycle, or a generator that is seeded again on the way"
    };
    Diagnosis {
        message,
        cause: cause.to_owned(),
        cure: "seed once per task and never again, with a generator of long period".to_owned(),
    }
}

/// Says what single elements mean that agree along one line.
pub fn diagnose_partial_copy(
    copies: &[PartialCopy],
    worst: &PartialCopy,
    context: &Context<'_>,
) -> Diagnosis {
    let every = |step: u64| match step {
        1 => "every word".to_owned(),
        _ => format!("every {} word", words::ordinal(step)),
    };
    let lag = worst.b.word as i64 - worst.a.word as i64;
    let (how, cause) = match worst.steps {
        (1, 1) => (
            format!("at lag {lag}"),
            "part of the draws is shared: two tasks take turns at one generator, a race, or every \
             n-th word of one sequence",
        ),
        (a, b) if b > 0 => (
            format!(
                "from words {} and {} on, {} of the one and {} of the other",
                words::count(worst.a.word),
                words::count(worst.b.word),
                every(a),
                every(b.unsigned_abs()),
            ),
            "the two walk one sequence in steps of different length: leapfrog with unequal strides, \
             or a task that discards draws another task uses",
        ),
        (a, b) => (
            format!(
                "from words {} and {} on, {} of the one and {} of the other backwards",
                words::count(worst.a.word),
                words::count(worst.b.word),
                every(a),
                every(b.unsigned_abs()),
            ),
            "part of the draws is shared backwards in time: two cursors that walk one sequence \
             towards each other",
        ),
    };
    Diagnosis {
        message: format!(
            "{} and {} agree in {} over {} {how} ({} do so)",
            context.name(worst.a.stream),
            context.name(worst.b.stream),
            words::counted(worst.equal, "element"),
            words::counted(worst.span, "word"),
            words::counted(copies.len() as u64, "pair"),
        ),
        cause: cause.to_owned(),
        cure: "give every task a generator of its own, keyed by root and task index".to_owned(),
    }
}
