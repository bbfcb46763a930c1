//! What joins and tests return.

use serde::{Deserialize, Serialize};

use super::{
    Counters, Duplicates, Equality, Multiplicity, Reach, Reading, RecoveredSeeds,
    SeedWalk, Series, Suspect,
};
use crate::core::{Law, PValue, RunId, StreamId};

/// A word of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The stream.
    pub stream: StreamId,
    /// The word within the stream, from 0.
    pub word: u64,
}

/// How one run of words is another's copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum CopyKind {
    /// The words are equal.
    Equal,
    /// Every bit is inverted.
    Complement,
    /// The words add to 0 at their own width.
    Negation,
    /// Bytes in reverse order.
    ByteSwap,
    /// Bits in reverse order.
    BitReversal,
    /// Rotated left by so many bits.
    Rotation {
        /// Bits.
        bits: u32,
    },
    /// Some other fixed permutation of the bits.
    BitPermutation,
    /// Xor with a constant.
    ConstantXor {
        /// The constant, a number of the words' own width.
        constant: u64,
    },
    /// A constant is added at the words' own width.
    ConstantAdd {
        /// The constant, a number of the words' own width.
        constant: u64,
    },
    /// Subtracted from a constant at the words' own width (negation is the constant 0).
    ConstantMinus {
        /// The constant, a number of the words' own width.
        constant: u64,
    },
    /// Equal in the top bits only.
    Truncation {
        /// How many top bits agree.
        bits: u32,
    },
    /// 32-bit halves packed at the other alignment.
    HalfWordShift,
    /// The one's numbers are the other's times a constant, plus a constant.
    Affine,
    /// A series made of the one's words is, but for signs, one made of the other's.
    Changes {
        /// What is made of the one.
        a: Series,
        /// What is made of the other.
        b: Series,
    },
}

/// The concrete proof of a copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    /// Where one copy starts.
    pub a: Place,
    /// Where the other starts (its *last* word in time if `reversed`).
    pub b: Place,
    /// How many words are shared, extended as far as the streams go.
    pub words: u64,
    /// How the one is the other's copy.
    pub copy: CopyKind,
    /// Whether the second runs backwards in time.
    pub reversed: bool,
}

impl Witness {
    /// Whether the words are equal as they stand, in one order.
    pub fn is_plain(&self) -> bool {
        self.copy == CopyKind::Equal && !self.reversed
    }

    /// How far the second copy lags behind the first, in words.
    pub fn lag(&self) -> i64 {
        self.b.word as i64 - self.a.word as i64
    }
}

/// Streams that are equal word by word over their common length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EqualStreams {
    /// The streams, in id order; at most the first 64 are listed.
    pub streams: Vec<StreamId>,
    /// How many there are.
    pub count: u64,
    /// In how many runs they occur.
    pub runs: u64,
    /// How many different task numbers they have.
    pub tasks: u64,
    /// How many words they share.
    pub words: u64,
}

impl EqualStreams {
    /// Whether two tasks of one run are equal.
    pub const fn is_within_run(&self) -> bool {
        self.count > self.runs
    }

    /// Whether it is one task, equal to itself in several runs, and nothing else.
    pub const fn is_same_task(&self) -> bool {
        self.tasks == 1
    }

    /// Whether streams of different runs are equal at different positions.
    pub const fn is_cross_run(&self) -> bool {
        self.runs > 1 && self.tasks > 1
    }
}

/// Two streams whose elements are equal along one line (at one lag, backwards, or every n-th word of
/// the one with every word of the other) far more often than chance allows, without sharing a run of
/// consecutive words.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartialCopy {
    /// The first equal element in the one stream.
    pub a: Place,
    /// The first equal element in the other.
    pub b: Place,
    /// How many elements are equal on this line.
    pub equal: u64,
    /// The span from the first to the last of them, in words of the first stream.
    pub span: u64,
    /// How many words the one and the other advance from point to point of the line: (1, 1) at one
    /// lag, (8, 1) where every 8th word of the one is every word of the other, (1, −1) backwards.
    #[serde(default = "at_one_lag")]
    pub steps: (u64, i64),
    /// A proven bound on the probability that chance does this anywhere in the evidence.
    pub chance: f64,
}

