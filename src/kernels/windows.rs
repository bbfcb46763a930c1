//! Keys of windows of consecutive words that survive a disguise.
//!
//! Every key is a sum of mixed features, so that a window and its reverse in time have one key. What
//! a feature keeps decides which disguises it sees through.

use serde::{Deserialize, Serialize};

use super::{
    BLOCK,
    changes::{series, unsigned},
    dispatch::dispatch,
    mix,
};
use crate::results::Series;

/// What a window key is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Family {
    /// The words themselves.
    Identity,
    /// Eight words at a time in their order, hashed to a byte each: elements so narrow that a sum of
    /// single ones says little more than how many there are of each.
    Packed,
    /// The smaller of a word and its complement: sign-folded values in an order-keeping image.
    Folded,
    /// The 32-bit halves of the words at both alignments and in both packing orders.
    Halves,
    /// The top 24 bits: truncation to any width from 24 bits up.
    Top24,
    /// The words, their differences, their xor differences and their second differences, each the
    /// smaller of itself and its negation: negation, reflection, constant add and xor, running sums
    /// and changes, a constant pace.
    Changes,
    /// Population counts of the xor of neighbours: every fixed permutation of the bits, with or
    /// without a constant xor.
    Popcounts,
}

/// A family with its window length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WindowKey {
    /// What the key is made of.
    pub family: Family,
    /// Features in a window (popcounts: a multiple of 8).
    pub features: usize,
}

/// Keys that a window can have.
pub(crate) const VARIANTS: usize = 4;

/// Keys of up to [`BLOCK`] windows, with the scratch to compute them.
pub(crate) struct KeyBlock {
    /// One key a window and variant: halves have three (even, odd low-first, odd high-first), changes
    /// one a series.
    rows: [Vec<u64>; VARIANTS],
    scratch: [Vec<u64>; 2],
    windows: usize,
    variants: usize,
    odd_windows: usize,
}

impl WindowKey {
    /// How many words a window covers.
    pub(crate) const fn words(&self) -> usize {
        match self.family {
            Family::Identity | Family::Packed | Family::Folded | Family::Halves | Family::Top24 => {
                self.features
            }
            Family::Popcounts => self.features + 1,
            Family::Changes => self.features + 2,
        }
    }

    /// How many keys a window has.
    pub(crate) const fn variants(&self) -> usize {
        match self.family {
            Family::Halves => 3,
            Family::Changes => Series::ALL.len(),
            _ => 1,
        }
    }

    /// How many keys a window at an edge of a stream has: [`keys`](Self::keys).
    pub(crate) const fn edge_keys(&self) -> usize {
        match self.family {
            Family::Changes => Series::ALL.len(),
            _ => 1,
        }
    }

    /// The keys of the window at the start of `words`, of halves the even one only.
    ///
    /// # Panics
    /// When `words` is shorter than a window.
    pub(crate) fn keys(self, words: &[u64]) -> impl Iterator<Item = u64> {
        let changes = self.family == Family::Changes;
        let several = changes.then(|| Series::ALL.into_iter().map(move |s| self.change(s, words)));
        let one = (!changes).then(|| self.key(words));
        several.into_iter().flatten().chain(one)
    }

    /// The key of bytes, eight at a time.
    fn packed(&self, byte: impl Fn(usize) -> u64) -> u64 {
        (0..self.features / 8).fold(0u64, |sum, group| {
            let packed = (0..8).fold(0, |packed, i| packed | byte(8 * group + i) << (8 * i));
            sum.wrapping_add(both_ways(packed))
        })
    }

    /// The key of one series.
    fn change(&self, series: Series, words: &[u64]) -> u64 {
        (0..self.features).fold(0, |sum: u64, i| {
            sum.wrapping_add(mix(unsigned(series.element(&words[i..]))))
        })
    }

    /// The key of the (even) window at the start of `words`; of changes that of the words themselves.
    ///
    /// # Panics
    /// When `words` is shorter than a window.
    pub(crate) fn key(&self, words: &[u64]) -> u64 {
        let alone = |f: fn(u64) -> u64| {
            words[..self.features]
                .iter()
                .fold(0u64, |sum, &word| sum.wrapping_add(f(word)))
        };
        match self.family {
            Family::Identity => alone(mix),
            Family::Folded => alone(|word| mix(folded(word))),
            Family::Halves => alone(|word| mix(low(word)).wrapping_add(mix(high(word)))),
            Family::Top24 => alone(|word| mix(word >> 40)),
            Family::Changes => self.change(Series::Words, words),
            Family::Packed => self.packed(|i| mix(words[i]) >> 56),
            Family::Popcounts => self.packed(|i| u64::from((words[i] ^ words[i + 1]).count_ones())),
        }
    }
}

