//! What the judge is told.

use crate::{
    results::{Analysis, TestResult},
    strategies::{Claim, Promises, SeedSpace},
    vocabulary::{BackendKind, Format},
};

use super::{Context, Policy};

/// Everything that bears on one judgement.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What joins and tests say.
    pub analysis: &'a Analysis,
    /// What the elements look like.
    pub format: Format,
    /// What is judged, and against what.
    pub aim: Aim<'a>,
    /// What was fixed before data.
    pub policy: Policy,
    /// The results of a second stage on independent evidence, where one ran.
    pub second: Option<&'a [TestResult]>,
    /// The same analysis of the same generator seeded with independent full-entropy seeds, where
    /// that could be had.
    pub control: Option<&'a Analysis>,
    /// Sites, roots and names.
    pub context: Context<'a>,
    /// The size that was asked for.
    pub demands: Demands,
}

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub enum Aim<'a> {
    /// A strategy that seedbench itself ran.
    Strategy(Declared<'a>),
    /// A program or capture.
    Audit {
        /// What its streams should be.
        expect: Expect,
        /// Whether values carry a worker or task label; without one, multiplicities alone convict.
        labelled: bool,
    },
}

/// What a strategy declares, and what only its runs can tell.
#[derive(Clone, Copy, Debug)]
pub struct Declared<'a> {
    /// What it promises on this backend.
    pub promises: Promises,
    /// What it claims on this backend.
    pub claim: &'a Claim,
    /// How many different streams it can start.
    pub seed_space: SeedSpace,
    /// The backend.
    pub backend: BackendKind,
    /// Words of every stream.
    pub words: u64,
    /// Whether two launches with one root gave the same words.
    pub replay_equal: Option<bool>,
    /// Whether another number of workers gave the same words.
    pub schedule_equal: Option<bool>,
}

/// What the streams of an audited program should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expect {
    /// Streams of a run differ; runs may repeat each other task by task, since most programs fix
    /// their seed on purpose.
    #[default]
    Default,
    /// Runs must differ too.
    Fresh,
    /// All streams of a run must be equal (ranks that share a model).
    Identical,
}

/// The size of flaw the run must be able to see.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Demands {
    /// Seeds so narrow that this many workers would share a stream as often as not.
    pub for_workers: Option<u64>,
    /// Seeds of fewer bits than this.
    pub require_bits: Option<f64>,
}
