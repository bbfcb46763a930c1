//! Seeds that are known from the call: process ids, the clock, ranks; sequences begun again; and seeds that come
//! after the first draw.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    finding::{Finding, cure},
    record::{Place, Seed, StateOrigin},
    streams::{Sorted, Stream, WatchedProcess},
    told::{lines, processes, shown, split, state},
};
use crate::verdict::Severity;

/// Seeds below this are small: ranks, indices, the numbers that people choose.
const SMALL: i64 = 1 << 16;
/// Three seeds or more that all lie closer together are a number and a rank: of three random ones of 32 bits, one
/// triple in 10⁹ does.
const NEAR: i64 = 1 << 16;
/// A clock that was read for a seed was read at most so long before the first draw.
const CLOCK_WINDOW_S: i64 = 600;
/// The same for a clock of which only a part is left.
const CUT_CLOCK_WINDOW_MS: i64 = 10_000;
/// Ranks and indices that are added to a clock.
const RANKS: i64 = 1024;

fn process<'a>(stream: &Stream, sorted: &'a Sorted) -> Option<&'a WatchedProcess> {
    sorted.processes.iter().find(|p| p.name == stream.process)
}

/// What a seed was read from, if it is a number that the process could read.
fn ambient_source(stream: &Stream, sorted: &Sorted) -> Option<&'static str> {
    if stream.draw.inherited || stream.copied.is_some() {
        return None;
    }
    let at = (stream.at / 1_000_000_000) as i64;
    // A seed may be the clock and a rank.
    let is_now = |seconds: i64| (at - CLOCK_WINDOW_S..=at + RANKS).contains(&seconds);
    let seed = match stream.draw.seed {
        Some(Seed::Number(seed)) => seed,
        Some(Seed::Real(seed)) => return is_now(seed as i64).then_some("the clock"),
        _ => return None,
    };
    let hello = &process(stream, sorted)?.hello;
    let (pid, ppid) = (i64::from(hello.pid), i64::from(hello.ppid));
    if seed == pid {
        Some("its process id")
    } else if seed > 1 && seed == ppid {
        Some("its parent's process id")
    } else if is_now(seed) {
        Some("the second of the clock")
    } else if [1_000, 1_000_000, 1_000_000_000]
        .iter()
        .any(|unit| is_now(seed / unit))
    {
        Some("the clock")
    } else if is_now(seed - pid) || is_now(seed ^ pid) {
        Some("the clock and its process id")
    } else {
        None
    }
}

/// Whether a seed is the clock's milliseconds cut to 32 bits, as numpy takes them. One in 400,000 numbers is: a
/// single one tells nothing.
fn is_cut_clock(stream: &Stream) -> bool {
    let Some(Seed::Number(seed)) = stream.draw.seed else {
        return false;
    };
    let now = (stream.at / 1_000_000) as i64;
    let held = [1_i64 << 32, (1 << 32) - 1].into_iter();
    held.filter(|modulus| (0..*modulus).contains(&seed))
        .any(|modulus| (now - seed).rem_euclid(modulus) <= CUT_CLOCK_WINDOW_MS)
}

/// Places where two states or more were seeded, every one of them with the clock cut to 32 bits.
fn cut_clocks(sorted: &Sorted) -> BTreeMap<(&'static str, &Place), Vec<&Stream>> {
    let mut places: BTreeMap<&Place, Vec<&Stream>> = BTreeMap::new();
    for stream in &sorted.streams {
        if !stream.draw.inherited && stream.copied.is_none() && stream.draw.seed.is_some() {
            places.entry(&stream.draw.born).or_default().push(stream);
        }
    }
    places
        .into_iter()
        .filter(|(_, group)| group.len() > 1 && group.iter().all(|stream| is_cut_clock(stream)))
        .map(|(place, group)| (("the milliseconds of the clock", place), group))
        .collect()
}

/// Seeds that are process ids or the clock.
pub(super) fn ambient(sorted: &Sorted, folder: &str) -> Vec<Finding> {
    let mut groups = cut_clocks(sorted);
    for stream in &sorted.streams {
        if let Some(source) = ambient_source(stream, sorted) {
            groups
                .entry((source, &stream.draw.born))
                .or_default()
                .push(stream);
        }
    }
    groups
        .into_iter()
        .map(|((source, born), group)| {
            let of_processes = processes(&group);
            let seeds = shown(&born.line, folder);
            let (file, line) = split(&seeds);
            let parallel = of_processes > 1 && !born.in_library;
            Finding {
                rule: "narrow-seeds".into(),
                severity: if parallel { Severity::Error } else { Severity::Warning },
                message: format!(
                    "{seeds} seeds {} with {source}{}",
                    group[0].draw.library.name(),
                    if of_processes > 1 { format!(", in {of_processes} processes") } else { String::new() },
                ),
                cause: "such numbers are few and come again: in another container, on another node, in \
                        another run, two workers get the same one"
                    .into(),
                cure: cure(group[0].draw.library, &group[0].draw.kind, StateOrigin::Seeded, false, false),
                file,
                line,
                related: lines(group.iter().map(|stream| &stream.draw.place), folder),
                streams: group.len() as u64,
                processes: of_processes,
                allowed: false,
            }
        })
        .collect()
}

