//! Arrangements of the evidence: rows of equal length, grouped by run, and their shifted control.

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

use crate::vocabulary::{Evidence, Memo, RunId, StreamId, TaskId};

/// Streams cut to a common length, in (run, task) order.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    rows: Vec<&'a [u64]>,
    ids: Vec<StreamId>,
    runs: Vec<Range<usize>>,
    words: usize,
    /// How far each row was turned; empty where rows are aligned.
    offsets: Vec<u32>,
    /// Combinations of streams that every family leaves out.
    left_out: usize,
    /// What is known of the evidence; of rows that were turned or changed nothing is.
    known: Option<Arc<KnownOfRows>>,
}

/// Controls taken; the worst counts, so that a weak flaw of the generator is not charged to seeding
/// because one control happened to pass.
pub(crate) const CONTROLS: usize = 2;

/// Words of all rows up to which turned rows are kept for all tests: more would hold more memory than tests that
/// turn them by themselves.
const KEPT_TURNED: usize = 1 << 22;

/// What is worked out of all rows of an evidence once, for all tests.
#[derive(Debug, Default)]
struct KnownOfRows {
    controls: [OnceLock<Option<Turned>>; CONTROLS],
    fact: Memo,
}

impl<'a> Frame<'a> {
    /// The rows of the evidence over a common length.
    ///
    /// That length is the shortest stream's, unless a few short streams would cost more than a fifth
    /// of what could be compared: then they are dropped.
    pub(crate) fn new(evidence: &'a Evidence) -> Self {
        let words = common_words(evidence);
        let kept: Vec<usize> = (0..evidence.streams())
            .filter(|&i| evidence.stream(i).len() >= words && words > 0)
            .collect();
        Self {
            known: Some(evidence.memo().once(KnownOfRows::default)),
            ..Self::of(
                kept.iter().map(|&i| &evidence.stream(i)[..words]).collect(),
                kept.iter().map(|&i| evidence.id(i)).collect(),
                words,
            )
        }
    }

