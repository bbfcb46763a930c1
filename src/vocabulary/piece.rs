//! Which words of a stream are wanted.

use super::{Layout, StreamId};

/// Consecutive words of one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The stream.
    pub stream: StreamId,
    /// The first word wanted.
    pub from: usize,
    /// How many words are wanted; what lies beyond the stream's end is left out.
    pub words: usize,
}

impl Piece {
    /// The first words of every stream.
    pub(crate) fn of_starts(layout: &Layout, words: usize) -> Vec<Self> {
        let piece = |&stream: &StreamId| Self {
            stream,
            from: 0,
            words,
        };
        layout.ids().iter().map(piece).collect()
    }
}
