//! Every test, by its id.

use super::{
    SEED_AVALANCHE, SEED_BITS, StatisticalTest, autocorrelation, bit_balance, bit_cross,
    byte_frequency, collisions, combinations, common_component, congruential, first_draws,
    lag_agreement, neighbours, pair_correlation, rank_order, relation_search, repeats,
    serial_pairs, stacked_rank,
};
use crate::results::{FindingKind, TestSpec};

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
    &lag_agreement::LagAgreement,
    &bit_cross::BitCross,
    &neighbours::Neighbours,
    &congruential::CongruentialSplitting,
    &combinations::Combinations,
    &relation_search::RelationSearch,
    &stacked_rank::StackedRank,
    &common_component::CommonComponent,
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

/// The finding that the test with this id leads to.
pub fn finding(id: &str) -> Option<FindingKind> {
    spec(id).map(|spec| spec.finding)
}

/// The test with this id.
pub fn find(id: &str) -> Option<&'static dyn StatisticalTest> {
    ALL.iter().copied().find(|test| test.spec().id == id)
}
