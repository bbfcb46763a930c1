//! The driver of an analysis: ascending sizes, joins before tests, stop at the first decisive witness.

mod level;
mod values;

use crate::{
    joins::{self, JoinArena, JoinPlan, LEAST_WORDS, PlanOptions, Room, Streamed},
    results::{Analysis, Depth, FindingKind, Joins, TestResult, Witness},
    statistics::{self, StatisticalTest},
    vocabulary::{Evidence, EvidenceSource, RunGroup, SourceShape},
};

/// What an analysis may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnalyzeOptions {
    /// How much is asked. [`Depth::Exhaustive`] reads everything at once and never stops early.
    pub depth: Depth,
    /// Whether runs that repeat each other task by task are decisive (they are wherever runs are
    /// expected to be fresh, and a note where programs fix their seed on purpose).
    pub repeats_decide: bool,
    /// Only equality of streams is asked: enough where streams are expected to be identical.
    pub equality_only: bool,
    /// Bytes of evidence that are tested and joined element by element, where not as many as is usual. Of
    /// larger evidence the first words of every stream are, and all of it is then joined by sampled windows
    /// ([`joins::streamed`]).
    pub tested_bytes: Option<u64>,
    /// Larger evidence is joined by one window in so many, where not by as many as is usual.
    pub one_window_in: Option<u64>,
    /// What the analysis may take. Memory changes how long it takes, and nothing that it says.
    pub room: Room,
}

impl AnalyzeOptions {
    /// What of it the join plan is made of.
    fn for_plan(&self) -> PlanOptions {
        PlanOptions {
            depth: self.depth,
            equality_only: self.equality_only,
            tested_bytes: self.tested_bytes,
            one_window_in: self.one_window_in,
        }
    }
}

/// A p-value below this, after multiplication by the family, decides at once: raising it stops earlier, and
/// names flaws on less.
pub const DECISIVE: f64 = 1e-10;

/// Findings within single streams: however they are seeded, they are the generator's.
pub const WITHIN_STREAMS: [FindingKind; 3] = [
    FindingKind::NonuniformWords,
    FindingKind::SerialDependence,
    FindingKind::TooFewRepeats,
];

/// The sizes of the ascending levels, in bytes of all streams together; the whole comes last.
const LEVEL_BYTES: [usize; 5] = [1 << 20, 4 << 20, 32 << 20, 256 << 20, 2 << 30];

/// The sizes at which `streams` streams of at most `words` words are analysed, in words of every
/// stream, ascending; the last is `words`. A level of more than half the whole is left out.
pub fn levels(streams: usize, words: usize, depth: Depth) -> Vec<usize> {
    let mut sizes: Vec<usize> = Vec::new();
    if depth < Depth::Exhaustive {
        for bytes in LEVEL_BYTES {
            let size = (bytes / 8)
                .div_ceil(streams.max(1))
                .next_multiple_of(LEAST_WORDS);
            if 2 * size <= words && sizes.last().is_none_or(|&last| 2 * last <= size) {
                sizes.push(size);
            }
        }
    }
    sizes.push(words);
    sizes
}

pub use values::{again, count_equal, values};

/// Joins and tests the evidence of a source, level after level, and stops at the first level at
/// which an exact join or an exact test decides.
///
/// Joins are made within the fresh and within the rooted runs; runs of the replay group must be
/// equal and take no part. At every level equal streams are collapsed before any test reads them.
/// The result is a pure function of the evidence and the options but for their room: of the words and of
/// the [`JoinPlan`], whose hash it holds.
///
/// # Errors
/// When the source cannot be read.
pub fn analyze<S: EvidenceSource>(
    source: &mut S,
    options: AnalyzeOptions,
    arena: &mut JoinArena,
) -> Result<Analysis, S::Error> {
    loop {
        let plan = JoinPlan::of(source, options.for_plan())?;
        if let Some(analysis) = follow(source, &plan, options, arena)? {
            return Ok(analysis);
        }
    }
}

