//! A walk over the bits of a seed, in short.

use serde::{Deserialize, Serialize};

/// A seed walk in short, for the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeedWalk {
    /// Bits of the seed that were flipped one at a time.
    pub bits: u32,
    /// Bits that the rule says it reads, the lowest ones.
    pub declared: u32,
    /// Base seeds.
    pub bases: u32,
    /// Streams of each seed.
    pub streams: u32,
    /// Words of each stream.
    pub words: u32,
    /// Bits that changed no word of any stream: first and last of each range.
    pub dead: Vec<(u32, u32)>,
    /// For each bit of the seed the percentage of output bits that changed, rounded.
    pub changed: Vec<u8>,
}

/// Bits in words: `bit 5`, or `bits 0, 32–63`.
pub(crate) fn ranges(ranges: &[(u32, u32)]) -> String {
    let text = |(first, last): &(u32, u32)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        }
    };
    let list = ranges.iter().map(text).collect::<Vec<_>>().join(", ");
    let one = matches!(ranges, [(first, last)] if first == last);
    format!("{} {list}", if one { "bit" } else { "bits" })
}
