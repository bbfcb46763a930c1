//! Patterns that were suspect, looked for in fresh runs that were made after they had been named.
//!
//! Streams that have the named thing in common are tied together, all ties between all streams of all fresh runs
//! are looked for, and the groups of tied streams are counted. Nothing of the first runs enters the count but
//! what was named: the pattern, how much of it makes a tie, and the workers that stood out.
//!
//! * Equal streams, and runs of values at places of each stream's own: that no group spans runs, if all streams of
//!   all fresh runs are exchangeable, since runs repeat one experiment and workers are independent copies of one
//!   program ([`exchange::within_runs`]); for any law of the values and any dependence within a stream.
//! * Values in common, ranks, images: a run may have something in common with no other, a clock or a setting,
//!   that makes its values alike. So only the named workers count: that no others are tied, if the streams of
//!   each run are exchangeable ([`exchange::among_named`]).
//!
//! What nearly every stream of a run shares with another at the same place may be told to them, and makes no tie.
//! A group that spans runs speaks for an input that all runs are given: then nothing is counted.

use std::collections::HashMap;

use super::{
    ALL_BUT_FEW, columns, exchange, images,
    numbers::{Numbers, classes_of, components, groups_of},
    rates, stretches,
};
use crate::{
    results::{Again, CONFIRMS, FreshRuns, Pattern, Suspect},
    vocabulary::{Evidence, TaskId},
};

/// Pairs of values that are compared at most.
const WORK: usize = 400_000_000;
/// Streams that hold one value up to which all pairs of them are counted.
const HOLDERS: usize = 16;
/// Streams that are compared in pairs at most.
const STREAMS: usize = 1024;

/// What fresh runs would decide a suspicion of the first runs; `None` where none can.
pub(super) fn decided_by(suspect: &Suspect, first: &Numbers) -> Option<FreshRuns> {
    let least = least(&suspect.pattern)?;
    let tied = ties(&suspect.pattern, least, first)?;
    let run = |at: usize| first.streams[at].run;
    let groups = groups_of(&tied);
    if groups
        .iter()
        .any(|group| group.iter().any(|&at| run(at) != run(group[0])))
    {
        // Fresh runs would share it too.
        return None;
    }
    let of = run(*groups.first()?.first()?);
    let classes = classes_of(
        (0..tied.len())
            .filter(|&at| run(at) == of)
            .map(|at| tied[at]),
    );
    let count = counted_by(suspect, &groups, first)?;
    let runs = exchange::runs_that_decide(&classes, count, CONFIRMS)?;
    Some(FreshRuns {
        runs: runs as u64,
        least,
    })
}

/// Counts the bits of classes in runs.
type Count = Box<dyn Fn(&[u32], &[u32]) -> f64>;

/// The count that a pattern is proven by; `None` where groups hold workers that were not named, and only those
/// count.
fn counted_by(suspect: &Suspect, groups: &[Vec<usize>], numbers: &Numbers) -> Option<Count> {
    if let Pattern::EqualStreams { .. } | Pattern::SharedRun { .. } | Pattern::InColumn { .. } =
        suspect.pattern
    {
        return Some(Box::new(exchange::within_runs));
    }
    let mut workers: Vec<TaskId> = suspect.streams.iter().map(|id| id.task).collect();
    workers.sort_unstable();
    workers.dedup();
    let all_known = suspect.stream_count as usize == suspect.streams.len();
    let mut tied = groups.iter().flatten();
    let known = all_known && tied.all(|&at| workers.contains(&numbers.streams[at].id.task));
    let named = workers.len();
    known.then(|| -> Count {
        Box::new(move |classes, run| exchange::among_named(classes, run, named))
    })
}

/// Half of what a suspicious pair had in common makes a tie.
fn least(pattern: &Pattern) -> Option<u64> {
    match pattern {
        Pattern::EqualStreams { .. } | Pattern::SameOrder { .. } | Pattern::SameContents { .. } => {
            Some(0)
        }
        Pattern::SharedRun { values, .. } | Pattern::InColumn { values, .. } => {
            Some((values / 2).max(3))
        }
        Pattern::ValuesInPlace { values, .. } => Some((values / 2).max(2)),
        Pattern::Meetings { pairs, values, .. } => Some((values / pairs.max(&1) / 2).max(2)),
        Pattern::SharedValues { .. } => Some(1),
        Pattern::Ranks { agreement, .. } | Pattern::Frequencies { agreement, .. } => {
            Some((agreement / 2).max(5))
        }
        _ => None,
    }
}

/// Looks for a pattern in fresh runs; `None` where fresh runs do not decide it.
pub(crate) fn again(
    suspect: &Suspect,
    fresh: &Evidence,
    number: impl Fn(u64) -> f64,
) -> Option<Again> {
    let least = suspect.decided_by?.least;
    let numbers = Numbers::of(fresh, number);
    let tied = ties(&suspect.pattern, least, &numbers)?;
    let of: Vec<u32> = numbers.streams.iter().map(|stream| stream.run).collect();
    let groups = groups_of(&tied);
    let spans = |group: &&Vec<usize>| group.iter().any(|&at| of[at] != of[group[0]]);
    let between_runs = groups.iter().filter(spans).count() as u64;
    let bits = match counted_by(suspect, &groups, &numbers) {
        Some(count) if between_runs == 0 => count(&tied, &of),
        _ => 0.0,
    };
    Some(Again {
        runs: u64::from(numbers.runs),
        groups: groups.len() as u64,
        between_runs,
        bits,
    })
}