const fn at_one_lag() -> (u64, i64) {
    (1, 1)
}

/// Two streams that share a run of words, at different places or in disguise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharedRun {
    /// The longest run the two share.
    pub witness: Witness,
    /// How many pairs of streams show the same kind of copy (this one included).
    pub pairs: u64,
}

/// What the exact joins found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Joins {
    /// Groups of equal streams within joinable runs, largest first; at most 256 groups are listed.
    pub equal_streams: Vec<EqualStreams>,
    /// How many groups of equal streams there are.
    pub equal_groups: u64,
    /// Streams that differ from one another.
    pub distinct_streams: u64,
    /// How many streams of one run are equal: `count` sets of `times` equal streams, summed over
    /// runs; distinct streams are sets of one. S_eff of a run is S² / Σm² of these.
    pub equal_within_runs: Vec<Multiplicity>,
    /// Runs that repeat an earlier run task by task (earlier, later); at most 256 are listed. The
    /// later run takes no part in any other join, so nothing else repeats the finding.
    pub runs_repeat: Vec<(RunId, RunId)>,
    /// How many runs repeat an earlier one.
    pub repeating_runs: u64,
    /// Runs of words shared at different places or in disguise; at most 256 are listed.
    pub shared: Vec<SharedRun>,
    /// Streams that repeat themselves: the witness names the first repeat, its lag is the period.
    pub periods: Vec<Witness>,
    /// Streams that use some values twice, a fixed number of words apart, and then go on with others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reused: Vec<Witness>,
    /// Pairs of streams that agree along one line in many single elements; at most 64 are listed.
    pub partial_copies: Vec<PartialCopy>,
    /// Repeated single elements.
    pub duplicates: Option<Duplicates>,
    /// The probability that all joins together report a chance match, by window length.
    pub chance: f64,
    /// The probability to miss a shared run of so many words, where windows are sampled.
    pub recall: Vec<(u64, f64)>,
    /// Joins that could not be made, with the reason.
    pub inapplicable: Vec<Inapplicable>,
}

impl Joins {
    /// Adds what was found in another run group.
    pub(crate) fn add(&mut self, one: Self) {
        self.equal_streams.extend(one.equal_streams);
        self.equal_streams
            .sort_by_key(|group| std::cmp::Reverse(group.count));
        self.equal_groups += one.equal_groups;
        self.distinct_streams += one.distinct_streams;
        for row in one.equal_within_runs {
            row.add_to(&mut self.equal_within_runs);
        }
        self.runs_repeat.extend(one.runs_repeat);
        self.repeating_runs += one.repeating_runs;
        self.shared.extend(one.shared);
        self.periods.extend(one.periods);
        self.reused.extend(one.reused);
        self.partial_copies.extend(one.partial_copies);
        self.duplicates = match (self.duplicates.take(), one.duplicates) {
            (Some(mut known), Some(more)) => {
                known.add(&more);
                Some(known)
            }
            (known, more) => known.or(more),
        };
        self.chance += one.chance;
        if self.recall.is_empty() {
            self.recall = one.recall;
        }
        self.inapplicable.extend(one.inapplicable);
    }

    /// Whether any two streams share anything (runs that repeat as a whole are told apart).
    pub fn found_any(&self) -> bool {
        !self.equal_streams.is_empty()
            || !self.shared.is_empty()
            || !self.periods.is_empty()
            || !self.partial_copies.is_empty()
    }
}

/// How streams are arranged into what a test reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum View {
    /// Each stream alone.
    Alone,
    /// All streams, draw by draw.
    Interleaved,
    /// The first words of every stream, stream after stream.
    Transposed {
        /// How many words of each.
        words: u32,
    },
    /// Xor of neighbouring streams at equal index.
    NeighbourXor,
    /// Difference of neighbouring streams at equal index.
    NeighbourDifference,
    /// The same task in consecutive runs.
    SameTask,
    /// Sum over all streams at equal index.
    Column,
    /// All pairs of streams.
    Pairs,
    /// Small-coefficient combinations of triples and quads.
    Combinations,
    /// All streams stacked as rows of a bit matrix.
    Stacked,
    /// The first words under base seeds and every flip of one bit.
    SeedFlips,
}

