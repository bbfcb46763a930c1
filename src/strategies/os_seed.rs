//! A fast generator in every task, seeded with 256 bits of the operating system.

use std::num::NonZeroU32;

use super::{
    Entry, Fact, Promises, Scope, SeedSpace, Spec,
    entry::{Prepared, SYSTEM, everywhere, per_task_boxed},
};
use crate::{
    core::{BackendKind, Root},
    generators::{self, fill_from_system},
};

const ALL_PROMISES: &[(BackendKind, Promises)] = &everywhere(SYSTEM);

const fn spec(id: &'static str, summary: &'static str) -> Spec {
    Spec {
        id,
        scope: Scope::Task,
        summary,
        formula: "state = getrandom(32 bytes)",
        reads: &[Fact::OsEntropy],
        fails: "Sound, for one system call in every task; but no run can be repeated.",
        reference: "rand, `SeedableRng::try_from_rng(&mut SysRng)`; numpy, `default_rng()`",
        promises: ALL_PROMISES,
        seed_space: SeedSpace::Random { bits: 256.0 },
        claims: &[],
    }
}

fn seeded(generator: &str) -> Prepared {
    let spec = generators::find(generator).expect("the generator is in the table");
    per_task_boxed(move |_| {
        let mut key = [0; 32];
        fill_from_system(&mut key);
        (spec.from_key)(&key)
    })
}

/// rand's `StdRng`, seeded in every task.
pub static CHACHA12: Entry = Entry {
    spec: &spec(
        "os-seed/chacha12",
        "ChaCha12 keyed by the operating system in every task",
    ),
    prepare: |_root: Root, _tasks: NonZeroU32| seeded("chacha12"),
};

/// rand's `SmallRng`, seeded in every task.
pub static XOSHIRO256PP: Entry = Entry {
    spec: &spec(
        "os-seed/xoshiro256pp",
        "xoshiro256++ seeded by the operating system in every task",
    ),
    prepare: |_root: Root, _tasks: NonZeroU32| seeded("xoshiro256pp"),
};

/// numpy's `default_rng()`, but for the hash.
pub static PCG64: Entry = Entry {
    spec: &spec(
        "os-seed/pcg64",
        "PCG64 seeded by the operating system in every task",
    ),
    prepare: |_root: Root, _tasks: NonZeroU32| seeded("pcg64"),
};
