//! What is asked of an audited program, and where the answer goes.

use std::{
    num::{NonZeroU32, NonZeroU64},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::{
    units::{bits, memory, size},
    unreadable,
};
use crate::{
    audit::{self, Declared, Question, ReadAs, Roster},
    capture::{self, Capture},
    cli::{Output, exit, export::Export},
    harness,
    joins::Room,
    record::{self, Report},
    report,
    results::Depth,
    verdict::{Demands, Expect},
    vocabulary,
};

/// Problems of a capture that are shown.
const PROBLEMS: usize = 10;

/// Said wherever a report is written.
const PRIVATE: &str = "a report can hold live secrets of the audited program: keep it private";

/// What is asked, and where the answer goes.
#[derive(Args, Debug)]
pub(super) struct QuestionArgs {
    /// What runs and streams should be
    #[arg(long, value_enum, default_value = "distinct")]
    expect: Expected,

    /// Streams that must be equal within every run, by name, as in rank0,rank1 or 'rank*' (may be
    /// repeated); all others must differ
    #[arg(long, value_name = "NAMES", conflicts_with = "expect")]
    identical: Vec<String>,

    /// Be inconclusive unless the run could have seen seeds too narrow for so many workers
    #[arg(long, value_name = "WORKERS")]
    for_workers: Option<NonZeroU64>,

    /// Be inconclusive unless the run could have seen seeds of fewer bits than this
    #[arg(long, value_name = "BITS", value_parser = bits)]
    require_bits: Option<f64>,

    /// Look at everything, even after a flaw has been found, and try more seeds: small integers below 2^16 in
    /// files of values, and the microseconds of the first 0.13 seconds after each start
    #[arg(long)]
    exhaustive: bool,

    /// Ask the cheap questions only: copies by sampled windows, starts and ends of streams, bit counts
    #[arg(long, conflicts_with = "exhaustive")]
    screen: bool,

    /// What the numbers are: raw draws, judged by the laws of words, or values of unknown law [default: draws
    /// where unsigned binary integers fill their width, else what they look like]
    #[arg(long, value_enum, value_name = "WHAT")]
    r#as: Option<ReadingChoice>,

    /// Two independent draws are never equal: one shared run of full-precision values convicts
    #[arg(long)]
    continuous: bool,

    /// What all workers of a run have in common at the same places is told to them, and no draw
    #[arg(long)]
    shared_inputs: bool,

    /// Values that may be drawn as one, as rows of a list are [default: 4, or a table's columns]
    #[arg(long, value_name = "VALUES")]
    row: Option<NonZeroU32>,

    /// What suspects do to the exit code: 12 if they fail, that of the rest if they warn
    #[arg(long, value_enum, value_name = "HOW", default_value = "fail")]
    suspect: Suspects,

    /// Memory to stay within, as in 512M or 4G: it changes how long the audit takes, and nothing that it
    /// says [default: half of what is free]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    memory: Option<u64>,

    /// Test, and join element by element, so much of a larger capture: the first words of every stream. All
    /// of it is joined by sampled windows [default: 256M, with --exhaustive 2G; values of unknown law: 32M]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    tested: Option<u64>,

    /// Of a larger capture join one window in so many [default: 1024, fewer below 2 GiB]
    #[arg(long, value_name = "WINDOWS")]
    recall: Option<NonZeroU64>,

    /// Read all of a larger capture at most so often to join its windows. Where the memory asks for more
    /// passes a coarser sample is taken, and the verdict is inconclusive for what it cannot see
    #[arg(long, value_name = "PASSES")]
    max_passes: Option<NonZeroU32>,

    /// Keep what is recorded of a larger capture in this folder until the audit has come to its end: one that was
    /// interrupted goes on from there, if words, options and memory are the same [--memory is 1G then, where it is
    /// not given]
    #[arg(long, value_name = "DIR")]
    sketches: Option<PathBuf>,

    /// Write the report's JSON to a file, or alone to standard output with `-`
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write the result too: .json, .md, .csv, .xml (JUnit), .sarif, .html (may be repeated)
    #[arg(long, value_name = "FILE")]
    export: Vec<PathBuf>,

    /// Write the whole report (JSON, HTML, pictures) into this folder; without it, none is written
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What the numbers are.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum ReadingChoice {
    /// Each number is one raw draw
    Draws,
    /// Numbers are values of unknown law
    Values,
}

/// What a suspect does to the exit code.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Suspects {
    /// It is said
    Warn,
    /// The audit is inconclusive
    Fail,
}

/// What the streams should be.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// Streams of a run differ; runs that repeat task by task are a note
    Distinct,
    /// Runs must differ too
    Fresh,
    /// All streams of a run must be equal
    Identical,
}

