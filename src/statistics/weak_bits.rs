//! Bits in which a generator has so few states of its own that sound streams meet there by chance.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    all_pairs::Planes,
    places::{CONTROL_ASKED_BELOW, UNDECIDED},
    views::{Frame, Turned, mix},
};
use crate::{
    joins::{Record, colliding},
    kernels::dispatch::dispatch,
    results::TestResult,
    vocabulary::PValue,
};

/// Positions of all streams together at which windows are read: more see weak bits of longer periods.
const POSITIONS: usize = 1 << 20;
/// Bits of a window: chance makes two of 2^20 windows equal with probability 2^-25.
const WINDOW: usize = 64;
/// Windows of which the top so many bits of a hash are 0 are kept, and all that begin in a stream's first two
/// [`WINDOW`]s: a period up to one of them comes again there, also where all streams are in one phase.
const THINNED: u32 = 5;
/// Shares of the windows, each of other windows than the others: time alone depends on it.
const SHARES: usize = 16;
/// Meetings at different lags, or of different streams, that make a bit weak: one alone may be a
/// relation between two streams.
const MEETINGS: usize = 2;
/// Bits above the last one seen to be weak that are taken to be weak too, and bits below the top that
/// never are.
///
/// Of S streams of T words, S²T pairs of places were compared, so that a bit of 2^q phases shows from
/// S²T = 2^(q + 1) on; every bit above has twice as many. Two of S streams meet in the bit this many
/// above by chance with probability below S²/2 · 2^(−20) / (S²T), 2^−33 for 4,096 words.
const BEYOND: u32 = 20;
const KEPT: u32 = 6;
/// Combinations of a family that may meet by chance. Every combination brings a stream that no earlier
/// one held, so that m of n meet in a bit of 2^q phases with probability at most C(n, m) 2^(−qm).
const MET: usize = 3;

/// The bits of an element in which single streams are not random.
///
/// The lowest k bits of a generator modulo 2^n are a generator of only 2^k states. Its period may be
/// longer than any stream that was drawn, and no test of single streams need see it; but then windows
/// of one bit plane of *different* streams, read at *different* times, are equal, which random bits
/// never make. Independent seeds then meet in those bits for good, with a probability that no law of
/// random bits gives and that a few shifted streams do not measure.
///
/// A. De Matteis, S. Pagnutti, Parallelization of random number generators and long-range
/// correlations, Numer. Math. 53 (1988), doi:10.1007/BF01397554.
struct WeakBits {
    /// From the lowest bit of the element's own width.
    ranges: Vec<Range<u32>>,
    /// Of a canonical word.
    mask: u64,
    /// Of words taken apart into halves.
    halves: SampledHalves,
}

/// How the halves of a word of 64 bits were put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SampledHalves {
    /// Side by side.
    Apart,
    /// Added, the lower one with a sign, as Java's `nextLong` does.
    Added,
}

impl SampledHalves {
    fn apart(self, word: u64) -> u64 {
        word.wrapping_add(self.borrowed(word))
    }

    fn together(self, halves: u64) -> u64 {
        halves.wrapping_sub(self.borrowed(halves))
    }

    const fn borrowed(self, word: u64) -> u64 {
        match self {
            Self::Apart => 0,
            Self::Added => (word & 1 << 31) << 1,
        }
    }
}

impl WeakBits {
    /// `None` where no bit is weak, or all are: a generator that small repeats itself in whole words,
    /// which the joins see.
    fn of(frame: &Frame<'_>, width: u32) -> Option<Self> {
        let words = frame.words().min(POSITIONS / frame.streams().max(1));
        if words < 2 * WINDOW {
            return None;
        }
        let seen = |halves: SampledHalves, bits: Range<u32>| -> Vec<bool> {
            let apart = frame
                .window(0..words)
                .mapped(|_, _, word| halves.apart(word));
            let planes = Planes::all(&apart.frame(), words, width);
            let has = |bit: u32| has_few_states(&planes, frame.streams(), bit as usize, words);
            bits.into_par_iter().map(has).collect()
        };
        let weak = |seen: &[bool]| seen.iter().filter(|&&weak| weak).count();
        let (mut halves, mut most) = (SampledHalves::Apart, seen(SampledHalves::Apart, 0..width));
        if width == 64 {
            // The lower half is the same, however the halves were put together.
            let upper = seen(SampledHalves::Added, 32..width);
            if weak(&upper) > weak(&most[32..]) {
                halves = SampledHalves::Added;
                most.splice(32.., upper);
            }
        }
        if most[width as usize - 1] {
            return None;
        }
        Self::beyond(&most, halves)
    }

