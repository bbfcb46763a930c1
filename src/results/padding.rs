//! Elements around and among the draws that are none.

use serde::{Deserialize, Serialize};

use crate::core::StreamId;

/// Elements that stand around the draws: of one plain value (0, or all bits set) where no generator
/// gives it, or a count, a version or the worker's number before them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Padding {
    /// Elements with which every stream begins.
    pub header: u64,
    /// Streams that end in such elements.
    pub padded: u64,
    /// The first of them, and how many elements it ends in.
    pub first: Option<(StreamId, u64)>,
    /// Elements of every row that are no draws, after the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
}

/// Elements that stand at the same places of every row, in all streams, and only count, stay as they
/// are or go one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Elements of a row.
    pub elements: u64,
    /// Those that are no draws, from 0.
    pub labels: Vec<u64>,
}
