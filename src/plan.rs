//! Which cells are run, how large, in which run groups.

use std::{num::NonZeroU32, time::Duration};

use crate::vocabulary::{BackendKind, RootSeed};

/// A plan: every strategy on every backend, at one size.
///
/// ```
/// use seedbench::plan::Plan;
///
/// let plan = Plan { tasks: 16, words: 256, ..Plan::quick() };
/// assert_eq!(plan.validate(None)?.tasks.get(), 16);
/// # Ok::<(), seedbench::plan::PlanError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// `standard`, `quick` or `custom`.
    pub name: String,
    /// The ids of the strategies, in order.
    pub strategies: Vec<String>,
    /// The backends, in order.
    pub backends: Vec<BackendKind>,
    /// Workers of every launch. It does not follow the machine, so that rows can be compared.
    pub workers: u32,
    /// Tasks of every launch.
    pub tasks: u32,
    /// Words of every task in fresh runs.
    pub words: u32,
    /// Words of every task in replayed and rooted runs: sharing shows in few words.
    pub rooted_words: u32,
    /// Fresh runs.
    pub fresh_runs: u32,
    /// Whether a given root is launched twice, and once more on another number of workers.
    pub replay: bool,
    /// The roots of the rooted runs: the ones people use.
    pub rooted: Vec<RootSeed>,
    /// The root from which everything that is not drawn from the system is derived.
    pub root: RootSeed,
    /// Cells of the same check outside this plan: the family of the error control counts them too.
    pub other_cells: u64,
    /// Whether fresh roots derive from `root` too, so that the whole check can be replayed. The
    /// strategies that read the system's entropy themselves still do.
    pub fixed: bool,
    /// How long one launch may take.
    pub timeout: Duration,
    /// Bytes of memory the analysis may use, where that is limited.
    pub memory_bytes: Option<u64>,
    /// How many strategies are worked on at once. One leaves the times of launches undisturbed.
    pub lanes: u32,
    /// Whether rows on modelled sites take as many streams as their declared flaw needs, where that
    /// takes no more memory than the plan's own sizes.
    pub widen: bool,
}

/// Why a plan makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Something that must be positive is 0.
    #[error("{what} is 0; it must be at least 1")]
    Zero {
        /// The size that is 0.
        what: &'static str,
    },
    /// Nothing is named.
    #[error("no {what} is named; `seedbench list` shows them")]
    Nothing {
        /// What is missing.
        what: &'static str,
    },
    /// Neither fresh nor rooted runs are planned.
    #[error("no fresh and no rooted runs are planned, so there is no evidence; plan at least 1")]
    NoRuns,
    /// More words than can be counted.
    #[error("{tasks} tasks of {words} words in {runs} runs are more words than can be addressed")]
    TooLarge {
        /// Tasks of every run.
        tasks: u32,
        /// Words of every task.
        words: u32,
        /// Runs.
        runs: u32,
    },
    /// More memory than there is.
    #[error(
        "the plan needs {needed_bytes} bytes of memory ({tasks} tasks × {words} words × 8 bytes × \
         {runs} runs, and as much again to analyse them) but {available_bytes} are available; plan \
         fewer words, tasks or runs"
    )]
    Memory {
        /// What the plan needs.
        needed_bytes: u64,
        /// What there is.
        available_bytes: u64,
        /// Tasks of every run.
        tasks: u32,
        /// Words of every task.
        words: u32,
        /// Fresh runs.
        runs: u32,
    },
}

/// The sizes of a plan, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Workers of every launch.
    pub workers: NonZeroU32,
    /// Tasks of every launch.
    pub tasks: NonZeroU32,
    /// Words of every task in fresh runs.
    pub words: NonZeroU32,
    /// Words of every task in replayed and rooted runs.
    pub rooted_words: NonZeroU32,
}

impl Plan {
    /// 64 tasks × 4 fresh runs × 16,384 words (32 MiB) on 8 workers, the roots 0, 1, 2, 3 and 42 at
    /// 2,048 words, and a replay. No strategy or backend is named yet.
    pub fn standard() -> Self {
        Self {
            name: "standard".to_owned(),
            strategies: Vec::new(),
            backends: Vec::new(),
            workers: 8,
            tasks: 64,
            words: 16_384,
            rooted_words: 2_048,
            fresh_runs: 4,
            replay: true,
            rooted: [0, 1, 2, 3, 42].map(RootSeed::from_u64).to_vec(),
            root: RootSeed::from_u64(0),
            other_cells: 0,
            fixed: false,
            timeout: Duration::from_secs(60),
            memory_bytes: None,
            lanes: 1,
            widen: false,
        }
    }

    /// 32 tasks × 4 fresh runs × 2,048 words (2 MiB): every flaw of the first strategies is still
    /// decidable.
    pub fn quick() -> Self {
        Self {
            name: "quick".to_owned(),
            tasks: 32,
            words: 2_048,
            rooted_words: 256,
            rooted: [0, 1, 42].map(RootSeed::from_u64).to_vec(),
            timeout: Duration::from_secs(20),
            ..Self::standard()
        }
    }

