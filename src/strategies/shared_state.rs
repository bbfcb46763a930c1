//! One generator for the whole program.

use std::{num::NonZeroU32, sync::Mutex};

use super::{
    Claim, Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Seeder, Spec, Worker,
    entry::{Prepared, flaw},
};
use crate::{
    generators::{BitStream, Mt19937},
    results::FindingKind,
    vocabulary::{BackendKind, Root, Site},
};

macro_rules! today {
    () => {
        "Of numpy in Python: unsound where workers are forked after the global generator was made, on \
         Linux by default up to Python 3.13 and later wherever `fork` is asked for; numpy up to 2.3 makes \
         it on import, 2.4 and later when `numpy.random` is first used. Not unsound where workers make \
         their own: with Python 3.14's default on Linux (forkserver), with spawn (macOS, Windows), or \
         where only the workers use `numpy.random`."
    };
}

/// When the global generator of numpy is inherited by workers, by versions.
pub const TODAY: &str = today!();

/// numpy's global `np.random.random()`: locked once for each draw on threads, inherited by every
/// forked worker.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        id: "shared-state/mt19937",
        scope: Scope::Run,
        summary: "one generator for the whole program, behind a lock that is taken for every draw",
        formula: "state = init_by_array(root), drawn by all tasks of a process",
        reads: &[Fact::Root, Fact::SharedState, Fact::OsEntropy],
        fails: concat!(
            "Forked workers inherit the state and all draw the same numbers, and so do machines \
             that are given the same seed. On threads it is correct, but slow under contention, \
             and no run can be repeated. ",
            today!()
        ),
        reference: "numpy/numpy#9650 (open since 2017)",
        promises: &[
            (
                BackendKind::Threads,
                Promises::of(&[Promise::Distinct, Promise::Fresh, Promise::Independent]),
            ),
            (BackendKind::Fork, Promises::of(&[Promise::Fresh])),
            (BackendKind::Sites, Promises::of(&[Promise::Fresh])),
        ],
        seed_space: SeedSpace::Random { bits: 256.0 },
        claims: &[
            (BackendKind::Fork, Claim::Broken(INHERITED)),
            (BackendKind::Sites, Claim::Broken(INHERITED)),
        ],
    },
    prepare,
};

/// The same generator, locked once for each block.
pub static BLOCK_MT19937: Entry = Entry {
    spec: &Spec {
        id: "shared-state-block/mt19937",
        scope: Scope::Run,
        summary: "one generator for the whole program, behind a lock that is taken for every block",
        formula: "state = init_by_array(root), drawn in blocks by all tasks of a process",
        reads: &[Fact::Root, Fact::SharedState, Fact::OsEntropy],
        fails: "As `shared-state/mt19937`: forked workers inherit the state. Only the cost of the lock \
                is gone.",
        reference: "numpy/numpy#9650; numpy's own generators take their lock once for an array",
        promises: MT19937.spec.promises,
        seed_space: SeedSpace::Random { bits: 256.0 },
        claims: MT19937.spec.claims,
    },
    prepare: |root, _| {
        let state = Mt19937::from_array(&root.seed().words32());
        Ok(Box::new(SharedBlocks(Mutex::new(state))))
    },
};

const INHERITED: Flaw = flaw(
    "every process draws the one sequence that it inherited",
    16,
    8,
    &[FindingKind::EqualStreams, FindingKind::ShiftedOverlap],
);

fn prepare(root: Root, _tasks: NonZeroU32) -> Prepared {
    let seed = root.seed().words32();
    Ok(Box::new(SharedState(Mutex::new(
        rand_mt::Mt::new_with_key(seed),
    ))))
}

/// One Mersenne Twister that all tasks of a process draw from.
pub(super) struct SharedState(pub(super) Mutex<rand_mt::Mt>);

impl Seeder for SharedState {
    fn enter(&self, _site: &Site) -> Box<dyn Worker + '_> {
        Box::new(Sharing(&self.0))
    }
}

struct Sharing<'a>(&'a Mutex<rand_mt::Mt>);

impl Worker for Sharing<'_> {
    fn open(&mut self, _site: &Site) -> Box<dyn BitStream + '_> {
        Box::new(Locked(self.0))
    }
}

struct Locked<'a>(&'a Mutex<rand_mt::Mt>);

impl BitStream for Locked<'_> {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            // A generator is valid after any panic: poisoning says nothing about it.
            let mut state = self.0.lock().unwrap_or_else(|poison| poison.into_inner());
            *word = state.next_u64();
        }
    }
}

struct SharedBlocks(Mutex<Mt19937>);

impl Seeder for SharedBlocks {
    fn enter(&self, _site: &Site) -> Box<dyn Worker + '_> {
        Box::new(SharingBlocks(&self.0))
    }
}

#[derive(Clone, Copy)]
struct SharingBlocks<'a>(&'a Mutex<Mt19937>);

impl Worker for SharingBlocks<'_> {
    fn open(&mut self, _site: &Site) -> Box<dyn BitStream + '_> {
        Box::new(*self)
    }
}

impl BitStream for SharingBlocks<'_> {
    fn fill(&mut self, block: &mut [u64]) {
        let mut state = self.0.lock().unwrap_or_else(|poison| poison.into_inner());
        state.fill(block);
    }
}
