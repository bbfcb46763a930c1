//! What follows from streams: exactly equal states, and seeds that are known from the call.
//!
//! An *error* is one state that several processes or threads draw from, by fork, by copy or by a seed in
//! the user's code. The same explicit integer given through a library's parameter is a *warning*: it is
//! often wanted. What repeats within a thread, or across libraries, is a *note*.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    finding::{Finding, cure},
    record::{Origin, Place, Seed},
    streams::{Sorted, Stream, Telling},
};
use crate::verdict::Severity;

/// Seeds below this are small: ranks, indices, the numbers that people choose.
const SMALL: i64 = 1 << 16;
/// A clock that was read for a seed was read at most so long before the first draw.
const CLOCK_WINDOW_S: i64 = 600;

/// Shows a recorded line: relative to the folder of the watch, where it is below that.
pub fn shown(line: &str, folder: &str) -> String {
    line.strip_prefix(folder)
        .map_or(line, |rest| rest.trim_start_matches(['/', '\\']))
        .to_owned()
}

/// Splits `file:line`.
pub fn split(line: &str) -> (Option<String>, Option<u32>) {
    match line.rsplit_once(':') {
        Some((file, number)) => match number.parse() {
            Ok(number) => (Some(file.to_owned()), Some(number)),
            Err(_) => (None, None),
        },
        None => (None, None),
    }
}

/// Everything that is known exactly.
pub fn findings(sorted: &Sorted, folder: &str) -> Vec<Finding> {
    let mut groups: HashMap<Telling, Vec<&Stream>> = HashMap::new();
    for stream in &sorted.streams {
        groups.entry(stream.telling()).or_default().push(stream);
    }
    let mut found: Vec<Finding> = groups
        .values()
        .filter(|group| group.len() > 1)
        .map(|group| shared(group, folder))
        .collect();
    found.extend(ambient(sorted, folder));
    found.extend(small(sorted, folder));
    found.extend(repeated(sorted, folder));
    merge(found)
}

/// Findings that say the same of other states are one.
fn merge(found: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    for finding in found {
        let same = |other: &&mut Finding| {
            other.rule == finding.rule
                && other.severity == finding.severity
                && other.file == finding.file
                && other.line == finding.line
                && other.related == finding.related
        };
        match merged.iter_mut().find(same) {
            Some(first) => {
                first.streams += finding.streams;
                first.processes = first.processes.max(finding.processes);
            }
            None => merged.push(finding),
        }
    }
    merged.sort_by(|a, b| {
        (b.severity, &a.rule, &a.file, a.line).cmp(&(a.severity, &b.rule, &b.file, b.line))
    });
    merged
}

fn processes(streams: &[&Stream]) -> u64 {
    let names: BTreeSet<&str> = streams.iter().map(|s| s.process.as_str()).collect();
    names.len() as u64
}

/// The lines of some places, each once, the commonest first.
fn lines<'a>(places: impl Iterator<Item = &'a Place>, folder: &str) -> Vec<String> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for place in places {
        *counts.entry(shown(&place.line, folder)).or_default() += 1;
    }
    let mut lines: Vec<(String, u64)> = counts.into_iter().collect();
    lines.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    lines.into_iter().map(|(line, _)| line).collect()
}

/// "the state made at train.py:4 (numpy PCG64, seed 12345)".
fn state(stream: &Stream, folder: &str) -> String {
    let draw = &stream.draw;
    let line = shown(&draw.born.line, folder);
    let seed = match &draw.seed {
        Some(Seed::Number(number)) => format!(", seed {number}"),
        Some(Seed::Other(what)) => format!(", seed of {what}"),
        None => String::new(),
    };
    let kind = match draw.library {
        super::record::Library::Numpy => format!("numpy {}", draw.kind),
        super::record::Library::Random => format!("random.{}", draw.kind),
        super::record::Library::Torch => draw.kind.clone(),
    };
    match draw.origin {
        Origin::Global => format!("{line} ({kind})"),
        Origin::Found => format!("a state made {line} ({kind})"),
        Origin::Made => format!("the state made at {line} ({kind}{seed})"),
        Origin::Seeded => format!("the state seeded at {line} ({kind}{seed})"),
        Origin::StateSet => format!("the state set at {line} ({kind})"),
    }
}

