//! The search for shared runs in one domain: exact where the depth asks for it, sampled elsewhere,
//! with the start and the end of every stream always joined exactly.

use std::convert::Infallible;

use rayon::prelude::*;

use super::{
    EqualGroups, JoinArena,
    candidates::pairs,
    duplicates::ElementTally,
    elements::{Exact, key_words, locate},
    hit::{KeyHit, Pair},
    information::{Planned, plan},
    ledger::{Ledger, Windows},
    natural::{AskedPairs, Natural},
    record::{Pass, RecordedAt, RecordedPart, Recorder, shared},
    strands::{Pieces, Record, Strands},
    verify::{verify, words_of},
};
use crate::{
    kernels::{Family, KeyBlock, SampleSpan, WindowKey},
    results::{Depth, Duplicates, Inapplicable, Joins},
    vocabulary::Evidence,
};

/// Windows of a family that are recorded at a time in a screen (binary logarithm): more find shorter
/// overlaps, in time that doubles.
const LOG2_SCREEN_RECORDS: u32 = 16;
/// The same in a full analysis.
const LOG2_FULL_RECORDS: u32 = 18;
/// The same in an exhaustive one.
const LOG2_EXHAUSTIVE_RECORDS: u32 = 21;

/// Elements up to which even a screen counts duplicates: more make it slower.
const COUNTED_IN_SCREEN: usize = 1 << 17;

/// Runs whose probability to be missed is stated, in windows.
const RECALL_WINDOWS: [u64; 5] = [16, 64, 256, 1024, 4096];

/// Whether an analysis of this depth counts the repeats among so many elements.
pub(crate) fn counts_elements(depth: Depth, elements: usize) -> bool {
    depth > Depth::Screen || elements <= COUNTED_IN_SCREEN
}

pub(super) fn search(
    evidence: &Evidence,
    groups: &EqualGroups,
    depth: Depth,
    arena: &mut JoinArena,
    joins: &mut Joins,
) {
    let (domains, sets) = groups.exact_domains(evidence);
    let elements: usize = domains.iter().map(Strands::words).sum();
    let format = evidence.format();
    let count_duplicates = counts_elements(depth, elements);
    let mut duplicates = Duplicates {
        width: format.uniform_width().unwrap_or(64),
        ..Duplicates::default()
    };
    for strands in &domains {
        let search = Search {
            evidence,
            groups,
            strands,
            pieces: strands.pieces(),
            plan: plan(format, groups.bits_per_element(), strands.words()),
        };
        let mut ledger = Ledger::default();
        let mut tally = ElementTally::new(evidence, strands, &sets, 1);
        if count_duplicates {
            search.exact(&mut tally, arena, &mut ledger, joins);
        }
        search.sampled(depth, &mut ledger, joins);
        if count_duplicates {
            tally.finish(format, &mut duplicates);
        }
        let read = |span: u32, from: usize, words: usize| {
            let stream = strands.stream(span as usize);
            let rest = &stream[from.min(stream.len())..];
            Ok::<_, Infallible>(rest[..words.min(rest.len())].to_vec())
        };
        let mut natural = Natural::new(strands, format, AskedPairs::IN_MEMORY, read);
        let Ok(()) = ledger.drop_natural(&mut natural);
        ledger.report(evidence.layout(), strands, joins);
    }
    if count_duplicates && elements > 0 {
        joins.duplicates = Some(duplicates);
    }
}

struct Search<'a> {
    evidence: &'a Evidence,
    groups: &'a EqualGroups,
    strands: &'a Strands<'a>,
    pieces: Pieces,
    plan: Vec<Planned>,
}

