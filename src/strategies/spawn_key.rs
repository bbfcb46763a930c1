//! One root for the run, and a keyed derivation from root and task index for every stream.

use std::num::NonZeroU32;

use rand_chacha::{ChaCha8Core, ChaCha20Core};

use super::{
    Entry, Fact, Scope, SeedSpace, Spec,
    entry::{PURE, Prepared, everywhere, per_task},
};
use crate::{
    core::Root,
    generators::{ChaChaStream, Mt19937, SpawnKey},
};

const SEED_SPACE: SeedSpace = SeedSpace::Counter {
    root_bits: 256.0,
    index_bits: 64.0,
};
const FAILS: &str = "No failure known. Two streams are equal with probability streams² · 2^-257, as \
                     for any keyed derivation of 256 bits.";
const REFERENCE: &str = "O. Goldreich, S. Goldwasser, S. Micali, *How to construct random functions* \
                         (1986); RFC 8439 for the block function";

/// The answer to "is there a salt?": a ChaCha20 stream whose key is derived from root and index.
pub static CHACHA20: Entry = Entry {
    spec: &Spec {
        id: "spawn-key/chacha20",
        scope: Scope::Task,
        summary: "ChaCha20 keyed by a child of the run's root: one keyed hash for each task",
        formula: "key = first 256 bits of ChaCha8-block(root; index), stream = ChaCha20(key)",
        reads: &[Fact::Root, Fact::TaskIndex],
        fails: FAILS,
        reference: REFERENCE,
        promises: &everywhere(PURE),
        seed_space: SEED_SPACE,
        claims: &[],
    },
    prepare: |root: Root, _tasks: NonZeroU32| -> Prepared {
        let parent = SpawnKey::from_root(&root.seed());
        per_task(move |site| {
            ChaChaStream::<ChaCha20Core>::from_key(parent.child(site.task.0.into()).bytes())
        })
    },
};

/// The same derivation for numpy's old generator: the child fills the whole state.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        id: "spawn-key/mt19937",
        scope: Scope::Task,
        summary: "a Mersenne Twister whose 19,937 state bits come from a child of the run's root",
        formula: "key = first 256 bits of ChaCha8-block(root; index), state = ChaCha8(key)",
        reads: &[Fact::Root, Fact::TaskIndex],
        fails: FAILS,
        reference: REFERENCE,
        promises: &everywhere(PURE),
        seed_space: SEED_SPACE,
        claims: &[],
    },
    prepare: |root: Root, _tasks: NonZeroU32| -> Prepared {
        let parent = SpawnKey::from_root(&root.seed());
        per_task(move |site| {
            let key = parent.child(site.task.0.into()).bytes();
            Mt19937::from_keystream::<ChaCha8Core>(key)
        })
    },
};
