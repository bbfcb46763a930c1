//! From raw values to canonical words: uniform bits at the top, everything else in order.

use serde::{Deserialize, Serialize};

/// How the raw values of a capture become the canonical words of an evidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Image {
    /// Integers: `width` bits that start `high` bits below the top; all others are constant.
    Bits {
        /// Constant bits above.
        high: u32,
        /// Bits that vary.
        width: u32,
        /// Where the constant bits lie.
        constant_mask: u64,
        /// What they are.
        constant: u64,
    },
    /// Two's-complement integers that fill `width` bits.
    SignedBits {
        /// Bits of the type.
        width: u32,
    },
    /// Reals on a grid: (value + offset) · 2^scale is an integer of `width` bits.
    Grid {
        /// Added first: 0, or a power of two where negative values occur.
        offset: f64,
        /// Then multiplied by this power of two.
        scale: i32,
        /// Bits of the result.
        width: u32,
    },
    /// Reals of full precision in [0, 1): their top bits, which are uniform whatever the
    /// denominator was.
    TopBits {
        /// How many.
        width: u32,
    },
    /// Fractions k / divisor with k of `width` bits, such as `rand() / (double)RAND_MAX`.
    Fraction {
        /// The divisor.
        divisor: f64,
        /// Bits of k.
        width: u32,
    },
    /// Unsigned integers as they are.
    Unsigned,
    /// Two's-complement integers in their order.
    Signed,
    /// Doubles in their order.
    Real,
    /// Random UUIDs (version 4): 122 bits, 61 a word.
    Uuid4,
    /// Time-ordered UUIDs (version 7): the 62 bits that are neither time nor version nor counter.
    Uuid7,
    /// 128 bits as two words.
    Wide,
}

/// A raw value that the image does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    /// Its index among the raw values.
    pub at: usize,
}

impl Image {
    /// How many canonical words come of so many raw values.
    pub const fn words(&self, raw: u64) -> u64 {
        match self {
            Self::Uuid7 => raw / 2,
            _ => raw,
        }
    }

    /// How many raw values so many canonical words come from.
    pub const fn raw(&self, words: u64) -> u64 {
        match self {
            Self::Uuid7 => 2 * words,
            // Identifiers are read whole.
            Self::Uuid4 | Self::Wide => words + words % 2,
            _ => words,
        }
    }

    /// Converts in place and returns how many canonical words there are, at the front.
    ///
    /// # Errors
    /// The first value that does not fit; the values are then no longer of use.
    pub fn apply(&self, values: &mut [u64]) -> Result<usize, Misfit> {
        match *self {
            Self::Bits {
                high,
                width,
                constant_mask,
                constant,
            } => {
                if constant_mask == 0 {
                    return Ok(values.len());
                }
                let keep = top_mask(width);
                let mut wrong = 0;
                for value in values.iter_mut() {
                    let raw = *value;
                    wrong |= (raw & constant_mask) ^ constant;
                    // Top bits first; what lies below the constant block is cut off.
                    *value = (raw << high) & keep | u64::from(raw & constant_mask != constant);
                }
                if wrong == 0 {
                    Ok(values.len())
                } else {
                    first(values, |value| value & !keep != 0)
                }
            }
            Self::SignedBits { width } => {
                let (low, high) = (i64::MIN >> (64 - width), i64::MAX >> (64 - width));
                convert(values, |raw| {
                    let value = raw as i64;
                    (raw << (64 - width), value >= low && value <= high)
                })
            }
            Self::Grid {
                offset,
                scale,
                width,
            } => {
                let (factor, inverse) = (power_of_two(scale), power_of_two(-scale));
                let half = power_of_two(width as i32 - 1);
                convert(values, |raw| {
                    let value = f64::from_bits(raw);
                    let scaled = (value + offset) * factor;
                    // The upper half is moved down, where every integer is told from the next.
                    let upper = scaled >= half;
                    let rest = scaled - if upper { half } else { 0.0 };
                    let (k, whole) = nearest(rest);
                    let fits = (whole == rest)
                        & (rest >= 0.0)
                        & (rest < half)
                        & (scaled * inverse - offset == value);
                    let k = k | u64::from(upper) << (width - 1);
                    (k << (64 - width), fits)
                })
            }
            Self::TopBits { width } => {
                let factor = power_of_two(width as i32);
                convert(values, |raw| {
                    let value = f64::from_bits(raw);
                    let scaled = value * factor;
                    let (k, whole) = nearest(scaled);
                    let k = k.wrapping_sub(u64::from(whole > scaled));
                    (k << (64 - width), (0.0..1.0).contains(&value))
                })
            }
            Self::Fraction { divisor, width } => {
                let limit = power_of_two(width as i32);
                convert(values, |raw| {
                    let scaled = f64::from_bits(raw) * divisor;
                    let (k, whole) = nearest(scaled);
                    let fits = (whole >= 0.0) & (whole < limit) & near(scaled, whole);
                    (k << (64 - width), fits)
                })
            }
            Self::Unsigned | Self::Wide => Ok(values.len()),
            Self::Signed => {
                for value in values.iter_mut() {
                    *value ^= 1 << 63;
                }
                Ok(values.len())
            }
            Self::Real => {
                for value in values.iter_mut() {
                    // Minus zero is zero; then the order of doubles is that of these integers.
                    let bits = (f64::from_bits(*value) + 0.0).to_bits();
                    let sign = (bits as i64 >> 63) as u64;
                    *value = bits ^ (sign | 1 << 63);
                }
                Ok(values.len())
            }
            Self::Uuid4 => {
                for at in (0..values.len() / 2 * 2).step_by(2) {
                    let (high, low) = (values[at], values[at + 1]);
                    if !is_version(high, low, 4) {
                        return Err(Misfit { at });
                    }
                    // 60 bits without the version, then 62 without the variant.
                    let random = u128::from(high >> 16 << 12 | high & 0xfff) << 62
                        | u128::from(low & (u64::MAX >> 2));
                    values[at] = ((random >> 61) as u64) << 3;
                    values[at + 1] = (random as u64) << 3;
                }
                Ok(values.len())
            }
            Self::Uuid7 => {
                for at in (0..values.len() / 2 * 2).step_by(2) {
                    if !is_version(values[at], values[at + 1], 7) {
                        return Err(Misfit { at });
                    }
                    values[at / 2] = values[at + 1] << 2;
                }
                Ok(values.len() / 2)
            }
        }
    }
}

