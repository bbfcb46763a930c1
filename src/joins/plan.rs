//! The join plan: everything that decides what is sampled, windowed, verified, capped and tested.
//!
//! It is made once, from a survey of the streams and from what is asked, and from nothing else: memory,
//! slabs, threads and the order of files change how long an analysis takes, and nothing that it says.

use serde::Serialize;

use super::{
    fingerprint::Fingerprint,
    hits::{KEPT_HITS, KEPT_PAIRS, MERGED_WORDS},
    information::plan,
};
use crate::{
    kernels::WindowKey,
    reading::bits_per_element,
    results::Depth,
    vocabulary::{Arena, EvidenceSource, Format, Layout, Piece, RunGroup},
};

/// Raised whenever the same plan and words would be joined otherwise.
const RULES: u32 = 2;

/// Bytes of evidence up to which all of it is tested and joined element by element; of larger evidence
/// the first words of every stream are, and all of it is joined by sampled windows.
const TESTED_BYTES: u64 = 256 << 20;
/// The same where everything is to be looked at.
const THOROUGHLY_TESTED_BYTES: u64 = 2 << 30;

/// No stream is tested in fewer words than this: below it windows and tests see nothing.
pub(crate) const LEAST_WORDS: usize = 64;

/// Windows of a family that are sampled at least (binary logarithm): more find shorter overlaps of large
/// evidence, in memory and time that double.
const LOG2_SAMPLED: u32 = 18;
/// The coarsest sample (binary logarithm): one window in 1,024, from 2^28 words on.
const LOG2_COARSEST: u32 = 10;
/// The finest, where not all windows are joined.
const LOG2_FINEST: u32 = 4;

/// Words of a stream that show what its elements tell: more measure entropy better, and are read before the
/// analysis.
const STARTS: usize = 4160;
/// Words of all streams that do.
const SURVEYED: usize = 1 << 21;

/// How often a survey begins anew because values did not fit the format.
const SURVEYS: usize = 8;

/// What is asked of the joins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanOptions {
    /// How much is asked.
    pub depth: Depth,
    /// Only equality of streams is asked.
    pub equality_only: bool,
    /// Bytes of evidence that are tested and joined element by element, where not as many as is usual.
    pub tested_bytes: Option<u64>,
    /// Evidence that is larger is joined by one window in so many (rounded down to a power of two), where
    /// not by as many as is usual.
    pub one_window_in: Option<u64>,
}

/// What is decided before any word is joined.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JoinPlan {
    rules: u32,
    options: PlanOptions,
    /// Streams, runs, words in all and of the longest stream.
    streams: usize,
    runs: usize,
    words: usize,
    longest: usize,
    /// A hash of the names and lengths of all streams.
    streams_hash: String,
    format: Format,
    groups: Vec<GroupPlan>,
    /// Words of every stream that are tested and joined element by element.
    tested_words: usize,
    /// One window in 2^this is sampled, where that is not all there are.
    log2_slices: Option<u32>,
    /// Words of the blocks within which keys are recorded twice at most; hits a pair of streams, pairs, and
    /// words along a line within which hits are one.
    caps: [usize; 4],
}

/// What is decided for the runs of one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct GroupPlan {
    pub(super) group: RunGroup,
    /// What an element tells at least, in bits.
    pub(super) bits_per_element: f64,
    /// The families of windows, and how many features each has.
    windows: Vec<(String, usize)>,
}

