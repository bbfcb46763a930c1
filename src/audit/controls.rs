//! What the structure of a program explains: controls for words that have earned their name.
//!
//! Captured numbers pass for words by their looks, and looks cannot exclude every structure that all streams have
//! alike: a coarser value at every twentieth place, a checksum at the end of each row, a first value of another
//! law. Workers that are independent copies of such a program are sound. So what tests of words convict is held
//! against controls that keep the structure and part the workers:
//!
//! * *dealt*: at each place the values are dealt anew among the streams of a run. Laws of places stay, whatever
//!   they are; what one stream has of another is gone.
//! * *redrawn*: the same, of values drawn anew between those that are there, with the bits that all have alike. The
//!   law of a place stays as far as many streams tell it; that the values of a place fit together is gone too.
//! * *shifted*: each stream is turned by a number of places of its own. Rules within a stream stay; what streams
//!   have at equal places is gone.
//!
//! A control that is convicted of the same shows that the structure suffices. Streams that are equal from end to end,
//! and copies that tell enough if values are drawn one by one, are facts and ask for no control. A control holds as
//! much memory as the words that were tested, one control at a time, and only where they are convicted.

use std::cmp::Reverse;

use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{Question, describe, judged};
use crate::{
    analyze::{self, AnalyzeOptions},
    capture::{Capture, CaptureError},
    joins::JoinArena,
    reading::first_round,
    results::{Analysis, CONVICTS, CopyKind, FindingKind, Witness},
    values::entropy_bits,
    verdict::{Finding, Severity},
    vocabulary::{Arena, Evidence, Piece},
};

/// Kinds that no structure explains: whole streams that are equal, and seeds which were found out, since words of
/// known generators are words.
const FACTS: [FindingKind; 7] = [
    FindingKind::EqualStreams,
    FindingKind::RunsRepeat,
    FindingKind::CrossRunSharing,
    FindingKind::NarrowSeeds,
    FindingKind::DeadSeedBits,
    FindingKind::KnownSeeds,
    FindingKind::AmbientSeeds,
];
/// Copies that are looked at.
const COPIES: usize = 64;
/// Words of a copy that are looked at.
const LOOKED_AT: usize = 1 << 10;

/// Why an analysis of words convicts nobody, where the structure of the program explains what it found.
///
/// # Errors
/// When the capture cannot be read.
pub(super) fn explained(
    capture: &mut Capture,
    question: Question,
    options: AnalyzeOptions,
    found: &Analysis,
) -> Result<Option<&'static str>, CaptureError> {
    let names = describe::names(capture, found);
    let judgement = judged(capture, found, &names, question);
    let is_grave = |finding: &Finding| finding.severity == Severity::Error;
    let grave: Vec<Finding> = judgement.findings.into_iter().filter(is_grave).collect();
    if grave.is_empty() || grave.iter().any(|finding| FACTS.contains(&finding.rule)) {
        return Ok(None);
    }
    let named = grave.iter().filter_map(|finding| finding.witness.as_ref());
    let listed = found.joins.shared.iter().map(|shared| &shared.witness);
    for witness in named.chain(listed.take(COPIES)) {
        if is_fact(capture, witness)? {
            return Ok(None);
        }
    }
    const BOTH: &[Family] = &[Family::Laws, Family::Relations];
    let many = capture.streams() >= MANY;
    let by_dealing: (Control, &[Family], _) = (
        dealt,
        if many { &[Family::Laws] } else { BOTH },
        "the laws of their places would convict these words too, dealt anew among the workers",
    );
    let by_drawing: (Control, &[Family], _) = (
        redrawn,
        BOTH,
        "the laws of their places would convict other words too",
    );
    let by_shifting: (Control, &[Family], _) = (
        shifted,
        BOTH,
        "rules within the streams would convict these words too, moved against each other",
    );
    let controls = [
        Some(by_dealing),
        many.then_some(by_drawing),
        Some(by_shifting),
    ];
    let mut open: Vec<Family> = grave.iter().map(|finding| family(finding.rule)).collect();
    let mut explained = None;
    for (control, explains, why) in controls.into_iter().flatten() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
        let controlled = control(capture.load(found.words_per_stream as usize)?, &mut rng);
        let Ok(analysis) = analyze::analyze(&mut &controlled, options, &mut JoinArena::default());
        let judgement = judged(capture, &analysis, &[], question);
        let still: Vec<Family> = judgement
            .findings
            .iter()
            .filter(|finding| finding.severity != Severity::Note)
            .map(|finding| family(finding.rule))
            .collect();
        // Short copies are the least of all evidence: anything explains them.
        let is_explained = |of: &Family| match of {
            Family::Copies => !still.is_empty(),
            of => explains.contains(of) && still.contains(of),
        };
        let before = open.len();
        open.retain(|of| !is_explained(of));
        if open.len() < before {
            explained = Some(why);
        }
        if open.is_empty() {
            return Ok(explained);
        }
    }
    Ok(None)
}

