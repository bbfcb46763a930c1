//! The vocabulary of results: what joins and tests found, as plain data.
//!
//! It imports the words of `vocabulary` and `math` alone, and every room above speaks it. Start with
//! [`Analysis`]: all that is said of one evidence; its parts are [`Joins`] and [`TestResult`].

mod ambient;
mod analysis;
mod arrangement;
mod coarser_sample;
mod counters;
mod counts;
mod depth;
mod equality;
mod finding_kind;
mod inapplicable;
mod joins;
mod reach;
mod recovered;
mod seed_walk;
mod series;
mod spec;
mod suspect;
mod test_result;
mod witness;

pub use ambient::{AmbientSeed, Joined, Process, Rank, Tick};
pub use analysis::Analysis;
pub use arrangement::Arrangement;
pub use coarser_sample::CoarserSample;
pub use counters::Counters;
pub use counts::{Duplicates, Multiplicity};
pub use depth::Depth;
pub use equality::{Dissent, Equality, RepeatedRun, RunShift};
pub use finding_kind::FindingKind;
pub(crate) use inapplicable::EQUALITY;
pub use inapplicable::Inapplicable;
pub use joins::{EqualStreams, Joins, PartialCopy, SharedRun};
pub(crate) use reach::Standing;
pub use reach::{BitRange, Reach};
pub use recovered::{RecoveredSeed, RecoveredSeeds, SeedPattern};
pub use seed_walk::SeedWalk;
pub(crate) use seed_walk::ranges;
pub use series::Series;
pub use spec::TestSpec;
pub use suspect::{
    Again, CONFIRMS, CONVICTS, Excluded, FreshRuns, LawClass, Pattern, Reading, SUSPECT, Suspect,
};
pub use test_result::{Outcome, PairTest, TestResult, View};
pub use witness::{CopyKind, Place, Witness};
