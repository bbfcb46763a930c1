//! Arithmetic of congruential generators: modulo powers of 2, and modulo Mersenne primes.

/// In what the words of a generator are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Modulus {
    /// 2^width, of elements that start so many bits above the lowest of a word.
    Power { width: u32, above: u32 },
    /// The prime 2^width − 1.
    Prime { width: u32 },
}

impl Modulus {
    /// What elements of this width may be counted in.
    pub(super) fn of(width: u32) -> Vec<Self> {
        let whole = Self::Power {
            width,
            above: 64 - width,
        };
        match width {
            64 => vec![
                whole,
                Self::Power {
                    width: 32,
                    above: 0,
                },
            ],
            31 | 61 => vec![whole, Self::Prime { width }],
            _ => vec![whole],
        }
    }

    pub(super) const fn width(self) -> u32 {
        match self {
            Self::Power { width, .. } | Self::Prime { width } => width,
        }
    }

    /// The element of a canonical word.
    pub(super) const fn element(self, word: u64) -> u64 {
        match self {
            Self::Power { above, .. } => word >> above & self.mask(),
            Self::Prime { width } => word >> (64 - width),
        }
    }

    const fn mask(self) -> u64 {
        u64::MAX >> (64 - self.width())
    }

    pub(super) fn minus(self, x: u64, y: u64) -> u64 {
        match self {
            Self::Power { .. } => x.wrapping_sub(y) & self.mask(),
            Self::Prime { .. } => {
                let prime = u128::from(self.mask());
                ((u128::from(x) + prime - u128::from(y) % prime) % prime) as u64
            }
        }
    }

    pub(super) fn times(self, x: u64, y: u64) -> u64 {
        match self {
            Self::Power { .. } => x.wrapping_mul(y) & self.mask(),
            Self::Prime { .. } => (u128::from(x) * u128::from(y) % u128::from(self.mask())) as u64,
        }
    }

    /// Factors of 2, where they stand in the way of a quotient.
    pub(super) fn twos(self, x: u64) -> u32 {
        match self {
            Self::Power { width, .. } => x.trailing_zeros().min(width),
            Self::Prime { .. } => 0,
        }
    }

    /// The quotient y/x; modulo 2^w, of two numbers with equally many factors of 2, it is known
    /// modulo 2^w without as many, and the others are left 0.
    pub(super) fn quotient(self, y: u64, x: u64) -> Option<u64> {
        if x == 0 || y == 0 || self.twos(x) != self.twos(y) {
            return None;
        }
        match self {
            Self::Power { .. } => {
                let (x, y, twos) = (x >> self.twos(x), y >> self.twos(y), self.twos(x));
                // Newton: every step doubles the bits that are right; x·x = 1 mod 8.
                let mut inverse = x;
                for _ in 0..5 {
                    inverse = inverse.wrapping_mul(2_u64.wrapping_sub(x.wrapping_mul(inverse)));
                }
                Some(y.wrapping_mul(inverse) & self.mask() >> twos)
            }
            Self::Prime { .. } => {
                // Fermat: x^(p − 2).
                let (mut power, mut base, mut left) = (1, x, self.mask() - 2);
                while left > 0 {
                    if left & 1 == 1 {
                        power = self.times(power, base);
                    }
                    base = self.times(base, base);
                    left >>= 1;
                }
                Some(self.times(y, power))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::splitmix;

    #[test]
    fn quotients_undo_products() {
        let mut draw = splitmix(1);
        for modulus in [
            Modulus::Power {
                width: 48,
                above: 16,
            },
            Modulus::Prime { width: 61 },
            Modulus::Prime { width: 31 },
        ] {
            for _ in 0..100 {
                let mut number = || modulus.element(draw() | 1 << 16);
                let (x, y) = (number() | 1, number() | 1);
                let quotient = modulus.quotient(y, x).unwrap();
                assert_eq!(modulus.times(quotient, x), y, "{modulus:?}");
            }
        }
        let modulus = Modulus::Power {
            width: 64,
            above: 0,
        };
        // 5 · 8 = 40: the quotient of 40 and 8 is 5, known modulo 2^61.
        assert_eq!(modulus.quotient(40, 8), Some(5));
        assert_eq!(modulus.quotient(40, 4), None);
    }
}
