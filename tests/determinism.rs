//! Which strategies give the same words however they are executed, and that the others do not.

use std::{collections::HashSet, num::NonZeroU32, time::Duration};

use seedbench::{
    harness::{
        Assignment, Backend, CellPlan, Cluster, LaunchError, SitesBackend, ThreadsBackend, collect,
        os_root,
    },
    strategies::{self, Promise, SeedingStrategy},
    vocabulary::{BackendKind, RootSeed},
};

fn plan(workers: u32) -> CellPlan {
    let number = |value| NonZeroU32::new(value).expect("positive");
    CellPlan {
        workers: number(workers),
        first_ordinal: 1,
        tasks: number(64),
        words: number(300),
        chunk: None,
        assignment: Assignment::Static,
        fresh_runs: 0,
        replay: Some(RootSeed::from_u64(42)),
        rooted: vec![RootSeed::from_u64(0)],
        timeout: Duration::from_secs(120),
    }
}

/// The digests of the replayed and rooted runs; `None` where the backend cannot do this strategy.
fn digests(backend: &dyn Backend, id: &dyn SeedingStrategy, workers: u32) -> Option<Vec<String>> {
    match collect(backend, id, &plan(workers), &mut os_root, Vec::new()) {
        Ok(cell) => Some(cell.digests),
        Err(LaunchError::Unsupported(_)) => None,
        Err(error) => panic!("{} on {}: {error}", id.spec().id, backend.kind()),
    }
}

fn promised(strategy: &dyn SeedingStrategy, backend: BackendKind) -> bool {
    strategy
        .spec()
        .promises_on(backend)
        .contains(Promise::ScheduleFree)
}

/// Every way of execution on which the strategy's promises are the same.
fn ways() -> Vec<(Box<dyn Backend>, u32)> {
    let mut ways: Vec<(Box<dyn Backend>, u32)> = Vec::new();
    for workers in [1, 2, 8] {
        ways.push((Box::new(ThreadsBackend), workers));
        ways.push((
            Box::new(SitesBackend {
                cluster: Cluster::Hosts,
            }),
            workers,
        ));
        #[cfg(unix)]
        ways.push((
            Box::new(seedbench::harness::ForkBackend::with_helper(env!(
                "CARGO_BIN_EXE_seedbench"
            ))),
            workers,
        ));
    }
    ways
}

#[test]
fn schedule_free_strategies_give_the_same_words_everywhere() {
    let mut checked = 0;
    for &strategy in strategies::ALL {
        let id = strategy.spec().id;
        let ways: Vec<_> = ways()
            .into_iter()
            .filter(|(backend, _)| promised(strategy, backend.kind()))
            .collect();
        let mut first: Option<Vec<String>> = None;
        for (backend, workers) in &ways {
            if let Some(found) = digests(backend.as_ref(), strategy, *workers) {
                let first = first.get_or_insert_with(|| found.clone());
                assert_eq!(
                    *first,
                    found,
                    "{id} on {} with {workers} workers",
                    backend.kind()
                );
                checked += 1;
            }
        }
    }
    assert!(
        checked > 0,
        "no strategy promises to be free of the schedule"
    );
}

#[test]
fn other_strategies_depend_on_how_they_are_executed() {
    for &strategy in strategies::ALL {
        if BackendKind::ALL
            .iter()
            .any(|&backend| promised(strategy, backend))
        {
            continue;
        }
        let found: HashSet<Vec<String>> = ways()
            .iter()
            .filter_map(|(backend, workers)| digests(backend.as_ref(), strategy, *workers))
            .collect();
        assert!(found.len() > 1, "{} never changed", strategy.spec().id);
    }
}

#[test]
fn shared_state_differs_between_threads_and_processes() {
    let strategy = strategies::find("shared-state/mt19937").expect("in the registry");
    let all: Vec<Vec<String>> = ways()
        .iter()
        .filter(|(_, workers)| *workers == 8)
        .filter_map(|(backend, workers)| digests(backend.as_ref(), strategy, *workers))
        .collect();
    assert_ne!(all[0], *all.last().expect("several backends"));
}
