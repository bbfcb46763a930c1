//! numpy's `SeedSequence(root).spawn(tasks)`, bit for bit.

use super::{
    Entry, Promise, SeedSpace, Spec,
    entry::{PURE, everywhere, of_index, per_task},
};
use crate::{
    generators::{FromRng, SeedSequence},
    vocabulary::{Root, RootSeed},
};

const fn spec(id: &'static str, summary: &'static str, formula: &'static str) -> Spec {
    Spec {
        seed_space: SeedSpace::Random { bits: 128.0 },
        ..of_index(
            id,
            summary,
            formula,
            "Two streams are equal with probability streams² · 2^-129 at most, as long as roots \
                have up to 128 bits and keys are 32-bit words of one depth: the hash is not injective \
                beyond that.",
            "numpy, *Parallel random number generation*, `SeedSequence.spawn`; M. E. O'Neill, \
                    *Simple portable C++ seed entropy* (2015)",
            &[],
        )
    }
}

/// The root as numpy would have drawn it: fresh entropy has 128 bits, a given seed all of its own.
pub(super) fn sequence(root: &Root) -> SeedSequence {
    match root {
        Root::Given(seed) => SeedSequence::from_root(seed),
        Root::Fresh(seed) => {
            let mut bytes = *seed.bytes();
            bytes[16..].fill(0);
            SeedSequence::from_root(&RootSeed::from_bytes(bytes))
        }
    }
}

/// `default_rng(child)` for each child of `SeedSequence(root).spawn(tasks)`.
pub static PCG64: Entry = Entry {
    spec: &spec(
        "seed-sequence/pcg64",
        "numpy's `default_rng` for each child that `SeedSequence(root).spawn(tasks)` gives",
        "state, increment = SeedSequence(root, spawn_key=(index,)).generate_state(4, uint64)",
    ),
    prepare: |root, _| {
        let parent = sequence(&root);
        per_task(move |site| FromRng(parent.child(site.task.0.into()).pcg64()))
    },
};

/// The same for `PCG64DXSM`.
pub static PCG64DXSM: Entry = Entry {
    spec: &spec(
        "seed-sequence/pcg64dxsm",
        "numpy's `PCG64DXSM` for each child that `SeedSequence(root).spawn(tasks)` gives",
        "state, increment = SeedSequence(root, spawn_key=(index,)).generate_state(4, uint64)",
    ),
    prepare: |root, _| {
        let parent = sequence(&root);
        per_task(move |site| FromRng(parent.child(site.task.0.into()).pcg64dxsm()))
    },
};

/// The same for `Philox`.
pub static PHILOX4X64: Entry = Entry {
    spec: &spec(
        "seed-sequence/philox4x64-10",
        "numpy's `Philox` for each child that `SeedSequence(root).spawn(tasks)` gives",
        "key = SeedSequence(root, spawn_key=(index,)).generate_state(2, uint64), counter = 0",
    ),
    prepare: |root, _| {
        let parent = sequence(&root);
        per_task(move |site| parent.child(site.task.0.into()).philox4x64())
    },
};

/// The same for `SFC64`.
pub static SFC64: Entry = Entry {
    spec: &spec(
        "seed-sequence/sfc64",
        "numpy's `SFC64` for each child that `SeedSequence(root).spawn(tasks)` gives",
        "words = SeedSequence(root, spawn_key=(index,)).generate_state(3, uint64), counter = 1",
    ),
    prepare: |root, _| {
        let parent = sequence(&root);
        per_task(move |site| parent.child(site.task.0.into()).sfc64())
    },
};

/// The same for `MT19937`: distinct, though the hash leaves fixed parities in every state.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        fails: "Streams are as distinct as keys are; but every state is the pool's four words hashed in \
                turn by multiplication, and bits 0 and 16 of words i and i + 4 have one and the same \
                parity for every seed. The Mersenne Twister is linear and carries 619 such parities \
                into the first words of each stream.",
        promises: &everywhere(PURE.without(&[Promise::Independent])),
        ..spec(
            "seed-sequence/mt19937",
            "numpy's `MT19937` for each child that `SeedSequence(root).spawn(tasks)` gives",
            "state = SeedSequence(root, spawn_key=(index,)).generate_state(624), first word 2^31",
        )
    },
    prepare: |root, _| {
        let parent = sequence(&root);
        per_task(move |site| parent.child(site.task.0.into()).mt19937())
    },
};