impl QuestionArgs {
    /// Bytes of memory to stay within, where that is known.
    fn memory_bytes(&self) -> Option<u64> {
        self.memory
            .or_else(|| harness::available_bytes().map(|free| free / 2))
    }

    /// Holds what is read and tested to half of the memory; slabs and records take the other.
    pub(super) fn limit_memory(&self) {
        if let Some(bytes) = self.memory_bytes() {
            vocabulary::limit_memory(bytes / 2);
        }
    }

    /// Judges a capture, shows and writes the report, and returns the exit code. `fresh` makes so many fresh
    /// runs of the same program, where it can.
    pub(super) fn answer(
        &self,
        capture: &mut Capture,
        name: &str,
        (workers, roster): (Option<u32>, Roster),
        fresh: &mut dyn FnMut(u32) -> anyhow::Result<Option<Capture>>,
        output: &Output,
    ) -> anyhow::Result<u8> {
        let question = Question {
            expect: match self.expect {
                Expected::Distinct => Expect::Default,
                Expected::Fresh => Expect::Fresh,
                Expected::Identical => Expect::Identical,
            },
            demands: Demands {
                for_workers: self.for_workers.map(NonZeroU64::get),
                require_bits: self.require_bits,
            },
            depth: match (self.exhaustive, self.screen) {
                (true, _) => Depth::Exhaustive,
                (_, true) => Depth::Screen,
                _ => Depth::Full,
            },
            workers,
            roster,
            tested_bytes: self.tested,
            one_window_in: self.recall.map(NonZeroU64::get),
            room: Room {
                // Free memory is another at every start, and so would be the slabs that are kept.
                memory_bytes: match self.sketches {
                    Some(_) => self.memory,
                    None => self.memory_bytes(),
                },
                max_passes: self.max_passes.map(NonZeroU32::get),
                // Named once in a process.
                sketches: self
                    .sketches
                    .clone()
                    .map(|folder| &*Box::leak(folder.into_boxed_path())),
            },
            declared: self.declared(),
            ..Question::default()
        };
        question.declared.fits(capture).map_err(unreadable)?;
        let mut result =
            audit::audit_groups(capture, question, &self.identical()).map_err(unreadable)?;
        if let Some(runs) = audit::fresh_runs(&result)
            && let Some(mut more) = fresh(u32::try_from(runs).unwrap_or(u32::MAX))?
        {
            audit::look_again(capture, &mut more, question, &mut result).map_err(unreadable)?;
        }
        let problems: Vec<String> = capture
            .problems()
            .iter()
            .map(|p| capture::one_line(p))
            .collect();
        let said = grouped(&problems);
        for problem in said.iter().take(PROBLEMS) {
            complain!("seedbench: error: {problem}");
        }
        if said.len() > PROBLEMS {
            let more = said.len() - PROBLEMS;
            complain!("seedbench: error: and {more} more, all of them in the report's JSON");
        }
        let notes = audit::notes(capture, question, &result);
        if output.quiet || self.json_to_stdout() {
            for note in &notes {
                complain!("seedbench: note: {note}");
            }
        }
        let only_warns = matches!(self.suspect, Suspects::Warn) && result.judgement.is_suspect();
        let mut report = audit::report(name, result, problems);
        if only_warns && report.exit_code == exit::INCONCLUSIVE {
            report.exit_code = exit::OK;
        }
        let code = report.exit_code;
        report.arguments = crate::cli::host::arguments();
        report.trimmed = notes;
        self.publish(report, place(name), output)?;
        Ok(code)
    }

