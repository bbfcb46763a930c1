//! Launches every run of a cell and puts its words into one arena.

use std::{io, num::NonZeroU32, time::Instant};

use rayon::prelude::*;

use super::{
    Assignment, Backend, CellPlan, Collected, Job, LaunchError, Repeats, digest,
    memory::require_bytes,
};
use crate::{
    strategies::SeedingStrategy,
    vocabulary::{
        BackendKind, Evidence, Format, Root, RootSeed, RunGroup, RunId, RunInfo, StreamId,
    },
};

/// A root drawn from the operating system.
///
/// # Errors
/// When the system has no entropy to give.
pub fn os_root() -> io::Result<RootSeed> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(RootSeed::from_bytes(bytes))
}

impl CellPlan {
    /// The runs of the cell, in order: fresh, replay, rooted. `entropy` gives each fresh run its root.
    ///
    /// # Errors
    /// When there is no entropy to be had.
    pub fn runs(
        &self,
        entropy: &mut dyn FnMut() -> io::Result<RootSeed>,
    ) -> io::Result<Vec<(RunInfo, Root)>> {
        let mut runs: Vec<(RunGroup, Root)> = Vec::new();
        for _ in 0..self.fresh_runs {
            runs.push((RunGroup::Fresh, Root::Fresh(entropy()?)));
        }
        if let Some(root) = self.replay {
            runs.extend([(RunGroup::Replay, Root::Given(root)); 2]);
        }
        runs.extend(
            self.rooted
                .iter()
                .map(|&root| (RunGroup::Rooted, Root::Given(root))),
        );
        Ok(runs
            .into_iter()
            .zip(0..)
            .map(|((group, root), run)| {
                let info = RunInfo {
                    run: RunId(run),
                    group,
                    root: Some(root.seed()),
                };
                (info, root)
            })
            .collect())
    }

    /// How many runs the cell has.
    pub fn run_count(&self) -> u32 {
        self.fresh_runs + 2 * u32::from(self.replay.is_some()) + self.rooted.len() as u32
    }

    /// Words of one run; `None` where the product does not fit a machine word.
    fn words_per_run(&self) -> Option<usize> {
        (self.tasks.get() as usize).checked_mul(self.words.get() as usize)
    }

    /// Bytes of evidence the whole cell collects; saturates.
    pub fn evidence_bytes(&self) -> u64 {
        let words = u64::from(self.tasks.get()) * u64::from(self.words.get());
        words
            .saturating_mul(8)
            .saturating_mul(u64::from(self.run_count()))
    }
}

/// Launches every run of the plan and collects the words, in (run, task) order.
///
/// `arena` is memory to be used again: the arena of the last cell, or an empty vector. Fresh memory
/// is touched before the first launch, and its cost reported apart.
///
/// After the replay group, the same root is launched once more on another number of workers: that
/// tells *schedule-free*. Its words are compared and dropped.
///
/// # Errors
/// When the plan needs more memory than there is, no entropy can be had, or a launch fails.
pub fn collect(
    backend: &dyn Backend,
    strategy: &dyn SeedingStrategy,
    plan: &CellPlan,
    entropy: &mut dyn FnMut() -> io::Result<RootSeed>,
    arena: Vec<u64>,
) -> Result<Collected, LaunchError> {
    let runs = plan
        .runs(entropy)
        .map_err(|error| LaunchError::system("draw a root from the operating system", error))?;
    let (mut arena, words_per_run, first_touch_ns) = make_room(backend.kind(), plan, arena)?;

    let mut launches = Vec::with_capacity(runs.len());
    for ((info, root), rows) in runs.iter().zip(arena.chunks_exact_mut(words_per_run)) {
        let job = plan.job(strategy, info, *root, plan.workers);
        launches.push(backend.launch(&job, rows)?);
    }
    let evidence_words = runs.len() * words_per_run;
    let digests: Vec<String> = arena[..evidence_words]
        .chunks_exact(words_per_run)
        .map(|rows| digest(rows).to_string())
        .collect();
    let repeats = repeats(
        backend,
        strategy,
        plan,
        &runs,
        &digests,
        &mut arena[evidence_words..],
    )?;

    arena.truncate(evidence_words);
    let tasks = plan.tasks.get();
    let ids = runs
        .iter()
        .flat_map(|(info, _)| (0..tasks).map(|task| StreamId::new(info.run.0, task)))
        .collect();
    let infos = runs.into_iter().map(|(info, _)| info).collect();
    let words = plan.words.get() as usize;
    Ok(Collected {
        evidence: Evidence::uniform(arena, ids, words, infos, Format::WORDS)?,
        launches,
        digests,
        repeats,
        first_touch_ns,
    })
}

