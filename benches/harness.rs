//! What the harness and the strategies cost: opening, drawing, scaling, collecting, forking.

mod support;

use std::{
    hint::black_box,
    num::NonZeroU32,
    sync::Barrier,
    time::{Duration, Instant},
};

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use seedbench::{
    generators,
    harness::{Assignment, Backend, Job, SitesBackend, ThreadsBackend, cores, digest},
    strategies::{self, SeedingStrategy},
    vocabulary::{Root, RootSeed, RunGroup, RunId, Site, TaskId},
};

const ROOT: Root = Root::Given(RootSeed::from_u64(42));
const BLOCK_WORDS: usize = 4096;

fn number(value: u32) -> NonZeroU32 {
    NonZeroU32::new(value).expect("benchmarks ask for positive numbers")
}

/// Opening one stream, for every strategy.
fn open(c: &mut Criterion) {
    let mut group = c.benchmark_group("open");
    for strategy in strategies::ALL {
        let Ok(seeder) = strategy.prepare(ROOT, number(65_536)) else {
            continue;
        };
        let mut site = Site::default();
        let mut worker = seeder.enter(&site);
        group.bench_function(strategy.spec().id, |b| {
            b.iter(|| {
                site.task = TaskId((site.task.0 + 1) % 65_536);
                black_box(worker.open(&site));
            });
        });
    }
    group.finish();
}

/// Filling one block in the cache, for every strategy and every generator.
fn draw(c: &mut Criterion) {
    let mut block = vec![0; BLOCK_WORDS];
    let mut group = c.benchmark_group("draw/strategy");
    group.throughput(Throughput::Bytes(8 * BLOCK_WORDS as u64));
    for strategy in strategies::ALL {
        let Ok(seeder) = strategy.prepare(ROOT, number(65_536)) else {
            continue;
        };
        let mut worker = seeder.enter(&Site::default());
        let mut stream = worker.open(&Site::default());
        group.bench_function(strategy.spec().id, |b| {
            b.iter(|| stream.fill(black_box(&mut block)));
        });
    }
    group.finish();
    let mut group = c.benchmark_group("draw/generator");
    group.throughput(Throughput::Bytes(8 * BLOCK_WORDS as u64));
    for generator in generators::ALL {
        let mut stream = (generator.from_key)(&[42; 32]);
        group.bench_function(generator.id, |b| {
            b.iter(|| stream.fill(black_box(&mut block)));
        });
    }
    group.finish();
}

/// All threads of a pool drawing at once: a lock that they share shows here.
fn scaling(c: &mut Criterion) {
    for id in [
        "shared-state/mt19937",
        "os-random/getrandom",
        "thread-rng/chacha12",
        "spawn-key/chacha20",
        "spawn-key/mt19937",
    ] {
        let Some(seeder) =
            strategies::find(id).and_then(|strategy| strategy.prepare(ROOT, number(1024)).ok())
        else {
            continue;
        };
        let mut group = c.benchmark_group(format!("scaling/{id}"));
        for threads in 1..=cores().get() {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads as usize)
                .build()
                .expect("threads can be started");
            group.throughput(Throughput::Elements(
                u64::from(threads) * BLOCK_WORDS as u64,
            ));
            group.bench_function(BenchmarkId::from_parameter(threads), |b| {
                b.iter_custom(|blocks| {
                    let start_line = Barrier::new(threads as usize);
                    let times = pool.broadcast(|context| {
                        let site = Site {
                            task: TaskId(context.index() as u32),
                            ..Site::default()
                        };
                        let mut worker = seeder.enter(&site);
                        let mut stream = worker.open(&site);
                        let mut block = vec![0; BLOCK_WORDS];
                        start_line.wait();
                        let start = Instant::now();
                        for _ in 0..blocks {
                            stream.fill(black_box(&mut block));
                        }
                        start.elapsed()
                    });
                    times.into_iter().max().unwrap_or(Duration::ZERO)
                });
            });
        }
        group.finish();
    }
}

fn job(strategy: &dyn SeedingStrategy, workers: u32, tasks: u32, words: u32) -> Job<'_> {
    Job {
        strategy,
        run: RunId(0),
        group: RunGroup::Replay,
        root: ROOT,
        workers: number(workers),
        first_ordinal: 1,
        tasks: number(tasks),
        chunk: None,
        assignment: Assignment::Static,
        words: number(words),
        timeout: Duration::from_secs(600),
    }
}

