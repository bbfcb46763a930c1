//! The same verdict where the words lie on many machines: an engine moves messages, and words stay where they
//! are.
//!
//! An audit whose capture has an [`Engine`] ([`Capture::read_by`], [`Capture::held_by`]) hands out what reads all
//! words. The engine delivers each step and its tasks to those who can read the streams, who answer with the
//! functions of this module, and brings the answers back. They are pure functions of the messages and the words,
//! and what they answer is merged by operations that depend on no order, grouping or repetition: what is lost may
//! be done again, and the report is the same, byte for byte, on one machine and on a hundred.
//!
//! | done where the audit is | handed out |
//! |---|---|
//! | what the capture is, the join plan | |
//! | tests of the first 256 MiB, which stop early where they decide | |
//! | | fingerprints of all streams, keys of their edges ([`answer`]) |
//! | | sampled windows ([`sketch`]), and which of them meet ([`matched`]) |
//! | places that meet, verified on the words; the judge | |
//!
//! A step travels once to each worker: 24 bytes a stream, and 16 bytes a stream and row of keys, since the edges of
//! streams are joined exactly. Records travel between workers: 11 bytes or so for one window in 1,024 of each row.

use crate::{
    audit::CaptureSource,
    capture::{Capture, CaptureError},
    joins,
};

pub use crate::{
    joins::{BadMessage, TaskError, matched},
    vocabulary::{Engine, EngineError, Task},
};

/// What tells a capture from another, in one line: two that share it have the same streams of the same lengths and
/// format.
pub fn identity(capture: &Capture) -> String {
    let layout = capture.layout();
    format!(
        "{} streams, {} words of {} ({})",
        layout.streams(),
        layout.words(),
        layout.format(),
        joins::hash_of_streams(&layout)
    )
}

/// Answers a task of a step that is gathered, from a capture of the same files.
///
/// # Errors
/// When a message is of another version, or the capture is another and cannot be read.
pub fn answer(
    capture: &mut Capture,
    step: &[u8],
    task: &[u8],
) -> Result<Vec<u8>, TaskError<CaptureError>> {
    joins::answer(&mut CaptureSource(capture), step, task)
}

/// Answers a task of a step that is shuffled: a message for each of so many buckets.
///
/// # Errors
/// As [`answer`].
pub fn sketch(
    capture: &mut Capture,
    step: &[u8],
    task: &[u8],
    buckets: usize,
) -> Result<Vec<Vec<u8>>, TaskError<CaptureError>> {
    joins::sketch(&mut CaptureSource(capture), step, task, buckets)
}
