//! How much is asked of the evidence.

use serde::{Deserialize, Serialize};

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
