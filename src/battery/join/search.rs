//! The search for shared runs in one domain: exact where the depth asks for it, sampled elsewhere,
//! with the start and the end of every stream always joined exactly.

use rayon::prelude::*;

use super::{
    super::{
        Depth, Duplicates, Inapplicable, Joins,
        kernels::{BLOCK, BitFilter, Family, KeyBlock, SampleSpan, WindowKey},
    },
    EqualGroups, JoinArena,
    candidates::{colliding, pairs},
    duplicates::Tally,
    elements::{Exact, key_words, locate},
    information::{Planned, plan},
    ledger::Ledger,
    strands::{Pieces, Record, Strands},
    verify::{Hit, Pair, verify},
};
use crate::core::Evidence;

/// Windows of a family that are recorded at a time (binary logarithm), by depth.
const LOG2_SCREEN_RECORDS: u32 = 16;
const LOG2_FULL_RECORDS: u32 = 19;
const LOG2_EXHAUSTIVE_RECORDS: u32 = 21;

/// One window in 2^10 above the memory limit.
const LOG2_STREAMED: u32 = 10;

/// Elements up to which even a screen counts duplicates.
const COUNTED_IN_SCREEN: usize = 1 << 17;

/// Runs whose probability to be missed is stated, in windows.
const RECALL_WINDOWS: [u64; 5] = [16, 64, 256, 1024, 4096];

