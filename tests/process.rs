//! Forked workers as the operating system sees them: inherited state, ends of every kind, no orphans.
#![cfg(unix)]

use std::{
    collections::HashSet,
    fs,
    num::NonZeroU32,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use seedbench::{
    harness::{
        Assignment, Backend, ForkBackend, Job, LaunchError, Launched, ThreadsBackend, digest,
        find_fault,
    },
    strategies::{self, SeedingStrategy},
    vocabulary::{Root, RootSeed, RunGroup, RunId},
};

fn fork() -> ForkBackend {
    ForkBackend::with_helper(env!("CARGO_BIN_EXE_seedbench"))
}

fn number(value: u32) -> NonZeroU32 {
    NonZeroU32::new(value).expect("tests ask for positive numbers")
}

fn strategy(id: &str) -> &'static dyn SeedingStrategy {
    strategies::find(id)
        .or_else(|| find_fault(id))
        .unwrap_or_else(|| panic!("no strategy {id}"))
}

fn job(id: &str, workers: u32, tasks: u32, words: u32) -> Job<'static> {
    Job {
        strategy: strategy(id),
        run: RunId(0),
        group: RunGroup::Replay,
        root: Root::Given(RootSeed::from_u64(42)),
        workers: number(workers),
        first_ordinal: 1,
        tasks: number(tasks),
        chunk: None,
        assignment: Assignment::Static,
        words: number(words),
        timeout: Duration::from_secs(120),
    }
}

fn launch(backend: &dyn Backend, job: &Job<'_>) -> Result<(Vec<u64>, Launched), LaunchError> {
    let mut arena = vec![0; job.tasks.get() as usize * job.words.get() as usize];
    let launched = backend.launch(job, &mut arena)?;
    Ok((arena, launched))
}

fn failure(job: &Job<'_>) -> LaunchError {
    match launch(&fork(), job) {
        Ok(_) => panic!("{} went well", job.strategy.spec().id),
        Err(error) => error,
    }
}

/// Process ids of all helpers and workers whose request names this root; zombies have no arguments.
#[cfg(target_os = "linux")]
fn processes_of(root: RootSeed) -> Vec<String> {
    let mark = format!("\"{root}\"");
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let arguments = fs::read(path.join("cmdline")).ok()?;
            let arguments = String::from_utf8_lossy(&arguments).into_owned();
            arguments
                .contains(&mark)
                .then(|| path.display().to_string())
        })
        .collect()
}

/// Children of this process that have ended and were not waited for.
#[cfg(target_os = "linux")]
fn zombies() -> Vec<String> {
    let mine = std::process::id().to_string();
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("stat")).ok())
        .filter(|stat| {
            // pid (name) state parent …
            let mut rest = stat[stat.rfind(')').unwrap_or(0)..]
                .split_whitespace()
                .skip(1);
            rest.next() == Some("Z") && rest.next() == Some(mine.as_str())
        })
        .collect()
}

