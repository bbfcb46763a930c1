//! Finding out the seed of a stream: common generators are started with every small integer, and their
//! first draws are looked for at the start of the streams.
//!
//! Seeds that are too narrow rarely meet among a few workers, and until two do nothing in the words
//! shows it, whatever is tested. But whoever seeds with sixteen bits can be answered by trying them all.
//! Of a program that was started here, what its launcher knows of the starts is tried before.
//!
//! Words are compared bit for bit ([`words`]); numbers of any other kind by what programs make of a generator's
//! outputs: integers below a bound, normals, printed decimals ([`values`]).

mod ambient;
mod chacha;
mod go;
mod inverse;
mod julia;
mod languages;
mod numpy;
mod outputs;
mod rules;
mod sha256;
mod sought;
mod starts;
mod twisters;
mod values;
mod words;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
};

use rayon::prelude::*;

use crate::{
    results::{RecoveredSeed, RecoveredSeeds},
    vocabulary::{Evidence, Launch, RunGroup, StreamId},
};
use sought::{Hit, Sought};

/// What was seen of the program that gave a stream.
pub type Launches = HashMap<StreamId, Launch>;

/// Numbers of every stream that are looked at.
pub const WORDS: usize = 64;

/// Seeds that are tried of every generator (binary logarithm); of values of which no start was seen; and of a
/// generator that gave some stream where others are still open.
const LOG2_TRIED: u32 = 16;
const LOG2_TRIED_OF_VALUES: u32 = 14;
const LOG2_FOLLOWED: u32 = 20;

/// Seeds that one thread tries at a time.
const AT_A_TIME: u32 = 1024;

/// The seeds of fresh streams, where a common generator was started with facts of the program's start
/// (`launches`, where they are known; see [`AmbientSeed`](crate::results::AmbientSeed)), or with integers below
/// 2^16, and once one was, below 2^20. Numbers that words hold in part only (fractions, outputs of another width)
/// are tried below 2^14 where no start was seen, unless `thorough`, which also has microseconds for facts. `None`
/// where none is found.
pub fn recover(evidence: &Evidence, launches: &Launches, thorough: bool) -> Option<RecoveredSeeds> {
    let fresh = fresh(evidence);
    let of_words = words::Wanted::of(evidence, &fresh)
        .and_then(|wanted| of(&wanted, launches, fresh.len(), LOG2_TRIED, thorough));
    of_words.or_else(|| {
        let wanted = values::Wanted::of_bits(evidence, &fresh)?;
        let tried = tried_of_values(launches, thorough);
        of(&wanted, launches, fresh.len(), tried, thorough)
    })
}

/// As [`recover`], of values whose words stand for numbers.
pub fn recover_values(
    evidence: &Evidence,
    number: impl Fn(u64) -> f64,
    launches: &Launches,
    thorough: bool,
) -> Option<RecoveredSeeds> {
    let fresh = fresh(evidence);
    let wanted = values::Wanted::of_numbers(evidence, &fresh, number)?;
    let tried = tried_of_values(launches, thorough);
    of(&wanted, launches, fresh.len(), tried, thorough)
}

fn tried_of_values(launches: &Launches, thorough: bool) -> u32 {
    match launches.is_empty() && !thorough {
        true => LOG2_TRIED_OF_VALUES,
        false => LOG2_TRIED,
    }
}

/// Streams of runs that were given no seed.
fn fresh(evidence: &Evidence) -> Vec<usize> {
    evidence
        .runs()
        .iter()
        .filter(|run| run.group == RunGroup::Fresh)
        .flat_map(|run| evidence.run_streams(run.run))
        .collect()
}

