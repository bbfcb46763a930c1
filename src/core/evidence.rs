//! The words of every stream, in one arena.

use serde::{Deserialize, Serialize};

use super::{
    arena::Arena,
    format::Format,
    seed::RootSeed,
    stream::{RunGroup, RunId, StreamId},
};

/// What is known of one run of the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// The run.
    pub run: RunId,
    /// Its group: joins between runs are made within *fresh* and within *rooted* only.
    pub group: RunGroup,
    /// The recorded root, where the program has one.
    pub root: Option<RootSeed>,
}

/// The words drawn by every stream: one arena, one span a stream, streams in (run, task) order.
///
/// ```
/// use seedbench::core::{Evidence, Format, RunGroup, RunId, RunInfo, StreamId};
///
/// let run = RunInfo { run: RunId(0), group: RunGroup::Fresh, root: None };
/// let ids = vec![StreamId::new(0, 0), StreamId::new(0, 1)];
/// let evidence = Evidence::uniform(vec![1, 2, 3, 4, 5, 6], ids, 3, vec![run], Format::WORDS)?;
/// assert_eq!(evidence.stream(1), [4, 5, 6]);
/// # Ok::<(), seedbench::core::EvidenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    words: Arena,
    ids: Vec<StreamId>,
    /// `starts[i]..starts[i + 1]` is stream i; one longer than `ids`.
    starts: Vec<usize>,
    runs: Vec<RunInfo>,
    format: Format,
}

/// Why words and ids do not make evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// The lengths do not add up to the arena.
    #[error("{streams} streams hold {expected} words, but {found} words were given")]
    Length {
        /// Number of streams.
        streams: usize,
        /// Words that the streams' lengths ask for.
        expected: usize,
        /// Words given.
        found: usize,
    },
    /// Two streams with one id, or ids out of order.
    #[error("stream {0} is listed twice or out of (run, task) order")]
    Order(StreamId),
    /// A stream of a run that is not described.
    #[error("stream {0} belongs to a run that is not described")]
    UnknownRun(StreamId),
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
        if let Some(pair) = ids.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(EvidenceError::Order(pair[1]));
        }
        // A census has a million runs: a list of them is searched, not scanned.
        let mut listed: Vec<RunId> = runs.iter().map(|info| info.run).collect();
        listed.sort_unstable();
        let described = |run: RunId| listed.binary_search(&run).is_ok();
        let mut last = None;
        for id in &ids {
            if last != Some(id.run) && !described(id.run) {
                return Err(EvidenceError::UnknownRun(*id));
            }
            last = Some(id.run);
        }
        let mut starts = Vec::with_capacity(ids.len() + 1);
        let mut start = 0;
        starts.push(0);
        for length in lengths {
            start += length;
            starts.push(start);
        }
        Ok(Self {
            words,
            ids,
            starts,
            runs,
            format,
        })
    }

    /// All words, stream after stream.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Number of streams.
    pub fn streams(&self) -> usize {
        self.ids.len()
    }

    /// The words of stream `index`.
    ///
    /// # Panics
    /// When `index` is not below [`streams`](Self::streams).
    pub fn stream(&self, index: usize) -> &[u64] {
        &self.words[self.starts[index]..self.starts[index + 1]]
    }

    /// Where stream `index` starts in [`words`](Self::words).
    pub fn start(&self, index: usize) -> usize {
        self.starts[index]
    }

    /// The index of the stream that owns word `position` of [`words`](Self::words).
    pub fn stream_at(&self, position: usize) -> usize {
        // The last start at or before the position; empty streams share a start and are skipped.
        self.starts.partition_point(|&start| start <= position) - 1
    }

    /// The id of stream `index`.
    pub fn id(&self, index: usize) -> StreamId {
        self.ids[index]
    }

    /// All ids, in (run, task) order.
    pub fn ids(&self) -> &[StreamId] {
        &self.ids
    }

    /// The index of the stream with this id.
    pub fn index_of(&self, id: StreamId) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The runs of the evidence.
    pub fn runs(&self) -> &[RunInfo] {
        &self.runs
    }

    /// The group of a run; runs that are not described count as fresh.
    pub fn group(&self, run: RunId) -> RunGroup {
        self.runs
            .iter()
            .find(|info| info.run == run)
            .map_or(RunGroup::Fresh, |info| info.group)
    }

    /// The indices of the streams of one run, as a range.
    pub fn run_streams(&self, run: RunId) -> std::ops::Range<usize> {
        let low = self.ids.partition_point(|id| id.run < run);
        let high = self.ids.partition_point(|id| id.run <= run);
        low..high
    }

    /// The length of the shortest stream: how far views that align streams can read.
    pub fn aligned_words(&self) -> usize {
        self.starts
            .windows(2)
            .map(|span| span[1] - span[0])
            .min()
            .unwrap_or(0)
    }

    /// What the elements look like.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The size of the evidence in bytes.
    pub fn bytes(&self) -> usize {
        8 * self.words.len()
    }

    /// The evidence of some runs only, copied.
    pub fn select_runs(&self, keep: impl Fn(&RunInfo) -> bool) -> Self {
        let runs: Vec<RunInfo> = self
            .runs
            .iter()
            .filter(|info| keep(info))
            .cloned()
            .collect();
        let mut listed: Vec<RunId> = runs.iter().map(|info| info.run).collect();
        listed.sort_unstable();
        let kept: Vec<usize> = (0..self.streams())
            .filter(|&i| listed.binary_search(&self.ids[i].run).is_ok())
            .collect();
        self.gather(&kept, usize::MAX, runs)
    }

    /// The first `words` words of every stream, copied.
    pub fn prefix(&self, words: usize) -> Self {
        let all: Vec<usize> = (0..self.streams()).collect();
        self.gather(&all, words, self.runs.clone())
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
        self.gather(indices, usize::MAX, self.runs.clone())
    }

    fn gather(&self, streams: &[usize], limit: usize, runs: Vec<RunInfo>) -> Self {
        let mut words = Vec::new();
        let mut starts = vec![0];
        for &stream in streams {
            let source = self.stream(stream);
            words.extend_from_slice(&source[..source.len().min(limit)]);
            starts.push(words.len());
        }
        Self {
            words: words.into(),
            ids: streams.iter().map(|&i| self.ids[i]).collect(),
            starts,
            runs,
            format: self.format,
        }
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
        (0..count)
            .map(|run| RunInfo {
                run: RunId(run),
                group: RunGroup::Fresh,
                root: None,
            })
            .collect()
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
        assert_eq!(evidence.stream_at(0), 0);
        assert_eq!(evidence.stream_at(1), 2);
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
