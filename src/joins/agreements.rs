//! Equal elements of two streams that stand on one line: a partial copy, at one lag, backwards, or of
//! every n-th word.

use std::collections::HashMap;

use super::{information::MARGIN_BITS, ledger::Ledger, strands::Strands};
use crate::{
    results::{Joins, LISTED, PartialCopy, Place},
    vocabulary::Evidence,
};

/// Words that a line advances in either stream from point to point, at most. Raising it finds streams that
/// take every so many-th word of others, and tries more slopes.
const STEPS: i64 = 64;

/// Slopes tried of one pair of streams, the commonest first: more find lines among many chance agreements.
const TRIED: usize = 4;

/// One pair of equal elements outside every shared run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ElementAgreement {
    pub(super) spans: (u32, u32),
    pub(super) a: usize,
    pub(super) b: usize,
}

impl ElementAgreement {
    const fn lag(&self) -> i64 {
        self.b as i64 - self.a as i64
    }
}

/// What agreements are held against.
pub(super) struct Agreements<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) strands: &'a Strands<'a>,
    pub(super) ledger: &'a Ledger,
}

impl Agreements<'_> {
    /// Reports the pairs of streams with more agreements on one line than chance makes anywhere.
    pub(super) fn report(&self, mut agreements: Vec<ElementAgreement>, joins: &mut Joins) {
        agreements.sort_unstable_by_key(|same| (same.spans, same.lag(), same.a));
        agreements.dedup();
        joins.chance += 2.0 * (-MARGIN_BITS).exp2();
        let all = agreements.len();
        let mut at_lag: HashMap<u64, usize> = HashMap::new();
        for same in &agreements {
            *at_lag.entry(same.lag().unsigned_abs()).or_default() += 1;
        }
        // A pair of streams has fewer lags than both have words, so there are fewer cells than this.
        let log2_lags =
            (self.strands.spans.len() as f64).log2() + (self.strands.words() as f64).log2() + 1.0;
        // And fewer lines of one slope p/q than (p + q) times as many.
        let log2_lines = log2_lags + ((2 * STEPS * STEPS * 2 * STEPS) as f64).log2();
        let mut found: Vec<PartialCopy> = Vec::new();
        for pair in agreements.chunk_by_mut(|x, y| x.spans == y.spans) {
            let spans = pair[0].spans;
            let (before, pair_size) = (found.len(), pair.len());
            for same in pair.chunk_by(|x, y| x.lag() == y.lag()) {
                // Elements of one table are equal at all lags.
                let others = all - at_lag[&same[0].lag().unsigned_abs()];
                let elsewhere = others.saturating_sub(pair_size - same.len());
                let log2_chance = log2_lags + log2_tail(same.len(), self.log2_mean(elsewhere));
                if log2_chance <= -MARGIN_BITS && !self.ledger.knows_lag(spans, same[0].lag()) {
                    let same: Vec<&ElementAgreement> = same.iter().collect();
                    found.push(self.copy(&same, (1, 1), log2_chance));
                }
            }
            if found.len() > before || spans.0 == spans.1 {
                continue;
            }
            pair.sort_unstable_by_key(|same| (same.a, same.b));
            if let Some((line, steps)) = longest_line(pair) {
                let log2_mean = self.log2_mean(all - pair.len());
                let log2_chance = log2_lines + log2_tail(line.len(), log2_mean);
                if log2_chance <= -MARGIN_BITS {
                    found.push(self.copy(&line, steps, log2_chance));
                }
            }
        }
        joins.partial_copies.append(&mut found);
        joins
            .partial_copies
            .sort_by(|x, y| y.equal.cmp(&x.equal).then((x.a, x.b).cmp(&(y.a, y.b))));
        joins.partial_copies.truncate(LISTED);
    }

    /// Elements expected, at most, to agree on one line (binary logarithm), where so many of all *other*
    /// pairs of streams are equal: more than uniform bits make, if they are taken from a table.
    fn log2_mean(&self, others: usize) -> f64 {
        let width = self.evidence.format().uniform_width().unwrap_or(64);
        let spans = self.strands.spans.iter();
        let longest = spans.map(|span| span.end - span.start).max().unwrap_or(0);
        let elements = self.strands.words() as f64;
        let equal = ((others + 3) as f64).log2() - 2.0 * elements.log2() + 1.0;
        (longest as f64).log2() + equal.max(-f64::from(width))
    }

    fn copy(&self, line: &[&ElementAgreement], steps: (u64, i64), log2_chance: f64) -> PartialCopy {
        let (first, last) = (line[0], line[line.len() - 1]);
        let place = |span: u32, word: usize| Place {
            stream: self
                .evidence
                .id(self.strands.spans[span as usize].stream as usize),
            word: word as u64,
        };
        PartialCopy {
            a: place(first.spans.0, first.a),
            b: place(first.spans.1, first.b),
            equal: line.len() as u64,
            span: (last.a - first.a + 1) as u64,
            steps,
            chance: log2_chance.exp2(),
        }
    }
}