    /// What is worked out of all rows of the evidence once.
    pub(crate) fn once<T: Send + Sync + 'static>(&self, work_out: impl FnOnce() -> T) -> Arc<T> {
        match &self.known {
            Some(known) => known.fact.once(work_out),
            None => Arc::new(work_out()),
        }
    }

    fn of(rows: Vec<&'a [u64]>, ids: Vec<StreamId>, words: usize) -> Self {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (row, id) in ids.iter().enumerate() {
            match runs.last_mut() {
                Some(run) if ids[run.start].run == id.run => run.end = row + 1,
                _ => runs.push(row..row + 1),
            }
        }
        Self {
            rows,
            ids,
            runs,
            words,
            offsets: Vec::new(),
            left_out: 0,
            known: None,
        }
    }

    /// The same rows, of which families leave out so many of their combinations: those that stand out
    /// most.
    pub(crate) fn leaving_out(&self, combinations: usize) -> Self {
        Self {
            left_out: combinations,
            ..self.clone()
        }
    }

    /// How many combinations every family leaves out.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Number of rows.
    pub(crate) fn streams(&self) -> usize {
        self.rows.len()
    }

    /// Words of every row.
    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// One row.
    pub(crate) fn row(&self, row: usize) -> &'a [u64] {
        self.rows[row]
    }

    /// The stream of a row.
    pub(crate) fn id(&self, row: usize) -> StreamId {
        self.ids[row]
    }

    /// The rows of each run.
    pub(crate) fn runs(&self) -> &[Range<usize>] {
        &self.runs
    }

    /// The row of a task of a run.
    pub(crate) fn find(&self, run: RunId, task: u32) -> Option<usize> {
        let rows = self.runs.get(
            self.runs
                .partition_point(|rows| self.ids[rows.start].run < run),
        )?;
        let first = self.ids[rows.start];
        if first.run != run || task < first.task.0 {
            return None;
        }
        // Tasks without gaps, the rule, are found at once.
        let guess = rows.start + (task - first.task.0) as usize;
        if guess < rows.end && self.ids[guess].task.0 == task {
            return Some(guess);
        }
        self.ids[rows.clone()]
            .binary_search_by_key(&TaskId(task), |id| id.task)
            .ok()
            .map(|place| rows.start + place)
    }

    /// Whether two rows stand at the same place in time, which the control must not compare.
    pub(crate) fn still_aligned(&self, a: usize, b: usize) -> bool {
        !self.offsets.is_empty() && self.offsets[a] == self.offsets[b]
    }

    /// How far a row was turned.
    pub(crate) fn offset(&self, row: usize) -> u32 {
        self.offsets.get(row).copied().unwrap_or(0)
    }

    /// Whether this is a control.
    pub(crate) fn is_shifted(&self) -> bool {
        !self.offsets.is_empty()
    }

    /// The same rows over fewer words.
    pub(crate) fn window(&self, words: Range<usize>) -> Self {
        let rows = self.rows.iter().map(|row| &row[words.clone()]).collect();
        Self {
            rows,
            ids: self.ids.clone(),
            runs: self.runs.clone(),
            words: words.len(),
            offsets: self.offsets.clone(),
            left_out: self.left_out,
            known: None,
        }
    }

    /// What is measured of a control: every row turned by an offset of its own. `None` where rows have a single
    /// word. The rows of an evidence that is not large are turned once for all tests.
    pub(crate) fn of_control<T>(
        &self,
        control: usize,
        measure: impl FnOnce(&Frame<'_>) -> T,
    ) -> Option<T> {
        let turned = || self.turned(0x5eed_0000_0000_0000 ^ (control as u64) << 40);
        let own;
        let few = self.streams() * self.words <= KEPT_TURNED;
        let turned = match self.known.as_ref().filter(|_| few) {
            Some(known) => known.controls[control].get_or_init(turned),
            None => {
                own = turned();
                &own
            }
        };
        let mut frame = turned.as_ref()?.frame();
        frame.left_out = self.left_out;
        Some(measure(&frame))
    }

    fn turned(&self, seed: u64) -> Option<Turned> {
        if self.words < 2 {
            return None;
        }
        let offsets = self.offsets_apart(seed);
        let mut arena = Vec::with_capacity(self.streams() * self.words);
        for (row, &offset) in self.rows.iter().zip(&offsets) {
            arena.extend_from_slice(&row[offset as usize..]);
            arena.extend_from_slice(&row[..offset as usize]);
        }
        Some(Turned {
            arena,
            ids: self.ids.clone(),
            words: self.words,
            offsets,
            left_out: self.left_out,
        })
    }

    /// Every word changed, at its place.
    pub(crate) fn mapped(&self, word: impl Fn(usize, usize, u64) -> u64) -> Turned {
        let mut arena = Vec::with_capacity(self.streams() * self.words);
        for (row, words) in self.rows.iter().enumerate() {
            arena.extend((0..).zip(*words).map(|(at, &old)| word(row, at, old)));
        }
        Turned {
            arena,
            ids: self.ids.clone(),
            words: self.words,
            offsets: self.offsets.clone(),
            left_out: self.left_out,
        }
    }

    /// Pseudo-random offsets, different (as far as so many words allow) between rows that the views
    /// combine: near neighbours, one-bit flips of the index, the same place in the run before.
    fn offsets_apart(&self, seed: u64) -> Vec<u32> {
        let mut offsets: Vec<u32> = Vec::with_capacity(self.streams());
        let mut rivals: Vec<u32> = Vec::new();
        for (run_index, run) in self.runs.iter().enumerate() {
            for place in 0..run.len() {
                rivals.clear();
                let row = run.start + place;
                let mut rival = |other: usize| rivals.push(offsets[other]);
                for back in 1..=place.min(3) {
                    rival(row - back);
                }
                let mut bit = 1;
                while bit <= place {
                    if place & bit != 0 {
                        rival(run.start + (place ^ bit));
                    }
                    bit <<= 1;
                }
                if run_index > 0 {
                    let before = &self.runs[run_index - 1];
                    if place < before.len() {
                        rival(before.start + place);
                    }
                }
                offsets.push(pick_apart(seed ^ row as u64, self.words as u64, &rivals));
            }
        }
        offsets
    }
}

/// Words from which on rows are turned by even offsets only: draws that are made in pairs, each with its
/// antithetic or its partner of a polar method, then still stand at the places of a pair.
const PAIRED: u64 = 256;

