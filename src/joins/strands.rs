//! The distinct streams that are joined with one another, and how they are cut into work.

use std::ops::Range;

use crate::{
    kernels::{BLOCK, KeyBlock, KeySource, WindowKey, mix_block},
    vocabulary::Layout,
};

/// One stream's place in the arena of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StreamSpan {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The stream's index in the evidence.
    pub(super) stream: u32,
}

impl StreamSpan {
    pub(super) fn words(&self) -> usize {
        self.end - self.start
    }
}

/// Distinct streams, in the order of the arena.
#[derive(Clone, Debug)]
pub(super) struct Strands<'a> {
    pub(super) arena: &'a [u64],
    pub(super) spans: Vec<StreamSpan>,
}

/// Windows that start at `from..to` in one span.
#[derive(Clone, Copy, Debug)]
pub(super) struct WindowPiece {
    pub(super) span: u32,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Words of a chunk of work: fewer share it out better among processors, more cost less.
pub(super) const CHUNK_WORDS: usize = 1 << 14;

impl Strands<'_> {
    /// All streams of a layout, without their words.
    pub(super) fn of_all(layout: &Layout) -> Self {
        let spans = (0..layout.streams())
            .map(|index| StreamSpan {
                start: layout.span(index).start,
                end: layout.span(index).end,
                stream: index as u32,
            })
            .collect();
        Self { arena: &[], spans }
    }

    /// All words of all streams.
    pub(super) fn words(&self) -> usize {
        self.spans.iter().map(StreamSpan::words).sum()
    }

    /// The words of one span.
    pub(super) fn stream(&self, span: usize) -> &[u64] {
        &self.arena[self.spans[span].start..self.spans[span].end]
    }

    /// The span that holds a word.
    pub(super) fn span_at(&self, place: usize) -> usize {
        self.spans.partition_point(|span| span.start <= place) - 1
    }

    /// Cuts the words into pieces that start at multiples of [`CHUNK_WORDS`] in their streams, whatever
    /// stream comes before, and the pieces into chunks of at least as many words.
    pub(super) fn pieces(&self) -> Pieces {
        let mut pieces = Vec::with_capacity(self.spans.len());
        let mut chunks = Vec::new();
        let (mut begin, mut held) = (0, 0);
        for (index, span) in self.spans.iter().enumerate() {
            for from in (span.start..span.end).step_by(CHUNK_WORDS) {
                let to = span.end.min(from + CHUNK_WORDS);
                pieces.push(WindowPiece {
                    span: index as u32,
                    from,
                    to,
                });
                held += to - from;
                if held >= CHUNK_WORDS {
                    chunks.push(begin..pieces.len());
                    (begin, held) = (pieces.len(), 0);
                }
            }
        }
        if begin < pieces.len() {
            chunks.push(begin..pieces.len());
        }
        Pieces { pieces, chunks }
    }
}

/// Work, cut the same way whatever the number of threads.
pub(super) struct Pieces {
    pieces: Vec<WindowPiece>,
    chunks: Vec<Range<usize>>,
}

impl Pieces {
    /// How many chunks there are.
    pub(super) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// The pieces of one chunk.
    pub(super) fn chunk(&self, chunk: usize) -> &[WindowPiece] {
        &self.pieces[self.chunks[chunk].clone()]
    }
}

/// Keys whose places are known: consecutive keys of a block stand at consecutive words.
pub(super) trait PlacedKeys: KeySource {
    /// Calls `sink` with the place of the first key of a block and the block's keys.
    fn visit_placed(&self, chunk: usize, sink: &mut dyn FnMut(usize, &[u64]));
}

/// Every element as a key.
pub(super) struct Elements<'a> {
    arena: &'a [u64],
    /// Adjoining streams are one range: elements know no streams.
    chunks: Vec<Range<usize>>,
}

