//! The process id as the seed.

use super::{
    Claim, Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{broken_everywhere, everywhere, per_task, per_worker},
};
use crate::{generators::Mt19937, results::FindingKind, vocabulary::BackendKind};

/// Reseeded from the process id in every task.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        id: "pid/mt19937",
        scope: Scope::Task,
        summary: "every task reseeds with the process id",
        formula: "state = init_genrand(pid)",
        reads: &[Fact::Pid],
        fails: "All tasks of a process draw the same numbers; on threads that is the whole program, \
                in containers every host, where the id is 1.",
        reference: "paralleldrive/cuid#98, cadence-workflow/cadence#1135 (ids equal in containers); \
                    DataDog/dd-trace-js#8895",
        promises: &everywhere(Promises::NONE),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(Flaw {
            breaks: "tasks of one process share a stream",
            from_streams: 64,
            from_words: 8,
            caught_by: &[FindingKind::EqualStreams],
        }),
    },
    prepare: |_, _| per_task(|site| Mt19937::from_seed(site.pid)),
};

/// Seeded from the process id once in every worker.
pub static ONCE_MT19937: Entry = Entry {
    spec: &Spec {
        id: "pid-once/mt19937",
        scope: Scope::Worker,
        summary: "every worker seeds once with its process id, and its tasks draw on",
        formula: "state = init_genrand(pid), once in every worker",
        reads: &[Fact::Pid, Fact::SharedState],
        fails: "Threads share a process id and so a stream; containers all have 1; on one host ids \
                are reused, and neighbouring runs get neighbouring seeds.",
        reference: "paralleldrive/cuid#98; triton-lang/triton#3544 (pid equal in containers)",
        promises: &[
            (BackendKind::Threads, Promises::NONE),
            (
                BackendKind::Fork,
                Promises::of(&[Promise::Distinct, Promise::ForkSafe, Promise::Independent]),
            ),
            (BackendKind::Sites, Promises::NONE),
        ],
        seed_space: SeedSpace::Deterministic,
        claims: &[
            (BackendKind::Threads, Claim::Broken(ONE_PID)),
            (BackendKind::Sites, Claim::Broken(ONE_PID)),
        ],
    },
    prepare: |_, _| per_worker(|site| Mt19937::from_seed(site.pid)),
};

const ONE_PID: Flaw = Flaw {
    breaks: "workers with one process id draw one sequence",
    from_streams: 64,
    from_words: 8,
    caught_by: &[FindingKind::EqualStreams, FindingKind::ShiftedOverlap],
};
