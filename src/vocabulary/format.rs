//! What the numbers of a stream look like. A format is recognised and stated, never called a flaw.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the elements of a stream carry their randomness.
///
/// The words of an [`Evidence`](super::Evidence) are *canonical*: uniform bits sit at the top of
/// each word, most significant first, with zeros below them, whatever the type they came in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Format {
    /// Every element is `width` uniform bits: 64, 53 (doubles in [0, 1)), 32, 24 …
    Bits {
        /// How many bits each element carries, 1 to 64.
        width: u32,
    },
    /// Any other distribution. Words hold an injective image of the value that keeps its order.
    Other {
        /// Which distribution it looks like.
        marginal: Marginal,
        /// Collision entropy of one element, in bits, as estimated from the data.
        bits_per_element: f64,
    },
}

/// Distributions other than uniform bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Marginal {
    /// Real numbers of a continuous distribution (normals, exponentials, uniforms on any range).
    Continuous,
    /// Decimals or doubles on a grid (`0.123456`), integers in a range that is no power of two.
    Grid,
    /// Few distinct values: dice, categories, booleans.
    Categorical,
    /// Identifiers such as UUIDs, whose constant and version bits are no randomness.
    Identifier,
}

impl Format {
    /// Full 64-bit words.
    pub const WORDS: Self = Self::Bits { width: 64 };

    /// The information in one element, in bits: its width, or the estimated collision entropy.
    pub fn bits_per_element(&self) -> f64 {
        match self {
            Self::Bits { width } => f64::from(*width),
            Self::Other {
                bits_per_element, ..
            } => *bits_per_element,
        }
    }

    /// The distribution, if the elements are no uniform bits.
    pub const fn marginal(&self) -> Option<Marginal> {
        match self {
            Self::Bits { .. } => None,
            Self::Other { marginal, .. } => Some(*marginal),
        }
    }

    /// The width of uniform bits, if that is what the elements are.
    pub const fn uniform_width(&self) -> Option<u32> {
        match self {
            Self::Bits { width } => Some(*width),
            Self::Other { .. } => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bits { width } => write!(f, "{width} uniform bits"),
            Self::Other {
                marginal,
                bits_per_element,
            } => {
                let name = match marginal {
                    Marginal::Continuous => "continuous values",
                    Marginal::Grid => "values on a grid",
                    Marginal::Categorical => "few distinct values",
                    Marginal::Identifier => "identifiers",
                };
                write!(f, "{name} ({bits_per_element:.1} bits each)")
            }
        }
    }
}