impl JoinPlan {
    /// Surveys a source: its streams, its format, and what the starts of its streams tell.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn of<S: EvidenceSource>(source: &mut S, options: PlanOptions) -> Result<Self, S::Error> {
        for _ in 1..SURVEYS {
            let layout = source.layout();
            let plan = Self::survey(source, &layout, options)?;
            if source.layout() == layout {
                return Ok(plan);
            }
        }
        let layout = source.layout();
        Self::survey(source, &layout, options)
    }

    fn survey<S: EvidenceSource>(
        source: &mut S,
        layout: &Layout,
        options: PlanOptions,
    ) -> Result<Self, S::Error> {
        let mut groups = Vec::new();
        for group in RunGroup::JOINED {
            let runs = layout.of_group(group);
            if runs.streams() > 0 {
                groups.push(GroupPlan::survey(source, &runs, group)?);
            }
        }
        let lengths = || (0..layout.streams()).map(|at| layout.span(at).len());
        let longest = lengths().max().unwrap_or(0);
        let tested_words = match tested_words(layout, options) {
            words if words < longest => words,
            _ => longest,
        };
        Ok(Self {
            rules: RULES,
            options,
            streams: layout.streams(),
            runs: layout.runs().len(),
            words: layout.words(),
            longest,
            streams_hash: hash_of_streams(layout),
            format: layout.format(),
            groups,
            tested_words,
            log2_slices: (tested_words < longest).then(|| log2_slices(layout.words(), options)),
            caps: [Fingerprint::BLOCK, KEPT_HITS, KEPT_PAIRS, MERGED_WORDS],
        })
    }

    /// Words of every stream that are tested and joined element by element.
    pub fn tested_words(&self) -> usize {
        self.tested_words
    }

    /// Whether these are all words of all streams.
    pub fn is_whole(&self) -> bool {
        self.log2_slices.is_none()
    }

    /// A hash of the plan: two analyses of the same words under the same plan say the same.
    pub fn hash(&self) -> String {
        hash_of(self)
    }

    /// The binary logarithm of how many windows one is sampled of; 0 where all are joined.
    pub(super) fn log2_slices(&self) -> u32 {
        self.log2_slices.unwrap_or(0)
    }

    /// The same plan with a coarser sample.
    pub(super) fn coarser(&self, log2_slices: u32) -> Self {
        Self {
            log2_slices: Some(log2_slices),
            ..self.clone()
        }
    }

    /// What is planned for a group of runs.
    pub(super) fn group(&self, group: RunGroup) -> Option<&GroupPlan> {
        self.groups.iter().find(|planned| planned.group == group)
    }

    /// Whether only equality of streams is asked.
    pub(super) fn equality_only(&self) -> bool {
        self.options.equality_only
    }
}

/// A hash of what an analysis does.
pub(crate) fn hash_of(plan: &impl Serialize) -> String {
    let bytes = serde_json::to_vec(plan).expect("numbers and names make JSON");
    let words: Vec<u64> = bytes
        .chunks(8)
        .map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        })
        .collect();
    format!("{:032x}", Fingerprint::of(&words))
}

/// A hash of the names and lengths of all streams.
pub(crate) fn hash_of_streams(layout: &Layout) -> String {
    let names: Vec<u64> = (0..layout.streams())
        .flat_map(|at| {
            let id = layout.id(at);
            let words = layout.span(at).len() as u64;
            [u64::from(id.run.0), u64::from(id.task.0), words]
        })
        .collect();
    format!("{:032x}", Fingerprint::of(&names))
}

impl GroupPlan {
    fn survey<S: EvidenceSource>(
        source: &mut S,
        runs: &Layout,
        group: RunGroup,
    ) -> Result<Self, S::Error> {
        let bits_per_element = match runs.format() {
            Format::Bits { width } => f64::from(width),
            Format::Other { .. } => {
                let each = (SURVEYED / runs.streams()).clamp(1, STARTS);
                let starts = Piece::of_starts(runs, each);
                bits_per_element(&source.load_pieces(&starts, Arena::default())?)
            }
        };
        let named = |key: WindowKey| (format!("{:?}", key.family), key.features);
        let planned = plan(runs.format(), bits_per_element, runs.words());
        Ok(Self {
            group,
            bits_per_element,
            windows: planned.iter().map(|planned| named(planned.key)).collect(),
        })
    }
}

/// Words that are tested and joined element by element at most.
fn most_tested(options: PlanOptions) -> u64 {
    let usual = match options.depth {
        Depth::Exhaustive => THOROUGHLY_TESTED_BYTES,
        Depth::Screen | Depth::Full => TESTED_BYTES,
    };
    options.tested_bytes.unwrap_or(usual) / 8
}

/// Whether so many words are all of them tested and joined element by element.
pub(super) fn is_whole(words: usize, options: PlanOptions) -> bool {
    words as u64 <= most_tested(options)
}

