//! The walk of a program's seed: runs whose given seeds differ from one of them in a single bit.

use crate::{
    capture::{Capture, CaptureError},
    results::{SeedWalk, TestResult},
    statistics::Avalanche,
    vocabulary::{Arena, Evidence, Piece, RootSeed, RunId, StreamId},
};

/// Flips that make a walk; a few seeds that people use differ in one bit by chance.
const FLIPS: usize = 8;
/// Runs from which the others may have been flipped: the walk that is offered starts at a small seed.
const CANDIDATES: usize = 64;
/// First words of every stream.
const WORDS: usize = 8;
/// Streams of every run, the first ones.
const STREAMS: u32 = 8;

/// The walk of the seed in a capture, with its results; `None` where its runs are none, or its elements
/// are no uniform bits. Known are the seeds alone before data, and so is whether there is a walk.
///
/// # Errors
/// When none of these streams can be read.
pub(super) fn walk(
    capture: &mut Capture,
) -> Result<Option<(SeedWalk, Vec<TestResult>)>, CaptureError> {
    let (Some(width), true) = (capture.format().uniform_width(), capture.is_labelled()) else {
        return Ok(None);
    };
    let Some((base, flips)) = flips(capture) else {
        return Ok(None);
    };
    let mut runs: Vec<RunId> = flips.iter().map(|&(run, _)| run).chain([base]).collect();
    runs.sort_unstable();
    // The control compares with words that come later.
    let pieces: Vec<Piece> = runs
        .into_iter()
        .flat_map(|run| (0..STREAMS).map(move |task| StreamId::new(run.0, task)))
        .map(|stream| Piece {
            stream,
            from: 0,
            words: 2 * WORDS,
        })
        .collect();
    let evidence = capture.load_pieces(&pieces, Arena::default())?;
    let words = (evidence.aligned_words() / 2).min(WORDS);
    let first = rows(&evidence, base, 0, words);
    if first.is_empty() {
        return Ok(None);
    }
    let bits = flips.iter().map(|&(_, bit)| bit + 1).max().unwrap_or(0);
    let compared = |from| {
        let mut walk = Avalanche::new(bits, words, width);
        for &(run, bit) in &flips {
            let other = rows(&evidence, run, from, words);
            // A run of fewer streams cannot be compared stream by stream.
            if other.len() == first.len() {
                walk.add(bit, &first, &other);
            }
        }
        walk.count_base();
        walk
    };
    let walk = compared(0);
    let mut results = walk.dead_bits(bits);
    results.extend(walk.weak_bits(bits, || Some(compared(words))));
    Ok(Some((walk.summary(bits), results)))
}

/// The run of whose seed most others are flips, and which run flips which bit. Runs are in the order of
/// their seeds.
fn flips(capture: &Capture) -> Option<(RunId, Vec<(RunId, u32)>)> {
    let seeded: Vec<(RunId, RootSeed)> = capture
        .runs()
        .iter()
        .filter_map(|info| Some((info.run, info.root?)))
        .collect();
    seeded
        .iter()
        .take(CANDIDATES)
        .map(|(base, root)| {
            let flips = seeded
                .iter()
                .filter_map(|(run, other)| Some((*run, flipped(root, other)?)));
            (*base, flips.collect::<Vec<_>>())
        })
        .filter(|(_, flips)| flips.len() >= FLIPS)
        .max_by_key(|(base, flips)| (flips.len(), std::cmp::Reverse(*base)))
}

/// The one bit in which two seeds differ.
fn flipped(a: &RootSeed, b: &RootSeed) -> Option<u32> {
    let bits = || {
        (0_u32..256).filter(|bit| {
            let byte = (bit / 8) as usize;
            (a.bytes()[byte] ^ b.bytes()[byte]) >> (bit % 8) & 1 == 1
        })
    };
    (bits().count() == 1).then(|| bits().next())?
}

/// So many words of every stream of a run, stream after stream.
fn rows(evidence: &Evidence, run: RunId, from: usize, words: usize) -> Vec<u64> {
    evidence
        .run_streams(run)
        .flat_map(|stream| evidence.stream(stream)[from..from + words].iter().copied())
        .collect()
}
