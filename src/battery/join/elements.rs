//! The exact join of every element (or shortest telling window) as it stands: every shared run is
//! found, and elements that agree at one lag without forming a run convict partial copies.

use super::{
    super::{
        Joins, PartialCopy, Place,
        kernels::{Family, WindowKey, count_repeats},
    },
    JoinArena,
    candidates::pairs,
    duplicates::{Tally, for_repeated},
    ledger::Ledger,
    maps::{Layout, Map},
    strands::{Elements, Pieces, Record, Strands, Windows},
    verify::{Hit, Pair, extend, verify},
};
use crate::core::Evidence;

/// Bound on the probability that chance makes any two streams agree at one lag so often: all joins of
/// a check of a thousand rows then add less than 1e-10 to its false alarms.
const LOG2_CHANCE: f64 = -48.0;

/// Pairs of equal elements that are kept to be compared by lag.
const KEPT_AGREEMENTS: usize = 1 << 20;

/// Partial copies that are listed.
const LISTED: usize = 64;

/// One pair of equal elements outside every shared run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Agreement {
    spans: (u32, u32),
    lag: i64,
    a: usize,
}

/// The words that an exact join needs in one key, so that chance repeats stay below a sixteenth of
/// the elements.
pub(super) fn key_words(words: usize, width: u32) -> usize {
    let bits = (words.max(2) as f64).log2() + 3.0;
    (bits / f64::from(width)).ceil().max(1.0) as usize
}

/// What the exact join works on.
pub(super) struct Exact<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) strands: &'a Strands<'a>,
    pub(super) pieces: &'a Pieces,
    /// The key whose windows tell a copy from chance.
    pub(super) key: WindowKey,
    /// Whether two spans are known to be equal over their common length.
    pub(super) known: &'a dyn Fn(u32, u32) -> bool,
}

