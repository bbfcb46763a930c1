//! Which bits of a seed have no effect, and which have too little.

use rayon::prelude::*;

use super::places::{Spot, attributed, of_kin, plain};
use crate::{
    math::{Tails, binomial_tails},
    results::{Depth, FindingKind, SeedWalk, TestResult, TestSpec, View, ranges},
};

/// What [`Avalanche::dead_bits`] tests.
pub const SEED_BITS: TestSpec = TestSpec {
    id: "seed-bits",
    null: "streams whose seeds differ in one bit differ",
    statistic: "bits of the seed that, flipped one at a time in several base seeds, change no word of any stream",
    law: &[
        "exact: n words of w uniform bits are equal by chance with probability 2^−nw, times the bits of the seed",
    ],
    sees: &[
        "bits of the seed that are ignored: a 64-bit seed cut to 32, low bits that are shifted out",
    ],
    misses: &["bits that have an effect only together, or only with some base seeds"],
    source: "A. F. Webster, S. E. Tavares, On the design of S-boxes, CRYPTO '85, doi:10.1007/3-540-39799-X_41 (completeness)",
    finding: FindingKind::DeadSeedBits,
    power_on: "a 64-bit seed of which the top 32 bits are dropped",
    depth: Depth::Full,
};

/// What [`Avalanche::weak_bits`] tests.
pub const SEED_AVALANCHE: TestSpec = TestSpec {
    id: "seed-avalanche",
    null: "flipping a bit of the seed changes every bit of the first words with probability one half, independently",
    statistic: "for each bit of the seed that has an effect, how many bits of the first words change; for each bit of the first words, how many flips change it",
    law: &[
        "binomial, exact at any size: given the words of the base seed, those of every flip are fresh uniform words",
        "times the bits of the seed and of the first words",
    ],
    sees: &[
        "seed bits that reach the output slowly or linearly",
        "output bits that no bit of the seed, or every one, changes",
    ],
    misses: &[
        "relations between seeds that differ in more than one bit, and what shows only after the first words",
    ],
    source: "A. F. Webster, S. E. Tavares, On the design of S-boxes, CRYPTO '85, doi:10.1007/3-540-39799-X_41 (strict avalanche criterion)",
    finding: FindingKind::BiasedStart,
    power_on: "the first words of xorshift128 with the seed in its state",
    depth: Depth::Full,
};

/// The words of some streams under base seeds and under every flip of one of their bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Avalanche {
    words: usize,
    width: u32,
    bases: u32,
    streams: u32,
    /// For each bit of the seed.
    flips: Vec<Flip>,
    /// For each uniform bit of each of the first words: the flips that changed it, over streams.
    outputs: Vec<u64>,
    /// Different streams compared, over all flips that changed anything.
    compared: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Flip {
    /// Uniform bits of output that changed.
    changed: u64,
    /// Uniform bits of output that were compared.
    bits: u64,
    /// Whether any word changed.
    alive: bool,
}

/// Flips each of the first `seed_bits` bits of every base seed and compares the first words.
///
/// `open` gives the words of all streams of a seed, `words` of each, stream after stream; of a word
/// the top `width` bits are uniform. Bit 0 is the lowest bit of the first byte.
///
/// # Errors
/// The first of `open`.
///
/// ```
/// use seedbench::statistics::avalanche;
///
/// // A seed that is cut to 32 bits.
/// let cut = avalanche::<()>(64, 1, 64, &[vec![7; 8], vec![42; 8]], |seed| {
///     let low = u32::from_le_bytes([seed[0], seed[1], seed[2], seed[3]]);
///     Ok(vec![u64::from(low).wrapping_mul(0x9e37_79b9_7f4a_7c15)])
/// })?;
/// assert_eq!(cut.dead(), [(32, 63)]);
/// # Ok::<(), ()>(())
/// ```
pub fn avalanche<E: Send>(
    seed_bits: u32,
    words: usize,
    width: u32,
    bases: &[Vec<u8>],
    open: impl Fn(&[u8]) -> Result<Vec<u64>, E> + Sync,
) -> Result<Avalanche, E> {
    let mut walk = Avalanche::new(seed_bits, words, width);
    for base in bases {
        let first = open(base)?;
        let flipped: Vec<Vec<u64>> = (0..seed_bits)
            .into_par_iter()
            .map(|bit| {
                let mut seed = base.clone();
                seed[bit as usize / 8] ^= 1 << (bit % 8);
                open(&seed)
            })
            .collect::<Result<_, E>>()?;
        for (bit, other) in (0..).zip(&flipped) {
            walk.add(bit, &first, other);
        }
        walk.count_base();
    }
    Ok(walk)
}

impl Avalanche {
    /// Nothing compared yet.
    pub fn new(seed_bits: u32, words: usize, width: u32) -> Self {
        Self {
            words,
            width,
            bases: 0,
            streams: 0,
            flips: vec![Flip::default(); seed_bits as usize],
            outputs: vec![0; words * width as usize],
            compared: 0,
        }
    }

