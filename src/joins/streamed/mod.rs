//! Joins of evidence larger than memory: it is read in slabs, and never kept.
//!
//! The first reading takes the fingerprint of every stream and the keys of its first and last window;
//! the next ones record a sample of all windows, chosen by their content, and all that meet a start or an
//! end: in one pass, or in as many as memory asks for, each with a part of the keys. Places whose keys
//! agree are read once more when all are known, verified on the words, and followed to their ends.

mod confirm;
mod elsewhere;
mod message;
mod outlay;
mod packed;
mod readings;
mod sketch;
mod slab;
mod slabs;
mod tasks;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, path::Path};

use self::sketch::Sketches;
pub use self::{
    elsewhere::{TaskError, answer, matched, sketch},
    message::BadMessage,
    outlay::{Outlay, Volume},
};
use super::{
    candidates::pairs,
    elements::locate,
    fingerprint::Fingerprint,
    groups::group_fingerprints,
    hits::{Hits, KEPT_PAIRS, Met},
    information::plan as plan_windows,
    ledger::Ledger,
    natural::{AskedPairs, Natural},
    plan::{GroupPlan, JoinPlan, LARGEST_LOG2_SLICES},
    record::{Recorder, expected},
    search::{fitting, meets_itself, recall},
    strands::{Record, Strands, StreamSpan},
};
use crate::{
    kernels::{SampleSpan, WindowKey},
    results::{CoarserSample, Equality, Joins},
    vocabulary::{Arena, EvidenceSource, Format, Layout, RunGroup, read_words},
};

/// Bytes of memory below which a limit gains nothing.
const LEAST_LIMIT: usize = 1 << 20;

/// Bytes that streamed joins take where no limit is given: more save passes.
const USUAL_LIMIT: u64 = 1 << 30;

/// What an analysis may take. It changes time and nothing else, but for `max_passes`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Bytes of memory, where that is limited.
    pub memory_bytes: Option<u64>,
    /// How often all words may be read to record their windows, where that is limited: a coarser sample
    /// is then taken where more would be needed.
    pub max_passes: Option<u32>,
    /// Where what was recorded is kept until the analysis has come to its end: one of the same words under the
    /// same plan and memory limit that was interrupted goes on from there. What cannot be written is not kept.
    pub sketches: Option<&'static Path>,
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
    let mut sketches = Vec::new();
    for group in RunGroup::JOINED {
        let Some(planned) = plan.group(group) else {
            continue;
        };
        let mut reading = Reading {
            layout: layout.of_group(group),
            format: layout.format(),
            room,
            arena: Arena::default(),
            sketches: None,
            plan_hash: plan.hash(),
            digest: 0,
            source,
        };
        match reading.join(plan, planned, &mut found.equality)? {
            Some(joins) => found.joins.add(joins),
            None => return Ok(None),
        }
        sketches.extend(reading.sketches);
    }
    sketches.iter().for_each(Sketches::delete);
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
            let size = (runs.words(), runs.streams());
            Some(passes(&keys, log2_slices, size, room.limit()))
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

/// A sample of all windows: one slice of the key space.
const fn whole_slices(log2_slices: u32) -> SampleSpan {
    SampleSpan {
        index: 0,
        log2_slices,
    }
}

/// In how many parts the windows are recorded so that their records take at most a quarter of the memory:
/// as they grow they hold up to twice as much.
fn passes(
    keys: &[WindowKey],
    log2_slices: u32,
    (words, streams): (usize, usize),
    limit: usize,
) -> u64 {
    let records = expected(keys, log2_slices, words, 2 * streams);
    let room = (limit / 4 / size_of::<Record>()) as f64;
    (records / room).ceil().max(1.0) as u64
}

struct Reading<'s, S> {
    source: &'s mut S,
    layout: Layout,
    format: Format,
    room: Room,
    /// Memory of the slabs.
    arena: Arena,
    /// Where passes are kept, once the words are known.
    sketches: Option<Sketches<'static>>,
    plan_hash: String,
    /// A hash of all words, once they are known.
    digest: u128,
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
        let Some((fingerprints, edges)) = self.first_reading(&keys)? else {
            return Ok(None);
        };
        let words = fingerprints.iter();
        let words = words.flat_map(|print| [(print >> 64) as u64, *print as u64]);
        self.digest = Fingerprint::of(&words.collect::<Vec<u64>>());
        self.sketches = self
            .room
            .sketches
            .map(|folder| Sketches::new(folder, self.digest, &self.plan_hash));
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
        let limit = self.limit();
        let size = (self.layout.words(), self.layout.streams());
        let passes = passes(&keys, plan.log2_slices(), size, limit);
        let recorder = Recorder::new(&keys, whole_slices(plan.log2_slices()), edges);
        let layout = self.layout.clone();
        for (domain, strands) in groups.domains(&layout, &[]).0.iter().enumerate() {
            let name = format!("{:?}-{domain}", planned.group).to_lowercase();
            let Some(hits) = self.meetings(strands, &recorder, (passes, &name))? else {
                return Ok(None);
            };
            if hits.places() > 2 {
                joins.places = joins.places.max(hits.places());
            }
            let mut ledger = Ledger::default();
            self.confirm_all(&keys, strands, hits, &mut ledger)?;
            self.drop_natural(strands, &mut ledger)?;
            ledger.report(&layout, strands, &mut joins);
        }
        Ok(Some(joins))
    }

    /// Bytes of memory, of all who record.
    fn limit(&mut self) -> usize {
        let workers = self.source.elsewhere().map(|other| other.engine.workers());
        self.room
            .limit()
            .saturating_mul(workers.unwrap_or(1).max(1))
    }

    /// Drops the runs that the values make of themselves.
    fn drop_natural(&mut self, strands: &Strands<'_>, ledger: &mut Ledger) -> Result<(), S::Error> {
        let read = |span: u32, from: usize, words: usize| {
            let stream = strands.spans[span as usize].stream as usize;
            read_words(self.source, self.layout.id(stream), from, words)
        };
        let mut natural = Natural::new(strands, self.format, AskedPairs::IN_FILES, read);
        ledger.drop_natural(&mut natural)
    }
}

/// Places of one key that are looked at, the first ones: of what more streams share, more pairs are named by more,
/// and how many there are is counted.
const KEPT_PLACES: usize = KEPT_PAIRS;

/// Whose windows are met.
struct Streams<'a> {
    spans: &'a [StreamSpan],
    uniform: bool,
}

impl<'a> Streams<'a> {
    fn new(spans: &'a [StreamSpan], format: Format) -> Self {
        Self {
            spans,
            uniform: format.uniform_width().is_some(),
        }
    }

    /// Takes in the pairs of places that share a key, of very many places the first ones. `left_out` are places
    /// that were left out already, by family and key.
    fn collect(
        &self,
        keys: &[WindowKey],
        records: &[Vec<Record>],
        left_out: &BTreeMap<(usize, u64), u64>,
        hits: &mut Hits,
    ) {
        for (family, (key, records)) in keys.iter().zip(records).enumerate() {
            for same in records.chunk_by(|a, b| a.key == b.key) {
                let others = left_out.get(&(family, same[0].key)).unwrap_or(&0);
                hits.count(same.len() as u64 + others);
            }
            let first = records.chunk_by(|a, b| a.key == b.key);
            let first = first.map(|same| &same[..same.len().min(KEPT_PLACES)]);
            for (first, second) in first.flat_map(pairs) {
                let (spans, a, b) = locate(self.spans, first, second);
                if spans.0 == spans.1 && meets_itself(*key, self.uniform, first, second) {
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
}
