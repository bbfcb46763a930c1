//! Finding out the seed of a stream: common generators are started with every small integer, and their
//! first words are looked for among the first words of the streams.
//!
//! Seeds that are too narrow rarely meet among a few workers, and until two do nothing in the words
//! shows it, whatever is tested. But whoever seeds with sixteen bits can be answered by trying them all.
//! Of a program that was started here, what its launcher knows of the starts is tried before.

mod ambient;
mod inverse;
mod languages;
mod rules;
mod starts;
mod twisters;

use std::{collections::HashMap, ops::Range};

use rayon::prelude::*;

use crate::{
    results::{RecoveredSeed, RecoveredSeeds},
    vocabulary::{Evidence, Launch, RunGroup, StreamId},
};
pub use starts::WORDS;
use starts::{Draw, First, Start};

/// What was seen of the program that gave a stream.
pub type Launches = HashMap<StreamId, Launch>;

/// Every start that is tried.
fn all_starts() -> Vec<&'static Start> {
    starts::STARTS.iter().chain(languages::STARTS).collect()
}

/// Seeds that are tried of every generator (binary logarithm), and of one that gave some stream where
/// others are still open.
const LOG2_TRIED: u32 = 13;
const LOG2_THOROUGH: u32 = 16;
const LOG2_FOLLOWED: u32 = 20;

/// Seeds that one thread tries at a time.
const AT_A_TIME: u32 = 256;

/// Bits of a word that are compared: conversions to doubles may round the last ones.
const COMPARED: u32 = 48;

/// The seeds of fresh streams, where a common generator was started with facts of the program's start
/// (`launches`, where they are known; see [`AmbientSeed`](crate::results::AmbientSeed)), or with integers below
/// 2^13 (2^16 if `thorough`), and once one was, below 2^20. `None` where none is found, or numbers are of no format
/// that generators give.
///
/// Four words of at least 24 bits are compared: chance gives the start of any of 2^20 seeds of a dozen
/// generators to any of 2^16 streams with probability below 2^-55.
pub fn recover(evidence: &Evidence, launches: &Launches, thorough: bool) -> Option<RecoveredSeeds> {
    let width = evidence.format().uniform_width()?;
    let draw = Draw::of_width(width)?;
    let mask = u64::MAX << (64 - width.min(COMPARED));
    let fresh: Vec<usize> = evidence
        .runs()
        .iter()
        .filter(|run| run.group == RunGroup::Fresh)
        .flat_map(|run| evidence.run_streams(run.run))
        .collect();
    let mut wanted = Wanted {
        draw,
        mask,
        streams: HashMap::new(),
    };
    for &index in &fresh {
        if let Some(words) = evidence.stream(index).first_chunk::<WORDS>() {
            let id = evidence.id(index);
            wanted
                .streams
                .entry(words[0] & mask)
                .or_default()
                .push((id, *words));
        }
    }
    if wanted.streams.is_empty() {
        return None;
    }
    if let Some(found) = ambient::recover(&wanted, launches, fresh.len()) {
        return Some(found);
    }
    let tried: u32 = 1 << if thorough { LOG2_THOROUGH } else { LOG2_TRIED };
    let found = all_starts()
        .into_par_iter()
        .map(|start| (start, wanted.tried(start, 0..tried)))
        .filter(|(_, seeds)| !seeds.is_empty())
        .collect::<Vec<_>>();
    let (start, mut seeds) = found.into_iter().max_by_key(|(_, seeds)| seeds.len())?;
    let mut below = tried;
    if seeds.len() < fresh.len() {
        below = 1 << LOG2_FOLLOWED;
        seeds.extend(wanted.tried(start, tried..below));
    }
    seeds.sort_by_key(|one| one.stream);
    seeds.dedup_by_key(|one| one.stream);
    Some(RecoveredSeeds {
        start: start.name.to_owned(),
        of: fresh.len() as u64,
        seeds,
        below: below.into(),
        ambient: None,
    })
}

/// The streams whose seeds are sought, by their first word.
struct Wanted {
    draw: Draw,
    mask: u64,
    streams: HashMap<u64, Vec<(StreamId, First)>>,
}

impl Wanted {
    /// The streams that these seeds start.
    fn tried(&self, start: &Start, seeds: Range<u32>) -> Vec<RecoveredSeed> {
        let Range { start: from, end } = seeds;
        (from..end)
            .into_par_iter()
            .step_by(AT_A_TIME as usize)
            .flat_map_iter(|from| {
                let some: Vec<u64> = (from..end.min(from + AT_A_TIME)).map(u64::from).collect();
                let mut found = Vec::new();
                start.each(self.draw, &some, |seed, first| {
                    let streams = self.streams.get(&(first[0] & self.mask));
                    for (stream, words) in streams.into_iter().flatten() {
                        if self.agree(words, first) {
                            found.push(RecoveredSeed {
                                stream: *stream,
                                seed,
                            });
                        }
                    }
                });
                found
            })
            .collect()
    }

    /// Whether these are the same first words, as far as they are compared.
    fn agree(&self, words: &First, first: &First) -> bool {
        let differ = words
            .iter()
            .zip(first)
            .fold(0, |differ, (a, b)| differ | (a ^ b));
        differ & self.mask == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Format, RunId, RunInfo};

    fn started(start: &Start, draw: Draw, width: u32, seeds: &[u64]) -> Evidence {
        let mut words = Vec::new();
        start.each(draw, seeds, |_, first| words.extend(first));
        let ids = (0..seeds.len() as u32).map(|task| StreamId::new(0, task));
        let runs = vec![RunInfo::fresh(RunId(0))];
        let format = Format::Bits { width };
        Evidence::uniform(words, ids.collect(), WORDS, runs, format).unwrap()
    }

    #[test]
    fn every_start_is_told_from_every_other() {
        for (draw, width) in Draw::ALL {
            for start in all_starts() {
                let mut gives = false;
                start.each(draw, &[0], |_, _| gives = true);
                if !gives {
                    continue;
                }
                let found = recover(
                    &started(start, draw, width, &[5, 900, 77]),
                    &Launches::new(),
                    false,
                )
                .unwrap();
                let seeds: Vec<u64> = found.seeds.iter().map(|one| one.seed).collect();
                assert_eq!(
                    (found.start.as_str(), seeds),
                    (start.name, vec![5, 900, 77])
                );
            }
        }
    }

    #[test]
    fn seeds_beyond_those_tried_are_followed_once_one_is_found() {
        let start = all_starts()[0];
        let seeds = [3, 70_000, 1 << 30];
        let found = recover(
            &started(start, Draw::Double, 53, &seeds),
            &Launches::new(),
            false,
        )
        .unwrap();
        assert_eq!((found.seeds.len(), found.of, found.below), (2, 3, 1 << 20));
        assert_eq!(
            recover(
                &started(start, Draw::Double, 53, &[70_000, 1 << 30]),
                &Launches::new(),
                false
            ),
            None
        );
    }
}