    /// Compares the words of a base seed with those under one flipped bit, stream after stream.
    ///
    /// # Panics
    /// When the two are not equally many streams of this walk's words, or there is no such bit.
    pub fn add(&mut self, bit: u32, base: &[u64], flipped: &[u64]) {
        assert_eq!(base.len(), flipped.len(), "words of one seed and another");
        assert_eq!(base.len() % self.words.max(1), 0, "whole streams");
        let streams = base.len() / self.words.max(1);
        self.streams = self.streams.max(streams as u32);
        // Streams of one seed that are equal, a flaw of its own, are one trial and not several.
        let pairs = || {
            base.chunks_exact(self.words)
                .zip(flipped.chunks_exact(self.words))
        };
        let fresh = |nth: usize, a: &[u64], b: &[u64]| {
            !pairs()
                .take(nth)
                .any(|(earlier, later)| earlier == a || later == b)
        };
        let flip = &mut self.flips[bit as usize];
        // What changes nothing at all is dead, and no weak flip.
        let alive = base != flipped;
        flip.alive |= alive;
        for (nth, (a, b)) in pairs().enumerate() {
            if !fresh(nth, a, b) {
                continue;
            }
            flip.bits += (self.words * self.width as usize) as u64;
            if !alive {
                continue;
            }
            self.compared += 1;
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                // The uniform bits are the top ones.
                let changed = (a ^ b) >> (64 - self.width);
                flip.changed += u64::from(changed.count_ones());
                let first = at * self.width as usize;
                for place in 0..self.width as usize {
                    self.outputs[first + place] += changed >> place & 1;
                }
            }
        }
    }

    /// One more base seed has been walked from.
    pub(crate) const fn count_base(&mut self) {
        self.bases += 1;
    }

    /// Bits of the seed that changed nothing, as first and last of each range, ascending.
    pub fn dead(&self) -> Vec<(u32, u32)> {
        self.dead_below(self.flips.len() as u32)
    }

    fn dead_below(&self, end: u32) -> Vec<(u32, u32)> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let dead = |bit: &u32| {
            let flip = &self.flips[*bit as usize];
            flip.bits > 0 && !flip.alive
        };
        for bit in (0..end).filter(dead) {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == bit => *last = bit,
                _ => ranges.push((bit, bit)),
            }
        }
        ranges
    }

    /// The walk in short. The rule says that it reads the lowest `declared` bits.
    pub fn summary(&self, declared: u32) -> SeedWalk {
        let percent = |flip: &Flip| (100 * flip.changed).div_ceil(flip.bits.max(1)) as u8;
        SeedWalk {
            bits: self.flips.len() as u32,
            declared,
            bases: self.bases,
            streams: self.streams,
            words: self.words as u32,
            dead: self.dead(),
            changed: self.flips.iter().map(percent).collect(),
        }
    }

    /// Whether any of the lowest `declared` bits has no effect.
    pub fn dead_bits(&self, declared: u32) -> Vec<TestResult> {
        let dead = self.dead_below(declared);
        let count: u32 = dead.iter().map(|(first, last)| last - first + 1).sum();
        let walked = self
            .flips
            .iter()
            .map(|flip| flip.bits)
            .filter(|&bits| bits > 0);
        let bits = walked.min().unwrap_or(0);
        let (detail, tails) = if count == 0 {
            (format!("{declared} bits"), Tails::CERTAIN)
        } else {
            (
                format!("{} of the seed", ranges(&dead)),
                // A whole walk of equal words, bit by bit of the seed.
                Tails::upper_only(f64::from(declared).ln() - bits as f64 * std::f64::consts::LN_2),
            )
        };
        plain(
            &SEED_BITS,
            vec![Spot::new(
                View::SeedFlips,
                detail,
                tails,
                (f64::from(count), 0.0),
            )],
        )
    }

    /// Whether any of the lowest `declared` bits has too little or too regular an effect. `control` is
    /// the same walk where a flip leads to an independent seed.
    pub fn weak_bits(
        &self,
        declared: u32,
        control: impl FnOnce() -> Option<Self>,
    ) -> Vec<TestResult> {
        attributed(&SEED_AVALANCHE, self.spots(declared), || {
            control().map(|control| of_kin(control.spots(declared)))
        })
    }

    fn spots(&self, declared: u32) -> Vec<Spot> {
        let spot = |kin: &'static str, detail: String, successes: u64, trials: u64| {
            Spot::new(
                View::SeedFlips,
                detail,
                if trials == 0 {
                    Tails::CERTAIN
                } else {
                    binomial_tails(successes, trials, 0.5)
                },
                (successes as f64, trials as f64 / 2.0),
            )
            .kin(kin)
        };
        let flips = self.flips.iter().take(declared as usize).enumerate();
        let mut spots: Vec<Spot> = flips
            .map(|(bit, flip)| {
                let bits = if flip.alive { flip.bits } else { 0 };
                let detail = format!("output bits changed by seed bit {bit}");
                spot("flips", detail, flip.changed, bits)
            })
            .collect();
        let width = self.width as usize;
        spots.extend(self.outputs.iter().enumerate().map(|(place, &changed)| {
            let detail = format!(
                "flips that change bit {} of word {}",
                place % width,
                place / width
            );
            spot("outputs", detail, changed, self.compared)
        }));
        spots
    }
}

#[cfg(test)]
mod tests;
