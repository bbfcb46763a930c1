//! What is sought: the seeds of streams, and the starts that may have given them.

use crate::vocabulary::StreamId;

/// Streams and the seeds that were read off them.
pub(super) type SeedsRead = Vec<(StreamId, u64)>;

/// Streams whose seeds are sought.
pub(super) trait Sought: Sync {
    /// A generator, started with an integer.
    type Start: Copy + Send + Sync;

    /// Every start that is tried.
    fn starts(&self) -> Vec<Self::Start>;

    /// The start in its users' words, `k` for the seed; `how` says how numbers were drawn.
    fn name(&self, start: Self::Start, how: u32) -> String;

    /// The streams.
    fn streams(&self) -> Vec<StreamId>;

    /// Hands out every stream that one of these seeds gives.
    fn tried(&self, start: Self::Start, seeds: &[u64], found: &mut dyn FnMut(Hit));

    /// Where a start can be inverted: the seed that each stream must have had.
    fn read_off(&self) -> Vec<(Self::Start, SeedsRead)> {
        Vec::new()
    }
}

/// A seed that gives a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub seed: u64,
    pub stream: StreamId,
    /// How the numbers were drawn, where a start is drawn from in several ways.
    pub how: u32,
}
