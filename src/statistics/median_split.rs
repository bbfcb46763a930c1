//! Streams of any values as bits: above the median or not, where their order tells nothing.

use rayon::prelude::*;

use super::{
    all_pairs::Planes,
    views::{Frame, mix},
};
use crate::math::hypergeometric_tails;

/// Streams of which all pairs are compared.
const STREAMS: usize = 2048;
/// Shifts that the aligned agreement must stand out among.
const SHIFTS: usize = 256;
/// Values, or changes, at least.
pub(super) const WORDS: usize = 64;
/// Lags at which a sequence must not follow itself; and further powers of two.
const LAGS: usize = 64;
/// By how many standard deviations it may, and by how many places more where few are expected.
pub(super) const FOLLOWS: f64 = 4.0;
/// One in how many is so seldom that where it stands is asked.
const SELDOM: u64 = 16;
/// How unlikely the count of the first ones may be.
const THINS_OUT: f64 = 1e-5;
/// Values between those that are read alone, so that what remembers the last few still tells.
const APART: usize = 8;

/// What of a stream is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Values,
    Apart,
    Changes,
    Spread,
    Pairs,
    Bends,
    Sums,
}

impl Reading {
    pub(super) const ALL: [Self; 7] = [
        Self::Values,
        Self::Apart,
        Self::Changes,
        Self::Spread,
        Self::Pairs,
        Self::Bends,
        Self::Sums,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Apart => "every 8th value",
            Self::Changes => "changes from one value to the next",
            Self::Spread => "distances from the middle",
            Self::Pairs => "changes within every two values",
            Self::Bends => "bends of every three values",
            Self::Sums => "sums of one value and the next",
        }
    }

    /// The sequence, of numbers that keep the order of what they stand for.
    fn of(self, words: &[u64]) -> Vec<i128> {
        match self {
            Self::Values => words.iter().map(|&word| word.into()).collect(),
            Self::Apart => words.iter().step_by(APART).map(|&w| w.into()).collect(),
            // Words keep the order of the values they stand for, so that the sign of a change is
            // exact; its size is that of the image, which grows with the size of the change.
            Self::Changes => words
                .windows(2)
                .map(|pair| i128::from(pair[1]) - i128::from(pair[0]))
                .collect(),
            Self::Spread => outer(words),
            // Independent noise on a trend: its changes follow each other, unless none is in two.
            Self::Pairs => words
                .chunks_exact(2)
                .map(|pair| i128::from(pair[1]) - i128::from(pair[0]))
                .collect(),
            Self::Bends => words
                .chunks_exact(3)
                .map(|three| i128::from(three[0]) - 2 * i128::from(three[1]) + i128::from(three[2]))
                .collect(),
            // Values that go up and down in turn.
            Self::Sums => words
                .windows(2)
                .map(|pair| i128::from(pair[0]) + i128::from(pair[1]))
                .collect(),
        }
    }
}

/// Streams split at their medians.
pub(super) struct Split {
    /// Rows of the frame, without constant ones and those that follow themselves.
    pub(super) rows: Vec<usize>,
    /// One bit for every index: above the median.
    pub(super) upper: Planes,
    /// How many are above.
    pub(super) counts: Vec<u64>,
    /// Indices.
    pub(super) words: usize,
}

impl Split {
    /// `None` where fewer than two streams can be compared.
    pub(super) fn new(frame: &Frame<'_>, reading: Reading) -> Option<Self> {
        let words = match reading {
            Reading::Values | Reading::Spread => frame.words(),
            Reading::Apart => frame.words().div_ceil(APART),
            Reading::Changes | Reading::Sums => frame.words().saturating_sub(1),
            Reading::Pairs => frame.words() / 2,
            Reading::Bends => frame.words() / 3,
        };
        if words < WORDS {
            return None;
        }
        let split: Vec<(usize, Vec<u64>, u64)> = (0..frame.streams().min(STREAMS))
            .into_par_iter()
            .filter_map(|row| {
                let (bits, count) = above_median(&reading.of(frame.row(row)));
                let told = count > 0
                    && count < words as u64
                    && !follows_itself(&bits, words, FOLLOWS)
                    && !(SELDOM * count.min(words as u64 - count) < words as u64
                        && thins_out(&bits, words, count));
                told.then_some((row, bits, count))
            })
            .collect();
        if split.len() < 2 {
            return None;
        }
        let counts = split.iter().map(|(.., count)| *count).collect();
        let rows = split.iter().map(|(row, ..)| *row).collect();
        let bits: Vec<Vec<u64>> = split.into_iter().map(|(_, bits, _)| bits).collect();
        Some(Self {
            rows,
            upper: Planes::single(&bits),
            counts,
            words,
        })
    }

