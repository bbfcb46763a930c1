//! From raw values to canonical words: uniform bits at the top, everything else in order.

/// How the raw values of a capture become the canonical words of an evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
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
                let (low, high) = (-(1i64 << (width - 1)), (1i64 << (width - 1)) - 1);
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
                let factor = power_of_two(scale);
                let limit = 1i64 << width;
                convert(values, |raw| {
                    let value = f64::from_bits(raw);
                    let scaled = (value + offset) * factor;
                    let k = scaled as i64;
                    let fits = k as f64 == scaled
                        && k >= 0
                        && k < limit
                        && k as f64 / factor - offset == value;
                    ((k as u64) << (64 - width), fits)
                })
            }
            Self::TopBits { width } => {
                let factor = power_of_two(width as i32);
                convert(values, |raw| {
                    let value = f64::from_bits(raw);
                    (
                        ((value * factor) as u64) << (64 - width),
                        (0.0..1.0).contains(&value),
                    )
                })
            }
            Self::Fraction { divisor, width } => {
                let limit = power_of_two(width as i32);
                convert(values, |raw| {
                    let scaled = f64::from_bits(raw) * divisor;
                    let k = scaled.round();
                    let fits = k >= 0.0 && k < limit && near(scaled, k);
                    ((k as u64) << (64 - width), fits)
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

/// Converts every value; the check is folded so that the loop has no branch.
#[inline]
fn convert(values: &mut [u64], image: impl Fn(u64) -> (u64, bool)) -> Result<usize, Misfit> {
    /// Values converted before the check is looked at.
    const BLOCK: usize = 1024;
    let mut start = 0;
    for block in values.chunks_mut(BLOCK) {
        let mut copy = [0; BLOCK];
        let copy = &mut copy[..block.len()];
        copy.copy_from_slice(block);
        let mut all_fit = true;
        for (value, raw) in block.iter_mut().zip(copy.iter()) {
            let (word, fits) = image(*raw);
            *value = word;
            all_fit &= fits;
        }
        if !all_fit {
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
mod tests {
    use super::*;

    #[test]
    fn uniform_bits_go_to_the_top() {
        let image = Image::Bits {
            high: 32,
            width: 32,
            constant_mask: 0xffff_ffff_0000_0000,
            constant: 0,
        };
        let mut values = [1, 0xffff_ffff];
        assert_eq!(image.apply(&mut values), Ok(2));
        assert_eq!(values, [1 << 32, 0xffff_ffff_0000_0000]);
        assert_eq!(image.apply(&mut [5, 1 << 32]), Err(Misfit { at: 1 }));
    }

    #[test]
    fn grids_are_exact() {
        let image = Image::Grid {
            offset: 0.0,
            scale: 53,
            width: 53,
        };
        let k = 0x1f_ffff_ffff_fff1u64;
        let mut values = [(k as f64 / power_of_two(53)).to_bits(), 0];
        assert_eq!(image.apply(&mut values), Ok(2));
        assert_eq!(values, [k << 11, 0]);
        for wrong in [1.0f64, -0.25, 1e-300, 3e20] {
            assert_eq!(image.apply(&mut [wrong.to_bits()]), Err(Misfit { at: 0 }));
        }
        let signed = Image::Grid {
            offset: 1.0,
            scale: 31,
            width: 32,
        };
        let mut values = [(-1.0f64).to_bits(), 0.0f64.to_bits()];
        assert_eq!(signed.apply(&mut values), Ok(2));
        assert_eq!(values, [0, 1 << 63]);
    }

    #[test]
    fn real_images_keep_the_order() {
        let sorted = [-1e300, -1.0, -1e-310, 0.0, 1e-310, 0.5, 2.0];
        let mut values: Vec<u64> = sorted.iter().map(|v: &f64| v.to_bits()).collect();
        Image::Real.apply(&mut values).unwrap();
        assert!(values.is_sorted());
        let mut zeros = [0.0f64.to_bits(), (-0.0f64).to_bits()];
        Image::Real.apply(&mut zeros).unwrap();
        assert_eq!(zeros[0], zeros[1]);
    }

    #[test]
    fn identifiers_lose_their_version_bits_only() {
        let high = 0xffff_ffff_ffff_4fff;
        let low = 0xbfff_ffff_ffff_ffff;
        let mut values = [high, low];
        assert_eq!(Image::Uuid4.apply(&mut values), Ok(2));
        assert_eq!(values, [u64::MAX << 3, u64::MAX << 3]);
        let mut one = [high & !1, low];
        Image::Uuid4.apply(&mut one).unwrap();
        assert_ne!(one, values, "every random bit counts");
        assert_eq!(Image::Uuid7.apply(&mut [high, low]), Err(Misfit { at: 0 }));
        let mut seven = [0x0123_4567_89ab_7000, 0x8000_0000_0000_0001];
        assert_eq!(Image::Uuid7.apply(&mut seven), Ok(1));
        assert_eq!(seven[0], 4);
    }
}
