//! What a test is, in words.

use super::{Depth, FindingKind};

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
