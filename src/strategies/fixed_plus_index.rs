//! A base seed plus the task's index.

use super::{
    Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{broken_everywhere, everywhere, per_task},
};
use crate::{generators::Mt19937, results::FindingKind};

/// `RandomState(seed) for seed in range(n)`, and `root + rank` where the user gives a root.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        id: "fixed-plus-index/mt19937",
        scope: Scope::Task,
        summary: "task i seeds with root + i, where the root is 0 unless the user gives one",
        formula: "state = init_genrand((root if given, else 0) + index mod 2^32)",
        reads: &[Fact::RootLow(32), Fact::TaskIndex],
        fails: "Distinct within a run, but the same in every run that gives no root; and runs with \
                neighbouring roots share all streams but one.",
        reference: "numpy, *Parallel random number generation* (\"UNSAFE! Do not do this!\"); \
                    DLR-RM/stable-baselines3#2268, ALPSCore/ALPSCore#307",
        promises: &everywhere(Promises::of(&[
            Promise::Distinct,
            Promise::Replayable,
            Promise::ScheduleFree,
            Promise::ForkSafe,
            Promise::HostSafe,
            Promise::Independent,
        ])),
        seed_space: SeedSpace::Counter {
            root_bits: 32.0,
            index_bits: 32.0,
        },
        claims: &broken_everywhere(Flaw {
            breaks: "runs without a root repeat each other, runs with neighbouring roots overlap",
            from_streams: 4,
            from_words: 4,
            caught_by: &[
                FindingKind::CrossRunSharing,
                FindingKind::NotFresh,
                FindingKind::RunsRepeat,
            ],
        }),
    },
    prepare: |root, _| {
        let base = root.given().map_or(0, |given| given.words32()[0]);
        per_task(move |site| Mt19937::from_seed(base.wrapping_add(site.task.0)))
    },
};