/// Classes of streams that have it in common; `None` where there are too many to look at.
fn ties(pattern: &Pattern, least: u64, numbers: &Numbers) -> Option<Vec<u32>> {
    let streams = numbers.streams.len();
    let equal = || classes_of(numbers.streams.iter().map(|stream| &stream.ids));
    match pattern {
        Pattern::EqualStreams { .. } => Some(equal()),
        Pattern::SameOrder { .. } => {
            Some(apart_from_whole_runs(images::orders_of(numbers)?, numbers))
        }
        Pattern::SameContents { .. } => {
            Some(apart_from_whole_runs(images::contents_of(numbers), numbers))
        }
        Pattern::SharedRun { .. } => {
            let runs = stretches::as_long_as(numbers, least as usize);
            let own = runs.iter().filter(|run| !stretches::is_input(run, numbers));
            let equal = equal();
            let same = equal
                .iter()
                .enumerate()
                .map(|(at, &class)| (at, class as usize));
            Some(components(
                streams,
                own.map(|run| (run.a.0, run.b.0)).chain(same),
            ))
        }
        Pattern::ValuesInPlace { .. } => {
            let pairs = in_place(numbers, least)?;
            Some(apart_from_whole_runs(
                components(streams, pairs.into_iter()),
                numbers,
            ))
        }
        Pattern::Meetings { .. } | Pattern::SharedValues { .. } => {
            let pairs = meeting(numbers, least);
            Some(apart_from_whole_runs(
                components(streams, pairs.into_iter()),
                numbers,
            ))
        }
        Pattern::InColumn {
            column, columns, ..
        } => {
            let of_column = columns::column(numbers, *column as usize, *columns as usize);
            let run = Pattern::SharedRun {
                values: least,
                all: false,
            };
            ties(&run, least, &of_column)
        }
        Pattern::Frequencies { .. } => {
            let pairs = rates::as_frequent_as(numbers, least);
            Some(apart_from_whole_runs(
                components(streams, pairs.into_iter()),
                numbers,
            ))
        }
        Pattern::Ranks { .. } => {
            let few = streams <= STREAMS && numbers.aligned() > 0;
            let pairs = few.then(|| rates::as_alike_as(numbers, least))?;
            Some(apart_from_whole_runs(
                components(streams, pairs.into_iter()),
                numbers,
            ))
        }
        _ => None,
    }
}

/// Whether nearly every stream of a run shares its value at this place with another of the run: then it may be
/// told to them.
fn is_told(numbers: &Numbers, runs: &[Vec<usize>], place: usize) -> bool {
    let several = runs.iter().filter(|run| run.len() > 1);
    let taking_part = |run: &Vec<usize>| {
        let classes = classes_of(run.iter().map(|&at| numbers.streams[at].ids.get(place)));
        groups_of(&classes).iter().map(Vec::len).sum::<usize>() as f64 / run.len() as f64
    };
    several
        .into_iter()
        .any(|run| taking_part(run) >= ALL_BUT_FEW)
}

/// Pairs of streams with at least so many values in common at the same places.
fn in_place(numbers: &Numbers, least: u64) -> Option<Vec<(usize, usize)>> {
    let (streams, places) = (numbers.streams.len(), numbers.aligned());
    if streams > STREAMS || streams * streams * places > WORK {
        return None;
    }
    let runs = numbers.by_run();
    let id = |at: usize, place: usize| numbers.streams[at].ids[place];
    let live: Vec<usize> = (0..places)
        .filter(|&place| !is_told(numbers, &runs, place))
        .collect();
    let alike = |&(a, b): &(usize, usize)| {
        let same = live.iter().filter(|&&place| id(a, place) == id(b, place));
        same.count() as u64 >= least
    };
    let pairs = (0..streams).flat_map(|a| (a + 1..streams).map(move |b| (a, b)));
    Some(pairs.filter(alike).collect())
}

/// Pairs of streams with at least so many values in common, at any places.
fn meeting(numbers: &Numbers, least: u64) -> Vec<(usize, usize)> {
    let mut places: Vec<(u32, u32)> = Vec::with_capacity(numbers.total());
    let runs = numbers.by_run();
    let told: Vec<bool> = (0..numbers.aligned())
        .map(|place| is_told(numbers, &runs, place))
        .collect();
    for (at, stream) in (0u32..).zip(&numbers.streams) {
        let own = stream.ids.iter().enumerate();
        let own = own.filter(|(place, _)| !told.get(*place).is_some_and(|told| *told));
        places.extend(own.map(|(_, &id)| (id, at)));
    }
    places.sort_unstable();
    places.dedup();
    let mut counted: HashMap<(u32, u32), u64> = HashMap::new();
    for held in places.chunk_by(|a, b| a.0 == b.0) {
        // Of a value that many hold, those next to each other tie all of them together.
        let reach = if held.len() <= HOLDERS { held.len() } else { 1 };
        for (at, one) in held.iter().enumerate() {
            for other in held[at + 1..].iter().take(reach) {
                *counted.entry((one.1, other.1)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = counted
        .into_iter()
        .filter(|&(_, count)| count >= least)
        .map(|((a, b), _)| (a as usize, b as usize))
        .collect();
    pairs.sort_unstable();
    pairs
}

/// Classes without those that hold nearly all streams of a run.
fn apart_from_whole_runs(classes: Vec<u32>, numbers: &Numbers) -> Vec<u32> {
    let runs = numbers.by_run();
    let mut apart = classes.clone();
    for group in groups_of(&classes) {
        let run = &runs[numbers.streams[group[0]].run as usize];
        let within = group.iter().all(|at| run.contains(at));
        if within && group.len() as f64 >= ALL_BUT_FEW * run.len() as f64 {
            group.iter().for_each(|&at| apart[at] = at as u32);
        }
    }
    apart
}
