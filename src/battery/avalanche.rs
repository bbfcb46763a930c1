//! Which bits of a seed have no effect, and which have too little.

use super::{
    Depth, Outcome, TestResult, TestSpec, View,
    kernels::pairs::distance,
    places::{Spot, plain},
};
use crate::{
    core::Law,
    math::{Tails, binomial_tails},
};

/// What [`avalanche`] is, for `explain` and reports; it takes a seed, not an evidence, and so is not
/// in the registry of tests.
pub const AVALANCHE: TestSpec = TestSpec {
    id: "seed-avalanche",
    null: "flipping any bit of the seed changes every bit of the first words with probability one half, independently",
    statistic: "bits of the first words that change, for each bit of the seed, over all base seeds; seed bits with no effect at all",
    law: "no effect: exact (the words are equal). Weak effect: binomial, times the bits of the seed",
    sees: "seed bits that are ignored (a 64-bit seed cut to 32), or that reach the output only slowly",
    misses: "relations between seeds that differ in more than one bit",
    source: "A. F. Webster, S. E. Tavares, On the design of S-boxes, CRYPTO '85, doi:10.1007/3-540-39799-X_41 (strict avalanche criterion)",
    finding: "dead-seed-bits",
    power_on: "a 64-bit seed of which the top 32 bits are dropped",
    depth: Depth::Full,
};

/// How the first words answer to one-bit flips of the seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Avalanche {
    /// Bits of output compared for every flip, over all base seeds.
    pub bits: u64,
    /// For each bit of the seed (lowest bit of the first word first): output bits that changed.
    pub changed: Vec<u64>,
}

/// Flips each of the first `seed_bits` bits of every base seed and compares the first words.
///
/// `open` gives the first words of the stream with a seed, always equally many.
///
/// # Panics
/// When a base seed has fewer than `seed_bits` bits, or `open` gives different numbers of words.
///
/// ```
/// use seedbench::battery::avalanche;
///
/// // A seed that is cut to 32 bits.
/// let cut = avalanche(64, &[vec![7], vec![1 << 40 | 3]], &mut |seed| {
///     vec![(seed[0] & 0xffff_ffff).wrapping_mul(0x9e37_79b9_7f4a_7c15)]
/// });
/// assert_eq!(cut.dead(), (32..64).collect::<Vec<u32>>());
/// ```
pub fn avalanche(
    seed_bits: u32,
    bases: &[Vec<u64>],
    open: &mut dyn FnMut(&[u64]) -> Vec<u64>,
) -> Avalanche {
    let mut changed = vec![0; seed_bits as usize];
    let mut bits = 0;
    for base in bases {
        assert!(
            64 * base.len() >= seed_bits as usize,
            "a base seed of {} words",
            base.len()
        );
        let first = open(base);
        bits += 64 * first.len() as u64;
        let mut seed = base.clone();
        for (bit, changed) in changed.iter_mut().enumerate() {
            seed[bit / 64] ^= 1 << (bit % 64);
            let other = open(&seed);
            seed[bit / 64] ^= 1 << (bit % 64);
            assert_eq!(first.len(), other.len(), "words of one seed and another");
            *changed += distance(&first, &other);
        }
    }
    Avalanche { bits, changed }
}

impl Avalanche {
    /// Bits of the seed that changed nothing, ascending.
    pub fn dead(&self) -> Vec<u32> {
        self.changed
            .iter()
            .enumerate()
            .filter(|&(_, &changed)| changed == 0)
            .map(|(bit, _)| bit as u32)
            .collect()
    }

    /// Dead bits in words: `32–63`, or `0, 5–7`; `None` where every bit has an effect.
    pub fn dead_ranges(&self) -> Option<String> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for bit in self.dead() {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == bit => *last = bit,
                _ => ranges.push((bit, bit)),
            }
        }
        let text = |(first, last): &(u32, u32)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}–{last}")
            }
        };
        (!ranges.is_empty()).then(|| ranges.iter().map(text).collect::<Vec<_>>().join(", "))
    }

    /// The result of the test, for output words of `width` uniform bits at the top.
    pub fn results(&self, width: u32) -> Vec<TestResult> {
        let bits = self.bits / 64 * u64::from(width);
        let Some((worst, &changed)) = self
            .changed
            .iter()
            .enumerate()
            .max_by_key(|&(bit, &changed)| ((2 * changed).abs_diff(bits), std::cmp::Reverse(bit)))
        else {
            return Vec::new();
        };
        let looked = self.changed.len() as f64;
        let detail = match self.dead_ranges() {
            Some(ranges) => format!("seed bits {ranges} have no effect"),
            None => format!("seed bit {worst}: output bits that change"),
        };
        // Few bits of output cannot be out of balance by chance alone either: all of it is one law.
        let tails = if bits == 0 {
            Tails::CERTAIN
        } else {
            binomial_tails(changed.min(bits), bits, 0.5).times(looked)
        };
        plain(
            &AVALANCHE,
            vec![Spot {
                view: View::Alone,
                kin: "",
                detail,
                streams: Vec::new(),
                tails,
                law: Law::Exact,
                statistic: changed as f64,
                expected: bits as f64 / 2.0,
            }],
        )
    }

    /// The least p-value of [`results`](Self::results).
    pub fn p(&self, width: u32) -> Option<f64> {
        self.results(width)
            .iter()
            .find_map(|result| match &result.outcome {
                Outcome::Tested { p, .. } => Some(p.two_sided()),
                Outcome::Inapplicable { .. } => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::battery::{samples::splitmix, views::mix};

    fn bases() -> Vec<Vec<u64>> {
        (0..16).map(|i| vec![mix(i), mix(i + 100)]).collect()
    }

    #[test]
    fn every_bit_of_a_hashed_seed_counts() {
        let all = avalanche(128, &bases(), &mut |seed| {
            let mut draw = splitmix(mix(seed[0]) ^ seed[1]);
            vec![draw(), draw()]
        });
        assert_eq!(all.dead_ranges(), None);
        assert!(all.p(64).unwrap() > 1e-6);
    }

    #[test]
    fn dead_and_weak_bits_are_named() {
        let cut = avalanche(128, &bases(), &mut |seed| vec![splitmix(seed[0] >> 1)()]);
        assert_eq!(cut.dead_ranges().unwrap(), "0, 64–127");
        assert!(cut.p(64).unwrap() < 1e-100);
        let weak = avalanche(64, &bases(), &mut |seed| vec![seed[0].rotate_left(7)]);
        assert_eq!(weak.dead(), [0_u32; 0]);
        assert!(weak.p(64).unwrap() < 1e-100);
    }

    #[test]
    fn size_holds_on_a_hundred_thousand_sound_expansions() {
        // No test of the registry, and so cheap that the long run is the only one.
        const REPLICATES: u64 = 100_000;
        let p_values: Vec<f64> = (0..REPLICATES)
            .map(|salt| {
                let bases = [vec![mix(salt)], vec![mix(salt + REPLICATES)]];
                let expand = &mut |seed: &[u64]| vec![splitmix(mix(seed[0]) ^ salt << 32)()];
                avalanche(16, &bases, expand).p(64).unwrap()
            })
            .collect();
        for alpha in [0.5, 0.1, 0.01, 1e-3, 1e-4] {
            let alarms = p_values.iter().filter(|&&p| p <= alpha).count() as u64;
            let (low, _) = crate::math::clopper_pearson(alarms, REPLICATES, 1e-6);
            assert!(low <= alpha, "{alarms} of {REPLICATES} at {alpha}");
        }
    }
}
