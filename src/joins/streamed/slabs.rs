//! All windows of some streams, cut into slabs that fit into memory.

use crate::{
    joins::fingerprint::Fingerprint,
    vocabulary::{Layout, Piece, StreamId},
};

/// Consecutive windows of one stream, from where a block of its fingerprint starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Index in the layout.
    pub(super) stream: usize,
    pub(super) id: StreamId,
    /// Where the stream's first word stands among all words.
    pub(super) start: usize,
    /// Words of the stream.
    pub(super) length: usize,
    pub(super) from: usize,
    pub(super) windows: usize,
}

impl Stretch {
    /// Some windows of a stream.
    fn of(layout: &Layout, stream: usize, from: usize, windows: usize) -> Self {
        let span = layout.span(stream);
        Self {
            stream,
            id: layout.id(stream),
            start: span.start,
            length: span.len(),
            from,
            windows,
        }
    }

    /// Its words, with `beyond` more where there are any.
    pub(super) fn piece(&self, beyond: usize) -> Piece {
        Piece {
            stream: self.id,
            from: self.from,
            words: (self.windows + beyond).min(self.length - self.from),
        }
    }

    /// As numbers.
    pub(super) fn numbers(&self) -> [u64; 7] {
        [
            self.stream as u64,
            u64::from(self.id.run.0),
            u64::from(self.id.task.0),
            self.start as u64,
            self.length as u64,
            self.from as u64,
            self.windows as u64,
        ]
    }

    /// That of [`numbers`](Self::numbers).
    pub(super) fn of_numbers(numbers: &[u64; 7]) -> Self {
        let [stream, run, task, start, length, from, windows] = *numbers;
        Self {
            stream: stream as usize,
            id: StreamId::new(run as u32, task as u32),
            start: start as usize,
            length: length as usize,
            from: from as usize,
            windows: windows as usize,
        }
    }
}

/// Slabs of about `words` words, filled one after the other.
struct Filling {
    words: usize,
    full: Vec<Vec<Stretch>>,
    slab: Vec<Stretch>,
    held: usize,
}

impl Filling {
    fn new(words: usize) -> Self {
        Self {
            words,
            full: Vec::new(),
            slab: Vec::new(),
            held: 0,
        }
    }

    fn add(&mut self, stretch: Stretch) {
        self.held += stretch.windows;
        self.slab.push(stretch);
        if self.held >= self.words {
            self.close();
        }
    }

    /// Begins another slab, if there is anything in this one.
    fn close(&mut self) {
        if !self.slab.is_empty() {
            self.full.push(std::mem::take(&mut self.slab));
        }
        self.held = 0;
    }
}

/// Slabs of about `slab_words` words of one stream after another: the order of files.
pub(super) fn end_to_end(
    layout: &Layout,
    streams: &[usize],
    slab_words: usize,
) -> Vec<Vec<Stretch>> {
    let mut slabs = Filling::new(slab_words);
    for &stream in streams {
        let length = layout.span(stream).len();
        let mut from = 0;
        while from < length {
            let room = (slab_words - slabs.held).next_multiple_of(Fingerprint::BLOCK);
            let windows = room.min(length - from);
            slabs.add(Stretch::of(layout, stream, from, windows));
            from += windows;
        }
    }
    slabs.close();
    slabs.full
}

/// Slabs of the same stretch of many streams: the order in which streams that take turns are stored.
pub(super) fn side_by_side(
    layout: &Layout,
    streams: &[usize],
    slab_words: usize,
) -> Vec<Vec<Stretch>> {
    let length = |stream: usize| layout.span(stream).len();
    let longest = streams.iter().map(|&stream| length(stream)).max();
    let words = slab_words / streams.len().max(1) / Fingerprint::BLOCK * Fingerprint::BLOCK;
    let words = words.max(Fingerprint::BLOCK);
    let mut slabs = Filling::new(slab_words);
    for from in (0..longest.unwrap_or(0)).step_by(words) {
        for &stream in streams.iter().filter(|&&stream| from < length(stream)) {
            let windows = words.min(length(stream) - from);
            slabs.add(Stretch::of(layout, stream, from, windows));
        }
        slabs.close();
    }
    slabs.full
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Format, RunId, RunInfo, StreamId};

    #[test]
    fn every_window_is_in_one_slab_and_slabs_are_small() {
        let lengths = [0, 1, 7, 10_000, 33, 4];
        let run = RunInfo::fresh(RunId(0));
        let ids = (0..6).map(|task| StreamId::new(0, task)).collect();
        let layout = Layout::new(ids, &lengths, vec![run], Format::WORDS).unwrap();
        let chosen = [0, 1, 3, 4, 5];
        for slab_words in [1, 10, 1000, 3000, 50_000] {
            for slabs in [
                end_to_end(&layout, &chosen, slab_words),
                side_by_side(&layout, &chosen, slab_words),
            ] {
                let mut reached = [0; 6];
                for slab in &slabs {
                    let words: usize = slab.iter().map(|stretch| stretch.windows).sum();
                    assert!(words < slab_words + Fingerprint::BLOCK);
                    for stretch in slab {
                        assert_eq!(stretch.from, reached[stretch.stream]);
                        assert!(stretch.from.is_multiple_of(Fingerprint::BLOCK));
                        reached[stretch.stream] += stretch.windows;
                    }
                }
                assert_eq!(reached, [0, 1, 0, 10_000, 33, 4]);
            }
        }
    }
}