/// A launch on one thread into an arena that was touched before, against the generator alone filling
/// the same words: the launch may cost at most 1.1 times as much.
fn collect(c: &mut Criterion) {
    const TASKS: u32 = 64;
    const WORDS: u32 = 65_536;
    let mut arena = vec![1_u64; (TASKS * WORDS) as usize];
    for (id, generator) in [
        ("spawn-key/chacha20", "chacha20"),
        ("spawn-key/mt19937", "mt19937"),
    ] {
        let (Some(strategy), Some(generator)) = (strategies::find(id), generators::find(generator))
        else {
            continue;
        };
        let mut group = c.benchmark_group(format!("collect/{id}"));
        group.throughput(Throughput::Bytes(8 * arena.len() as u64));
        group.bench_function("generator alone", |b| {
            let mut stream = (generator.from_key)(&[42; 32]);
            b.iter(|| {
                for block in arena.chunks_mut(BLOCK_WORDS) {
                    stream.fill(block);
                }
                black_box(&mut arena);
            });
        });
        let job = job(strategy, 1, TASKS, WORDS);
        group.bench_function("threads", |b| {
            b.iter(|| {
                ThreadsBackend
                    .launch(&job, &mut arena)
                    .expect("threads run")
            });
        });
        group.finish();
    }
    let mut group = c.benchmark_group("collect");
    group.throughput(Throughput::Bytes(8 * arena.len() as u64));
    group.bench_function("first touch", |b| {
        b.iter_batched(
            || vec![0_u64; arena.len()],
            |mut fresh| {
                for page in fresh.chunks_mut(512) {
                    page[0] = 1;
                }
                fresh
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("digest", |b| b.iter(|| digest(black_box(&arena))));
    group.finish();
}

/// 10^6 modelled workers with one short task each.
fn sites(c: &mut Criterion) {
    const WORKERS: u32 = 1_000_000;
    let mut group = c.benchmark_group("sites");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(WORKERS)));
    let mut arena = vec![1_u64; 2 * WORKERS as usize];
    for id in ["spawn-key/chacha20", "pid/mt19937", "shared-state/mt19937"] {
        let Some(strategy) = strategies::find(id) else {
            continue;
        };
        let job = job(strategy, WORKERS, WORKERS, 2);
        group.bench_function(id, |b| {
            b.iter(|| {
                SitesBackend::default()
                    .launch(&job, &mut arena)
                    .expect("sites are modelled")
            });
        });
    }
    group.finish();
}

/// Forked workers against the least that can be called so: fork, write to the shared mapping, leave,
/// wait. A launch may cost at most twice that, its helper's start apart.
#[cfg(unix)]
fn fork(c: &mut Criterion) {
    use seedbench::harness::ForkBackend;

    let backend = ForkBackend::with_helper(env!("CARGO_BIN_EXE_seedbench"));
    let Some(strategy) = strategies::find("spawn-key/chacha20") else {
        return;
    };
    for workers in [256, 1024] {
        let job = job(strategy, workers, 10_000, 64);
        let mut arena = vec![1_u64; 640_000];
        let mut group = c.benchmark_group(format!("fork/{workers}"));
        group.sample_size(10);
        group.throughput(Throughput::Elements(u64::from(workers)));
        group.bench_function("bare", |b| {
            b.iter_custom(|launches| {
                (0..launches)
                    .map(|_| backend.bare(&job).expect("processes can be forked"))
                    .sum()
            });
        });
        group.bench_function("workers", |b| {
            b.iter_custom(|launches| {
                (0..launches)
                    .map(|_| {
                        let costs = backend.launch(&job, &mut arena).expect("workers run").costs;
                        Duration::from_nanos(costs.launch_ns + costs.collect_ns)
                    })
                    .sum()
            });
        });
        group.bench_function("helper", |b| {
            b.iter_custom(|launches| {
                (0..launches)
                    .map(|_| {
                        let costs = backend.launch(&job, &mut arena).expect("workers run").costs;
                        Duration::from_nanos(costs.helper_ns)
                    })
                    .sum()
            });
        });
        group.finish();
    }
}

#[cfg(not(unix))]
fn fork(_c: &mut Criterion) {}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = open, draw, scaling, collect, sites, fork
}
criterion_main!(benches);
