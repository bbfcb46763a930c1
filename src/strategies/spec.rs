//! What a strategy says of itself: the data behind `list`, `explain` and every report row.

use serde::{Serialize, Serializer};

use crate::{results::FindingKind, vocabulary::BackendKind};

/// How often the rule is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Once, before any worker starts.
    Run,
    /// Once in every worker.
    Worker,
    /// Once in every task.
    Task,
    /// At every draw.
    Draw,
}

/// An ambient fact that a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// The run's root seed.
    Root,
    /// Entropy of the operating system, at the place named by the scope.
    OsEntropy,
    /// The task's index in the run.
    TaskIndex,
    /// The worker's index or ordinal.
    WorkerIndex,
    /// How many tasks the worker has executed.
    TaskOrdinal,
    /// The process id.
    Pid,
    /// The thread id.
    Tid,
    /// The host.
    Host,
    /// A clock.
    Clock,
    /// The epoch.
    Epoch,
    /// State shared with or inherited from other workers.
    SharedState,
    /// So many bits of the run's root seed, the lowest ones.
    #[serde(untagged)]
    RootLow(#[serde(serialize_with = "root_low")] u32),
}

/// `root-low-32`, a word as the other facts are.
fn root_low<S: Serializer>(bits: &u32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("root-low-{bits}"))
}

/// A property a strategy may promise; the report is a matrix *promised × measured*.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Promise {
    /// No two tasks of a run share or overlap.
    Distinct,
    /// Runs differ when no root is given.
    Fresh,
    /// The same root gives the same words.
    Replayable,
    /// The same words on 1, 2 or 64 workers, in any order.
    ScheduleFree,
    /// Workers forked from one parent draw different words.
    ForkSafe,
    /// Holds when pid 1 and the same start second occur on every host.
    HostSafe,
    /// No statistical relation between streams was found.
    Independent,
}

impl Promise {
    /// Every promise, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::Distinct,
        Self::Fresh,
        Self::Replayable,
        Self::ScheduleFree,
        Self::ForkSafe,
        Self::HostSafe,
        Self::Independent,
    ];

    /// The stable name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Distinct => "distinct",
            Self::Fresh => "fresh",
            Self::Replayable => "replayable",
            Self::ScheduleFree => "schedule-free",
            Self::ForkSafe => "fork-safe",
            Self::HostSafe => "host-safe",
            Self::Independent => "independent",
        }
    }
}

/// A set of promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Promises(u8);

impl Promises {
    /// No promise at all.
    pub const NONE: Self = Self(0);
    /// Every promise.
    pub const ALL: Self = Self(0x7f);

    /// The set of these promises.
    pub const fn of(promises: &[Promise]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < promises.len() {
            bits |= 1 << promises[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// The set without these promises.
    pub const fn without(self, promises: &[Promise]) -> Self {
        Self(self.0 & !Self::of(promises).0)
    }

    /// Whether the promise is in the set.
    pub const fn contains(self, promise: Promise) -> bool {
        self.0 & (1 << promise as u8) != 0
    }

    /// The promises of the set, in the order of reports.
    pub fn iter(self) -> impl Iterator<Item = Promise> {
        Promise::ALL.into_iter().filter(move |&p| self.contains(p))
    }
}

/// How many different streams the rule can start, as it declares.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SeedSpace {
    /// Every stream start is an independent uniform draw of this many bits.
    Random {
        /// Bits of entropy in one draw.
        bits: f64,
    },
    /// Streams of one root are distinct by construction; the root carries this many bits.
    Counter {
        /// Bits of the root.
        root_bits: f64,
        /// Bits of the index that tells streams apart.
        index_bits: f64,
    },
    /// No entropy: the stream is a fixed function of ambient facts.
    Deterministic,
}

/// What is known to be wrong with a strategy on a backend.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Flaw {
    /// What breaks it, in a sentence.
    pub breaks: &'static str,
    /// From how many streams of one run group its chance to escape detection is at most 1e-9.
    /// Below that size the row is *not decidable*.
    pub from_streams: u32,
    /// From how many words a stream.
    pub from_words: u32,
    /// Finding ids of which at least one must convict it from that size on.
    pub caught_by: &'static [FindingKind],
}

/// Whether the strategy claims to be sound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "claim", rename_all = "kebab-case")]
pub enum Claim {
    /// No test must refute it.
    Sound,
    /// Known to be broken: the named findings must convict it from the named size on.
    Broken(Flaw),
    /// Sound seeding of a generator that fails by itself: findings must be attributed to the generator.
    WeakGenerator(Flaw),
}

/// Everything a strategy says of itself.
#[derive(Debug)]
pub struct Spec {
    /// `rule/generator`: chosen once, never changed.
    pub id: &'static str,
    /// How often the rule is applied.
    pub scope: Scope,
    /// What it is, in one sentence.
    pub summary: &'static str,
    /// The rule as a formula.
    pub formula: &'static str,
    /// What it reads.
    pub reads: &'static [Fact],
    /// How it fails, in words for a practitioner.
    pub fails: &'static str,
    /// Author, year, title, or the public thread.
    pub reference: &'static str,
    /// What it promises, by backend; a backend that is not listed gets the promises of the first entry.
    pub promises: &'static [(BackendKind, Promises)],
    /// How many different streams it can start.
    pub seed_space: SeedSpace,
    /// What it claims, by backend; a backend that is not listed is claimed sound.
    pub claims: &'static [(BackendKind, Claim)],
}

impl Spec {
    /// The same rule, reading something else.
    pub(super) const fn reading(self, reads: &'static [Fact]) -> Self {
        Self { reads, ..self }
    }

    /// The same rule with other promises, by backend.
    pub(super) const fn promising(self, promises: &'static [(BackendKind, Promises)]) -> Self {
        Self { promises, ..self }
    }

    /// The rule half of the id.
    pub fn rule(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(rule, _)| rule)
    }

    /// The generator half of the id.
    pub fn generator(&self) -> &'static str {
        self.id
            .split_once('/')
            .map_or("", |(_, generator)| generator)
    }

    /// How many bits of the run's root it reads, the lowest ones; `None` where it reads none.
    pub fn root_bits(&self) -> Option<u32> {
        self.reads.iter().find_map(|fact| match fact {
            Fact::Root => Some(256),
            Fact::RootLow(bits) => Some(*bits),
            _ => None,
        })
    }

    /// What it promises on a backend.
    pub fn promises_on(&self, backend: BackendKind) -> Promises {
        self.promises
            .iter()
            .find(|(kind, _)| *kind == backend)
            .or(self.promises.first())
            .map_or(Promises::NONE, |(_, promises)| *promises)
    }
}