/// Different integers that are small or near as the seeds of several processes or threads: a rank, an index.
pub(super) fn small(sorted: &Sorted, folder: &str) -> Vec<Finding> {
    let mut groups: BTreeMap<&Place, Vec<(&Stream, i64)>> = BTreeMap::new();
    for stream in &sorted.streams {
        if let Some(Seed::Number(seed)) = stream.draw.seed
            && seed >= 0
            && !stream.draw.inherited
            && ambient_source(stream, sorted).is_none()
        {
            groups
                .entry(&stream.draw.born)
                .or_default()
                .push((stream, seed));
        }
    }
    groups
        .into_iter()
        .filter_map(|(born, group)| {
            let distinct = |group: &[(&Stream, i64)]| -> BTreeSet<i64> {
                group.iter().map(|(_, seed)| *seed).collect()
            };
            let small: Vec<_> = group.iter().copied().filter(|(_, seed)| *seed < SMALL).collect();
            let (group, seeds, word) = match (distinct(&small), distinct(&group)) {
                (small_ones, _) if small_ones.len() > 1 => (small, small_ones, "small"),
                (_, all) => (group, all, "near"),
            };
            let (least, most) = (*seeds.first()?, *seeds.last()?);
            if word == "near" && (seeds.len() < 3 || most - least >= NEAR) {
                return None;
            }
            let streams: Vec<&Stream> = group.iter().map(|(stream, _)| *stream).collect();
            let are_ranks = group
                .iter()
                .all(|(stream, seed)| process(stream, sorted).is_some_and(|p| p.hello.rank == Some(*seed)));
            let at = shown(&born.line, folder);
            let (file, line) = split(&at);
            Some(Finding {
                rule: "known-seeds".into(),
                severity: Severity::Note,
                message: format!(
                    "{at} seeds {} streams of {} with {}, {least} to {most}",
                    seeds.len(),
                    streams[0].draw.library.name(),
                    if are_ranks { "their ranks".to_owned() } else { format!("{word} integers") },
                ),
                cause: "a rank or index as the seed: another program, or the next run with another root \
                        added, starts the same streams"
                    .into(),
                cure: cure(streams[0].draw.library, &streams[0].draw.kind, StateOrigin::Seeded, false, false),
                file,
                line,
                related: lines(streams.iter().map(|stream| &stream.draw.place), folder),
                streams: streams.len() as u64,
                processes: processes(&streams),
                allowed: false,
            })
        })
        .collect()
}

/// A thread that begins the same sequence again.
pub(super) fn repeated(sorted: &Sorted, folder: &str) -> Vec<Finding> {
    sorted
        .repeats
        .iter()
        .map(|(stream, times)| {
            let at = shown(&stream.draw.place.line, folder);
            let (file, line) = split(&at);
            Finding {
                rule: "repeated-words".into(),
                severity: Severity::Note,
                message: format!(
                    "{at} begins the same sequence again, {times} time{}, from {}",
                    if *times == 1 { "" } else { "s" },
                    state(stream, folder)
                ),
                cause: "a seed that is set in every call, task or epoch gives each of them the same numbers"
                    .into(),
                cure: "seed once, and draw on; or derive a seed from the root and the number of the call"
                    .into(),
                file,
                line,
                related: vec![shown(&stream.draw.born.line, folder)],
                streams: times + 1,
                processes: 1,
                allowed: false,
            }
        })
        .collect()
}

/// Generators that had been drawn from before they were seeded: what came before is new in every run.
pub(super) fn late(sorted: &Sorted, folder: &str) -> Vec<Finding> {
    let seeded = sorted.streams.iter().filter_map(|stream| {
        let before = stream.draw.before.as_ref()?;
        (!before.importing && !before.in_library).then_some((stream, before))
    });
    seeded
        .map(|(stream, before)| {
            let at = shown(&before.line, folder);
            let seeds = shown(&stream.draw.born.line, folder);
            let (file, line) = split(&at);
            Finding {
                rule: "not-replayable".into(),
                severity: Severity::Note,
                message: format!(
                    "{at} draws from {} before {seeds} seeds it",
                    stream.draw.library.name()
                ),
                cause: "what is drawn before the seed is set is new in every run: the seed does not repeat it"
                    .into(),
                cure: "set the seed before anything draws".into(),
                file,
                line,
                related: vec![seeds],
                streams: 1,
                processes: 1,
                allowed: false,
            }
        })
        .collect()
}