fn of<S: Sought>(
    wanted: &S,
    launches: &Launches,
    of: usize,
    log2_tried: u32,
    thorough: bool,
) -> Option<RecoveredSeeds> {
    if wanted.streams().is_empty() {
        return None;
    }
    if let Some(found) = ambient::recover(wanted, launches, of, thorough) {
        return Some(found);
    }
    let tried: u32 = 1 << log2_tried;
    let (start, how, mut seeds) = wanted
        .starts()
        .into_par_iter()
        .flat_map_iter(|start| {
            let mut ways: BTreeMap<u32, Vec<RecoveredSeed>> = BTreeMap::new();
            for hit in small(wanted, start, 0..tried) {
                ways.entry(hit.how).or_default().push(recovered(hit));
            }
            ways.into_iter()
                .map(move |(how, seeds)| (start, how, seeds))
        })
        // Of starts that explain as much, the first.
        .reduce_with(|a, b| if b.2.len() > a.2.len() { b } else { a })?;
    let mut below = tried;
    if seeds.len() < of {
        below = 1 << LOG2_FOLLOWED;
        let more = small(wanted, start, tried..below);
        seeds.extend(more.into_iter().filter(|hit| hit.how == how).map(recovered));
    }
    if seeds.len() < of {
        let more = listed(wanted, start, &seeds);
        seeds.extend(more.into_iter().filter(|hit| hit.how == how).map(recovered));
    }
    seeds.sort_by_key(|one| (one.stream, one.seed));
    seeds.dedup_by_key(|one| one.stream);
    Some(RecoveredSeeds {
        start: wanted.name(start, how),
        of: of as u64,
        seeds,
        below: below.into(),
        ambient: None,
    })
}

fn recovered(hit: Hit) -> RecoveredSeed {
    RecoveredSeed {
        stream: hit.stream,
        seed: hit.seed,
    }
}

/// What the lists of one of these seeds and the worker's number give, where the number of a list is made of words
/// of 32 bits: worker 0 has the seed alone.
fn listed<S: Sought>(wanted: &S, start: S::Start, known: &[RecoveredSeed]) -> Vec<Hit> {
    let streams = wanted.streams();
    let roots: HashSet<(u32, u64)> = known
        .iter()
        .filter(|one| one.stream.task.0 == 0)
        .map(|one| (one.stream.run.0, one.seed))
        .collect();
    let lists: Vec<u64> = streams
        .iter()
        .filter(|stream| stream.task.0 > 0)
        .flat_map(|stream| {
            let own = roots.iter().filter(|(run, _)| *run == stream.run.0);
            own.map(|(_, root)| root | u64::from(stream.task.0) << 32)
        })
        .collect();
    let mut hits = Vec::new();
    wanted.tried(start, &lists, &mut |hit| {
        if hit.seed >> 32 == u64::from(hit.stream.task.0) {
            hits.push(hit);
        }
    });
    hits
}

/// What these seeds of one start give.
fn small<S: Sought>(wanted: &S, start: S::Start, seeds: Range<u32>) -> Vec<Hit> {
    let Range { start: from, end } = seeds;
    (from..end)
        .into_par_iter()
        .step_by(AT_A_TIME as usize)
        .flat_map_iter(|from| {
            let some: Vec<u64> = (from..end.min(from + AT_A_TIME)).map(u64::from).collect();
            let mut hits = Vec::new();
            wanted.tried(start, &some, &mut |hit| hits.push(hit));
            hits
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{
        starts::{self, Draw, GeneratorStart, WORDS},
        words::all_starts,
        *,
    };
    use crate::vocabulary::{Format, RunId, RunInfo};

    fn started(start: &'static GeneratorStart, draw: Draw, width: u32, seeds: &[u64]) -> Evidence {
        let mut words = Vec::new();
        starts::each(&[start], draw, seeds, |_, _, first| words.extend(first));
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
                starts::each(&[start], draw, &[0], |_, _, _| gives = true);
                if !gives {
                    continue;
                }
                let evidence = started(start, draw, width, &[5, 900, 77]);
                let wanted = words::Wanted::of(&evidence, &[0, 1, 2]).unwrap();
                let found: Vec<(String, u64)> = wanted
                    .starts()
                    .into_iter()
                    .flat_map(|start| {
                        let named = |hit: Hit| (wanted.name(start, hit.how), hit.seed);
                        small(&wanted, start, 0..1024)
                            .into_iter()
                            .map(named)
                            .collect::<Vec<_>>()
                    })
                    .collect();
                assert_eq!(
                    found,
                    [5, 77, 900].map(|seed| (start.name.to_owned(), seed))
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

    #[test]
    fn lists_of_a_small_seed_and_the_worker_are_found_by_that_of_worker_0() {
        let start = all_starts()
            .into_iter()
            .find(|start| start.name.contains("Generator(SFC64(k))"))
            .unwrap();
        let seeds = [0u64, 1, 2, 3].map(|worker| 42 | worker << 32);
        let evidence = started(start, Draw::Double, 53, &seeds);
        let found = recover(&evidence, &Launches::new(), false).unwrap();
        assert_eq!(found.start, start.name);
        let known: Vec<u64> = found.seeds.iter().map(|one| one.seed).collect();
        assert_eq!(known, seeds);
    }
}