    /// The cells, in the order in which they are run.
    pub fn cells(&self) -> impl Iterator<Item = (&str, BackendKind)> {
        self.strategies.iter().flat_map(|strategy| {
            self.backends
                .iter()
                .map(move |&backend| (strategy.as_str(), backend))
        })
    }

    /// How many cells there are.
    pub const fn cell_count(&self) -> usize {
        self.strategies.len() * self.backends.len()
    }

    /// Bytes of evidence that one cell holds at once.
    pub fn evidence_bytes(&self) -> u64 {
        let tasks = u64::from(self.tasks);
        let fresh = tasks
            .saturating_mul(u64::from(self.words))
            .saturating_mul(u64::from(self.fresh_runs));
        let launches = self.rooted.len() as u64 + 3 * u64::from(self.replay);
        let rooted = tasks
            .saturating_mul(u64::from(self.rooted_words))
            .saturating_mul(launches);
        fresh.saturating_add(rooted).saturating_mul(8)
    }

    /// Bytes of memory that one cell takes: its evidence, and its analysis, which takes at most 1.2
    /// times as much beside it.
    pub fn needed_bytes(&self) -> u64 {
        let evidence = self.evidence_bytes();
        evidence.saturating_add((evidence / 5).saturating_mul(6))
    }

    /// Checks the sizes; names are checked where they are known.
    ///
    /// # Errors
    /// When a size is 0, when there are no runs, or when the evidence and its analysis do not fit
    /// into `available_bytes`.
    pub fn validate(&self, available_bytes: Option<u64>) -> Result<Sizes, PlanError> {
        let positive =
            |what: &'static str, value: u32| NonZeroU32::new(value).ok_or(PlanError::Zero { what });
        let sizes = Sizes {
            workers: positive("the number of workers", self.workers)?,
            tasks: positive("the number of tasks", self.tasks)?,
            words: positive("the number of words of a task", self.words)?,
            rooted_words: positive("the number of words of a rooted task", self.rooted_words)?,
        };
        if self.fresh_runs == 0 && self.rooted.is_empty() {
            return Err(PlanError::NoRuns);
        }
        let evidence = self.evidence_bytes();
        if evidence > isize::MAX as u64 / 4 {
            return Err(PlanError::TooLarge {
                tasks: self.tasks,
                words: self.words,
                runs: self.fresh_runs,
            });
        }
        let needed_bytes = self.needed_bytes();
        if let Some(available_bytes) = available_bytes
            && needed_bytes > available_bytes
        {
            return Err(PlanError::Memory {
                needed_bytes,
                available_bytes,
                tasks: self.tasks,
                words: self.words,
                runs: self.fresh_runs,
            });
        }
        Ok(sizes)
    }

    /// Checks that strategies and backends are named.
    ///
    /// # Errors
    /// When none is.
    pub const fn require_cells(&self) -> Result<(), PlanError> {
        if self.strategies.is_empty() {
            return Err(PlanError::Nothing { what: "strategy" });
        }
        if self.backends.is_empty() {
            return Err(PlanError::Nothing { what: "backend" });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused_with_its_numbers() {
        let zero = Plan {
            workers: 0,
            ..Plan::quick()
        };
        assert_eq!(
            zero.validate(None).unwrap_err().to_string(),
            "the number of workers is 0; it must be at least 1"
        );
        let silent = Plan {
            words: 0,
            ..Plan::quick()
        };
        assert!(matches!(silent.validate(None), Err(PlanError::Zero { .. })));
        let empty = Plan {
            fresh_runs: 0,
            rooted: Vec::new(),
            ..Plan::quick()
        };
        assert_eq!(empty.validate(None), Err(PlanError::NoRuns));
        let huge = Plan {
            tasks: u32::MAX,
            words: u32::MAX,
            ..Plan::quick()
        };
        assert!(matches!(
            huge.validate(None),
            Err(PlanError::TooLarge { .. })
        ));
        assert_eq!(
            Plan::quick().require_cells(),
            Err(PlanError::Nothing { what: "strategy" })
        );
    }

    #[test]
    fn memory_is_counted_before_it_is_asked_for() {
        let standard = Plan::standard();
        // 4 × 64 × 16,384 words fresh; 5 rooted and 3 replayed launches of 64 × 2,048 words.
        assert_eq!(standard.evidence_bytes(), (32 << 20) + (8 << 20));
        assert!(standard.validate(Some(100 << 20)).is_ok());
        let error = standard.validate(Some(64 << 20)).unwrap_err().to_string();
        assert!(error.contains("67108864 are available"), "{error}");
    }

    #[test]
    fn cells_are_strategies_times_backends() {
        let plan = Plan {
            strategies: vec!["a/x".into(), "b/x".into()],
            backends: vec![BackendKind::Threads, BackendKind::Fork],
            ..Plan::quick()
        };
        assert_eq!(plan.cell_count(), plan.cells().count());
        assert_eq!(plan.cells().nth(1), Some(("a/x", BackendKind::Fork)));
    }
}
