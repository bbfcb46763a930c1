//! Joins of evidence larger than memory: it is read in slabs, and never kept.
//!
//! The first reading takes the fingerprint of every stream and the keys of its first and last window;
//! the next ones record a sample of all windows, chosen by their content, and all that meet a start or an
//! end: in one pass, or in as many as memory asks for, each with a part of the keys. Places whose keys
//! agree are read once more when all are known, verified on the words, and followed to their ends.

mod confirm;
mod slabs;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use self::slabs::Stretch;
use super::{
    candidates::pairs,
    elements::locate,
    fingerprint::Fingerprint,
    groups::group_fingerprints,
    hits::{Hits, Met},
    information::plan as plan_windows,
    ledger::Ledger,
    natural::{Asked, Natural},
    plan::{GroupPlan, JoinPlan, LARGEST_LOG2_SLICES},
    record::{Part, Pass, Recorder, Stand, shared},
    search::{fitting, meets_itself, recall},
    strands::{Record, Strands},
};
use crate::{
    kernels::{KeyBlock, SampleSpan, WindowKey},
    results::{CoarserSample, Equality, Joins},
    vocabulary::{Arena, Evidence, EvidenceSource, Format, Layout, Piece, RunGroup, read_words},
};

/// The memory limit below which nothing is gained.
const LEAST_LIMIT: usize = 1 << 20;

/// The limit where none is given.
const USUAL_LIMIT: u64 = 1 << 30;

/// Words that a worker records at a time.
const CHUNK_WORDS: usize = 1 << 15;

/// What an analysis may take. It changes time and nothing else, but for `max_passes`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Bytes of memory, where that is limited.
    pub memory_bytes: Option<u64>,
    /// How often all words may be read to record their windows, where that is limited: a coarser sample
    /// is then taken where more would be needed.
    pub max_passes: Option<u32>,
}

impl Room {
    fn limit(&self) -> usize {
        let bytes = self.memory_bytes.unwrap_or(USUAL_LIMIT);
        usize::try_from(bytes)
            .unwrap_or(usize::MAX)
            .max(LEAST_LIMIT)
    }
}

/// What was found in evidence that was not kept.
#[derive(Clone, Debug, Default)]
pub struct Streamed {
    /// Equal streams and shared runs over full lengths, with the recall. Single elements are not
    /// counted.
    pub joins: Joins,
    /// Equal streams by whom they belong to, one entry a run group.
    pub equality: Vec<Equality>,
    /// The sample that was taken, where the plan's would have asked for more passes than are allowed.
    pub coarser: Option<CoarserSample>,
    /// A hash of the plan that was followed.
    pub plan: String,
}

/// Joins a source slab by slab within about as much memory as there is room for: equal streams and, unless
/// equality alone is planned, overlaps and disguises, within the fresh runs and within the rooted runs.
///
/// Of streams that differ in length the shorter is not compared with the longer's start as a whole;
/// an overlap at lag 0 names them. The result is a function of the words and the plan; it depends on
/// the room only where passes are limited. `None` where streams could not be read, or their values did
/// not fit the format: what is left is another evidence, and asks for another plan.
///
/// # Errors
/// When the source cannot be read.
pub fn streamed<S: EvidenceSource>(
    source: &mut S,
    plan: &JoinPlan,
    room: Room,
) -> Result<Option<Streamed>, S::Error> {
    let layout = source.layout();
    let coarser = coarser_sample(plan, &layout, room);
    let plan = match &coarser {
        Some(coarser) => &plan.coarser(coarser.one_window_in.ilog2()),
        None => plan,
    };
    let mut found = Streamed {
        coarser,
        plan: plan.hash(),
        ..Streamed::default()
    };
    for group in RunGroup::JOINED {
        let Some(planned) = plan.group(group) else {
            continue;
        };
        let mut reading = Reading {
            layout: layout.of_group(group),
            format: layout.format(),
            limit: room.limit(),
            arena: Arena::default(),
            source,
        };
        match reading.join(plan, planned, &mut found.equality)? {
            Some(joins) => found.joins.add(joins),
            None => return Ok(None),
        }
    }
    Ok((source.layout() == layout).then_some(found))
}

/// The sample that can be taken in as many passes as are allowed, where the plan's cannot.
fn coarser_sample(plan: &JoinPlan, layout: &Layout, room: Room) -> Option<CoarserSample> {
    let allowed = room.max_passes?.max(1);
    if plan.equality_only() {
        return None;
    }
    let needed = |log2_slices: u32| {
        let groups = RunGroup::JOINED.into_iter();
        let passes = groups.filter_map(|group| {
            let planned = plan.group(group)?;
            let runs = layout.of_group(group);
            let keys = keys_of(&runs, planned, &mut Joins::default());
            let recorder = recorder_of(&keys, log2_slices, &runs);
            Some(passes(&recorder, &runs, room.limit()))
        });
        passes.max().unwrap_or(1)
    };
    let asked = plan.log2_slices();
    let passes = needed(asked);
    if passes <= u64::from(allowed) {
        return None;
    }
    let taken = (asked..LARGEST_LOG2_SLICES).find(|&slices| needed(slices) <= u64::from(allowed));
    Some(CoarserSample {
        one_window_in: 1 << taken.unwrap_or(LARGEST_LOG2_SLICES),
        asked_for: 1 << asked,
        passes,
        allowed: u64::from(allowed),
    })
}

