//! Relations of three streams at small lags: x(a, t) = x(b, t + i) + x(c, t + j), and the same with xor.

use rayon::prelude::*;

use super::{places::Spot, views::Frame};
use crate::{
    kernels::{BitFilter, mix},
    math::{Tails, binomial_tails},
    results::View,
    vocabulary::StreamId,
};

/// Lags on either side, in words: more find later relations; the sums grow as much.
const LAGS: isize = 8;
/// Candidates of one sum that are kept: where many streams are alike there would be as many as streams for each, and
/// some will do.
const ALIKE: usize = 2;
/// Sums of two streams searched at most, all lags counted: more find relations among more streams.
const SUMS: usize = 1 << 18;
/// Candidates verified at most, of pairs and of sums alike: more find a relation that few streams of many have.
pub(super) const VERIFIED: usize = 64;
/// Top bits of a combined word that must vanish where a relation holds: chance makes them in one word of 2^8.
pub(super) const TOP: u32 = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LagOperation {
    Sum,
    Xor,
}

/// A row, read so many words later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LaggedRow {
    row: u32,
    lag: isize,
}

/// The places of the search: one a kind, none where streams are too short.
pub(super) fn spots(frame: &Frame<'_>, bits: u32) -> Vec<Spot> {
    let window = (64 / bits) as usize;
    if frame.words() < 4 * (window + LAGS as usize) || frame.streams() < 3 {
        return Vec::new();
    }
    [LagOperation::Sum, LagOperation::Xor]
        .into_par_iter()
        .map(|kind| measure(frame, kind, bits, window))
        .collect()
}

/// The rows searched: the first ones of every run, evenly, as many as the sums allow.
fn chosen(frame: &Frame<'_>) -> Vec<u32> {
    let lags = (2 * LAGS + 1) as usize;
    let most = (2 * SUMS / lags).isqrt();
    let each = (most / frame.runs().len()).max(1);
    let runs = frame.runs().iter();
    runs.flat_map(|run| run.clone().take(each))
        .take(most)
        .map(|row| row as u32)
        .collect()
}

fn measure(frame: &Frame<'_>, kind: LagOperation, bits: u32, window: usize) -> Spot {
    let rows = chosen(frame);
    let late: Vec<LaggedRow> = rows
        .iter()
        .flat_map(|&row| (-LAGS..=LAGS).map(move |lag| LaggedRow { row, lag }))
        .collect();
    // The sum of a row and a later one that is read at some lag.
    let sums: Vec<(u32, LaggedRow)> = rows
        .iter()
        .flat_map(|&row| {
            let others = late.iter().filter(move |other| other.row > row);
            others.map(move |&other| (row, other))
        })
        .collect();
    let reader = LaggedReader { frame, kind, bits };
    let from = LAGS as usize;
    let single = |late: &LaggedRow| reader.key(from..from + window, |t| reader.word(*late, t));
    let sum = |&(row, other): &(u32, LaggedRow)| {
        let first = LaggedRow { row, lag: 0 };
        reader.key(from..from + window, |t| {
            reader.combine(reader.word(first, t), reader.word(other, t))
        })
    };
    let mut singles: Vec<(u64, u32)> = late.iter().map(single).zip(0..).collect();
    singles.sort_unstable();
    let mut known = BitFilter::default();
    known.reset(singles.len(), 0);
    // Narrow words fill the low bits of a key only; filters look at the top ones.
    singles.iter().for_each(|(key, _)| known.mark(mix(*key)));
    let candidates: Vec<(LaggedRow, LaggedRow, LaggedRow)> = sums
        .par_iter()
        .flat_map_iter(|pair| {
            let key = sum(pair);
            let at = match known.may_hold(mix(key)) {
                true => singles.partition_point(|known| known.0 < key),
                false => singles.len(),
            };
            let same = singles[at..].iter().take_while(move |known| known.0 == key);
            let (row, other) = *pair;
            let late = &late;
            same.map(move |&(_, i)| (late[i as usize], LaggedRow { row, lag: 0 }, other))
                .filter(move |relation| reader.compares(relation))
                .take(ALIKE)
        })
        .collect();
    // Under the null hypothesis there is hardly ever one; where there are very many, some will do.
    let step = candidates.len().div_ceil(VERIFIED).max(1);
    let searched = sums.len() as f64 * late.len() as f64;
    let best = candidates
        .iter()
        .step_by(step)
        .map(|relation| (reader.vanishing(relation, from + window), relation))
        .max_by_key(|&(hits, _)| hits);
    let words = (frame.words() - 2 * from - window) as u64;
    let probability = f64::from(bits.min(TOP)).exp2().recip();
    let (tails, statistic, streams, lags) = match best {
        None => (Tails::CERTAIN, 0, Vec::new(), String::new()),
        Some((hits, (a, b, c))) => {
            let law = binomial_tails(hits, words, probability);
            let ids: Vec<StreamId> = [a, b, c]
                .iter()
                .map(|late| frame.id(late.row as usize))
                .collect();
            (
                Tails::upper_only(law.ln_upper).times(searched),
                hits,
                ids,
                format!(", at lags {}, {} and {}", a.lag, b.lag, c.lag),
            )
        }
    };
    let name = match kind {
        LagOperation::Sum => "sum",
        LagOperation::Xor => "xor",
    };
    Spot::new(
        View::Combinations,
        format!(
            "one of {} streams as the {name} of two others{lags}",
            rows.len()
        ),
        tails,
        (statistic as f64, words as f64 * probability),
    )
    .of(streams)
}

