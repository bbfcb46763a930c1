//! What a test is, in words, and how much is asked of the evidence.

use serde::{Deserialize, Serialize};

use super::FindingKind;

/// What a test is, for `list`, `explain` and every report row.
#[derive(Debug)]
pub struct TestSpec {
    /// A kebab-case noun, chosen once.
    pub id: &'static str,
    /// What holds when nothing is wrong.
    pub null: &'static str,
    /// What is computed.
    pub statistic: &'static str,
    /// Its law under the null hypothesis and where that is valid, one short statement each; as below.
    pub law: &'static [&'static str],
    /// What it sees.
    pub sees: &'static [&'static str],
    /// What it misses.
    pub misses: &'static [&'static str],
    /// Author, year, title, DOI or URL.
    pub source: &'static str,
    /// The finding it leads to when it convicts across streams.
    pub finding: FindingKind,
    /// A broken strategy or construction it must catch.
    pub power_on: &'static str,
    /// The shallowest analysis that runs it.
    pub depth: Depth,
}

/// How deep an analysis goes; every level includes the ones before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// Sampled joins and the cheapest order-free tests.
    Screen,
    /// Every join and every test, stopping at the first decisive witness.
    #[default]
    Full,
    /// Everything, whatever was already found.
    Exhaustive,
}
