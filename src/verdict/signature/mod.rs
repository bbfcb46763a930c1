//! Patterns in the evidence that several kinds of findings read.

pub(super) mod clock;
pub(super) mod copies;
mod equality;
mod labels;
mod narrow;
mod regular;
pub(super) mod suspects;

#[cfg(test)]
pub(super) use equality::cause_and_cure;
pub(super) use equality::{EqualitySignature, equality_signature, groups};
pub(super) use narrow::{Interval, PAIRS_THAT_TELL_A_WIDTH, interval_words};
