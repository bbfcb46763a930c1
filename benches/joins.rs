//! What the exact joins cost, in CPU time, beside a plain read of the same bytes.
//!
//! Every group starts with `read`, the sum of all words: the ratio of the other rows to it is what
//! travels between machines. `scaling` is in wall time. Run with `--test`, sizes shrink to a
//! hundredth.

#[path = "support/clock.rs"]
mod clock;
mod support;

use std::hint::black_box;

use clock::{cpu_time, shrink};
use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use seedbench::{
    joins::{JoinArena, duplicates, join, multiplicities},
    results::{Depth, Joins},
    vocabulary::{Evidence, Format, RunId, RunInfo, StreamId},
};

fn noise(words: usize) -> Vec<u64> {
    let mut source = Xoshiro256PlusPlus::seed_from_u64(words as u64);
    (0..words).map(|_| source.next_u64()).collect()
}

fn evidence(words: Vec<u64>, runs: u32, tasks: u32, format: Format) -> Evidence {
    let ids: Vec<StreamId> = (0..runs)
        .flat_map(|run| (0..tasks).map(move |task| StreamId::new(run, task)))
        .collect();
    let infos = (0..runs).map(|run| RunInfo::fresh(RunId(run))).collect();
    let length = words.len() / ids.len();
    let mut words = words;
    words.truncate(length * ids.len());
    Evidence::uniform(words, ids, length, infos, format).expect("lengths match")
}

fn bench(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, mut routine: impl FnMut()) {
    // Buffers are touched before anything is timed, however few iterations follow.
    routine();
    group.bench_function(name, |b| {
        b.iter_custom(|times| {
            let start = cpu_time();
            for _ in 0..times {
                routine();
            }
            cpu_time() - start
        });
    });
}

fn read(group: &mut BenchmarkGroup<'_, WallTime>, words: &[u64]) {
    bench(group, "read", || {
        black_box(
            black_box(words)
                .iter()
                .fold(0u64, |sum, &word| sum.wrapping_add(word)),
        );
    });
}

/// The most memory that this process has held so far, in bytes; `None` where the system does not say.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kibibytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes << 10)
}

/// The memory of a full join of 10^8 words, evidence included, in units of the evidence.
fn memory(_: &mut Criterion) {
    let sound = evidence(noise(100_000_000 / shrink()), 4, 64, Format::WORDS);
    join(&sound, Depth::Full, &mut JoinArena::new());
    if let Some(peak) = peak_memory() {
        let ratio = peak as f64 / sound.bytes() as f64;
        println!("joins/memory: {ratio:.2} times the evidence");
        assert!(shrink() > 1 || ratio <= 2.2, "a promise of the joins");
    }
}

/// Exact multiplicities of 10^8 keys on one core.
fn engine(c: &mut Criterion) {
    let keys = noise(100_000_000 / shrink());
    let mut arena = JoinArena::new();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    let mut group = c.benchmark_group("joins/engine");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(keys.len() as u64));
    read(&mut group, &keys);
    bench(&mut group, "distinct", || {
        let counted = pool.install(|| multiplicities(&keys[..], &mut arena));
        assert_eq!(counted.distinct, counted.total);
    });
    let same = vec![7; keys.len()];
    bench(&mut group, "all-equal", || {
        let counted = pool.install(|| multiplicities(&same[..], &mut arena));
        assert_eq!(counted.distinct, 1);
    });
    group.finish();
}

/// Wall time of the exact partition and of a full join on one core and on two.
fn scaling(c: &mut Criterion) {
    let keys = noise(100_000_000 / shrink());
    let mut arena = JoinArena::new();
    let sound = evidence(noise((32 << 17) / shrink()), 4, 64, Format::WORDS);
    let mut group = c.benchmark_group("joins/scaling");
    group.sample_size(10);
    multiplicities(&keys[..], &mut arena);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        group.bench_function(format!("engine/{threads}"), |b| {
            b.iter(|| pool.install(|| multiplicities(&keys[..], &mut arena)));
        });
        group.bench_function(format!("full/{threads}"), |b| {
            b.iter(|| pool.install(|| join(&sound, Depth::Full, &mut arena)));
        });
    }
    group.finish();
}

