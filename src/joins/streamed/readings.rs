//! The readings of a source, slab by slab: one that takes fingerprints, and passes that record windows.

use rayon::prelude::*;

use super::{
    Reading,
    sketch::Sketch,
    slabs::{self, Stretch},
};
use crate::{
    joins::{
        fingerprint::Fingerprint,
        record::{Pass, RecordedAt, RecordedPart, Recorder, shared},
        strands::{CHUNK_WORDS, Record, Strands},
    },
    kernels::{KeyBlock, WindowKey},
    vocabulary::{Evidence, EvidenceSource, Layout, Piece},
};

impl<S: EvidenceSource> Reading<'_, S> {
    /// All windows of some streams, slab by slab.
    fn slabs(&self, streams: impl Fn(usize) -> bool) -> Vec<Vec<Stretch>> {
        let chosen: Vec<usize> = (0..self.layout.streams())
            .filter(|&at| streams(at))
            .collect();
        if self.source.takes_turns() {
            slabs::side_by_side(&self.layout, &chosen, self.slab_words())
        } else {
            slabs::end_to_end(&self.layout, &chosen, self.slab_words())
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
    pub(super) fn first_reading(&mut self, recorder: &mut Recorder) -> Result<Vec<u128>, S::Error> {
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
    pub(super) fn record(
        &mut self,
        strands: &Strands<'_>,
        recorder: &Recorder,
        pass: Pass,
        name: &str,
    ) -> Result<Vec<Vec<Record>>, S::Error> {
        let beyond = beyond(recorder.keys());
        let mut chosen = vec![false; self.layout.streams()];
        for span in &strands.spans {
            chosen[span.stream as usize] = true;
        }
        let keys = recorder.keys().len();
        let (mut sketch, mut parts) = self.sketch(pass, name, keys).unzip();
        let parts: &mut Vec<RecordedPart> = parts.get_or_insert_default();
        // What was kept is a part a slab.
        for slab in self.slabs(|stream| chosen[stream]).iter().skip(parts.len()) {
            let evidence = self.load(slab, beyond)?;
            let layout = &self.layout;
            let mut chunks: Vec<Vec<(RecordedAt, usize, &[u64])>> = vec![Vec::new()];
            let mut held = 0;
            for (stretch, words) in present(slab, layout, &evidence) {
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
                    let stand = RecordedAt {
                        offset: stretch.from + from,
                        place: place + from,
                    };
                    chunk.push((stand, part, &words[from..]));
                }
            }
            let recorded: Vec<RecordedPart> = chunks
                .par_iter()
                .map_init(KeyBlock::new, |block, chunk| {
                    let mut part = recorder.part();
                    for &(stand, windows, words) in chunk {
                        recorder.read(words, windows, stand, pass, (block, &mut part));
                    }
                    part
                })
                .collect();
            sketch = sketch.filter(|sketch: &Sketch| sketch.add(keys, &recorded).is_ok());
            parts.extend(recorded);
            self.arena = evidence.into_memory();
        }
        Ok(shared(keys, parts))
    }

    /// The sketch of a pass, and what it holds.
    fn sketch(&self, pass: Pass, name: &str, keys: usize) -> Option<(Sketch, Vec<RecordedPart>)> {
        let Pass { index, of } = pass;
        let slabs = match self.source.takes_turns() {
            true => "side-by-side",
            false => "end-to-end",
        };
        let words = self.slab_words();
        let name = format!("{name}-{slabs}-{words}-{index}-of-{of}");
        self.sketches.as_ref()?.open(&name, keys)
    }

    /// A slab takes an eighth of the memory, and records at most a half.
    fn slab_words(&self) -> usize {
        self.room.limit() / 8 / 8
    }
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
