//! The table of tests: a statistic, an arrangement of streams that it reads, and what it is there for.

use super::{
    SEED_AVALANCHE, SEED_BITS, StatisticalTest, autocorrelation::Autocorrelation,
    bit_balance::BitBalance, bit_cross::BitCross, byte_frequency::ByteFrequency,
    collisions::Collisions, combinations::Combinations, common_component::CommonComponent,
    congruential::CongruentialSplitting, first_draws::FirstDraws, lag_agreement::LagAgreement,
    neighbours::Neighbours, pair_correlation::PairCorrelation, rank_order::RankOrder,
    relation_search::RelationSearch, repeats, serial_pairs::SerialPairs, stacked_rank::StackedRank,
};
use crate::results::{FindingKind, TestSpec, View};

/// One row of the table.
pub struct Entry {
    /// The statistic.
    pub test: &'static dyn StatisticalTest,
    /// How streams are arranged for it.
    pub arrangement: View,
    /// The planted flaw of the self-test that is missed without this row: no other row and no join sees it.
    /// A row that no flaw needs is deleted.
    pub needed_for: &'static str,
}

const fn row(
    test: &'static dyn StatisticalTest,
    arrangement: View,
    needed_for: &'static str,
) -> Entry {
    Entry {
        test,
        arrangement,
        needed_for,
    }
}

/// The table, in the order of reports; the rows of one statistic follow each other.
#[rustfmt::skip]
pub const ALL: &[Entry] = &[
    row(&repeats::ExcessRepeats, View::Interleaved, "a word now and then that another stream drew"),
    row(&repeats::MissingRepeats, View::Interleaved, "values dealt without replacement"),
    row(&BitBalance, View::Interleaved, "a bit that is set a little too often"),
    row(&BitBalance, View::Alone, "a bit that is set too often in one stream"),
    row(&ByteFrequency, View::Interleaved, "a byte whose ones are even in number, too often"),
    row(&ByteFrequency, View::Alone, "a byte of one stream whose ones are even in number, too often"),
    row(&Autocorrelation, View::Alone, "bits that are those of the word before, one time in 32"),
    row(&SerialPairs, View::Alone, "top bits of two successive words whose ones are together even in number"),
    row(&Collisions, View::Interleaved, "top bits of words that are half of all there are"),
    row(&FirstDraws, View::Transposed { words: FirstDraws::DRAWS }, "first draws of near seeds"),
    row(&PairCorrelation, View::Pairs, "top bits that agree three times in four"),
    row(&LagAgreement, View::Pairs, "top bits that follow another's 300 words later, two times in three"),
    row(&BitCross, View::Pairs, "any bit of a stream that follows another bit of the stream before it"),
    row(&Neighbours, View::NeighbourXor, "top bytes of neighbours whose ones are together even in number"),
    row(&Neighbours, View::NeighbourDifference, "a stream that is a little above the one before it, too often"),
    row(&Neighbours, View::SameTask, "top bytes of one task in two runs whose ones are together even in number"),
    row(&CongruentialSplitting, View::NeighbourDifference, "a congruential generator dealt out in turn"),
    row(&Combinations, View::Combinations, "neighbours whose sum is small too often"),
    row(&RelationSearch, View::Combinations, "xor of two streams five words later"),
    row(&StackedRank, View::Stacked, "xor of half of all streams"),
    row(&StackedRank, View::Combinations, "xor of five streams of a shift register that lacks rank by itself"),
    row(&StackedRank, View::Interleaved, "one bit that is the xor of many bits of other streams"),
    row(&CommonComponent, View::Column, "one bit that all streams take from a common source, one time in eight"),
    row(&RankOrder, View::Pairs, "the top 24 bits of every second word of another stream"),
];

/// Every test once, in the order of the table.
pub fn tests() -> impl Iterator<Item = &'static dyn StatisticalTest> {
    let same = |a: &Entry, b: &Entry| a.test.spec().id == b.test.spec().id;
    ALL.chunk_by(same).map(|rows| rows[0].test)
}

/// What every test is: those of the table, and those that read a walk of the seed, not streams of one.
pub fn specs() -> impl Iterator<Item = &'static TestSpec> {
    tests()
        .map(StatisticalTest::spec)
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
    tests().find(|test| test.spec().id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rows_of_a_statistic_follow_each_other() {
        let ids: Vec<&str> = tests().map(|test| test.spec().id).collect();
        let different: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), different.len(), "{ids:?}");
    }
}