/// Reads words of a frame at lags.
#[derive(Clone, Copy)]
struct LaggedReader<'a, 'b> {
    frame: &'a Frame<'b>,
    kind: LagOperation,
    bits: u32,
}

impl LaggedReader<'_, '_> {
    fn word(&self, late: LaggedRow, at: usize) -> u64 {
        self.frame.row(late.row as usize)[at.wrapping_add_signed(late.lag)]
    }

    fn combine(&self, x: u64, y: u64) -> u64 {
        match self.kind {
            LagOperation::Sum => x.wrapping_add(y),
            LagOperation::Xor => x ^ y,
        }
    }

    /// The top bits of some words in a row, rounded where a sum may be one off.
    fn key(&self, window: std::ops::Range<usize>, word: impl Fn(usize) -> u64) -> u64 {
        let half = match self.kind {
            LagOperation::Sum => 1 << (63 - self.bits),
            LagOperation::Xor => 0,
        };
        window.fold(0, |key: u64, t| {
            key.unbounded_shl(self.bits) | word(t).wrapping_add(half) >> (64 - self.bits)
        })
    }

    /// Three streams, of which in the control no two stand as near in time as the search reaches.
    fn compares(&self, (a, b, c): &(LaggedRow, LaggedRow, LaggedRow)) -> bool {
        let near = |x: &LaggedRow, y: &LaggedRow| {
            let words = self.frame.words() as i64;
            let offset = |late: &LaggedRow| i64::from(self.frame.offset(late.row as usize));
            let apart = (offset(x) - offset(y)).rem_euclid(words);
            self.frame.is_shifted() && apart.min(words - apart) <= 2 * LAGS as i64
        };
        a.row != b.row && a.row != c.row && !near(a, b) && !near(a, c) && !near(b, c)
    }

    /// Words from `from` on at which the top bits of the relation vanish, within a 512th of 0 on
    /// either side where it is a sum.
    fn vanishing(&self, (a, b, c): &(LaggedRow, LaggedRow, LaggedRow), from: usize) -> u64 {
        let end = self.frame.words() - LAGS as usize;
        (from..end)
            .filter(|&t| {
                let sum = self.combine(self.word(*b, t), self.word(*c, t));
                let rest = match self.kind {
                    LagOperation::Sum => self
                        .word(*a, t)
                        .wrapping_sub(sum)
                        .wrapping_add(1 << (63 - TOP)),
                    LagOperation::Xor => self.word(*a, t) ^ sum,
                };
                rest >> (64 - TOP) == 0
            })
            .count() as u64
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        statistics::{
            find,
            samples::{Size, evidence, lcg64, least, seed, seedings, size, splitmix, xorshift64},
        },
        vocabulary::Evidence,
    };

    /// Task 30 is made of tasks 11 and 23 at lags.
    fn relation(width: u32, lags: (usize, usize), of: fn(u64, u64) -> u64) -> Evidence {
        let shape = Size {
            width,
            ..size(1, 40, 256)
        };
        evidence(shape, move |_, task| {
            let mask = u64::MAX << (64 - width);
            let late = |task: u64, lag: usize| {
                let mut draw = splitmix(task);
                for _ in 0..lag {
                    draw();
                }
                draw
            };
            let mut own = splitmix(u64::from(task));
            let (mut x, mut y) = (late(11, lags.0), late(23, lags.1));
            move || match task {
                30 => of(x() & mask, y() & mask),
                _ => own(),
            }
        })
    }

    #[test]
    fn sums_and_xors_at_small_lags_are_found_and_named() {
        let search = find("relation-search").unwrap();
        for width in [64, 53, 32, 24] {
            for lags in [(0, 5), (3, 0), (8, 1), (7, 7)] {
                for of in [u64::wrapping_add as fn(u64, u64) -> u64, |x, y| x ^ y] {
                    let results = search.run(&relation(width, lags, of));
                    assert!(seedings(&results) < 1e-50, "{width} {lags:?}: {results:#?}");
                    let mut tasks: Vec<u32> =
                        results[0].streams.iter().map(|id| id.task.0).collect();
                    tasks.sort_unstable();
                    assert_eq!(tasks, [11, 23, 30]);
                }
            }
        }
    }

    #[test]
    fn linear_generators_of_sound_seeds_show_no_relation_of_three() {
        let search = find("relation-search").unwrap();
        for salt in 0..4 {
            let shift = evidence(size(2, 40, 256), |run, task| {
                xorshift64(seed(salt, run, task))
            });
            let linear = evidence(size(2, 40, 256), |run, task| lcg64(seed(salt, run, task)));
            for source in [shift, linear] {
                assert!(least(&search.run(&source)).0 > 1e-6);
            }
        }
    }
}
