//! Reals: uniform bits on a binary grid, fractions of usual divisors, decimals, continuous laws.

use super::{FirstNumbers, entropy, integers::is_even};
use crate::{
    capture::image::{Image, near, power_of_two},
    vocabulary::{Format, Marginal},
};

/// Evidence, in bits, that values lie on a binary grid because they were made on it. A double
/// below 2^-j has j bits more than the grid of 2^-53, and each would have to be 0 by chance.
const GRID_EVIDENCE: u32 = 5;
/// Narrower grids than this are shown to their last bit by a few values.
const FEW_BITS: u32 = 20;
/// A double's own significand.
const SIGNIFICAND: u32 = 53;
/// A half float's significand.
const HALF_SIGNIFICAND: u32 = 11;
/// The top bits of uniforms that are even whatever their divisor was: for doubles of full
/// precision, and for floats.
const TOP_BITS: [(u32, u32); 2] = [(FULL_PRECISION, 24), (20, 16)];
/// The share of values in which the lowest bit of a grid is set: half, if the bit is random; next
/// to none where floats of different sizes only seem to lie on one grid.
const LOWEST_BIT_SHARE: f64 = 0.125;
/// Significant bits from which a real number counts as one of full precision.
const FULL_PRECISION: u32 = 40;
/// Most decimal places looked for.
const DECIMALS: i32 = 12;

/// Divisors people use: `RAND_MAX` and its like, and the moduli of MINSTD and MRG32k3a.
const DIVISORS: [(f64, u32); 9] = [
    (32_767.0, 15),
    (65_535.0, 16),
    (16_777_215.0, 24),
    (2_147_483_647.0, 31),
    (2_147_483_648.0 + 1.0, 32),
    (4_294_967_295.0, 32),
    (4_294_967_087.0, 32),
    (4_294_967_088.0, 32),
    (4_294_944_443.0, 32),
];

/// Doubles.
pub(super) fn recognise(sample: &FirstNumbers) -> (Format, Image) {
    let distinct: Vec<f64> = sample.distinct().into_iter().map(f64::from_bits).collect();
    let places = decimal_places(&distinct);
    if let Some((width, image)) = on_grid(sample, &distinct) {
        // Few decimals may happen to lie on a fine binary grid; they still are decimals.
        let decimal_bits = places.map(|places| f64::from(places) * 10f64.log2() + 2.0);
        if decimal_bits.is_none_or(|bits| bits >= f64::from(width)) {
            return (Format::Bits { width }, image);
        }
    }
    let within_unit = distinct.iter().all(|value| (0.0..=1.0).contains(value));
    if within_unit && let Some(found) = fraction(&distinct) {
        return found;
    }
    if places.is_some() {
        return decimals(sample, &distinct);
    }
    let significant = median_significant_bits(&distinct);
    if within_unit
        && let Some((_, width)) = TOP_BITS.into_iter().find(|(from, _)| significant >= *from)
        && uniform_top_bits(sample, &distinct, width)
    {
        return (Format::Bits { width }, Image::TopBits { width });
    }
    (entropy::other(sample, Marginal::Continuous), Image::Real)
}

/// Doubles that were half floats. They tie often: uniform ones too have no more bits than a half
/// float has, and those below ½ lie on finer grids.
pub(super) fn halves(sample: &FirstNumbers) -> (Format, Image) {
    let (format, image) = recognise(sample);
    match format {
        Format::Bits { width } if width <= HALF_SIGNIFICAND => (format, image),
        Format::Other {
            marginal: Marginal::Grid | Marginal::Categorical,
            ..
        } => (format, image),
        _ => (entropy::other(sample, Marginal::Grid), Image::Real),
    }
}

/// The exponent of a double's lowest bit that is set, and of its highest; `None` for zero.
fn exponents(value: f64) -> Option<(i32, i32)> {
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let (significand, scale) = if exponent == 0 {
        (fraction, -1074)
    } else {
        (fraction | 1 << 52, exponent - 1075)
    };
    (significand != 0).then(|| {
        (
            scale + significand.trailing_zeros() as i32,
            scale + 63 - significand.leading_zeros() as i32,
        )
    })
}

