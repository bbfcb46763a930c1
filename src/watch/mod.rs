//! What a recorder saw of a program's generators, and what follows from it.
//!
//! The recorder is part of the Python package: in every process that a program starts it sees the state
//! that each generator is first drawn from, where that was made, seeded, inherited or copied, and the
//! line that draws. From a state come raw words, for which the laws of the tests are exact.
//!
//! ```text
//! records → streams → findings (exact, and of the analyser) → verdict → text, SARIF, JUnit, page
//! ```

mod analyse;
mod continued;
pub mod finding;
pub mod junit;
pub mod page;
mod policy;
pub mod record;
pub mod sarif;
mod seeds;
pub mod streams;
pub mod text;
mod told;
mod tree;

use std::{collections::BTreeMap, io, path::Path};

use serde::Serialize;

pub use self::finding::Finding;
use self::{
    record::{Library, Seed},
    streams::{Sorted, WatchedProcess},
};
use crate::verdict::{Severity, Verdict};

/// What is asked of a watched program.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Draws before this are of an earlier watch; nanoseconds since the Unix epoch.
    pub since: u64,
    /// Only this process and what it has started, by its id; others of the folder are another watch's.
    pub of: Option<u32>,
    /// Runs must differ: a fixed seed is an error.
    pub fresh: bool,
    /// Lines that may share streams: `file`, `file:line`, or a part of the path's end.
    pub allow: Vec<String>,
    /// The folder that lines are shown relative to.
    pub folder: String,
}

/// What a watch found.
#[derive(Clone, Debug, Serialize)]
pub struct Watched {
    /// What the evidence says.
    pub verdict: Verdict,
    /// Gravest first.
    pub findings: Vec<Finding>,
    /// The command line that was watched.
    pub command: Vec<String>,
    /// Runs of the program.
    pub runs: u64,
    /// States judged: each a stream of one thread of one process.
    pub states: u64,
    /// Streams that threads began again.
    pub repeats: u64,
    /// Streams too short to be judged.
    pub short: u64,
    /// Streams that libraries drew while they were imported, which are not judged.
    pub of_imports: u64,
    /// Calls of the operating system's generator, at least.
    pub entropy_calls: u64,
    /// What was not seen.
    pub unseen: Vec<String>,
    /// The probability that the analyser's part is a false alarm; what is equal exactly is no chance.
    pub false_alarm: Option<f64>,
    /// What was not judged, where nothing could be.
    pub needs: Option<String>,
    /// The processes and their states, for the picture.
    pub processes: Vec<ProcessSummary>,
}

/// A process, as the picture shows it.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessSummary {
    /// A number within the report.
    pub number: usize,
    /// The number of the process that forked or started it.
    pub parent: Option<usize>,
    /// Process id.
    pub pid: u32,
    /// Whether it was forked, and not started.
    pub forked: bool,
    /// What multiprocessing calls it, or its command.
    pub label: String,
    /// States that it drew from.
    pub states: Vec<StateSummary>,
}

/// A state, as the picture shows it. Words are not told.
#[derive(Clone, Debug, Serialize)]
pub struct StateSummary {
    /// Streams with the same number draw the same.
    pub group: usize,
    /// Whether others draw from it too.
    pub shared: bool,
    /// Its library.
    pub library: &'static str,
    /// The line that draws.
    pub draws: String,
    /// The line that made or seeded it.
    pub born: String,
}

/// Judges the records of one run or more, a folder each.
///
/// # Errors
/// When a folder cannot be read.
pub fn judge(folders: &[&Path], question: &Question) -> io::Result<Watched> {
    let mut runs = Vec::with_capacity(folders.len());
    for folder in folders {
        let records = record::read(folder)?;
        runs.push(streams::sort(records, question.since, question.of));
    }
    Ok(judge_runs(&runs, question))
}

