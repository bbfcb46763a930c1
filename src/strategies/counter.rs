//! Counter-based generators with the task in the high part of the counter, or in the key.

use super::{
    Entry, Fact, SeedSpace, Spec,
    entry::{of_index, per_task},
};
use crate::generators::{Philox4x32, Philox4x64, Threefry4x64, words_of};

const fn spec(
    id: &'static str,
    summary: &'static str,
    formula: &'static str,
    bits: (f64, f64),
) -> Spec {
    Spec {
        seed_space: SeedSpace::Counter {
            root_bits: bits.0,
            index_bits: bits.1,
        },
        ..of_index(
            id,
            summary,
            formula,
            "Distinct by construction: every block of every stream is the image of another counter \
                under one bijection, or of a counter under another key.",
            "J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, *Parallel random numbers: as \
                    easy as 1, 2, 3*, SC11",
            &[],
        )
    }
}

/// Task in the highest counter word of Philox4x64-10.
pub static HIGH_PHILOX4X64: Entry = Entry {
    spec: &spec(
        "counter-high/philox4x64-10",
        "Philox keyed by the root, the task in the highest word of the counter",
        "words = Philox(key = root; counter = (1 …, 0, 0, index))",
        (128.0, 64.0),
    )
    .reading(&[Fact::RootLow(128), Fact::TaskIndex]),
    prepare: |root, _| {
        let [k0, k1, ..] = words_of(root.seed().bytes());
        per_task(move |site| Philox4x64::new([k0, k1], [0, 0, 0, site.task.0.into()]))
    },
};

/// Task in the highest counter word of Philox4x32-10: cuRAND's subsequence.
pub static HIGH_PHILOX4X32: Entry = Entry {
    spec: &spec(
        "counter-high/philox4x32-10",
        "Philox keyed by the root, the task in the high counter words: cuRAND's subsequence",
        "words = Philox(key = root; counter = (1 …, 0, index, 0))",
        (64.0, 64.0),
    )
    .reading(&[Fact::RootLow(64), Fact::TaskIndex]),
    prepare: |root, _| {
        let [k0, k1, ..] = root.seed().words32();
        per_task(move |site| Philox4x32::new([k0, k1], [0, 0, site.task.0, 0]))
    },
};

/// Task in the highest counter word of Threefry4x64-20.
pub static HIGH_THREEFRY4X64: Entry = Entry {
    spec: &spec(
        "counter-high/threefry4x64-20",
        "Threefry keyed by the root, the task in the highest word of the counter",
        "words = Threefry(key = root; counter = (1 …, 0, 0, index))",
        (256.0, 64.0),
    ),
    prepare: |root, _| {
        let key = words_of(root.seed().bytes());
        per_task(move |site| Threefry4x64::new(key, [0, 0, 0, site.task.0.into()]))
    },
};

/// Task in the key of Philox4x64-10.
pub static KEY_PHILOX4X64: Entry = Entry {
    spec: &spec(
        "key/philox4x64-10",
        "Philox with root and task side by side in the key",
        "words = Philox(key = (root, index); counter = 1 …)",
        (64.0, 64.0),
    )
    .reading(&[Fact::RootLow(64), Fact::TaskIndex]),
    prepare: |root, _| {
        let seed = root.seed().low_u64();
        per_task(move |site| Philox4x64::new([seed, site.task.0.into()], [0; 4]))
    },
};

/// Task in the key of Threefry4x64-20.
pub static KEY_THREEFRY4X64: Entry = Entry {
    spec: &spec(
        "key/threefry4x64-20",
        "Threefry with three words of the root and the task in the key",
        "words = Threefry(key = (root, index); counter = 1 …)",
        (192.0, 64.0),
    )
    .reading(&[Fact::RootLow(192), Fact::TaskIndex]),
    prepare: |root, _| {
        let [k0, k1, k2, _] = words_of(root.seed().bytes());
        per_task(move |site| Threefry4x64::new([k0, k1, k2, site.task.0.into()], [0; 4]))
    },
};

/// JAX's `fold_in`: the child's key is the image of the index under the parent's key.
pub static FOLD_IN_THREEFRY4X64: Entry = Entry {
    spec: &Spec {
        seed_space: SeedSpace::Counter {
            root_bits: 256.0,
            index_bits: 64.0,
        },
        ..of_index(
            "fold-in/threefry4x64-20",
            "the child's key is the image of the index under the parent's key, as JAX folds in",
            "key = Threefry(root; index), words = Threefry(key; 1 …)",
            "No failure known: children of one root have different keys, because the image is a bijection of the \
             index.",
            "JAX, *JEP 263: JAX PRNG design*, `jax.random.fold_in`; K. Claessen, M. H. Pałka, *Splittable \
             pseudorandom number generators using cryptographic hashing*, Haskell 2013",
            &[],
        )
    },
    prepare: |root, _| {
        let parent = words_of(root.seed().bytes());
        per_task(move |site| {
            let key = Threefry4x64::block(parent, [site.task.0.into(), 0, 0, 0]);
            Threefry4x64::new(key, [0; 4])
        })
    },
};