impl Search<'_> {
    /// Joins every element as it stands, counting them on the way.
    fn exact(
        &self,
        tally: &mut ElementTally<'_>,
        arena: &mut JoinArena,
        ledger: &mut Ledger,
        joins: &mut Joins,
    ) {
        let words = self.strands.words();
        if words == 0 {
            return;
        }
        let known = |a: u32, b: u32| self.known(a, b);
        let as_it_stands = [
            Family::Identity,
            Family::Packed,
            Family::Folded,
            Family::Halves,
        ];
        let key = self
            .plan
            .iter()
            .map(|planned| planned.key)
            .find(|key| as_it_stands.contains(&key.family));
        let exact = |key: WindowKey| Exact {
            evidence: self.evidence,
            strands: self.strands,
            pieces: &self.pieces,
            key,
            known: &known,
        };
        match (self.evidence.format().uniform_width(), key) {
            (Some(width), Some(key)) => {
                let family = match key.family {
                    Family::Packed => Family::Packed,
                    _ => Family::Identity,
                };
                let identity = exact(WindowKey { family, ..key });
                match key_words(words, width) {
                    1 => identity.join_elements(tally, arena, ledger, joins),
                    window => {
                        identity.join_windows(Some(window), arena, ledger);
                        identity.count_elements(tally, arena, ledger, joins);
                    }
                }
                return;
            }
            (None, Some(key)) => exact(key).join_windows(None, arena, ledger),
            (_, None) => {}
        }
        tally.count(
            &super::strands::Elements::new(self.strands),
            !0,
            arena,
            |_| {},
        );
    }

    /// Joins windows of every family: a slice of the key space, and the starts and ends of streams.
    fn sampled(&self, depth: Depth, ledger: &mut Ledger, joins: &mut Joins) {
        let words = self.strands.words();
        let keys = fitting(&self.plan, self.strands, joins);
        if keys.is_empty() {
            return;
        }

        let log2_words = usize::BITS - words.leading_zeros();
        // Where starts and ends are a good part of all windows, all windows cost little more.
        let short = words / 16 <= self.strands.spans.len();
        let exhaustive = short || depth == Depth::Exhaustive;
        let log2_records = match depth {
            _ if exhaustive => LOG2_EXHAUSTIVE_RECORDS,
            Depth::Screen => LOG2_SCREEN_RECORDS,
            _ => LOG2_FULL_RECORDS,
        };
        let log2_slices = log2_words.saturating_sub(log2_records);
        let slices = if exhaustive { 1 << log2_slices } else { 1 };
        for index in 0..slices {
            let span = SampleSpan { index, log2_slices };
            let everything = exhaustive || log2_slices == 0;
            let mut edges = Vec::new();
            if !everything {
                edges = keys.par_iter().map(|key| self.edges(*key)).collect();
            }
            let recorder = Recorder::new(&keys, span, edges);
            self.join_slice(&recorder, ledger);
        }
        if !exhaustive && log2_slices > 0 {
            let recall = recall(log2_slices);
            // The worst of the domains.
            if joins
                .recall
                .first()
                .is_none_or(|&(_, known)| known < recall[0].1)
            {
                joins.recall = recall;
            }
        }
    }

    /// The keys of the first and last windows of all streams.
    fn edges(&self, key: WindowKey) -> Vec<u64> {
        let mut edges = Vec::with_capacity(2 * key.variants() * self.strands.spans.len());
        for words in (0..self.strands.spans.len()).map(|at| self.strands.stream(at)) {
            if let Some(last) = words.len().checked_sub(key.words()) {
                edges.extend(key.keys(words));
                edges.extend(key.keys(&words[last..]));
            }
        }
        edges
    }

    fn join_slice(&self, recorder: &Recorder, ledger: &mut Ledger) {
        let parts: Vec<RecordedPart> = (0..self.pieces.chunks())
            .into_par_iter()
            .with_max_len(1)
            .map_init(KeyBlock::new, |block, chunk| {
                let mut part = recorder.part();
                for piece in self.pieces.chunk(chunk) {
                    let span = &self.strands.spans[piece.span as usize];
                    let words = &self.strands.arena[piece.from..span.end];
                    let stand = RecordedAt {
                        offset: piece.from - span.start,
                        place: piece.from,
                    };
                    let windows = piece.to - piece.from;
                    recorder.read(words, windows, stand, Pass::ONLY, (block, &mut part));
                }
                part
            })
            .collect();
        let records = shared(recorder.keys().len(), &parts);
        // Giving memory back takes as long as a test.
        rayon::spawn(move || drop(parts));
        for (key, records) in recorder.keys().iter().zip(&records) {
            self.verify_all(*key, records, ledger);
        }
    }

    fn verify_all(&self, key: WindowKey, records: &[Record], ledger: &mut Ledger) {
        let uniform = self.evidence.format().uniform_width().is_some();
        for (first, second) in pairs(records) {
            let (spans, a, b) = locate(&self.strands.spans, first, second);
            if spans.0 == spans.1 && meets_itself(key, uniform, first, second) {
                continue;
            }
            let variants = ((first % 4) as u8, (second % 4) as u8);
            let windows = Windows {
                a,
                b,
                words: words_of(key, variants),
                halved: is_halved(key, first),
            };
            if ledger.is_full(spans)
                || self.known(spans.0, spans.1)
                || ledger.covers(spans, windows)
            {
                continue;
            }
            let pair = Pair {
                a: self.strands.stream(spans.0 as usize),
                b: self.strands.stream(spans.1 as usize),
                same: spans.0 == spans.1,
            };
            let hit = KeyHit { a, b, variants };
            if let Some(found) = verify(pair, hit, key, self.evidence.format()) {
                ledger.insert(spans, found);
            }
        }
    }

    /// Whether two different spans are equal over their common length, which is already reported.
    fn known(&self, a: u32, b: u32) -> bool {
        let leader = |span: u32| {
            self.groups
                .leader(self.strands.spans[span as usize].stream as usize)
        };
        a != b && leader(a) == leader(b)
    }
}

