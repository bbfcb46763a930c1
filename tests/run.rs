//! Plans run cell by cell, on real threads and forked processes.

use seedbench::{
    harness::{Backend, ForkBackend, SitesBackend, ThreadsBackend},
    plan::Plan,
    record::{CellOutcome, CellReport, CellResult},
    run::{Event, Observer, RunError, Standing, run},
    strategies::{self, ALL, Claim},
    verdict::{AsDeclared, Verdict},
    vocabulary::BackendKind,
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
            CellOutcome::Failed { error } => {
                Some(format!("{} on {:?}: {error}", row.id, row.backend))
            }
            _ => None,
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

/// Words of all streams beyond which a declared flaw is left to the standard plan's wide rows.
const MANY_WORDS: u64 = 1 << 18;

#[test]
fn every_flaw_is_caught_at_the_size_from_which_it_is_declared() {
    let mut cells = Vec::new();
    for strategy in ALL {
        let spec = strategy.spec();
        let claim = strategies::claim(spec, BackendKind::Sites);
        let (Claim::Broken(flaw) | Claim::WeakGenerator(flaw)) = claim else {
            continue;
        };
        let (streams, words) = (flaw.from_streams, flaw.from_words);
        if u64::from(streams) * u64::from(words) > MANY_WORDS {
            continue;
        }
        let mut plan = small(&[spec.id], &[BackendKind::Sites]);
        // Flaws of few streams are flaws within a run.
        plan.tasks = if streams < 16 {
            streams
        } else {
            streams.div_ceil(plan.fresh_runs)
        };
        plan.words = words;
        plan.rooted_words = words.min(plan.rooted_words);
        cells.extend(go(&plan));
    }
    assert!(cells.len() >= 50, "{} flaws", cells.len());
    let complaints = complaints(&cells);
    assert!(complaints.is_empty(), "{complaints:#?}");
    for row in &cells {
        assert_eq!(
            result(row).judgement.as_declared,
            Some(AsDeclared::Yes),
            "{}",
            row.id
        );
    }
}

/// Two rows of a strategy that reads nothing but root and task have the same words, analysed once;
/// a strategy that reads more has not.
#[test]
fn the_same_words_on_two_backends_are_analysed_once() {
    let both = [BackendKind::Threads, BackendKind::Sites];
    let ids = ["spawn-key/chacha20", "os-reseed/chacha12"];
    let plan = Plan {
        lanes: 2,
        ..small(&ids, &both)
    };
    let cells = go(&plan);
    let [pure, again, system, other] = [0, 1, 2, 3].map(|nth| result(&cells[nth]));
    assert_eq!(again.same_words_as, Some(BackendKind::Threads));
    assert_eq!(again.digests, pure.digests);
    assert_eq!(again.analysis, pure.analysis);
    assert_eq!(pure.same_words_as, None);
    assert_eq!((system.same_words_as, other.same_words_as), (None, None));
    // Rows do not depend on how many lanes there are.
    let fixed = |lanes| {
        let plan = Plan {
            fixed: true,
            lanes,
            ..small(&FIRST[3..7], &[BackendKind::Sites])
        };
        let rows = go(&plan);
        rows.iter()
            .map(|row| (row.id.clone(), result(row).digests.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(fixed(1), fixed(3));
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
    assert_eq!(found.rule.id(), "equal-streams");
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
        .map(|f| f.rule.id())
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

/// A million workers are no failure: a row that says why not, and what works.
#[test]
fn plans_beyond_a_machine_are_unsupported_rows() {
    let plan = Plan {
        workers: 1_000_000,
        tasks: 1_000_000,
        words: 1,
        rooted: Vec::new(),
        replay: false,
        fresh_runs: 1,
        ..small(
            &["spawn-key/chacha20"],
            &[BackendKind::Threads, BackendKind::Fork],
        )
    };
    for row in go(&plan) {
        assert_eq!(Standing::of(&row), Standing::AsDeclared);
        let CellOutcome::Unsupported { reason, instead } = row.outcome else {
            panic!("{:?} ran", row.backend);
        };
        assert!(reason.contains("1000000"), "{reason}");
        assert!(instead.contains("sites"), "{instead}");
    }
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
