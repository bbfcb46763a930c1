//! Real programs, well and badly behaved.

use std::{
    ffi::OsString,
    process::Command,
    time::{Duration, Instant},
};

use super::*;

fn program(arguments: &[OsString]) -> Program<'_> {
    Program {
        arguments,
        directory: None,
        workers: 3,
        words: 2,
        enough: Enough::Words(2),
        timeout: Duration::from_secs(10),
        output_limit: 1 << 16,
        at_once: 2,
        together: true,
    }
}

fn starts(count: u32) -> Vec<Start> {
    (0..count)
        .map(|worker| Start {
            run: 0,
            worker: Some(worker),
            seed: None,
        })
        .collect()
}

fn shell(script: &str) -> Vec<OsString> {
    ["sh", "-c", script].map(OsString::from).to_vec()
}

fn run(script: &str, change: impl FnOnce(&mut Program<'_>)) -> Vec<Result<String, CommandError>> {
    let arguments = shell(script);
    let mut program = program(&arguments);
    change(&mut program);
    let mut results: Vec<(u32, Result<String, CommandError>)> = Vec::new();
    run_all(&program, starts(3), |outcome| {
        let text = outcome
            .output
            .map(|bytes| String::from_utf8(bytes).unwrap());
        results.push((outcome.start.worker.unwrap(), text));
        ControlFlow::Continue(())
    })
    .unwrap();
    results.sort_by_key(|(worker, _)| *worker);
    results.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn every_worker_is_told_who_it_is() {
    let outputs = run(
        "echo $SEEDBENCH_WORKER/$SEEDBENCH_WORKERS {worker} ${SEEDBENCH_WORDS}{run}",
        |program| program.enough = Enough::AtEnd,
    );
    let texts: Vec<String> = outputs.into_iter().map(Result::unwrap).collect();
    assert_eq!(texts, ["0/3 0 20\n", "1/3 1 20\n", "2/3 2 20\n"]);
}

#[test]
fn one_bad_worker_leaves_the_others_alone() {
    let outputs = run(
        "case {worker} in 1) echo oops >&2; exit 3;; 2) kill -9 $$;; *) echo 7;; esac",
        |_| {},
    );
    assert_eq!(outputs[0].as_ref().unwrap(), "7\n");
    let error = outputs[1].as_ref().unwrap_err().to_string();
    assert_eq!(error, "left with code 3; it said: oops");
    let error = outputs[2].as_ref().unwrap_err().to_string();
    assert_eq!(error, "was ended by signal SIGKILL");
}

#[test]
fn endless_output_is_cut_when_there_is_enough() {
    // Deaf to the closed pipe, too.
    let outputs = run("trap '' PIPE; while :; do echo 5; done 2>/dev/null", |_| {});
    assert!(
        outputs
            .iter()
            .all(|output| output.as_ref().unwrap().starts_with("5\n5\n"))
    );
    let outputs = run("while :; do echo 5; done", |program| {
        program.enough = Enough::AtEnd;
    });
    assert!(matches!(
        outputs[0],
        Err(CommandError::TooMuch { limit: 65_536 })
    ));
}

/// How many processes sleep for so many seconds.
fn sleeping(seconds: &str) -> String {
    let counted = Command::new("sh")
        .args(["-c", &format!("ps ax -o args | grep -c '^sleep {seconds}'")])
        .output()
        .unwrap();
    String::from_utf8_lossy(&counted.stdout).trim().to_owned()
}

#[test]
fn silence_ends_at_the_limit_and_leaves_no_orphan() {
    let marker = format!("{}", 86_000 + std::process::id());
    let outputs = run(&format!("sleep {marker} & sleep {marker}"), |program| {
        program.timeout = Duration::from_millis(200);
    });
    assert!(matches!(outputs[0], Err(CommandError::TimedOut { .. })));
    assert_eq!(sleeping(&marker), "0");
}

#[test]
fn grandchildren_do_not_hold_the_audit_up() {
    let before = Instant::now();
    let outputs = run("echo 1; sleep 60 & exit 0", |program| {
        program.timeout = Duration::from_secs(50);
    });
    assert_eq!(outputs[0].as_ref().unwrap(), "1\n");
    assert!(before.elapsed() < Duration::from_secs(40));
}

#[test]
#[cfg(target_os = "linux")]
fn children_that_left_the_group_are_ended_too() {
    let marker = format!("{}", 186_000 + std::process::id());
    let outputs = run(
        &format!("setsid sleep {marker} >/dev/null 2>&1 & echo 1"),
        |_| {},
    );
    assert!(
        outputs
            .iter()
            .all(|output| output.as_deref().is_ok_and(|text| text == "1\n"))
    );
    assert_eq!(sleeping(&marker), "0");
}

#[test]
fn much_output_with_few_numbers_is_named_as_that() {
    let outputs = run("cat /dev/zero", |_| {});
    let error = outputs[0].as_ref().unwrap_err().to_string();
    assert!(
        error.contains("more than 65536 bytes without the 2 numbers"),
        "{error}"
    );
}

#[test]
fn a_program_that_closes_its_output_and_goes_on_is_ended() {
    let marker = format!("{}", 286_000 + std::process::id());
    let outputs = run(
        &format!("echo 1; exec >&- 2>&-; exec sleep {marker}"),
        |program| {
            program.timeout = Duration::from_millis(300);
        },
    );
    for output in outputs {
        assert!(matches!(
            output,
            Err(CommandError::TimedOut { bytes: 2, .. })
        ));
    }
    assert_eq!(sleeping(&marker), "0");
}

#[test]
fn workers_of_a_run_are_released_at_one_moment() {
    let arguments = shell("date +%s%N");
    let mut program = program(&arguments);
    program.enough = Enough::AtEnd;
    let all = (0..2).flat_map(|run| {
        starts(12)
            .into_iter()
            .map(move |start| Start { run, ..start })
    });
    let mut launches = Vec::new();
    run_all(&program, all.collect(), |outcome| {
        launches.push((outcome.start.run, outcome.launch.unwrap()));
        ControlFlow::Continue(())
    })
    .unwrap();
    // The first wave is as many as run at once, and a wave holds one run only.
    let of_wave = |wave: u32| {
        launches
            .iter()
            .filter(move |(_, launch)| launch.wave == wave)
    };
    let sizes: Vec<usize> = (0..3).map(|wave| of_wave(wave).count()).collect();
    assert_eq!(sizes, [2, 10, 12]);
    for wave in 0..3 {
        let mut starts: Vec<(u32, u64)> = of_wave(wave)
            .map(|(run, launch)| (*run, launch.started_unix_ns))
            .collect();
        starts.dedup();
        assert_eq!(starts.len(), 1, "one moment, one run");
    }
}

#[test]
fn a_missing_program_is_said_once() {
    let arguments = [OsString::from("/no/such/program")];
    let error = run_all(&program(&arguments), starts(3), |_| {
        ControlFlow::Continue(())
    })
    .unwrap_err();
    assert!(error.to_string().contains("/no/such/program"));
}
