//! Windows of equal keys in several streams, forwards and backwards, and how far they go on.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::{
    kernels::{BLOCK, BitFilter, KeyBuffer, KeySource, count_repeats, mix},
    results::LawClass,
};

/// A run of values that two streams share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    /// The stream that has it, and the place of its first value there.
    pub a: (usize, usize),
    /// The other, and the place of its first value (of its last, where it runs backwards).
    pub b: (usize, usize),
    /// How many values.
    pub values: usize,
    /// Whether the other runs backwards.
    pub reversed: bool,
    /// Whether it is an affine image of the one, not equal to it.
    pub affine: bool,
    /// Bits that are proven, for rows up to the length that was asked for.
    pub proven: f64,
    /// Bits if values are drawn one by one.
    pub plain: f64,
    /// The class of laws under which it tells least.
    pub class: LawClass,
}

/// Places of one stream at which a window is looked at: one that comes more often belongs to a round, which the
/// first places tell of; without it the work grows with the square of what steps evenly.
const PLACES: usize = 4;
/// One stream as it is looked at.
pub(super) struct Track {
    stream: usize,
    reversed: bool,
    /// Its values, spread over all bits.
    keys: Vec<u64>,
    /// Values that a key is made of, less one.
    more: usize,
}

/// One stream's values, or what is made of so many `more` values each, forwards and backwards.
pub(super) fn both_ways(
    stream: usize,
    forward: Vec<u64>,
    backward: Vec<u64>,
    more: usize,
) -> [Track; 2] {
    let track = |reversed: bool, mut keys: Vec<u64>| {
        // What is equal stays equal, and what is not differs in all its bits.
        keys.iter_mut().for_each(|key| *key = spread(*key));
        Track {
            stream,
            reversed,
            keys,
            more,
        }
    };
    [track(false, forward), track(true, backward)]
}

/// Runs that tracks share, each once for the first stream that has it.
pub(super) fn join(
    tracks: &[Track],
    window: usize,
    affine: bool,
    buffer: &mut KeyBuffer,
) -> Vec<Stretch> {
    let window = window - tracks.first().map_or(0, |track| track.more);
    let keyed = repeated(&Windows { tracks, window }, buffer);
    let mut hits: Vec<(u32, u32, u32, u32)> = Vec::new();
    for same in keyed
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() > 1)
    {
        let Some(&(_, owner, from)) = same.iter().find(|hit| !tracks[hit.1 as usize].reversed)
        else {
            continue;
        };
        let of_others = same
            .chunk_by(|a, b| a.1 == b.1)
            .filter(|of_one| tracks[of_one[0].1 as usize].stream != tracks[owner as usize].stream);
        let places = of_others.flat_map(|of_one| of_one.iter().take(PLACES));
        hits.extend(places.map(|&(_, other, at)| (owner, other, from, at)));
    }
    hits.sort_unstable();
    // Hits on one line are one run: where it ends is kept for each line.
    let mut ends: HashMap<(u32, u32, i64), usize> = HashMap::new();
    let mut found = Vec::new();
    for (a, b, s, t) in hits {
        let line = ends.entry((a, b, i64::from(s) - i64::from(t))).or_insert(0);
        let (s, t) = (s as usize, t as usize);
        if *line > s {
            continue;
        }
        let (x, y) = (&tracks[a as usize], &tracks[b as usize]);
        let alike = x.keys[s..]
            .iter()
            .zip(&y.keys[t..])
            .take_while(|(p, q)| p == q)
            .count();
        if alike < window {
            continue;
        }
        let before = x.keys[..s].iter().rev().zip(y.keys[..t].iter().rev());
        let earlier = before.take_while(|(p, q)| p == q).count();
        *line = s + alike;
        let values = earlier + alike + x.more;
        let (s, t) = (s - earlier, t - earlier);
        let other = if y.reversed {
            y.keys.len() + y.more - 1 - t
        } else {
            t
        };
        found.push(Stretch {
            a: (x.stream, s),
            b: (y.stream, other),
            values,
            reversed: y.reversed,
            affine,
            proven: 0.0,
            plain: 0.0,
            class: LawClass::Values,
        });
    }
    found
}

/// The windows of all tracks.
struct Windows<'a> {
    tracks: &'a [Track],
    window: usize,
}

impl KeySource for Windows<'_> {
    fn chunks(&self) -> usize {
        self.tracks.len()
    }

    fn visit(&self, chunk: usize, sink: &mut dyn FnMut(&[u64])) {
        let mut block = Vec::with_capacity(BLOCK);
        for key in windows(&self.tracks[chunk].keys, self.window) {
            block.push(key);
            if block.len() == BLOCK {
                sink(&block);
                block.clear();
            }
        }
        sink(&block);
    }
}

/// Windows whose key comes more than once, by key, track and place: most come once, and are not sorted. Some that
/// come once are among them.
fn repeated(source: &Windows<'_>, buffer: &mut KeyBuffer) -> Vec<(u64, u32, u32)> {
    let repeats = count_repeats(source, !0, buffer);
    if repeats.repeated_keys() == 0 {
        return Vec::new();
    }
    let mut filter = BitFilter::default();
    filter.reset(repeats.repeated_keys(), 0);
    repeats.repeated().for_each(|key| filter.mark(key));
    let of_track = |(at, track): (usize, &Track)| {
        let keys = windows(&track.keys, source.window).zip(0..);
        // Of one key after the other only the first places are looked at.
        let (mut last, mut times) = (0, 0);
        let is_looked_at = |&(key, _): &(u64, u32)| {
            times = if key == last { times + 1 } else { 1 };
            last = key;
            times <= PLACES
        };
        keys.filter(|&(key, _)| filter.may_hold(mix(key)))
            .filter(is_looked_at)
            .map(|(key, from)| (key, at as u32, from))
            .collect::<Vec<_>>()
    };
    let tracks = source.tracks.par_iter().enumerate();
    let mut keyed: Vec<(u64, u32, u32)> = tracks.flat_map_iter(of_track).collect();
    keyed.par_sort_unstable();
    keyed
}

/// The base of the windows' polynomials.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// A bijection.
fn spread(key: u64) -> u64 {
    (key ^ key >> 31)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
        .rotate_left(27)
        .wrapping_mul(BASE)
}

/// A key for every window of so many values: a polynomial in an odd number, modulo 2^64.
fn windows(keys: &[u64], window: usize) -> impl Iterator<Item = u64> + '_ {
    let top = (1..window.max(1)).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = 0u64;
    keys.iter().enumerate().filter_map(move |(at, &key)| {
        if at >= window {
            hash = hash.wrapping_sub(keys[at - window].wrapping_mul(top));
        }
        hash = hash.wrapping_mul(BASE).wrapping_add(key);
        (at + 1 >= window.max(1)).then_some(hash ^ hash >> 29)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_keyed_by_what_they_hold() {
        let keys: Vec<u64> = vec![5, 1, 2, 3, 9, 1, 2, 3];
        let found: Vec<u64> = windows(&keys, 3).collect();
        assert_eq!(found.len(), 6);
        assert_eq!(found[1], found[5]);
        assert_ne!(found[0], found[1]);
    }
}