    /// The bits seen to be weak, and those above whose number of states follows from theirs.
    fn beyond(seen: &[bool], halves: SampledHalves) -> Option<Self> {
        let width = seen.len() as u32;
        let next = |from: u32, weak: bool| {
            (from..width)
                .find(|&bit| seen[bit as usize] == weak)
                .unwrap_or(width)
        };
        let (mut ranges, mut start) = (Vec::new(), next(0, true));
        while start < width {
            let end = next(start, false);
            let after = next(end, true);
            let reach = (end + BEYOND).min(after.saturating_sub(KEPT)).max(end);
            ranges.push(start..reach);
            start = after;
        }
        let mask = ranges.iter().fold(0, |mask, range| {
            range.clone().fold(mask, |mask, bit| mask | 1 << bit)
        });
        (mask != 0).then_some(Self {
            ranges,
            mask: mask << (64 - width),
            halves,
        })
    }

    /// The same streams with noise in place of these bits.
    fn replaced(&self, frame: &Frame<'_>) -> Turned {
        frame.mapped(|row, at, word| {
            let noise = mix((row as u64) << 40 ^ at as u64);
            let halves = self.halves.apart(word) & !self.mask | noise & self.mask;
            self.halves.together(halves)
        })
    }

    fn name(&self) -> String {
        let names: Vec<String> = self
            .ranges
            .iter()
            .map(|range| format!("{}–{}", range.start, range.end - 1))
            .collect();
        names.join(" and ")
    }
}

/// The bits from one place of a word on, and as many of the next one.
#[inline(always)]
const fn window(low: u64, high: u64, from: u32) -> u64 {
    low >> from | high << 1 << (63 - from)
}

dispatch! {
    /// Which of the windows that begin in a word are kept.
    fn thinned / thinned_at(low: u64, high: u64) -> u64 {
        let hashes: [u64; WINDOW] = std::array::from_fn(|from| {
            window(low, high, from as u32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        let is_kept = |hash: u64| u64::from(hash >> (64 - THINNED) == 0);
        (0..WINDOW).fold(0, |kept, from| kept | is_kept(hashes[from]) << from)
    }
}

/// Whether windows of this bit are equal in streams that stand at different times. Windows are compared share by
/// share: where bits have few states, the first decides.
fn has_few_states(planes: &Planes, streams: usize, bit: usize, words: usize) -> bool {
    let mut shares: [Vec<Record>; SHARES] = [const { Vec::new() }; SHARES];
    for row in 0..streams {
        let plane = planes.plane(row, bit);
        for first in (0..=words - WINDOW).step_by(WINDOW) {
            let (low, high) = (
                plane[first / WINDOW],
                plane.get(first / WINDOW + 1).copied().unwrap_or(0),
            );
            let mut kept = match first < 2 * WINDOW {
                true => !0,
                false => thinned(low, high),
            };
            while kept != 0 {
                let shift = kept.trailing_zeros();
                kept &= kept - 1;
                let at = first + shift as usize;
                if at <= words - WINDOW {
                    // Mixed, since those that are kept agree in the bits of another hash.
                    let key = mix(window(low, high, shift));
                    let place = (row as u64) << 32 | at as u64;
                    shares[key as usize % SHARES].push(Record { key, place });
                }
            }
        }
    }
    let mut meetings: Vec<(u64, u64, i64)> = Vec::new();
    for share in &shares {
        for pair in colliding(&[share]).windows(2) {
            let [a, b] = [pair[0].place, pair[1].place];
            let (i, j) = (i64::from(a as u32), i64::from(b as u32));
            let meeting = (a >> 32, b >> 32, j - i);
            if pair[0].key == pair[1].key && i != j && !meetings.contains(&meeting) {
                meetings.push(meeting);
                if meetings.len() == MEETINGS {
                    return true;
                }
            }
        }
    }
    false
}

/// Charges to the seeding only what rests on bits in which single streams are random.
///
/// A result that would be charged is computed once more with noise in place of the weak bits, and once
/// without the few combinations of streams that stand out most, where a test has many. What stays in
/// either is the seeding's; what goes rested on the weak bits of few streams, and cannot be told from
/// independent seeds that met there.
pub(super) fn resting_on_random_bits(
    mut results: Vec<TestResult>,
    frame: &Frame<'_>,
    width: u32,
    again: impl Fn(&Frame<'_>) -> Vec<TestResult>,
    without_few: impl Fn(usize) -> Vec<TestResult>,
) -> Vec<TestResult> {
    if !results.iter().any(is_charged) {
        return results;
    }
    let weak = frame.once(|| WeakBits::of(frame, width));
    let Some(weak) = weak.as_ref() else {
        return results;
    };
    let mut stays = again(&weak.replaced(frame).frame());
    stays.retain(is_charged);
    for result in &mut stays {
        result.detail = format!("{}, bits {} left out", result.detail, weak.name());
    }
    stays.extend(without_few(MET).into_iter().filter(is_charged));
    for result in results.iter_mut().filter(|result| is_charged(result)) {
        result.detail = format!(
            "{}; independent streams of this generator meet in bits {} by chance",
            result.detail,
            weak.name()
        );
        result.control = PValue::upper_only(UNDECIDED).ok();
    }
    stays.append(&mut results);
    stays
}

fn is_charged(result: &TestResult) -> bool {
    result.p().is_some_and(|p| p < CONTROL_ASKED_BELOW) && result.control_fails() != Some(true)
}

#[cfg(test)]
mod tests;
