//! How much a statistic looks at: what several of them have in common.

/// Words read over all streams by what compares bits or pairs of words. Raising it finds weaker flaws in large
/// evidence, in time that grows as much.
pub(super) const LOOKED_AT: usize = 1 << 22;

/// Streams of which all pairs are compared in every way. Raising it finds pairs that are further apart, in time and
/// memory that grow with its square, and each pair must stand out more.
pub(super) const ALL_PAIRS_OF: usize = 512;

/// Parts that evidence is cut into for counting on all processors: more serve more processors, each with counts of
/// its own to be added up.
pub(super) const PARTS: usize = 16;
