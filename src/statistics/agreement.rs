//! How often a pair of streams agrees, as a place that a test looked at.

use super::{all_pairs::Extreme, places::Spot, views::Frame};
use crate::{
    math::{Tails, binomial_tails},
    results::View,
};

/// Pairs picked on a prefix and tested again on the rest: more find a weak pair among strong ones, and each
/// must stand out more.
pub(super) const FOLLOWED: usize = 1024;
/// Words compared at most: the 32 bits that hold the sum of their differing bits allow no more.
pub(super) const LONGEST: u64 = 1 << 25;

/// A pair of streams, by its statistic and what is expected of it.
pub(super) fn pair(
    frame: &Frame<'_>,
    worst: &Extreme,
    detail: String,
    tails: Tails,
    statistic: (f64, f64),
) -> Spot {
    let streams = vec![frame.id(worst.a), frame.id(worst.b)];
    Spot::new(View::Pairs, detail, tails, statistic).of(streams)
}

/// Agreement in so many bits, chosen among so many places.
pub(super) fn agreement(
    frame: &Frame<'_>,
    worst: &Extreme,
    bits: u64,
    places: f64,
    detail: String,
) -> Spot {
    let tails = agreement_tails(worst.value as u64, bits).times(places);
    let agreeing = (bits - worst.value as u64) as f64;
    pair(frame, worst, detail, tails, (agreeing, bits as f64 / 2.0))
}

/// A pair looked at again in other words.
pub(super) fn again(first: &Extreme, differing: u64, bits: u64) -> Extreme {
    Extreme {
        distance: (2 * differing).abs_diff(bits),
        value: differing as i64,
        ..*first
    }
}

/// Tails in units of agreeing bits.
pub(super) fn agreement_tails(differing: u64, bits: u64) -> Tails {
    binomial_tails(bits - differing, bits, 0.5)
}
