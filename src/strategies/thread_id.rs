//! A hash of the thread id as the seed.

use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    Entry, Fact, Promises, Scope, SeedSpace, Spec,
    entry::{broken_everywhere, everywhere, flaw, per_task},
};
use crate::{
    generators::{FromRng, mix64},
    results::FindingKind,
};

/// `std::hash<std::thread::id>` in every task.
pub static XOSHIRO256PP: Entry = Entry {
    spec: &Spec {
        id: "thread-id-hash/xoshiro256pp",
        scope: Scope::Task,
        summary: "every task seeds with a hash of its thread's id",
        formula: "seed = mix64(thread id)",
        reads: &[Fact::Tid],
        fails: "All tasks of a thread draw the same numbers: with more tasks than threads every stream \
                is drawn many times. Thread ids come again in the next run.",
        reference: "the C++ idiom `hash<thread::id>{}(this_thread::get_id())`; compare \
                    orlp/foldhash#12 (one seed sequence for every thread)",
        promises: &everywhere(Promises::NONE),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "tasks of one thread share a stream",
            64,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |_, _| per_task(|site| FromRng(Xoshiro256PlusPlus::seed_from_u64(mix64(site.tid)))),
};
