//! What starting a command for every worker costs, in wall time, beside spawning it bare: as many
//! threads, each starting the command with its output discarded and waiting for it. An audit may cost
//! at most 1.3 times as much. Measured on two cores of a virtual machine: 0.7 to 1.1 times in wall time, and
//! 1.0 to 1.2 times in CPU time, the children's included.

mod support;

use std::{
    ffi::OsString,
    ops::ControlFlow,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use seedbench::harness::command::{Enough, Program, Start, run_all};

/// Starts of one measurement.
const STARTS: usize = 100;
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
    run_all(&program, starts, |outcome| {
        let output = outcome.output.expect("the program ends well");
        assert_eq!(output, b"1 2 3 4 5 6 7 8\n");
        ended += 1;
        ControlFlow::Continue(())
    })
    .expect("the program starts");
    assert_eq!(ended, STARTS);
}

fn start(c: &mut Criterion) {
    for (name, command) in [
        ("echo", &["echo", "1 2 3 4 5 6 7 8"][..]),
        ("shell", &["sh", "-c", "echo 1 2 3 4 5 6 7 8"]),
    ] {
        let arguments: Vec<OsString> = command.iter().map(OsString::from).collect();
        let mut group = c.benchmark_group(format!("commands/{name}"));
        group
            .sample_size(20)
            .throughput(Throughput::Elements(STARTS as u64));
        group.bench_function("bare", |b| b.iter(|| bare(&arguments)));
        group.bench_function("audited", |b| b.iter(|| audited(&arguments)));
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = start
}
criterion_main!(benches);