/// One state in several hands.
fn shared(group: &[&Stream], folder: &str) -> Finding {
    let first = group[0];
    let draws = lines(group.iter().map(|stream| &stream.draw.place), folder);
    let inherited = group.iter().filter(|s| s.draw.inherited).count();
    let copied = group.iter().find_map(|stream| stream.copied.as_ref());
    let of_processes = processes(group);
    let threads: BTreeSet<(&str, u64)> = group
        .iter()
        .map(|stream| (stream.process.as_str(), stream.draw.thread))
        .collect();
    let across_libraries = threads.len() == 1;
    // The place that tells most is where a seed was given, or else the first.
    let told = group
        .iter()
        .find(|stream| stream.draw.seed.is_some())
        .unwrap_or(&first);
    let seeded = group.iter().all(|stream| {
        matches!(stream.draw.seed, Some(Seed::Number(_))) && stream.draw.born.in_library
    });
    let severity = if across_libraries {
        Severity::Note
    } else if seeded && inherited == 0 && copied.is_none() {
        Severity::Warning
    } else {
        Severity::Error
    };
    let who = if of_processes > 1 {
        format!("{of_processes} processes")
    } else {
        format!("{} threads", threads.len())
    };
    let way = if across_libraries {
        "; two libraries start from it".to_owned()
    } else if inherited > 0 {
        format!(", inherited by fork: {who} draw the same")
    } else if let Some(place) = copied {
        format!(
            ", copied at {}: {who} draw the same",
            shown(&place.line, folder)
        )
    } else {
        format!(": {who} draw the same")
    };
    let drawing = draws.join(", ");
    let message = format!(
        "{drawing} draw{} from {}{way}",
        if draws.len() == 1 { "s" } else { "" },
        state(told, folder),
    );
    let cause = if inherited > 0 {
        "a fork copies the memory of its parent, the state of every generator with it"
    } else if copied.is_some() {
        "a generator that is sent to a worker is copied, and every copy goes on from the same state"
    } else if severity == Severity::Warning {
        "a library was given one integer as its seed and uses it in several places"
    } else {
        "the same seed starts the same sequence"
    };
    let mut related: Vec<String> = draws.iter().skip(1).cloned().collect();
    related.extend(lines(group.iter().map(|stream| &stream.draw.born), folder));
    related.extend(copied.map(|place| shown(&place.line, folder)));
    related.sort();
    related.dedup();
    let (file, line) = split(&draws[0]);
    let draw = &told.draw;
    Finding {
        rule: "equal-streams".into(),
        severity,
        message,
        cause: cause.into(),
        cure: cure(
            draw.library,
            &draw.kind,
            draw.origin,
            inherited > 0,
            copied.is_some(),
        ),
        file,
        line,
        related,
        streams: group.len() as u64,
        processes: of_processes,
        allowed: false,
    }
}

/// What a seed was read from, if it is a number that the process could read.
fn ambient_source(stream: &Stream, sorted: &Sorted) -> Option<&'static str> {
    let Some(Seed::Number(seed)) = stream.draw.seed else {
        return None;
    };
    if stream.draw.inherited || stream.copied.is_some() {
        return None;
    }
    let process = sorted.processes.iter().find(|p| p.name == stream.process)?;
    if seed == i64::from(process.hello.pid) {
        return Some("its process id");
    }
    if seed > 1 && seed == i64::from(process.hello.ppid) {
        return Some("its parent's process id");
    }
    let at = (stream.at / 1_000_000_000) as i64;
    let clock = |unit: i64| {
        let seconds = seed / unit;
        (at - CLOCK_WINDOW_S..=at + 1).contains(&seconds)
    };
    if clock(1) {
        Some("the second of the clock")
    } else if clock(1_000) || clock(1_000_000) || clock(1_000_000_000) {
        Some("the clock")
    } else {
        None
    }
}

/// Seeds that are process ids or the clock.
fn ambient(sorted: &Sorted, folder: &str) -> Vec<Finding> {
    let mut groups: BTreeMap<(&'static str, &Place), Vec<&Stream>> = BTreeMap::new();
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
                cure: cure(group[0].draw.library, &group[0].draw.kind, Origin::Seeded, false, false),
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

/// Different small integers as the seeds of several processes or threads: a rank, an index.
fn small(sorted: &Sorted, folder: &str) -> Vec<Finding> {
    let mut groups: BTreeMap<&Place, Vec<(&Stream, i64)>> = BTreeMap::new();
    for stream in &sorted.streams {
        if let Some(Seed::Number(seed)) = stream.draw.seed
            && (0..SMALL).contains(&seed)
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
            let seeds: BTreeSet<i64> = group.iter().map(|(_, seed)| *seed).collect();
            let (Some(least), Some(most)) = (seeds.first(), seeds.last()) else {
                return None;
            };
            if seeds.len() < 2 {
                return None;
            }
            let streams: Vec<&Stream> = group.iter().map(|(stream, _)| *stream).collect();
            let at = shown(&born.line, folder);
            let (file, line) = split(&at);
            Some(Finding {
                rule: "known-seeds".into(),
                severity: Severity::Note,
                message: format!(
                    "{at} seeds {} streams of {} with small integers, {least} to {most}",
                    seeds.len(),
                    streams[0].draw.library.name(),
                ),
                cause: "a rank or index as the seed: another program, or the next run with another root \
                        added, starts the same streams"
                    .into(),
                cure: cure(streams[0].draw.library, &streams[0].draw.kind, Origin::Seeded, false, false),
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
fn repeated(sorted: &Sorted, folder: &str) -> Vec<Finding> {
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
