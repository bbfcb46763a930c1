//! A seed of one byte from the operating system.

use std::sync::Mutex;

use super::{
    Claim, Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{SYSTEM, broken_everywhere, everywhere, per_task},
    shared_state::SharedState,
};
use crate::{
    generators::{Mt19937, fill_from_system},
    results::FindingKind,
    vocabulary::BackendKind,
};

/// `RandomState(int.from_bytes(os.urandom(1)))` in every task.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        id: "os-reseed-1-byte/mt19937",
        scope: Scope::Task,
        summary: "every task seeds with one byte of the operating system",
        formula: "state = init_genrand(getrandom(1 byte))",
        reads: &[Fact::OsEntropy],
        fails: "There are 256 streams: among 20 tasks two share one with probability 53 %, and 100 \
                tasks are worth 72.",
        reference: "the snippet `RandomState(int.from_bytes(os.urandom(1), 'little'))`",
        promises: &everywhere(SYSTEM.without(&[
            Promise::Distinct,
            Promise::Fresh,
            Promise::ForkSafe,
            Promise::HostSafe,
        ])),
        seed_space: SeedSpace::Random { bits: 8.0 },
        claims: &broken_everywhere(Flaw {
            breaks: "256 possible seeds",
            from_streams: 97,
            from_words: 4,
            caught_by: &[
                FindingKind::EqualStreams,
                FindingKind::NarrowSeeds,
                FindingKind::CrossRunSharing,
            ],
        }),
    },
    prepare: |_, _| per_task(|_| Mt19937::from_seed(one_byte())),
};

/// The same snippet at module level: executed once, before the workers are forked.
pub static BEFORE_FORK: Entry = Entry {
    spec: &Spec {
        id: "os-reseed-1-byte-before-fork/mt19937",
        scope: Scope::Run,
        summary: "one generator for the program, seeded once with one byte of the operating system",
        formula: "state = init_genrand(getrandom(1 byte)), once, before the workers start",
        reads: &[Fact::OsEntropy, Fact::SharedState],
        fails: "Forked workers inherit the state and all draw the same numbers; and there are only \
                256 possible runs.",
        reference: "numpy/numpy#9650, with a one-byte seed",
        promises: &[
            // Two runs of one byte walk one sequence, each dealt out in an order of its own.
            (BackendKind::Threads, Promises::of(&[Promise::Distinct])),
            (BackendKind::Fork, Promises::NONE),
            (BackendKind::Sites, Promises::NONE),
        ],
        seed_space: SeedSpace::Random { bits: 8.0 },
        claims: &[
            (BackendKind::Threads, Claim::Broken(FEW_RUNS)),
            (
                BackendKind::Fork,
                Claim::Broken(Flaw {
                    breaks: "every forked worker draws the one sequence that it inherited",
                    from_streams: 16,
                    from_words: 8,
                    caught_by: &[FindingKind::EqualStreams, FindingKind::ShiftedOverlap],
                }),
            ),
            (
                BackendKind::Sites,
                Claim::Broken(Flaw {
                    breaks: "256 possible seeds for all machines together",
                    // Certain from 97 machines on, however many tasks they share.
                    from_streams: u32::MAX,
                    from_words: 4,
                    caught_by: &[
                        FindingKind::EqualStreams,
                        FindingKind::ShiftedOverlap,
                        FindingKind::CrossRunSharing,
                    ],
                }),
            ),
        ],
    },
    prepare: |_, _| {
        Ok(Box::new(SharedState(Mutex::new(rand_mt::Mt::new(
            one_byte(),
        )))))
    },
};

const FEW_RUNS: Flaw = Flaw {
    breaks: "256 possible starts of the program: certain to show from 97 of them on, however many tasks",
    from_streams: u32::MAX,
    from_words: 8,
    caught_by: &[
        FindingKind::CrossRunSharing,
        FindingKind::NotFresh,
        FindingKind::EqualStreams,
        FindingKind::ShiftedOverlap,
    ],
};

fn one_byte() -> u32 {
    let mut byte = [0];
    fill_from_system(&mut byte);
    u32::from(byte[0])
}