    /// Indices at which both are above, where so many differ: (count + count − differing) / 2.
    pub(super) fn shared(&self, a: usize, b: usize, differing: u64) -> u64 {
        (self.counts[a] + self.counts[b] - differing) / 2
    }

    /// Departure of the shared upper indices from their mean, in standard deviations.
    pub(super) fn departure(&self, a: usize, b: usize, shared: u64) -> f64 {
        departure(self.words, self.counts[a], self.counts[b], shared)
    }

    /// The largest departure among pseudo-random shifts of one stream against the other.
    pub(super) fn elsewhere(&self, a: usize, b: usize) -> f64 {
        let (left, right) = (self.upper.plane(a, 0), self.upper.plane(b, 0));
        (0..SHIFTS)
            .map(|i| 1 + (mix(i as u64) % (self.words as u64 - 1)) as usize)
            .map(|shift| self.departure(a, b, shared_at(left, right, self.words, shift)))
            .fold(0.0, f64::max)
    }
}

/// Every reading of which two streams can be compared.
pub(super) fn readings(frame: &Frame<'_>) -> impl Iterator<Item = (Reading, Split)> {
    Reading::ALL
        .into_iter()
        .filter_map(|reading| Some((reading, Split::new(frame, reading)?)))
}

/// Departure of the places that two lists share from its mean, in standard deviations.
pub(super) fn departure(places: usize, left: u64, right: u64, shared: u64) -> f64 {
    let (places, m, d) = (places as f64, left as f64, right as f64);
    let mean = m * d / places;
    let variance = mean * (1.0 - m / places) * (places - d) / (places - 1.0);
    ((shared as f64 - mean) / variance.sqrt()).abs()
}

/// 1 outside the quartiles and 0 between them: far from the middle or near it, by rank, since the
/// differences of words tell nothing of those of values.
fn outer(words: &[u64]) -> Vec<i128> {
    let mut sorted = words.to_vec();
    let quarter = words.len() / 4;
    let (_, &mut low, above) = sorted.select_nth_unstable(quarter);
    let last = above.len().saturating_sub(quarter + 1);
    let high = match above {
        [] => low,
        above => *above.select_nth_unstable(last).1,
    };
    let outside = |&word: &u64| i128::from(word < low || word > high);
    words.iter().map(outside).collect()
}

/// One bit for every place that is above the median, and how many are. Where few values are distinct,
/// the more even of "above" and "at least" the median.
pub(super) fn above_median(values: &[i128]) -> (Vec<u64>, u64) {
    let mut sorted = values.to_vec();
    let half = values.len() / 2;
    let (_, &mut median, _) = sorted.select_nth_unstable(half);
    let above = values.iter().filter(|&&value| value > median).count();
    let at_least = values.iter().filter(|&&value| value >= median).count();
    let strictly = above.abs_diff(half) <= at_least.abs_diff(half);
    let mut bits = vec![0_u64; values.len().div_ceil(64)];
    for (t, &value) in values.iter().enumerate() {
        let upper = value > median || (!strictly && value == median);
        bits[t / 64] |= u64::from(upper) << (t % 64);
    }
    (bits, (if strictly { above } else { at_least }) as u64)
}

/// Whether places that are above the median follow each other, at some lag, more or less often than
/// in a sequence whose order is chance: by so many standard deviations and as many places.
pub(super) fn follows_itself(bits: &[u64], words: usize, by: f64) -> bool {
    following(bits, words).any(|(covariance, deviation)| covariance.abs() > by * (deviation + 1.0))
}

/// How many more places than chance gives are above the median with the one some lag later, and the
/// standard deviation of that, for every lag that is looked at.
pub(super) fn following(bits: &[u64], words: usize) -> impl Iterator<Item = (f64, f64)> {
    let ones = |bits: &[u64]| bits.iter().map(|w| f64::from(w.count_ones())).sum::<f64>();
    let share = ones(bits) / words as f64;
    let lags = (1..=LAGS).chain((7..).map(|k| 1 << k));
    lags.take_while(move |&lag| 4 * lag <= words)
        .map(move |lag| {
            let places = (words - lag) as f64;
            let (mut both, mut early, mut late) = (0.0, 0.0, 0.0);
            for (i, &word) in bits.iter().enumerate() {
                let later = bits_from(bits, 64 * i + lag);
                // Past the end there are no bits in either.
                let inside = match (words - lag).saturating_sub(64 * i) {
                    rest @ 0..64 => (1_u64 << rest) - 1,
                    _ => u64::MAX,
                };
                both += f64::from((word & later).count_ones());
                early += f64::from((word & inside).count_ones());
                late += f64::from((later & inside).count_ones());
            }
            let variance = share * (1.0 - share);
            // Places are drawn without replacement.
            let owed = places * variance / (words as f64 - 1.0);
            (
                both - share * (early + late) + places * share * share + owed,
                variance * places.sqrt(),
            )
        })
}

