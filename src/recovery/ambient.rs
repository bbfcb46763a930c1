//! Seeds that are facts of a program's start: its process id, the clock, these with the worker's number.
//!
//! A rule is sought in few streams and then asked of all: it is found where it explains at least half of
//! them. Seconds and milliseconds are tried from just before the start to its end (of long programs in the
//! first 2^14); finer clocks only where a seed can be read off the first word.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::{
    Launches, Wanted, all_starts, inverse,
    rules::{holds, rules, seeds, without_rank},
    starts::{Draw, First, Start},
};
use crate::{
    results::{AmbientSeed, RecoveredSeed, RecoveredSeeds},
    vocabulary::{Launch, StreamId},
};

/// Streams in which a rule is sought.
const ASKED: usize = 4;

/// Streams whose start was seen.
type Seen<'a> = Vec<(StreamId, First, &'a Launch)>;

/// The rule and its seeds, where a common generator was given facts of the starts.
pub(super) fn recover(wanted: &Wanted, launches: &Launches, of: usize) -> Option<RecoveredSeeds> {
    let mut seen: Seen<'_> = wanted
        .streams
        .values()
        .flatten()
        .filter_map(|(id, words)| Some((*id, *words, launches.get(id)?)))
        .collect();
    seen.sort_unstable_by_key(|(id, ..)| *id);
    if seen.is_empty() {
        return None;
    }
    let needed = (seen.len().div_ceil(2)).max(2.min(seen.len()));
    let (start, rule, seeds) =
        read_off(wanted, &seen, needed).or_else(|| tried(wanted, &seen, needed))?;
    Some(RecoveredSeeds {
        start: start.name.to_owned(),
        of: of as u64,
        seeds,
        below: 0,
        ambient: Some(rule),
    })
}

type Found = (&'static Start, AmbientSeed, Vec<RecoveredSeed>);

/// By inverting starts.
fn read_off(wanted: &Wanted, seen: &Seen<'_>, needed: usize) -> Option<Found> {
    if wanted.draw != Draw::Word {
        return None;
    }
    inverse::ALL.iter().find_map(|(name, seed_of)| {
        let start = all_starts()
            .into_iter()
            .find(|start| start.name.contains(name))?;
        let known: Vec<(StreamId, u64, &Launch)> = seen
            .iter()
            .filter_map(|(id, words, launch)| {
                let seed = seed_of(words);
                let mut right = false;
                start.each(wanted.draw, &[seed], |_, first| {
                    right = wanted.agree(words, first)
                });
                right.then_some((*id, seed, *launch))
            })
            .collect();
        let explained = |rule: &AmbientSeed| -> Vec<RecoveredSeed> {
            known
                .iter()
                .filter(|(id, seed, launch)| holds(rule, *seed, launch, worker(*id)))
                .map(|&(stream, seed, _)| RecoveredSeed { stream, seed })
                .collect()
        };
        best(rules().map(|rule| (rule, explained(&rule))), needed, seen)
            .map(|(rule, seeds)| (start, rule, seeds))
    })
}

/// By trying seeds: all rules and starts on few streams, what is found there on all.
fn tried(wanted: &Wanted, seen: &Seen<'_>, needed: usize) -> Option<Found> {
    let mut asked: Vec<usize> = (0..ASKED)
        .map(|i| i * (seen.len() - 1) / (ASKED - 1))
        .collect();
    asked.dedup();
    let seeds: Vec<(First, Vec<u64>)> = asked
        .iter()
        .map(|&at| {
            let (id, words, launch) = &seen[at];
            let seeds: HashSet<u64> = rules()
                .flat_map(|rule| seeds(&rule, launch, worker(*id)))
                .collect();
            (*words, seeds.into_iter().collect())
        })
        .collect();
    // The rules that explain what is found in the streams that are asked.
    let gives = |start: &'static Start| -> Option<(&'static Start, Vec<AmbientSeed>)> {
        let mut could_be = Vec::new();
        for (&at, (words, seeds)) in asked.iter().zip(&seeds) {
            let (id, _, launch) = &seen[at];
            start.each(wanted.draw, seeds, |seed, first| {
                if wanted.agree(words, first) {
                    could_be.extend(rules().filter(|rule| holds(rule, seed, launch, worker(*id))));
                }
            });
        }
        (!could_be.is_empty()).then(|| {
            (
                start,
                rules().filter(|rule| could_be.contains(rule)).collect(),
            )
        })
    };
    let starts: Vec<_> = all_starts().into_par_iter().filter_map(gives).collect();
    starts.into_iter().find_map(|(start, rules)| {
        let explained = |rule: &AmbientSeed| -> Vec<RecoveredSeed> {
            seen.par_iter()
                .filter_map(|(id, words, launch)| {
                    let mut found = None;
                    start.each(wanted.draw, &seeds_of(rule, launch, *id), |seed, first| {
                        if wanted.agree(words, first) {
                            found = Some(seed);
                        }
                    });
                    found.map(|seed| RecoveredSeed { stream: *id, seed })
                })
                .collect()
        };
        best(
            rules.into_iter().map(|rule| (rule, explained(&rule))),
            needed,
            seen,
        )
        .map(|(rule, seeds)| (start, rule, seeds))
    })
}

fn seeds_of(rule: &AmbientSeed, launch: &Launch, id: StreamId) -> Vec<u64> {
    seeds(rule, launch, worker(id))
}

