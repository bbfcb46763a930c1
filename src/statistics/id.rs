//! Ids of tests that other rooms name, because they tell more of a cause than the finding alone.

/// Words pooled over streams, thrown into cells.
pub const COLLISIONS: &str = "collisions";
/// One affine map between neighbours.
pub const CONGRUENTIAL: &str = "congruential-splitting";
/// Pairs of streams at every lag.
pub const LAG_AGREEMENT: &str = "lag-agreement";
/// Relations of few streams.
pub const RELATION_SEARCH: &str = "relation-search";
/// Streams stacked as rows of a bit matrix.
pub const STACKED_RANK: &str = "stacked-rank";