/// Streams of all runs from which on values of a place tell its law.
const MANY: usize = 8;

/// What kinds of findings have in common: what explains one of a family explains the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// Laws of words, alone or at a place.
    Laws,
    /// Relations between streams.
    Relations,
    /// Copies.
    Copies,
}

const fn family(kind: FindingKind) -> Family {
    match kind {
        FindingKind::LinearRelation
        | FindingKind::CorrelatedStreams
        | FindingKind::RelatedNeighbours
        | FindingKind::CommonComponent => Family::Relations,
        FindingKind::ShiftedOverlap | FindingKind::DisguisedCopy => Family::Copies,
        _ => Family::Laws,
    }
}

/// Evidence whose workers are parted.
type Control = fn(&Evidence, &mut Xoshiro256PlusPlus) -> Evidence;

/// Whether a copy tells enough whatever law words are drawn from, one by one: its first round, where it goes round.
fn is_fact(capture: &mut Capture, witness: &Witness) -> Result<bool, CaptureError> {
    let places = (capture.streams() * capture.longest()).max(1) as f64;
    // Which places, forwards or backwards, and which map.
    let map = match witness.copy {
        CopyKind::Equal => 0.0,
        _ => 2.0 * 64.0,
    };
    let paid = 2.0 * places.log2() + 1.0 + map;
    let piece = Piece {
        stream: witness.a.stream,
        from: witness.a.word as usize,
        words: (witness.words as usize).min(LOOKED_AT),
    };
    let copied = capture.load_pieces(&[piece], Arena::default())?;
    let words = copied.words();
    let told = entropy_bits(&words[..first_round(words)]);
    Ok(told >= CONVICTS + paid)
}

/// The values of each place, dealt anew among the streams of a run.
fn dealt(evidence: &Evidence, rng: &mut Xoshiro256PlusPlus) -> Evidence {
    place_by_place(evidence, rng, |_, _| {})
}

/// Values between those of each place, with the bits that all streams of all runs have alike, dealt among the streams
/// of a run.
fn redrawn(evidence: &Evidence, rng: &mut Xoshiro256PlusPlus) -> Evidence {
    let everywhere: Vec<usize> = (0..evidence.streams()).collect();
    let longest = everywhere.iter().map(|&at| evidence.stream(at).len()).max();
    let alike = |place: usize| {
        let values = everywhere
            .iter()
            .filter_map(|&at| evidence.stream(at).get(place));
        let (all, any) = values.fold((!0, 0), |(all, any), &value| (all & value, any | value));
        // Bits that are alike, and which of them are set.
        (!(all ^ any), all)
    };
    let alike: Vec<(u64, u64)> = (0..longest.unwrap_or(0)).map(alike).collect();
    let mut between = rng.clone();
    place_by_place(evidence, rng, |place, values| {
        let (bits, set) = alike[place];
        values.sort_unstable();
        for at in 0..values.len() {
            let (low, gap) = match values[at..] {
                [low, next, ..] => (low, next - low),
                // Above the largest as far as below it.
                _ if at > 0 => (values[at], values[at].saturating_sub(values[at - 1])),
                _ => (values[at], 0),
            };
            let drawn = low.saturating_add(between.random_range(0..=gap));
            values[at] = drawn & !bits | set;
        }
    })
}

/// What `change` makes of the values of each place, dealt anew among the streams of a run.
fn place_by_place(
    evidence: &Evidence,
    rng: &mut Xoshiro256PlusPlus,
    mut change: impl FnMut(usize, &mut Vec<u64>),
) -> Evidence {
    let mut words = evidence.words().to_vec();
    for run in evidence.runs() {
        // Longest first: those that reach a place stand in front.
        let mut streams: Vec<usize> = evidence.run_streams(run.run).collect();
        streams.sort_by_key(|&at| Reverse(evidence.stream(at).len()));
        let longest = streams.first().map_or(0, |&at| evidence.stream(at).len());
        let mut values = Vec::new();
        for place in 0..longest {
            let reach = streams.partition_point(|&at| evidence.stream(at).len() > place);
            values.clear();
            values.extend(
                streams[..reach]
                    .iter()
                    .map(|&at| evidence.stream(at)[place]),
            );
            change(place, &mut values);
            values.shuffle(rng);
            for (&at, &value) in streams.iter().zip(&values) {
                words[evidence.start(at) + place] = value;
            }
        }
    }
    evidence.with_words(words)
}

/// Each stream, turned by a number of places of its own.
fn shifted(evidence: &Evidence, rng: &mut Xoshiro256PlusPlus) -> Evidence {
    let mut words = evidence.words().to_vec();
    for at in 0..evidence.streams() {
        let length = evidence.stream(at).len();
        let start = evidence.start(at);
        words[start..start + length].rotate_left(rng.random_range(0..length.max(1)));
    }
    evidence.with_words(words)
}
