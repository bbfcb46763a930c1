//! The words of every stream, in one arena.

use std::ops::Range;

use super::{
    arena::Arena,
    format::Format,
    layout::{EvidenceError, Layout, RunInfo},
    memo::Memo,
    stream::{RunId, StreamId},
};

/// The words drawn by every stream: one arena, one span a stream, streams in (run, task) order.
///
/// ```
/// use seedbench::vocabulary::{Evidence, Format, RunGroup, RunId, RunInfo, StreamId};
///
/// let run = RunInfo { run: RunId(0), group: RunGroup::Fresh, root: None };
/// let ids = vec![StreamId::new(0, 0), StreamId::new(0, 1)];
/// let evidence = Evidence::uniform(vec![1, 2, 3, 4, 5, 6], ids, 3, vec![run], Format::WORDS)?;
/// assert_eq!(evidence.stream(1), [4, 5, 6]);
/// # Ok::<(), seedbench::vocabulary::EvidenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    words: Arena,
    layout: Layout,
    memo: Memo,
}

impl Evidence {
    /// Evidence in which every stream has `words_per_stream` words.
    ///
    /// # Errors
    /// When lengths do not match, ids are not strictly ascending, or a run is not described.
    pub fn uniform(
        words: Vec<u64>,
        ids: Vec<StreamId>,
        words_per_stream: usize,
        runs: Vec<RunInfo>,
        format: Format,
    ) -> Result<Self, EvidenceError> {
        let lengths = vec![words_per_stream; ids.len()];
        Self::ragged(words, ids, &lengths, runs, format)
    }

    /// Evidence in which stream i has `lengths[i]` words.
    ///
    /// # Errors
    /// When lengths do not match, ids are not strictly ascending, or a run is not described.
    pub fn ragged(
        words: Vec<u64>,
        ids: Vec<StreamId>,
        lengths: &[usize],
        runs: Vec<RunInfo>,
        format: Format,
    ) -> Result<Self, EvidenceError> {
        Self::in_arena(words.into(), ids, lengths, runs, format)
    }

    /// The same of words in an arena.
    ///
    /// # Errors
    /// As [`ragged`](Self::ragged).
    pub fn in_arena(
        words: Arena,
        ids: Vec<StreamId>,
        lengths: &[usize],
        runs: Vec<RunInfo>,
        format: Format,
    ) -> Result<Self, EvidenceError> {
        let expected: usize = lengths.iter().sum();
        if lengths.len() != ids.len() || expected != words.len() {
            return Err(EvidenceError::Length {
                streams: ids.len(),
                expected,
                found: words.len(),
            });
        }
        let layout = Layout::new(ids, lengths, runs, format)?;
        Ok(Self::new(words, layout))
    }

    /// Which streams there are, and where each stands.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// All words, stream after stream.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Number of streams.
    pub fn streams(&self) -> usize {
        self.layout.streams()
    }

    /// The words of stream `index`.
    ///
    /// # Panics
    /// When `index` is not below [`streams`](Self::streams).
    pub fn stream(&self, index: usize) -> &[u64] {
        &self.words[self.layout.span(index)]
    }

    /// Where stream `index` starts in [`words`](Self::words).
    pub fn start(&self, index: usize) -> usize {
        self.layout.span(index).start
    }

    /// The id of stream `index`.
    pub fn id(&self, index: usize) -> StreamId {
        self.layout.id(index)
    }

    /// All ids, in (run, task) order.
    pub fn ids(&self) -> &[StreamId] {
        self.layout.ids()
    }

    /// The index of the stream with this id.
    pub fn index_of(&self, id: StreamId) -> Option<usize> {
        self.layout.index_of(id)
    }

    /// The runs of the evidence.
    pub fn runs(&self) -> &[RunInfo] {
        self.layout.runs()
    }

    /// The indices of the streams of one run, as a range.
    pub fn run_streams(&self, run: RunId) -> Range<usize> {
        self.layout.run_streams(run)
    }

    /// The length of the shortest stream: how far views that align streams can read.
    pub fn aligned_words(&self) -> usize {
        (0..self.streams())
            .map(|index| self.layout.span(index).len())
            .min()
            .unwrap_or(0)
    }

    /// What the elements look like.
    pub fn format(&self) -> Format {
        self.layout.format()
    }

    /// The size of the evidence in bytes.
    pub fn bytes(&self) -> usize {
        8 * self.words.len()
    }