/// The keys whose windows fit into the longest stream; the others are reported as inapplicable.
pub(super) fn fitting(
    plan: &[Planned],
    strands: &Strands<'_>,
    joins: &mut Joins,
) -> Vec<WindowKey> {
    let longest = strands.spans.iter().map(|span| span.end - span.start).max();
    let longest = longest.unwrap_or(0);
    if plan.is_empty() && longest > 0 {
        joins.inapplicable.push(Inapplicable {
            test: "shared windows".into(),
            needs: "elements that tell more than a thousandth of a bit each".into(),
        });
    }
    let mut keys = Vec::new();
    for planned in plan {
        if planned.key.words() <= longest {
            joins.chance += planned.chance;
            keys.push(planned.key);
        } else {
            joins.inapplicable.push(Inapplicable {
                test: family_name(planned.key.family).into(),
                needs: format!(
                    "{} words a stream to tell a copy from chance; the longest has {longest}",
                    planned.key.words()
                ),
            });
        }
    }
    keys
}

/// Second differences of both.
const SECOND: (u64, u64) = (3, 3);

/// Whether two windows of one stream say nothing by having one key. Values that stand still for a
/// while tell nothing, and where halves are empty a window of halves is its own neighbour: a window
/// must not meet itself. Recurrences of generators relate words to their changes, and all counters
/// have the same second differences.
pub(super) fn meets_itself(key: WindowKey, uniform: bool, first: u64, second: u64) -> bool {
    let variants = (first % 4, second % 4);
    let halved = key.family == Family::Halves && variants != (0, 0);
    if key.family == Family::Changes && (variants.0 != variants.1 || variants == SECOND) {
        return true;
    }
    ((second / 4 - first / 4) as usize) < key.words() && (!uniform || halved)
}

/// Whether a window is one of halves that starts in the middle of a word.
pub(super) fn is_halved(key: WindowKey, place: u64) -> bool {
    key.family == Family::Halves && !place.is_multiple_of(4)
}

/// The probability that none of so many windows lies in one of 2^`log2_slices` slices.
pub(super) fn missed(log2_slices: u32, windows: f64) -> f64 {
    (1.0 - f64::from(log2_slices).exp2().recip()).powf(windows)
}

/// The same for runs of several lengths.
pub(super) fn recall(log2_slices: u32) -> Vec<(u64, f64)> {
    RECALL_WINDOWS
        .map(|windows| (windows, missed(log2_slices, windows as f64)))
        .to_vec()
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::Identity | Family::Packed | Family::Folded => "windows as they stand",
        Family::Halves => "windows of 32-bit halves",
        Family::Top24 => "windows of top bits",
        Family::Changes => "windows of words and their changes",
        Family::Popcounts => "windows of bit counts",
    }
}
