//! A hit of two keys, and how far it goes.

use super::maps::{Layout, Map};
use crate::results::CopyKind;

/// A copy between two streams: words counted from the start of each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FoundCopy {
    /// First word in the one stream.
    pub(super) a: usize,
    /// The matching word of the other: the first of its run, or the last if `reversed`.
    pub(super) b: usize,
    pub(super) words: usize,
    pub(super) kind: CopyKind,
    pub(super) reversed: bool,
}

/// Two streams; `same` when they are one.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) a: &'a [u64],
    pub(super) b: &'a [u64],
    pub(super) same: bool,
}

/// Where two windows start, and the variants of their keys: how halves are aligned (0 even, 1 odd
/// low-first, 2 odd high-first), or which series of changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyHit {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) variants: (u8, u8),
}

/// Where two sequences are held against each other.
#[derive(Clone, Copy)]
pub(super) struct Meeting {
    /// The index in the one sequence.
    pub(super) a: usize,
    /// The index in the other.
    pub(super) b: usize,
    /// Whether the other is read backwards.
    pub(super) reversed: bool,
    /// Whether both are one sequence: read backwards it must not cross itself.
    pub(super) same: bool,
}

impl Meeting {
    /// How many elements agree from the meeting on, and how many before it; none before where it does not itself.
    /// `agree` compares an element of the one sequence with one of the other, which end at `lengths`.
    pub(super) fn extent(
        self,
        lengths: (usize, usize),
        agree: impl Fn(usize, usize) -> bool,
    ) -> (usize, usize) {
        let partner = |offset: usize, ahead: bool| {
            let index = if ahead != self.reversed {
                self.b.checked_add(offset)
            } else {
                self.b.checked_sub(offset)
            };
            index.filter(|&index| index < lengths.1)
        };
        let room = if self.same && self.reversed {
            self.b.saturating_sub(self.a).div_ceil(2)
        } else {
            usize::MAX
        };
        let ahead = (0..lengths.0.saturating_sub(self.a).min(room))
            .take_while(|&i| partner(i, true).is_some_and(|j| agree(self.a + i, j)))
            .count();
        if ahead == 0 {
            return (0, 0);
        }
        let behind = (1..=self.a)
            .take_while(|&i| partner(i, false).is_some_and(|j| agree(self.a - i, j)))
            .count();
        (ahead, behind)
    }

    /// The meeting so many elements earlier in the one sequence.
    pub(super) const fn earlier(self, elements: usize) -> (usize, usize) {
        let b = if self.reversed {
            self.b + elements
        } else {
            self.b - elements
        };
        (self.a - elements, b)
    }
}

/// Extends a match of single words in both directions as far as the map holds.
pub(super) fn extend(
    pair: Pair<'_>,
    (a, b): (usize, usize),
    reversed: bool,
    map: &Map,
    layout: Layout,
) -> FoundCopy {
    let meeting = Meeting {
        a,
        b,
        reversed,
        same: pair.same,
    };
    let (ahead, behind) = meeting.extent((pair.a.len(), pair.b.len()), |i, j| {
        map.holds(layout, pair.a[i], pair.b[j])
    });
    let (a, b) = meeting.earlier(behind);
    let found = FoundCopy {
        a,
        b,
        words: ahead + behind,
        kind: map.kind(layout),
        reversed,
    };
    if ahead > 0 && matches!(map, Map::Top(_)) {
        measure_truncation(pair, found)
    } else {
        found
    }
}

/// How many top bits agree in the whole run.
fn measure_truncation(pair: Pair<'_>, found: FoundCopy) -> FoundCopy {
    let bits = (0..found.words)
        .map(|i| {
            let b = if found.reversed {
                found.b - i
            } else {
                found.b + i
            };
            (pair.a[found.a + i] ^ pair.b[b]).leading_zeros()
        })
        .min()
        .unwrap_or(0);
    FoundCopy {
        kind: CopyKind::Truncation { bits },
        ..found
    }
}
