//! Sound states that a fork copies.

use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use super::{
    Claim, Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Seeder, Spec, Worker,
    entry::{SYSTEM, flaw},
    seed_sequence::sequence,
};
use crate::{
    generators::{BitStream, FromRng, SeedSequence, fill_from_system},
    results::FindingKind,
    vocabulary::{BackendKind, Site},
};

/// `sequence.spawn(1)` in the task instead of before it.
pub static SPAWN_AFTER_FORK: Entry = Entry {
    spec: &Spec {
        id: "spawn-after-fork/pcg64",
        scope: Scope::Task,
        summary: "tasks spawn their own child from a sequence that all share: the counter is inherited",
        formula: "state = SeedSequence(root, spawn_key=(n,)), n counted up by whoever spawns",
        reads: &[Fact::Root, Fact::SharedState],
        fails: "Forked workers count from the same number and spawn the same children. On threads an \
                atomic counter keeps children apart, but who gets which is up to the schedule; without \
                one it races.",
        reference: "numpy/numpy#32063 and pull request #32463 (4 threads, 2,000 children, 500 keys)",
        promises: &[
            (
                BackendKind::Threads,
                Promises::of(&[Promise::Distinct, Promise::Fresh, Promise::Independent]),
            ),
            (BackendKind::Fork, Promises::of(&[Promise::Fresh])),
            (BackendKind::Sites, Promises::of(&[Promise::Fresh])),
        ],
        seed_space: SeedSpace::Random { bits: 128.0 },
        claims: &[
            (BackendKind::Fork, Claim::Broken(SAME_CHILDREN)),
            (BackendKind::Sites, Claim::Broken(SAME_CHILDREN)),
        ],
    },
    prepare: |root, _| {
        Ok(Box::new(Spawning {
            parent: sequence(&root),
            spawned: AtomicU64::new(0),
        }))
    },
};

const SAME_CHILDREN: Flaw = flaw(
    "every process spawns the same children",
    64,
    4,
    &[FindingKind::EqualStreams],
);

struct Spawning {
    parent: SeedSequence,
    spawned: AtomicU64,
}

impl Seeder for Spawning {
    fn enter(&self, _site: &Site) -> Box<dyn Worker + '_> {
        Box::new(Spawner(self))
    }
}

struct Spawner<'a>(&'a Spawning);

impl Worker for Spawner<'_> {
    fn open(&mut self, _site: &Site) -> Box<dyn BitStream + '_> {
        let child = self.0.spawned.fetch_add(1, Ordering::Relaxed);
        Box::new(FromRng(self.0.parent.child(child).pcg64()))
    }
}

/// A buffer of the operating system's bytes, filled before the fork.
pub static BUFFER_BEFORE_FORK: Entry = Entry {
    spec: &Spec {
        id: "os-buffer-before-fork/getrandom",
        scope: Scope::Draw,
        summary: "the operating system's words through one 4 KiB buffer of the whole program",
        formula: "512 words = getrandom(4,096 bytes), fetched for whoever finds the buffer empty",
        reads: &[Fact::OsEntropy, Fact::SharedState],
        fails: "Sound on threads. Forked workers inherit what is left in the buffer and hand out the \
                same words until it is empty.",
        reference: "aminalaee/uuid-utils#42 (identifiers repeated under Celery's fork); \
                    openssl/openssl#12377; python/cpython#118241",
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
            Claim::Broken(flaw(
                "forked workers inherit a buffer of words",
                16,
                8,
                &[
                    FindingKind::EqualStreams,
                    FindingKind::ShiftedOverlap,
                    FindingKind::RepeatedWords,
                ],
            )),
        )],
    },
    prepare: |_, _| {
        let mut buffer = Buffer {
            bytes: [0; BUFFER_BYTES],
            next: 0,
        };
        fill_from_system(&mut buffer.bytes);
        Ok(Box::new(InheritedBuffer(Mutex::new(buffer))))
    },
};

const BUFFER_BYTES: usize = 4096;

struct Buffer {
    bytes: [u8; BUFFER_BYTES],
    next: usize,
}

struct InheritedBuffer(Mutex<Buffer>);

impl Seeder for InheritedBuffer {
    fn enter(&self, _site: &Site) -> Box<dyn Worker + '_> {
        Box::new(Drawing(&self.0))
    }
}

#[derive(Clone, Copy)]
struct Drawing<'a>(&'a Mutex<Buffer>);

impl Worker for Drawing<'_> {
    fn open(&mut self, _site: &Site) -> Box<dyn BitStream + '_> {
        Box::new(*self)
    }
}

impl BitStream for Drawing<'_> {
    fn fill(&mut self, block: &mut [u64]) {
        let mut buffer = self.0.lock().unwrap_or_else(|poison| poison.into_inner());
        for word in block {
            if buffer.next == BUFFER_BYTES {
                fill_from_system(&mut buffer.bytes);
                buffer.next = 0;
            }
            let at = buffer.next;
            *word = u64::from_le_bytes(buffer.bytes[at..at + 8].try_into().expect("8 bytes"));
            buffer.next = at + 8;
        }
    }
}
