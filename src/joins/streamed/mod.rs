//! Joins of evidence larger than memory: it is read twice, slab by slab, and never kept.
//!
//! The first reading takes the fingerprint of every stream and the keys of its first and last window;
//! the second records one window in 1,024 (fewer where their records would not fit), chosen by their
//! content, and all that meet a start or an end. Places whose keys agree are read once more, verified
//! on the words, and followed to their ends.

mod confirm;
mod runs;
mod slabs;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use self::{runs::Runs, slabs::Stretch};
use super::{
    fingerprint::Fingerprint,
    groups::group_fingerprints,
    information::plan,
    ledger::Ledger,
    natural::{Asked, Natural},
    record::{Part, Recorder, shared},
    search::{fitting, recall},
    strands::{Record, Strands},
};
use crate::{
    kernels::{KeyBlock, SampleSpan, WindowKey},
    results::{Equality, Joins},
    vocabulary::{Arena, Evidence, EvidenceSource, Format, Layout, Piece, RunGroup, read_words},
};

/// One window in 2^10 is recorded, where that fits.
const LOG2_SLICES: u32 = 10;

/// The memory limit below which nothing is gained.
const LEAST_LIMIT: usize = 1 << 20;

/// Words that a worker records at a time.
const CHUNK_WORDS: usize = 1 << 15;

/// How often a reading begins anew because values did not fit the format.
const READINGS: usize = 8;

/// What was found in evidence that was not kept.
#[derive(Clone, Debug, Default)]
pub struct Streamed {
    /// Equal streams and shared runs over full lengths, with the recall. Single elements are not
    /// counted.
    pub joins: Joins,
    /// Equal streams by whom they belong to, one entry a run group.
    pub equality: Vec<Equality>,
}

/// Joins a source slab by slab within about `limit_bytes` of memory: equal streams and, unless
/// `equality_only`, overlaps and disguises, within the fresh runs and within the rooted runs.
///
/// Of streams that differ in length the shorter is not compared with the longer's start as a whole;
/// an overlap at lag 0 names them. The result does not depend on the number of threads.
///
/// # Errors
/// When the source cannot be read.
pub fn streamed<S: EvidenceSource>(
    source: &mut S,
    limit_bytes: u64,
    equality_only: bool,
) -> Result<Streamed, S::Error> {
    let limit = usize::try_from(limit_bytes).unwrap_or(usize::MAX);
    let limit = limit.max(LEAST_LIMIT);
    let mut readings = 0;
    loop {
        readings += 1;
        let format = source.layout().format();
        let mut found = Streamed::default();
        for group in RunGroup::JOINED {
            let layout = source.layout().of_group(group);
            if layout.streams() > 0 {
                let mut runs = Runs::of(source, &layout, slab_words(limit))?;
                let mut reading = Reading::new(&mut runs, limit);
                let joins = reading.join(group, equality_only, &mut found.equality)?;
                found.joins.add(joins);
            }
        }
        // Keys of values that were taken for another format mean nothing.
        if source.layout().format() == format || readings == READINGS {
            return Ok(found);
        }
    }
}

struct Reading<'a, 's, S> {
    source: &'a mut Runs<'s, S>,
    layout: Layout,
    format: Format,
    limit: usize,
    /// Memory of the slabs.
    arena: Arena,
}

impl<'a, 's, S: EvidenceSource> Reading<'a, 's, S> {
    fn new(source: &'a mut Runs<'s, S>, limit: usize) -> Self {
        let layout = source.layout();
        Self {
            source,
            format: layout.format(),
            layout,
            limit,
            arena: Arena::default(),
        }
    }

    fn join(
        &mut self,
        group: RunGroup,
        equality_only: bool,
        equalities: &mut Vec<Equality>,
    ) -> Result<Joins, S::Error> {
        let bits = self.source.bits_per_element;
        let planned = plan(self.format, bits, self.layout.words());
        let whole = [Strands::of_all(&self.layout)];
        let mut joins = Joins::default();
        let keys = if equality_only {
            Vec::new()
        } else {
            fitting(&planned, &whole[0], &mut joins)
        };
        let span = SampleSpan {
            index: 0,
            log2_slices: self.log2_slices(&keys),
        };
        let mut recorder = Recorder::new(&keys, span, 2 * self.layout.streams());
        let fingerprints = self.first_reading(&mut recorder)?;
        let groups = group_fingerprints(&self.layout, bits, &fingerprints);
        let classes: Vec<u32> = (0..self.layout.streams())
            .map(|stream| groups.leader(stream) as u32)
            .collect();
        let equality = Equality {
            too_short: groups.too_short(),
            ..Equality::count(&self.layout, &classes, group)
        };
        equalities.push(if equality_only {
            equality.with_dissent(&self.layout, &classes)
        } else {
            equality
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
        if !keys.is_empty() {
            joins.recall = recall(span.log2_slices);
            let layout = self.layout.clone();
            for strands in &groups.domains(&layout, &[]).0 {
                let records = self.second_reading(strands, &recorder)?;
                let mut ledger = Ledger::default();
                for (key, records) in keys.iter().zip(&records) {
                    self.confirm_all(*key, strands, records, &mut ledger)?;
                }
                self.drop_natural(strands, &mut ledger)?;
                ledger.report(&layout, strands, &mut joins);
            }
        }
        Ok(joins)
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

    /// The share of windows whose records take at most a quarter of the memory: as they grow they hold
    /// up to twice as much.
    fn log2_slices(&self, keys: &[WindowKey]) -> u32 {
        let rows: usize = keys.iter().map(WindowKey::variants).sum();
        let records = (self.limit / 4 / size_of::<Record>()) as f64;
        let slices = (self.layout.words() as f64 * rows as f64 / records).log2();
        LOG2_SLICES.max(slices.max(0.0).ceil() as u32).min(23)
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
        let mut prints = vec![Fingerprint::EMPTY; self.layout.streams()];
        for slab in self.slabs(|_| true) {
            let evidence = self.load(&slab, beyond)?;
            let layout = &self.layout;
            let found: Vec<(Stretch, &[u64])> = present(&slab, layout, &evidence).collect();
            let absorbed: Vec<Fingerprint> = found
                .par_iter()
                .map(|(stretch, words)| {
                    let mut print = prints[stretch.stream];
                    print.absorb(&words[..stretch.windows.min(words.len())]);
                    print
                })
                .collect();
            for ((stretch, _), print) in found.iter().zip(absorbed) {
                prints[stretch.stream] = print;
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

    /// The recorded windows whose key occurs more than once, by key.
    fn second_reading(
        &mut self,
        strands: &Strands<'_>,
        recorder: &Recorder,
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
            let mut chunks: Vec<Vec<(usize, usize, &[u64])>> = vec![Vec::new()];
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
                    chunk.push((place + from, part, &words[from..]));
                }
            }
            parts.par_extend(chunks.par_iter().map_init(KeyBlock::new, |block, chunk| {
                let mut part = recorder.part();
                for &(place, windows, words) in chunk {
                    recorder.read(words, windows, place, block, &mut part);
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
