//! What values are that fill the range of uniform bits and are no independent uniform bits.

use rayon::prelude::*;

use super::{nets, window_entropy_rate};
use crate::{
    core::{Evidence, Format, Marginal},
    results::Recast,
};

/// Bits of elements so narrow that their windows show whether each depends on the one before.
const NARROW: u32 = 8;
/// The share of their width that such elements tell at least, if they do not.
const INDEPENDENT: f64 = 0.8;

/// Streams that are looked at; in each some words, past those that near seeds make alike.
const STREAMS: usize = 256;
const SKIPPED: usize = 64;
const LEAST: usize = 128;
const WORDS: usize = 4096;
/// Distances in time at which words may follow one another: series do at once, and one that takes turns
/// with another at every second place.
const LAGS: usize = 2;
/// By how much they must agree more often than in half of the cases.
const FOLLOWS: f64 = 0.15;
/// Cells of the range, and by how much of their squared share they must be uneven.
const CELL_BITS: u32 = 4;
const UNEVEN: f64 = 0.1;
/// The least step of a generator that only adds: it goes through its range in 256 of them.
const LONG_STEP: u64 = 1 << 56;
/// Standard deviations of a single stream, since all may be one another's copies.
const DEVIATIONS: f64 = 6.0;

impl Recast {
    /// The format that the values are of instead, where they are no independent uniform bits. A law
    /// of its own is asked only of numbers that are no whole machine words: those are drawn as they
    /// stand.
    pub(crate) fn of(evidence: &Evidence) -> Option<(Format, Self)> {
        let width = evidence.format().uniform_width()?;
        if width <= NARROW {
            let bits = window_entropy_rate(evidence).max(0.0);
            let format = Format::Other {
                marginal: Marginal::Categorical,
                bits_per_element: bits,
            };
            return (bits < INDEPENDENT * f64::from(width))
                .then_some((format, Self::Sticky { bits, width }));
        }
        let net = || {
            nets::of(evidence).map(|(apart, share)| Self::Net {
                apart: apart as u32,
                share,
            })
        };
        let found = follows(evidence).or_else(net).or_else(|| match width {
            16 | 32 | 64 => None,
            _ => uneven(evidence),
        })?;
        let format = Format::Other {
            marginal: Marginal::Continuous,
            bits_per_element: f64::from(width),
        };
        Some((format, found))
    }
}

/// The words that are looked at, of some streams that are long enough.
pub(crate) fn looked_at(evidence: &Evidence) -> Vec<&[u64]> {
    let long: Vec<&[u64]> = (0..evidence.streams())
        .map(|stream| evidence.stream(stream))
        .filter(|words| words.len() >= SKIPPED + LEAST)
        .collect();
    let stride = long.len().div_ceil(STREAMS).max(1);
    long.into_iter()
        .step_by(stride)
        .map(|words| &words[SKIPPED..words.len().min(SKIPPED + WORDS)])
        .collect()
}

/// The median of what streams show, and the least words of any.
pub(crate) fn median(streams: &[&[u64]], of: impl Fn(&[u64]) -> f64 + Sync) -> Option<(f64, f64)> {
    let least = streams.iter().map(|words| words.len()).min()?;
    let mut shown: Vec<f64> = streams.par_iter().map(|words| of(words)).collect();
    let (_, &mut middle, _) = shown.select_nth_unstable_by(streams.len() / 2, f64::total_cmp);
    Some((middle, least as f64))
}

fn follows(evidence: &Evidence) -> Option<Recast> {
    let ulp = evidence
        .format()
        .uniform_width()
        .map_or(1, |width| 1 << (64 - width));
    if are_sorted(evidence) {
        return Some(Recast::Follows {
            lag: 1,
            agreement: 1.0,
        });
    }
    let mut streams = looked_at(evidence);
    // A generator that only adds is a generator.
    streams.retain(|words| !only_adds(words, ulp));
    (1..=LAGS).find_map(|lag| {
        let (agreement, words) = median(&streams, |words| agreement(words, lag))?;
        let chance = DEVIATIONS * 0.5 / words.sqrt();
        (agreement - 0.5 >= FOLLOWS + chance).then_some(Recast::Follows {
            lag: lag as u32,
            agreement,
        })
    })
}

/// Words that no draws have in order.
const IN_ORDER: usize = 16;

/// Whether all streams, however short, only rise or only fall, and do not count.
fn are_sorted(evidence: &Evidence) -> bool {
    let sorted = |words: &[u64]| {
        let step = |pair: &[u64]| pair[1].wrapping_sub(pair[0]);
        let mut steps = words.windows(2).map(step);
        let first = steps.next();
        words.len() >= IN_ORDER
            && (words.is_sorted() || words.is_sorted_by(|a, b| a >= b))
            && steps.any(|step| Some(step) != first)
    };
    evidence.streams() > 1 && (0..evidence.streams()).all(|at| sorted(evidence.stream(at)))
}

/// Whether nearly every word is the one before and a constant, but for roundings, by which the words
/// go through their range again and again.
fn only_adds(words: &[u64], ulp: u64) -> bool {
    let steps = || words.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
    let Some(first) = steps().next() else {
        return false;
    };
    let near = |step: u64| (step.wrapping_sub(first) as i64).unsigned_abs() <= 16 * ulp;
    let long = (first as i64).unsigned_abs() >= LONG_STEP;
    let others = (words.len() - 1) / 10;
    long && steps().filter(|&step| !near(step)).nth(others).is_none()
}

