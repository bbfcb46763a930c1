//! Arithmetic on the user's seed and the rank.

use super::{
    Entry, Fact, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{PURE, REPEATS, broken_everywhere, everywhere, flaw, per_task},
};
use crate::{generators::Mt19937, results::FindingKind};

/// Ranks that share a node in the rules that add rank and worker.
const WORKERS_A_RANK: u32 = 8;

const IN_A_RUN: Promises = PURE.without(&[Promise::Fresh]);

/// `seed ^ rank`.
pub static XOR: Entry = Entry {
    spec: &Spec {
        id: "seed-xor-rank/mt19937",
        scope: Scope::Task,
        summary: "task i seeds with the root xor i",
        formula: "state = init_genrand(root ^ index)",
        reads: &[Fact::RootLow(32), Fact::TaskIndex],
        fails: "Distinct within a run; but small roots permute one set of streams: runs with roots 0, \
                1, 2, 3 draw the same numbers in another order.",
        reference: "apache/spark#3010 (PySpark seeds with `seed ^ split`); compare \
                    DLR-RM/stable-baselines3#2268",
        promises: &everywhere(IN_A_RUN),
        seed_space: SeedSpace::Counter {
            root_bits: 32.0,
            index_bits: 32.0,
        },
        claims: &broken_everywhere(flaw(
            "runs with neighbouring roots share their streams",
            16,
            4,
            &[FindingKind::CrossRunSharing],
        )),
    },
    prepare: |root, _| {
        let seed = root.seed().words32()[0];
        per_task(move |site| Mt19937::from_seed(seed ^ site.task.0))
    },
};