/// Two streams singled out by a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairTest {
    /// One stream.
    pub a: StreamId,
    /// The other.
    pub b: StreamId,
}

/// Why a test could not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inapplicable {
    /// The test or join.
    pub test: String,
    /// What it would need.
    pub needs: String,
}

/// What a test found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// A p-value.
    Tested {
        /// Its two tails, already multiplied by the number of places the test looked at inside itself.
        p: PValue,
        /// How its law is known.
        law: Law,
        /// The statistic, in the units the test's spec names.
        statistic: f64,
        /// The value expected under the null hypothesis.
        expected: f64,
    },
    /// The test needs something the evidence lacks.
    Inapplicable {
        /// What it would need.
        needs: String,
    },
}

/// One result of one test on one view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// The test's id.
    pub test: String,
    /// What it read.
    pub view: View,
    /// What is singled out: a bit position, a byte, an index ("bit 0", "draw 3").
    pub detail: String,
    /// The streams it speaks of, where it singles some out.
    pub streams: Vec<StreamId>,
    /// What it found.
    pub outcome: Outcome,
    /// The same statistic on the control (streams shifted against each other by random offsets, or
    /// independently seeded streams of the same generator): what fails there too is the generator's.
    pub control: Option<PValue>,
    /// How many pairs stand out, where that was counted and any does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
}

/// How the detail of a result on the streams of given roots ends.
const GIVEN_ROOTS: &str = "given roots";

impl TestResult {
    /// The two-sided p-value, where there is one.
    pub fn p(&self) -> Option<f64> {
        match &self.outcome {
            Outcome::Tested { p, .. } => Some(p.two_sided()),
            Outcome::Inapplicable { .. } => None,
        }
    }

    /// Says that the streams of given roots were read.
    pub(crate) fn mark_given_roots(&mut self) {
        if !self.detail.is_empty() {
            self.detail.push_str(", ");
        }
        self.detail.push_str(GIVEN_ROOTS);
    }

    /// Whether it speaks of the streams of given roots alone.
    pub fn on_given_roots(&self) -> bool {
        self.detail.ends_with(GIVEN_ROOTS)
    }

    /// Whether the law is exact or proven.
    pub fn convicts_alone(&self) -> bool {
        matches!(
            &self.outcome,
            Outcome::Tested {
                law: Law::Exact,
                ..
            }
        )
    }
}

/// Everything that joins and tests say of one evidence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The joins.
    pub joins: Joins,
    /// Equal streams counted by whom they belong to, one entry a run group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equality: Vec<Equality>,
    /// The tests, in the order of the registry.
    pub tests: Vec<TestResult>,
    /// Words of every stream that were looked at (the level at which the analysis stopped).
    pub words_per_stream: u64,
    /// Words of every stream that were joined, where the evidence is larger than the memory limit:
    /// equal streams exactly, shared runs by sampled windows. Tests read `words_per_stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_words: Option<u64>,
    /// Streams looked at.
    pub streams: u64,
    /// Size of the family by which every p-value is multiplied: the p-values of this level times
    /// the levels planned, fixed before data.
    pub family: u64,
    /// The levels planned, in words of every stream; the analysis stopped at `words_per_stream`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<u64>,
    /// Streams that count instead of drawing, where all do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counters: Option<Counters>,
    /// How captured numbers were read; `None` of what seedbench itself ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// What would be a flaw if the values are draws, and need not be one otherwise; strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<Suspect>,
    /// The seeds that streams were started with, where they could be found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered: Option<RecoveredSeeds>,
    /// The walk of the seed, where one was made; its results are among the tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed_walk: Option<SeedWalk>,
}

impl Analysis {
    /// Adds a walk of the seed and its results, which are as many in every analysis of its kind.
    pub(crate) fn add_walk(&mut self, walk: SeedWalk, results: Vec<TestResult>) {
        self.family += results.len() as u64;
        self.tests.extend(results);
        self.seed_walk = Some(walk);
    }
}
