//! Which runs are joined with one another, and which of them repeat an earlier one.

use std::{collections::BTreeMap, ops::Range};

use rayon::prelude::*;

use crate::vocabulary::{Layout, RootSeed, RunGroup, RunId};

/// One run's streams and the domain they are joined in.
#[derive(Clone, Debug)]
pub(super) struct RunSlice {
    pub(super) run: RunId,
    pub(super) streams: Range<usize>,
    /// Streams are compared within one domain only.
    pub(super) domain: u32,
    /// A replay of an earlier run: equal by design, so it is set aside.
    pub(super) echo: bool,
}

/// The runs in order, each in its domain.
pub(super) fn run_slices(layout: &Layout) -> Vec<RunSlice> {
    let mut infos: Vec<(RunId, RunGroup, Option<RootSeed>)> = layout
        .runs()
        .iter()
        .map(|info| (info.run, info.group, info.root))
        .collect();
    infos.sort_unstable_by_key(|info| info.0);
    let mut replayed: BTreeMap<Option<RootSeed>, u32> = BTreeMap::new();
    let mut slices: Vec<RunSlice> = Vec::new();
    let ids = layout.ids();
    let mut start = 0;
    for same in ids.chunk_by(|a, b| a.run == b.run) {
        let run = same[0].run;
        let (group, root) = infos
            .binary_search_by_key(&run, |info| info.0)
            .map_or((RunGroup::Fresh, None), |at| (infos[at].1, infos[at].2));
        let (domain, echo) = match group {
            RunGroup::Fresh => (0, false),
            RunGroup::Rooted => (1, false),
            RunGroup::Replay => {
                let next = 2 + replayed.len() as u32;
                let domain = *replayed.entry(root).or_insert(next);
                (domain, domain != next)
            }
        };
        slices.push(RunSlice {
            run,
            streams: start..start + same.len(),
            domain,
            echo,
        });
        start += same.len();
    }
    slices
}

/// For each run, the earliest earlier run of its domain with the same tasks and equal streams.
pub(super) fn repeating_runs(
    layout: &Layout,
    runs: &[RunSlice],
    leaders: &[u32],
) -> Vec<Option<u32>> {
    let content = |slice: &RunSlice| {
        slice
            .streams
            .clone()
            .map(|i| (layout.id(i).task, leaders[i]))
    };
    let mut order: Vec<u32> = (0..runs.len() as u32).collect();
    let key = |&index: &u32| {
        let slice = &runs[index as usize];
        let mut content = content(slice);
        (slice.domain, slice.streams.len(), content.next())
    };
    let compare = |a: &u32, b: &u32| {
        key(a)
            .cmp(&key(b))
            .then_with(|| content(&runs[*a as usize]).cmp(content(&runs[*b as usize])))
    };
    order.par_sort_unstable_by(|a, b| compare(a, b).then(a.cmp(b)));
    let mut repeats = vec![None; runs.len()];
    for same in order.chunk_by(|a, b| compare(a, b).is_eq()) {
        for &later in &same[1..] {
            repeats[later as usize] = Some(same[0]);
        }
    }
    repeats
}
