//! What one slab of words gives: fingerprints and the keys of edges, or recorded windows.

use rayon::prelude::*;

use super::slabs::Stretch;
use crate::{
    joins::{
        fingerprint::Fingerprint,
        record::{Pass, RecordedAt, RecordedPart, Recorder},
        strands::CHUNK_WORDS,
    },
    kernels::{KeyBlock, WindowKey},
    vocabulary::{Arena, Evidence, EvidenceSource, Piece},
};

/// A slab and its words, every stretch with as many words beyond its windows as they reach.
pub(super) struct Slab<'a> {
    stretches: &'a [Stretch],
    evidence: Evidence,
}

impl<'a> Slab<'a> {
    /// Reads it from a source.
    pub(super) fn load<S: EvidenceSource>(
        source: &mut S,
        stretches: &'a [Stretch],
        keys: &[WindowKey],
        arena: Arena,
    ) -> Result<Self, S::Error> {
        let beyond = beyond(keys);
        let pieces: Vec<Piece> = stretches
            .iter()
            .map(|stretch| stretch.piece(beyond))
            .collect();
        let evidence = source.load_pieces(&pieces, arena)?;
        Ok(Self {
            stretches,
            evidence,
        })
    }

    /// Its memory.
    pub(super) fn into_memory(self) -> Arena {
        self.evidence.into_memory()
    }

    /// The stretches that could be read, with their words.
    fn present(&self) -> impl Iterator<Item = (Stretch, &[u64])> {
        self.stretches.iter().filter_map(|&stretch| {
            let at = self.evidence.index_of(stretch.id)?;
            Some((stretch, self.evidence.stream(at)))
        })
    }

    /// The stretches that could not be read as a whole.
    pub(super) fn unread(&self, keys: &[WindowKey]) -> Vec<Stretch> {
        let beyond = beyond(keys);
        let is_whole = |stretch: &Stretch| {
            let at = self.evidence.index_of(stretch.id);
            at.is_some_and(|at| self.evidence.stream(at).len() == stretch.piece(beyond).words)
        };
        let stretches = self.stretches.iter().copied();
        stretches.filter(|stretch| !is_whole(stretch)).collect()
    }

    /// The fingerprint of every stretch.
    pub(super) fn prints(&self) -> Vec<(Stretch, Fingerprint)> {
        let found: Vec<(Stretch, &[u64])> = self.present().collect();
        found
            .into_par_iter()
            .map(|(stretch, words)| {
                let mut print = Fingerprint::default();
                print.absorb(stretch.from, &words[..stretch.windows.min(words.len())]);
                (stretch, print)
            })
            .collect()
    }

    /// The keys of the first and last windows of streams, as far as they start in this slab.
    pub(super) fn edges(&self, key: WindowKey, mut edge: impl FnMut(u64)) {
        for (stretch, words) in self.present() {
            let Some(last) = stretch.length.checked_sub(key.words()) else {
                continue;
            };
            let places = [
                (stretch.from == 0).then_some(0),
                last.checked_sub(stretch.from),
            ];
            for place in places.into_iter().flatten() {
                if place < stretch.windows && place + key.words() <= words.len() {
                    key.keys(&words[place..]).for_each(&mut edge);
                }
            }
        }
    }

    /// The windows that are recorded in a pass.
    pub(super) fn windows(&self, recorder: &Recorder, pass: Pass) -> Vec<RecordedPart> {
        let mut chunks: Vec<Vec<(RecordedAt, usize, &[u64])>> = vec![Vec::new()];
        let mut held = 0;
        for (stretch, words) in self.present() {
            let windows = stretch.windows.min(words.len());
            for from in (0..windows).step_by(CHUNK_WORDS) {
                let part = CHUNK_WORDS.min(windows - from);
                if held + part > CHUNK_WORDS {
                    chunks.push(Vec::new());
                    held = 0;
                }
                held += part;
                let chunk = chunks.last_mut().expect("there is one");
                let offset = stretch.from + from;
                let stand = RecordedAt {
                    offset,
                    place: stretch.start + offset,
                };
                chunk.push((stand, part, &words[from..]));
            }
        }
        chunks
            .par_iter()
            .map_init(KeyBlock::new, |block, chunk| {
                let mut part = recorder.part();
                for &(stand, windows, words) in chunk {
                    recorder.read(words, windows, stand, pass, (block, &mut part));
                }
                part
            })
            .collect()
    }
}

/// How many words beyond its first window's start a window can reach, and one more for the odd
/// alignments of halves.
fn beyond(keys: &[WindowKey]) -> usize {
    keys.iter().map(WindowKey::words).max().unwrap_or(0)
}
