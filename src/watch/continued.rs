//! States that are some draws apart and share nothing: one hand goes over its own draws again, or one goes on where
//! another has come to.

use std::collections::{BTreeMap, HashMap};

use super::{
    finding::Finding,
    streams::{LEAST_WORDS, Stream},
    told::{shown, split, state},
};
use crate::verdict::Severity;

/// Halves of words that tell a place in a sequence: 128 bits.
const PLACE: usize = 4;

/// What the analyser is to judge, and what it need not.
pub(super) struct Continued<'a> {
    /// Streams, with the words that are judged.
    pub(super) judged: Vec<(&'a Stream, Vec<u64>)>,
    /// Streams that begin within another one of the same thread.
    pub(super) again: Vec<&'a Stream>,
}

/// Leaves out what shares nothing, of streams that all differ.
pub(super) fn sort<'a>(streams: &[&'a Stream]) -> Continued<'a> {
    // Draws may be halves of words, so that a place is one of halves.
    let sequences: Vec<Vec<u32>> = streams
        .iter()
        .map(|stream| halves(&stream.draw.words))
        .collect();
    let mut begins: HashMap<&[u32], Vec<usize>> = HashMap::new();
    for (number, sequence) in sequences.iter().enumerate() {
        begins.entry(&sequence[..PLACE]).or_default().push(number);
    }
    let hand = |number: usize| (&streams[number].process, streams[number].draw.thread);
    let mut again = vec![false; streams.len()];
    let mut cut = vec![false; streams.len()];
    for (number, sequence) in sequences.iter().enumerate() {
        let used = streams[number].used.map(|words| 2 * words as usize);
        for (at, place) in sequence.windows(PLACE).enumerate().skip(1) {
            let others = begins.get(place).map_or(&[][..], Vec::as_slice);
            for &other in others.iter().filter(|&&other| other != number) {
                if used.is_some_and(|used| at >= used) {
                    cut[number] = true;
                } else if hand(other) == hand(number) {
                    again[other] = true;
                }
            }
        }
    }
    let mut sorted = Continued {
        judged: Vec::new(),
        again: Vec::new(),
    };
    for (number, &stream) in streams.iter().enumerate() {
        let mut words = stream.draw.words.clone();
        if cut[number] {
            words.truncate(stream.used.unwrap_or_default() as usize);
        }
        if again[number] {
            sorted.again.push(stream);
        } else if words.len() >= LEAST_WORDS {
            sorted.judged.push((stream, words));
        }
    }
    sorted
}

fn halves(words: &[u64]) -> Vec<u32> {
    let both = |word: &u64| [*word as u32, (*word >> 32) as u32];
    words.iter().flat_map(both).collect()
}

/// Notes of lines that go over the draws of their own thread again.
pub(super) fn notes(again: &[&Stream], folder: &str) -> Vec<Finding> {
    let mut lines: BTreeMap<String, Vec<&Stream>> = BTreeMap::new();
    for stream in again {
        let line = shown(&stream.draw.place.line, folder);
        lines.entry(line).or_default().push(stream);
    }
    let note = |(at, streams): (String, Vec<&Stream>)| {
        let (file, line) = split(&at);
        let times = streams.len();
        Finding {
            rule: "repeated-words".into(),
            severity: Severity::Note,
            message: format!(
                "{at} goes over draws of its own thread again, {times} time{}, with {}",
                if times == 1 { "" } else { "s" },
                state(streams[0], folder)
            ),
            cause: "a copy of a generator, or a state that was put back, some draws before where the other is".into(),
            cure: "none where that is meant, as for a trial that is thrown away; else draw on from one generator"
                .into(),
            file,
            line,
            related: vec![shown(&streams[0].draw.born.line, folder)],
            streams: times as u64,
            processes: 1,
            allowed: false,
        }
    };
    lines.into_iter().map(note).collect()
}