fn judge_runs(runs: &[Sorted], question: &Question) -> Watched {
    let mut findings = Vec::new();
    for run in runs {
        for finding in policy::findings(run, &question.folder) {
            let told =
                |other: &Finding| other.rule == finding.rule && other.message == finding.message;
            if !findings.iter().any(told) {
                findings.push(finding);
            }
        }
    }
    findings.extend(across_runs(runs, question));
    let analysed = runs
        .first()
        .and_then(|run| analyse::analyse(run, &question.folder));
    let mut false_alarm = None;
    if let Some(analysed) = analysed {
        false_alarm = analysed.false_alarm;
        findings.extend(analysed.findings);
    }
    for finding in &mut findings {
        finding.allowed = allowed(finding, &question.allow);
    }
    findings.sort_by_key(|finding| (finding.allowed, std::cmp::Reverse(finding.severity)));
    let refuted = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error && !finding.allowed);
    let seen = runs.iter().any(|run| !run.processes.is_empty());
    let blind = runs.iter().any(|run| run.blind);
    let (verdict, needs) = if refuted {
        (Verdict::Unsound, None)
    } else if !seen {
        let needs = "no Python process reported: for other programs capture their numbers (seedbench audit, seedbench shard)";
        (Verdict::Inconclusive, Some(needs.to_owned()))
    } else if blind {
        let needs = "processes that were not seen may share streams: start them without -I, -E and -S, and with the environment";
        (Verdict::Inconclusive, Some(needs.to_owned()))
    } else {
        (Verdict::Sound, None)
    };
    let sum = |count: fn(&Sorted) -> u64| runs.iter().map(count).sum();
    let mut unseen: Vec<String> = runs.iter().flat_map(|run| run.unseen.clone()).collect();
    unseen.dedup();
    Watched {
        verdict,
        findings,
        command: Vec::new(),
        runs: runs.len() as u64,
        states: sum(|run| run.streams.len() as u64),
        repeats: sum(|run| run.repeats.iter().map(|(_, times)| times).sum()),
        short: sum(|run| run.short),
        of_imports: sum(|run| run.of_imports),
        entropy_calls: sum(|run| run.entropy_calls),
        unseen,
        false_alarm,
        needs,
        processes: runs
            .first()
            .map_or_else(Vec::new, |run| summaries(run, &question.folder)),
    }
}

/// Whether one of the lines of a finding is allowed.
fn allowed(finding: &Finding, allow: &[String]) -> bool {
    let drawing = match (&finding.file, finding.line) {
        (Some(file), Some(line)) => Some(format!("{file}:{line}")),
        _ => None,
    };
    let fits = |line: &str| {
        let file = line.rsplit_once(':').map_or(line, |(file, _)| file);
        allow.iter().any(|pattern| {
            [line, file].into_iter().any(|part| {
                part == pattern
                    || part
                        .strip_suffix(pattern.as_str())
                        .is_some_and(|before| before.ends_with(['/', '\\']))
            })
        })
    };
    drawing.as_deref().is_some_and(fits) || finding.related.iter().any(|line| fits(line))
}

/// States that come again in another run.
fn across_runs(runs: &[Sorted], question: &Question) -> Option<Finding> {
    let mut first_run: BTreeMap<streams::Telling, usize> = BTreeMap::new();
    let mut again = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        for stream in &run.streams {
            if *first_run.entry(stream.telling()).or_insert(number) != number {
                again.push(stream);
            }
        }
    }
    let stream = again.first()?;
    let at = told::shown(&stream.draw.born.line, &question.folder);
    let (file, line) = told::split(&at);
    let fixed = again
        .iter()
        .filter(|stream| matches!(stream.draw.seed, Some(Seed::Number(_))))
        .count();
    Some(Finding {
        rule: "runs-repeat".into(),
        severity: if question.fresh {
            Severity::Error
        } else {
            Severity::Note
        },
        message: format!(
            "{} streams are those of an earlier run, {fixed} of them from a seed that is written down; the first is seeded at {at}",
            again.len()
        ),
        cause: "a fixed seed gives every run the same numbers".into(),
        cure: "draw a new root every run and record it, where runs are to be independent".into(),
        file,
        line,
        related: Vec::new(),
        streams: again.len() as u64,
        processes: 0,
        allowed: false,
    })
}

fn summaries(run: &Sorted, folder: &str) -> Vec<ProcessSummary> {
    let number: BTreeMap<&str, usize> = run
        .processes
        .iter()
        .enumerate()
        .map(|(number, process)| (process.name.as_str(), number))
        .collect();
    let mut groups: BTreeMap<streams::Telling, (usize, u64)> = BTreeMap::new();
    for stream in &run.streams {
        let next = groups.len();
        groups.entry(stream.telling()).or_insert((next, 0)).1 += 1;
    }
    let states = |process: &WatchedProcess| {
        run.streams
            .iter()
            .filter(|stream| stream.process == process.name)
            .map(|stream| {
                let (group, streams) = groups[&stream.telling()];
                StateSummary {
                    group,
                    shared: streams > 1,
                    library: Library::name(stream.draw.library),
                    draws: told::shown(&stream.draw.place.line, folder),
                    born: told::shown(&stream.draw.born.line, folder),
                }
            })
            .collect()
    };
    run.processes
        .iter()
        .enumerate()
        .map(|(own, process)| ProcessSummary {
            number: own,
            parent: process
                .parent
                .as_deref()
                .and_then(|name| number.get(name).copied())
                .filter(|parent| *parent != own),
            pid: process.hello.pid,
            forked: process.hello.how == record::Arrival::Fork,
            label: if process.label.is_empty() || process.label == "MainProcess" {
                let parts = process
                    .hello
                    .command
                    .iter()
                    .map(|part| part.rsplit('/').next().unwrap_or(part));
                parts
                    .collect::<Vec<_>>()
                    .join(" ")
                    .chars()
                    .take(60)
                    .collect()
            } else {
                process.label.clone()
            },
            states: states(process),
        })
        .collect()
}
