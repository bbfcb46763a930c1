//! Low-discrepancy sequences with random scrambles.
//!
//! Halton (1960) with a random permutation of each digit; Sobol' (1967) with the direction numbers of
//! Joe & Kuo (SIAM J. Sci. Comput. 30, 2008), a random lower triangular matrix and a digital shift
//! (Matoušek 1998).

use super::draw::Draw;

const PRIMES: [usize; 5] = [2, 3, 5, 7, 11];

/// The first `D` dimensions of a Halton sequence, scrambled.
pub struct Halton<const D: usize> {
    /// For each dimension, for each place a permutation of the digits.
    digits: [Vec<Vec<usize>>; D],
}

impl<const D: usize> Halton<D> {
    /// With permutations of its own, as many places as a double can tell apart.
    pub fn scrambled(draw: &mut Draw) -> Self {
        Self {
            digits: std::array::from_fn(|d| {
                let base = PRIMES[d];
                let places = (53.0 / (base as f64).log2()).ceil() as usize;
                draw.list(places, |draw| draw.permutation(base))
            }),
        }
    }

    /// Point number `at`, from 0.
    pub fn point(&self, at: usize) -> [f64; D] {
        std::array::from_fn(|d| {
            let base = PRIMES[d];
            let (mut left, mut x, mut unit) = (at, 0.0, 1.0);
            for place in &self.digits[d] {
                unit /= base as f64;
                x += place[left % base] as f64 * unit;
                left /= base;
            }
            x
        })
    }
}

const BITS: usize = 32;

/// The first `D` ≤ 3 dimensions of a Sobol' sequence.
pub struct Sobol<const D: usize> {
    directions: [[u32; BITS]; D],
    shift: [u32; D],
}

impl<const D: usize> Sobol<D> {
    /// As it is defined.
    pub fn plain() -> Self {
        Self {
            directions: std::array::from_fn(directions),
            shift: [0; D],
        }
    }

    /// With a matrix and a shift of its own.
    pub fn scrambled(draw: &mut Draw) -> Self {
        let mut sobol = Self::plain();
        for dimension in &mut sobol.directions {
            // Row i of the matrix, from the highest bit: random before the diagonal, 1 on it.
            let rows: [u32; BITS] = std::array::from_fn(|i| {
                let above = !(u32::MAX >> i);
                (draw.word() as u32 & above) | 1 << (BITS - 1 - i)
            });
            for direction in dimension {
                *direction = rows.iter().enumerate().fold(0, |image, (i, row)| {
                    image | ((row & *direction).count_ones() & 1) << (BITS - 1 - i)
                });
            }
        }
        sobol.shift = std::array::from_fn(|_| draw.word() as u32);
        sobol
    }

    /// Point number `at`, from 0.
    pub fn point(&self, at: usize) -> [f64; D] {
        std::array::from_fn(|d| {
            let bits = (0..BITS)
                .filter(|bit| at >> bit & 1 == 1)
                .fold(self.shift[d], |x, bit| x ^ self.directions[d][bit]);
            f64::from(bits) * 0.5_f64.powi(BITS as i32)
        })
    }
}

/// The direction numbers of a dimension from 0.
fn directions(dimension: usize) -> [u32; BITS] {
    // Degree and inner coefficients of the primitive polynomial, and the first direction numbers.
    let (degree, inner, first): (usize, u32, &[u32]) = match dimension {
        0 => return std::array::from_fn(|bit| 1 << (BITS - 1 - bit)),
        1 => (1, 0, &[1]),
        2 => (2, 1, &[1, 3]),
        _ => panic!("Sobol' points have three dimensions here"),
    };
    let mut v = [0; BITS];
    for bit in 0..BITS {
        v[bit] = if bit < degree {
            first[bit] << (BITS - 1 - bit)
        } else {
            let mut next = v[bit - degree] ^ v[bit - degree] >> degree;
            for k in 1..degree {
                if inner >> (degree - 1 - k) & 1 == 1 {
                    next ^= v[bit - k];
                }
            }
            next
        };
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_sobol_points_are_the_published_ones() {
        // Joe & Kuo's first points in natural order: those of their Gray code order, sorted by index.
        let sobol = Sobol::<3>::plain();
        assert_eq!(sobol.point(0), [0.0; 3]);
        assert_eq!(sobol.point(1), [0.5; 3]);
        assert_eq!(sobol.point(2), [0.25, 0.75, 0.75]);
        assert_eq!(sobol.point(3), [0.75, 0.25, 0.25]);
    }

    /// Each of n strata of an axis holds one of the first n points.
    fn stratified<const D: usize>(n: usize, axis: usize, point: impl Fn(usize) -> [f64; D]) {
        let mut seen = vec![false; n];
        for at in 0..n {
            let stratum = (point(at)[axis] * n as f64) as usize;
            assert!(
                !std::mem::replace(&mut seen[stratum], true),
                "stratum {stratum}"
            );
        }
    }

    #[test]
    fn scrambled_points_are_still_nets() {
        let mut draw = Draw::new([5; 32], 0);
        for _ in 0..5 {
            let sobol = Sobol::<3>::scrambled(&mut draw);
            let halton = Halton::<3>::scrambled(&mut draw);
            for (axis, base) in PRIMES.into_iter().enumerate().take(3) {
                stratified(64, axis, |at| sobol.point(at));
                stratified(base.pow(3), axis, |at| halton.point(at));
            }
        }
    }
}