/// Follows a plan. `None` where streams could not be read or later values did not fit the format: what is
/// left asks for another plan, and what was said of the first words was said of other evidence.
fn follow<S: EvidenceSource>(
    source: &mut S,
    plan: &JoinPlan,
    options: AnalyzeOptions,
    arena: &mut JoinArena,
) -> Result<Option<Analysis>, S::Error> {
    let layout = source.layout();
    let shape = source.shape();
    let kept = plan.tested_words();
    let sizes = if options.equality_only && plan.is_whole() {
        vec![kept]
    } else if options.equality_only {
        Vec::new()
    } else {
        levels(shape.streams, kept, options.depth)
    };
    let mut analysis = Analysis::default();
    for (at, &words) in sizes.iter().enumerate() {
        let last = at + 1 == sizes.len();
        let depth = level_depth(options.depth, at, last);
        {
            let evidence = source.load(words)?;
            analysis = level::analyze(&evidence, (depth, last), options, arena);
        }
        if source.layout() != layout {
            return Ok(None);
        }
        analysis.words_per_stream = words as u64;
        analysis.family *= sizes.len() as u64;
        analysis.levels = sizes.iter().map(|&size| size as u64).collect();
        let stops = !last || options.depth < Depth::Exhaustive;
        if !(last && plan.is_whole()) && stops && is_decisive(&analysis, options) {
            joins::follow::to_their_ends(source, &mut analysis.joins)?;
            analysis.plan = plan.hash();
            return Ok(Some(analysis));
        }
    }
    if plan.is_whole() {
        analysis.plan = plan.hash();
        return Ok(Some(analysis));
    }
    // What the levels used is not held beside the slabs.
    *arena = JoinArena::new();
    let Some(streamed) = joins::streamed(source, plan, options.room)? else {
        return Ok(None);
    };
    analysis.extend_to(shape, streamed);
    Ok(Some(analysis))
}

impl Analysis {
    /// Puts what was found in all words in the place of what was found of it in the first ones; single
    /// elements and lines of them were looked at there only.
    fn extend_to(&mut self, shape: SourceShape, streamed: Streamed) {
        let first = std::mem::take(&mut self.joins);
        self.joins = Joins {
            duplicates: first.duplicates,
            partial_copies: first.partial_copies,
            chance: first.chance + streamed.joins.chance,
            ..streamed.joins
        };
        self.equality = streamed.equality;
        self.streams = shape.streams as u64;
        self.joined_words = Some(shape.words_per_stream as u64);
        self.plan = streamed.plan;
        self.coarser = streamed.coarser;
    }
}

