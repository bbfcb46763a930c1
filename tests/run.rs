//! Plans run cell by cell, on real threads and forked processes.

use seedbench::{
    core::BackendKind,
    harness::{Backend, ForkBackend, SitesBackend, ThreadsBackend},
    judge::{AsDeclared, Verdict},
    plan::Plan,
    report::{CellOutcome, CellReport, CellResult},
    run::{Event, Observer, RunError, Standing, run},
    strategies::ALL,
};

fn backends() -> Vec<Box<dyn Backend>> {
    vec![
        Box::new(ThreadsBackend),
        Box::new(ForkBackend::with_helper(env!("CARGO_BIN_EXE_seedbench"))),
        Box::new(SitesBackend::default()),
    ]
}

fn go(plan: &Plan) -> Vec<CellReport> {
    let backends = backends();
    let handed: Vec<&dyn Backend> = backends.iter().map(Box::as_ref).collect();
    run(plan, &handed, &mut ()).unwrap().cells
}

fn small(strategies: &[&str], backends: &[BackendKind]) -> Plan {
    Plan {
        strategies: strategies.iter().map(|&id| id.to_owned()).collect(),
        backends: backends.to_vec(),
        tasks: 32,
        words: 512,
        rooted_words: 64,
        ..Plan::quick()
    }
}

fn result(row: &CellReport) -> &CellResult {
    match &row.outcome {
        CellOutcome::Judged(result) => result,
        other => panic!("{}: {other:?}", row.id),
    }
}

/// One line a row that is not as declared.
fn complaints(cells: &[CellReport]) -> Vec<String> {
    cells
        .iter()
        .filter_map(|row| match &row.outcome {
            CellOutcome::Judged(result) => {
                let judgement = &result.judgement;
                (judgement.as_declared == Some(AsDeclared::No)).then(|| {
                    format!(
                        "{} on {:?}: {:?} {:#?} {:?}",
                        row.id,
                        row.backend,
                        judgement.verdict,
                        judgement
                            .findings
                            .iter()
                            .map(|f| format!(
                                "{:?} {:?} {}: {}",
                                f.severity, f.attribution, f.rule, f.message
                            ))
                            .collect::<Vec<_>>(),
                        judgement
                            .promises
                            .iter()
                            .filter(|row| row.promised)
                            .map(|row| (row.promise.name(), row.measured))
                            .collect::<Vec<_>>()
                    )
                })
            }
            CellOutcome::Unsupported { .. } => None,
            CellOutcome::Failed { error } => {
                Some(format!("{} on {:?}: {error}", row.id, row.backend))
            }
        })
        .collect()
}

#[test]
fn the_whole_catalogue_is_as_declared_on_threads() {
    let ids: Vec<&str> = ALL.iter().map(|strategy| strategy.spec().id).collect();
    let cells = go(&small(&ids, &[BackendKind::Threads]));
    let complaints = complaints(&cells);
    assert!(complaints.is_empty(), "{complaints:#?}");
}

const FIRST: [&str; 15] = [
    "shared-state/mt19937",
    "worker-ordinal/mt19937",
    "worker-ordinal-once/mt19937",
    "pid/mt19937",
    "pid-once/mt19937",
    "fixed/mt19937",
    "fixed-plus-index/mt19937",
    "os-random/getrandom",
    "os-random-4k/getrandom",
    "os-reseed-1-byte/mt19937",
    "os-reseed-1-byte-before-fork/mt19937",
    "os-reseed/mt19937",
    "thread-rng/chacha12",
    "spawn-key/chacha20",
    "spawn-key/mt19937",
];

#[cfg(unix)]
#[test]
fn the_notes_strategies_are_as_declared_on_forked_processes() {
    let cells = go(&small(&FIRST, &[BackendKind::Fork]));
    let complaints = complaints(&cells);
    assert!(complaints.is_empty(), "{complaints:#?}");
    let of = |id: &str| result(cells.iter().find(|row| row.id == id).unwrap());

    let shared = of("shared-state/mt19937");
    assert_eq!(shared.judgement.verdict, Verdict::Unsound);
    let found = &shared.judgement.findings[0];
    assert_eq!(found.rule, "equal-streams");
    assert!(
        found.cause.contains("state inherited by fork"),
        "{}",
        found.cause
    );
    assert!(found.witness.is_some());

    let byte = of("os-reseed-1-byte/mt19937");
    let rules: Vec<&str> = byte
        .judgement
        .findings
        .iter()
        .map(|f| f.rule.as_str())
        .collect();
    assert!(rules.contains(&"narrow-seeds"), "{rules:?}");
    // 128 streams of 256 seeds are worth 128 / (1 + 127/256) = 85.6 on average.
    let worth = byte.judgement.effective_streams;
    assert!((70.0..105.0).contains(&worth), "{worth}");

    for id in [
        "spawn-key/chacha20",
        "spawn-key/mt19937",
        "os-random/getrandom",
    ] {
        assert_eq!(of(id).judgement.verdict, Verdict::Sound, "{id}");
    }
}

/// Keeps what it is told.
#[derive(Default)]
struct Log {
    lines: Vec<String>,
    cells_left: Option<usize>,
}

impl Observer for Log {
    fn event(&mut self, event: Event<'_>) {
        self.lines.push(match event {
            Event::Cell { index, of, .. } => format!("cell {index} of {of}"),
            Event::Done { index, .. } => format!("done {index}"),
            _ => return,
        });
    }

    fn out_of_time(&mut self) -> bool {
        match &mut self.cells_left {
            None => false,
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
        }
    }
}

#[test]
fn cells_are_announced_in_order_and_left_out_when_time_is_up() {
    let plan = small(
        &["fixed/mt19937", "spawn-key/chacha20"],
        &[BackendKind::Threads],
    );
    let mut log = Log {
        cells_left: Some(1),
        ..Log::default()
    };
    let outcome = run(&plan, &[&ThreadsBackend], &mut log).unwrap();
    assert_eq!(log.lines, ["cell 0 of 2", "done 0", "done 1"]);
    assert_eq!(outcome.standing, Standing::CellFailed);
    assert!(matches!(
        &outcome.cells[1].outcome,
        CellOutcome::Failed { error } if error.contains("time budget")
    ));
}

#[test]
fn a_fixed_plan_gives_the_same_words_twice() {
    let plan = Plan {
        fixed: true,
        ..small(&["spawn-key/chacha20"], &[BackendKind::Threads])
    };
    let (one, two) = (go(&plan), go(&plan));
    assert_eq!(result(&one[0]).digests, result(&two[0]).digests);
    assert_eq!(result(&one[0]).judgement, result(&two[0]).judgement);
    let free = Plan {
        fixed: false,
        ..plan
    };
    assert_ne!(result(&go(&free)[0]).digests, result(&one[0]).digests);
}

#[test]
fn what_does_not_exist_is_named_with_its_nearest() {
    let plan = small(&["spawn-key/chacha2"], &[BackendKind::Threads]);
    let error = run(&plan, &[&ThreadsBackend], &mut ()).unwrap_err();
    assert!(
        matches!(&error, RunError::UnknownStrategy { nearest, .. } if nearest.starts_with("spawn-key/chacha")),
        "{error}"
    );
    let plan = small(&["spawn-key/chacha20"], &[BackendKind::Fork]);
    let error = run(&plan, &[&ThreadsBackend], &mut ()).unwrap_err();
    assert!(matches!(error, RunError::NoBackend(BackendKind::Fork)));
}
