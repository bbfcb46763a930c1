//! Random seeds of too few bits.

use super::{
    Claim, Entry, Fact, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{PURE, SYSTEM, broken_everywhere, everywhere, flaw, per_task},
};
use crate::{
    generators::{Mt19937, SpawnKey, fill_from_system},
    results::FindingKind,
    vocabulary::BackendKind,
};

const CAUGHT_BY: &[FindingKind] = &[
    FindingKind::EqualStreams,
    FindingKind::NarrowSeeds,
    FindingKind::CrossRunSharing,
];

/// The scales are those at which the chance that no two of so many uniform seeds are equal falls to
/// 1e-9: the product of 1 − i / seeds, exactly.
const fn few(breaks: &'static str, from_streams: u32) -> [(BackendKind, Claim); 3] {
    broken_everywhere(flaw(breaks, from_streams, 4, CAUGHT_BY))
}

const FROM_SYSTEM: &[(BackendKind, Promises)] = &everywhere(SYSTEM.without(&[
    Promise::Distinct,
    Promise::Fresh,
    // Workers share a stream by luck, on one machine or many.
    Promise::ForkSafe,
    Promise::HostSafe,
]));

fn system_bits(bits: u32) -> u32 {
    let mut bytes = [0; 4];
    fill_from_system(&mut bytes);
    u32::from_le_bytes(bytes) >> (32 - bits)
}

/// bash's `$RANDOM`, and `rand()` where `RAND_MAX` is 32,767.
pub static BITS_15: Entry = Entry {
    spec: &Spec {
        id: "os-seed-15-bit/mt19937",
        scope: Scope::Task,
        summary: "every task seeds with 15 random bits: `$RANDOM`, or `rand()` on Windows",
        formula: "state = init_genrand(15 bits of getrandom)",
        reads: &[Fact::OsEntropy],
        fails: "32,768 streams: among 213 tasks two share one with probability one half.",
        reference: "bash manual, `RANDOM`; Microsoft C runtime, `RAND_MAX` 32767",
        promises: FROM_SYSTEM,
        seed_space: SeedSpace::Random { bits: 15.0 },
        claims: &few("32,768 possible seeds", 1_159),
    },
    prepare: |_, _| per_task(|_| Mt19937::from_seed(system_bits(15))),
};

/// `np.random.seed(random.randint(0, 9999))`.
pub static BELOW_10000: Entry = Entry {
    spec: &Spec {
        id: "os-seed-below-10000/mt19937",
        scope: Scope::Task,
        summary: "every task seeds with a random number of four decimal digits",
        formula: "state = init_genrand(uniform integer below 10,000)",
        reads: &[Fact::OsEntropy],
        fails: "10,000 streams: among 119 tasks two share one with probability one half.",
        reference: "`seed=random.randint(0, 10000)` in tutorials; pytorch/pytorch#41329",
        promises: FROM_SYSTEM,
        seed_space: SeedSpace::Random {
            bits: 13.287_712_379_549_449,
        },
        claims: &few("10,000 possible seeds", 638),
    },
    prepare: |_, _| {
        per_task(|_| {
            let seed = loop {
                // 30,000 of the 32,768 values fall on every seed alike.
                let bits = system_bits(15);
                if bits < 30_000 {
                    break bits % 10_000;
                }
            };
            Mt19937::from_seed(seed)
        })
    },
};

/// `randint(2**31)` drawn from a sound master, one seed for each task.
pub static BITS_31: Entry = Entry {
    spec: &Spec {
        id: "seeds-31-bit/mt19937",
        scope: Scope::Task,
        summary: "a sound master draws a 31-bit seed for each task",
        formula: "state = init_genrand(31 bits of the spawn key of root and index)",
        reads: &[Fact::Root, Fact::TaskIndex],
        fails: "Two of 54,562 tasks share a stream with probability one half; dask met it at 50,000 \
                chunks.",
        reference: "dask/dask#719 (44 % at 50,000 chunks); aesara-devs/aesara#936, pymc-devs/pymc#5733 \
                    (30 bits)",
        promises: &everywhere(PURE.without(&[Promise::Distinct, Promise::Fresh])),
        seed_space: SeedSpace::Random { bits: 31.0 },
        claims: &few("2^31 possible seeds", 298_338),
    },
    prepare: |root, _| {
        let parent = SpawnKey::from_root(&root.seed());
        per_task(move |site| {
            let word = parent.child(site.task.0.into()).words()[0];
            Mt19937::from_seed(word as u32 >> 1)
        })
    },
};

/// `std::mt19937 generator(std::random_device{}())`.
pub static BITS_32: Entry = Entry {
    spec: &Spec {
        id: "os-seed-32-bit/mt19937",
        scope: Scope::Task,
        summary: "every task seeds with one 32-bit word: `std::mt19937 g(std::random_device{}())`",
        formula: "state = init_genrand(getrandom(4 bytes))",
        reads: &[Fact::OsEntropy],
        fails: "Two of 77,163 tasks share a stream with probability one half.",
        reference: "M. E. O'Neill, *C++ seeding surprises* (2015)",
        promises: FROM_SYSTEM,
        seed_space: SeedSpace::Random { bits: 32.0 },
        claims: &few("2^32 possible seeds", 421_914),
    },
    prepare: |_, _| per_task(|_| Mt19937::from_seed(system_bits(32))),
};