/// `seed + rank + worker` on a grid of ranks and workers.
pub static RANK_PLUS_WORKER: Entry = Entry {
    spec: &Spec {
        id: "rank-plus-worker/mt19937",
        scope: Scope::Task,
        summary: "task (rank, worker), eight workers a rank, seeds with root + rank + worker",
        formula: "state = init_genrand(root + index / 8 + index mod 8)",
        reads: &[Fact::RootLow(32), Fact::TaskIndex],
        fails: "Rank 0 worker 1 and rank 1 worker 0 add up to one seed: the streams on every diagonal \
                of the grid are equal.",
        reference: "Lightning-AI/pytorch-lightning#6960",
        promises: &everywhere(REPEATS),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "streams on a diagonal of the grid are equal",
            64,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |root, _| {
        let seed = root.seed().words32()[0];
        per_task(move |site| {
            let (rank, worker) = (site.task.0 / WORKERS_A_RANK, site.task.0 % WORKERS_A_RANK);
            Mt19937::from_seed(seed.wrapping_add(rank).wrapping_add(worker))
        })
    },
};

/// A rank shifted out of the seed's upper end.
pub static OVERFLOW: Entry = Entry {
    spec: &Spec {
        id: "rank-shift-overflow/mt19937",
        scope: Scope::Task,
        summary: "task i seeds with the root plus i shifted by 16 bits, in 32 bits",
        formula: "state = init_genrand(root + index · 2^16 mod 2^32)",
        reads: &[Fact::RootLow(32), Fact::TaskIndex],
        fails: "Sound up to 65,536 ranks; from there on the rank leaves the seed and streams come again.",
        reference: "etmc/tmLQCD#135 and #140 (the seed overflows at 2^15 ranks)",
        promises: &everywhere(Promises::of(&[
            Promise::Replayable,
            Promise::ScheduleFree,
            Promise::Independent,
        ])),
        seed_space: SeedSpace::Counter {
            root_bits: 16.0,
            index_bits: 16.0,
        },
        claims: &broken_everywhere(flaw(
            "rank r and rank r + 65,536 share a stream",
            400_000,
            4,
            &[FindingKind::EqualStreams, FindingKind::CrossRunSharing],
        )),
    },
    prepare: |root, _| {
        let seed = root.seed().words32()[0];
        per_task(move |site| Mt19937::from_seed(seed.wrapping_add(site.task.0 << 16)))
    },
};

/// A 64-bit seed with the task in its upper half, narrowed to 32 bits on its way.
pub static NARROWED: Entry = Entry {
    spec: &Spec {
        id: "narrowed-to-32/mt19937",
        scope: Scope::Task,
        summary: "a 64-bit seed (task above, root below) passes through a 32-bit parameter",
        formula: "state = init_genrand((index · 2^32 + root) mod 2^32)",
        reads: &[Fact::RootLow(32), Fact::TaskIndex],
        fails: "The task is in the half that is cut off: every task draws the same numbers.",
        reference: "tenstorrent/tt-metal#47431 (chunk id shifted out by a narrowing conversion)",
        promises: &everywhere(REPEATS),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "all tasks share one stream",
            2,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |root, _| {
        let low = u64::from(root.seed().words32()[0]);
        per_task(move |site| {
            let seed = u64::from(site.task.0) << 32 | low;
            Mt19937::from_seed(seed as u32)
        })
    },
};

/// Streams per pass over the data in [`EPOCH`].
const EPOCH_TASKS: u32 = 16;

/// The same seeds in every epoch.
pub static EPOCH: Entry = Entry {
    spec: &Spec {
        id: "epoch-reuse/mt19937",
        scope: Scope::Task,
        summary: "workers are restarted every epoch of 16 tasks and seed with root + place in the epoch",
        formula: "state = init_genrand(root + index mod 16)",
        reads: &[Fact::RootLow(32), Fact::TaskIndex, Fact::Epoch],
        fails: "The augmentation of epoch 1 is that of epoch 0 again: 16 streams, however many epochs.",
        reference: "pytorch/pytorch#5059 and #3880 (same numbers in every worker and every epoch)",
        promises: &everywhere(REPEATS),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "every epoch repeats the first one",
            128,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |root, _| {
        let seed = root.seed().words32()[0];
        per_task(move |site| Mt19937::from_seed(seed.wrapping_add(site.task.0 % EPOCH_TASKS)))
    },
};

/// The place of a task in its own worker as the rank.
pub static WORKER_LOCAL: Entry = Entry {
    spec: &Spec {
        id: "worker-local-index/mt19937",
        scope: Scope::Task,
        summary: "a task seeds with the root plus its place in its own worker",
        formula: "state = init_genrand(root + task ordinal in the worker)",
        reads: &[Fact::RootLow(32), Fact::TaskOrdinal],
        fails: "Every worker counts its tasks from 0: the first tasks of all workers share a stream, so \
                do the second ones.",
        reference: "rapidsai/cuml#1050 (tree ids restart in every worker); huggingface/accelerate#114; \
                    stan-dev/stan#3402",
        promises: &everywhere(Promises::of(&[Promise::Fresh])),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "the k-th tasks of all workers share a stream",
            64,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |root, _| {
        let seed = root.seed().words32()[0];
        per_task(move |site| Mt19937::from_seed(seed.wrapping_add(site.task_ordinal)))
    },
};

/// Python's `random.seed(int)`, which forgets the sign.
pub static SIGNED: Entry = Entry {
    spec: &Spec {
        id: "signed-seed/mt19937",
        scope: Scope::Task,
        summary: "tasks seed Python's `random` with −n/2 … n/2, of which it takes the magnitude",
        formula: "state = init_by_array(|index − tasks / 2|)",
        reads: &[Fact::TaskIndex],
        fails: "`random.seed(-k)` and `random.seed(k)` are one seed: half of the streams come twice.",
        reference: "CPython, `_randommodule.c`, `random_seed`: \"use abs() of the seed\"",
        promises: &everywhere(REPEATS),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "seeds of opposite sign share a stream",
            64,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |_, tasks| {
        let middle = i64::from(tasks.get() / 2);
        per_task(move |site| {
            let magnitude = (i64::from(site.task.0) - middle).unsigned_abs();
            Mt19937::from_array(&[magnitude as u32])
        })
    },
};
