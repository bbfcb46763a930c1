//! What each statistical test costs, beside a plain read of the same memory.
//!
//!     cargo bench --bench tests                      # criterion, with HTML reports
//!     cargo bench --bench tests -- --cost            # one table: CPU seconds and ratio to a read

mod support;

use std::{hint::black_box, time::Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use seedbench::{
    results::Depth,
    statistics,
    vocabulary::{Evidence, Format, RunId, RunInfo, StreamId},
};

/// Runs, tasks and words of a stream.
#[derive(Clone, Copy)]
struct Size {
    runs: u32,
    tasks: u32,
    words: usize,
}

const SIZES: [Size; 4] = [
    Size {
        runs: 4,
        tasks: 64,
        words: 16_384,
    },
    Size {
        runs: 4,
        tasks: 64,
        words: 131_072,
    },
    Size {
        runs: 1,
        tasks: 8192,
        words: 1024,
    },
    Size {
        runs: 1,
        tasks: 1_000_000,
        words: 4,
    },
];

impl Size {
    fn name(self) -> String {
        format!("{}x{}x{}", self.runs, self.tasks, self.words)
    }

    fn bytes(self) -> u64 {
        u64::from(self.runs) * u64::from(self.tasks) * self.words as u64 * 8
    }

    /// Sound streams: each with a seed of its own.
    fn evidence(self) -> Evidence {
        let mut words = Vec::with_capacity((self.bytes() / 8) as usize);
        let mut ids = Vec::new();
        for run in 0..self.runs {
            for task in 0..self.tasks {
                let mut rng =
                    Xoshiro256PlusPlus::seed_from_u64(u64::from(run) << 32 | u64::from(task));
                words.extend((0..self.words).map(|_| rng.next_u64()));
                ids.push(StreamId::new(run, task));
            }
        }
        let runs = (0..self.runs)
            .map(|run| RunInfo::fresh(RunId(run)))
            .collect();
        Evidence::uniform(words, ids, self.words, runs, Format::WORDS).expect("a rectangle")
    }
}

/// A plain read: what no test can beat.
fn read(evidence: &Evidence) -> u64 {
    evidence
        .words()
        .iter()
        .fold(0, |sum, word| sum.wrapping_add(*word))
}

fn tests(c: &mut Criterion) {
    for size in &SIZES[..1] {
        let evidence = size.evidence();
        let mut group = c.benchmark_group("tests");
        group
            .sample_size(10)
            .throughput(Throughput::Bytes(size.bytes()));
        group.bench_function(BenchmarkId::new("read", size.name()), |b| {
            b.iter(|| read(black_box(&evidence)));
        });
        for test in statistics::tests() {
            group.bench_function(BenchmarkId::new(test.spec().id, size.name()), |b| {
                b.iter(|| test.run(black_box(&evidence)));
            });
        }
    }
}

/// CPU seconds of this process, all threads.
#[cfg(unix)]
fn cpu_seconds() -> f64 {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("own usage");
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

#[cfg(not(unix))]
fn cpu_seconds() -> f64 {
    0.0
}

/// One table: the least of three measurements of each test.
fn costs() {
    let least = |run: &mut dyn FnMut()| {
        (0..3)
            .map(|_| {
                let (cpu, wall) = (cpu_seconds(), Instant::now());
                run();
                (cpu_seconds() - cpu, wall.elapsed().as_secs_f64())
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .expect("three measurements")
    };
    for size in SIZES {
        let evidence = size.evidence();
        let (plain, _) = least(&mut || {
            for _ in 0..8 {
                black_box(read(black_box(&evidence)));
            }
        });
        let plain = plain / 8.0;
        println!(
            "{}: {} MiB, plain read {:.2} ms",
            size.name(),
            size.bytes() >> 20,
            1e3 * plain
        );
        let (mut screen, mut full) = (0.0, 0.0);
        for test in statistics::tests() {
            let (cpu, wall) = least(&mut || {
                black_box(test.run(black_box(&evidence)));
            });
            full += cpu;
            if test.spec().depth == Depth::Screen {
                screen += cpu;
            }
            println!(
                "  {:<20} {:>8.1} ms CPU {:>8.1} ms wall {:>7.1} × read",
                test.spec().id,
                1e3 * cpu,
                1e3 * wall,
                cpu / plain
            );
        }
        println!("  screen {screen:.3} s, full {full:.3} s CPU");
    }
}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = tests
}

fn main() {
    if std::env::args().any(|argument| argument == "--cost") {
        costs();
    } else {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
}
