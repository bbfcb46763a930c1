//! How much of what was found is listed; everything is counted.

/// Groups, copies and runs of a kind, at most. Raising it makes reports of broken programs longer, and says no more.
pub(crate) const LISTED: usize = 256;

/// Streams that one of them, or a finding, names at most.
pub(crate) const LISTED_STREAMS: usize = 64;
