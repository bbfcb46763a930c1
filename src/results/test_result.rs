//! What statistical tests return.

use serde::{Deserialize, Serialize};

use super::Reach;
use crate::vocabulary::{Law, PValue, StreamId};

/// How streams are arranged into what a test reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
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

impl View {
    /// Whether it is the same arrangement, of however many words.
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// What a test found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
#[non_exhaustive]
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
#[non_exhaustive]
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
    /// Whether it speaks of the streams of given roots alone, of which there is no fresh evidence.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub given_roots: bool,
}

impl TestResult {
    /// A result that singles out neither place nor stream, without a control.
    pub fn new(test: impl Into<String>, view: View, outcome: Outcome) -> Self {
        Self {
            test: test.into(),
            view,
            detail: String::new(),
            streams: Vec::new(),
            outcome,
            control: None,
            reach: None,
            given_roots: false,
        }
    }

    /// The two-sided p-value, where there is one.
    pub fn p(&self) -> Option<f64> {
        match &self.outcome {
            Outcome::Tested { p, .. } => Some(p.two_sided()),
            Outcome::Inapplicable { .. } => None,
        }
    }

    /// The statistic and what is expected of it; 0 where nothing was tested.
    pub(crate) fn counted(&self) -> (f64, f64) {
        match self.outcome {
            Outcome::Tested {
                statistic,
                expected,
                ..
            } => (statistic, expected),
            Outcome::Inapplicable { .. } => (0.0, 0.0),
        }
    }

    /// Says that the streams of given roots alone were read.
    pub(crate) fn mark_given_roots(&mut self) {
        if !self.detail.is_empty() {
            self.detail.push_str(", ");
        }
        self.detail.push_str("given roots");
        self.given_roots = true;
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

/// The name of the comparison of whole streams, where it could not be made.
pub(crate) const EQUALITY: &str = "equal-streams";

/// Why a test could not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inapplicable {
    /// The test or join.
    pub test: String,
    /// What it would need.
    pub needs: String,
}
