//! A generator that is copied where it should have been split.

use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    Entry, Fact, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{broken_everywhere, everywhere, expanded, flaw, per_task, per_worker},
};
use crate::{generators::FromRng, results::FindingKind};

/// `let mut rng = parent.clone()` in every task.
pub static PER_TASK: Entry = Entry {
    spec: &Spec {
        id: "clone-of-parent/xoshiro256pp",
        scope: Scope::Task,
        summary: "every task draws from a clone of the program's one generator",
        formula: "state = hash(root), copied into every task",
        reads: &[Fact::Root],
        fails: "Every clone draws the same numbers.",
        reference: "whisperfish/presage#292 and boxdot/gurk-rs#326 (cloned `StdRng`); The Rust Rand Book, \
                    *Parallel RNGs* (clones)",
        promises: &everywhere(Promises::of(&[
            Promise::Fresh,
            Promise::Replayable,
            Promise::ScheduleFree,
        ])),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "all tasks share one stream",
            2,
            4,
            &[FindingKind::EqualStreams],
        )),
    },
    prepare: |root, _| {
        let parent = Xoshiro256PlusPlus::from_seed(expanded(&root));
        per_task(move |_| FromRng(parent.clone()))
    },
};

/// A generator pickled into every worker, or a thread-local that starts from one constant.
pub static PER_WORKER: Entry = Entry {
    spec: &Spec {
        id: "clone-per-worker/xoshiro256pp",
        scope: Scope::Worker,
        summary: "every worker starts from a copy of the program's one generator, and draws on",
        formula: "state = hash(root), copied into every worker",
        reads: &[Fact::Root, Fact::SharedState],
        fails: "All workers walk one sequence: the k-th task of each draws what the k-th task of the \
                others draws.",
        reference: "dask/distributed#835 (state pickled with a bound method); joblib/joblib#36; \
                    orlp/foldhash#12 (one seed sequence for every thread)",
        promises: &everywhere(Promises::of(&[Promise::Fresh])),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(flaw(
            "all workers walk one sequence",
            64,
            8,
            &[FindingKind::EqualStreams, FindingKind::ShiftedOverlap],
        )),
    },
    prepare: |root, _| {
        let parent = Xoshiro256PlusPlus::from_seed(expanded(&root));
        per_worker(move |_| FromRng(parent.clone()))
    },
};