/// The first of some pseudo-random offsets that meets the fewest rivals; earlier rivals weigh more.
fn pick_apart(seed: u64, words: u64, rivals: &[u32]) -> u32 {
    let (mut best, mut least) = (0, u64::MAX);
    for attempt in 0..32 {
        let candidate = (mix(seed.wrapping_add(attempt << 32)) % words) as u32;
        let candidate = candidate & if words >= PAIRED { !1 } else { !0 };
        let conflicts = rivals
            .iter()
            .enumerate()
            .filter(|&(_, &rival)| rival == candidate)
            .map(|(rank, _)| 1 << (20_u32.saturating_sub(rank as u32)))
            .sum();
        if conflicts < least {
            (best, least) = (candidate, conflicts);
        }
        if least == 0 {
            break;
        }
    }
    best
}

/// Rows of a frame, each turned by its own offset or changed word by word.
#[derive(Debug)]
pub(crate) struct Turned {
    arena: Vec<u64>,
    ids: Vec<StreamId>,
    words: usize,
    offsets: Vec<u32>,
    left_out: usize,
}

impl Turned {
    /// The frame over these rows.
    pub(crate) fn frame(&self) -> Frame<'_> {
        let mut frame = Frame::of(
            self.arena.chunks_exact(self.words).collect(),
            self.ids.clone(),
            self.words,
        );
        frame.offsets.clone_from(&self.offsets);
        frame.left_out = self.left_out;
        frame
    }
}

/// The length to which streams are cut.
fn common_words(evidence: &Evidence) -> usize {
    let mut lengths: Vec<usize> = (0..evidence.streams())
        .map(|i| evidence.stream(i).len())
        .collect();
    lengths.sort_unstable();
    let Some(&shortest) = lengths.first() else {
        return 0;
    };
    let streams = lengths.len();
    let area = |i: usize| lengths[i] as u128 * (streams - i) as u128;
    let best = (0..streams.saturating_sub(1))
        .max_by_key(|&i| (area(i), std::cmp::Reverse(i)))
        .unwrap_or(0);
    // A fifth more is worth the loss of a few streams; less is not.
    if 5 * area(best) > 6 * area(0) {
        lengths[best]
    } else {
        shortest
    }
}

/// All pseudo-random choices of the tests.
pub(crate) use crate::generators::hash64 as mix;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Format, RunInfo};

    fn evidence(lengths: &[usize]) -> Evidence {
        let total: usize = lengths.iter().sum();
        let ids = (0..lengths.len() as u32)
            .map(|task| StreamId::new(0, task))
            .collect();
        let run = RunInfo::fresh(RunId(0));
        let words = (0..total as u64).collect();
        Evidence::ragged(words, ids, lengths, vec![run], Format::WORDS).unwrap()
    }

    #[test]
    fn short_streams_are_dropped_only_when_they_cost_much() {
        let even = evidence(&[100, 90, 100, 100]);
        assert_eq!(Frame::new(&even).words(), 90);
        assert_eq!(Frame::new(&even).streams(), 4);
        let one_short = evidence(&[100, 3, 100, 100]);
        let frame = Frame::new(&one_short);
        assert_eq!((frame.words(), frame.streams()), (100, 3));
        assert_eq!(frame.find(RunId(0), 2), Some(1));
        assert_eq!(frame.find(RunId(0), 1), None);
        assert_eq!(Frame::new(&evidence(&[0, 0])).streams(), 0);
    }

    #[test]
    fn shifted_rows_are_turned_and_kept_apart() {
        let source = evidence(&[64; 40]);
        let frame = Frame::new(&source);
        let check = |turned: &Frame<'_>| {
            for row in 0..40 {
                let mut sorted = turned.row(row).to_vec();
                sorted.sort_unstable();
                assert_eq!(sorted, frame.row(row));
                if row > 0 {
                    assert!(!turned.still_aligned(row, row - 1));
                    assert!(!turned.still_aligned(row, row ^ (row & row.wrapping_neg())));
                }
            }
            turned.left_out()
        };
        for control in 0..CONTROLS {
            assert_eq!(frame.of_control(control, check), Some(0));
            assert_eq!(frame.leaving_out(3).of_control(control, check), Some(3));
        }
        assert!(frame.window(0..1).of_control(0, |_| ()).is_none());
    }
}
