//! Draws of the laws that programs use. All of them come from one keyed stream of ChaCha8, so that two
//! streams of one key never share a word by construction.

use std::f64::consts::TAU;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A soundly seeded source of draws.
#[derive(Clone, Debug)]
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// Stream `stream` of a key.
    pub fn new(key: [u8; 32], stream: u64) -> Self {
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(stream);
        Self(rng)
    }

    /// 64 uniform bits.
    pub fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 * 0.5_f64.powi(53)
    }

    /// Uniform in (0, 1).
    pub fn open_unit(&mut self) -> f64 {
        ((self.word() >> 12) as f64 + 0.5) * 0.5_f64.powi(52)
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Log-uniform in [low, high).
    pub fn log_between(&mut self, low: f64, high: f64) -> f64 {
        self.between(low.ln(), high.ln()).exp()
    }

    /// Uniform in 0 … bound − 1, without bias (Lemire, ACM TOMACS 29, 2019).
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        loop {
            let product = u128::from(self.word()) * u128::from(bound);
            if product as u64 >= bound.wrapping_neg() % bound {
                return (product >> 64) as usize;
            }
        }
    }

    /// A whole number from `low` to `high`, both possible.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of the items.
    pub fn choose<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// −1 or 1.
    pub fn step(&mut self) -> i64 {
        if self.chance(0.5) { 1 } else { -1 }
    }

    /// Two independent standard normals (Box & Muller 1958).
    pub fn normals(&mut self) -> [f64; 2] {
        let radius = (-2.0 * self.open_unit().ln()).sqrt();
        let (sine, cosine) = (TAU * self.unit()).sin_cos();
        [radius * cosine, radius * sine]
    }

    /// A standard normal.
    pub fn normal(&mut self) -> f64 {
        self.normals()[0]
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -self.open_unit().ln()
    }

    /// Gamma of a shape, with scale 1 (Marsaglia & Tsang 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.open_unit().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.open_unit().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Beta of two shapes.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        x / (x + y)
    }

    /// Poisson of a mean below some hundreds (Knuth's product).
    pub fn poisson(&mut self, mean: f64) -> i64 {
        let limit = (-mean).exp();
        let mut product = self.open_unit();
        let mut count = 0;
        while product > limit {
            product *= self.open_unit();
            count += 1;
        }
        count
    }

    /// How many of `n` trials succeed.
    pub fn binomial(&mut self, n: usize, p: f64) -> i64 {
        (0..n).filter(|_| self.chance(p)).count() as i64
    }

    /// An index with probability proportional to its weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        weights.len() - 1
    }

    /// Fisher and Yates' shuffle.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// 0 … n − 1 in random order.
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }

    /// So many values, each from `one`.
    pub fn list<T>(&mut self, n: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..n).map(|_| one(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of draws against those of the law, within five standard errors.
    fn holds(mean: f64, variance: f64, mut one: impl FnMut(&mut Draw) -> f64) {
        let mut draw = Draw::new([7; 32], 0);
        let values = draw.list(20_000, &mut one);
        let n = values.len() as f64;
        let found = values.iter().sum::<f64>() / n;
        let spread = values.iter().map(|x| (x - found).powi(2)).sum::<f64>() / n;
        assert!(
            (found - mean).abs() < 5.0 * (variance / n).sqrt(),
            "mean {found}"
        );
        assert!((spread / variance - 1.0).abs() < 0.12, "variance {spread}");
    }

    #[test]
    fn laws_have_their_mean_and_variance() {
        holds(0.5, 1.0 / 12.0, Draw::unit);
        holds(0.5, 1.0 / 12.0, Draw::open_unit);
        holds(0.0, 1.0, Draw::normal);
        holds(0.0, 1.0, |draw| draw.normals()[1]);
        holds(1.0, 1.0, Draw::exponential);
        holds(2.5, 2.5, |draw| draw.gamma(2.5));
        holds(0.4, 0.4, |draw| draw.gamma(0.4));
        holds(0.4, 0.04, |draw| draw.beta(2.0, 3.0));
        holds(6.5, 6.5, |draw| draw.poisson(6.5) as f64);
        holds(3.0, 2.1, |draw| draw.binomial(10, 0.3) as f64);
        holds(3.5, 35.0 / 12.0, |draw| draw.whole(1, 6) as f64);
        holds(1.5, 0.75, |draw| {
            draw.weighted(&[1.0, 0.0, 3.0]) as f64 * 1.0
        });
    }

    #[test]
    fn shuffles_are_permutations() {
        let mut draw = Draw::new([1; 32], 3);
        let mut order = draw.permutation(50);
        assert_ne!(order, (0..50).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..50).collect::<Vec<_>>());
    }
}
