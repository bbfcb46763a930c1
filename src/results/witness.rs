//! The concrete proof of a copy.

use serde::{Deserialize, Serialize};

use super::Series;
use crate::vocabulary::StreamId;

/// A word of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The stream.
    pub stream: StreamId,
    /// The word within the stream, from 0.
    pub word: u64,
}

/// How one run of words is another's copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CopyKind {
    /// The words are equal.
    Equal,
    /// Every bit is inverted.
    Complement,
    /// The words add to 0 at their own width.
    Negation,
    /// Bytes in reverse order.
    ByteSwap,
    /// Bits in reverse order.
    BitReversal,
    /// Rotated left by so many bits.
    Rotation {
        /// Bits.
        bits: u32,
    },
    /// Some other fixed permutation of the bits.
    BitPermutation,
    /// Xor with a constant.
    ConstantXor {
        /// The constant, a number of the words' own width.
        constant: u64,
    },
    /// A constant is added at the words' own width.
    ConstantAdd {
        /// The constant, a number of the words' own width.
        constant: u64,
    },
    /// Subtracted from a constant at the words' own width (negation is the constant 0).
    ConstantMinus {
        /// The constant, a number of the words' own width.
        constant: u64,
    },
    /// Equal in the top bits only.
    Truncation {
        /// How many top bits agree.
        bits: u32,
    },
    /// 32-bit halves packed at the other alignment.
    HalfWordShift,
    /// The one's numbers are the other's times a constant, plus a constant.
    Affine,
    /// A series made of the one's words is, but for signs, one made of the other's.
    Changes {
        /// What is made of the one.
        a: Series,
        /// What is made of the other.
        b: Series,
    },
}

/// The concrete proof of a copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    /// Where one copy starts.
    pub a: Place,
    /// Where the other starts (its *last* word in time if `reversed`).
    pub b: Place,
    /// How many words are shared, extended as far as the streams go.
    pub words: u64,
    /// How the one is the other's copy.
    pub copy: CopyKind,
    /// Whether the second runs backwards in time.
    pub reversed: bool,
}

impl Witness {
    /// Whether the words are equal as they stand, in one order.
    pub fn is_plain(&self) -> bool {
        self.copy == CopyKind::Equal && !self.reversed
    }

    /// How far the second copy lags behind the first, in words.
    pub fn lag(&self) -> i64 {
        self.b.word as i64 - self.a.word as i64
    }
}