/// Keys of one piece that are remembered, so that a short period is recorded twice and not a
/// million times.
const REMEMBERED: usize = 8;

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
    let count_duplicates = depth > Depth::Screen || elements <= COUNTED_IN_SCREEN;
    let mut duplicates = Duplicates {
        width: format.uniform_width().unwrap_or(64),
        ..Duplicates::default()
    };
    let mut counted = count_duplicates;
    for strands in &domains {
        let search = Search {
            evidence,
            groups,
            strands,
            pieces: strands.pieces(),
            plan: plan(format, groups.bits_per_element(), strands.words()),
        };
        let mut ledger = Ledger::default();
        let mut tally = Tally::new(evidence, strands, &sets, 1);
        if count_duplicates {
            counted &= search.exact(&mut tally, arena, &mut ledger, joins);
        }
        search.sampled(depth, arena, &mut ledger, joins);
        if counted {
            tally.finish(format, &mut duplicates);
        }
        ledger.report(evidence, strands, joins);
    }
    if counted && elements > 0 {
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
    /// Joins every element as it stands. Returns whether the elements were counted on the way.
    fn exact(
        &self,
        tally: &mut Tally<'_>,
        arena: &mut JoinArena,
        ledger: &mut Ledger,
        joins: &mut Joins,
    ) -> bool {
        let words = self.strands.words();
        if words == 0 {
            return true;
        }
        if !arena.admits(words) {
            joins.inapplicable.push(Inapplicable {
                test: "repeated-words".into(),
                needs: format!("{} MiB of memory for an exact partition", words >> 17),
            });
            return false;
        }
        let known = |a: u32, b: u32| self.known(a, b);
        let as_it_stands = [Family::Identity, Family::Folded, Family::Halves];
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
                let identity = exact(WindowKey {
                    family: Family::Identity,
                    ..key
                });
                match key_words(words, width) {
                    1 => identity.join_elements(tally, arena, ledger, joins),
                    window => {
                        identity.join_windows(Some(window), arena, ledger);
                        identity.count_elements(tally, arena, ledger, joins);
                    }
                }
                return true;
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
        true
    }

    /// Joins windows of every family: a slice of the key space, and the starts and ends of streams.
    fn sampled(&self, depth: Depth, arena: &JoinArena, ledger: &mut Ledger, joins: &mut Joins) {
        let words = self.strands.words();
        let longest = self
            .strands
            .spans
            .iter()
            .map(|span| span.end - span.start)
            .max()
            .unwrap_or(0);
        let (fitting, too_long): (Vec<Planned>, Vec<Planned>) = self
            .plan
            .iter()
            .copied()
            .partition(|planned| planned.key.words() <= longest);
        if self.plan.is_empty() && words > 0 {
            joins.inapplicable.push(Inapplicable {
                test: "shared windows".into(),
                needs: "elements that tell more than a thousandth of a bit each".into(),
            });
        }
        for planned in too_long {
            joins.inapplicable.push(Inapplicable {
                test: family_name(planned.key.family).into(),
                needs: format!(
                    "{} words a stream to tell a copy from chance; the longest has {longest}",
                    planned.key.words()
                ),
            });
        }
        if fitting.is_empty() {
            return;
        }
        joins.chance += fitting.iter().map(|planned| planned.chance).sum::<f64>();

        let log2_words = usize::BITS - words.leading_zeros();
        // Where starts and ends are a good part of all windows, all windows cost little more.
        let short = words / 16 <= self.strands.spans.len();
        let limited = !arena.admits(words);
        let exhaustive = !limited && (short || depth == Depth::Exhaustive);
        let log2_records = match depth {
            _ if exhaustive => LOG2_EXHAUSTIVE_RECORDS,
            Depth::Screen => LOG2_SCREEN_RECORDS,
            _ => LOG2_FULL_RECORDS,
        };
        let log2_slices = if limited {
            LOG2_STREAMED
        } else {
            log2_words.saturating_sub(log2_records)
        };
        let slices = if exhaustive { 1 << log2_slices } else { 1 };
        let keys: Vec<WindowKey> = fitting.iter().map(|planned| planned.key).collect();
        for index in 0..slices {
            let span = SampleSpan { index, log2_slices };
            let everything = exhaustive || log2_slices == 0;
            let filters = self.filters(&keys, span, !everything);
            self.join_slice(&keys, &filters, ledger);
        }
        if !exhaustive && log2_slices > 0 {
            let missed = 1.0 - f64::from(log2_slices).exp2().recip();
            let recall = RECALL_WINDOWS.map(|windows| (windows, missed.powf(windows as f64)));
            // The worst of the domains.
            if joins
                .recall
                .first()
                .is_none_or(|&(_, known)| known < recall[0].1)
            {
                joins.recall = recall.to_vec();
            }
        }
    }

    /// For each family, a filter that lets pass the slice and, if asked for, the first and last
    /// window of every stream.
    fn filters(&self, keys: &[WindowKey], span: SampleSpan, edges: bool) -> Vec<BitFilter> {
        keys.par_iter()
            .map(|key| {
                let mut filter = BitFilter::default();
                let edge_keys = if edges {
                    2 * self.strands.spans.len()
                } else {
                    1
                };
                filter.reset(edge_keys, span.log2_slices);
                filter.mark_span(span);
                let long = |words: &&[u64]| edges && words.len() >= key.words();
                for words in (0..self.strands.spans.len())
                    .map(|index| self.strands.stream(index))
                    .filter(long)
                {
                    filter.mark(key.key(words));
                    filter.mark(key.key(&words[words.len() - key.words()..]));
                }
                filter
            })
            .collect()
    }

    fn join_slice(&self, keys: &[WindowKey], filters: &[BitFilter], ledger: &mut Ledger) {
        let chunks: Vec<Vec<Vec<Record>>> = (0..self.pieces.chunks())
            .into_par_iter()
            .map_init(KeyBlock::new, |block, chunk| {
                self.record(chunk, keys, filters, block)
            })
            .collect();
        let shared: Vec<Vec<Record>> = (0..keys.len())
            .into_par_iter()
            .map(|family| {
                let count = chunks.iter().map(|chunk| chunk[family].len()).sum();
                let mut records = Vec::with_capacity(count);
                for chunk in &chunks {
                    records.extend_from_slice(&chunk[family]);
                }
                colliding(records)
            })
            .collect();
        drop(chunks);
        for (key, records) in keys.iter().zip(&shared) {
            self.verify_all(*key, records, ledger);
        }
    }

    /// The windows of one chunk that pass the filters, by family.
    fn record(
        &self,
        chunk: usize,
        keys: &[WindowKey],
        filters: &[BitFilter],
        block: &mut KeyBlock,
    ) -> Vec<Vec<Record>> {
        let mut records: Vec<Vec<Record>> = vec![Vec::new(); keys.len()];
        let mut memories = vec![Memory::default(); keys.len()];
        for piece in self.pieces.chunk(chunk) {
            let end = self.strands.spans[piece.span as usize].end;
            memories.fill(Memory::default());
            for from in (piece.from..piece.to).step_by(BLOCK) {
                let windows_end = piece.to.min(from + BLOCK);
                for (family, key) in keys.iter().enumerate() {
                    let covered = end.min(windows_end + key.words() - 1);
                    let more = covered < end;
                    let words = &self.strands.arena[from..covered + usize::from(more)];
                    block.fill(*key, words, more);
                    let (records, memory) = (&mut records[family], &mut memories[family]);
                    for (variant, row) in block.rows().into_iter().enumerate() {
                        for (i, &key) in row.iter().enumerate() {
                            if filters[family].may_hold(key) && memory.admits(key) {
                                let place = 4 * (from + i) as u64 + variant as u64;
                                records.push(Record { key, place });
                            }
                        }
                    }
                }
            }
        }
        records
    }

    fn verify_all(&self, key: WindowKey, records: &[Record], ledger: &mut Ledger) {
        let words = key.words();
        let uniform = self.evidence.format().uniform_width().is_some();
        for (first, second) in pairs(records) {
            let (spans, a, b) = locate(self.strands, first, second);
            // Values that stand still for a while say nothing, and where halves are empty a window
            // of halves is its own neighbour: a window must not meet itself.
            let halved = first % 4 != 0 || second % 4 != 0;
            if spans.0 == spans.1 && b - a < words && (!uniform || halved) {
                continue;
            }
            if ledger.is_full(spans)
                || self.known(spans.0, spans.1)
                || ledger.covers(spans, a, b, words)
            {
                continue;
            }
            let pair = Pair {
                a: self.strands.stream(spans.0 as usize),
                b: self.strands.stream(spans.1 as usize),
                same: spans.0 == spans.1,
            };
            let hit = Hit {
                a,
                b,
                variants: ((first % 4) as u8, (second % 4) as u8),
            };
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

/// The last recorded keys of a piece, and how often each was recorded.
#[derive(Clone, Copy, Default)]
struct Memory {
    keys: [(u64, u8); REMEMBERED],
    next: usize,
}

impl Memory {
    /// Whether a key is still to be recorded: at most twice among the last few.
    fn admits(&mut self, key: u64) -> bool {
        if let Some(known) = self
            .keys
            .iter_mut()
            .find(|known| known.0 == key && known.1 > 0)
        {
            known.1 = known.1.saturating_add(1);
            return known.1 <= 2;
        }
        self.keys[self.next % REMEMBERED] = (key, 1);
        self.next += 1;
        true
    }
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::Identity | Family::Folded => "windows as they stand",
        Family::Halves => "windows of 32-bit halves",
        Family::Top24 => "windows of top bits",
        Family::Difference => "windows of differences",
        Family::XorDifference => "windows of xor differences",
        Family::Popcounts => "windows of bit counts",
    }
}
