//! What the structure of a program explains: controls for words that have earned their name.
//!
//! Captured numbers pass for words by their looks, and looks cannot exclude every structure that all streams have
//! alike: a coarser value at every twentieth place, a checksum at the end of each row, a first value of another
//! law. Workers that are independent copies of such a program are sound. So what tests of words convict is held
//! against two controls that keep the structure and part the workers:
//!
//! * *dealt*: at each place the values are dealt anew among the streams of a run. Laws of places stay, whatever
//!   they are; what one stream has of another is gone.
//! * *shifted*: each stream is turned by a number of places of its own. Rules within a stream stay; what streams
//!   have at equal places is gone.
//!
//! A control that is convicted too shows that the structure suffices. Streams that are equal from end to end, and
//! copies that tell enough if values are drawn one by one, are facts and ask for no control.

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
    let controls: [(Control, _); 2] = [
        (
            dealt,
            "the laws of their places would convict these words too, dealt anew among the workers",
        ),
        (
            shifted,
            "rules within the streams would convict these words too, moved against each other",
        ),
    ];
    for (control, why) in controls {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
        let controlled = control(capture.load(found.words_per_stream as usize)?, &mut rng);
        let Ok(analysis) = analyze::analyze(&mut &controlled, options, &mut JoinArena::default());
        let judgement = judged(capture, &analysis, &[], question);
        if judgement.findings.iter().any(is_grave) {
            return Ok(Some(why));
        }
    }
    Ok(None)
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
    let mut words = evidence.words().to_vec();
    for run in evidence.runs() {
        // Longest first: those that reach a place stand in front.
        let mut streams: Vec<usize> = evidence.run_streams(run.run).collect();
        streams.sort_by_key(|&at| Reverse(evidence.stream(at).len()));
        let longest = streams.first().map_or(0, |&at| evidence.stream(at).len());
        for place in 0..longest {
            let reach = streams.partition_point(|&at| evidence.stream(at).len() > place);
            let mut values: Vec<u64> = streams[..reach]
                .iter()
                .map(|&at| evidence.stream(at)[place])
                .collect();
            values.shuffle(rng);
            for (&at, value) in streams.iter().zip(values) {
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
