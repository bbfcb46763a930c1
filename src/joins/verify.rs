//! A hit of two keys, checked on the words, named, and extended as far as it goes.

use super::{
    changes, halves,
    hit::{FoundCopy, KeyHit, Pair, extend},
    maps::{Layout, Map},
};
use crate::{
    kernels::{Family, WindowKey},
    results::{CopyKind, Series},
    vocabulary::Format,
};

/// Finds the copy that explains why two windows have one key, the longest if several do.
pub(super) fn verify(
    pair: Pair<'_>,
    hit: KeyHit,
    key: WindowKey,
    format: Format,
) -> Option<FoundCopy> {
    let changed = key.family == Family::Changes;
    let (one, other) = hit.variants;
    if !changed && hit.variants != (0, 0) {
        return halves::verify(pair, hit, key);
    }
    let Some(width) = format.uniform_width() else {
        return verify_values(pair, hit, key);
    };
    let layout = Layout { width };
    if one != other {
        return changes::verify(pair, hit, key.features, layout);
    }
    let words = words_of(key, hit.variants);
    let a = &pair.a[hit.a..hit.a + words];
    let b = &pair.b[hit.b..hit.b + words];
    let mut best: Option<FoundCopy> = None;
    let mut backwards;
    for reversed in [false, true] {
        let (b, start_b) = if reversed {
            backwards = b.to_vec();
            backwards.reverse();
            (&backwards[..], hit.b + words - 1)
        } else {
            (b, hit.b)
        };
        for map in explanations(a, b, key.family, layout) {
            let found = extend(pair, (hit.a, start_b), reversed, &map, layout);
            if found.words >= words && best.is_none_or(|best| found.words > best.words) {
                best = Some(found);
            }
        }
    }
    match (key.family, best) {
        (Family::Halves, None) => halves::verify(pair, hit, key),
        (Family::Changes, None) => changes::verify(pair, hit, key.features, layout),
        (_, best) => best.filter(|found| !passes_by(pair, found, layout)),
    }
}

/// Words that a window of this key reaches over: more where steps between them are what is keyed.
pub(super) fn words_of(key: WindowKey, (one, other): (u8, u8)) -> usize {
    match key.family {
        Family::Changes if one == other => key.features + Series::ALL[usize::from(one)].reach() - 1,
        _ => key.words(),
    }
}

/// Top bits that orbits which pass near one another have in common beside the place where they are
/// equal, and words before or after it in which they have, at least and at most.
const NEAR_BITS: u32 = 8;
const NEAR_WORDS: std::ops::Range<usize> = 8..64;

/// Whether two runs are no copy but a close return: orbits of a smooth map agree in ever more bits
/// and then in ever fewer, where copies begin and end at once. Eight such words in a row come by
/// chance with probability 2^-64.
pub(super) fn passes_by(pair: Pair<'_>, found: &FoundCopy, layout: Layout) -> bool {
    let plain = matches!(found.kind, CopyKind::Equal | CopyKind::Truncation { .. });
    if !plain || found.reversed || layout.width < 2 * NEAR_BITS {
        return false;
    }
    let near = |i: usize, j: usize| (pair.a[i] ^ pair.b[j]).leading_zeros() >= NEAR_BITS;
    let ahead = pair.a[found.a..].iter().zip(&pair.b[found.b..]);
    let after = (found.words..ahead.len())
        .take_while(|&i| near(found.a + i, found.b + i))
        .count();
    let before = (1..=found.a.min(found.b))
        .take_while(|&i| near(found.a - i, found.b - i))
        .count();
    NEAR_WORDS.contains(&after) || NEAR_WORDS.contains(&before)
}

/// The maps that take window `a` to window `b`, the most telling first.
fn explanations(a: &[u64], b: &[u64], family: Family, layout: Layout) -> Vec<Map> {
    let mut maps = layout.constant_maps(a[0], b[0]);
    maps.retain(|map| holds(map, a, b, layout));
    if maps.contains(&Map::Equal) {
        return maps;
    }
    match family {
        Family::Halves if holds(&Map::Rotation(32), a, b, layout) => maps.push(Map::Rotation(32)),
        Family::Popcounts => maps.extend(layout.permutations(a, b)),
        Family::Top24 if holds(&Map::Top(24), a, b, layout) => maps.push(Map::Top(24)),
        _ => {}
    }
    maps
}

fn holds(map: &Map, a: &[u64], b: &[u64], layout: Layout) -> bool {
    a.iter().zip(b).all(|(&a, &b)| map.holds(layout, a, b))
}

/// Values that are no uniform bits are copied as they are or with their sign changed, which is the
/// complement of an image that keeps their order.
fn verify_values(pair: Pair<'_>, hit: KeyHit, key: WindowKey) -> Option<FoundCopy> {
    let layout = Layout { width: 64 };
    let words = key.words();
    let maps = [Map::Equal, Map::Xor(!0)];
    let sides = [(false, hit.b), (true, hit.b + words - 1)];
    sides
        .into_iter()
        .flat_map(|(reversed, b)| {
            maps.iter()
                .map(move |map| extend(pair, (hit.a, b), reversed, map, layout))
        })
        .filter(|found| found.words >= words)
        .map(|found| match found.kind {
            CopyKind::Complement => FoundCopy {
                kind: CopyKind::Negation,
                ..found
            },
            _ => found,
        })
        .reduce(|best, found| {
            if found.words > best.words {
                found
            } else {
                best
            }
        })
}
