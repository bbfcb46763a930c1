//! What exact joins return.

use serde::{Deserialize, Serialize};

use super::{Duplicates, Inapplicable, Multiplicity, Place, Witness};
use crate::vocabulary::{RunId, StreamId};

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

const fn is_none(places: &u64) -> bool {
    *places == 0
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
#[non_exhaustive]
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
    /// Pairs of streams that agree along one line in many single elements; at most 256 are listed.
    pub partial_copies: Vec<PartialCopy>,
    /// Repeated single elements.
    pub duplicates: Option<Duplicates>,
    /// The probability that all joins together report a chance match, by window length.
    pub chance: f64,
    /// The most places that have one sampled window, of evidence that is joined by samples: how many share what
    /// more share than are named. 0 where no window stands at more than two.
    #[serde(default, skip_serializing_if = "is_none")]
    pub places: u64,
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
        self.places = self.places.max(one.places);
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

/// What was sampled where the planned sample would have taken more passes than are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoarserSample {
    /// One window in so many was joined.
    pub one_window_in: u64,
    /// One window in so many was planned.
    pub asked_for: u64,
    /// Passes over the evidence that the planned sample takes within the memory there is.
    pub passes: u64,
    /// Passes that are allowed.
    pub allowed: u64,
}
