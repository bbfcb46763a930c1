//! The clock as the seed.

use super::{
    Claim, Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{broken_everywhere, everywhere, flaw, per_task, per_worker},
};
use crate::{
    generators::Mt19937,
    results::FindingKind,
    vocabulary::{BackendKind, Site},
};

fn seconds(site: &Site) -> u32 {
    (site.task_start_unix_ns / 1_000_000_000) as u32
}

/// `srand(time(NULL))` in every task.
pub static SECONDS: Entry = Entry {
    spec: &Spec {
        id: "clock-seconds/mt19937",
        scope: Scope::Task,
        summary: "every task seeds with the Unix time in seconds",
        formula: "state = init_genrand(time(NULL))",
        reads: &[Fact::Clock],
        fails: "All tasks that start in one second draw the same numbers, on any number of hosts.",
        reference: "brucefan1983/GPUMD#40; usnistgov/SP800-90B_EntropyAssessment#45 (seeded by the \
                    clock in every thread); mccode-dev/McCode#164; StuntsPT/Structure_threader#93 and #96 (one seed \
                    for all runs that start at once)",
        promises: &everywhere(Promises::NONE),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "tasks of one second share a stream",
            64,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |_, _| per_task(|site| Mt19937::from_seed(seconds(site))),
};

/// `seed(int(time.time() * 1000))` in every task.
pub static MILLIS: Entry = Entry {
    spec: &Spec {
        id: "clock-millis/mt19937",
        scope: Scope::Task,
        summary: "every task seeds with the Unix time in milliseconds",
        formula: "state = init_genrand(milliseconds mod 2^32)",
        reads: &[Fact::Clock],
        fails: "Tasks that start within one millisecond draw the same numbers: the more workers, the \
                more of them.",
        reference: "ray-project/ray#5194 (actors seeded by the time of their start)",
        promises: &everywhere(Promises::NONE),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "tasks of one millisecond share a stream",
            1024,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |_, _| {
        per_task(|site| Mt19937::from_seed((site.task_start_unix_ns / 1_000_000) as u32))
    },
};

/// `rand.Seed(time.Now().UnixNano())` in every worker, narrowed to 32 bits by the generator's seed.
pub static NANOS: Entry = Entry {
    spec: &Spec {
        id: "clock-nanos/mt19937",
        scope: Scope::Worker,
        summary: "every worker seeds once with the Unix time of its start in nanoseconds",
        formula: "state = init_genrand(nanoseconds mod 2^32), once in every worker",
        reads: &[Fact::Clock, Fact::SharedState],
        fails: "Workers that start within one second have 10^9 seeds among them: of 37,233 two share \
                a stream with probability one half. Far fewer suffice where the clock ticks in micro- or \
                milliseconds.",
        reference: "mongodb/mongo-go-driver#889 (nanoseconds from a clock that ticks every 0.5 to 15 \
                    ms); gruntwork-io/terratest#1860",
        promises: &everywhere(Promises::NONE),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "workers of one second and nanosecond share a stream",
            // Four runs of a quarter each, s² / (8 · 10^9) = 21 equal pairs on average.
            410_000,
            4,
            &[FindingKind::EqualStreams, FindingKind::CrossRunSharing],
        )),
    },
    prepare: |_, _| per_worker(|site| Mt19937::from_seed(site.worker_start_unix_ns as u32)),
};

/// `srand(time(NULL) + getpid())` in every task.
pub static PLUS_PID: Entry = Entry {
    spec: &Spec {
        id: "clock-plus-pid/mt19937",
        scope: Scope::Task,
        summary: "every task seeds with the Unix time in seconds plus the process id",
        formula: "state = init_genrand(time(NULL) + pid)",
        reads: &[Fact::Clock, Fact::Pid],
        fails: "Tasks that one process starts within a second draw the same numbers; so do a process \
                and the one with the next id a second earlier.",
        reference: "SIPp/sipp#738 (time and process id; containers that start in one second); \
                    InverseLight/ValoMC#12 (runs a few seconds apart share seeds)",
        promises: &everywhere(Promises::NONE),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "tasks of one process and second share a stream",
            64,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |_, _| per_task(|site| Mt19937::from_seed(seconds(site).wrapping_add(site.pid))),
};

/// `srand(time(NULL) + getpid())` once in every worker.
pub static PLUS_PID_ONCE: Entry = Entry {
    spec: &Spec {
        id: "clock-plus-pid-once/mt19937",
        scope: Scope::Worker,
        summary: "every worker seeds once with its start second plus its process id",
        formula: "state = init_genrand(start second + pid), once in every worker",
        reads: &[Fact::Clock, Fact::Pid, Fact::SharedState],
        fails: "Threads of one process draw one sequence; so do containers that start in the same \
                second, and pairs of processes whose ids and seconds add up alike.",
        reference: "paralleldrive/cuid#98, triton-lang/triton#3544 (pid 1 in every container)",
        promises: &[
            (BackendKind::Threads, Promises::NONE),
            (
                BackendKind::Fork,
                Promises::of(&[Promise::Distinct, Promise::ForkSafe, Promise::Independent]),
            ),
            (BackendKind::Sites, Promises::NONE),
        ],
        seed_space: SeedSpace::Deterministic,
        claims: &[
            (BackendKind::Threads, Claim::Broken(ONE_SUM)),
            (BackendKind::Sites, Claim::Broken(ONE_SUM)),
        ],
    },
    prepare: |_, _| {
        per_worker(|site| {
            let start = (site.worker_start_unix_ns / 1_000_000_000) as u32;
            Mt19937::from_seed(start.wrapping_add(site.pid))
        })
    },
};

const ONE_SUM: Flaw = flaw(
    "workers of one process id and second draw one sequence",
    64,
    8,
    &[FindingKind::EqualStreams, FindingKind::ShiftedOverlap],
);