impl CellPlan {
    fn job<'a>(
        &self,
        strategy: &'a dyn SeedingStrategy,
        info: &RunInfo,
        root: Root,
        workers: NonZeroU32,
    ) -> Job<'a> {
        Job {
            strategy,
            run: info.run,
            group: info.group,
            root,
            workers,
            first_ordinal: self.first_ordinal,
            tasks: self.tasks,
            chunk: self.chunk,
            assignment: self.assignment.clone(),
            words: self.words,
            timeout: self.timeout,
        }
    }

    /// Another number of workers, on which most tasks change their worker.
    fn other_workers(&self) -> NonZeroU32 {
        let workers = self.workers.get();
        let other = if workers == 1 { 2 } else { workers.div_ceil(2) };
        NonZeroU32::new(other).expect("half of a positive number, rounded up")
    }
}

/// Compares the replay group's runs, and launches its root once more on other workers.
fn repeats(
    backend: &dyn Backend,
    strategy: &dyn SeedingStrategy,
    plan: &CellPlan,
    runs: &[(RunInfo, Root)],
    digests: &[String],
    scratch: &mut [u64],
) -> Result<Repeats, LaunchError> {
    let mut replayed = runs
        .iter()
        .zip(digests)
        .filter(|((info, _), _)| info.group == RunGroup::Replay);
    let (Some(((info, root), first)), Some((_, second))) = (replayed.next(), replayed.next())
    else {
        return Ok(Repeats::default());
    };
    let workers = plan.other_workers();
    let other = CellPlan {
        // A record may name workers that are not there this time.
        assignment: Assignment::Static,
        ..plan.clone()
    };
    // Its own run number: a rule that reads the clock must not find the clock of the first run.
    let info = RunInfo {
        run: RunId(runs.len() as u32),
        ..info.clone()
    };
    backend.launch(&other.job(strategy, &info, *root, workers), scratch)?;
    Ok(Repeats {
        replay_equal: Some(first == second),
        schedule_equal: Some(*first == digest(scratch).to_string()),
        schedule_workers: Some(workers.get()),
    })
}

/// An arena for every run and, where there is a replay group, one launch more; its words a run; and
/// what touching fresh memory took.
fn make_room(
    backend: BackendKind,
    plan: &CellPlan,
    mut arena: Vec<u64>,
) -> Result<(Vec<u64>, usize, u64), LaunchError> {
    let launches = plan.run_count() as usize + usize::from(plan.replay.is_some());
    let too_large = LaunchError::Memory {
        needed_bytes: plan.evidence_bytes(),
        available_bytes: super::memory::available_bytes().unwrap_or(isize::MAX as u64),
    };
    let Some((words_per_run, words)) = plan
        .words_per_run()
        .and_then(|words| Some((words, words.checked_mul(launches)?)))
        .filter(|&(_, words)| words <= isize::MAX as usize / 8)
    else {
        return Err(too_large);
    };
    let fresh_words = if words <= arena.capacity() { 0 } else { words };
    // Forked workers write into a mapping of one run's words, which is copied.
    let mapped_words = match backend {
        BackendKind::Fork => words_per_run,
        BackendKind::Threads | BackendKind::Sites => 0,
    };
    require_bytes(8 * (fresh_words + mapped_words) as u64)?;
    if fresh_words == 0 {
        arena.resize(words, 0);
        return Ok((arena, words_per_run, 0));
    }
    drop(arena);
    // An allocation that fails ends the process: ask first. The memory is not touched by asking.
    if Vec::<u64>::new().try_reserve_exact(words).is_err() {
        return Err(too_large);
    }
    let start = Instant::now();
    let mut arena = vec![0_u64; words];
    touch(&mut arena);
    Ok((arena, words_per_run, start.elapsed().as_nanos() as u64))
}

/// Words of the smallest page.
const PAGE_WORDS: usize = 512;

