//! All that is said of one evidence.

use serde::{Deserialize, Serialize};

use super::{
    CoarserSample, Counters, Equality, Joins, Reading, RecoveredSeeds, SeedWalk, Suspect,
    TestResult,
};

/// Everything that joins and tests say of one evidence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Analysis {
    /// The joins.
    pub joins: Joins,
    /// Equal streams counted by whom they belong to, one entry a run group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equality: Vec<Equality>,
    /// The tests, in the order of the registry.
    pub tests: Vec<TestResult>,
    /// Words of every stream that were looked at (the level at which the analysis stopped).
    pub words_per_stream: u64,
    /// Words of every stream that were joined, where the evidence is larger than what is tested:
    /// equal streams exactly, shared runs by sampled windows. Tests read `words_per_stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_words: Option<u64>,
    /// A hash of the join plan: of everything that decides what is sampled, verified, capped and tested.
    /// Two analyses of the same words under one plan say the same.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub plan: String,
    /// The sample that was taken, where fewer passes were allowed than the planned one takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coarser: Option<CoarserSample>,
    /// Streams looked at.
    pub streams: u64,
    /// Size of the family by which every p-value is multiplied: the p-values of this level times
    /// the levels planned, fixed before data.
    pub family: u64,
    /// The levels planned, in words of every stream; the analysis stopped at `words_per_stream`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<u64>,
    /// Streams that count instead of drawing, where all do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counters: Option<Counters>,
    /// How captured numbers were read; `None` of what seedbench itself ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// What would be a flaw if the values are draws, and need not be one otherwise; strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<Suspect>,
    /// The seeds that streams were started with, where they could be found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered: Option<RecoveredSeeds>,
    /// The walk of the seed, where one was made; its results are among the tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed_walk: Option<SeedWalk>,
}

impl Analysis {
    /// Adds a walk of the seed and its results, which are as many in every analysis of its kind.
    pub(crate) fn add_walk(&mut self, walk: SeedWalk, results: Vec<TestResult>) {
        self.family += results.len() as u64;
        self.tests.extend(results);
        self.seed_walk = Some(walk);
    }
}
