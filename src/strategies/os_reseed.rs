//! A local generator in every task, its whole state seeded by the operating system.

use std::num::NonZeroU32;

use super::{
    Entry, Fact, Scope, SeedSpace, Spec,
    entry::{Prepared, SYSTEM, everywhere, per_task},
};
use crate::{
    core::Root,
    generators::{Mt19937, fill_from_system},
};

/// `RandomState()` in every task: as many bytes from the operating system as the state holds.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        id: "os-reseed/mt19937",
        scope: Scope::Task,
        summary: "every task seeds a local generator with 624 words of the operating system",
        formula: "state = init_by_array(getrandom(2,496 bytes))",
        reads: &[Fact::OsEntropy],
        fails: "Sound, but seeding costs microseconds in every task and no run can be repeated.",
        reference: "mt19937ar.c, `init_by_array`; what Python's `random.Random()` does",
        promises: &everywhere(SYSTEM),
        seed_space: SeedSpace::Random { bits: 19_937.0 },
        claims: &[],
    },
    prepare: |_root: Root, _tasks: NonZeroU32| -> Prepared {
        per_task(|_| {
            let mut bytes = [0; 4 * Mt19937::STATE_WORDS];
            fill_from_system(&mut bytes);
            let words: [u32; Mt19937::STATE_WORDS] =
                std::array::from_fn(|i| u32::from_le_bytes(bytes.as_chunks().0[i]));
            Mt19937::from_array(&words)
        })
    },
};