fn join_group(
    c: &mut Criterion,
    name: &str,
    evidence: &Evidence,
    depths: &[Depth],
    check: impl Fn(&Joins) -> bool,
) {
    let mut arena = JoinArena::new();
    let mut group = c.benchmark_group(name);
    group
        .sample_size(10)
        .throughput(Throughput::Bytes(evidence.bytes() as u64));
    read(&mut group, evidence.words());
    for &depth in depths {
        let label = format!("{depth:?}").to_lowercase();
        bench(&mut group, &label, || {
            assert!(
                check(&join(evidence, depth, &mut arena)),
                "the flaw is found"
            );
        });
    }
    group.finish();
}

/// Sound evidence, at the sizes an analysis ascends through.
fn sound(c: &mut Criterion) {
    let all = [Depth::Screen, Depth::Full];
    for mebibytes in [32, 256] {
        let words = (mebibytes << 17) / shrink();
        let deep = evidence(noise(words), 4, 64, Format::WORDS);
        let name = format!("joins/sound-{mebibytes}MiB");
        join_group(c, &name, &deep, &all, |joins| !joins.found_any());
    }
    let words: Vec<u64> = noise((32 << 17) / shrink())
        .iter()
        .map(|word| word << 32)
        .collect();
    let halves = evidence(words, 4, 64, Format::Bits { width: 32 });
    join_group(c, "joins/sound-32bit-32MiB", &halves, &all, |joins| {
        !joins.found_any()
    });
    let mut group = c.benchmark_group("joins/duplicates-32MiB");
    let deep = evidence(noise((32 << 17) / shrink()), 4, 64, Format::WORDS);
    let mut arena = JoinArena::new();
    group
        .sample_size(10)
        .throughput(Throughput::Bytes(deep.bytes() as u64));
    for width in [64, 53, 32, 24] {
        bench(&mut group, &width.to_string(), || {
            black_box(duplicates(&deep, width, &mut arena));
        });
    }
    group.finish();
}

/// One flawed pair among many streams or many words.
fn needles(c: &mut Criterion) {
    let all = [Depth::Screen, Depth::Full];
    let count = |streams: usize| streams / if shrink() > 1 { 16 } else { 1 };

    let streams = count(8192);
    let mut words = noise(streams * 1024);
    words.copy_within(1024..2048, (streams - 1) * 1024);
    let pair = evidence(words, 1, streams as u32, Format::WORDS);
    join_group(
        c,
        "joins/8192-streams-one-equal-pair",
        &pair,
        &all,
        |joins| joins.equal_streams.len() == 1,
    );

    let streams = count(1024);
    let mut words = noise(streams * 16_384);
    let tail = 5 * 16_384 - 164..5 * 16_384;
    words.copy_within(tail, 77.min(streams - 1) * 16_384);
    let overlap = evidence(words, 1, streams as u32, Format::WORDS);
    join_group(
        c,
        "joins/1024-streams-last-percent",
        &overlap,
        &all,
        |joins| joins.shared[0].witness.words == 164,
    );

    let length = (1usize << 21) / shrink();
    let lag = 1_000_000 / shrink();
    let mut words = noise(64 * length);
    words.copy_within(3 * length + lag..4 * length, 40 * length);
    let lagged = evidence(words, 1, 64, Format::WORDS);
    join_group(c, "joins/64-long-streams-lag-1e6", &lagged, &all, |joins| {
        joins.shared[0].witness.lag().unsigned_abs() as usize == lag
    });

    let streams = 1_000_000 / shrink();
    let mut words = noise(streams * 4);
    words.copy_within(400..404, (streams - 1) * 4);
    let wide = evidence(words, 1, streams as u32, Format::WORDS);
    join_group(c, "joins/1e6-streams-of-4-words", &wide, &all, |joins| {
        joins.equal_streams.len() == 1
    });
}

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = memory, engine, scaling, sound, needles
}
criterion_main!(benches);
