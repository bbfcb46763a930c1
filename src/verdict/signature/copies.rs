//! Shared runs of words: told as one finding where they are copies of one kind.

use crate::{
    results::{CopyKind, FindingKind, LISTED_STREAMS, PartialCopy, SharedRun, Witness},
    verdict::{
        Aim, Attribution, Case, Context, Diagnosis, Expect, Finding, Severity, cures, words,
    },
    vocabulary::StreamId,
};

/// Words that a copy must have to tell how it came about. Fewer are a copy as surely, but a direction,
/// a width or a constant in so few may be that of a buffer, a block of values or a seed.
pub(in crate::verdict) const TELLING_WORDS: u64 = 8;

/// Whether a copy is long enough to tell how it came about.
pub(in crate::verdict) fn tells_how(witness: &Witness) -> bool {
    witness.words >= TELLING_WORDS
}

/// How one run of words is the other's copy, in words.
pub(in crate::verdict) fn relation(witness: &Witness) -> String {
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

/// What is known of a copy that is too short to tell how it came about.
pub(in crate::verdict) fn few_words(witness: &Witness) -> String {
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

/// What shared runs have in common when they are told as one finding.
type Copies = (FindingKind, std::mem::Discriminant<CopyKind>, bool, bool);

fn kind(run: &SharedRun) -> Copies {
    let witness = &run.witness;
    (
        if witness.is_plain() {
            FindingKind::ShiftedOverlap
        } else {
            FindingKind::DisguisedCopy
        },
        std::mem::discriminant(&witness.copy),
        witness.reversed,
        is_replay(witness),
    )
}

/// One task that draws in another run mostly what it drew, a little earlier or later. A run that
/// resumes shortly before another ended shares little with it.
fn is_replay(witness: &Witness) -> bool {
    let (a, b) = (witness.a, witness.b);
    a.stream.run != b.stream.run
        && a.stream.task == b.stream.task
        && witness.lag().unsigned_abs() < witness.words
}

/// The finding about copies so long, against all words that were looked at, that tests see them too.
pub(in crate::verdict) fn seen_by_tests(case: &Case<'_>) -> Option<FindingKind> {
    let long = |run: &SharedRun| {
        run.witness.words >= LONG && run.witness.words * PART >= case.analysis.words_per_stream
    };
    let joins = &case.analysis.joins;
    let copied = joins
        .shared
        .iter()
        .find(|run| !is_replay(&run.witness) && long(run))
        .map(|run| kind(run).0);
    let partly = |copy: &PartialCopy| copy.equal * PART >= case.analysis.words_per_stream;
    copied.or(joins
        .partial_copies
        .iter()
        .any(partly)
        .then_some(FindingKind::RepeatedWords))
}

/// Words from which on a copy is long, and the part of a stream it then has to be.
const LONG: u64 = 16;
const PART: u64 = 128;

/// The findings of one kind about shared runs, one for each way in which they are copies. `cause` tells
/// why, of the longest first.
pub(in crate::verdict) fn shared(
    case: &Case<'_>,
    wanted_kind: FindingKind,
    cause: fn(&[&SharedRun]) -> String,
) -> Vec<Finding> {
    let joins = &case.analysis.joins;
    let mut kinds: Vec<Copies> = Vec::new();
    for run in &joins.shared {
        if kind(run).0 == wanted_kind && !kinds.contains(&kind(run)) {
            kinds.push(kind(run));
        }
    }
    kinds
        .into_iter()
        .map(|wanted| {
            let mut runs: Vec<&SharedRun> = joins
                .shared
                .iter()
                .filter(|run| kind(run) == wanted)
                .collect();
            runs.sort_by_key(|run| std::cmp::Reverse(run.witness.words));
            shared_finding(case, wanted, &runs, cause)
        })
        .collect()
}

fn shared_finding(
    case: &Case<'_>,
    kind: Copies,
    runs: &[&SharedRun],
    cause: fn(&[&SharedRun]) -> String,
) -> Finding {
    let control_too = case.control.is_some_and(|control| {
        control
            .joins
            .shared
            .iter()
            .any(|run| self::kind(run).0 == kind.0)
    });
    let attribution = if control_too {
        Attribution::Generator
    } else {
        Attribution::Seeding
    };
    // A program with a fixed seed whose tasks consume a little differently from run to run overlaps
    // with itself: by intent, unless runs are to be fresh.
    let on_purpose = kind.3
        && matches!(
            case.aim,
            Aim::Audit {
                expect: Expect::Default,
                ..
            }
        );
    let severity = if control_too || on_purpose {
        Severity::Warning
    } else {
        Severity::Error
    };
    let mut found = Finding::diagnosed(
        kind.0,
        severity,
        attribution,
        diagnosis(runs, case.analysis.joins.places, cause, &case.context),
    );
    let mut streams: Vec<StreamId> = runs
        .iter()
        .flat_map(|run| [run.witness.a.stream, run.witness.b.stream])
        .collect();
    streams.sort_unstable();
    streams.dedup();
    found.stream_count = streams.len() as u64;
    streams.truncate(LISTED_STREAMS);
    found.streams = streams;
    found.witness = runs.first().map(|run| run.witness.clone());
    found
}

/// Says what the copies of one kind mean. `shared` are all that were listed, the longest first.
fn diagnosis(
    shared: &[&SharedRun],
    places: u64,
    cause: fn(&[&SharedRun]) -> String,
    context: &Context<'_>,
) -> Diagnosis {
    let first = shared[0];
    let witness = &first.witness;
    let pairs = first.pairs.max(shared.len() as u64);
    let others = match (pairs > 1, places > pairs + 1) {
        (true, true) => format!(
            " ({} of streams are named; one window of words stands at {} places)",
            words::counted(pairs, "pair"),
            words::count(places)
        ),
        (true, false) => format!(" ({} of streams in all)", words::counted(pairs, "pair")),
        (false, _) => String::new(),
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
    Diagnosis {
        message,
        cause: cause(shared),
        cure: cures::BY_KEY.to_owned(),
    }
}
