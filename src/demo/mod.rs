//! What shared streams do to a result: a small Monte Carlo on real workers, again and again.
//!
//! Every task computes one value from its own stream; a run reports their mean and, from their spread, the
//! error it claims. Since the true value is known, so is the error that was made: over many runs the two
//! agree where streams are independent, and do not where streams are shared.

mod ising;

use std::{collections::HashMap, num::NonZeroU32, time::Duration};

use rayon::prelude::*;
use serde::Serialize;

use crate::{
    generators::SpawnKey,
    harness::{Assignment, Backend, Job, LaunchError, digest},
    strategies::SeedingStrategy,
    vocabulary::{BackendKind, Root, RootSeed, RunGroup, RunId},
};

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Experiment {
    /// π, from the share of random points of a square that lie in its circle.
    Pi,
    /// The energy of a spin in a 2-D Ising model at its critical temperature.
    Ising,
}

impl Experiment {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Pi, Self::Ising];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pi => "pi",
            Self::Ising => "Ising energy",
        }
    }

    /// The true value.
    pub fn truth(self) -> f64 {
        match self {
            Self::Pi => std::f64::consts::PI,
            Self::Ising => ising::truth(),
        }
    }

    /// What one stream makes of it.
    fn value(self, words: &[u64]) -> f64 {
        match self {
            Self::Pi => pi(words),
            Self::Ising => ising::energy(words),
        }
    }
}

/// A word as a number in [0, 1).
fn unit(word: u64) -> f64 {
    (word >> 11) as f64 / (1_u64 << 53) as f64
}

/// Four times the share of points, two words each, in the quarter of the unit circle.
fn pi(words: &[u64]) -> f64 {
    let inside = words
        .chunks_exact(2)
        .filter(|point| unit(point[0]).hypot(unit(point[1])) < 1.0)
        .count();
    4.0 * inside as f64 / (words.len() / 2) as f64
}

/// How large the runs are, and how many.
#[derive(Clone, Debug, Serialize)]
pub struct DemoPlan {
    /// Workers of every run.
    pub workers: NonZeroU32,
    /// Tasks of every run, a stream each.
    pub tasks: NonZeroU32,
    /// Words of every stream.
    pub words: NonZeroU32,
    /// Runs, each from a fresh root.
    pub runs: NonZeroU32,
    /// The root from which the fresh roots derive.
    pub root: RootSeed,
}

/// The words that a stream must have at least.
pub const LEAST_WORDS: u32 = 2 * ising::WARM_UP_WORDS as u32;

/// How long one launch may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A mean and the error that it claims.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Estimate {
    mean: f64,
    /// Standard deviation over the square root of the number of values.
    standard_error: f64,
}

impl Estimate {
    /// As every textbook has it, for independent values.
    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            mean,
            standard_error: (squares / (count - 1.0).max(1.0) / count).sqrt(),
        }
    }
}

/// Errors of one experiment over all runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Errors {
    /// What was computed.
    pub experiment: Experiment,
    /// The error that a run claims: root of the mean square over runs.
    pub claimed: f64,
    /// The error that a run makes: the same of its distance from the truth.
    pub actual: f64,
    /// Runs whose mean ± 2 standard errors holds the truth: 95 % should.
    pub covered: u32,
}

impl Errors {
    fn of(experiment: Experiment, estimates: &[Estimate]) -> Self {
        let truth = experiment.truth();
        let rms = |of: &dyn Fn(&Estimate) -> f64| {
            let squares: f64 = estimates.iter().map(|estimate| of(estimate).powi(2)).sum();
            (squares / estimates.len() as f64).sqrt()
        };
        let off = |estimate: &Estimate| estimate.mean - truth;
        Self {
            experiment,
            claimed: rms(&|estimate| estimate.standard_error),
            actual: rms(&off),
            covered: estimates
                .iter()
                .filter(|estimate| off(estimate).abs() <= 2.0 * estimate.standard_error)
                .count() as u32,
        }
    }

    /// How many times too small the claimed error is; `None` where no error is claimed at all.
    pub fn too_small_by(&self) -> Option<f64> {
        // Equal values differ in the last place of their sum.
        (self.claimed > 1e-9 * self.actual).then(|| self.actual / self.claimed)
    }
}

/// One strategy on one backend.
#[derive(Clone, Debug, Serialize)]
pub struct DemoRow {
    /// The strategy's id.
    pub strategy: &'static str,
    /// The backend.
    pub backend: BackendKind,
    /// What the streams of one run are worth, on average.
    pub worth: f64,
    /// Runs that gave another answer than every earlier one.
    pub answers: u32,
    /// One entry an experiment.
    pub errors: Vec<Errors>,
}

impl DemoRow {
    /// Whether every run gave the same answer: then its distance from the truth says nothing of the error bar, and
    /// running again says nothing at all.
    pub const fn repeats(&self) -> bool {
        self.answers == 1
    }

    /// How many times too small the error bar of an experiment is, where runs tell.
    pub fn factor(&self, errors: &Errors) -> Factor {
        match errors.too_small_by() {
            None => Factor::NoneClaimed,
            Some(_) if self.repeats() => Factor::OneAnswer,
            Some(factor) => Factor::Times(factor),
        }
    }
}

