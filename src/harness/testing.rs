//! Small strategies for the tests of the harness: one for each way in which state is held.

use std::{
    num::NonZeroU32,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use super::{Assignment, CellPlan, Job};
use crate::{
    generators::BitStream,
    strategies::{
        Fact, PerTask, Scope, SeedSpace, Seeder, SeedingStrategy, Spec, Unsupported, Worker,
    },
    vocabulary::{Root, RootSeed, RunGroup, RunId, Site},
};

/// A strategy made of a spec and a function that prepares it.
pub(crate) struct Toy {
    spec: Spec,
    prepare: fn(Root) -> Box<dyn Seeder>,
}

impl SeedingStrategy for Toy {
    fn spec(&self) -> &'static Spec {
        // Toys are statics; the trait asks for a spec that lives as long.
        [&KEYED, &LOCKED, &SELF_SEEDED, &PANICS, &SLOW]
            .into_iter()
            .find(|toy| toy.spec.id == self.spec.id)
            .map(|toy| &toy.spec)
            .expect("every toy is listed")
    }

    fn prepare(&self, root: Root, _tasks: NonZeroU32) -> Result<Box<dyn Seeder>, Unsupported> {
        Ok((self.prepare)(root))
    }
}

const fn spec(id: &'static str, scope: Scope, reads: &'static [Fact]) -> Spec {
    Spec {
        id,
        scope,
        summary: "a toy",
        formula: "",
        reads,
        fails: "",
        reference: "",
        promises: &[],
        seed_space: SeedSpace::Deterministic,
        claims: &[],
    }
}

/// Words are a function of root, task and position.
pub(crate) static KEYED: Toy = Toy {
    spec: spec("keyed/toy", Scope::Task, &[Fact::Root, Fact::TaskIndex]),
    prepare: |root| {
        let key = root.seed().low_u64();
        Box::new(PerTask(move |site: &Site| {
            Box::new(Counter(key << 48 | u64::from(site.task.0) << 24)) as Box<dyn BitStream>
        }))
    },
};

/// One counter for the whole program, behind a lock.
pub(crate) static LOCKED: Toy = Toy {
    spec: spec("locked/toy", Scope::Run, &[Fact::Root, Fact::SharedState]),
    prepare: |root| Box::new(Locked(Mutex::new(Counter(root.seed().low_u64())))),
};

/// Entropy drawn once, while the strategy is prepared; every task draws it again.
pub(crate) static SELF_SEEDED: Toy = Toy {
    spec: spec("self-seeded/toy", Scope::Run, &[Fact::OsEntropy]),
    prepare: |_| {
        let drawn = getrandom::u64().expect("the system has entropy");
        Box::new(PerTask(move |_: &Site| {
            Box::new(Counter(drawn)) as Box<dyn BitStream>
        }))
    },
};

/// Panics in task 5.
pub(crate) static PANICS: Toy = Toy {
    spec: spec("panics/toy", Scope::Task, &[]),
    prepare: |_| {
        Box::new(PerTask(|site: &Site| {
            assert!(site.task.0 != 5, "on purpose");
            Box::new(Counter(0)) as Box<dyn BitStream>
        }))
    },
};

/// Sleeps at every block.
pub(crate) static SLOW: Toy = Toy {
    spec: spec("slow/toy", Scope::Task, &[]),
    prepare: |_| {
        struct Slow;
        impl BitStream for Slow {
            fn fill(&mut self, block: &mut [u64]) {
                std::thread::sleep(Duration::from_micros(100));
                block.fill(1);
            }
        }
        Box::new(PerTask(|_: &Site| Box::new(Slow) as Box<dyn BitStream>))
    },
};

struct Counter(u64);

impl BitStream for Counter {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = self.0;
            self.0 += 1;
        }
    }
}

struct Locked(Mutex<Counter>);

impl Locked {
    fn lock(&self) -> MutexGuard<'_, Counter> {
        self.0.lock().expect("no toy panics under its lock")
    }
}

impl Seeder for Locked {
    fn enter(&self, _site: &Site) -> Box<dyn Worker + '_> {
        Box::new(LockedWorker(self))
    }
}

struct LockedWorker<'a>(&'a Locked);

impl Worker for LockedWorker<'_> {
    fn open(&mut self, _site: &Site) -> Box<dyn BitStream + '_> {
        Box::new(LockedStream(self.0))
    }
}

struct LockedStream<'a>(&'a Locked);

impl BitStream for LockedStream<'_> {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            self.0.lock().fill(std::slice::from_mut(word));
        }
    }
}

fn number(value: u32) -> NonZeroU32 {
    NonZeroU32::new(value).expect("tests ask for positive numbers")
}

/// A replayed job of these sizes.
pub(crate) fn job(strategy: &dyn SeedingStrategy, workers: u32, tasks: u32, words: u32) -> Job<'_> {
    Job {
        strategy,
        run: RunId(0),
        group: RunGroup::Replay,
        root: Root::Given(RootSeed::from_u64(3)),
        workers: number(workers),
        first_ordinal: 1,
        tasks: number(tasks),
        chunk: None,
        assignment: Assignment::Static,
        words: number(words),
        timeout: Duration::from_secs(60),
    }
}

/// A plan of these sizes with two fresh runs and a replay group.
pub(crate) fn plan(workers: u32, tasks: u32, words: u32) -> CellPlan {
    CellPlan {
        workers: number(workers),
        first_ordinal: 1,
        tasks: number(tasks),
        words: number(words),
        chunk: None,
        assignment: Assignment::Static,
        fresh_runs: 2,
        replay: Some(RootSeed::from_u64(42)),
        rooted: Vec::new(),
        timeout: Duration::from_secs(60),
    }
}
