//! How far a relation of pairs reaches: how many pairs, and which bits, stand out like the worst one.

use std::sync::atomic::{AtomicU64, Ordering};

/// Standard deviations from which on a pair stands out: none of 2^27 independent ones does.
const STANDS_OUT: f64 = 8.0;

/// Counts the pairs that stand out, bit by bit where bits are taken apart.
pub(super) struct Standing {
    limit: u64,
    counts: Vec<AtomicU64>,
}

impl Standing {
    /// For distances of so many fair bits (twice the differing ones against all) in each plane.
    pub(super) fn new(planes: usize, bits: u64) -> Self {
        Self {
            limit: (STANDS_OUT * (bits as f64).sqrt()).ceil() as u64,
            counts: (0..planes).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Counts a pair at this distance.
    pub(super) fn see(&self, plane: usize, distance: u64) {
        if distance >= self.limit {
            self.counts[plane].fetch_add(1, Ordering::Relaxed);
        }
    }

    fn of(&self, plane: usize) -> u64 {
        self.counts[plane].load(Ordering::Relaxed)
    }

    /// How far a relation in whole words reaches.
    pub(super) fn in_words(&self, of: u64) -> Reach {
        Reach {
            pairs: self.of(0),
            of,
            bits: None,
        }
    }

    /// How far a relation in one plane reaches, where planes are these bits of so wide words.
    pub(super) fn in_bits(&self, of: u64, plane: usize, bits: &[u32], width: u32) -> Reach {
        let standing = || (0..bits.len()).filter(|&i| self.of(i) > 0).map(|i| bits[i]);
        let ends = standing().min().zip(standing().max());
        Reach {
            pairs: self.of(plane),
            of,
            bits: ends.map(|(first, last)| (first, last, width)),
        }
    }
}

/// How far a relation of pairs reaches, as the detail of a result says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Pairs that stand out like the one that is named.
    pub pairs: u64,
    /// Pairs compared.
    pub of: u64,
    /// Where bits were taken apart: the lowest and the highest bit in which any pair stands out, and
    /// how many bits a word has.
    pub bits: Option<(u32, u32, u32)>,
}

const PAIRS: &str = " pairs stand out";
const BITS: &str = ", among bits ";

impl Reach {
    /// The words for it.
    pub(super) fn said(&self) -> String {
        let Self { pairs, of, bits } = self;
        if *pairs == 0 {
            return format!("{of} pairs");
        }
        let among = bits.map_or_else(String::new, |(first, last, width)| {
            format!("{BITS}{first}–{last} of {width}")
        });
        format!("{pairs} of {of}{PAIRS}{among}")
    }

    /// Reads the words in a detail; `None` where it says nothing of the kind.
    pub fn of(detail: &str) -> Option<Self> {
        let (before, after) = detail.split_once(PAIRS)?;
        let (rest, of) = before.rsplit_once(" of ")?;
        let pairs = rest.rsplit(' ').next()?;
        let bits = after.strip_prefix(BITS).and_then(|bits| {
            let (first, rest) = bits.split_once('–')?;
            let (last, rest) = rest.split_once(" of ")?;
            let width = rest.split(|c: char| !c.is_ascii_digit()).next()?;
            Some((first.parse().ok()?, last.parse().ok()?, width.parse().ok()?))
        });
        Some(Self {
            pairs: pairs.parse().ok()?,
            of: of.parse().ok()?,
            bits,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::battery::{
        StatisticalTest,
        pair_correlation::PairCorrelation,
        samples::{evidence, seed, size, sound, splitmix},
    };

    #[test]
    fn what_is_said_is_read() {
        for bits in [None, Some((0, 7, 64)), Some((63, 63, 64))] {
            let reach = Reach {
                pairs: 28,
                of: 496,
                bits,
            };
            let detail = format!(
                "equal bit 7, {}, first 9 words (the least of 3 places)",
                reach.said()
            );
            assert_eq!(Reach::of(&detail), Some(reach), "{detail}");
        }
        assert_eq!(Reach::of("equal bits, 496 pairs"), None);
    }

    #[test]
    fn pairs_and_bits_that_stand_out_are_counted() {
        // Every stream takes the bits of `mask` from one common stream.
        let reach = |mask: fn(u32) -> u64| {
            let source = evidence(size(1, 12, 1024), |run, task| {
                let (mut own, mut common) = (sound(5)(run, task), splitmix(seed(6, 0, 0)));
                move || own() & !mask(task) | common() & mask(task)
            });
            Reach::of(&PairCorrelation.run(&source)[0].detail)
        };
        let low = reach(|_| 0xff).unwrap();
        assert_eq!((low.pairs, low.of, low.bits), (66, 66, Some((0, 7, 64))));
        // Of four streams every pair shares half of its bits.
        let four = reach(|task| if task < 4 { !0 / 3 } else { 0 }).unwrap();
        assert_eq!((four.pairs, four.bits), (6, None));
        assert_eq!(reach(|_| 0), None);
    }
}
