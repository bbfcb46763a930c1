//! Which streams start alike: the others equal no other.

use rayon::prelude::*;

use super::fingerprint::Fingerprint;
use crate::vocabulary::Evidence;

/// Words of a start.
const START: usize = 16;

pub(super) fn start(stream: &[u64]) -> &[u64] {
    &stream[..stream.len().min(START)]
}

/// Which streams start alike.
pub(super) struct Starts {
    /// Of each stream.
    prints: Vec<u128>,
    /// Those that occur more than once, ascending.
    shared: Vec<u128>,
}

impl Starts {
    pub(super) fn of(evidence: &Evidence) -> Self {
        let prints: Vec<u128> = (0..evidence.streams())
            .into_par_iter()
            .with_min_len(1024)
            .map(|index| Fingerprint::of(start(evidence.stream(index))))
            .collect();
        let mut sorted = prints.clone();
        sorted.par_sort_unstable();
        let shared = sorted
            .chunk_by(|a, b| a == b)
            .filter(|same| same.len() > 1)
            .map(|same| same[0])
            .collect();
        Self { prints, shared }
    }

    pub(super) fn shared(&self, index: usize) -> bool {
        self.shared.binary_search(&self.prints[index]).is_ok()
    }
}
