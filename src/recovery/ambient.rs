//! Seeds that are facts of a program's start: its process id, the clock, these with the worker's number.
//!
//! A rule is sought in few streams and then asked of all: it is found where it explains at least half of
//! them. Seconds and milliseconds are tried from just before the start to its end (of long programs in the
//! first 2^14); finer clocks only where a seed can be read off the first word.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::{
    Launches,
    rules::{Window, holds, is_list, rules, seeds, without_rank},
    sought::{Hit, Sought},
};
use crate::{
    results::{AmbientSeed, RecoveredSeed, RecoveredSeeds},
    vocabulary::{Launch, StreamId},
};

/// Streams in which a rule is sought: it holds for most, or is none.
const ASKED: usize = 2;

/// Streams whose start was seen.
type Seen<'a> = Vec<(StreamId, &'a Launch)>;

/// The rule and its seeds, where a common generator was given facts of the starts.
pub(super) fn recover<S: Sought>(
    wanted: &S,
    launches: &Launches,
    of: usize,
    thorough: bool,
) -> Option<RecoveredSeeds> {
    let seen: Seen<'_> = wanted
        .streams()
        .into_iter()
        .filter_map(|id| Some((id, launches.get(&id)?)))
        .collect();
    if seen.is_empty() {
        return None;
    }
    let needed = (seen.len().div_ceil(2)).max(2.min(seen.len()));
    let window = if thorough {
        Window::Wide
    } else {
        Window::Narrow
    };
    let Found {
        start,
        how,
        rule,
        seeds,
    } = read_off(wanted, &seen, needed).or_else(|| tried(wanted, &seen, needed, window))?;
    Some(RecoveredSeeds {
        start: wanted.name(start, how),
        of: of as u64,
        seeds,
        below: 0,
        ambient: Some(rule),
    })
}

struct Found<Start> {
    start: Start,
    how: u32,
    rule: AmbientSeed,
    seeds: Vec<RecoveredSeed>,
}

/// By inverting starts.
fn read_off<S: Sought>(wanted: &S, seen: &Seen<'_>, needed: usize) -> Option<Found<S::Start>> {
    let launches: HashMap<StreamId, &Launch> = seen.iter().copied().collect();
    wanted.read_off().into_iter().find_map(|(start, known)| {
        let explained = |rule: &AmbientSeed| -> Vec<RecoveredSeed> {
            known
                .iter()
                .filter(|(id, seed)| {
                    let launch = launches.get(id);
                    launch
                        .is_some_and(|launch| holds(rule, *seed, launch, worker(*id), Window::Wide))
                })
                .map(|&(stream, seed)| RecoveredSeed { stream, seed })
                .collect()
        };
        let all = rules().map(|rule| (rule, explained(&rule)));
        best(all, needed, seen).map(|(rule, seeds)| Found {
            start,
            how: 0,
            rule,
            seeds,
        })
    })
}

/// By trying seeds: all rules and starts on few streams, what is found there on all.
fn tried<S: Sought>(
    wanted: &S,
    seen: &Seen<'_>,
    needed: usize,
    window: Window,
) -> Option<Found<S::Start>> {
    // Those that took the least time leave the fewest ticks to try; of equal ones the outermost.
    let mut asked: Vec<usize> = (0..seen.len()).collect();
    asked.sort_by_key(|&at| {
        let launch = seen[at].1;
        let ms = (launch.ended_unix_ns - launch.started_unix_ns) / 1_000_000;
        (ms, at.min(seen.len() - 1 - at))
    });
    asked.truncate(ASKED);
    let candidates: Vec<Vec<u64>> = asked
        .iter()
        .map(|&at| {
            let (id, launch) = &seen[at];
            let seeds: HashSet<u64> = rules()
                .flat_map(|rule| seeds(&rule, launch, worker(*id), window))
                .collect();
            seeds.into_iter().collect()
        })
        .collect();
    // The rules that explain what is found in the streams that are asked, by how numbers are drawn.
    let gives = |start: S::Start| -> Vec<(S::Start, u32, Vec<AmbientSeed>)> {
        let mut ways: BTreeMap<u32, HashSet<AmbientSeed>> = BTreeMap::new();
        for (&at, seeds) in asked.iter().zip(&candidates) {
            let (id, launch) = &seen[at];
            wanted.tried(start, seeds, &mut |hit| {
                if hit.stream == *id {
                    let reads_lists = reads_more_than_half(wanted, start, &hit);
                    let could_be = rules()
                        .filter(|rule| holds(rule, hit.seed, launch, worker(*id), window))
                        .filter(|rule| reads_lists || !is_list(rule));
                    ways.entry(hit.how).or_default().extend(could_be);
                }
            });
        }
        ways.into_iter()
            .map(|(how, could_be)| {
                let in_order = rules().filter(|rule| could_be.contains(rule)).collect();
                (start, how, in_order)
            })
            .collect()
    };
    let starts: Vec<_> = wanted
        .starts()
        .into_par_iter()
        .flat_map_iter(gives)
        .collect();
    starts.into_iter().find_map(|(start, how, rules)| {
        let explained = |rule: &AmbientSeed| -> Vec<RecoveredSeed> {
            seen.par_iter()
                .filter_map(|(id, launch)| {
                    let mut found = None;
                    let seeds = seeds(rule, launch, worker(*id), window);
                    wanted.tried(start, &seeds, &mut |hit| {
                        if hit.stream == *id && hit.how == how {
                            found = Some(hit.seed);
                        }
                    });
                    found.map(|seed| RecoveredSeed { stream: *id, seed })
                })
                .collect()
        };
        let all = rules.into_iter().map(|rule| (rule, explained(&rule)));
        best(all, needed, seen).map(|(rule, seeds)| Found {
            start,
            how,
            rule,
            seeds,
        })
    })
}