    /// Whether the report is printed for machines, and not for people.
    fn json_to_stdout(&self) -> bool {
        self.json.as_deref() == Some(Path::new("-"))
    }

    /// Where what is recorded is kept, if it is.
    pub(super) fn sketches(&self) -> Option<PathBuf> {
        self.sketches.clone()
    }

    /// Values of a row, where they are declared.
    pub(super) fn row(&self) -> Option<u32> {
        self.row.map(NonZeroU32::get)
    }

    /// What is known of the numbers.
    fn declared(&self) -> Declared {
        Declared {
            read_as: match self.r#as {
                None => ReadAs::Found,
                Some(ReadingChoice::Draws) => ReadAs::Draws,
                Some(ReadingChoice::Values) => ReadAs::Values,
            },
            continuous: self.continuous,
            shared_inputs: self.shared_inputs,
            row: self.row.map(NonZeroU32::get),
        }
    }

    /// Tries every place that something is to be written to before any program is started.
    pub(super) fn try_out(&self) -> anyhow::Result<()> {
        Export::all(&self.export)?;
        if let Some(file) = self.json.as_deref().filter(|file| *file != Path::new("-")) {
            Export::try_file(file, "--json")?;
        }
        let folders = [&self.out, &self.sketches];
        let mut named = folders.into_iter().flatten();
        named.try_for_each(|folder| crate::cli::execute::try_out(folder))
    }

    /// The groups of names: each option is one group.
    fn identical(&self) -> Vec<Vec<String>> {
        let names = |group: &String| {
            group
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect()
        };
        self.identical.iter().map(names).collect()
    }

    fn publish(&self, report: Report, place: &str, output: &Output) -> anyhow::Result<()> {
        let to_stdout = self.json_to_stdout();
        if let Some(path) = &self.json {
            let bytes = record::json::to_bytes(&report)?;
            if to_stdout {
                output.print_bytes(&bytes)?;
            } else {
                report::write_atomically(path, &bytes)?;
                output.remark(PRIVATE);
            }
        }
        if !output.quiet && !to_stdout {
            output.print(&report::text::render(&report, output.text()))?;
        }
        for export in Export::all(&self.export)? {
            export.write_report(&report, place)?;
        }
        if let Some(dir) = &self.out {
            let written = report::write_all(&report, dir)
                .with_context(|| format!("failed to write the report to {}", dir.display()))?;
            output.remark(report::text::location(&written.dir.display().to_string()).trim_end());
        }
        if self.out.is_some() || !self.export.is_empty() {
            output.remark(PRIVATE);
        }
        Ok(())
    }
}

/// The file that results are shown at: the last one that the name of the audited program or capture tells.
fn place(name: &str) -> &str {
    let whole = [name].into_iter();
    whole
        .chain(name.split_whitespace().rev())
        .find(|word| Path::new(word).exists())
        .unwrap_or(".")
}

/// Problems that say the same of different streams or starts, as one with a count.
fn grouped(problems: &[String]) -> Vec<String> {
    let said = |problem: &str| {
        problem
            .split_once(": ")
            .map_or("", |(_, said)| said)
            .to_owned()
    };
    let mut groups: Vec<(String, &str, usize)> = Vec::new();
    for problem in problems {
        let what = said(problem);
        match groups
            .iter_mut()
            .find(|(known, ..)| !what.is_empty() && *known == what)
        {
            Some((.., others)) => *others += 1,
            None => groups.push((what, problem, 0)),
        }
    }
    groups
        .into_iter()
        .map(|(_, first, others)| match others {
            0 => first.to_owned(),
            _ => format!("{first} (and {others} others alike)"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_many_is_one_line() {
        let problems: Vec<String> = (0..48)
            .map(|worker| format!("run 0 worker {worker}: left with code 1"))
            .chain([
                "run 1: left with code 2".to_owned(),
                "no colon".to_owned(),
                "none".to_owned(),
            ])
            .collect();
        assert_eq!(
            grouped(&problems),
            [
                "run 0 worker 0: left with code 1 (and 47 others alike)",
                "run 1: left with code 2",
                "no colon",
                "none"
            ]
        );
    }
}
