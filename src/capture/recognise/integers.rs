//! Integers: uniform bits with constant bits above or below, ranges, categories.

use rayon::prelude::*;

use super::{FirstNumbers, entropy};
use crate::{
    capture::image::Image,
    vocabulary::{Format, Marginal},
};

/// Evidence, in bits, below which a constant bit may be chance: 2^-30.
const CONSTANT_EVIDENCE: usize = 30;
/// From so many different values on a width is read off exactly; below, the next usual one is taken.
const EXACT_FROM: usize = 64;
/// Widths people use.
const USUAL: [u32; 12] = [1, 4, 8, 15, 16, 24, 31, 32, 48, 52, 53, 64];
/// A range with this chance to leave its upper end empty, if it were a power of two, is none.
const GAP_CHANCE: f64 = 1e-12;
/// Up to so many different values are categories.
const CATEGORIES: usize = 256;
/// Bins of the check that a range is filled evenly.
const BINS: usize = 64;
/// Distance from even filling that no sound source shows in a sample of this size.
const UNEVEN: f64 = 0.1;

/// Unsigned integers.
pub(super) fn unsigned(sample: &FirstNumbers) -> (Format, Image) {
    let distinct = sample.distinct();
    let (mut ones, mut zeros) = (0u64, 0u64);
    for &value in &distinct {
        ones |= value;
        zeros |= !value;
    }
    let varying = ones & zeros;
    let constant = |run: u32| run > 0 && distinct.len() * run as usize >= CONSTANT_EVIDENCE;
    let mut high = if varying == 0 {
        // One value: only its leading zeros can be judged.
        ones.leading_zeros()
    } else {
        varying.leading_zeros()
    };
    if !constant(high) {
        high = 0;
    }
    let mut low = if varying == 0 {
        0
    } else {
        varying.trailing_zeros()
    };
    if !constant(low) {
        low = 0;
    }
    let mut width = 64 - high - low;
    if distinct.len() < EXACT_FROM {
        let usual = USUAL
            .into_iter()
            .find(|&usual| usual >= width)
            .unwrap_or(64);
        // Constant bits above give way first.
        let back = (usual - width).min(high);
        high -= back;
        low -= (usual - width - back).min(low);
        width = 64 - high - low;
    }
    let keep = (u64::MAX >> high) & (u64::MAX << low);
    let top = |value: u64| (value & keep) << high;
    if !is_even(sample, width, distinct.len(), top) {
        return (ranged(sample, &distinct), Image::Unsigned);
    }
    let constant_mask = !keep;
    let image = Image::Bits {
        high,
        width,
        constant_mask,
        constant: ones & constant_mask,
    };
    (Format::Bits { width }, image)
}

/// Two's-complement integers.
pub(super) fn signed(sample: &FirstNumbers) -> (Format, Image) {
    if sample.values().iter().all(|&value| value >> 63 == 0) {
        return unsigned(sample);
    }
    let distinct = sample.distinct();
    for width in [8, 16, 32, 64] {
        let (low, high) = (i64::MIN >> (64 - width), i64::MAX >> (64 - width));
        let inside = |value: &u64| (low..=high).contains(&(*value as i64));
        if distinct.iter().all(inside) {
            let top = |value: u64| (value << (64 - width)) ^ 1 << 63;
            // Both ends of the range must be filled.
            let mirrored = |value: u64| !top(value) & (u64::MAX << (64 - width));
            if is_even(sample, width, distinct.len(), top)
                && is_even(sample, width, distinct.len(), mirrored)
            {
                return (Format::Bits { width }, Image::SignedBits { width });
            }
            break;
        }
    }
    (ranged(sample, &distinct), Image::Signed)
}

/// Whether values, brought to the top of a word, fill their range evenly and to its end.
///
/// Wide values that repeat do so because of a flaw, and count once; the repeats of narrow ones
/// are to be expected.
pub(super) fn is_even(
    sample: &FirstNumbers,
    width: u32,
    distinct: usize,
    top: impl Fn(u64) -> u64,
) -> bool {
    let mut late: Vec<u64> = sample.late_values().map(&top).collect();
    let mut draws = sample.values().len();
    if width > 24 {
        if distinct < draws {
            late.par_sort_unstable();
            late.dedup();
        }
        draws = distinct;
    }
    let highest = sample
        .values()
        .iter()
        .map(|&value| top(value))
        .max()
        .unwrap_or(0);
    // One step above the highest value, as a share of the range.
    let step = 1u64 << (64 - width.clamp(1, 64));
    let filled = (highest as f64 + step as f64) / 2f64.powi(64);
    if filled.min(1.0).powf(draws as f64) < GAP_CHANCE {
        return false;
    }
    let bins = BINS.min(1usize << width.min(6));
    let mut counts = vec![0u32; bins];
    for &word in &late {
        counts[(word >> 58) as usize * bins / BINS] += 1;
    }
    let expected = late.len() as f64 / bins as f64;
    let distance: f64 = counts
        .iter()
        .map(|&count| (f64::from(count) - expected).abs())
        .sum::<f64>()
        / (2.0 * late.len().max(1) as f64);
    // The distance of a sound sample is about √(bins / (2π·draws)), and rarely twice that.
    let noise = (bins as f64 / (2.0 * std::f64::consts::PI * late.len().max(1) as f64)).sqrt();
    distance < UNEVEN + 2.0 * noise
}

fn ranged(sample: &FirstNumbers, distinct: &[u64]) -> Format {
    let few = distinct.len() <= CATEGORIES && 8 * distinct.len() <= sample.values().len();
    let marginal = if few {
        Marginal::Categorical
    } else {
        Marginal::Grid
    };
    entropy::other(sample, marginal)
}
