//! What `rand::rng()` does: one generator for each thread, seeded by the operating system.

use rand::Rng;

use super::{
    Claim, Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{SYSTEM, per_task},
};
use crate::{generators::BitStream, results::FindingKind, vocabulary::BackendKind};

/// `rand::rng()` in every task, in a program that has used it before it starts its workers.
pub static CHACHA12: Entry = Entry {
    spec: &Spec {
        id: "thread-rng/chacha12",
        scope: Scope::Worker,
        summary: "rand's `rng()`: a generator for each thread, reseeded every 64 KiB",
        formula: "state = ChaCha12(getrandom(32 bytes)), once in every thread and every 64 KiB",
        reads: &[Fact::OsEntropy, Fact::SharedState],
        fails: "Sound on threads. A process that has drawn once before it forks hands its state to \
                every child, and all draw the same numbers until 64 KiB are used up.",
        reference: "rust-random/rand#1362; rand 0.10 documentation of `ThreadRng`, \"not \
                    automatically reseeded on process fork\"; firecracker-microvm/firecracker#2546, \
                    vm0-ai/vm0#8212 (machines resumed from one snapshot)",
        promises: &[
            (BackendKind::Threads, SYSTEM),
            (
                BackendKind::Fork,
                Promises::of(&[Promise::Fresh, Promise::HostSafe]),
            ),
            (BackendKind::Sites, SYSTEM),
        ],
        seed_space: SeedSpace::Random { bits: 256.0 },
        claims: &[(
            BackendKind::Fork,
            Claim::Broken(Flaw {
                breaks: "forked children inherit the parent's thread generator until it reseeds",
                from_streams: 16,
                from_words: 8,
                caught_by: &[
                    FindingKind::EqualStreams,
                    FindingKind::ShiftedOverlap,
                    FindingKind::RepeatedWords,
                ],
            }),
        )],
    },
    prepare: |_, _| {
        // The parent has used its generator: the ordinary state of a program that forks.
        rand::rng().next_u64();
        per_task(|_| CurrentThread)
    },
};

/// `ThreadRng` cannot leave its thread, so it is looked up where it is drawn.
struct CurrentThread;

impl BitStream for CurrentThread {
    fn fill(&mut self, block: &mut [u64]) {
        let mut rng = rand::rng();
        for word in block {
            *word = rng.next_u64();
        }
    }
}
