//! Which streams there are, how long each is, and where it stands: an evidence without its words.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{
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

impl RunInfo {
    /// A fresh run whose root is not recorded.
    pub const fn fresh(run: RunId) -> Self {
        Self {
            run,
            group: RunGroup::Fresh,
            root: None,
        }
    }
}

/// Why words and ids do not make evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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

/// The streams of an evidence, laid end to end in (run, task) order.
///
/// ```
/// use seedbench::vocabulary::{Format, Layout, RunGroup, RunId, RunInfo, StreamId};
///
/// let run = RunInfo { run: RunId(0), group: RunGroup::Fresh, root: None };
/// let ids = vec![StreamId::new(0, 0), StreamId::new(0, 1)];
/// let layout = Layout::new(ids, &[3, 5], vec![run], Format::WORDS)?;
/// assert_eq!(layout.span(1), 3..8);
/// # Ok::<(), seedbench::vocabulary::EvidenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    ids: Vec<StreamId>,
    /// `starts[i]..starts[i + 1]` is stream i; one longer than `ids`.
    starts: Vec<usize>,
    runs: Vec<RunInfo>,
    format: Format,
}

impl Layout {
    /// Streams of `lengths` words each.
    ///
    /// # Errors
    /// When ids are not strictly ascending, or a run is not described.
    ///
    /// # Panics
    /// When there is not one length a stream.
    pub fn new(
        ids: Vec<StreamId>,
        lengths: &[usize],
        runs: Vec<RunInfo>,
        format: Format,
    ) -> Result<Self, EvidenceError> {
        assert_eq!(ids.len(), lengths.len(), "one length a stream");
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
            ids,
            starts,
            runs,
            format,
        })
    }

    /// Number of streams.
    pub fn streams(&self) -> usize {
        self.ids.len()
    }

    /// Words of all streams together.
    pub fn words(&self) -> usize {
        self.starts[self.ids.len()]
    }

    /// Where the words of stream `index` stand, all streams laid end to end.
    ///
    /// # Panics
    /// When `index` is not below [`streams`](Self::streams).
    pub fn span(&self, index: usize) -> Range<usize> {
        self.starts[index]..self.starts[index + 1]
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

    /// The runs.
    pub fn runs(&self) -> &[RunInfo] {
        &self.runs
    }

    /// The indices of the streams of one run, as a range.
    pub fn run_streams(&self, run: RunId) -> Range<usize> {
        let low = self.ids.partition_point(|id| id.run < run);
        let high = self.ids.partition_point(|id| id.run <= run);
        low..high
    }

    /// What the elements look like.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The streams and runs of one group.
    #[must_use]
    pub fn of_group(&self, group: RunGroup) -> Self {
        let (kept, runs) = self.select(|info| info.group == group);
        let ids = kept.iter().map(|&at| self.ids[at]).collect();
        let lengths: Vec<usize> = kept.iter().map(|&at| self.span(at).len()).collect();
        Self::new(ids, &lengths, runs, self.format).expect("a selection of a layout is a layout")
    }

    /// Some of the runs, and the indices of their streams.
    pub(super) fn select(&self, keep: impl Fn(&RunInfo) -> bool) -> (Vec<usize>, Vec<RunInfo>) {
        let runs: Vec<RunInfo> = self
            .runs
            .iter()
            .filter(|info| keep(info))
            .cloned()
            .collect();
        let mut listed: Vec<RunId> = runs.iter().map(|info| info.run).collect();
        listed.sort_unstable();
        let kept = (0..self.streams())
            .filter(|&at| listed.binary_search(&self.ids[at].run).is_ok())
            .collect();
        (kept, runs)
    }
}
