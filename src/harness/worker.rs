//! What one worker does, on every backend: enter, then open and draw task after task.

use std::{
    num::NonZeroU32,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use super::LaunchError;
use crate::{
    strategies::{Seeder, SeedingStrategy, Worker},
    vocabulary::{Root, Site, TaskId},
};

/// Words asked for in one virtual call, 32 KiB: long enough that the call costs nothing, short
/// enough that the block stays in the first-level cache.
pub(crate) const BLOCK_WORDS: usize = 4096;

/// How much work, in words, passes between two looks at the clock.
const PATIENCE: usize = 8 * BLOCK_WORDS;

/// What opening a stream counts against [`PATIENCE`], in words.
const OPENING: usize = 256;

/// When a launch must be over, looked at now and then by the workers that cannot be ended from outside.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// So long from now; a limit too long to be represented is none.
    pub(crate) fn after(limit: Duration) -> Self {
        Self(Instant::now().checked_add(limit))
    }

    /// Somebody else watches the time.
    #[cfg(unix)]
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    fn passed(self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }
}

/// The launch was not over in time.
#[derive(Debug)]
pub(crate) struct OutOfTime;

/// A worker at work.
pub(crate) struct Shift<'a> {
    worker: Box<dyn Worker + 'a>,
    site: Site,
    words: usize,
    deadline: Deadline,
    worked: usize,
}

impl<'a> Shift<'a> {
    /// Enters the worker at `site`; every task draws `words` words.
    pub(crate) fn begin(
        seeder: &'a dyn Seeder,
        site: Site,
        words: usize,
        deadline: Deadline,
    ) -> Self {
        Self {
            worker: seeder.enter(&site),
            site,
            words,
            deadline,
            worked: 0,
        }
    }

    /// Executes the tasks from `first` on, one a row; `clock` tells when a task starts, and `done`
    /// is told of every task that has been executed.
    pub(crate) fn execute(
        &mut self,
        first: u32,
        rows: &mut [u64],
        clock: impl Fn(&Site) -> u64,
        mut done: impl FnMut(usize, &Site),
    ) -> Result<(), OutOfTime> {
        for (index, row) in rows.chunks_exact_mut(self.words).enumerate() {
            self.site.task = TaskId(first + index as u32);
            self.site.task_start_unix_ns = clock(&self.site);
            let mut stream = self.worker.open(&self.site);
            self.worked += OPENING;
            for block in row.chunks_mut(BLOCK_WORDS) {
                stream.fill(block);
                self.worked += block.len();
                if self.worked >= PATIENCE {
                    self.worked = 0;
                    if self.deadline.passed() {
                        return Err(OutOfTime);
                    }
                }
            }
            drop(stream);
            done(index, &self.site);
            self.site.task_ordinal += 1;
        }
        Ok(())
    }
}

/// Prepares a strategy, in this process.
pub(crate) fn prepare(
    strategy: &dyn SeedingStrategy,
    root: Root,
    tasks: NonZeroU32,
) -> Result<Box<dyn Seeder>, LaunchError> {
    catch_unwind(AssertUnwindSafe(|| strategy.prepare(root, tasks)))
        .map_err(|payload| LaunchError::panicked(strategy, "its preparation", &*payload))?
        .map_err(LaunchError::from)
}
