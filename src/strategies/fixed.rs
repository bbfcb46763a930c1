//! One constant seed for every task.

use super::{
    Entry, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec,
    entry::{broken_everywhere, everywhere, per_task},
};
use crate::{generators::Mt19937, results::FindingKind};

/// The seed people write when they are asked for one.
const SEED: u32 = 42;

/// `np.random.seed(42)` at the top of the function that every task runs.
pub static MT19937: Entry = Entry {
    spec: &Spec {
        id: "fixed/mt19937",
        scope: Scope::Task,
        summary: "every task reseeds with one constant, or with the root if the user gave one",
        formula: "state = init_genrand(root if given, else 42)",
        reads: &[Fact::RootLow(32)],
        fails: "Every task draws the same numbers.",
        reference: "vllm-project/vllm#11953 and #17929 (seed 0 in every replica); \
                    huggingface/transformers#37932 (same seed on every rank)",
        promises: &everywhere(Promises::of(&[Promise::Replayable, Promise::ScheduleFree])),
        seed_space: SeedSpace::Deterministic,
        claims: &broken_everywhere(Flaw {
            breaks: "all tasks share one stream",
            from_streams: 2,
            from_words: 4,
            caught_by: &[FindingKind::EqualStreams],
        }),
    },
    prepare: |root, _| {
        let seed = root.given().map_or(SEED, |given| given.words32()[0]);
        per_task(move |_| Mt19937::from_seed(seed))
    },
};
