//! What follows from streams: exactly equal states, and seeds that are known from the call.
//!
//! An *error* is one state that several processes or threads draw from, by fork, by copy or by a seed in
//! the user's code. The same explicit integer given through a library's parameter is a *warning*: it is
//! often wanted. What repeats within a thread, or across libraries, is a *note*.

use std::collections::{BTreeSet, HashMap};

use super::{
    finding::{Finding, cure},
    record::Seed,
    seeds,
    streams::{Sorted, Stream, Telling},
    told::{lines, processes, shown, split, state},
};
use crate::verdict::Severity;

/// Everything that is known exactly.
pub fn findings(sorted: &Sorted, folder: &str) -> Vec<Finding> {
    let mut groups: HashMap<Telling, Vec<&Stream>> = HashMap::new();
    for stream in &sorted.streams {
        groups.entry(stream.telling()).or_default().push(stream);
    }
    let mut groups: Vec<_> = groups.values().filter(|group| group.len() > 1).collect();
    groups.sort_by_key(|group| group[0].at);
    let shared = groups
        .iter()
        .map(|group| (group[0].draw.kind.as_str(), shared(group, folder)));
    let of_seeds = [seeds::ambient, seeds::small, seeds::repeated, seeds::late];
    let of_seeds = of_seeds.iter().flat_map(|rule| rule(sorted, folder));
    merge(shared.chain(of_seeds.map(|finding| ("", finding))))
}

/// Findings that say the same of other states of one kind are one.
fn merge<'a>(found: impl Iterator<Item = (&'a str, Finding)>) -> Vec<Finding> {
    let mut merged: Vec<(&str, Finding)> = Vec::new();
    for (kind, finding) in found {
        let same = |(of, other): &&mut (&str, Finding)| {
            *of == kind
                && other.rule == finding.rule
                && other.severity == finding.severity
                && other.file == finding.file
                && other.line == finding.line
                && other.related == finding.related
        };
        match merged.iter_mut().find(same) {
            Some((_, first)) => {
                first.streams += finding.streams;
                first.processes = first.processes.max(finding.processes);
            }
            None => merged.push((kind, finding)),
        }
    }
    let mut merged: Vec<Finding> = merged.into_iter().map(|(_, finding)| finding).collect();
    merged.sort_by(|a, b| {
        (b.severity, &a.rule, &a.file, a.line).cmp(&(a.severity, &b.rule, &b.file, b.line))
    });
    merged
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
    // A library that seeds and draws itself was told to by a parameter; what it seeds for others to draw from
    // is a seed in their code.
    let seeded = group.iter().all(|stream| {
        let draw = &stream.draw;
        matches!(draw.seed, Some(Seed::Number(_))) && draw.born.in_library && draw.place.in_library
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
