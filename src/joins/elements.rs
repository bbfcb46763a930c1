//! The exact join of every element (or shortest telling window) as it stands: every shared run is
//! found, and elements that agree at one lag without forming a run convict partial copies.

use super::{
    JoinArena,
    agreements::{Agreements, ElementAgreement},
    candidates::pairs,
    duplicates::{ElementTally, for_repeated},
    hit::{KeyHit, Pair, extend},
    ledger::{self, Ledger},
    maps::{Layout, Map},
    strands::{Elements, Pieces, Record, Strands, StreamSpan, Windows},
    verify::{passes_by, verify},
};
use crate::{
    kernels::{Family, WindowKey, count_repeats},
    results::Joins,
    vocabulary::Evidence,
};

/// Pairs of equal elements that are kept to be compared by lag: more find partial copies in evidence full of
/// repeats, in memory of 24 bytes each.
const KEPT_AGREEMENTS: usize = 1 << 20;

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
        tally: &mut ElementTally<'_>,
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

    /// Counts single elements too narrow to be joined alone, and holds their agreements against lines:
    /// partial copies that share no window.
    pub(super) fn count_elements(
        &self,
        tally: &mut ElementTally<'_>,
        arena: &mut JoinArena,
        ledger: &Ledger,
        joins: &mut Joins,
    ) {
        let elements = self.strands.words() as f64;
        let width = self.evidence.format().uniform_width();
        let by_chance = |width: u32| elements * elements / 2.0 / f64::from(width).exp2();
        let few = width.is_some_and(|width| by_chance(width) < KEPT_AGREEMENTS as f64 / 2.0);
        let mut agreements = Vec::new();
        tally.count(&Elements::new(self.strands), !0, arena, |records| {
            if !few {
                return;
            }
            for (first, second) in pairs(records) {
                let (spans, a, b) = self.locate(first, second);
                let room = agreements.len() < KEPT_AGREEMENTS;
                if room
                    && !self.skip(spans, ledger)
                    && !ledger.covers(spans, ledger::Windows::whole(a, b, 1))
                {
                    agreements.push(ElementAgreement { spans, a, b });
                }
            }
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
            features: match self.key.family {
                Family::Packed => features.next_multiple_of(8),
                _ => features,
            },
            ..self.key
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
        agreements: &mut Vec<ElementAgreement>,
    ) {
        let layout = Layout {
            width: self.evidence.format().uniform_width().unwrap_or(64),
        };
        for (first, second) in pairs(records) {
            let (spans, a, b) = self.locate(first, second);
            if self.skip(spans, ledger) || ledger.covers(spans, ledger::Windows::whole(a, b, 1)) {
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
                if !passes_by(pair, &found, layout) {
                    ledger.insert(spans, found);
                }
            } else if agreements.len() < KEPT_AGREEMENTS && found.words > 0 {
                agreements.push(ElementAgreement { spans, a, b });
            }
        }
    }

    fn verify_windows(&self, records: &[Record], ledger: &mut Ledger) {
        let words = self.key.words();
        for (first, second) in pairs(records) {
            let (spans, a, b) = self.locate(first, second);
            // Values that stand still for a while say nothing: a window must not meet itself.
            let overlapping = spans.0 == spans.1 && b - a < words;
            if overlapping
                || self.skip(spans, ledger)
                || ledger.covers(spans, ledger::Windows::whole(a, b, words))
            {
                continue;
            }
            let hit = KeyHit {
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
        locate(&self.strands.spans, first, second)
    }

    fn report_agreements(
        &self,
        agreements: Vec<ElementAgreement>,
        ledger: &Ledger,
        joins: &mut Joins,
    ) {
        let held_against = Agreements {
            evidence: self.evidence,
            strands: self.strands,
            ledger,
        };
        held_against.report(agreements, joins);
    }
}

/// The spans of two places and the words within them.
pub(super) fn locate(spans: &[StreamSpan], first: u64, second: u64) -> ((u32, u32), usize, usize) {
    let word = |place: u64| (place / 4) as usize;
    let at = |place: u64| spans.partition_point(|span| span.start <= word(place)) - 1;
    let (one, other) = (at(first), at(second));
    (
        (one as u32, other as u32),
        word(first) - spans[one].start,
        word(second) - spans[other].start,
    )
}
