//! A pool with one worker per core that hands every task its own sound generator.
//!
//! It is the note's battery-included pool: a function with one free parameter, a list of parameters,
//! results in order and labelled if wanted, wall time measured, progress shown. Results are
//! identical on 1 or 64 workers, because a task's generator is derived from the run's root and the
//! task's number alone.

use std::{
    num::NonZeroUsize,
    time::{Duration, Instant},
};

#[cfg(feature = "cli")]
use indicatif::{ProgressBar, ProgressStyle};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::{spawn::SpawnKey, vocabulary::RootSeed};

/// Maps a function over parameters on all cores, each task with a generator of its own.
///
/// ```
/// use rand::RngExt;
/// use seedbench::pool::Pool;
///
/// // Estimate π from darts, once for each number of darts.
/// let quarter = |darts: &u32, rng: &mut rand_chacha::ChaCha8Rng| {
///     let hits = (0..*darts)
///         .filter(|_| rng.random::<f64>().hypot(rng.random::<f64>()) < 1.0)
///         .count();
///     4.0 * hits as f64 / f64::from(*darts)
/// };
/// let darts = [1_000, 10_000, 100_000];
/// let outcome = Pool::from_os()?.map(&darts, quarter)?;
/// for (darts, pi) in outcome.labelled(&darts) {
///     assert!((pi - 3.1416).abs() < 20.0 / f64::from(*darts).sqrt());
/// }
///
/// // The recorded root replays it, on any number of workers.
/// let again = Pool::from_root(outcome.root).workers(1).map(&darts, quarter)?;
/// assert_eq!(again.results, outcome.results);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pool {
    key: SpawnKey,
    workers: Option<usize>,
    #[cfg(feature = "cli")]
    progress: bool,
}

/// What a pool gave.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome<R> {
    /// One result a parameter, in the order of the parameters.
    pub results: Vec<R>,
    /// Wall time from the first task to the last.
    pub wall: Duration,
    /// The root that replays it.
    pub root: RootSeed,
    /// How many workers ran it (it makes no difference to the results).
    pub workers: usize,
}

impl<R> Outcome<R> {
    /// The results beside their parameters.
    pub fn labelled<'a, P>(&'a self, parameters: &'a [P]) -> impl Iterator<Item = (&'a P, &'a R)> {
        parameters.iter().zip(&self.results)
    }
}

/// Why a pool could not start.
#[derive(Debug, thiserror::Error)]
#[error("failed to start {workers} workers")]
#[non_exhaustive]
pub struct PoolError {
    /// Workers asked for.
    pub workers: usize,
    /// What the thread library said.
    #[source]
    source: rayon::ThreadPoolBuildError,
}

impl Pool {
    /// A pool with a new root from the operating system: another result at every run.
    ///
    /// # Errors
    /// When the operating system gives no entropy.
    pub fn from_os() -> Result<Self, getrandom::Error> {
        Ok(Self::with_key(SpawnKey::from_os()?))
    }

    /// A pool that replays a recorded or chosen root.
    pub fn from_root(root: RootSeed) -> Self {
        Self::with_key(SpawnKey::from_root(root))
    }

    fn with_key(key: SpawnKey) -> Self {
        Self {
            key,
            workers: None,
            #[cfg(feature = "cli")]
            progress: false,
        }
    }

    /// Uses so many workers instead of one per core; 0 counts as one per core.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = (workers > 0).then_some(workers);
        self
    }

    /// Draws a progress bar on standard error while the pool runs, if that is a terminal.
    #[cfg(feature = "cli")]
    #[must_use]
    pub fn progress(mut self, progress: bool) -> Self {
        self.progress = progress;
        self
    }

    /// Applies `function` to every parameter.
    ///
    /// Task i gets the generator of spawn key i, whichever worker runs it.
    ///
    /// # Errors
    /// When the workers cannot be started.
    ///
    /// # Panics
    /// When `function` panics.
    pub fn map<P, R, F>(&self, parameters: &[P], function: F) -> Result<Outcome<R>, PoolError>
    where
        P: Sync,
        R: Send,
        F: Fn(&P, &mut ChaCha8Rng) -> R + Sync,
    {
        let workers = self
            .workers
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZeroUsize::get));
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(workers)
            .build()
            .map_err(|source| PoolError { workers, source })?;
        #[cfg(feature = "cli")]
        let bar = self.bar(parameters.len() as u64);
        let start = Instant::now();
        let results = threads.install(|| {
            parameters
                .par_iter()
                .enumerate()
                .map(|(task, parameter)| {
                    let result = function(parameter, &mut self.key.rng(task as u64));
                    #[cfg(feature = "cli")]
                    bar.inc(1);
                    result
                })
                .collect()
        });
        let wall = start.elapsed();
        #[cfg(feature = "cli")]
        bar.finish_and_clear();
        Ok(Outcome {
            results,
            wall,
            root: self.key.root(),
            workers,
        })
    }

    #[cfg(feature = "cli")]
    fn bar(&self, tasks: u64) -> ProgressBar {
        if !self.progress {
            return ProgressBar::hidden();
        }
        let template = "{wide_bar} {pos}/{len} tasks, {eta} left";
        let style = ProgressStyle::with_template(template);
        ProgressBar::new(tasks).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}

#[cfg(test)]
mod tests {
    use rand_core::Rng;

    use super::*;

    #[test]
    fn results_do_not_depend_on_the_number_of_workers() {
        let parameters: Vec<u64> = (0..257).collect();
        let draw = |parameter: &u64, rng: &mut ChaCha8Rng| {
            (0..=parameter % 7).map(|_| rng.next_u64()).last()
        };
        let pool = Pool::from_root(RootSeed::from_u64(9));
        let one = pool.clone().workers(1).map(&parameters, draw).unwrap();
        for workers in [2, 3, 64] {
            let many = pool
                .clone()
                .workers(workers)
                .map(&parameters, draw)
                .unwrap();
            assert_eq!(many.results, one.results);
            assert_eq!(many.workers, workers);
        }
    }

    #[test]
    fn no_parameters_give_no_results() {
        let outcome = Pool::from_root(RootSeed::from_u64(9))
            .map(&[], |_: &u8, _| 0)
            .unwrap();
        assert!(outcome.results.is_empty());
    }
}
