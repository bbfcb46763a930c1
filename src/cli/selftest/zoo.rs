//! `seedbench selftest --zoo`: programs with structured output, judged as `seedbench audit FILE` judges
//! their captures.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{
    audit::{self, Question},
    capture::{self, Capture, CaptureError, ReadOptions},
    cli::{Output, exit},
    report::write_atomically,
    selftest::zoo::{
        self, Form, Grade, Job, Opinion, Planted, Printout, Program, RUNS, SHAPES, Subject,
    },
    verdict::{Severity, Verdict},
};

#[derive(clap::Args, Debug)]
pub(super) struct ZooArgs {
    /// Judge the zoo instead: sound programs with structured output, none of which may be called
    /// unsound
    #[arg(long, conflicts_with_all = ["verdicts", "flawed", "seed", "json", "picture", "record"])]
    zoo: bool,
    /// Judge programs of the zoo in which a flaw is planted
    #[arg(long, requires = "zoo")]
    planted: bool,
    /// Look where more of a planted flaw gets a better verdict, after every harmless step
    #[arg(long, requires = "zoo", conflicts_with = "planted")]
    monotony: bool,
    /// Make the fresh runs that decide what is suspect, as for a command
    #[arg(long, requires = "zoo", conflicts_with = "monotony")]
    fresh: bool,
    /// Only programs whose name contains one of these (may be repeated)
    #[arg(long, value_name = "NAME", requires = "zoo")]
    only: Vec<String>,
    /// Judge captures with a row a line, not a value a line
    #[arg(long, requires = "zoo")]
    rows: bool,
    /// Write the captures into this folder instead of judging them
    #[arg(
        long,
        value_name = "DIR",
        requires = "zoo",
        conflicts_with = "monotony"
    )]
    write: Option<PathBuf>,
}

impl ZooArgs {
    pub(super) const fn is_asked_for(&self) -> bool {
        self.zoo
    }

    /// Judges the programs, prints the table, and returns the exit code.
    pub(super) fn run(&self, replicates: u32, output: &Output) -> anyhow::Result<u8> {
        let jobs = Job::all(replicates.into());
        if self.monotony {
            return self.monotony(&self.chosen(zoo::planted()), replicates, output);
        }
        if self.planted {
            return self.judge(&self.chosen(zoo::planted()), &jobs, output);
        }
        let programs: Vec<Program> = self.chosen(zoo::sound().copied());
        self.judge(&programs, &jobs, output)
    }

    fn chosen<S: Subject>(&self, all: impl IntoIterator<Item = S>) -> Vec<S> {
        let named = |subject: &S| self.only.iter().any(|part| subject.id().contains(part));
        all.into_iter()
            .filter(|subject| self.only.is_empty() || named(subject))
            .collect()
    }

    fn judge<S: Subject>(
        &self,
        subjects: &[S],
        jobs: &[Job],
        output: &Output,
    ) -> anyhow::Result<u8> {
        if let Some(folder) = &self.write {
            for subject in subjects {
                for job in jobs.iter().filter(|job| subject.applies(job)) {
                    let name = format!(
                        "{}-{}x{}x{}-{}.csv",
                        subject.id(),
                        job.runs,
                        job.shape.workers,
                        job.shape.rows,
                        job.replicate
                    );
                    let text = subject.printout(job).csv(self.form());
                    write_atomically(&folder.join(name), text.as_bytes())?;
                }
            }
            return Ok(exit::OK);
        }
        let rows = zoo::measure(subjects, jobs, |printout, fresh| {
            opinion(printout, self.form(), self.fresh.then_some(fresh))
        });
        output.print(&zoo::markdown(&rows))?;
        Ok(match rows.iter().any(zoo::ZooRow::is_false_alarm) {
            true => exit::UNSOUND,
            false => exit::OK,
        })
    }

    fn monotony(
        &self,
        planted: &[Planted],
        replicates: u32,
        output: &Output,
    ) -> anyhow::Result<u8> {
        // One shape that most flaws can be seen in; two runs, for those that need them.
        let jobs: Vec<Job> = (0..replicates.into())
            .map(|replicate| Job {
                shape: SHAPES[2],
                runs: RUNS / 2,
                replicate,
            })
            .collect();
        let sequences = zoo::monotony(planted, &jobs, |printout| {
            opinion(printout, self.form(), None)
        });
        output.print(&zoo::ascents(&sequences))?;
        Ok(match sequences.iter().all(zoo::Sequence::is_monotone) {
            true => exit::OK,
            false => exit::UNSOUND,
        })
    }

    const fn form(&self) -> Form {
        if self.rows { Form::Rows } else { Form::Values }
    }
}

/// Printouts of so many fresh runs.
type Fresh<'a> = &'a dyn Fn(usize) -> Printout;

/// What an audit of the printout's file says, with fresh runs where they decide and can be made.
fn opinion(printout: &Printout, form: Form, fresh: Option<Fresh<'_>>) -> Opinion {
    match audited(printout, form, fresh) {
        Ok(opinion) => opinion,
        Err(problem) => Opinion {
            standing: None,
            reasons: vec![problem],
        },
    }
}

fn audited(printout: &Printout, form: Form, fresh: Option<Fresh<'_>>) -> Result<Opinion, String> {
    let (mut capture, file) = captured(printout, form)?;
    let question = Question::default();
    let unread = |error: CaptureError| unnamed(&error, file.path());
    let mut result = audit::audit(&mut capture, question).map_err(unread)?;
    if let Some(problem) = capture.problems().first() {
        return Err(format!("in part: {}", capture::one_line(problem)));
    }
    if let Some((fresh, runs)) = fresh.zip(audit::fresh_runs(&result)) {
        let (mut more, file) = captured(&fresh(runs as usize), form)?;
        let unread = |error: CaptureError| unnamed(&error, file.path());
        audit::look_again(&mut capture, &mut more, question, &mut result).map_err(unread)?;
    }
    let judgement = &result.judgement;
    let reasons: BTreeSet<String> = judgement
        .findings
        .iter()
        .filter(|finding| match judgement.verdict {
            Verdict::Unsound => finding.severity == Severity::Error,
            _ => finding.severity > Severity::Note,
        })
        .map(|finding| finding.rule.to_string())
        .collect();
    let standing = match judgement.verdict {
        Verdict::Sound => Grade::Sound,
        Verdict::Unsound => Grade::Unsound,
        Verdict::Inconclusive if reasons.is_empty() => Grade::Inconclusive,
        // Inconclusive for what was found, not for want of numbers.
        Verdict::Inconclusive => Grade::Suspect,
    };
    Ok(Opinion {
        standing: Some(standing),
        reasons: reasons.into_iter().collect(),
    })
}

/// The capture of a printout, and its file.
fn captured(printout: &Printout, form: Form) -> Result<(Capture, NamedTempFile), String> {
    let unwritten = |error: std::io::Error| format!("cannot write: {error}");
    let file = tempfile::Builder::new()
        .prefix("zoo-")
        .suffix(".csv")
        .tempfile()
        .map_err(unwritten)?;
    std::fs::write(file.path(), printout.csv(form)).map_err(unwritten)?;
    let capture = Capture::open(file.path(), &ReadOptions::default());
    Ok((capture.map_err(|error| unnamed(&error, file.path()))?, file))
}

/// The problem without the file's name, which differs from printout to printout and would make each problem one
/// of its own.
fn unnamed(error: &CaptureError, path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    capture::one_line(error)
        .replace(&path.display().to_string(), "the file")
        .replace(&*name, "the file")
}
