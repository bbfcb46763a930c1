//! What looking for seeds costs of a whole audit of 64 × 3 starts, in CPU time, the children's included: the starts of a
//! Python worker that prints 4,096 numbers, reading them, and the audit without seeds, with small integers, and with what
//! the launcher knows of the starts. What the launcher knows may add at most 5 %.
//!
//! The starts are measured once and the audits as medians of three.

#[path = "support/cpu.rs"]
mod cpu;

use std::{ffi::OsString, hint::black_box, ops::ControlFlow, time::Duration};

use nix::sys::resource::UsageWho;
use seedbench::{
    audit::{Question, audit},
    capture::{Capture, Gathered, Origin, Reading},
    harness::command::{Enough, Outcome, Program, Start, run_all},
};

const WORKERS: u32 = 64;
const RUNS: u32 = 3;
const WORDS: u64 = 4096;
const WORKER: &str = "import os, random\n\
    for _ in range(int(os.environ['SEEDBENCH_WORDS'])): print(random.random())";

fn main() {
    // `cargo bench` says so; `cargo test --benches` only wants it to run.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let workers = if measured { WORKERS } else { 4 };
    let arguments: Vec<OsString> = ["python3", "-c", WORKER].map(OsString::from).into();
    let program = Program {
        directory: None,
        arguments: &arguments,
        workers,
        words: WORDS,
        enough: Enough::Words(WORDS),
        timeout: Duration::from_secs(60),
        output_limit: 1 << 24,
        at_once: 256,
        together: true,
    };
    let starts = (0..RUNS).flat_map(|run| {
        (0..workers).map(move |worker| Start {
            run,
            worker: Some(worker),
            seed: None,
        })
    });
    let mut outcomes = Vec::new();
    let started = timed(|| {
        run_all(&program, starts.collect(), |outcome| {
            outcomes.push(outcome);
            ControlFlow::Continue(())
        })
        .expect("the program starts");
    });
    let read = timed(|| {
        black_box(capture(&outcomes, true));
    });
    let judged = |launches: bool, skips_seeds: bool| {
        let mut capture = capture(&outcomes, launches);
        let question = Question {
            skips_seeds,
            ..Question::default()
        };
        let mut times: Vec<Duration> = (0..3)
            .map(|_| {
                timed(|| {
                    black_box(audit(&mut capture, question).expect("numbers"));
                })
            })
            .collect();
        times.sort_unstable();
        times[times.len() / 2]
    };
    let without = judged(true, true);
    let integers = judged(false, false).saturating_sub(without);
    let all = judged(true, false).saturating_sub(without);
    let facts = all.saturating_sub(integers);
    let whole = started + read + without + integers;
    for (what, time) in [
        ("starts", started),
        ("reading", read),
        ("audit without seeds", without),
        ("small integers", integers),
        ("what the launcher knows", facts),
    ] {
        let share = 100.0 * time.as_secs_f64() / whole.as_secs_f64();
        println!(
            "{what:24} {:8.3} s {share:6.2} % of the rest",
            time.as_secs_f64()
        );
    }
}

/// CPU time, of this process and of its children.
fn timed(work: impl FnOnce()) -> Duration {
    let used = || cpu::seconds(&[UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN]);
    let before = used();
    work();
    Duration::from_secs_f64(used() - before)
}

/// What was printed, with or without what is known of the starts.
fn capture(outcomes: &[Outcome], launches: bool) -> Capture {
    let mut gathered = Gathered::new(Reading::default());
    for outcome in outcomes {
        let origin = Origin {
            run: outcome.start.run,
            seed: None,
            worker: outcome.start.worker,
            launch: outcome.launch.filter(|_| launches),
        };
        let output = outcome.output.as_ref().expect("the program ends well");
        gathered.add(&origin, output, None, Some(WORDS));
    }
    gathered.finish().expect("numbers")
}
