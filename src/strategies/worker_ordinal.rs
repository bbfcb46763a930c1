//! The ordinal that a process pool gives its workers, used as the seed.

use super::{
    Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{broken_everywhere, everywhere, per_task, per_worker},
};
use crate::{generators::Mt19937, results::FindingKind, vocabulary::BackendKind};

/// Reseeded from the ordinal in every task: a worker's tasks all draw the same numbers.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        id: "worker-ordinal/mt19937",
        scope: Scope::Task,
        summary: "every task reseeds with the ordinal of its worker (`_identity[0]`)",
        formula: "state = init_genrand(worker ordinal)",
        reads: &[Fact::WorkerIndex],
        fails: "All tasks of a worker draw the same numbers, and ordinals start again at 1 in the \
                next run, which repeats the last one.",
        reference: "Python multiprocessing, `Process._identity`; \
                    compare pytorch/pytorch#5059",
        promises: &everywhere(Promises::NONE),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(Flaw {
            breaks: "tasks of one worker share a stream, and so do workers of different runs",
            from_streams: 16,
            from_words: 8,
            caught_by: &[
                FindingKind::EqualStreams,
                FindingKind::CrossRunSharing,
                FindingKind::NotFresh,
            ],
        }),
    },
    prepare: |_, _| per_task(|site| Mt19937::from_seed(site.worker_ordinal)),
};

/// Seeded from the ordinal once in every worker: distinct within a run, the same in every run.
pub static ONCE_MT19937: Entry = Entry {
    spec: &Spec {
        id: "worker-ordinal-once/mt19937",
        scope: Scope::Worker,
        summary: "every worker seeds once with its ordinal, and its tasks draw on",
        formula: "state = init_genrand(worker ordinal), once in every worker",
        reads: &[Fact::WorkerIndex, Fact::SharedState],
        fails: "Ordinals start again at 1 in the next run: every run draws the same numbers, only \
                dealt out to other tasks.",
        reference: "Python multiprocessing, `Pool(initializer=np.random.seed)` on the ordinal; \
                    stan-dev/stan#3402 (chain index restarts in every process)",
        promises: &[
            (BackendKind::Threads, IN_ONE_POOL),
            (BackendKind::Fork, IN_ONE_POOL),
            (BackendKind::Sites, Promises::NONE),
        ],
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(Flaw {
            breaks: "worker k of every run and of every pool draws the same sequence",
            from_streams: 16,
            from_words: 8,
            caught_by: &[
                FindingKind::NotFresh,
                FindingKind::CrossRunSharing,
                FindingKind::RunsRepeat,
                FindingKind::EqualStreams,
                FindingKind::ShiftedOverlap,
            ],
        }),
    },
    prepare: |_, _| per_worker(|site| Mt19937::from_seed(site.worker_ordinal)),
};

const IN_ONE_POOL: Promises =
    Promises::of(&[Promise::Distinct, Promise::ForkSafe, Promise::Independent]);
