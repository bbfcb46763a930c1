//! A hit of two keys, and how far it goes.

use super::maps::{Layout, Map};
use crate::results::CopyKind;

/// A copy between two streams: words counted from the start of each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
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
pub(super) struct Hit {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) variants: (u8, u8),
}

/// Extends a match of single words in both directions as far as the map holds.
pub(super) fn extend(
    pair: Pair<'_>,
    (a, b): (usize, usize),
    reversed: bool,
    map: &Map,
    layout: Layout,
) -> Found {
    let at = |offset: usize| map.holds(layout, pair.a[a + offset], pair.b[b + offset]);
    let (ahead, behind) = if reversed {
        // Within one stream the two runs approach each other and must not cross.
        let room = if pair.same {
            (b - a).div_ceil(2)
        } else {
            usize::MAX
        };
        let ahead = (0..(pair.a.len() - a).min(b + 1).min(room))
            .take_while(|&i| map.holds(layout, pair.a[a + i], pair.b[b - i]))
            .count();
        let behind = (1..=a.min(pair.b.len() - 1 - b))
            .take_while(|&i| map.holds(layout, pair.a[a - i], pair.b[b + i]))
            .count();
        (ahead, behind)
    } else {
        let ahead = (0..(pair.a.len() - a).min(pair.b.len() - b))
            .take_while(|&i| at(i))
            .count();
        let behind = (1..=a.min(b))
            .take_while(|&i| map.holds(layout, pair.a[a - i], pair.b[b - i]))
            .count();
        (ahead, behind)
    };
    if ahead == 0 {
        return Found {
            a,
            b,
            words: 0,
            kind: map.kind(layout),
            reversed,
        };
    }
    let found = Found {
        a: a - behind,
        b: if reversed { b + behind } else { b - behind },
        words: ahead + behind,
        kind: map.kind(layout),
        reversed,
    };
    if matches!(map, Map::Top(_)) {
        measure_truncation(pair, found)
    } else {
        found
    }
}

/// How many top bits agree in the whole run.
fn measure_truncation(pair: Pair<'_>, found: Found) -> Found {
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
    Found {
        kind: CopyKind::Truncation { bits },
        ..found
    }
}