/// What an error bar is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Factor {
    /// So many times too small.
    Times(f64),
    /// There is none: all tasks computed the same.
    NoneClaimed,
    /// All runs gave one answer, so that its error cannot be told.
    OneAnswer,
}

/// The whole demonstration.
#[derive(Clone, Debug, Serialize)]
pub struct Demo {
    /// Sizes.
    pub plan: DemoPlan,
    /// One row a strategy and backend that could run.
    pub rows: Vec<DemoRow>,
    /// What could not run, and why.
    pub left_out: Vec<String>,
}

/// Runs a strategy on a backend as often as the plan says.
///
/// # Errors
/// When a launch fails.
pub fn row(
    plan: &DemoPlan,
    strategy: &'static dyn SeedingStrategy,
    backend: &dyn Backend,
    each: &mut dyn FnMut(),
) -> Result<DemoRow, LaunchError> {
    let id = strategy.spec().id;
    let words = plan.words.get() as usize;
    let mut arena = vec![0_u64; plan.tasks.get() as usize * words];
    let mut estimates = Experiment::ALL.map(|_| Vec::new());
    let mut worth = 0.0;
    let mut answers = HashMap::new();
    for run in 0..plan.runs.get() {
        let job = Job {
            strategy,
            run: RunId(run),
            group: RunGroup::Fresh,
            root: Root::Fresh(root(plan, id, run)),
            workers: plan.workers,
            first_ordinal: 1,
            tasks: plan.tasks,
            chunk: None,
            assignment: Assignment::Static,
            words: plan.words,
            timeout: TIMEOUT,
        };
        backend.launch(&job, &mut arena)?;
        worth += worth_of(&arena, words);
        answers.insert(digest(&arena).to_string(), run);
        for (experiment, estimates) in Experiment::ALL.into_iter().zip(&mut estimates) {
            let values: Vec<f64> = arena
                .par_chunks_exact(words)
                .map(|words| experiment.value(words))
                .collect();
            estimates.push(Estimate::of(&values));
        }
        each();
    }
    Ok(DemoRow {
        strategy: id,
        backend: backend.kind(),
        worth: worth / f64::from(plan.runs.get()),
        answers: answers.len() as u32,
        errors: Experiment::ALL
            .into_iter()
            .zip(&estimates)
            .map(|(experiment, estimates)| Errors::of(experiment, estimates))
            .collect(),
    })
}

/// A fresh root for each strategy and run; every backend is given the same.
fn root(plan: &DemoPlan, id: &str, run: u32) -> RootSeed {
    let of_name = id
        .bytes()
        .fold(SpawnKey::from_root(&plan.root), |key, byte| {
            key.child(u64::from(byte))
        });
    // Names are bytes: no name's branch is another's root.
    RootSeed::from_bytes(of_name.child(u64::MAX).child(u64::from(run)).bytes())
}

/// S² / Σm² of the streams of a run, in groups of m equal ones.
fn worth_of(arena: &[u64], words: usize) -> f64 {
    let mut groups: HashMap<&[u64], f64> = HashMap::new();
    for stream in arena.chunks_exact(words) {
        *groups.entry(stream).or_default() += 1.0;
    }
    let streams: f64 = groups.values().sum();
    streams * streams / groups.values().map(|count| count * count).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{harness::ThreadsBackend, strategies};

    fn on_threads(id: &str) -> DemoRow {
        let count = |count| NonZeroU32::new(count).unwrap();
        let plan = DemoPlan {
            workers: count(4),
            tasks: count(64),
            words: count(LEAST_WORDS),
            runs: count(40),
            root: RootSeed::from_u64(5),
        };
        row(
            &plan,
            strategies::find(id).unwrap(),
            &ThreadsBackend,
            &mut || (),
        )
        .unwrap()
    }

    #[test]
    fn independent_streams_make_the_error_that_they_claim() {
        let row = on_threads("spawn-key/chacha20");
        assert_eq!((row.worth, row.answers), (64.0, 40));
        for errors in &row.errors {
            // The square of the ratio is χ² of 40 degrees over 40: outside these with probability 1e-4.
            let factor = errors.too_small_by().unwrap();
            assert!((0.6..1.5).contains(&factor), "{errors:?}");
            assert!(errors.covered >= 30, "{errors:?}");
        }
    }

    #[test]
    fn a_seed_a_worker_claims_too_little() {
        // Every task of a worker draws the same: 4 streams, 16 times each.
        let row = on_threads("worker-ordinal/mt19937");
        assert_eq!((row.worth, row.answers), (4.0, 1));
    }

    #[test]
    fn equal_streams_claim_no_error_at_all() {
        let row = on_threads("fixed/mt19937");
        assert_eq!((row.worth, row.answers), (1.0, 1));
        for errors in &row.errors {
            assert_eq!(errors.too_small_by(), None, "{errors:?}");
            assert_eq!(errors.covered, 0, "{errors:?}");
        }
    }

    #[test]
    fn errors_are_those_of_the_textbook() {
        let estimate = Estimate::of(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(estimate.mean, 2.5);
        assert!((estimate.standard_error - (5.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
        assert_eq!(pi(&[0, 0, u64::MAX, u64::MAX]), 2.0);
    }
}
