//! Records the windows worth comparing: a slice of the key space, and the starts and ends of streams.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{candidates::colliding, fingerprint::Fingerprint, strands::Record};
use crate::kernels::{BLOCK, BitFilter, KeyBlock, SampleSpan, WindowKey};

/// Keys that are remembered within an aligned block of a stream, so that a short period is recorded twice
/// a block and not a thousand times.
const REMEMBERED: usize = 8;

/// Standard deviations above what is expected for which there is room at once: fewer make memory move more
/// often.
const DEVIATIONS: f64 = 3.0;

/// Recorded windows, by key.
pub(super) type Records = Vec<Vec<Record>>;

/// Which windows of which keys are recorded: those of a slice of the key space, and those that meet an edge.
pub(super) struct Recorder {
    keys: Vec<WindowKey>,
    span: SampleSpan,
    /// The keys of edges, one list a key, ascending.
    edges: Vec<Vec<u64>>,
    /// One a key: what may be held, before it is looked up.
    filters: Vec<BitFilter>,
}

/// A part of the key space that is recorded at a time, where the records of all would not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pass {
    pub(super) index: u64,
    pub(super) of: u64,
}

impl Pass {
    /// All keys at once.
    pub(super) const ONLY: Self = Self { index: 0, of: 1 };

    fn holds(self, key: u64) -> bool {
        // Sampled keys agree in their top bits: the multiplication brings the others up.
        let spread = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        (spread * self.of) >> 32 == self.index
    }
}

/// Where words that are read stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordedAt {
    /// The first of them in its stream: a multiple of [`Fingerprint::BLOCK`].
    pub(super) offset: usize,
    /// The first of them among all words.
    pub(super) place: usize,
}

/// The records of some pieces.
pub(super) struct RecordedPart {
    records: Records,
    memories: Vec<RecordMemory>,
}

impl RecordedPart {
    /// Records that were made before; nothing is added to them.
    pub(super) fn of(records: Records) -> Self {
        Self {
            records,
            memories: Vec::new(),
        }
    }

    /// The records, by key.
    pub(super) fn records(&self) -> &[Vec<Record>] {
        &self.records
    }
}

impl Recorder {
    /// Records the windows in `span`, and those that share a key with one of `edges`.
    pub(super) fn new(keys: &[WindowKey], span: SampleSpan, mut edges: Vec<Vec<u64>>) -> Self {
        edges.resize_with(keys.len(), Vec::new);
        let filters = edges
            .par_iter_mut()
            .map(|edges| {
                edges.sort_unstable();
                edges.dedup();
                let mut filter = BitFilter::default();
                filter.reset(edges.len(), span.log2_slices);
                filter.mark_span(span);
                edges.iter().for_each(|&edge| filter.mark(edge));
                filter
            })
            .collect();
        Self {
            keys: keys.to_vec(),
            span,
            edges,
            filters,
        }
    }

    /// The keys of edges, one list a key, ascending.
    pub(super) fn edges(&self) -> &[Vec<u64>] {
        &self.edges
    }

    /// One window in 2^this is recorded, wherever it stands.
    pub(super) fn log2_slices(&self) -> u32 {
        self.span.log2_slices
    }

    /// The keys that are recorded.
    pub(super) fn keys(&self) -> &[WindowKey] {
        &self.keys
    }

    /// No records.
    pub(super) fn part(&self) -> RecordedPart {
        RecordedPart {
            records: vec![Vec::new(); self.keys.len()],
            memories: vec![RecordMemory::default(); self.keys.len()],
        }
    }

    /// Records the windows of a pass that start at the first `windows` of `words`: one piece of a stream,
    /// whose words are all there that a window can reach.
    pub(super) fn read(
        &self,
        words: &[u64],
        windows: usize,
        stand: RecordedAt,
        pass: Pass,
        (block, part): (&mut KeyBlock, &mut RecordedPart),
    ) {
        debug_assert!(
            stand.offset.is_multiple_of(Fingerprint::BLOCK),
            "pieces are aligned"
        );
        let share = share_of(self.span);
        for (key, records) in self.keys.iter().zip(&mut part.records) {
            let expected = (windows * key.variants()) as f64 * share / pass.of as f64;
            records.reserve((expected + DEVIATIONS * expected.sqrt()) as usize);
        }
        for from in (0..windows).step_by(BLOCK) {
            if from.is_multiple_of(Fingerprint::BLOCK) {
                part.memories.fill(RecordMemory::default());
            }
            let windows_end = windows.min(from + BLOCK);
            for (family, key) in self.keys.iter().enumerate() {
                let covered = words.len().min(windows_end + key.words() - 1);
                let more = covered < words.len();
                block.fill(*key, &words[from..covered + usize::from(more)], more);
                let (records, memory) = (&mut part.records[family], &mut part.memories[family]);
                let edges = &self.edges[family];
                for (variant, row) in block.rows().into_iter().enumerate() {
                    self.filters[family].each_held(row, |i, key| {
                        if !self.span.holds(key) && edges.binary_search(&key).is_err() {
                            return;
                        }
                        // What is remembered is the same in every pass.
                        if memory.admits(key) && pass.holds(key) {
                            let place = 4 * (stand.place + from + i) as u64 + variant as u64;
                            records.push(Record { key, place });
                        }
                    });
                }
            }
        }
    }
}

/// The share of all keys that a slice holds.
fn share_of(span: SampleSpan) -> f64 {
    f64::from(span.log2_slices).exp2().recip()
}

/// How many of so many words' windows are recorded where streams do not repeat themselves: a slice, and so many
/// edges.
pub(super) fn expected(keys: &[WindowKey], log2_slices: u32, words: usize, edges: usize) -> f64 {
    let rows: usize = keys.iter().map(WindowKey::variants).sum();
    let windows = words as f64 * f64::from(log2_slices).exp2().recip() + edges as f64;
    rows as f64 * windows
}

/// The records of all parts whose key occurs more than once, by key.
pub(super) fn shared(keys: usize, parts: &[RecordedPart]) -> Records {
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
struct RecordMemory {
    keys: [(u64, u8); REMEMBERED],
    next: usize,
}

impl RecordMemory {
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
