//! What shared runs of words, plain or in disguise, say of their cause.

use crate::{
    core::StreamId,
    results::{CopyKind, SharedRun, Witness},
};

use super::{Context, Diagnosis, counters, words};

/// Words that a copy must have to tell how it came about. Fewer are a copy as surely, but a direction,
/// a width or a constant in so few may be that of a buffer, a block of values or a seed.
pub(super) const TELLING_WORDS: u64 = 8;

fn tells_how(witness: &Witness) -> bool {
    witness.words >= TELLING_WORDS
}

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
        CopyKind::Affine => "one's values are the other's, scaled and shifted".to_owned(),
        CopyKind::Changes { a, b } if a == b => format!("equal {}", a.name()),
        CopyKind::Changes { a, b } => format!("{} that are the other's {}", a.name(), b.name()),
    };
    match (witness.reversed, tells_how(witness)) {
        (false, _) => kind,
        (true, true) => format!("{kind}, backwards in time"),
        (true, false) => format!("{kind}, in opposite order"),
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
        _ if !tells_how(witness) => few_words(witness),
        CopyKind::Equal => "one stream is the other backwards: two cursors that walk one sequence \
                            towards each other, or a generator run in reverse"
            .to_owned(),
        CopyKind::Complement => {
            "streams are complements of each other: antithetic draws (1 − u), or \
                                 seeds that are complements in a linear generator"
                .to_owned()
        }
        CopyKind::Negation
        | CopyKind::ConstantXor { .. }
        | CopyKind::ConstantAdd { .. }
        | CopyKind::ConstantMinus { .. } => {
            "streams differ by a constant: a constant of the task is added or xored to one shared \
             sequence, or a linear generator starts from near seeds"
                .to_owned()
        }
        CopyKind::Truncation { .. } => "the same draws are read at another width (as doubles, or \
                                        cut), or states that differ in their low bits only"
            .to_owned(),
        CopyKind::HalfWordShift => {
            "both walk one sequence of 32-bit draws, an odd number of draws \
                                    apart"
                .to_owned()
        }
        CopyKind::Affine => "workers draw the same numbers and scale or shift them by settings of their \
                             own"
            .to_owned(),
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

/// What is known of a copy that is too short to tell how it came about.
fn few_words(witness: &Witness) -> String {
    let count = words::counted(witness.words, "word");
    if witness.copy != CopyKind::Equal {
        return format!(
            "{count} are each other's images by one map, more than chance ever gives and too few to \
             tell how: states that are near each other for a while, or a block of values that is \
             passed on with changes"
        );
    }
    format!(
        "{count} are shared, more than chance ever gives and too few to tell how: a block of values or a \
         buffer handed to both, the same seed for a moment, or short pieces of one sequence"
    )
}

/// The cause of plain overlaps, by their lags and by where they start.
fn overlap_cause(shared: &[&SharedRun]) -> String {
    let first = &shared[0].witness;
    let neighbours: Vec<i64> = shared
        .iter()
        .filter_map(|run| neighbour_lag(&run.witness))
        .collect();
    let constant = neighbours.len() >= 2 && neighbours.iter().all(|&lag| lag == neighbours[0]);
    let lag = neighbours
        .first()
        .map_or(first.lag().abs(), |lag| lag.abs());
    let words: u64 = shared.iter().map(|run| run.witness.words).sum();
    // Who continues another from its own start on draws the other's words from its first word.
    let from_a_start = first.a.word == 0 || first.b.word == 0;
    if words < TELLING_WORDS {
        few_words(first)
    } else if shared.iter().all(|run| resumes(&run.witness)) {
        "a later run starts from states that the run before had left already: a checkpoint that was \
         saved before the last draws were made, or state that is written back late"
            .to_owned()
    } else if !from_a_start {
        in_the_midst(lag)
    } else if constant && lag == 1 {
        "lag 1 between neighbours: a stream is seeded with another's output or one step of its \
         state further"
            .to_owned()
    } else if constant && lag > 0 {
        let lag = words::counted(lag as u64, "word");
        format!(
            "constant lag of {lag} between all neighbours: the counter or jump from task to task is \
             shorter than what a task draws, or every {lag} a task is seeded again with epoch + \
             worker"
        )
    } else if lag == 0 {
        "streams start alike and part later: one seed for both at first, and then a reseeding, a \
         different number of draws, or state that is no longer shared"
            .to_owned()
    } else if shared.len() > 1 {
        "streams start at different points of one sequence: a short cycle, or seeds that are states \
         or outputs of each other's generators"
            .to_owned()
    } else {
        "one stream continues another: it was seeded with the other's state or output".to_owned()
    }
}

/// Whether a task starts in one run with words from late in the other.
fn resumes(witness: &Witness) -> bool {
    let (a, b) = (witness.a, witness.b);
    a.stream.task == b.stream.task && a.stream.run != b.stream.run && (a.word == 0) != (b.word == 0)
}

/// The cause of overlaps that start in the midst of both streams.
fn in_the_midst(lag: i64) -> String {
    if lag == 0 {
        "streams agree over stretches at equal places and differ before them: both are seeded again \
         with one seed there (an epoch, a batch), or take blocks of values from one source"
    } else {
        "streams meet after words of their own: a block of values or a buffer handed to both, a seed \
         that comes again, or one generator whose draws the tasks take in turn"
    }
    .to_owned()
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
pub fn diagnose_period(periods: &[Witness], used_twice: bool, context: &Context<'_>) -> Diagnosis {
    let Some(first) = periods.first() else {
        return Diagnosis {
            message: String::new(),
            cause: String::new(),
            cure: String::new(),
        };
    };
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
        cure: "seed once per task and never again, with a generator of long period".to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Place;

    /// A copy of so many words: task and word of the one, and of the other.
    fn witness(words: u64, copy: CopyKind, a: (u32, u64), b: (u32, u64)) -> Witness {
        let place = |(task, word)| Place {
            stream: StreamId::new(0, task),
            word,
        };
        Witness {
            a: place(a),
            b: place(b),
            words,
            copy,
            reversed: false,
        }
    }

    fn said(witnesses: &[Witness]) -> Diagnosis {
        let shared: Vec<SharedRun> = witnesses
            .iter()
            .map(|witness| SharedRun {
                witness: witness.clone(),
                pairs: witnesses.len() as u64,
            })
            .collect();
        let shared: Vec<&SharedRun> = shared.iter().collect();
        diagnose_copy(&shared, &Context::default())
    }

    #[test]
    fn a_few_words_tell_no_direction_no_lag_and_no_constant() {
        let backwards = |words| Witness {
            reversed: true,
            ..witness(words, CopyKind::Equal, (3, 500), (9, 100))
        };
        let short = said(&[backwards(3)]);
        assert!(short.message.contains("3 words"), "{}", short.message);
        assert!(
            short.message.contains("in opposite order"),
            "{}",
            short.message
        );
        assert!(
            short.cause.contains("too few to tell how"),
            "{}",
            short.cause
        );
        let long = said(&[backwards(300)]);
        assert!(long.message.contains("backwards in time"));
        assert!(long.cause.contains("backwards"));
        for copy in [
            CopyKind::Equal,
            CopyKind::ConstantXor { constant: 5 },
            CopyKind::Truncation { bits: 40 },
        ] {
            let cause = said(&[witness(3, copy, (3, 500), (9, 100))]).cause;
            assert!(cause.contains("too few to tell how"), "{cause}");
        }
    }

    #[test]
    fn only_what_starts_with_a_stream_continues_another() {
        let overlap = |words, a, b| said(&[witness(words, CopyKind::Equal, a, b)]).cause;
        assert!(overlap(900, (3, 100), (9, 0)).contains("continues another"));
        assert!(overlap(900, (3, 100), (9, 50)).contains("a block of values"));
        assert!(overlap(900, (3, 0), (9, 0)).contains("start alike and part later"));
        assert!(overlap(16, (3, 256), (9, 256)).contains("stretches at equal places"));
    }

    #[test]
    fn a_lag_that_all_neighbours_have_is_a_jump_also_where_streams_are_short() {
        let neighbour = |task| witness(3, CopyKind::Equal, (task, 1), (task + 1, 0));
        let cause = said(&[neighbour(0), neighbour(1), neighbour(2)]).cause;
        assert!(cause.starts_with("lag 1 between neighbours"), "{cause}");
    }

    #[test]
    fn a_stream_that_counts_is_no_period() {
        let step = CopyKind::ConstantAdd { constant: 3 };
        let period = witness(2047, step, (7, 0), (7, 1));
        let said = diagnose_period(&[period], false, &Context::default());
        assert!(
            said.message.contains("counts: each of 2,047 words"),
            "{}",
            said.message
        );
        assert!(
            said.cause.contains("not what a generator gave"),
            "{}",
            said.cause
        );
    }
}