/// The rule that explains most; of several the one by which what was started at once has read the fewest
/// clocks, and of these the simplest.
fn best(
    explained: impl Iterator<Item = (AmbientSeed, Vec<RecoveredSeed>)>,
    needed: usize,
    seen: &Seen<'_>,
) -> Option<(AmbientSeed, Vec<RecoveredSeed>)> {
    let launches: HashMap<StreamId, u32> = seen
        .iter()
        .map(|(id, _, launch)| (*id, launch.pid))
        .collect();
    let clocks = |rule: &AmbientSeed, seeds: &[RecoveredSeed]| {
        let read: HashSet<(u32, u64)> = seeds
            .iter()
            .filter_map(|one| {
                Some((
                    *launches.get(&one.stream)?,
                    without_rank(rule, one.seed, worker(one.stream)),
                ))
            })
            .collect();
        read.len()
    };
    explained
        .filter(|(_, seeds)| seeds.len() >= needed)
        .map(|(rule, seeds)| {
            (
                std::cmp::Reverse(seeds.len()),
                clocks(&rule, &seeds),
                rule,
                seeds,
            )
        })
        .min_by_key(|(explained, clocks, ..)| (*explained, *clocks))
        .map(|(.., rule, seeds)| (rule, seeds))
}

fn worker(id: StreamId) -> u64 {
    id.task.0.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        recovery,
        results::{Joined, Process, Rank, Tick},
        vocabulary::{Evidence, Format, RunId, RunInfo},
    };

    const WORKERS: u32 = 5;

    fn launch(run: u32, task: u32) -> Launch {
        let started_unix_ns = 1_790_000_000_123_456_789 + 2_345_678_901 * u64::from(run);
        Launch {
            pid: 31_000 + 10 * run + 3 * task,
            parent: 30_000,
            started_unix_ns,
            ended_unix_ns: started_unix_ns + 70_000_000,
            wave: run,
        }
    }

    /// What is recovered of three runs whose workers start so with seeds made of their start and number.
    fn recovered(
        name: &str,
        (draw, width): (Draw, u32),
        seed: impl Fn(&Launch, u64) -> u64,
    ) -> Option<RecoveredSeeds> {
        let start = all_starts()
            .into_iter()
            .find(|start| start.name.contains(name))
            .unwrap();
        let (mut words, mut ids, mut launches) = (Vec::new(), Vec::new(), Launches::new());
        for (run, task) in (0..3).flat_map(|run| (0..WORKERS).map(move |task| (run, task))) {
            let launch = launch(run, task);
            let seed = seed(&launch, task.into());
            start.each(draw, &[seed], |_, first| words.extend(first));
            ids.push(StreamId::new(run, task));
            launches.insert(StreamId::new(run, task), launch);
        }
        let runs = (0..3).map(|run| RunInfo::fresh(RunId(run))).collect();
        let format = Format::Bits { width };
        let evidence = Evidence::uniform(words, ids, recovery::WORDS, runs, format).unwrap();
        recovery::recover(&evidence, &launches, false)
    }

    #[test]
    fn facts_of_the_start_are_found_in_every_generator() {
        let double = (Draw::Double, 53);
        let rule = |clock, process, rank| AmbientSeed {
            clock,
            process,
            joined: Joined::Sum,
            rank,
        };
        let pid = recovered("Python's", double, |launch, _| launch.pid.into()).unwrap();
        assert_eq!(
            pid.ambient,
            Some(rule(None, Some(Process::Own), Rank::Absent))
        );
        assert_eq!((pid.seeds.len(), pid.seeds[1].seed), (15, 31_003));
        let second = |launch: &Launch, worker| launch.started_unix_ns / 1_000_000_000 + worker;
        for (name, draw) in [("C's srand(k)", (Draw::Int31, 31)), ("default_rng", double)] {
            let found = recovered(name, draw, second).unwrap();
            assert_eq!(
                found.ambient,
                Some(rule(Some(Tick::Second), None, Rank::Added)),
                "{name}"
            );
        }
        // Wider than 32 bits.
        let millis = |launch: &Launch, _| launch.started_unix_ns / 1_000_000 + 31;
        let found = recovered("Python's", double, millis).unwrap();
        assert_eq!(
            found.ambient,
            Some(rule(Some(Tick::Millisecond), None, Rank::Absent))
        );
        let micros = |launch: &Launch, worker: u64| (launch.started_unix_ns / 1000 + 4321) ^ worker;
        let found = recovered("Xoshiro256StarStar", (Draw::Word, 64), micros).unwrap();
        // Within the tolerance of a start the rank is not told from the clock.
        assert_eq!(
            found.ambient.and_then(|ambient| ambient.clock),
            Some(Tick::Microsecond)
        );
        let mixed =
            |launch: &Launch, _| (launch.started_unix_ns / 1_000_000_000) ^ u64::from(launch.pid);
        let found = recovered("PHP", (Draw::Int31, 31), mixed)
            .unwrap()
            .ambient
            .unwrap();
        assert_eq!(
            (found.clock, found.process, found.joined),
            (Some(Tick::Second), Some(Process::Own), Joined::Xor)
        );
    }

    #[test]
    fn a_seed_that_is_near_no_fact_is_none() {
        let hour_ago =
            |launch: &Launch, worker| launch.started_unix_ns / 1_000_000_000 - 3600 + 7 * worker;
        assert_eq!(recovered("default_rng", (Draw::Double, 53), hour_ago), None);
        // One worker whose index happens to be a process id is no rule.
        let listed = |_: &Launch, worker: u64| if worker == 1 { 31_003 } else { 7 * worker + 1 };
        let found = recovered("Python's", (Draw::Double, 53), listed).unwrap();
        assert_eq!(found.ambient, None);
    }
}
