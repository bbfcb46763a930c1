//! `seedbench audit`: is my program's seeding sound?

mod command;
mod hint;
mod question;
mod reading;
pub(super) mod units;

use std::{
    ffi::OsString,
    num::{NonZeroU32, NonZeroU64},
    path::{Path, PathBuf},
};

use clap::Args;

use self::{command::CommandArgs, question::QuestionArgs, reading::ReadingArgs};
pub(super) use self::{command::ShownStarts, hint::of_arguments};
use super::{Failure, Output};
use crate::{
    audit::{ProgramError, Roster},
    capture::{self, Capture, CaptureError, ElementType, ReadOptions},
};

const AFTER_HELP: &str = "\
Examples:
  seedbench audit captures/                       a folder of run-*/worker-*.u64, .npy, .csv …
  seedbench audit captures/ --quiet --json -      for scripts: exit 0 sound, 10 unsound
  seedbench audit flat.u64 --interleaved 64       64 streams that take turns
  seedbench audit --workers 16 --runs 3 -- python3 worker.py
  seedbench audit --pool --runs 3 -- python3 pool.py
  seedbench audit --workers 8 --seeds 0,1,2,42 -- ./simulate --seed {seed} --rank {worker}

A capture is a file, or a folder of files a worker: binary (.u64 to .i8, .f64, .f32, .npy, .npz) or text. A
text is read the same from a file, a pipe and a pool: a table (.csv, .tsv) with a row a value (worker,value),
several values a row, or a column a worker (step,w0,w1,w2); JSON, JSON lines and lists as languages print
them ([[…], […]], {\"w0\": […], \"w1\": […]}); lines of numbers, with labels before them (rank 3: 0.5) or
without. Print marks, comments and log messages are never drawn from; what was left out, and which of two
readings was taken, is a note that names the option for the other.

A command is told SEEDBENCH_RUN, SEEDBENCH_WORKER, SEEDBENCH_WORKERS, SEEDBENCH_WORDS and, with
--seeds, SEEDBENCH_SEED; {run} {worker} {workers} {words} {seed} in its arguments are filled in.
Captures and reports can hold live secrets: the random numbers of your program.";

/// Judge the seeding of any program from the numbers it draws
///
/// Give a capture (a file, a folder, or `-` for standard input), or a command after `--`, which is
/// started once for every worker and run.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct AuditArgs {
    /// The capture: a file, a folder of files, or `-`
    #[arg(value_name = "CAPTURE", required_unless_present = "command")]
    capture: Option<PathBuf>,

    /// Element type of binary data that no file name tells: u64, u32, u16, u8, i64, i32, i16,
    /// i8, f64, f32
    #[arg(long = "type", value_name = "TYPE")]
    element: Option<ElementType>,

    /// Split flat binary files into streams of so many words, one after another
    #[arg(long, value_name = "WORDS", conflicts_with = "interleaved")]
    words_per_stream: Option<NonZeroU64>,

    /// Split flat binary files into so many streams that take turns
    #[arg(long, value_name = "STREAMS")]
    interleaved: Option<NonZeroU32>,

    #[command(flatten)]
    reading: ReadingArgs,

    #[command(flatten)]
    program: CommandArgs,

    #[command(flatten)]
    question: QuestionArgs,

    /// The command that prints numbers, and its arguments
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "capture")]
    command: Vec<OsString>,
}

impl AuditArgs {
    /// Runs the subcommand and returns its exit code.
    ///
    /// # Errors
    /// When nothing can be read, or the report cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        self.try_out()?;
        self.question.limit_memory();
        if self.command.is_empty() {
            return self.judge(self.open_capture()?, None, output);
        }
        let reading = self.reading.reading();
        let runs = self.program.runs(&self.command, self.element, reading);
        let mut starts = ShownStarts::new(output);
        let (capture, spent) = runs.collect(&mut starts).map_err(not_collected)?;
        let mut capture = self.only_draws(capture)?;
        let name = self
            .command
            .iter()
            .map(|argument| argument.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ");
        let workers = Some(runs.workers());
        let more = &mut |count| {
            let fresh = runs.fresh_runs(count, &spent, &mut starts);
            let fresh = fresh.map_err(not_collected)?;
            fresh.map(|fresh| self.only_draws(fresh)).transpose()
        };
        self.question.answer(
            &mut capture,
            &name,
            (workers, Roster::default()),
            more,
            output,
        )
    }

    /// Refuses to start a command: who audits what others hold or read starts none.
    pub(super) fn refuse_command(&self) -> anyhow::Result<()> {
        match self.command.is_empty() {
            true => Ok(()),
            false => Err(Failure::usage(
                "many processes audit captures, and start no command: `seedbench audit -- COMMAND` does",
            )),
        }
    }

    /// The capture that the arguments name, without what is declared to be no draw.
    pub(super) fn open_capture(&self) -> anyhow::Result<Capture> {
        if let Some(hint) = self.capture.as_deref().and_then(hint::of_capture) {
            return Err(Failure::usage(hint));
        }
        self.program.refuse_without_command()?;
        self.only_draws(self.open(self.path()).map_err(unreadable)?)
    }

    /// Judges a capture under its name or another, and returns the exit code.
    pub(super) fn judge(
        &self,
        mut capture: Capture,
        name: Option<&str>,
        output: &Output,
    ) -> anyhow::Result<u8> {
        self.question.limit_memory();
        let path = self.path().display().to_string();
        let no_more = &mut |_| Ok(None);
        let name = name.unwrap_or(&path);
        self.question.answer(
            &mut capture,
            name,
            (None, self.program.roster()),
            no_more,
            output,
        )
    }

    fn path(&self) -> &Path {
        self.capture.as_deref().unwrap_or(Path::new("-"))
    }

    /// Tries every place that something is to be written to.
    pub(super) fn try_out(&self) -> anyhow::Result<()> {
        self.question.try_out()
    }

    /// Where what is recorded is kept, if it is.
    pub(super) fn sketches(&self) -> Option<PathBuf> {
        self.question.sketches()
    }

    /// The capture without what is declared to be no draw.
    fn only_draws(&self, capture: Capture) -> anyhow::Result<Capture> {
        let left_out = self.reading.left_out(self.question.row());
        match left_out.is_nothing() {
            true => Ok(capture),
            false => capture.without(&left_out).map_err(unreadable),
        }
    }

    fn open(&self, path: &Path) -> Result<Capture, CaptureError> {
        let options = ReadOptions {
            element: self.element,
            words_per_stream: self.words_per_stream,
            interleaved: self.interleaved,
            reading: self.reading.reading(),
        };
        if path != Path::new("-") {
            return Capture::open(path, &options);
        }
        let mut stdin = std::io::stdin().lock();
        let bare = ReadOptions {
            reading: options.reading.clone(),
            ..ReadOptions::default()
        };
        if options == bare {
            Capture::from_text("standard input", stdin, &options.reading)
        } else {
            Capture::from_bytes("standard input", &mut stdin, &options)
        }
    }
}

fn not_collected(error: ProgramError) -> anyhow::Error {
    match error {
        ProgramError::Unreadable(error) => unreadable(error),
        error => Failure::usage(capture::one_line(&error)),
    }
}

fn unreadable(error: CaptureError) -> anyhow::Error {
    let message = capture::one_line(&error);
    match error {
        CaptureError::Options(_) => Failure::usage(message),
        _ => Failure::bad_data(message),
    }
}