/// How often words lie in the half of the range in which those before do. What comes again as it was
/// tells nothing: that is looked for by itself.
fn agreement(words: &[u64], lag: usize) -> f64 {
    let (mut told, mut agree) = (0_u64, 0_u64);
    for (&before, &word) in words.iter().zip(&words[lag..]) {
        told += u64::from(before != word);
        agree += u64::from(before != word && (before ^ word) >> 63 == 0);
    }
    match 2 * told >= words.len() as u64 {
        true => agree as f64 / told as f64,
        false => 0.5,
    }
}

fn uneven(evidence: &Evidence) -> Option<Recast> {
    let streams = looked_at(evidence);
    let (distance, words) = median(&streams, unevenness)?;
    let freedom = f64::from((1_u32 << CELL_BITS) - 1);
    let chance = DEVIATIONS * (2.0 * freedom).sqrt() / words;
    (distance >= UNEVEN + chance).then_some(Recast::Uneven { distance })
}

/// By how much the cells are uneven, beyond what chance makes of them, a word.
fn unevenness(words: &[u64]) -> f64 {
    let mut cells = [0_u64; 1 << CELL_BITS];
    for word in words {
        cells[(word >> (64 - CELL_BITS)) as usize] += 1;
    }
    let expected = words.len() as f64 / cells.len() as f64;
    let squares = cells.iter().map(|&n| (n as f64 - expected).powi(2));
    let chi_squared = squares.sum::<f64>() / expected;
    (chi_squared - (cells.len() - 1) as f64) / words.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::{evidence, lcg64, ragged, seed, size, sound, splitmix};

    fn of(
        format: Format,
        words: usize,
        stream: impl Fn(&mut dyn FnMut() -> u64) -> Vec<u64>,
    ) -> Option<Recast> {
        let streams: Vec<Vec<u64>> = (0..6)
            .map(|task| {
                let mut draw = splitmix(seed(21, 0, task));
                let mut made = stream(&mut draw);
                made.truncate(words);
                made
            })
            .collect();
        Recast::of(&ragged(&streams, format)).map(|(_, recast)| recast)
    }

    const DOUBLES: Format = Format::Bits { width: 53 };

    #[test]
    fn sorted_batches_and_uneven_numbers_are_numbers_of_some_law() {
        let batches = of(Format::Bits { width: 32 }, 512, |draw| {
            let mut words: Vec<u64> = (0..512).map(|_| draw() >> 32 << 32).collect();
            words.chunks_mut(32).for_each(<[u64]>::sort_unstable);
            words
        });
        assert!(
            matches!(batches, Some(Recast::Follows { lag: 1, agreement }) if agreement > 0.9),
            "{batches:?}"
        );
        let alternating = of(Format::WORDS, 2048, |draw| {
            let count = |i: u64| (i, draw());
            (0..1024)
                .map(count)
                .flat_map(|(i, drawn)| [i, drawn])
                .collect()
        });
        assert!(matches!(alternating, Some(Recast::Follows { lag: 2, .. })));
        // However short, where all are in order; not where they count.
        let sorted = of(DOUBLES, 40, |draw| {
            let mut words: Vec<u64> = (0..40).map(|_| draw() >> 11 << 11).collect();
            words.sort_unstable();
            words
        });
        assert!(matches!(sorted, Some(Recast::Follows { lag: 1, .. })));
        let counts = of(DOUBLES, 40, |draw| {
            let from = draw() >> 20 << 11;
            (0..40).map(|at| from + (at << 11)).collect()
        });
        assert_eq!(counts, None);
        // The larger of two uniform numbers.
        let largest = |draw: &mut dyn FnMut() -> u64| {
            (0..512).map(|_| draw().max(draw()) >> 11 << 11).collect()
        };
        assert!(matches!(
            of(DOUBLES, 512, largest),
            Some(Recast::Uneven { .. })
        ));
        // Machine words are taken as they are drawn.
        assert_eq!(of(Format::WORDS, 512, largest), None);
    }

    #[test]
    fn a_rounded_counter_is_a_generator() {
        let weyl = of(Format::Bits { width: 32 }, 1024, |draw| {
            let start = draw();
            let at = |i: u64| start.wrapping_add(i.wrapping_mul(0x0e37_79b9_7f4a_7c15));
            (0..1024).map(|i| at(i) >> 32 << 32).collect()
        });
        assert_eq!(weyl, None);
    }

    #[test]
    fn sound_weak_and_repeating_streams_are_uniform_bits() {
        for width in [64, 53, 32, 24] {
            let of_width = crate::statistics::samples::Size {
                width,
                ..size(1, 8, 4096)
            };
            assert_eq!(Recast::of(&evidence(of_width, sound(3))), None);
            let weak = evidence(of_width, |run, task| lcg64(seed(4, run, task)));
            assert_eq!(Recast::of(&weak), None);
        }
        let again = of(Format::WORDS, 1024, |draw| {
            let four: Vec<u64> = (0..4).map(|_| draw()).collect();
            four.into_iter().cycle().take(1024).collect()
        });
        assert_eq!(again, None);
    }
}