/// Whether many more or fewer of the first words, half of them, a quarter and so on, are above the
/// median than of the others: as new maxima are, which come ever more seldom.
pub(super) fn thins_out(bits: &[u64], words: usize, count: u64) -> bool {
    let (mut seen, mut at, mut next) = (0, 0, 1);
    let mut thinned = false;
    while 2 * next <= words && !thinned {
        seen += (at..next)
            .map(|i| bits[i / 64] >> (i % 64) & 1)
            .sum::<u64>();
        at = next;
        let tails = hypergeometric_tails(seen, words as u64, count, at as u64);
        thinned = tails.ln_two_sided() < THINS_OUT.ln();
        next *= 2;
    }
    thinned
}

/// 64 bits from any place on; those past the end are 0.
fn bits_from(bits: &[u64], place: usize) -> u64 {
    let word = |i: usize| bits.get(i).copied().unwrap_or(0);
    let (i, shift) = (place / 64, place % 64);
    match shift {
        0 => word(i),
        _ => word(i) >> shift | word(i + 1) << (64 - shift),
    }
}

/// Indices at which both are set, the second stream turned by `shift`.
pub(super) fn shared_at(a: &[u64], b: &[u64], words: usize, shift: usize) -> u64 {
    // Place t meets t + shift up to the end, then the start.
    let mut shared = 0;
    for (i, &word) in a.iter().enumerate() {
        let start = 64 * i;
        let turned = if start + shift >= words {
            bits_from(b, start + shift - words)
        } else {
            let left = words - start - shift;
            let before = bits_from(b, start + shift);
            if left < 64 {
                before | bits_from(b, 0) << left
            } else {
                before
            }
        };
        shared += u64::from((word & turned).count_ones());
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::splitmix;

    #[test]
    fn turned_agreement_is_what_a_plain_count_gives() {
        let mut draw = splitmix(5);
        for words in [64, 100, 128, 200] {
            let mut bits = || {
                let mut bits: Vec<u64> = (0..words).map(|_| draw() & 1).collect();
                let plain = bits.clone();
                let packed = bits
                    .chunks_mut(64)
                    .map(|chunk| chunk.iter().rev().fold(0, |sum, bit| sum << 1 | bit))
                    .collect::<Vec<u64>>();
                (plain, packed)
            };
            let ((a, packed_a), (b, packed_b)) = (bits(), bits());
            for shift in [1, 5, 63, words - 1] {
                let plain: u64 = (0..words).map(|t| a[t] & b[(t + shift) % words]).sum();
                assert_eq!(shared_at(&packed_a, &packed_b, words, shift), plain);
            }
        }
    }

    #[test]
    fn sequences_that_follow_themselves_are_left_out_and_others_are_not() {
        let mut draw = splitmix(9);
        let mut left_out = 0;
        for _ in 0..1000 {
            let values: Vec<i128> = (0..1000).map(|_| i128::from(draw())).collect();
            left_out += i32::from(follows_itself(&above_median(&values).0, 1000, FOLLOWS));
            let mut sum = 0;
            let walk: Vec<i128> = values
                .iter()
                .map(|value| {
                    sum += value - (1 << 63);
                    sum
                })
                .collect();
            assert!(follows_itself(&above_median(&walk).0, 1000, FOLLOWS));
        }
        assert!(left_out < 50, "{left_out}");
        let rare = (0..4000)
            .map(|_| i128::from(draw() >> 57 == 0))
            .collect::<Vec<i128>>();
        assert!(!follows_itself(&above_median(&rare).0, 4000, FOLLOWS));
        let season: Vec<i128> = (0..4000)
            .map(|t| i128::from(draw() >> 56) + if t % 50 < 25 { 200 } else { 0 })
            .collect();
        assert!(follows_itself(&above_median(&season).0, 4000, FOLLOWS));
    }
}
