//! What was seen and does not convict: suspects, and what a verdict on values excludes.

use serde::{Deserialize, Serialize};

use super::{FindingKind, Witness};
use crate::vocabulary::StreamId;

/// Bits from which on a fact convicts: a chance of 2^−31 in each of sixteen ways to look.
pub const CONVICTS: f64 = 35.0;
/// Bits from which on a pattern is suspect.
pub const SUSPECT: f64 = 20.0;

/// A pattern that would be a flaw if the values are draws, and need not be one otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// What was seen.
    pub pattern: Pattern,
    /// Its strength: bits against chance, under the assumptions of its pattern.
    pub bits: f64,
    /// The streams that stand out, at most 64.
    pub streams: Vec<StreamId>,
    /// How many there are.
    pub stream_count: u64,
    /// What fresh runs would decide it, where any can: if streams of each have it in common again, and of no
    /// two runs, that is no chance under any law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<FreshRuns>,
    /// What fresh runs have shown, where they were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Again>,
    /// The copy, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
}

/// The bits from which on a pattern that was named before fresh runs were made is proven by them:
/// [`CONVICTS`], a bit for looking a second time, and two for up to four patterns that were named.
pub const CONFIRMS: f64 = CONVICTS + 3.0;

/// Fresh runs that decide whether a pattern is chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshRuns {
    /// How many.
    pub runs: u64,
    /// How much two streams must have in common to count, in the unit of the pattern.
    pub least: u64,
}

/// What fresh runs have shown of a pattern that was named before they were made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Again {
    /// How many runs.
    pub runs: u64,
    /// Groups of streams that have it in common again.
    pub groups: u64,
    /// How many of these hold streams of different runs.
    pub between_runs: u64,
    /// Bits against chance having put them all within runs.
    pub bits: f64,
}

impl Suspect {
    /// Whether fresh runs have proven it.
    pub fn is_confirmed(&self) -> bool {
        self.again.is_some_and(|again| again.bits >= CONFIRMS)
    }
}

/// What makes suspect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Pattern {
    /// Streams are equal, but tell too little if rows of values were drawn as one.
    EqualStreams {
        /// Values of one of them.
        values: u64,
    },
    /// The values of streams go up and down together: one is a rising or falling function of the other.
    SameOrder {
        /// Values of one of them.
        values: u64,
        /// Whether no stream is without a partner.
        all: bool,
    },
    /// Streams hold the same values in another order.
    SameContents {
        /// Values of one of them.
        values: u64,
    },
    /// Two streams share a run, but it tells too little if rows of values were drawn as one.
    SharedRun {
        /// Values of it.
        values: u64,
        /// Whether all streams share runs of one sequence.
        all: bool,
    },
    /// All streams of a run agree at the same places.
    CommonPlaces {
        /// How many.
        values: u64,
        /// Of how many.
        of: u64,
        /// Which, in words.
        places: String,
    },
    /// At some places many streams of a run have one value, and the others values of their own.
    PartlyCommon {
        /// Such places.
        values: u64,
        /// Of how many.
        of: u64,
        /// Streams that have the value of a place, at least.
        holders: u64,
        /// Of how many.
        streams: u64,
    },
    /// First values are equal by run or by index.
    FirstValues {
        /// How many.
        values: u64,
    },
    /// A pair has more values in common at equal places than others.
    ValuesInPlace {
        /// How many.
        values: u64,
        /// Of how many.
        of: u64,
    },
    /// Few pairs hold the values that streams have in common.
    Meetings {
        /// How many.
        values: u64,
        /// Of how many.
        of: u64,
        /// How many pairs.
        pairs: u64,
    },
    /// A pair holds values as often as one another, in so many hundredths of all that it could.
    Frequencies {
        /// Hundredths.
        agreement: u64,
        /// Values whose counts were compared.
        of: u64,
    },
    /// Streams share values in a row of one column of a table.
    InColumn {
        /// How many.
        values: u64,
        /// Which column, from 0.
        column: u64,
        /// Of how many.
        columns: u64,
    },
    /// Streams hold values of full precision in common.
    SharedValues {
        /// How many.
        values: u64,
    },
    /// A pair is large and small together, in so many hundredths of all that it could be.
    Ranks {
        /// Hundredths.
        agreement: u64,
        /// Places.
        of: u64,
    },
    /// A stream is made of two others, which explain so many hundredths of its ranks.
    Combined {
        /// Hundredths.
        explained: u64,
        /// Places.
        of: u64,
    },
    /// All streams of a run follow one signal, in so many hundredths of what they could.
    CommonSignal {
        /// Hundredths.
        agreement: u64,
        /// Places.
        of: u64,
    },
    /// With something left out that may be no draw they would be unsound.
    LeftOut {
        /// The finding that this would lead to.
        finding: FindingKind,
        /// What it would say.
        message: String,
        /// The options that leave it out.
        option: String,
    },
    /// Tests of raw words would convict.
    Unearned {
        /// The finding that they would lead to.
        finding: FindingKind,
        /// What it would say.
        message: String,
        /// Why the values are not taken for raw words.
        why: String,
    },
}

/// A class of laws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LawClass {
    /// Values are independent, of one law.
    Values,
    /// Increments are independent, of one law.
    Increments,
    /// Rows of so many values are independent, of one law of rows.
    Rows(u32),
    /// So are the increments of rows.
    RowIncrements(u32),
    /// What comes next depends on the last two, of few states.
    Markov,
    /// A smooth path, that needs no draw.
    Smooth,
    /// Two independent draws are never equal: what was declared.
    Continuous,
}

/// What would have been convicted, had it been there: the smallest sharing that a clean verdict excludes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Excluded {
    /// The bits that all streams of a run being equal would have shown, in the largest run.
    pub all_equal: f64,
    /// The bits that two streams of all being equal would have shown.
    pub equal_pair: f64,
    /// The values that two streams would have had to share in a row, at any lag, to be convicted; `None`
    /// where no stream is so long.
    pub run: Option<u64>,
    /// The same to be suspected.
    pub suspected_run: Option<u64>,
    /// The values of the longest stream that were looked at.
    pub values: u64,
    /// How many it has.
    pub of: u64,
}

/// How numbers were read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reading {
    /// Raw draws, known as such.
    Drawn,
    /// Raw words, by what they look like.
    Earned,
    /// Values of unknown law.
    Values {
        /// Why they are not taken for raw words.
        why: String,
        /// What a clean verdict excludes.
        excluded: Excluded,
        /// What the copies tell, in bits, where they convict.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        equal_bits: Option<f64>,
        /// The class of laws under which they tell least; `None` where they convict under any law.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<LawClass>,
        /// Whether all streams of every run are equal.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        all_equal: bool,
    },
}