/// Words of every one of so many equally long streams that are tested.
pub(super) fn tested_words_of(streams: usize, words: usize, options: PlanOptions) -> usize {
    let fitting = most_tested(options) as usize / streams.max(1);
    match fitting >= words {
        true => words,
        false => (fitting / LEAST_WORDS * LEAST_WORDS)
            .max(LEAST_WORDS)
            .min(words),
    }
}

/// The most words of every stream that are not too many together.
fn tested_words(layout: &Layout, options: PlanOptions) -> usize {
    let most = most_tested(options);
    let lengths: Vec<usize> = (0..layout.streams())
        .map(|at| layout.span(at).len())
        .collect();
    let fits = |words: usize| {
        let all: u64 = lengths.iter().map(|&length| length.min(words) as u64).sum();
        all <= most
    };
    let longest = lengths.iter().copied().max().unwrap_or(0);
    if fits(longest) {
        return longest;
    }
    let (mut fitting, mut too_many) = (0, longest.div_ceil(LEAST_WORDS));
    while fitting + 1 < too_many {
        let middle = usize::midpoint(fitting, too_many);
        match fits(middle * LEAST_WORDS) {
            true => fitting = middle,
            false => too_many = middle,
        }
    }
    (fitting * LEAST_WORDS).max(LEAST_WORDS)
}

/// The binary logarithm of how many windows one is sampled of, of so many words.
pub(super) fn log2_slices(words: usize, options: PlanOptions) -> u32 {
    match options.one_window_in {
        Some(windows) => windows.max(1).ilog2().min(LARGEST_LOG2_SLICES),
        None => words
            .max(1)
            .ilog2()
            .saturating_sub(LOG2_SAMPLED)
            .clamp(LOG2_FINEST, LOG2_COARSEST),
    }
}

/// The coarsest sample that may be asked for (binary logarithm): beyond it a sample says nothing.
pub(super) const LARGEST_LOG2_SLICES: u32 = 23;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{RunId, RunInfo, StreamId};

    fn layout(lengths: &[usize]) -> Layout {
        let ids = (0..lengths.len() as u32)
            .map(|task| StreamId::new(0, task))
            .collect();
        let runs = vec![RunInfo::fresh(RunId(0))];
        Layout::new(ids, lengths, runs, Format::WORDS).unwrap()
    }

    #[test]
    fn as_many_words_are_tested_as_fit() {
        let of = |lengths: &[usize], bytes: u64| {
            let options = PlanOptions {
                tested_bytes: Some(bytes),
                ..PlanOptions::default()
            };
            tested_words(&layout(lengths), options)
        };
        assert_eq!(of(&[1000, 1000], 16_000), 1000);
        // 992 = 15 · 64 words of both are 15,360 bytes, and 64 more are too many.
        assert_eq!(of(&[1000, 1000], 15_999), 960);
        // Short streams leave room for the long one.
        assert_eq!(of(&[100, 100_000], 8 * 6500), 6400);
        assert_eq!(of(&[100; 1000], 8), 64);
        assert_eq!(of(&[], 8), 0);
    }

    #[test]
    fn of_equally_long_streams_as_many_words_are_tested() {
        for (streams, words) in [(3, 1000), (1000, 100), (64, 10_000), (1000, 64), (1000, 10)] {
            for bytes in [8, 4_000, 16_000, 1_000_000, 100_000_000] {
                let options = PlanOptions {
                    tested_bytes: Some(bytes),
                    ..PlanOptions::default()
                };
                let of_layout = tested_words(&layout(&vec![words; streams]), options).min(words);
                let found = tested_words_of(streams, words, options);
                assert_eq!(found, of_layout, "{streams} {words} {bytes}");
            }
        }
    }

    #[test]
    fn the_sample_follows_the_number_of_words() {
        let usual = PlanOptions::default();
        assert_eq!(log2_slices(1 << 25, usual), 7);
        assert_eq!(log2_slices(1 << 28, usual), 10);
        assert_eq!(log2_slices(1 << 34, usual), 10);
        let asked = PlanOptions {
            one_window_in: Some(100),
            ..usual
        };
        assert_eq!(log2_slices(1 << 34, asked), 6);
    }
}
