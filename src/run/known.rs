//! What is known already of a strategy's evidence, for its rows with the same words.
//!
//! A strategy that depends on root and task alone draws the same words on every backend. The
//! backends are still launched, one and all; where the digests of every run agree, the words are not
//! analysed again.

use super::gather::GatheredRun;
use crate::{
    record::Heatmap,
    results::{Analysis, Duplicates},
    vocabulary::{BackendKind, RunInfo},
};

/// The evidence of one row, told by its digests, and what follows from it alone.
pub(super) struct Known {
    strategy: &'static str,
    /// Where it was analysed.
    pub(super) backend: BackendKind,
    runs: Vec<RunInfo>,
    digests: Vec<String>,
    /// Joins and tests.
    pub(super) analysis: Analysis,
    /// Duplicates over all words of the fresh runs.
    pub(super) duplicates: Option<Duplicates>,
    /// Task × task duplicates of the first fresh run.
    pub(super) heatmap: Option<Heatmap>,
}

impl Known {
    pub(super) fn new(
        strategy: &'static str,
        backend: BackendKind,
        gathered: &GatheredRun,
        analysis: Analysis,
    ) -> Self {
        Self {
            strategy,
            backend,
            runs: gathered.evidence.runs().to_vec(),
            digests: gathered.digests.clone(),
            analysis,
            duplicates: None,
            heatmap: None,
        }
    }

    /// Whether this is the evidence of the same strategy, word for word.
    pub(super) fn is_of(&self, strategy: &str, gathered: &GatheredRun) -> bool {
        self.strategy == strategy
            && self.digests == gathered.digests
            && self.runs == gathered.evidence.runs()
    }
}
