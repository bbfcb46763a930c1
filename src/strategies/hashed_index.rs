//! A 64-bit hash of root and index as the seed.

use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    Entry, Fact, SeedSpace, Spec,
    entry::{of_index, per_task},
};
use crate::generators::{FromRng, GOLDEN_GAMMA, SplitMix64, mix64};

const fn spec(id: &'static str, summary: &'static str, fails: &'static str) -> Spec {
    Spec {
        reads: &[Fact::RootLow(64), Fact::TaskIndex],
        seed_space: SeedSpace::Counter {
            root_bits: 64.0,
            index_bits: 64.0,
        },
        ..of_index(
            id,
            summary,
            "seed = mix64(mix64(root) + (index + 1) · golden gamma), a bijection of the index",
            fails,
            "S. Vigna's recommendation to seed xoshiro from SplitMix64 (prng.di.unimi.it); rand, \
                    `SeedableRng::seed_from_u64`",
            &[],
        )
    }
}

fn seed_of(base: u64, index: u32) -> u64 {
    mix64(base.wrapping_add(GOLDEN_GAMMA.wrapping_mul(u64::from(index) + 1)))
}

/// `seed_from_u64(hash)` of xoshiro256++.
pub static XOSHIRO256PP: Entry = Entry {
    spec: &spec(
        "hashed-index/xoshiro256pp",
        "xoshiro256++ seeded from a 64-bit hash of root and index",
        "Distinct within a run; two runs share a stream with probability streams² · 2^-64.",
    ),
    prepare: |root, _| {
        let base = mix64(root.seed().low_u64());
        per_task(move |site| {
            FromRng(Xoshiro256PlusPlus::seed_from_u64(seed_of(
                base,
                site.task.0,
            )))
        })
    },
};

/// SplitMix64 started at the hash.
pub static SPLITMIX64: Entry = Entry {
    spec: &spec(
        "hashed-index/splitmix64",
        "SplitMix64 started at a 64-bit hash of root and index: random places of one sequence",
        "All streams are pieces of one sequence of 2^64 words: two of them overlap with probability \
         streams² · words · 2^-64.",
    ),
    prepare: |root, _| {
        let base = mix64(root.seed().low_u64());
        per_task(move |site| SplitMix64::new(seed_of(base, site.task.0)))
    },
};
