//! One generator for the whole program.

use std::{num::NonZeroU32, sync::Mutex};

use super::{
    Claim, Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Seeder, Spec, Worker,
    entry::Prepared,
};
use crate::{
    core::{BackendKind, Root, Site},
    generators::BitStream,
};

/// numpy's global `np.random.random()`: locked once for each draw on threads, inherited by every
/// forked worker.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        id: "shared-state/mt19937",
        scope: Scope::Run,
        summary: "one generator for the whole program, behind a lock that is taken for every draw",
        formula: "state = init_by_array(root), drawn by all tasks of a process",
        reads: &[Fact::Root, Fact::SharedState, Fact::OsEntropy],
        fails: "Forked workers inherit the state and all draw the same numbers, and so do machines \
                that are given the same seed. On threads it is correct, but slow under contention, and no run can be repeated.",
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
            (
                BackendKind::Fork,
                Claim::Broken(Flaw {
                    breaks: "every forked worker draws the one sequence that it inherited",
                    from_streams: 16,
                    from_words: 8,
                    caught_by: &["equal-streams", "shifted-overlap"],
                }),
            ),
            (
                BackendKind::Sites,
                Claim::Broken(Flaw {
                    breaks: "machines that are given the same seed all draw the same sequence",
                    from_streams: 16,
                    from_words: 8,
                    caught_by: &["equal-streams", "shifted-overlap"],
                }),
            ),
        ],
    },
    prepare,
};

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
