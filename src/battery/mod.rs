//! What is asked of the evidence: exact joins first, then statistical tests over views.

mod all_pairs;
pub mod analyze;
mod arrangement;
mod autocorrelation;
mod avalanche;
mod bit_balance;
mod bit_cross;
mod byte_frequency;
mod collisions;
mod combinations;
mod combine;
mod common_component;
mod congruential;
mod constant_relation;
mod counters;
mod counts;
mod depth;
mod draws;
mod equality;
mod first_draws;
mod follow;
mod held;
pub mod join;
pub(crate) mod kernels;
mod lag_agreement;
mod lagged_relations;
mod median_split;
mod modulus;
mod neighbours;
mod nets;
mod padding;
mod pair_correlation;
mod places;
#[cfg(test)]
mod power;
mod rank_agreement;
mod rank_component;
mod rank_order;
mod ranks;
mod reach;
mod recast;
mod recovered;
mod relation_search;
mod repeats;
mod result;
mod rows;
#[cfg(test)]
mod samples;
mod serial_pairs;
mod shared_order;
mod shared_values;
mod slices;
mod source;
mod stacked_rank;
mod turning;
mod views;
mod weak_bits;

pub use arrangement::Arrangement;
pub(crate) use avalanche::ranges;
pub use avalanche::{Avalanche, SEED_AVALANCHE, SEED_BITS, SeedWalk, avalanche};
pub use counters::Counters;
pub use counts::{Duplicates, Multiplicity};
pub use depth::Depth;
pub use equality::{Dissent, Equality, RepeatedRun, RunShift};
pub use kernels::Series;
pub use padding::Padding;
pub use places::{CONTROL_ASKED_BELOW, CONTROL_FAILS_BELOW};
pub use reach::{BitRange, Reach};
pub use recast::Recast;
pub use recovered::{RecoveredSeed, RecoveredSeeds, SeedPattern};
pub use result::{
    Analysis, CopyKind, EqualStreams, Inapplicable, Joins, Outcome, PairTest, PartialCopy, Place,
    SharedRun, TestResult, View, Witness,
};
pub use rows::Rows;
pub use source::{EvidenceSource, Piece, SourceShape};

use crate::core::Evidence;

/// What a test is, for `list`, `explain` and every report row.
#[derive(Debug)]
pub struct TestSpec {
    /// A kebab-case noun, chosen once.
    pub id: &'static str,
    /// What holds when nothing is wrong.
    pub null: &'static str,
    /// What is computed.
    pub statistic: &'static str,
    /// Its law under the null hypothesis and where that is valid.
    pub law: &'static str,
    /// What it sees.
    pub sees: &'static str,
    /// What it misses.
    pub misses: &'static str,
    /// Author, year, title, DOI or URL.
    pub source: &'static str,
    /// The finding id it leads to when it convicts across streams.
    pub finding: &'static str,
    /// A broken strategy or construction it must catch.
    pub power_on: &'static str,
    /// The shallowest analysis that runs it.
    pub depth: Depth,
}

/// A statistical test over the streams of an evidence.
///
/// Results are pure functions of the evidence: no clock, no thread count, no order of execution.
pub trait StatisticalTest: Send + Sync {
    /// What the test is.
    fn spec(&self) -> &'static TestSpec;

    /// Runs the test. The evidence holds representatives only: equal streams are already collapsed,
    /// and `Format::Bits` words are canonical (uniform bits at the top).
    fn run(&self, evidence: &Evidence) -> Vec<TestResult>;
}

/// Every test, in the order of reports.
pub const ALL: &[&dyn StatisticalTest] = &[
    &repeats::ExcessRepeats,
    &repeats::MissingRepeats,
    &bit_balance::BitBalance,
    &byte_frequency::ByteFrequency,
    &autocorrelation::Autocorrelation,
    &serial_pairs::SerialPairs,
    &collisions::Collisions,
    &first_draws::FirstDraws,
    &pair_correlation::PairCorrelation,
    &rank_agreement::RankAgreement,
    &lag_agreement::LagAgreement,
    &shared_values::SharedValues,
    &shared_order::SharedOrder,
    &bit_cross::BitCross,
    &neighbours::Neighbours,
    &constant_relation::ConstantRelation,
    &congruential::CongruentialSplitting,
    &combinations::Combinations,
    &relation_search::RelationSearch,
    &stacked_rank::StackedRank,
    &common_component::CommonComponent,
    &rank_component::RankComponent,
    &rank_order::RankOrder,
];

/// What every test is: those of [`ALL`], and those that read a walk of the seed, not streams of one.
pub fn specs() -> impl Iterator<Item = &'static TestSpec> {
    ALL.iter()
        .map(|test| test.spec())
        .chain([&SEED_BITS, &SEED_AVALANCHE])
}

/// What the test with this id is.
pub fn spec(id: &str) -> Option<&'static TestSpec> {
    specs().find(|spec| spec.id == id)
}

/// The test with this id.
pub fn find(id: &str) -> Option<&'static dyn StatisticalTest> {
    ALL.iter().copied().find(|test| test.spec().id == id)
}