    /// The evidence of some runs only, copied.
    pub fn select_runs(&self, keep: impl Fn(&RunInfo) -> bool) -> Self {
        let (kept, runs) = self.layout.select(keep);
        self.gather(&kept, usize::MAX, runs)
    }

    /// The first `words` words of every stream, copied.
    pub fn prefix(&self, words: usize) -> Self {
        let all: Vec<usize> = (0..self.streams()).collect();
        self.gather(&all, words, self.runs().to_vec())
    }

    /// Some streams only, by ascending index, copied.
    ///
    /// # Panics
    /// When the indices do not ascend strictly, or one is not below [`streams`](Self::streams).
    pub fn select_streams(&self, indices: &[usize]) -> Self {
        assert!(
            indices.windows(2).all(|pair| pair[0] < pair[1]),
            "indices must ascend strictly"
        );
        self.gather(indices, usize::MAX, self.runs().to_vec())
    }

    fn gather(&self, streams: &[usize], limit: usize, runs: Vec<RunInfo>) -> Self {
        let first = |stream: usize| 0..self.stream(stream).len().min(limit);
        self.gather_as(streams, first, runs, self.format())
    }

    fn gather_as(
        &self,
        streams: &[usize],
        part: impl Fn(usize) -> Range<usize>,
        runs: Vec<RunInfo>,
        format: Format,
    ) -> Self {
        let kept = |&stream: &usize| &self.stream(stream)[part(stream)];
        let lengths: Vec<usize> = streams.iter().map(|stream| kept(stream).len()).collect();
        let mut words = Arena::default();
        words.resize(lengths.iter().sum());
        let mut rest = &mut words[..];
        for kept in streams.iter().map(kept) {
            let (target, after) = rest.split_at_mut(kept.len());
            target.copy_from_slice(kept);
            rest = after;
        }
        let ids = streams.iter().map(|&i| self.id(i)).collect();
        let layout = Layout::new(ids, &lengths, runs, format)
            .expect("a selection of sound evidence is sound");
        Self::new(words, layout)
    }

    /// Other words in the same places.
    ///
    /// # Panics
    /// When there are not as many.
    pub(crate) fn with_words(&self, words: Vec<u64>) -> Self {
        assert_eq!(words.len(), self.words.len(), "a word for each");
        Self::new(words.into(), self.layout.clone())
    }

    fn new(words: Arena, layout: Layout) -> Self {
        Self {
            words,
            layout,
            memo: Memo::default(),
        }
    }

    /// Room for a fact about these words.
    pub(crate) const fn memo(&self) -> &Memo {
        &self.memo
    }

    /// Gives the words back as a vector, for reuse.
    pub fn into_arena(self) -> Vec<u64> {
        self.words.into_vec()
    }

    /// Gives the memory of the words back, for reuse.
    pub fn into_memory(self) -> Arena {
        self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(count: u32) -> Vec<RunInfo> {
        (0..count).map(|run| RunInfo::fresh(RunId(run))).collect()
    }

    #[test]
    fn ragged_streams_keep_their_words() {
        let ids = vec![
            StreamId::new(0, 0),
            StreamId::new(0, 3),
            StreamId::new(1, 0),
        ];
        let evidence =
            Evidence::ragged(vec![1, 2, 3, 4], ids, &[1, 0, 3], runs(2), Format::WORDS).unwrap();
        assert_eq!(evidence.stream(0), [1]);
        assert_eq!(evidence.stream(1), [0u64; 0]);
        assert_eq!(evidence.stream(2), [2, 3, 4]);
        assert_eq!(evidence.aligned_words(), 0);
        assert_eq!(evidence.run_streams(RunId(0)), 0..2);
        assert_eq!(evidence.prefix(2).words(), [1, 2, 3]);
        assert_eq!(
            evidence.select_runs(|info| info.run == RunId(1)).words(),
            [2, 3, 4]
        );
    }

    #[test]
    fn disorder_is_refused() {
        let twice = vec![StreamId::new(0, 1), StreamId::new(0, 1)];
        assert_eq!(
            Evidence::uniform(vec![0; 4], twice, 2, runs(1), Format::WORDS),
            Err(EvidenceError::Order(StreamId::new(0, 1)))
        );
        let stranger = vec![StreamId::new(5, 1)];
        assert!(matches!(
            Evidence::uniform(vec![0; 2], stranger, 2, runs(1), Format::WORDS),
            Err(EvidenceError::UnknownRun(_))
        ));
    }
}
