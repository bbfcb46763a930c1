//! What the starts of a program have printed so far.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    ops::ControlFlow,
};

use super::{ProgramRuns, Watcher};
use crate::{
    capture::{self, Gathered, Origin, Reading},
    harness::command::{self, CommandError, Outcome, Program, Start},
};

/// Failures of one kind after which, where nothing has gone well, the rest is not started.
const ALIKE: usize = 4;
/// Kinds of failure whose standard error is shown.
const SHOWN: usize = 3;

/// Outputs, as they come in.
pub(super) struct Outputs<'a> {
    pub(super) gathered: Gathered,
    runs: &'a ProgramRuns,
    /// Digests of the outputs.
    outputs: HashSet<u64>,
    repeats: bool,
    /// Kinds of failure, and how often each has come.
    failures: Vec<(String, usize)>,
}

impl<'a> Outputs<'a> {
    pub(super) fn new(runs: &'a ProgramRuns) -> Self {
        let workers = runs.pool.then_some(runs.workers).flatten();
        let reading = Reading {
            workers: workers.map(std::num::NonZeroU32::get),
            ..runs.reading.clone()
        };
        Self {
            gathered: Gathered::new(reading),
            runs,
            outputs: HashSet::new(),
            repeats: false,
            failures: Vec::new(),
        }
    }

    /// Whether two starts have printed the same.
    pub(super) const fn some_repeat(&self) -> bool {
        self.repeats
    }

    /// Starts the program, and stops where it fails again and again.
    ///
    /// # Errors
    /// When it cannot be started at all.
    pub(super) fn run(
        &mut self,
        program: &Program<'_>,
        starts: Vec<Start>,
        watcher: &mut dyn Watcher,
    ) -> Result<(), CommandError> {
        let all = starts.len();
        let runs = self.runs;
        watcher.starting(all);
        let mut seen = 0;
        let mut given_up = false;
        let each = |outcome| {
            watcher.one_ended();
            seen += 1;
            self.add(outcome, watcher);
            given_up =
                self.outputs.is_empty() && self.failures.iter().any(|(_, count)| *count >= ALIKE);
            if given_up {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let result = match &runs.supervisor {
            #[cfg(unix)]
            Some(image) => command::supervised(image, program, starts, each),
            _ => command::run_all(program, starts, each),
        };
        watcher.all_ended();
        if given_up && seen < all {
            watcher.remark(&format!(
                "{seen} of {all} starts failed, {ALIKE} of them alike, and none went well: the others were not started"
            ));
        }
        result
    }

    fn add(&mut self, outcome: Outcome, watcher: &mut dyn Watcher) {
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
                    .add(&origin, &bytes, self.runs.element, self.runs.kept());
            }
            Err(error) => {
                self.count(&origin, &error, watcher);
                self.gathered.fail(&origin, &error);
            }
        }
    }

    /// Counts a failure; the first of its kind shows all that is left of its standard error.
    fn count(&mut self, origin: &Origin, error: &CommandError, watcher: &mut dyn Watcher) {
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
            watcher.complained(&origin.to_string(), &lines);
        }
    }
}
