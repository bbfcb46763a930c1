//! Places whose windows have one key, kept until all are known: what is verified depends on the set of them,
//! and not on the order in which they were met.

use std::collections::BTreeMap;

use crate::kernels::mix;

/// Pairs of streams of which hits are kept, drawn by hash, so that they are the same whatever came first.
/// More name more pairs where many share words.
pub(super) const KEPT_PAIRS: usize = 1 << 12;
/// Hits kept of each pair, drawn likewise: more find further runs of one pair.
pub(super) const KEPT_HITS: usize = 48;
/// Words along a line within which hits of one key are one: fewer keep hits of one long run apart.
pub(super) const MERGED_WORDS: usize = 1 << 14;

/// A hit: by which key, of which variants, and where in the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Met {
    pub(super) family: u8,
    pub(super) variants: (u8, u8),
    pub(super) a: usize,
    pub(super) b: usize,
}

impl Met {
    /// Hits of one key on one line and near one another.
    fn cell(&self) -> (u8, (u8, u8), usize, i64) {
        let line = self.b as i64 - self.a as i64;
        (self.family, self.variants, self.a / MERGED_WORDS, line)
    }

    fn priority(&self) -> u64 {
        let (family, (one, other), block, line) = self.cell();
        let kind = u64::from(family) << 4 | u64::from(one) << 2 | u64::from(other);
        mix(mix(mix(kind) ^ block as u64) ^ line as u64)
    }
}

/// All hits, or as many as are kept, by pairs of spans.
#[derive(Debug, Default)]
pub(super) struct Hits {
    pairs: BTreeMap<(u64, (u32, u32)), Vec<Met>>,
    /// The most places that have one key.
    places: u64,
}

impl Hits {
    /// Takes in a hit.
    pub(super) fn add(&mut self, spans: (u32, u32), met: Met) {
        let pair = mix(u64::from(spans.0) << 32 | u64::from(spans.1));
        let known = self.pairs.entry((pair, spans)).or_default();
        add_to(known, met);
        if self.pairs.len() > KEPT_PAIRS {
            self.pairs.pop_last();
        }
    }

    /// Takes in that so many places have one key.
    pub(super) fn count(&mut self, places: u64) {
        self.places = self.places.max(places);
    }

    /// The most places that have one key.
    pub(super) fn places(&self) -> u64 {
        self.places
    }

    /// Takes in what another has kept.
    pub(super) fn merge(&mut self, other: Self) {
        self.count(other.places);
        for ((_, spans), hits) in other.pairs {
            hits.into_iter().for_each(|met| self.add(spans, met));
        }
    }

    /// The hits of each pair of spans, in the order of spans, families, variants and places.
    pub(super) fn into_pairs(self) -> Vec<((u32, u32), Vec<Met>)> {
        let mut pairs: Vec<((u32, u32), Vec<Met>)> = self
            .pairs
            .into_iter()
            .map(|((_, spans), mut hits)| {
                hits.sort_unstable();
                (spans, hits)
            })
            .collect();
        pairs.sort_unstable_by_key(|pair| pair.0);
        pairs
    }
}

/// Of hits in one cell the first is kept, of all cells those of least priority.
fn add_to(hits: &mut Vec<Met>, met: Met) {
    let cell = met.cell();
    if let Some(known) = hits.iter_mut().find(|known| known.cell() == cell) {
        *known = (*known).min(met);
        return;
    }
    if hits.len() < KEPT_HITS {
        hits.push(met);
        return;
    }
    let rank = |met: &Met| (met.priority(), met.cell());
    if let Some(last) = hits.iter_mut().max_by_key(|met| rank(met))
        && rank(&met) < rank(last)
    {
        *last = met;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_does_not_depend_on_the_order() {
        let mut all = Vec::new();
        let rank = |spans: &(u32, u32)| mix(u64::from(spans.0) << 32 | u64::from(spans.1));
        let rich = (0..100).map(|at| (at, 1)).min_by_key(rank).unwrap();
        for i in 0..60_000_u64 {
            let draw = mix(i);
            let a = (draw >> 40) as usize % 3_000_000;
            let line = if draw.is_multiple_of(3) {
                77
            } else {
                (draw >> 8) as usize % 1000
            };
            let met = Met {
                family: (draw % 4) as u8,
                variants: (0, (draw >> 4 & 1) as u8),
                a,
                b: a + line,
            };
            // Many pairs of few hits, and one pair of many, which is among those that are kept.
            let spans = if i % 2 == 0 {
                rich
            } else {
                (2 + (draw % 7000) as u32, 9000)
            };
            all.push((spans, met));
        }
        let kept = |order: &[((u32, u32), Met)]| {
            let mut hits = Hits::default();
            order.iter().for_each(|&(spans, met)| hits.add(spans, met));
            hits.into_pairs()
        };
        let forwards = kept(&all);
        all.reverse();
        assert_eq!(kept(&all), forwards);
        all.sort_by_key(|&(spans, met)| mix(u64::from(spans.0) ^ met.a as u64));
        assert_eq!(kept(&all), forwards);
        assert_eq!(forwards.len(), KEPT_PAIRS);
        let most = forwards.iter().map(|pair| pair.1.len()).max();
        assert_eq!(most, Some(KEPT_HITS));
    }

    #[test]
    fn hits_on_one_line_are_one_a_stretch() {
        let mut hits = Hits::default();
        for a in (0..10 * MERGED_WORDS).rev().step_by(5) {
            let met = Met {
                family: 0,
                variants: (0, 0),
                a,
                b: a + 9,
            };
            hits.add((0, 1), met);
        }
        let pairs = hits.into_pairs();
        assert_eq!(pairs[0].1.len(), 10);
        assert_eq!(pairs[0].1[0].a, 4);
    }
}
