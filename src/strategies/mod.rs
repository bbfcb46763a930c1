//! Seeding strategies: `rule/generator`, one file a rule, one line each in [`ALL`].
//!
//! # Adding a strategy
//!
//! 1. Write `src/strategies/my_rule.rs` with one [`Entry`] for each generator the rule seeds: its
//!    [`Spec`] says what the rule is, reads, promises, claims and how it fails; its `prepare` gives a
//!    [`Seeder`]. The helpers of `entry.rs` cover most rules: streams that are functions of their site
//!    (`per_task`), starts laid out before the run (`from_table`), one generator a worker
//!    (`per_worker`).
//! 2. Add `mod my_rule;` above and `&my_rule::GENERATOR` to [`ALL`].
//! 3. A generator that is not in [`generators::ALL`](crate::generators::ALL) needs a line there and a
//!    file of known answers, `tests/vectors/GENERATOR.txt`, with the program that wrote it.
//! 4. Run `cargo test --lib strategies` (what must hold of every strategy), write the page with
//!    `SEEDBENCH_BLESS=1 cargo test --lib catalogue`, and look at the row:
//!    `cargo run --release -- run --backend threads,fork,sites my-rule/generator`.
//!
//! A rule that is known to be broken declares a [`Flaw`]: what breaks it, from how many streams of one
//! run group and words a stream its chance to escape is at most 1e-9, and which findings must convict
//! it from there on. It promises only what it keeps: a promise that breaks makes its row *not as
//! declared*, just as a flaw that is not found does.
//!
//! Everything ambient comes from the [`Site`]: a rule never asks for the clock, a process id or a
//! thread id itself, so that it can be tested, modelled and replayed. Entropy of the operating system
//! is asked for where the rule says so in [`Spec::reads`].

mod clock;
mod clone;
mod counter;
mod entry;
mod fixed;
mod fixed_plus_index;
mod hashed_index;
mod inherited;
mod jump;
mod key_reuse;
mod narrow_seed;
mod near_seeds;
mod os_random;
mod os_reseed;
mod os_reseed_1_byte;
mod overlap;
mod pid;
mod related;
mod rng_streams;
mod seed_and_rank;
mod seed_seq;
mod seed_sequence;
mod shared_state;
mod spawn_key;
mod spec;
mod split;
mod stream_id;
mod table;
#[cfg(test)]
mod tests;
mod thread_id;
mod thread_rng;
mod worker_ordinal;

pub use crate::generators::BitStream;
pub use spec::{Claim, Fact, Flaw, Promise, Promises, Scope, SeedSpace, Spec};

// The inner face, for this crate's own binary, benches and tests: it may change at any time.
#[doc(hidden)]
pub use self::{entry::Entry, shared_state::TODAY as NUMPY_FORK_TODAY, table::catalogue_markdown};

use std::num::NonZeroU32;

use crate::vocabulary::{BackendKind, Root, Site};

/// A way to give every task of a parallel program its random numbers.
pub trait SeedingStrategy: Send + Sync {
    /// What the strategy is, reads, promises, and how it fails.
    fn spec(&self) -> &'static Spec;

    /// Serial work done once per run, before any worker starts, timed as set-up.
    ///
    /// # Errors
    /// When the plan makes no sense for this strategy, with the nearest thing that works.
    fn prepare(&self, root: Root, tasks: NonZeroU32) -> Result<Box<dyn Seeder>, Unsupported>;
}

/// A run's state: shared by threads, inherited by forked processes.
pub trait Seeder: Send + Sync {
    /// Called once by every worker, in the worker, before its first task.
    fn enter(&self, site: &Site) -> Box<dyn Worker + '_>;
}

/// A worker's state.
pub trait Worker {
    /// Opens the stream of the task at this site. Called by the worker itself, task after task.
    fn open(&mut self, site: &Site) -> Box<dyn BitStream + '_>;
}

/// A plan that makes no sense for a strategy or backend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; {instead}")]
pub struct Unsupported {
    /// Why it cannot be done.
    pub reason: String,
    /// The nearest thing that works.
    pub instead: String,
}

/// A seeder of task scope: every task's stream is a function of its site alone.
pub struct PerTask<F>(pub F);

impl<F> Seeder for PerTask<F>
where
    F: Fn(&Site) -> Box<dyn BitStream> + Send + Sync,
{
    fn enter(&self, _site: &Site) -> Box<dyn Worker + '_> {
        Box::new(PerTaskWorker(&self.0))
    }
}

struct PerTaskWorker<'a, F>(&'a F);

impl<F> Worker for PerTaskWorker<'_, F>
where
    F: Fn(&Site) -> Box<dyn BitStream>,
{
    fn open(&mut self, site: &Site) -> Box<dyn BitStream + '_> {
        (self.0)(site)
    }
}