impl KeyBlock {
    pub(crate) fn new() -> Self {
        let row = || vec![0; BLOCK];
        // Scratch covers the words of BLOCK windows of the longest kind; it grows where needed.
        Self {
            rows: std::array::from_fn(|_| row()),
            scratch: [vec![0; 2 * BLOCK], vec![0; 2 * BLOCK]],
            windows: 0,
            variants: 0,
            odd_windows: 0,
        }
    }

    /// Computes the keys of all windows that lie in `words`, at most [`BLOCK`] of them, from the
    /// first word on. `more` tells whether one more word follows in the stream; it is then the last
    /// of `words`, and only the odd alignments of halves use it.
    pub(crate) fn fill(&mut self, key: WindowKey, words: &[u64], more: bool) {
        fill(self, key, words, more);
    }

    #[inline(always)]
    fn fill_body(&mut self, key: WindowKey, words: &[u64], more: bool) {
        let own = words.len() - usize::from(more);
        self.windows = (own + 1).saturating_sub(key.words()).min(BLOCK);
        self.variants = key.variants();
        self.odd_windows = 0;
        if self.windows == 0 {
            return;
        }
        for scratch in &mut self.scratch {
            if scratch.len() < words.len() {
                scratch.resize(words.len(), 0);
            }
        }
        let covered = &words[..own];
        let [even, odd_low, odd_high, last] = &mut self.rows;
        let [first, second] = &mut self.scratch;
        let windows = self.windows;
        let even = &mut even[..windows];
        let features = key.features;
        match key.family {
            Family::Identity => identity(covered, features, first, even),
            Family::Packed => {
                for (out, &word) in first.iter_mut().zip(covered) {
                    *out = mix(word) >> 56;
                }
                packed(covered.len(), features, first, second, even);
            }
            Family::Folded => sign_folded(covered, features, first, even),
            Family::Top24 => top24(covered, features, first, even),
            Family::Changes => {
                let rows = [even, odd_low, odd_high, last].map(|row| &mut row[..windows]);
                changes(covered, features, [first, second], rows);
            }
            Family::Popcounts => popcounts(covered, features, first, second, even),
            Family::Halves => {
                // An odd window takes its last half from the word after the even one.
                self.odd_windows = self.windows.min(words.len() - features);
                halves(
                    words,
                    features,
                    [first, second],
                    even,
                    [
                        &mut odd_low[..self.odd_windows],
                        &mut odd_high[..self.odd_windows],
                    ],
                );
            }
        }
    }

    /// The rows of keys that were computed, by variant.
    pub(crate) fn rows(&self) -> [&[u64]; VARIANTS] {
        std::array::from_fn(|variant| {
            let windows = match variant {
                0 => self.windows,
                variant if variant >= self.variants => 0,
                // Changes have one window a series; of halves the last may lack its odd ones.
                _ if self.variants == VARIANTS => self.windows,
                _ => self.odd_windows,
            };
            &self.rows[variant][..windows]
        })
    }
}

#[inline(always)]
fn low(word: u64) -> u64 {
    word & 0xffff_ffff
}

#[inline(always)]
fn high(word: u64) -> u64 {
    word >> 32
}

#[inline(always)]
fn folded(word: u64) -> u64 {
    word.min(!word)
}

#[inline(always)]
fn both_ways(packed: u64) -> u64 {
    mix(packed).wrapping_add(mix(packed.swap_bytes()))
}

/// Sums of `count` consecutive features, `step` apart.
#[inline(always)]
fn slide(features: &[u64], count: usize, step: usize, sums: &mut [u64]) {
    let windows = sums.len();
    if count <= 12 {
        sums.copy_from_slice(&features[..windows]);
        for term in 1..count {
            for (sum, &feature) in sums.iter_mut().zip(&features[term * step..][..windows]) {
                *sum = sum.wrapping_add(feature);
            }
        }
    } else {
        // Long windows: running sums, one a step.
        for i in 0..windows {
            sums[i] = match i.checked_sub(step) {
                None => (0..count).fold(0, |sum: u64, k| sum.wrapping_add(features[i + k * step])),
                Some(before) => sums[before]
                    .wrapping_sub(features[before])
                    .wrapping_add(features[before + count * step]),
            };
        }
    }
}

