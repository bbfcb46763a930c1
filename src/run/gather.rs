//! Collects a cell's evidence: fresh runs at full length, replayed and rooted runs at their own.

use std::io;

use crate::{
    generators::SpawnKey,
    harness::{
        Assignment, Backend, CellPlan, Collected, Costs, LaunchError, Repeats, collect, os_root,
    },
    plan::{Plan, Sizes},
    strategies::SeedingStrategy,
    vocabulary::{Evidence, RootSeed, RunGroup, RunId, RunInfo, Site, StreamId},
};

/// Branches of the plan's root.
const REPLAY: u64 = 0;
const FRESH: u64 = 1;
const CONTROL: u64 = 2;
pub(super) const WALK: u64 = 3;

/// A cell's evidence and what came with it.
pub(super) struct GatheredRun {
    /// Fresh and rooted runs; runs of the replay group were compared already and are left out.
    pub(super) evidence: Evidence,
    /// The sites of all runs in it, in (run, task) order.
    pub(super) sites: Vec<Site>,
    /// What each launch took, replays included.
    pub(super) costs: Vec<Costs>,
    /// A hash of every run, replays included.
    pub(super) digests: Vec<String>,
    /// What repeated launches say of promises.
    pub(super) repeats: Repeats,
}

/// The source of fresh roots: the system's, or the plan's own tree where everything is fixed.
///
/// Every backend of a strategy is given the same roots: what differs between its rows is the
/// backend's doing alone, and rows with the same words are analysed once.
pub(super) struct Roots {
    branch: Option<SpawnKey>,
    drawn: Vec<RootSeed>,
    next: usize,
}

impl Roots {
    /// The roots of one strategy: they depend on its name alone, so that it can be replayed alone.
    pub(super) fn of_strategy(plan: &Plan, id: &str) -> Self {
        Self::branch(plan, FRESH, id)
    }

    /// The roots of a generator's controls.
    pub(super) fn of_control(plan: &Plan, generator: &str) -> Self {
        Self::branch(plan, CONTROL, generator)
    }

    fn branch(plan: &Plan, branch: u64, name: &str) -> Self {
        Self {
            branch: plan.fixed.then(|| {
                name.bytes().fold(
                    SpawnKey::from_root(&plan.root).child(branch),
                    |key, byte| key.child(u64::from(byte)),
                )
            }),
            drawn: Vec::new(),
            next: 0,
        }
    }

    /// Gives the same roots once more, from the first on.
    pub(super) const fn rewind(&mut self) {
        self.next = 0;
    }

    /// The next fresh root.
    ///
    /// # Errors
    /// When the system has no entropy to give.
    pub(super) fn next(&mut self) -> io::Result<RootSeed> {
        if self.next == self.drawn.len() {
            let root = match &self.branch {
                None => os_root()?,
                // Names are bytes: no name's branch is another's root.
                Some(branch) => {
                    RootSeed::from_bytes(branch.child(u64::MAX).child(self.next as u64).bytes())
                }
            };
            self.drawn.push(root);
        }
        self.next += 1;
        Ok(self.drawn[self.next - 1])
    }
}

/// Memory that cells use one after the other.
#[derive(Default)]
pub(super) struct Arenas {
    fresh: Vec<u64>,
    rooted: Vec<u64>,
}

impl Arenas {
    /// Takes the words of evidence back.
    pub(super) fn give_back(&mut self, evidence: Evidence) {
        self.fresh = evidence.into_arena();
    }
}

/// A cell plan of fresh runs only, of so many words.
pub(super) fn fresh_plan(plan: &Plan, sizes: Sizes, words: std::num::NonZeroU32) -> CellPlan {
    CellPlan {
        workers: sizes.workers,
        first_ordinal: 1,
        tasks: sizes.tasks,
        words,
        chunk: None,
        assignment: Assignment::Static,
        fresh_runs: plan.fresh_runs,
        replay: None,
        rooted: Vec::new(),
        timeout: plan.timeout,
    }
}

/// Collects everything a cell needs: fresh runs of `wide` sizes, replayed and rooted runs of the
/// plan's.
///
/// # Errors
/// When a launch fails.
pub(super) fn gather(
    plan: &Plan,
    sizes: Sizes,
    wide: Sizes,
    strategy: &dyn SeedingStrategy,
    backend: &dyn Backend,
    roots: &mut Roots,
    arenas: &mut Arenas,
) -> Result<GatheredRun, LaunchError> {
    let mut entropy = || roots.next();
    let fresh = fresh_plan(plan, wide, wide.words);
    let rooted = CellPlan {
        workers: sizes.workers,
        tasks: sizes.tasks,
        words: sizes.rooted_words,
        fresh_runs: 0,
        replay: plan
            .replay
            .then(|| RootSeed::from_bytes(SpawnKey::from_root(&plan.root).child(REPLAY).bytes())),
        rooted: plan.rooted.clone(),
        ..fresh.clone()
    };
    let mut parts = Vec::new();
    if fresh.run_count() > 0 {
        let arena = std::mem::take(&mut arenas.fresh);
        parts.push(collect(backend, strategy, &fresh, &mut entropy, arena)?);
    }
    if rooted.run_count() > 0 {
        let arena = std::mem::take(&mut arenas.rooted);
        parts.push(collect(backend, strategy, &rooted, &mut entropy, arena)?);
    }
    merge(parts, arenas)
}

/// One evidence of several collections: runs are numbered through, replays left out.
fn merge(parts: Vec<Collected>, arenas: &mut Arenas) -> Result<GatheredRun, LaunchError> {
    let mut words: Vec<u64> = Vec::new();
    let mut ids: Vec<StreamId> = Vec::new();
    let mut lengths: Vec<usize> = Vec::new();
    let mut runs: Vec<RunInfo> = Vec::new();
    let mut sites: Vec<Site> = Vec::new();
    let mut costs = Vec::new();
    let mut digests = Vec::new();
    let mut repeats = Repeats::default();
    let mut format = crate::vocabulary::Format::WORDS;
    for (
        part,
        Collected {
            evidence,
            launches,
            digests: hashes,
            repeats: seen,
            ..
        },
    ) in parts.into_iter().enumerate()
    {
        format = evidence.format();
        digests.extend(hashes);
        if seen != Repeats::default() {
            repeats = seen;
        }
        for (info, launch) in evidence.runs().iter().zip(&launches) {
            costs.push(launch.costs.clone());
            if info.group == RunGroup::Replay {
                continue;
            }
            let run = RunId(runs.len() as u32);
            runs.push(RunInfo {
                run,
                ..info.clone()
            });
            sites.extend(launch.sites.iter().map(|site| Site { run, ..*site }));
            for stream in evidence.run_streams(info.run) {
                ids.push(StreamId {
                    run,
                    ..evidence.id(stream)
                });
                lengths.push(evidence.stream(stream).len());
            }
        }
        // The first part has no replays: its arena is the start of the whole.
        if part == 0
            && evidence
                .runs()
                .iter()
                .all(|info| info.group != RunGroup::Replay)
        {
            words = evidence.into_arena();
        } else {
            for info in evidence.runs() {
                if info.group == RunGroup::Replay {
                    continue;
                }
                for stream in evidence.run_streams(info.run) {
                    words.extend_from_slice(evidence.stream(stream));
                }
            }
            arenas.rooted = evidence.into_arena();
        }
    }
    Ok(GatheredRun {
        evidence: Evidence::ragged(words, ids, &lengths, runs, format)?,
        sites,
        costs,
        digests,
        repeats,
    })
}
