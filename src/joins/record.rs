//! Records the windows worth comparing: a slice of the key space, and the starts and ends of streams.

use rayon::prelude::*;

use super::{candidates::colliding, strands::Record};
use crate::kernels::{BLOCK, BitFilter, KeyBlock, SampleSpan, WindowKey};

/// Keys of one piece that are remembered, so that a short period is recorded twice and not a
/// million times.
const REMEMBERED: usize = 8;

/// Standard deviations above what is expected for which there is room at once.
const DEVIATIONS: f64 = 3.0;

/// Recorded windows, by key.
pub(super) type Records = Vec<Vec<Record>>;

/// Which windows of which keys are recorded.
pub(super) struct Recorder {
    keys: Vec<WindowKey>,
    /// One a key.
    filters: Vec<BitFilter>,
    /// The share of windows that each records of streams that do not repeat themselves.
    shares: Vec<f64>,
}

/// The records of some pieces.
pub(super) struct Part {
    records: Records,
    memories: Vec<Memory>,
}

impl Recorder {
    /// Records the windows in `span`, and those that share a key with one of `edges` others, which
    /// are [marked](Self::mark) next.
    pub(super) fn new(keys: &[WindowKey], span: SampleSpan, edges: usize) -> Self {
        let filters: Vec<BitFilter> = keys
            .par_iter()
            .map(|key| {
                let mut filter = BitFilter::default();
                filter.reset(edges * key.variants(), span.log2_slices);
                filter.mark_span(span);
                filter
            })
            .collect();
        Self {
            keys: keys.to_vec(),
            shares: filters.iter().map(BitFilter::share).collect(),
            filters,
        }
    }

    /// Marks what `edges` hands out for each key.
    pub(super) fn mark(&mut self, edges: impl Fn(WindowKey, &mut dyn FnMut(u64)) + Sync) {
        self.filters
            .par_iter_mut()
            .zip(&self.keys)
            .for_each(|(filter, key)| edges(*key, &mut |edge| filter.mark(edge)));
        self.shares = self.filters.iter().map(BitFilter::share).collect();
    }

    /// The keys that are recorded.
    pub(super) fn keys(&self) -> &[WindowKey] {
        &self.keys
    }

    /// No records.
    pub(super) fn part(&self) -> Part {
        Part {
            records: vec![Vec::new(); self.keys.len()],
            memories: vec![Memory::default(); self.keys.len()],
        }
    }

    /// Records the windows that start at the first `windows` of `words`: one piece of a stream, whose
    /// words are all there that a window can reach. `place` is where it stands among all words.
    pub(super) fn read(
        &self,
        words: &[u64],
        windows: usize,
        place: usize,
        block: &mut KeyBlock,
        part: &mut Part,
    ) {
        part.memories.fill(Memory::default());
        for ((key, share), records) in self.keys.iter().zip(&self.shares).zip(&mut part.records) {
            let expected = (windows * key.variants()) as f64 * share;
            records.reserve((expected + DEVIATIONS * expected.sqrt()) as usize);
        }
        for from in (0..windows).step_by(BLOCK) {
            let windows_end = windows.min(from + BLOCK);
            for (family, key) in self.keys.iter().enumerate() {
                let covered = words.len().min(windows_end + key.words() - 1);
                let more = covered < words.len();
                block.fill(*key, &words[from..covered + usize::from(more)], more);
                let (records, memory) = (&mut part.records[family], &mut part.memories[family]);
                for (variant, row) in block.rows().into_iter().enumerate() {
                    self.filters[family].each_held(row, |i, key| {
                        if memory.admits(key) {
                            let place = 4 * (place + from + i) as u64 + variant as u64;
                            records.push(Record { key, place });
                        }
                    });
                }
            }
        }
    }
}

/// The records of all parts whose key occurs more than once, by key.
pub(super) fn shared(keys: usize, parts: &[Part]) -> Records {
    (0..keys)
        .into_par_iter()
        .map(|family| {
            let lists: Vec<&[Record]> = parts
                .iter()
                .map(|part| part.records[family].as_slice())
                .collect();
            colliding(&lists)
        })
        .collect()
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
