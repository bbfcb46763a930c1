//! What starting a command for every worker costs, as an audit does it, supervisor included, beside spawning it bare: as
//! many threads as run at once, each starting the command with its output discarded and waiting for it. An audit may cost
//! at most 1.2 times as much, in wall time and in CPU time. Both are measured in turn, so that what else the machine does
//! falls on both; `reports/speed.md` has what was measured. `echo` and `sh` are the least that can be started; `python3`
//! is what an audit mostly starts.

#[path = "support/cpu.rs"]
mod cpu;

use std::{
    ffi::OsString,
    ops::ControlFlow,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use nix::sys::resource::UsageWho;
use seedbench::harness::command::{Enough, Program, Start, supervised};

/// Starts of one measurement.
const STARTS: usize = 100;
/// How often each is measured.
const TIMES: usize = 15;
/// How many run at once.
const AT_ONCE: usize = 2;

fn bare(arguments: &[OsString]) {
    let started = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while started.fetch_add(1, Ordering::Relaxed) < STARTS {
                    let status = Command::new(&arguments[0])
                        .args(&arguments[1..])
                        .stdin(Stdio::null())
                        .stdout(Stdio::null())
                        .stderr(Stdio::null())
                        .status();
                    assert!(status.expect("the program starts").success());
                }
            });
        }
    });
}

fn audited(arguments: &[OsString]) {
    let program = Program {
        directory: None,
        arguments,
        workers: STARTS as u32,
        words: 8,
        enough: Enough::Words(8),
        timeout: Duration::from_secs(60),
        output_limit: 1 << 16,
        at_once: AT_ONCE,
        together: true,
    };
    let starts = (0..STARTS as u32)
        .map(|worker| Start {
            run: 0,
            worker: Some(worker),
            seed: None,
        })
        .collect();
    let mut ended = 0;
    let image = std::env::current_exe().expect("a benchmark has an image");
    supervised(&image, &program, starts, |outcome| {
        let output = outcome.output.expect("the program ends well");
        assert_eq!(output, b"1 2 3 4 5 6 7 8\n");
        ended += 1;
        ControlFlow::Continue(())
    })
    .expect("the program starts");
    assert_eq!(ended, STARTS);
}

fn main() {
    // The supervisor is this program again.
    seedbench::init();
    // `cargo bench` says so; `cargo test --benches` only wants it to run.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let times = if measured { TIMES } else { 1 };
    println!("{STARTS} starts, medians of {times} in turn; ratios are audited / bare");
    for (name, command) in [
        ("echo", &["echo", "1 2 3 4 5 6 7 8"][..]),
        ("shell", &["sh", "-c", "echo 1 2 3 4 5 6 7 8"]),
        ("python", &["python3", "-c", "print('1 2 3 4 5 6 7 8')"]),
    ] {
        if Command::new(command[0])
            .stdin(Stdio::null())
            .output()
            .is_err()
        {
            println!("{name}: not measured, {} is not installed", command[0]);
            continue;
        }
        let arguments: Vec<OsString> = command.iter().map(OsString::from).collect();
        let mut measured = [Vec::new(), Vec::new()];
        for _ in 0..times {
            measured[0].push(cost(|| bare(&arguments)));
            measured[1].push(cost(|| audited(&arguments)));
        }
        let [bare, audited] = measured.map(|costs| {
            [0, 1].map(|at| {
                let mut each: Vec<f64> = costs.iter().map(|cost| cost[at]).collect();
                each.sort_unstable_by(f64::total_cmp);
                each[times / 2]
            })
        });
        for (what, at) in [("wall", 0), ("CPU", 1)] {
            println!(
                "{name:6} {what:5} bare {:7.1} ms  audited {:7.1} ms  ratio {:.2}",
                1e3 * bare[at],
                1e3 * audited[at],
                audited[at] / bare[at]
            );
        }
    }
}

/// Seconds of wall time, and of CPU time, the children's included.
fn cost(work: impl FnOnce()) -> [f64; 2] {
    let used = || cpu::seconds(&[UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN]);
    let (since, before) = (Instant::now(), used());
    work();
    [since.elapsed().as_secs_f64(), used() - before]
}
