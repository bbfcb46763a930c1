//! Which finding it is.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// The kinds of findings, in the order of the documentation. Each has a stable id, its name in lower
/// case: `equal-streams`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingKind {
    /// All streams count instead of drawing.
    Counters,
    /// Tasks of one run draw the same words.
    EqualStreams,
    /// Runs draw the same words, task by task.
    RunsRepeat,
    /// A task of one run draws the words of another task of another run.
    CrossRunSharing,
    /// A stream holds a run of another's words.
    ShiftedOverlap,
    /// A stream is another one under a simple change.
    DisguisedCopy,
    /// Single words come more often than chance gives.
    RepeatedWords,
    /// Values of an unlabelled pool's output come several times.
    RepeatedValues,
    /// Equal words come more seldom than chance gives.
    TooFewRepeats,
    /// A stream repeats itself.
    ShortPeriod,
    /// Seeds have too few bits for so many tasks.
    NarrowSeeds,
    /// Bits of the seed have no effect.
    DeadSeedBits,
    /// Seeds are facts of the program's start: clocks, process ids.
    AmbientSeeds,
    /// Seeds are small integers of a common generator.
    KnownSeeds,
    /// Streams are linear combinations of one another.
    LinearRelation,
    /// Bits of two streams agree too often or too seldom.
    CorrelatedStreams,
    /// Neighbouring tasks draw related words.
    RelatedNeighbours,
    /// All streams share a component.
    CommonComponent,
    /// The first draws over tasks are not uniform.
    BiasedStart,
    /// Words of single streams are not uniform.
    NonuniformWords,
    /// Successive words of single streams depend on each other.
    SerialDependence,
    /// The same root gives other words.
    NotReplayable,
    /// Another number of workers gives other words.
    ScheduleDependent,
    /// Runs that should differ are equal.
    NotFresh,
    /// Ranks that must draw the same words do not.
    RanksDiffer,
    /// What streams had in common came back in fresh runs, and only within them.
    ConfirmedSharing,
    /// Streams share values, too few to prove that they were drawn once.
    SuspectCopies,
    /// All workers of a run have values in common at the same places.
    SharedInputs,
    /// Few streams hold values in common more often than others.
    SuspectValues,
    /// Two streams are large and small together.
    SuspectRanks,
    /// Tests of raw words would convict, but the values may not be raw words.
    UnearnedWords,
    /// With something left out that may be no draw, the streams would be unsound.
    OtherReading,
    /// Streams that must be there are not.
    MissingStreams,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The stable id.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}