/// Whether 128 bits are a UUID of this version (RFC 9562, section 4).
pub(super) const fn is_version(high: u64, low: u64, version: u64) -> bool {
    high >> 12 & 0xf == version && low >> 62 == 0b10
}

/// Whether a product of a double and a divisor is an integer but for the rounding of both.
pub(super) fn near(scaled: f64, integer: f64) -> bool {
    (scaled - integer).abs() <= 2.0 * f64::EPSILON * scaled.abs().max(1.0)
}

/// 2^exponent, exactly, for exponents of normal doubles.
pub(super) fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

const fn top_mask(width: u32) -> u64 {
    if width == 0 {
        0
    } else {
        u64::MAX << (64 - width)
    }
}

/// The integer nearest to a double from 0 to below 2^52, as an integer and as a double. Callers
/// refuse other doubles, and those that the second shows to be no integers.
///
/// Added to 2^52, a smaller double is rounded to an integer that is the sum's significand. Unlike a
/// conversion, that takes part in loops over several values at once.
#[inline]
fn nearest(value: f64) -> (u64, f64) {
    const SHIFT: f64 = (1u64 << 52) as f64;
    let sum = value + SHIFT;
    (sum.to_bits().wrapping_sub(SHIFT.to_bits()), sum - SHIFT)
}

/// Converts every value; the check is folded so that the loop has no branch.
#[inline]
fn convert(values: &mut [u64], image: impl Fn(u64) -> (u64, bool)) -> Result<usize, Misfit> {
    /// Values converted before the check is looked at.
    const BLOCK: usize = 512;
    let mut start = 0;
    for block in values.chunks_mut(BLOCK) {
        let mut copy = [0; BLOCK];
        let copy = &mut copy[..block.len()];
        copy.copy_from_slice(block);
        let mut wrong = 0;
        for (value, raw) in block.iter_mut().zip(copy.iter()) {
            let (word, fits) = image(*raw);
            *value = word;
            wrong |= u64::from(!fits);
        }
        if wrong != 0 {
            let at = copy.iter().position(|&raw| !image(raw).1);
            return Err(Misfit {
                at: start + at.unwrap_or(0),
            });
        }
        start += block.len();
    }
    Ok(values.len())
}

fn first(values: &[u64], wrong: impl Fn(u64) -> bool) -> Result<usize, Misfit> {
    let at = values.iter().position(|&value| wrong(value)).unwrap_or(0);
    Err(Misfit { at })
}

#[cfg(test)]
mod tests;