/// The keys of a group's windows that fit into its streams.
fn keys_of(layout: &Layout, planned: &GroupPlan, joins: &mut Joins) -> Vec<WindowKey> {
    let windows = plan_windows(layout.format(), planned.bits_per_element, layout.words());
    fitting(&windows, &Strands::of_all(layout), joins)
}

fn recorder_of(keys: &[WindowKey], log2_slices: u32, layout: &Layout) -> Recorder {
    let span = SampleSpan {
        index: 0,
        log2_slices,
    };
    Recorder::new(keys, span, 2 * layout.streams())
}

/// In how many parts the windows are recorded so that their records take at most a quarter of the memory:
/// as they grow they hold up to twice as much.
fn passes(recorder: &Recorder, layout: &Layout, limit: usize) -> u64 {
    let records = recorder.expected_with_edges(layout.words(), 2 * layout.streams());
    let room = (limit / 4 / size_of::<Record>()) as f64;
    (records / room).ceil().max(1.0) as u64
}

struct Reading<'s, S> {
    source: &'s mut S,
    layout: Layout,
    format: Format,
    limit: usize,
    /// Memory of the slabs.
    arena: Arena,
}

impl<S: EvidenceSource> Reading<'_, S> {
    /// `None` where what is read turns out to be another evidence.
    fn join(
        &mut self,
        plan: &JoinPlan,
        planned: &GroupPlan,
        equalities: &mut Vec<Equality>,
    ) -> Result<Option<Joins>, S::Error> {
        let mut joins = Joins::default();
        let keys = match plan.equality_only() {
            true => Vec::new(),
            false => keys_of(&self.layout, planned, &mut joins),
        };
        let before = self.source.layout();
        let mut recorder = recorder_of(&keys, plan.log2_slices(), &self.layout);
        let passes = passes(&recorder, &self.layout, self.limit);
        let fingerprints = self.first_reading(&mut recorder)?;
        if self.source.layout() != before {
            return Ok(None);
        }
        let groups = group_fingerprints(&self.layout, planned.bits_per_element, &fingerprints);
        let classes: Vec<u32> = (0..self.layout.streams())
            .map(|stream| groups.leader(stream) as u32)
            .collect();
        let equality = Equality {
            too_short: groups.too_short(),
            ..Equality::count(&self.layout, &classes, planned.group)
        };
        equalities.push(match plan.equality_only() {
            true => equality.with_dissent(&self.layout, &classes),
            false => equality,
        });
        let described = groups.describe(&self.layout);
        joins.chance += described.chance;
        joins
            .inapplicable
            .splice(0..0, described.inapplicable.clone());
        let mut joins = Joins {
            chance: joins.chance,
            inapplicable: joins.inapplicable,
            ..described
        };
        if keys.is_empty() {
            return Ok(Some(joins));
        }
        if plan.log2_slices() > 0 {
            joins.recall = recall(plan.log2_slices());
        }
        let layout = self.layout.clone();
        for strands in &groups.domains(&layout, &[]).0 {
            let mut hits = Hits::default();
            for index in 0..passes {
                let pass = Pass { index, of: passes };
                let records = self.record(strands, &recorder, pass)?;
                self.collect(&keys, strands, &records, &mut hits);
            }
            let mut ledger = Ledger::default();
            self.confirm_all(&keys, strands, hits, &mut ledger)?;
            self.drop_natural(strands, &mut ledger)?;
            ledger.report(&layout, strands, &mut joins);
        }
        Ok(Some(joins))
    }

    /// Takes in the pairs of places that share a key.
    fn collect(
        &self,
        keys: &[WindowKey],
        strands: &Strands<'_>,
        records: &[Vec<Record>],
        hits: &mut Hits,
    ) {
        let uniform = self.format.uniform_width().is_some();
        for (family, (key, records)) in keys.iter().zip(records).enumerate() {
            for (first, second) in pairs(records) {
                let (spans, a, b) = locate(strands, first, second);
                if spans.0 == spans.1 && meets_itself(*key, uniform, first, second) {
                    continue;
                }
                let met = Met {
                    family: family as u8,
                    variants: ((first % 4) as u8, (second % 4) as u8),
                    a,
                    b,
                };
                hits.add(spans, met);
            }
        }
    }

    /// Drops the runs that the values make of themselves.
    fn drop_natural(&mut self, strands: &Strands<'_>, ledger: &mut Ledger) -> Result<(), S::Error> {
        let read = |span: u32, from: usize, words: usize| {
            let stream = strands.spans[span as usize].stream as usize;
            read_words(self.source, self.layout.id(stream), from, words)
        };
        let mut natural = Natural::new(strands, self.format, Asked::IN_FILES, read);
        ledger.drop_natural(&mut natural)
    }

    /// All windows of some streams, slab by slab.
    fn slabs(&self, streams: impl Fn(usize) -> bool) -> Vec<Vec<Stretch>> {
        let chosen: Vec<usize> = (0..self.layout.streams())
            .filter(|&at| streams(at))
            .collect();
        if self.source.takes_turns() {
            slabs::side_by_side(&self.layout, &chosen, slab_words(self.limit))
        } else {
            slabs::end_to_end(&self.layout, &chosen, slab_words(self.limit))
        }
    }

    /// Reads a slab, every stretch with `beyond` more words where there are any.
    fn load(&mut self, slab: &[Stretch], beyond: usize) -> Result<Evidence, S::Error> {
        let pieces: Vec<Piece> = slab
            .iter()
            .map(|stretch| Piece {
                stream: self.layout.id(stretch.stream),
                from: stretch.from,
                words: stretch.windows + beyond,
            })
            .collect();
        let arena = std::mem::take(&mut self.arena);
        self.source.load_pieces(&pieces, arena)
    }

    /// The fingerprint of every stream; its first and last windows are marked.
    fn first_reading(&mut self, recorder: &mut Recorder) -> Result<Vec<u128>, S::Error> {
        let beyond = beyond(recorder.keys());
        let mut prints = vec![Fingerprint::default(); self.layout.streams()];
        for slab in self.slabs(|_| true) {
            let evidence = self.load(&slab, beyond)?;
            let layout = &self.layout;
            let found: Vec<(Stretch, &[u64])> = present(&slab, layout, &evidence).collect();
            let absorbed: Vec<Fingerprint> = found
                .par_iter()
                .map(|(stretch, words)| {
                    let mut print = Fingerprint::default();
                    print.absorb(stretch.from, &words[..stretch.windows.min(words.len())]);
                    print
                })
                .collect();
            for ((stretch, _), print) in found.iter().zip(&absorbed) {
                prints[stretch.stream].merge(print);
            }
            recorder.mark(|key, mark| {
                for (stretch, words) in &found {
                    let Some(last) = layout.span(stretch.stream).len().checked_sub(key.words())
                    else {
                        continue;
                    };
                    let edges = [
                        (stretch.from == 0).then_some(0),
                        last.checked_sub(stretch.from),
                    ];
                    for edge in edges.into_iter().flatten() {
                        if edge < stretch.windows && edge + key.words() <= words.len() {
                            key.keys(&words[edge..]).for_each(&mut *mark);
                        }
                    }
                }
            });
            self.arena = evidence.into_memory();
        }
        Ok(prints.iter().map(Fingerprint::value).collect())
    }

    /// The recorded windows of a pass whose key occurs more than once, by key.
    fn record(
        &mut self,
        strands: &Strands<'_>,
        recorder: &Recorder,
        pass: Pass,
    ) -> Result<Vec<Vec<Record>>, S::Error> {
        let beyond = beyond(recorder.keys());
        let mut chosen = vec![false; self.layout.streams()];
        for span in &strands.spans {
            chosen[span.stream as usize] = true;
        }
        let mut parts: Vec<Part> = Vec::new();
        for slab in self.slabs(|stream| chosen[stream]) {
            let evidence = self.load(&slab, beyond)?;
            let layout = &self.layout;
            let mut chunks: Vec<Vec<(Stand, usize, &[u64])>> = vec![Vec::new()];
            let mut held = 0;
            for (stretch, words) in present(&slab, layout, &evidence) {
                let place = layout.span(stretch.stream).start + stretch.from;
                let windows = stretch.windows.min(words.len());
                for from in (0..windows).step_by(CHUNK_WORDS) {
                    let part = CHUNK_WORDS.min(windows - from);
                    if held + part > CHUNK_WORDS {
                        chunks.push(Vec::new());
                        held = 0;
                    }
                    held += part;
                    let chunk = chunks.last_mut().expect("there is one");
                    let stand = Stand {
                        offset: stretch.from + from,
                        place: place + from,
                    };
                    chunk.push((stand, part, &words[from..]));
                }
            }
            parts.par_extend(chunks.par_iter().map_init(KeyBlock::new, |block, chunk| {
                let mut part = recorder.part();
                for &(stand, windows, words) in chunk {
                    recorder.read(words, windows, stand, pass, (block, &mut part));
                }
                part
            }));
            self.arena = evidence.into_memory();
        }
        Ok(shared(recorder.keys().len(), &parts))
    }
}

/// A slab takes an eighth of the memory, and records at most a half.
const fn slab_words(limit: usize) -> usize {
    limit / 8 / 8
}

/// How many words beyond its first window's start a window can reach, and one more for the odd
/// alignments of halves.
fn beyond(keys: &[WindowKey]) -> usize {
    keys.iter().map(WindowKey::words).max().unwrap_or(0)
}

/// The stretches that could be read, with their words.
fn present<'a>(
    slab: &'a [Stretch],
    layout: &'a Layout,
    evidence: &'a Evidence,
) -> impl Iterator<Item = (Stretch, &'a [u64])> {
    slab.iter().filter_map(|&stretch| {
        let at = evidence.index_of(layout.id(stretch.stream))?;
        Some((stretch, evidence.stream(at)))
    })
}
