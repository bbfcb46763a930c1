//! What is known of a generator that values may come from, and of the draws that are made of its outputs.

use super::tape::{Bounds, Tape};
use crate::recovery::twisters::Initialised;

/// A generator started with an integer `k`, and the draws that its users make.
pub(in crate::recovery) struct Generator {
    /// In the words of its users.
    pub name: &'static str,
    pub bounds: Bounds,
    pub source: DrawSource,
    /// How many outputs are known of a seed.
    pub outputs: usize,
    pub draws: &'static [Draws],
}

/// Where the outputs come from.
pub(in crate::recovery) enum DrawSource {
    /// The outputs after one seed.
    Of(fn(u64, &mut [u64])),
    /// The outputs of so many tasks that one seed is handed on to.
    Tasks(u32, fn(u64, u32, &mut [u64])),
    /// Those of a Mersenne Twister, many seeds at a time.
    Twister(Initialised),
}

/// How numbers are made of outputs.
pub(in crate::recovery) struct Draws {
    /// In the words of its users, `n` for a bound.
    pub name: &'static str,
    pub kind: DrawKind,
    /// Writes the first numbers, where a bound is needed those below it; `None` where the outputs do not
    /// suffice.
    pub draw: fn(Tape<'_>, u64, &mut [f64]) -> Option<()>,
}

/// What numbers are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recovery) enum DrawKind {
    /// Uniform ones in [0, 1).
    Unit,
    /// Of another continuous law.
    Real,
    /// The outputs, as whole numbers.
    Whole,
    /// Whole numbers below a bound.
    Below,
}

pub(super) const fn draws(
    name: &'static str,
    kind: DrawKind,
    draw: fn(Tape<'_>, u64, &mut [f64]) -> Option<()>,
) -> Draws {
    Draws { name, kind, draw }
}