/// Whether the upper half of a seed matters to a start: where it is dropped, as by generators that take 32 bits, a list
/// of which it is a part was not read, and a worker's number alone gives the same.
fn reads_more_than_half<S: Sought>(wanted: &S, start: S::Start, hit: &Hit) -> bool {
    if hit.seed >> 32 == 0 {
        return true;
    }
    let mut same = false;
    wanted.tried(start, &[hit.seed & 0xffff_ffff], &mut |other| {
        same |= other.stream == hit.stream && other.how == hit.how;
    });
    !same
}

/// The rule that explains most; of several the one by which what was started at once has read the fewest
/// clocks, and of these the simplest.
fn best(
    explained: impl Iterator<Item = (AmbientSeed, Vec<RecoveredSeed>)>,
    needed: usize,
    seen: &Seen<'_>,
) -> Option<(AmbientSeed, Vec<RecoveredSeed>)> {
    let launches: HashMap<StreamId, u32> =
        seen.iter().map(|(id, launch)| (*id, launch.pid)).collect();
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
        recovery::{
            self,
            starts::{self, Draw, WORDS},
            words::all_starts,
        },
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
            starts::each(&[start], draw, &[seed], |_, _, first| words.extend(first));
            ids.push(StreamId::new(run, task));
            launches.insert(StreamId::new(run, task), launch);
        }
        let runs = (0..3).map(|run| RunInfo::fresh(RunId(run))).collect();
        let format = Format::Bits { width };
        let evidence = Evidence::uniform(words, ids, WORDS, runs, format).unwrap();
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
        let perls = |launch: &Launch, _| {
            let pid = u64::from(launch.pid);
            (launch.started_unix_ns / 1_000_000_000) ^ (pid + (pid << 15))
        };
        type Seed = fn(&Launch, u64) -> u64;
        let seeds: [(_, Seed); 2] = [(Joined::Xor, mixed), (Joined::Spread, perls)];
        for (joined, seed) in seeds {
            let found = recovered("PHP", (Draw::Int31, 31), seed).unwrap();
            let found = found.ambient.unwrap();
            assert_eq!(
                (found.clock, found.process, found.joined),
                (Some(Tick::Second), Some(Process::Own), joined)
            );
        }
    }

    #[test]
    fn facts_in_lists_are_found_in_every_bit_generator_of_numpys() {
        type Seed = fn(&Launch, u64) -> u64;
        let rule = |clock, joined, rank| AmbientSeed {
            clock,
            process: Some(Process::Own),
            joined,
            rank,
        };
        let second = Some(Tick::Second);
        let seeds: [(_, Seed); 5] = [
            (rule(None, Joined::Sum, Rank::Absent), |launch, _| {
                launch.pid.into()
            }),
            (rule(None, Joined::Sum, Rank::Behind), |launch, worker| {
                u64::from(launch.pid) | worker << 32
            }),
            (rule(None, Joined::Sum, Rank::Before), |launch, worker| {
                worker | u64::from(launch.pid) << 32
            }),
            (rule(second, Joined::Listed, Rank::Absent), |launch, _| {
                (launch.started_unix_ns / 1_000_000_000) | (u64::from(launch.pid) << 32)
            }),
            (
                rule(second, Joined::ListedBack, Rank::Absent),
                |launch, _| {
                    u64::from(launch.pid) | ((launch.started_unix_ns / 1_000_000_000) << 32)
                },
            ),
        ];
        for name in [
            "default_rng(k)",
            "PCG64DXSM(k)",
            "Philox(k)",
            "Philox(key=k)",
            "SFC64(k)",
            "MT19937(k)",
        ] {
            for (rule, seed) in seeds {
                let found = recovered(name, (Draw::Double, 53), seed).unwrap();
                assert!(found.start.contains(name), "{name}: {}", found.start);
                assert_eq!(found.ambient, Some(rule), "{name}");
                assert_eq!(found.seeds.len(), 15, "{name}");
            }
        }
    }

    /// A generator that takes 32 bits drops the process id of a list, and the worker's number is left.
    #[test]
    fn a_list_of_which_half_is_dropped_is_none() {
        let found = recovered("np.random.seed", (Draw::Double, 53), |_, worker| worker).unwrap();
        assert_eq!(found.ambient, None, "{found:?}");
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
