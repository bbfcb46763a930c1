//! What the starts of a command have printed so far, shown as it comes in.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    ops::ControlFlow,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    capture::{self, ElementType, Gathered, Origin, Reading},
    cli::{Failure, Output, host},
    harness::command::{self, CommandError, Outcome, Program, Start},
};

/// Failures of one kind after which, where nothing has gone well, the rest is not started.
const ALIKE: usize = 4;
/// Kinds of failure whose standard error is shown.
const SHOWN: usize = 3;

/// Outputs, as they come in.
pub(super) struct Collected {
    pub(super) gathered: Gathered,
    element: Option<ElementType>,
    wanted: Option<u64>,
    /// Digests of the outputs.
    outputs: HashSet<u64>,
    repeats: bool,
    /// Kinds of failure, and how often each has come.
    failures: Vec<(String, usize)>,
}

impl Collected {
    pub(super) fn new(element: Option<ElementType>, wanted: Option<u64>, reading: Reading) -> Self {
        Self {
            gathered: Gathered::new(reading),
            element,
            wanted,
            outputs: HashSet::new(),
            repeats: false,
            failures: Vec::new(),
        }
    }

    /// Whether two starts have printed the same.
    pub(super) fn some_repeat(&self) -> bool {
        self.repeats
    }

    /// Starts the command, and stops where it fails again and again.
    ///
    /// # Errors
    /// When it cannot be started at all.
    pub(super) fn run(
        &mut self,
        program: &Program<'_>,
        starts: Vec<Start>,
        output: &Output,
    ) -> anyhow::Result<()> {
        let all = starts.len();
        let bar = bar(all as u64, output);
        let mut seen = 0;
        let mut given_up = false;
        let result = run(program, starts, |outcome| {
            bar.inc(1);
            seen += 1;
            bar.suspend(|| self.add(outcome));
            given_up =
                self.outputs.is_empty() && self.failures.iter().any(|(_, count)| *count >= ALIKE);
            if given_up {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        bar.finish_and_clear();
        if given_up && seen < all {
            output.remark(&format!(
                "{seen} of {all} starts failed, {ALIKE} of them alike, and none went well: the others were not started"
            ));
        }
        result.map_err(not_started)
    }

    fn add(&mut self, outcome: Outcome) {
        let origin = Origin {
            run: outcome.start.run,
            seed: outcome.start.seed,
            worker: outcome.start.worker,
            launch: outcome.launch,
        };
        match outcome.output {
            Ok(bytes) => {
                let mut hasher = DefaultHasher::new();
                bytes.hash(&mut hasher);
                self.repeats |= !self.outputs.insert(hasher.finish()) && !bytes.is_empty();
                self.gathered
                    .add(&origin, &bytes, self.element, self.wanted);
            }
            Err(error) => {
                self.count(&origin, &error);
                self.gathered.fail(&origin, &error);
            }
        }
    }

    /// Counts a failure; the first of its kind shows all that is left of its standard error.
    fn count(&mut self, origin: &Origin, error: &CommandError) {
        let kind = capture::one_line(error);
        if let Some((_, count)) = self.failures.iter_mut().find(|(known, _)| *known == kind) {
            *count += 1;
            return;
        }
        self.failures.push((kind, 1));
        let lines = error
            .complaint()
            .map(command::Complaint::lines)
            .unwrap_or_default();
        if self.failures.len() <= SHOWN && lines.len() > 1 {
            complain!("seedbench: {origin} ended its standard error so:");
            for line in lines {
                complain!("  | {line}");
            }
        }
    }
}

fn bar(starts: u64, output: &Output) -> ProgressBar {
    if !output.progress {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(starts).with_style(
        ProgressStyle::with_template("{bar:24} {pos}/{len} starts, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// By a supervisor, which ends everything should this process be killed.
#[cfg(unix)]
fn run(
    program: &Program<'_>,
    starts: Vec<Start>,
    each: impl FnMut(Outcome) -> ControlFlow<()>,
) -> Result<(), CommandError> {
    match host::image() {
        Ok(image) => command::supervised(&image, program, starts, each),
        Err(_) => command::run_all(program, starts, each),
    }
}

#[cfg(not(unix))]
use command::run_all as run;

fn not_started(error: CommandError) -> anyhow::Error {
    Failure::usage(crate::capture::one_line(&error))
}
