//! Who reads evidence that lies on many machines: messages go out, and answers come back.

use std::fmt;

use super::{Piece, StreamId};

/// A part of a step: who may do it, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The owner of the streams, where not everyone can read them.
    pub owner: Option<u32>,
    /// What it is, for `answer` and `sketch` of the room `distributed`.
    pub message: Vec<u8>,
}

/// Why an engine could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EngineError(pub String);

/// Words that a task reads, where an engine asks for no other number.
pub(crate) const TASK_WORDS: usize = 1 << 22;

/// Runs the steps of an analysis where the words are. The messages are opaque to it; what a task answers
/// depends on the step and the task alone, so that one may be run again, or twice, and change nothing.
pub trait Engine: Send {
    /// How many workers there are: as many times the memory of one is there for what is recorded.
    fn workers(&self) -> usize;

    /// About how many words a task reads: fewer take less memory and are sooner done again, and make more tasks.
    /// What is said depends on it in nothing.
    fn task_words(&self) -> usize {
        TASK_WORDS
    }

    /// Who alone can read a stream; `None` where all can.
    fn owner(&self, _stream: StreamId) -> Option<u32> {
        None
    }

    /// The answers to all tasks of a step, in any order.
    ///
    /// # Errors
    /// When a task was not answered: there is no verdict on less evidence.
    fn gather(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError>;

    /// The answers to all tasks of a step, each cut into as many buckets as there are workers, and what the
    /// parts of each bucket match in, where they have met.
    ///
    /// # Errors
    /// As [`gather`](Self::gather).
    fn shuffle(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError>;

    /// Raw values of streams that only their owners can read, a list for each piece.
    ///
    /// # Errors
    /// As [`gather`](Self::gather).
    fn fetch(&mut self, pieces: &[Piece]) -> Result<Vec<Vec<u64>>, EngineError>;
}

impl fmt::Debug for dyn Engine + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an engine of {} workers", self.workers())
    }
}

/// An engine, and what its errors are to the source that is read by it.
#[derive(Debug)]
pub struct Elsewhere<'a, E> {
    /// Who reads.
    pub engine: &'a mut dyn Engine,
    /// How raw values become words, for [`EvidenceSource::look_as`](super::EvidenceSource::look_as).
    pub look: String,
    /// The source's error.
    pub failed: fn(EngineError) -> E,
}