impl<'a> Elements<'a> {
    pub(super) fn new(strands: &Strands<'a>) -> Self {
        let mut chunks: Vec<Range<usize>> = Vec::new();
        for span in &strands.spans {
            let mut from = span.start;
            while from < span.end {
                match chunks.last_mut() {
                    Some(last) if last.end == from && last.len() < CHUNK_WORDS => {
                        let to = span.end.min(last.start + CHUNK_WORDS);
                        last.end = to;
                        from = to;
                    }
                    _ => {
                        let to = span.end.min(from + CHUNK_WORDS);
                        chunks.push(from..to);
                        from = to;
                    }
                }
            }
        }
        Self {
            arena: strands.arena,
            chunks,
        }
    }
}

impl KeySource for Elements<'_> {
    fn chunks(&self) -> usize {
        self.chunks.len()
    }

    fn visit(&self, chunk: usize, sink: &mut dyn FnMut(&[u64])) {
        sink(&self.arena[self.chunks[chunk].clone()]);
    }
}

impl PlacedKeys for Elements<'_> {
    fn visit_placed(&self, chunk: usize, sink: &mut dyn FnMut(usize, &[u64])) {
        let range = self.chunks[chunk].clone();
        sink(range.start, &self.arena[range]);
    }
}

/// Every 32-bit half of every word as a key, in the upper half of a word.
pub(super) struct HalfElements<'a>(pub(super) Elements<'a>);

impl KeySource for HalfElements<'_> {
    fn chunks(&self) -> usize {
        self.0.chunks()
    }

    fn visit(&self, chunk: usize, sink: &mut dyn FnMut(&[u64])) {
        self.visit_placed(chunk, &mut |_, keys| sink(keys));
    }
}

impl PlacedKeys for HalfElements<'_> {
    fn visit_placed(&self, chunk: usize, sink: &mut dyn FnMut(usize, &[u64])) {
        let mut halves = [0u64; 2 * BLOCK];
        self.0.visit_placed(chunk, &mut |start, words| {
            for (i, block) in words.chunks(BLOCK).enumerate() {
                let (upper, lower) = halves.split_at_mut(block.len());
                for ((up, low), &word) in upper.iter_mut().zip(&mut *lower).zip(block) {
                    *up = word & !0 << 32;
                    *low = word << 32;
                }
                let place = start + i * BLOCK;
                sink(place, upper);
                sink(place, &lower[..block.len()]);
            }
        });
    }
}

/// Every (even) window as a key.
pub(super) struct Windows<'a> {
    pub(super) strands: &'a Strands<'a>,
    pub(super) pieces: &'a Pieces,
    pub(super) key: WindowKey,
}

impl KeySource for Windows<'_> {
    fn chunks(&self) -> usize {
        self.pieces.chunks()
    }

    fn visit(&self, chunk: usize, sink: &mut dyn FnMut(&[u64])) {
        self.visit_placed(chunk, &mut |_, keys| sink(keys));
    }
}

impl PlacedKeys for Windows<'_> {
    fn visit_placed(&self, chunk: usize, sink: &mut dyn FnMut(usize, &[u64])) {
        let mut block = KeyBlock::new();
        for piece in self.pieces.chunk(chunk) {
            let end = self.strands.spans[piece.span as usize].end;
            for from in (piece.from..piece.to).step_by(BLOCK) {
                let windows_end = piece.to.min(from + BLOCK);
                let covered = end.min(windows_end + self.key.words() - 1);
                block.fill(self.key, &self.strands.arena[from..covered], false);
                if !block.rows()[0].is_empty() {
                    sink(from, block.rows()[0]);
                }
            }
        }
    }
}

/// A place where a key was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Record {
    pub(crate) key: u64,
    /// Where: in a join of windows the arena's word × 4 + alignment variant.
    pub(crate) place: u64,
}

/// Mixes a block of keys, mask applied, and calls `found` with (index, mixed key) of those that pass.
pub(super) fn filter_block(
    keys: &[u64],
    mask: u64,
    passes: impl Fn(u64) -> bool,
    mut found: impl FnMut(usize, u64),
) {
    let mut mixed = [0u64; BLOCK];
    for (i, block) in keys.chunks(BLOCK).enumerate() {
        let mixed = &mut mixed[..block.len()];
        mix_block(block, mask, mixed);
        for (j, &key) in mixed.iter().enumerate() {
            if passes(key) {
                found(i * BLOCK + j, key);
            }
        }
    }
}
