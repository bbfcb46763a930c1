//! How far a relation of pairs reaches: how many pairs, and which bits, stand out like the worst one.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use serde::{Deserialize, Serialize};

/// Standard deviations from which on a pair stands out: none of 2^27 independent ones does.
const DEVIATIONS: f64 = 8.0;

/// Counts the pairs that stand out, bit by bit where bits are taken apart.
pub(crate) struct FarPairs {
    limit: u64,
    counts: Vec<AtomicU64>,
}

impl FarPairs {
    /// For distances of so many fair bits (twice the differing ones against all) in each plane.
    pub(crate) fn new(planes: usize, bits: u64) -> Self {
        Self {
            limit: (DEVIATIONS * (bits as f64).sqrt()).ceil() as u64,
            counts: (0..planes).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Counts a pair at this distance.
    pub(crate) fn see(&self, plane: usize, distance: u64) {
        if distance >= self.limit {
            self.counts[plane].fetch_add(1, Ordering::Relaxed);
        }
    }

    fn of(&self, plane: usize) -> u64 {
        self.counts[plane].load(Ordering::Relaxed)
    }

    /// How far a relation in whole words reaches.
    pub(crate) fn in_words(&self, of: u64) -> Reach {
        Reach {
            pairs: self.of(0),
            of,
            bits: None,
        }
    }

    /// How far a relation in one plane reaches, where planes are these bits of so wide words.
    pub(crate) fn in_bits(&self, of: u64, plane: usize, bits: &[u32], width: u32) -> Reach {
        let standing = || (0..bits.len()).filter(|&i| self.of(i) > 0).map(|i| bits[i]);
        let ends = standing().min().zip(standing().max());
        Reach {
            pairs: self.of(plane),
            of,
            bits: ends.map(|(first, last)| BitRange { first, last, width }),
        }
    }
}

/// How far a relation of pairs reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Pairs that stand out like the one that is named.
    pub pairs: u64,
    /// Pairs compared.
    pub of: u64,
    /// Where bits were taken apart: those in which any pair stands out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<BitRange>,
}

/// Some bits of a word; 0 is the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BitRange {
    /// The lowest of them.
    pub first: u32,
    /// The highest of them.
    pub last: u32,
    /// How many bits a word has.
    pub width: u32,
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pairs, of, bits } = self;
        match bits {
            _ if *pairs == 0 => write!(f, "{of} pairs"),
            None => write!(f, "{pairs} of {of} pairs stand out"),
            Some(BitRange { first, last, width }) => write!(
                f,
                "{pairs} of {of} pairs stand out, among bits {first}–{last} of {width}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::statistics::{
        find,
        samples::{evidence, seed, size, sound, splitmix},
    };

    #[test]
    fn pairs_and_bits_that_stand_out_are_counted() {
        // Every stream takes the bits of `mask` from one common stream.
        let reach = |mask: fn(u32) -> u64| {
            let source = evidence(size(1, 12, 1024), |run, task| {
                let (mut own, mut common) = (sound(5)(run, task), splitmix(seed(6, 0, 0)));
                move || own() & !mask(task) | common() & mask(task)
            });
            find("pair-correlation").unwrap().run(&source)[0].reach
        };
        let low = reach(|_| 0xff).unwrap();
        assert_eq!(
            low.to_string(),
            "66 of 66 pairs stand out, among bits 0–7 of 64"
        );
        // Of four streams every pair shares half of its bits.
        let four = reach(|task| if task < 4 { !0 / 3 } else { 0 }).unwrap();
        assert_eq!((four.pairs, four.bits), (6, None));
        assert_eq!(reach(|_| 0), None);
    }
}