/// Waits for `condition`, for at most half a minute.
fn eventually(condition: impl Fn() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        if condition() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

#[test]
fn every_worker_walks_the_same_inherited_sequence() {
    let (words, launched) = launch(&fork(), &job("shared-state/mt19937", 4, 16, 50)).unwrap();
    let first_worker: Vec<&[u64]> = (0..4).map(|round| row(&words, 4 * round)).collect();
    for task in 0..16 {
        assert_eq!(row(&words, task), first_worker[task / 4], "task {task}");
    }
    assert_ne!(first_worker[0], first_worker[1]);
    let pids: HashSet<u32> = launched.sites.iter().map(|site| site.pid).collect();
    assert_eq!(pids.len(), 4);
    assert!(!pids.contains(&std::process::id()));

    fn row(words: &[u64], task: usize) -> &[u64] {
        &words[50 * task..50 * (task + 1)]
    }
}

#[test]
fn a_thousand_workers_and_ten_thousand_tasks() {
    let job = job("spawn-key/chacha20", 1024, 10_000, 16);
    let (words, launched) = launch(&fork(), &job).unwrap();
    let pids: HashSet<u32> = launched.sites.iter().map(|site| site.pid).collect();
    assert_eq!(pids.len(), 1024);
    let (threads, _) = launch(
        &ThreadsBackend,
        &Job {
            workers: number(2),
            ..job
        },
    )
    .unwrap();
    assert_eq!(digest(&words), digest(&threads));
}

#[test]
fn a_dynamic_assignment_is_replayed_from_its_record() {
    let dynamic = Job {
        assignment: Assignment::Dynamic,
        ..job("shared-state/mt19937", 3, 100, 8)
    };
    let (words, first) = launch(&fork(), &dynamic).unwrap();
    let recorded = Job {
        assignment: Assignment::Recorded {
            workers: first.chunk_workers.clone(),
        },
        ..job("shared-state/mt19937", 3, 100, 8)
    };
    let (again, second) = launch(&fork(), &recorded).unwrap();
    assert_eq!(second.chunk_workers, first.chunk_workers);
    assert_eq!(again, words);
}

#[test]
fn a_killed_worker_is_named_with_its_signal() {
    let error = failure(&job("__fault-kill/none", 4, 16, 8));
    let LaunchError::Killed {
        worker,
        signal,
        tasks_done,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!((*worker, signal.as_str(), *tasks_done), (1, "SIGKILL", 1));
}

#[test]
fn a_worker_that_leaves_early_is_named_with_its_code() {
    for (id, wanted) in [("__fault-exit/none", 7), ("__fault-leave/none", 0)] {
        let error = failure(&job(id, 4, 16, 8));
        let LaunchError::Exited {
            worker,
            code,
            tasks_done,
            ..
        } = error
        else {
            panic!("{error}");
        };
        assert_eq!((worker, code, tasks_done), (1, wanted, 1));
    }
}

#[test]
fn a_panic_in_a_worker_or_preparation_is_told() {
    for (id, place, text) in [
        ("__fault-panic/none", "worker 1", "on purpose"),
        (
            "__fault-panic-prepare/none",
            "its preparation",
            "on purpose, while prepared",
        ),
    ] {
        let error = failure(&job(id, 4, 16, 8)).to_string();
        assert!(error.contains(place) && error.ends_with(text), "{error}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn workers_that_hang_are_ended_and_none_is_left() {
    let root = RootSeed::from_u64(0x7e57_0001);
    let hanging = Job {
        timeout: Duration::from_millis(500),
        root: Root::Given(root),
        ..job("__fault-hang/none", 4, 16, 8)
    };
    let error = failure(&hanging);
    assert!(
        matches!(
            error,
            LaunchError::TimedOut {
                unfinished: 1,
                workers: 4,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(processes_of(root), [""; 0]);
    assert!(eventually(|| zombies().is_empty()));
    // The next launch is none the worse for it.
    assert!(launch(&fork(), &job("spawn-key/chacha20", 4, 16, 8)).is_ok());
}

#[test]
#[cfg(target_os = "linux")]
fn a_helper_that_hangs_or_dies_is_ended_with_its_workers() {
    let root = RootSeed::from_u64(0x7e57_0002);
    for (id, late) in [
        ("__fault-hang-prepare/none", true),
        ("__fault-kill-helper/none", false),
        ("__fault-kill-parent/none", false),
    ] {
        let faulty = Job {
            timeout: if late {
                Duration::from_millis(100)
            } else {
                Duration::from_secs(60)
            },
            root: Root::Given(root),
            ..job(id, 4, 16, 8)
        };
        let error = failure(&faulty);
        match error {
            LaunchError::TimedOut { .. } => assert!(late, "{id}"),
            LaunchError::Helper(text) => assert!(!late && text.contains("SIGKILL"), "{id}: {text}"),
            other => panic!("{id}: {other}"),
        }
        assert!(eventually(|| processes_of(root).is_empty()), "{id}");
        assert!(eventually(|| zombies().is_empty()));
    }
}

#[test]
fn what_strategies_print_does_not_disturb_the_answer() {
    let (words, _) = launch(&fork(), &job("__fault-print/none", 2, 4, 3)).unwrap();
    assert_eq!(words, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
}

#[test]
fn nesting_is_refused() {
    let LaunchError::Unsupported(refusal) = failure(&job("__fault-nest/none", 1, 1, 1)) else {
        panic!("a helper launched workers of its own");
    };
    assert!(refusal.reason.contains("already"), "{refusal}");
}

#[test]
fn programs_that_are_no_helpers_are_refused() {
    let job = job("spawn-key/chacha20", 2, 4, 4);
    // This test program never calls init(): its image would run the tests again.
    assert!(ForkBackend::this_program().is_err());
    for program in ["/bin/true", "/bin/echo"] {
        if Path::new(program).exists() {
            let refused = launch(&ForkBackend::with_helper(program), &job);
            assert!(
                matches!(refused, Err(LaunchError::Unsupported(_))),
                "{program}"
            );
        }
    }
    let missing = launch(&ForkBackend::with_helper("/nowhere/seedbench"), &job);
    assert!(matches!(missing, Err(LaunchError::System { .. })));
    let many = launch(
        &fork(),
        &Job {
            workers: number(1_000_000),
            ..job
        },
    );
    assert!(matches!(many, Err(LaunchError::Unsupported(_))));
}

#[test]
fn the_hidden_subcommand_is_not_for_users() {
    let output = Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .arg("__seedbench-fork-helper")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("own use"));
}

#[test]
fn a_strategy_that_the_image_does_not_know_is_unsupported() {
    struct Stranger;
    static SPEC: strategies::Spec = strategies::Spec {
        id: "stranger/none",
        scope: strategies::Scope::Task,
        summary: "",
        formula: "",
        reads: &[],
        fails: "",
        reference: "",
        promises: &[],
        seed_space: strategies::SeedSpace::Deterministic,
        claims: &[],
    };
    impl SeedingStrategy for Stranger {
        fn spec(&self) -> &'static strategies::Spec {
            &SPEC
        }
        fn prepare(
            &self,
            _root: Root,
            _tasks: NonZeroU32,
        ) -> Result<Box<dyn strategies::Seeder>, strategies::Unsupported> {
            panic!("only the helper prepares");
        }
    }
    let unknown = Job {
        strategy: &Stranger,
        ..job("spawn-key/chacha20", 2, 4, 4)
    };
    let LaunchError::Unsupported(refusal) = failure(&unknown) else {
        panic!("prepared by nobody");
    };
    assert!(refusal.reason.contains("stranger/none"), "{refusal}");
}

/// What the next test starts as a program of its own: a launch that never ends.
#[test]
#[ignore = "started and killed by another test"]
fn launch_workers_that_hang() {
    let hanging = Job {
        root: Root::Given(RootSeed::from_u64(0x7e57_0003)),
        ..job("__fault-hang/none", 4, 16, 8)
    };
    let _ = launch(&fork(), &hanging);
}

#[test]
#[cfg(target_os = "linux")]
fn no_worker_outlives_a_killed_program() {
    let root = RootSeed::from_u64(0x7e57_0003);
    let mut program = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "launch_workers_that_hang", "--ignored"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // The helper, and the worker that hangs.
    let running = eventually(|| processes_of(root).len() == 2);
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(running, "the workers never ran");
    assert!(eventually(|| processes_of(root).is_empty()));
}

#[test]
fn bare_forks_are_waited_for() {
    assert!(fork().bare(&job("spawn-key/chacha20", 16, 32, 4)).unwrap() > Duration::ZERO);
}
