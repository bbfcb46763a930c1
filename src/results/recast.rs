//! Values that are taken otherwise than as uniform bits.

use serde::{Deserialize, Serialize};

/// Why values are taken for numbers of some law, not for uniform bits, or otherwise than they stand: in
/// most streams, and long after their start. However its streams are seeded, a sound generator gives no
/// such words.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Recast {
    /// Each value depends on the ones before, so that an element tells fewer bits than it has.
    Sticky {
        /// Bits that an element tells.
        bits: f64,
        /// Bits that it has.
        width: u32,
    },
    /// Values follow those some words before.
    Follows {
        /// How many words before.
        lag: u32,
        /// How often both lie in the same half of the range.
        agreement: f64,
    },
    /// Values are written again until the next is drawn; here each is taken once.
    Held {
        /// The share of values that are the one before.
        share: f64,
    },
    /// Values fill the range unevenly.
    Uneven {
        /// χ² of sixteen equal cells, a word.
        distance: f64,
    },
    /// Values are spread more evenly than draws: points of a digital net.
    Net {
        /// How many words one point is behind the one before.
        apart: u32,
        /// The share of places at which four points in a row add up to 0, bit by bit.
        share: f64,
    },
}