/// Every strategy, in the order of reports.
pub const ALL: &[&dyn SeedingStrategy] = &[
    // What a note on Python's process pools tried, and what answers it.
    &shared_state::MT19937,
    &shared_state::BLOCK_MT19937,
    &worker_ordinal::MT19937,
    &worker_ordinal::ONCE_MT19937,
    &pid::MT19937,
    &pid::ONCE_MT19937,
    &fixed::MT19937,
    &fixed_plus_index::MT19937,
    &os_random::GETRANDOM,
    &os_random::BUFFERED,
    &os_reseed_1_byte::MT19937,
    &os_reseed_1_byte::BEFORE_FORK,
    &os_reseed::MT19937,
    &thread_rng::CHACHA12,
    &spawn_key::CHACHA20,
    &spawn_key::MT19937,
    // Sound seedings.
    &spawn_key::CHACHA8,
    &spawn_key::CHACHA12,
    &spawn_key::XOSHIRO256PP,
    &spawn_key::XOSHIRO256SS,
    &spawn_key::PCG64,
    &spawn_key::PCG64DXSM,
    &spawn_key::SFC64,
    &spawn_key::PHILOX4X32,
    &spawn_key::PHILOX4X64,
    &spawn_key::THREEFRY4X64,
    &spawn_key::LXM,
    &spawn_key::MRG32K3A,
    &spawn_key::MT19937_64,
    &spawn_key::SPLITMIX64,
    &seed_sequence::PCG64,
    &seed_sequence::PCG64DXSM,
    &seed_sequence::PHILOX4X64,
    &seed_sequence::SFC64,
    &seed_seq::MT19937_64,
    &jump::XOSHIRO256PP,
    &jump::XOSHIRO256SS,
    &jump::PCG64,
    &jump::PCG64DXSM,
    &rng_streams::MRG32K3A,
    &rng_streams::SUBSTREAM_MRG32K3A,
    &counter::HIGH_PHILOX4X32,
    &counter::HIGH_PHILOX4X64,
    &counter::HIGH_THREEFRY4X64,
    &counter::KEY_PHILOX4X64,
    &counter::KEY_THREEFRY4X64,
    &counter::FOLD_IN_THREEFRY4X64,
    &stream_id::CHACHA8,
    &stream_id::CHACHA12,
    &stream_id::CHACHA20,
    &split::LXM,
    &split::SPLITMIX64,
    &hashed_index::XOSHIRO256PP,
    &hashed_index::SPLITMIX64,
    &os_reseed::CHACHA12,
    &os_reseed::XOSHIRO256PP,
    &os_reseed::PCG64,
    // Sound seedings of generators that fail by themselves.
    &spawn_key::XORSHIFT128,
    &os_reseed::XORSHIFT128,
    &spawn_key::MCG64,
    &os_reseed::MCG64,
    &spawn_key::MINSTD,
    &spawn_key::DRAND48,
    &spawn_key::JAVA_RANDOM,
    &spawn_key::GLIBC_RANDOM,
    &spawn_key::MWC,
    // Ambient facts as seeds.
    &clock::SECONDS,
    &clock::MILLIS,
    &clock::NANOS,
    &clock::PLUS_PID,
    &clock::PLUS_PID_ONCE,
    &thread_id::XOSHIRO256PP,
    // Too few seeds.
    &narrow_seed::BELOW_10000,
    &narrow_seed::BITS_15,
    &narrow_seed::BITS_31,
    &narrow_seed::BITS_32,
    // Different tasks, one seed.
    &seed_and_rank::XOR,
    &seed_and_rank::RANK_PLUS_WORKER,
    &seed_and_rank::OVERFLOW,
    &seed_and_rank::NARROWED,
    &seed_and_rank::EPOCH,
    &seed_and_rank::WORKER_LOCAL,
    &seed_and_rank::SIGNED,
    &key_reuse::DEFAULT_SEED,
    &key_reuse::TWO_LIBRARIES,
    &key_reuse::X_INDEX_ONLY,
    &key_reuse::COMMUTATIVE_FOLD_IN,
    &key_reuse::PARENT_AND_CHILD,
    &key_reuse::KEY_ALIAS,
    &key_reuse::WIDE_ROOT,
    &clone::PER_TASK,
    &clone::PER_WORKER,
    &inherited::SPAWN_AFTER_FORK,
    &inherited::BUFFER_BEFORE_FORK,
    // Pieces of one sequence that run into each other.
    &overlap::SELF_SEEDING_XORSHIFT,
    &overlap::SELF_SEEDING_MCG,
    &overlap::SKIP_RANK,
    &overlap::SHORT_BLOCKS,
    &overlap::COUNTER_STEP,
    &overlap::GAMMA_OFFSET,
    // Streams that differ, and yet are tied to each other.
    &seed_sequence::MT19937,
    &related::ADDITIVE_SPLIT,
    &related::XOR_SPLIT,
    &related::LEAPFROG,
    &related::POWER_BLOCKS,
    &related::HIGH_INCREMENTS,
    &related::NEAR_INCREMENTS,
    &related::ANTITHETIC,
    &related::ALIGNED,
    &near_seeds::JAVA_RANDOM,
    &near_seeds::MINSTD,
    &near_seeds::DRAND48,
    &near_seeds::GLIBC_RANDOM,
    &near_seeds::XORSHIFT128,
    &near_seeds::LCG31,
    &near_seeds::MWC,
    &near_seeds::SPARSE_XOSHIRO,
    &near_seeds::SPARSE_MT19937,
];

/// The strategy with this id.
pub fn find(id: &str) -> Option<&'static dyn SeedingStrategy> {
    ALL.iter()
        .copied()
        .find(|strategy| strategy.spec().id == id)
}

/// What a strategy claims on a backend.
#[doc(hidden)]
pub fn claim(spec: &Spec, backend: BackendKind) -> &'static Claim {
    spec.claims
        .iter()
        .find(|(kind, _)| *kind == backend)
        .map_or(&Claim::Sound, |(_, claim)| claim)
}
