//! Different tasks that end up with one key.

use super::{
    Claim, Entry, Fact, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{REPEATS, broken_everywhere, everywhere, flaw, of_index, per_task},
    seed_sequence::sequence,
};
use crate::{
    generators::{FromRng, Mt19937, Philox4x32, SeedSequence, SpawnKey, mix64},
    results::FindingKind,
    vocabulary::BackendKind,
};

const FRESH_REPEATS: &[(BackendKind, Promises)] = &everywhere(Promises::of(&[
    Promise::Fresh,
    Promise::Replayable,
    Promise::ScheduleFree,
]));

const fn equal(breaks: &'static str, from_streams: u32) -> [(BackendKind, Claim); 3] {
    broken_everywhere(flaw(breaks, from_streams, 4, &[FindingKind::EqualStreams]))
}

/// The side of the grids below.
const SIDE: u32 = 8;

/// Only one of a kernel's indices in the key.
pub static X_INDEX_ONLY: Entry = Entry {
    spec: &of_index(
        "x-index-only/philox4x32-10",
        "threads (x, y) of a kernel, eight a row, key Philox by x alone",
        "words = Philox(key = (root, index mod 8))",
        "All threads of a column draw the same numbers.",
        "tile-ai/tilelang#2625 (threads that differ in y and z share a stream)",
        &equal("threads of one column share a stream", 64),
    )
    .promising(FRESH_REPEATS)
    .reading(&[Fact::RootLow(32), Fact::TaskIndex]),
    prepare: |root, _| {
        let seed = root.seed().words32()[0];
        per_task(move |site| Philox4x32::new([seed, site.task.0 % SIDE], [0; 4]))
    },
};

/// A fold that forgets the order of the path.
pub static COMMUTATIVE_FOLD_IN: Entry = Entry {
    spec: &of_index(
        "commutative-fold-in/philox4x32-10",
        "the path (a, b) of a task is folded into the key by xor of hashes",
        "key = root ^ hash(index / 8) ^ hash(index mod 8)",
        "The paths (a, b) and (b, a) have one key, and all (a, a) have the root's own.",
        "jax-ml/jax#21405 (`fold_in` of the `unsafe_rbg` generator commutes)",
        &equal(
            "paths that are permutations of each other share a stream",
            64,
        ),
    )
    .promising(FRESH_REPEATS)
    .reading(&[Fact::RootLow(64), Fact::TaskIndex]),
    prepare: |root, _| {
        let seed = root.seed().low_u64();
        per_task(move |site| {
            let (a, b) = (u64::from(site.task.0 / SIDE), u64::from(site.task.0 % SIDE));
            let key = seed ^ mix64(a + 1) ^ mix64(b + 1);
            Philox4x32::new([key as u32, (key >> 32) as u32], [0; 4])
        })
    },
};

/// One seed for two libraries that hold the same generator.
pub static TWO_LIBRARIES: Entry = Entry {
    spec: &of_index(
        "two-libraries/mt19937",
        "each worker hands one sound seed to Python's `random` and to `numpy.random`",
        "state of streams 2k and 2k + 1 = init_by_array(spawn key k of the root)",
        "Both libraries hold MT19937 and seed it alike from an array: the two streams of a worker are \
         one.",
        "pytorch/pytorch commit 3b977a0 (numpy seeded apart from `random` in loader workers); \
         Lightning-AI/pytorch-lightning#6960",
        &equal("both libraries draw one stream", 2),
    ).promising(FRESH_REPEATS),
    prepare: |root, _| {
        let parent = SpawnKey::from_root(&root.seed());
        per_task(move |site| {
            let words = parent.child(u64::from(site.task.0 / 2)).words();
            let digits: [u32; 8] = std::array::from_fn(|i| (words[i / 2] >> (32 * (i % 2))) as u32);
            Mt19937::from_array(&digits)
        })
    },
};

