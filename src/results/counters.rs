//! Streams that count instead of drawing.

use serde::{Deserialize, Serialize};

use crate::vocabulary::StreamId;

/// Streams that count, every one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// How many there are.
    pub streams: u64,
    /// The constant that is added from word to word, where it is one for all streams.
    pub step: Option<u64>,
    /// The first of them.
    pub first: StreamId,
    /// Its first word.
    pub start: u64,
}