/// Runs some tests again on fresh evidence: the second stage of the judge's procedure. Equal streams
/// are collapsed, as in the first.
pub fn retest(evidence: &Evidence, tests: &[&'static dyn StatisticalTest]) -> Vec<TestResult> {
    let groups = joins::group_equal(evidence);
    let collapsed = joins::representatives(evidence, &groups);
    let representatives = collapsed.as_ref().unwrap_or(evidence);
    tests
        .iter()
        .flat_map(|test| test.run(representatives))
        .collect()
}

/// The first level asks everything but the searches, since flaws mostly show there at little cost; those
/// between ask the cheap questions; the last asks what was ordered.
const fn level_depth(ordered: Depth, level: usize, last: bool) -> Depth {
    if last || level == 0 {
        ordered
    } else {
        Depth::Screen
    }
}

/// Whether the seeding is refuted already: by a copy, or by an exact test across streams that the
/// control does not fail too.
pub fn is_decisive(analysis: &Analysis, options: AnalyzeOptions) -> bool {
    let joins = &analysis.joins;
    let equality = analysis.equality.iter().any(|equality| {
        equality.pairs() > 0
            || (!equality.repeated_runs.is_empty()
                && (options.repeats_decide || equality.group == RunGroup::Rooted))
    });
    equality
        || !joins.shared.is_empty()
        || joins.periods.iter().any(Witness::is_plain)
        || joins
            .partial_copies
            .iter()
            .any(|copy| copy.chance * analysis.levels.len().max(1) as f64 <= PARTIAL)
        || analysis.tests.iter().any(|test| {
            let across = statistics::spec(&test.test)
                .is_some_and(|spec| !WITHIN_STREAMS.contains(&spec.finding));
            let family = analysis.family as f64;
            across
                && test.convicts_alone()
                && test.p().is_some_and(|p| p * family < DECISIVE)
                && test
                    .control
                    .is_none_or(|control| control.two_sided() > CONTROL_PASSES)
        })
}

/// A partial copy that chance makes less often than this, on all levels together, decides at once: it
/// convicts in a check of a hundred rows too.
pub const PARTIAL: f64 = 1e-12;

/// The p-value from which on a control speaks for the generator: raising it looks at more before deciding.
pub const CONTROL_PASSES: f64 = 1e-2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        results::{Outcome, PartialCopy, Place, View},
        statistics::samples::{self, size},
        vocabulary::{Law, PValue, StreamId},
    };

    #[test]
    fn levels_ascend_to_the_whole() {
        // 256 streams of 16,384 words are 32 MiB.
        assert_eq!(levels(256, 16_384, Depth::Full), [512, 2048, 16_384]);
        assert_eq!(levels(256, 16_384, Depth::Exhaustive), [16_384]);
        // 64 streams of 2^19 words are 256 MiB.
        assert_eq!(
            levels(64, 1 << 19, Depth::Full),
            [2048, 8192, 65_536, 1 << 19]
        );
    }

    #[test]
    fn searches_are_tests() {
        assert!(
            level::SEARCHES
                .iter()
                .all(|id| statistics::find(id).is_some())
        );
    }

    #[test]
    fn short_evidence_is_read_at_once() {
        assert_eq!(levels(1_000_000, 4, Depth::Full), [4]);
        assert_eq!(levels(3, 100, Depth::Screen), [100]);
        assert_eq!(levels(0, 0, Depth::Screen), [0]);
    }

    /// The family is that of all levels, whether the analysis goes through them or stops at the first.
    #[test]
    fn the_family_counts_every_level() {
        let size = size(1, 512, 512);
        let sound = samples::evidence(size, samples::sound(11));
        let copied = samples::evidence(size, |run, task| samples::sound(12)(run, task / 2));
        for (evidence, words) in [(&sound, 512), (&copied, 256)] {
            let options = AnalyzeOptions {
                depth: Depth::Screen,
                ..AnalyzeOptions::default()
            };
            let mut source = evidence;
            let found = match analyze(&mut source, options, &mut JoinArena::new()) {
                Ok(found) => found,
                Err(never) => match never {},
            };
            assert_eq!(found.levels, [256, 512]);
            assert_eq!(found.words_per_stream, words);
            let tested = |result: &&TestResult| matches!(result.outcome, Outcome::Tested { .. });
            let tested = found.tests.iter().filter(tested).count() as u64;
            assert!(tested > 0);
            assert_eq!(found.family, 2 * tested);
        }
    }

    /// What decides is multiplied by the family, and a partial copy by the levels.
    #[test]
    fn what_decides_is_paid_for() {
        let decides = |p: f64, family: u64| {
            let analysis = Analysis {
                family,
                tests: vec![TestResult::new(
                    "pair-correlation",
                    View::Pairs,
                    Outcome::Tested {
                        p: PValue::upper_only(p).unwrap(),
                        law: Law::Exact,
                        statistic: 1.0,
                        expected: 0.0,
                    },
                )],
                ..Analysis::default()
            };
            is_decisive(&analysis, AnalyzeOptions::default())
        };
        assert!(decides(9e-13, 100));
        assert!(!decides(1.1e-12, 100));
        assert!(!decides(9e-13, 200));
        let copied = |chance: f64, levels: usize| {
            let place = |task| Place {
                stream: StreamId::new(0, task),
                word: 0,
            };
            let analysis = Analysis {
                levels: vec![64; levels],
                joins: Joins {
                    partial_copies: vec![PartialCopy {
                        a: place(0),
                        b: place(1),
                        equal: 9,
                        span: 20,
                        steps: (1, 1),
                        chance,
                    }],
                    ..Joins::default()
                },
                ..Analysis::default()
            };
            is_decisive(&analysis, AnalyzeOptions::default())
        };
        assert!(copied(9e-13, 1) && copied(3e-13, 3));
        assert!(!copied(9e-13, 2) && !copied(4e-13, 3));
    }
}
