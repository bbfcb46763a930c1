//! A local generator in every task, its whole state seeded by the operating system.
//!
//! Beside its own worth this rule is the control of others: what fails here too is the generator's.

use super::{
    Claim, Entry, Fact, Promises, Scope, SeedSpace, Spec,
    entry::{Prepared, SYSTEM, everywhere, flaw, per_task, per_task_boxed, weak_everywhere},
};
use crate::{
    generators::{self, Mt19937, fill_from_system},
    results::FindingKind,
    vocabulary::BackendKind,
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
    prepare: |_, _| {
        per_task(|_| {
            let mut bytes = [0; 4 * Mt19937::STATE_WORDS];
            fill_from_system(&mut bytes);
            let words: [u32; Mt19937::STATE_WORDS] =
                std::array::from_fn(|i| u32::from_le_bytes(bytes.as_chunks().0[i]));
            Mt19937::from_array(&words)
        })
    },
};

const ALL_PROMISES: &[(BackendKind, Promises)] = &everywhere(SYSTEM);

const fn spec(
    id: &'static str,
    summary: &'static str,
    fails: &'static str,
    bits: f64,
    claims: &'static [(BackendKind, Claim)],
) -> Spec {
    Spec {
        id,
        scope: Scope::Task,
        summary,
        formula: "state = getrandom(32 bytes)",
        reads: &[Fact::OsEntropy],
        fails,
        reference: "rand, `SeedableRng::try_from_rng(&mut SysRng)`; numpy, `default_rng()`",
        promises: ALL_PROMISES,
        seed_space: SeedSpace::Random { bits },
        claims,
    }
}

const FAILS: &str = "Sound, for one system call in every task; but no run can be repeated.";

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
        "os-reseed/chacha12",
        "ChaCha12 keyed by the operating system in every task",
        FAILS,
        256.0,
        &[],
    ),
    prepare: |_, _| seeded("chacha12"),
};

/// rand's `SmallRng`, seeded in every task.
pub static XOSHIRO256PP: Entry = Entry {
    spec: &spec(
        "os-reseed/xoshiro256pp",
        "xoshiro256++ seeded by the operating system in every task",
        FAILS,
        256.0,
        &[],
    ),
    prepare: |_, _| seeded("xoshiro256pp"),
};

/// numpy's `default_rng()`, but for the hash.
pub static PCG64: Entry = Entry {
    spec: &spec(
        "os-reseed/pcg64",
        "PCG64 seeded by the operating system in every task",
        FAILS,
        255.0,
        &[],
    ),
    prepare: |_, _| seeded("pcg64"),
};

/// A linear generator, soundly seeded.
pub static XORSHIFT128: Entry = Entry {
    spec: &spec(
        "os-reseed/xorshift128",
        "xorshift128 seeded by the operating system in every task",
        "The seeding is sound; the generator is linear, so that more than 128 of its streams are \
         linearly dependent however they are seeded.",
        128.0,
        &weak_everywhere(flaw(
            "130 streams are linearly dependent",
            256,
            16,
            &[FindingKind::LinearRelation],
        )),
    ),
    prepare: |_, _| seeded("xorshift128"),
};

/// A generator with a constant lowest bit, soundly seeded.
pub static MCG64: Entry = Entry {
    spec: &spec(
        "os-reseed/mcg64",
        "a multiplicative generator modulo 2^64 seeded by the operating system in every task",
        "The seeding is sound; the lowest bit of every word is 1.",
        63.0,
        &weak_everywhere(flaw(
            "the lowest bit is constant",
            16,
            256,
            &[FindingKind::NonuniformWords, FindingKind::SerialDependence],
        )),
    ),
    prepare: |_, _| seeded("mcg64"),
};