impl Exact<'_> {
    /// Joins single elements of uniform bits, counting them on the way.
    pub(super) fn join_elements(
        &self,
        tally: &mut Tally<'_>,
        arena: &mut JoinArena,
        ledger: &mut Ledger,
        joins: &mut Joins,
    ) {
        let mut agreements = Vec::new();
        tally.count(&Elements::new(self.strands), !0, arena, |records| {
            self.extend_elements(records, ledger, &mut agreements);
        });
        self.report_agreements(agreements, ledger, joins);
    }

    /// Joins windows of `words` uniform elements too narrow to be joined alone, or of the key itself.
    pub(super) fn join_windows(
        &self,
        words: Option<usize>,
        arena: &mut JoinArena,
        ledger: &mut Ledger,
    ) {
        let key = words.map_or(self.key, |features| WindowKey {
            family: Family::Identity,
            features,
        });
        let windows = Windows {
            strands: self.strands,
            pieces: self.pieces,
            key,
        };
        let repeats = count_repeats(&windows, !0, &mut arena.keys);
        for_repeated(&windows, !0, &repeats, |records| {
            if words.is_some() {
                self.extend_elements(records, ledger, &mut Vec::new());
            } else {
                self.verify_windows(records, ledger);
            }
        });
    }

    /// Extends every pair of equal elements; pairs that do not grow to a telling run are agreements.
    fn extend_elements(
        &self,
        records: &[Record],
        ledger: &mut Ledger,
        agreements: &mut Vec<Agreement>,
    ) {
        let layout = Layout { width: 64 };
        for (first, second) in pairs(records) {
            let (spans, a, b) = self.locate(first, second);
            if self.skip(spans, ledger) || ledger.covers(spans, a, b, 1) {
                continue;
            }
            let pair = self.pair(spans);
            let forward = extend(pair, (a, b), false, &Map::Equal, layout);
            let backward = extend(pair, (a, b), true, &Map::Equal, layout);
            let found = if backward.words > forward.words {
                backward
            } else {
                forward
            };
            if found.words >= self.key.words() {
                ledger.insert(spans, found);
            } else if agreements.len() < KEPT_AGREEMENTS && found.words > 0 {
                agreements.push(Agreement {
                    spans,
                    lag: b as i64 - a as i64,
                    a,
                });
            }
        }
    }

    fn verify_windows(&self, records: &[Record], ledger: &mut Ledger) {
        let words = self.key.words();
        for (first, second) in pairs(records) {
            let (spans, a, b) = self.locate(first, second);
            // Values that stand still for a while say nothing: a window must not meet itself.
            let overlapping = spans.0 == spans.1 && b - a < words;
            if overlapping || self.skip(spans, ledger) || ledger.covers(spans, a, b, words) {
                continue;
            }
            let hit = Hit {
                a,
                b,
                variants: (0, 0),
            };
            if let Some(found) = verify(self.pair(spans), hit, self.key, self.evidence.format()) {
                ledger.insert(spans, found);
            }
        }
    }

    fn skip(&self, spans: (u32, u32), ledger: &Ledger) -> bool {
        ledger.is_full(spans) || (self.known)(spans.0, spans.1)
    }

    fn pair(&self, spans: (u32, u32)) -> Pair<'_> {
        Pair {
            a: self.strands.stream(spans.0 as usize),
            b: self.strands.stream(spans.1 as usize),
            same: spans.0 == spans.1,
        }
    }

    fn locate(&self, first: u64, second: u64) -> ((u32, u32), usize, usize) {
        locate(self.strands, first, second)
    }

    /// Reports the pairs and lags with more agreements than chance makes anywhere.
    fn report_agreements(
        &self,
        mut agreements: Vec<Agreement>,
        ledger: &Ledger,
        joins: &mut Joins,
    ) {
        let width = self.evidence.format().uniform_width().unwrap_or(64);
        let longest = self
            .strands
            .spans
            .iter()
            .map(|span| span.end - span.start)
            .max()
            .unwrap_or(0);
        // A pair of streams has fewer lags than both have words, so there are fewer cells than this.
        let log2_cells =
            (self.strands.spans.len() as f64).log2() + (self.strands.words() as f64).log2() + 1.0;
        let log2_mean = (longest as f64).log2() - f64::from(width);
        let log2_bound = |equal: u64| {
            // C(L, c)·2^(−width·c) ≤ mean^c / c!
            let log2_factorial: f64 = (1..=equal).map(|i| (i as f64).log2()).sum();
            log2_cells + equal as f64 * log2_mean - log2_factorial
        };
        agreements.sort_unstable();
        agreements.dedup();
        joins.chance += LOG2_CHANCE.exp2();
        let id = |span: u32| {
            self.evidence
                .id(self.strands.spans[span as usize].stream as usize)
        };
        for same in agreements.chunk_by(|x, y| (x.spans, x.lag) == (y.spans, y.lag)) {
            let (first, last) = (same[0], same[same.len() - 1]);
            let equal = same.len() as u64;
            let log2_chance = log2_bound(equal);
            if log2_chance > LOG2_CHANCE || ledger.knows_lag(first.spans, first.lag) {
                continue;
            }
            let b = (first.a as i64 + first.lag) as u64;
            joins.partial_copies.push(PartialCopy {
                a: Place {
                    stream: id(first.spans.0),
                    word: first.a as u64,
                },
                b: Place {
                    stream: id(first.spans.1),
                    word: b,
                },
                equal,
                span: (last.a - first.a + 1) as u64,
                chance: log2_chance.exp2(),
            });
        }
        joins
            .partial_copies
            .sort_by(|x, y| y.equal.cmp(&x.equal).then((x.a, x.b).cmp(&(y.a, y.b))));
        joins.partial_copies.truncate(LISTED);
    }
}

/// The spans of two places and the words within them.
pub(super) fn locate(strands: &Strands<'_>, first: u64, second: u64) -> ((u32, u32), usize, usize) {
    let word = |place: u64| (place / 4) as usize;
    let spans = (strands.span_at(word(first)), strands.span_at(word(second)));
    (
        (spans.0 as u32, spans.1 as u32),
        word(first) - strands.spans[spans.0].start,
        word(second) - strands.spans[spans.1].start,
    )
}