#[inline(always)]
fn identity(words: &[u64], count: usize, scratch: &mut [u64], sums: &mut [u64]) {
    for (out, &word) in scratch.iter_mut().zip(words) {
        *out = mix(word);
    }
    slide(scratch, count, 1, sums);
}

#[inline(always)]
fn sign_folded(words: &[u64], count: usize, scratch: &mut [u64], sums: &mut [u64]) {
    for (out, &word) in scratch.iter_mut().zip(words) {
        *out = mix(folded(word));
    }
    slide(scratch, count, 1, sums);
}

#[inline(always)]
fn top24(words: &[u64], count: usize, scratch: &mut [u64], sums: &mut [u64]) {
    for (out, &word) in scratch.iter_mut().zip(words) {
        *out = mix(word >> 40);
    }
    slide(scratch, count, 1, sums);
}

#[inline(always)]
fn changes(
    words: &[u64],
    count: usize,
    [elements, mixed]: [&mut [u64]; 2],
    rows: [&mut [u64]; VARIANTS],
) {
    for (which, sums) in Series::ALL.into_iter().zip(rows) {
        let elements = &mut elements[..sums.len() + count - 1];
        series(which, words, elements);
        for (mixed, &element) in mixed.iter_mut().zip(&*elements) {
            *mixed = mix(element);
        }
        slide(mixed, count, 1, sums);
    }
}

#[inline(always)]
fn popcounts(
    words: &[u64],
    count: usize,
    counts: &mut [u64],
    scratch: &mut [u64],
    sums: &mut [u64],
) {
    for ((out, &a), &b) in counts.iter_mut().zip(words).zip(&words[1..]) {
        *out = u64::from((a ^ b).count_ones());
    }
    packed(words.len() - 1, count, counts, scratch, sums);
}

/// Sums over `count` of so many bytes, eight of them at a time.
#[inline(always)]
fn packed(all: usize, count: usize, bytes: &mut [u64], packed: &mut [u64], sums: &mut [u64]) {
    // Eight bytes a word, by doubling: 2, 4, 8.
    for (out, (&a, &b)) in packed
        .iter_mut()
        .zip(bytes.iter().zip(&bytes[1..]))
        .take(all - 1)
    {
        *out = a | b << 8;
    }
    for (out, (&a, &b)) in bytes
        .iter_mut()
        .zip(packed.iter().zip(&packed[2..]))
        .take(all - 3)
    {
        *out = a | b << 16;
    }
    for (out, (&a, &b)) in packed
        .iter_mut()
        .zip(bytes.iter().zip(&bytes[4..]))
        .take(all - 7)
    {
        *out = both_ways(a | b << 32);
    }
    slide(packed, count / 8, 8, sums);
}

#[inline(always)]
fn halves(
    words: &[u64],
    count: usize,
    scratch: [&mut [u64]; 2],
    even: &mut [u64],
    odd: [&mut [u64]; 2],
) {
    let [lows, sums] = scratch;
    let [odd_low, odd_high] = odd;
    for ((low_out, sum_out), &word) in lows.iter_mut().zip(sums.iter_mut()).zip(words) {
        let mixed = mix(low(word));
        *low_out = mixed;
        *sum_out = mixed.wrapping_add(mix(high(word)));
    }
    slide(sums, count, 1, even);
    let windows = odd_low.len();
    // Low half first: the odd window drops the first low half and takes the next low half in.
    let (leaving, entering) = (&lows[..windows], &lows[count..][..windows]);
    for (((out, &sum), &leave), &enter) in odd_low
        .iter_mut()
        .zip(even.iter())
        .zip(leaving)
        .zip(entering)
    {
        *out = sum.wrapping_sub(leave).wrapping_add(enter);
    }
    // High half first: the same with high halves, each the sum less the low half.
    let (sums_leaving, sums_entering) = (&sums[..windows], &sums[count..][..windows]);
    for (i, out) in odd_high.iter_mut().enumerate() {
        let leave = sums_leaving[i].wrapping_sub(leaving[i]);
        let enter = sums_entering[i].wrapping_sub(entering[i]);
        *out = even[i].wrapping_sub(leave).wrapping_add(enter);
    }
}

dispatch! {
    fn fill / fill_at(block: &mut KeyBlock, key: WindowKey, words: &[u64], more: bool) {
        block.fill_body(key, words, more);
    }
}

#[cfg(test)]
mod tests;