/// C(L, c)·2^(−width·c) ≤ mean^c / c!, as a binary logarithm.
fn log2_tail(equal: usize, log2_mean: f64) -> f64 {
    let log2_factorial: f64 = (1..=equal).map(|i| (i as f64).log2()).sum();
    equal as f64 * log2_mean - log2_factorial
}

/// The longest line through agreements of one pair of streams, in order of their place in the first,
/// and its steps in both streams. Lines of one lag are left out: they were looked at.
fn longest_line(pair: &[ElementAgreement]) -> Option<(Vec<&ElementAgreement>, (u64, i64))> {
    let mut slopes: HashMap<(i64, i64), usize> = HashMap::new();
    for next in pair.windows(2) {
        let (p, q) = (
            (next[1].a - next[0].a) as i64,
            next[1].b as i64 - next[0].b as i64,
        );
        let common = greatest_common_divisor(p, q.abs());
        if p == 0 || q == 0 || p == q {
            continue;
        }
        let slope = (p / common, q / common);
        if slope.0 <= STEPS && slope.1.abs() <= STEPS {
            *slopes.entry(slope).or_default() += 1;
        }
    }
    let mut slopes: Vec<((i64, i64), usize)> = slopes.into_iter().collect();
    slopes.sort_unstable_by_key(|&(slope, count)| (std::cmp::Reverse(count), slope));
    let mut best: Option<(Vec<&ElementAgreement>, (u64, i64))> = None;
    for ((p, q), _) in slopes.into_iter().take(TRIED) {
        let line_of = |same: &ElementAgreement| q * same.a as i64 - p * same.b as i64;
        let mut counts: HashMap<i64, usize> = HashMap::new();
        for same in pair {
            *counts.entry(line_of(same)).or_default() += 1;
        }
        let commonest = counts
            .into_iter()
            .max_by_key(|&(line, count)| (count, line))
            .map(|(line, _)| line)?;
        let line: Vec<&ElementAgreement> =
            pair.iter().filter(|x| line_of(x) == commonest).collect();
        if best
            .as_ref()
            .is_none_or(|(known, _)| line.len() > known.len())
        {
            best = Some((line, (p as u64, q)));
        }
    }
    best
}

const fn greatest_common_divisor(mut x: i64, mut y: i64) -> i64 {
    while y != 0 {
        (x, y) = (y, x % y);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_found_among_strangers() {
        let agreement = |a: usize, b: usize| ElementAgreement {
            spans: (0, 1),
            a,
            b,
        };
        let mut pair: Vec<ElementAgreement> =
            (0..20).map(|i| agreement(7 + 6 * i, 300 - 4 * i)).collect();
        pair.extend([agreement(3, 3), agreement(11, 70), agreement(50, 1)]);
        pair.sort_unstable_by_key(|same| same.a);
        let (line, steps) = longest_line(&pair).unwrap();
        assert_eq!((line.len(), steps), (20, (3, -2)));
        assert_eq!(line[0], &agreement(7, 300));
    }
}
