//! 32-bit words packed into 64-bit ones, read at the other alignment or in the other packing order.

use super::{
    hit::{FoundCopy, KeyHit, Meeting, Pair, extend},
    maps::{Layout, Map},
};
use crate::{kernels::WindowKey, results::CopyKind};

/// A stream of words read as a sequence of halves.
#[derive(Clone, Copy)]
struct HalfWords<'a> {
    words: &'a [u64],
    /// Whether the high half comes first.
    high_first: bool,
}

impl HalfWords<'_> {
    fn count(self) -> usize {
        2 * self.words.len()
    }

    fn get(self, index: usize) -> u32 {
        let word = self.words[index / 2];
        let high = index.is_multiple_of(2) == self.high_first;
        if high {
            (word >> 32) as u32
        } else {
            word as u32
        }
    }
}

/// The copy that explains two windows of halves with one key.
pub(super) fn verify(pair: Pair<'_>, hit: KeyHit, key: WindowKey) -> Option<FoundCopy> {
    let halves = 2 * key.features;
    let start = |word: usize, variant: u8| 2 * word + usize::from(variant != 0);
    let (a, b) = (start(hit.a, hit.variants.0), start(hit.b, hit.variants.1));
    let mut best: Option<FoundCopy> = None;
    for &a_high in orders(hit.variants.0) {
        for &b_high in orders(hit.variants.1) {
            let left = HalfWords {
                words: pair.a,
                high_first: a_high,
            };
            let right = HalfWords {
                words: pair.b,
                high_first: b_high,
            };
            for reversed in [false, true] {
                let meeting = Meeting {
                    a,
                    b: if reversed { b + halves - 1 } else { b },
                    reversed,
                    same: pair.same,
                };
                let (ahead, behind) = meeting.extent((left.count(), right.count()), |i, j| {
                    left.get(i) == right.get(j)
                });
                let count = ahead + behind;
                if count < halves {
                    continue;
                }
                let (from_a, from_b) = meeting.earlier(behind);
                let whole_words = if reversed {
                    (from_a + from_b) % 2 == 1
                } else {
                    (from_a + from_b) % 2 == 0
                };
                let found = if whole_words {
                    match words_of(pair, (from_a, from_b), reversed, a_high == b_high) {
                        Some(found) if found.words >= key.features => found,
                        _ => continue,
                    }
                } else {
                    FoundCopy {
                        a: from_a / 2,
                        b: from_b / 2,
                        words: count / 2,
                        kind: CopyKind::HalfWordShift,
                        reversed,
                    }
                };
                if best.is_none_or(|best| found.words > best.words) {
                    best = Some(found);
                }
            }
        }
    }
    best
}

/// The packing orders in which a window of this variant may be read, high half first or not.
fn orders(variant: u8) -> &'static [bool] {
    match variant {
        0 => &[false, true],
        1 => &[false],
        _ => &[true],
    }
}

/// Halves that match in whole words are a copy of words, as they are or with halves swapped.
fn words_of(
    pair: Pair<'_>,
    (a, b): (usize, usize),
    reversed: bool,
    same_order: bool,
) -> Option<FoundCopy> {
    let layout = Layout { width: 64 };
    // The first whole word of the run; its partner lies across from it.
    let skip = a % 2;
    let word_a = (a + skip) / 2;
    let word_b = if reversed {
        b.checked_sub(skip)? / 2
    } else {
        (b + skip) / 2
    };
    if word_a >= pair.a.len() || word_b >= pair.b.len() {
        return None;
    }
    // Read backwards, a word's halves change places.
    let map = if same_order != reversed {
        Map::Equal
    } else {
        Map::Rotation(32)
    };
    Some(extend(pair, (word_a, word_b), reversed, &map, layout))
}