/// Uniform bits on a binary grid: [0, 2^m) or [−2^m, 2^m) in steps of a power of two.
fn on_grid(sample: &FirstNumbers, distinct: &[f64]) -> Option<(u32, Image)> {
    let mut finest = i32::MAX;
    let mut highest = i32::MIN;
    let mut evidence = 0u32;
    for &value in distinct {
        let Some((low, high)) = exponents(value) else {
            continue;
        };
        finest = finest.min(low);
        highest = highest.max(high);
    }
    if finest == i32::MAX {
        return None;
    }
    // Uniforms in [0, 1) that all happen to be small are still uniforms in [0, 1).
    let top = if highest < 0 && finest >= -(SIGNIFICAND as i32) {
        0
    } else {
        highest + 1
    };
    for &value in distinct {
        if let Some((_, high)) = exponents(value) {
            // Bits that a double of this size could have below the grid.
            let own = high - SIGNIFICAND as i32 + 1;
            evidence += (finest - own).max(0) as u32;
        }
    }
    let on_lowest = distinct
        .iter()
        .filter(|&&value| exponents(value).is_some_and(|(low, _)| low == finest))
        .count();
    if distinct.len() >= 16 && (on_lowest as f64) < LOWEST_BIT_SHARE * distinct.len() as f64 {
        return None;
    }
    let negative = distinct.iter().any(|&value| value < 0.0);
    let width = u32::try_from(top - finest).ok()? + u32::from(negative);
    if width == 0 || width > SIGNIFICAND || evidence < GRID_EVIDENCE || finest < -1000 {
        return None;
    }
    // Few values do not fill the grid to its last bit.
    let width_shown = width;
    let fine = width >= FEW_BITS;
    let (scale, width) = if top == 0 && !negative && fine && distinct.len() < 64 {
        let usual = [24, 31, 32, 52, 53]
            .into_iter()
            .find(|&usual| usual >= width)
            .unwrap_or(width);
        (usual as i32, usual)
    } else {
        (-finest, width)
    };
    let offset = if negative { power_of_two(top) } else { 0.0 };
    let image = Image::Grid {
        offset,
        scale,
        width,
    };
    let top_bits = |raw: u64| {
        let mut word = [raw];
        match image.apply(&mut word) {
            Ok(_) => word[0],
            Err(_) => 0,
        }
    };
    let even = is_even(sample, width_shown.min(width), distinct.len(), top_bits);
    if !even {
        return None;
    }
    Some((width, image))
}

/// Fractions with one of the usual divisors.
fn fraction(distinct: &[f64]) -> Option<(Format, Image)> {
    // A product with a divisor of d bits is near an integer by chance with probability about
    // 2^(d − 52): three values of full precision decide.
    let telling = distinct.iter().filter(|&&value| value > 0.0 && value < 1.0);
    if telling.count() < 8 {
        return None;
    }
    DIVISORS.into_iter().find_map(|(divisor, width)| {
        let fits = distinct.iter().all(|&value| {
            let scaled = value * divisor;
            near(scaled, scaled.round()) && scaled.round() < power_of_two(width as i32)
        });
        fits.then_some((Format::Bits { width }, Image::Fraction { divisor, width }))
    })
}

/// The number of decimal places that all values are rounded to.
fn decimal_places(distinct: &[f64]) -> Option<i32> {
    if distinct.len() < 8 {
        return None;
    }
    (0..=DECIMALS).find(|&places| {
        let factor = 10f64.powi(places);
        distinct.iter().all(|&value| {
            let scaled = value * factor;
            scaled.abs() < 1e15 && near(scaled, scaled.round())
        })
    })
}

fn decimals(sample: &FirstNumbers, distinct: &[f64]) -> (Format, Image) {
    let few = distinct.len() <= 256 && 8 * distinct.len() <= sample.values().len();
    let marginal = if few {
        Marginal::Categorical
    } else {
        Marginal::Grid
    };
    (entropy::other(sample, marginal), Image::Real)
}

fn median_significant_bits(distinct: &[f64]) -> u32 {
    let mut bits: Vec<u32> = distinct
        .iter()
        .filter_map(|&value| exponents(value))
        .map(|(low, high)| (high - low + 1) as u32)
        .collect();
    bits.sort_unstable();
    bits.get(bits.len() / 2).copied().unwrap_or(0)
}

/// Whether the values fill [0, 1) evenly, and repeat no more than their top bits would.
fn uniform_top_bits(sample: &FirstNumbers, distinct: &[f64], width: u32) -> bool {
    if distinct.len() < 64 || distinct.contains(&1.0) {
        return false;
    }
    let top = |raw: u64| ((f64::from_bits(raw) * power_of_two(53)) as u64) << 11;
    if !is_even(sample, SIGNIFICAND, distinct.len(), top) {
        return false;
    }
    let draws = sample.values().len() as f64;
    let expected = draws * draws / 2.0 / power_of_two(width as i32);
    draws - distinct.len() as f64 <= expected + 6.0 * expected.sqrt() + 3.0
}
