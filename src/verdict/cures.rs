//! What to do, in sentences that several findings share.

/// Where tests see a relation of streams.
pub(super) const KEYED: &str = "hash root and task index together before they reach the generator (a spawn key), or \
     use a counter-based generator with the task in its key";
/// Where the generator is at fault.
pub(super) const ANOTHER_GENERATOR: &str =
    "use another generator (xoshiro256++, PCG64-DXSM, ChaCha); no seeding repairs this one";
/// Where streams are equal.
pub(super) const PER_TASK: &str = "draw one root per run and derive each task's stream from root and task index with a keyed \
     generator or a spawn key";
/// Where streams are copies.
pub(super) const BY_KEY: &str = "give every task a stream of its own by key: hash root and task index together (a spawn key), \
     or use a counter-based generator with the task in its key";
/// Where a stream repeats itself.
pub(super) const SEED_ONCE: &str =
    "seed once per task and never again, with a generator of long period";
/// Where bits of the seed have no effect.
pub(super) const WIDE_SEED: &str =
    "keep the seed at its full width (64 bits or more) up to the generator, or hash it";
/// Where runs repeat each other.
pub(super) const ONE_ROOT: &str = "draw one root from the operating system per run, log it, and accept a given root only to replay";
/// Where a promise about replay or scheduling is broken.
pub(super) const FROM_ROOT_AND_TASK: &str =
    "derive every task's stream from the root and the task's index alone";
/// Where a seed is a fact of the program's start.
pub(super) const NO_ENTROPY: &str = "draw one root of at least 128 bits a run from the operating system, record it, and derive \
     each task's stream from root and task index; clocks and process ids are no entropy";
