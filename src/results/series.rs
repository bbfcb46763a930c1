//! Sequences made of a stream's words, of which a copy may show in one.

use serde::{Deserialize, Serialize};

/// A sequence made of a stream's words. Windows of all of them share one key space, so that a stream
/// that is another's running sum, or its changes, or walks away from it at a constant pace, has
/// windows in common with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Series {
    /// The words themselves.
    Words,
    /// x(t+1) − x(t)
    Differences,
    /// x(t+1) ^ x(t)
    XorDifferences,
    /// x(t+2) − 2 x(t+1) + x(t)
    SecondDifferences,
}

impl Series {
    /// In the order of their variants.
    pub(crate) const ALL: [Self; 4] = [
        Self::Words,
        Self::Differences,
        Self::XorDifferences,
        Self::SecondDifferences,
    ];

    /// Its name: "differences".
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Differences => "differences",
            Self::XorDifferences => "xor differences",
            Self::SecondDifferences => "second differences",
        }
    }

    /// How many words an element is made of.
    pub(crate) const fn reach(self) -> usize {
        match self {
            Self::Words => 1,
            Self::Differences | Self::XorDifferences => 2,
            Self::SecondDifferences => 3,
        }
    }

    /// The element that starts at the first of `words`.
    ///
    /// # Panics
    /// When there are fewer words than it is made of.
    #[inline(always)]
    pub(crate) fn element(self, words: &[u64]) -> u64 {
        match self {
            Self::Words => words[0],
            Self::Differences => words[1].wrapping_sub(words[0]),
            Self::XorDifferences => words[1] ^ words[0],
            Self::SecondDifferences => words[2]
                .wrapping_sub(words[1])
                .wrapping_sub(words[1].wrapping_sub(words[0])),
        }
    }
}