/// The parent used beside its children, before numpy kept them apart.
pub static PARENT_AND_CHILD: Entry = Entry {
    spec: &of_index(
        "seed-sequence-parent/pcg64",
        "task 0 draws from the root sequence itself, the others from its children, all unpadded",
        "task 0: SeedSequence(root); task i: SeedSequence(root words followed by i − 1)",
        "A short root followed by child 0 is the root again, because missing words count as zero: \
         tasks 0 and 1 share a stream.",
        "numpy/numpy#16539 (parent equal to its first child, mended in numpy 1.19 by padding)",
        &equal("the parent and its first child share a stream", 2),
    )
    .promising(FRESH_REPEATS)
    .reading(&[Fact::RootLow(32), Fact::TaskIndex]),
    prepare: |root, _| {
        // Seeds people give are one word; a fresh root is cut to one to show the same.
        let seed = root.seed().words32()[0];
        per_task(move |site| {
            let sequence = match site.task.0 {
                0 => SeedSequence::from_words(&[seed]),
                child => SeedSequence::from_words(&[seed, child - 1]),
            };
            FromRng(sequence.pcg64())
        })
    },
};

/// Keys of one element beside keys of two.
pub static KEY_ALIAS: Entry = Entry {
    spec: &of_index(
        "seed-sequence-alias/pcg64",
        "a flat spawn key of 64 bits beside a tree of two levels under one root",
        "task 2k: spawn_key=(k · 2^32 + 7,); task 2k + 1: spawn_key=(7, k)",
        "Keys are hashed as 32-bit words without their lengths: (k · 2^32 + 7,) and (7, k) are one.",
        "numpy, `SeedSequence`: spawn_key=(2**32,) is spawn_key=(0, 1); [5] is [5, 0]",
        &equal("two spellings of one key share a stream", 4),
    ).promising(FRESH_REPEATS),
    prepare: |root, _| {
        let parent = sequence(&root);
        per_task(move |site| {
            let k = u64::from(site.task.0 / 2);
            let child = match site.task.0 % 2 {
                0 => parent.child(k << 32 | 7),
                _ => parent.child(7).child(k),
            };
            FromRng(child.pcg64())
        })
    },
};

/// Entropy beyond 128 bits beside a spawn key.
pub static WIDE_ROOT: Entry = Entry {
    spec: &of_index(
        "seed-sequence-wide-root/pcg64",
        "ranks add themselves to the root above bit 128, beside children that are spawned",
        "task 2k: SeedSequence(root + k · 2^128); task 2k + 1: SeedSequence(root, spawn_key=(k,))",
        "Words beyond the pool are absorbed as a spawn key is: both spellings are one stream.",
        "numpy, `SeedSequence`: SeedSequence(5 + 7 * 2**128) is SeedSequence(5, spawn_key=(7,))",
        &equal("a wide root and a spawn key share a stream", 4),
    )
    .promising(FRESH_REPEATS)
    .reading(&[Fact::RootLow(128), Fact::TaskIndex]),
    prepare: |root, _| {
        let [a, b, c, d, ..] = root.seed().words32();
        per_task(move |site| {
            let k = site.task.0 / 2;
            let child = match site.task.0 % 2 {
                // A zero would be no word at all.
                0 => SeedSequence::from_words(&[a, b, c, d, k + 1]),
                _ => SeedSequence::from_words(&[a, b, c, d]).child(u64::from(k) + 1),
            };
            FromRng(child.pcg64())
        })
    },
};

/// A generator that nobody seeded.
pub static DEFAULT_SEED: Entry = Entry {
    spec: &Spec {
        id: "default-seed/mt19937",
        scope: Scope::Task,
        summary: "`std::mt19937 generator;`: every task takes the default seed",
        formula: "state = init_genrand(5489)",
        reads: &[],
        fails: "Every task of every run draws the same numbers.",
        reference: "C++ standard, [rand.predef]; vllm-project/vllm#17929 (default seed 0)",
        promises: &everywhere(REPEATS),
        seed_space: SeedSpace::Deterministic,
        claims: &equal("all tasks share one stream", 2),
    },
    prepare: |_, _| per_task(|_| Mt19937::from_seed(5489)),
};
