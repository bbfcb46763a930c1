//! The vocabulary of results: what joins and tests found, as plain data.
//!
//! It imports the words of `vocabulary` and `math` alone, and every room above speaks it. Start with
//! [`Analysis`]: all that is said of one evidence; its parts are [`Joins`] and [`TestResult`].

mod ambient;
mod analysis;
mod arrangement;
mod counters;
mod counts;
mod equality;
mod finding_kind;
mod joins;
mod listed;
mod reach;
mod recovered;
mod seed_walk;
mod series;
mod spec;
mod suspect;
mod test_result;
mod witness;

pub use analysis::Analysis;
pub use finding_kind::FindingKind;
pub use spec::{Depth, TestSpec};
pub use test_result::{Outcome, TestResult, View};
pub use witness::Witness;

// The inner face, for this crate's own binary, benches and tests: it may change at any time.
#[doc(hidden)]
pub use self::{
    ambient::{AmbientSeed, Joined, Process, Rank, Tick},
    arrangement::Arrangement,
    counters::Counters,
    counts::{Duplicates, Multiplicity},
    equality::{Dissent, Equality, RepeatedRun, RunShift},
    joins::{CoarserSample, EqualStreams, Joins, PartialCopy, SharedRun},
    reach::{BitRange, Reach},
    recovered::{RecoveredSeed, RecoveredSeeds, SeedPattern},
    seed_walk::SeedWalk,
    series::Series,
    suspect::{
        Again, CONFIRMS, CONVICTS, Excluded, FreshRuns, LawClass, Pattern, Reading, SUSPECT,
        Suspect,
    },
    test_result::Inapplicable,
    witness::{CopyKind, Place},
};
pub(crate) use self::{
    listed::{LISTED, LISTED_STREAMS},
    reach::FarPairs,
    seed_walk::ranges,
    test_result::EQUALITY,
};