/// Writes to every page, so that the system provides it now.
pub(crate) fn touch_serially(arena: &mut [u64]) {
    for page in arena.chunks_mut(PAGE_WORDS) {
        page[0] = 1;
        std::hint::black_box(page);
    }
}

/// The same on all cores.
fn touch(arena: &mut [u64]) {
    arena
        .par_chunks_mut(256 * PAGE_WORDS)
        .for_each(touch_serially);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::{
        Cluster, SitesBackend, ThreadsBackend,
        testing::{KEYED, LOCKED, plan},
    };

    fn zeros() -> io::Result<RootSeed> {
        Ok(RootSeed::from_u64(0))
    }

    #[test]
    fn groups_come_in_order_with_their_roots() {
        let plan = CellPlan {
            rooted: vec![RootSeed::from_u64(7), RootSeed::from_u64(8)],
            ..plan(2, 10, 5)
        };
        let cell = collect(&ThreadsBackend, &KEYED, &plan, &mut os_root, Vec::new()).unwrap();
        let groups: Vec<RunGroup> = cell.evidence.runs().iter().map(|run| run.group).collect();
        assert_eq!(
            groups,
            [
                RunGroup::Fresh,
                RunGroup::Fresh,
                RunGroup::Replay,
                RunGroup::Replay,
                RunGroup::Rooted,
                RunGroup::Rooted
            ]
        );
        assert_eq!(cell.evidence.streams(), 60);
        assert_eq!(cell.evidence.id(59), StreamId::new(5, 9));
        assert_eq!(cell.digests[2], cell.digests[3]);
        assert_ne!(cell.digests[0], cell.digests[1]);
        assert_eq!(cell.repeats.replay_equal, Some(true));
        assert_eq!(cell.repeats.schedule_equal, Some(true));
    }

    #[test]
    fn digests_do_not_depend_on_workers_or_backend() {
        let digests = |backend: &dyn Backend, workers| {
            let plan = plan(workers, 97, 300);
            collect(backend, &KEYED, &plan, &mut zeros, Vec::new())
                .unwrap()
                .digests
        };
        let one = digests(&ThreadsBackend, 1);
        for workers in [2, 8, 200] {
            assert_eq!(digests(&ThreadsBackend, workers), one);
        }
        for cluster in Cluster::ALL {
            assert_eq!(digests(&SitesBackend { cluster }, 50), one);
        }
    }

    #[test]
    fn shared_state_is_one_sequence_on_threads_and_copies_on_sites() {
        let plan = plan(4, 16, 8);
        let threads = collect(&ThreadsBackend, &LOCKED, &plan, &mut zeros, Vec::new()).unwrap();
        let mut words = threads.evidence.stream(0).to_vec();
        for task in 1..16 {
            words.extend_from_slice(threads.evidence.stream(task));
        }
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 128);

        let sites = collect(
            &SitesBackend::default(),
            &LOCKED,
            &plan,
            &mut zeros,
            Vec::new(),
        );
        let sites = sites.unwrap();
        assert_eq!(sites.evidence.stream(0), sites.evidence.stream(1));
        assert_eq!(sites.repeats.schedule_equal, Some(false));
    }

    #[test]
    fn an_arena_is_used_again() {
        let plan = plan(2, 64, 64);
        let first = collect(&ThreadsBackend, &KEYED, &plan, &mut zeros, Vec::new()).unwrap();
        assert!(first.first_touch_ns > 0);
        let again = collect(
            &ThreadsBackend,
            &KEYED,
            &plan,
            &mut zeros,
            first.evidence.into_arena(),
        );
        let again = again.unwrap();
        assert_eq!(again.first_touch_ns, 0);
        assert_eq!(again.digests, first.digests);
    }

    #[test]
    fn plans_beyond_memory_and_missing_entropy_are_errors() {
        let huge = plan(1, u32::MAX, u32::MAX);
        let refused = collect(&ThreadsBackend, &KEYED, &huge, &mut zeros, Vec::new());
        assert!(matches!(refused, Err(LaunchError::Memory { .. })));
        let mut dry = || Err(io::Error::other("dry"));
        let refused = collect(
            &ThreadsBackend,
            &KEYED,
            &plan(1, 1, 1),
            &mut dry,
            Vec::new(),
        );
        assert!(matches!(refused, Err(LaunchError::System { .. })));
    }
}
