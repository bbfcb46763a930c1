//! One reader for every text: what a program prints, a file, or what a pool of workers prints. The form
//! is told from the bytes alone, not from where they come.

use std::io::Read;

pub(super) use super::content::Start;
use super::{
    Reading, document, error::CaptureError, matching, rows::Rows, table, text, tree::Identity,
};

/// Bytes at the start that tell the form.
const START_BYTES: u64 = 1 << 16;

/// Whose text is read, and how.
pub(super) struct Source<'a> {
    /// Its name in messages.
    pub name: &'a str,
    /// What the name says of who drew.
    pub base: &'a Identity,
    /// Whether all of it is one worker's, by its name or since the worker alone printed it.
    pub own: bool,
    /// Whether it may have been cut off when enough had come.
    pub cut: bool,
    /// How it is read.
    pub reading: &'a Reading,
}

impl Source<'_> {
    /// Whether lists and columns within it are one worker's.
    pub fn is_one_workers(&self) -> bool {
        self.own
    }

    /// Whether plain lines are one stream: also where the source is one of several.
    pub fn rows_are_own(&self) -> bool {
        self.own || !self.base.task.is_empty()
    }
}

/// Reads a text of any form.
pub(super) fn read(source: &mut dyn Read, of: &Source<'_>) -> Result<Rows, CaptureError> {
    let mut first = Vec::new();
    let mut source = source;
    Read::take(&mut source, START_BYTES)
        .read_to_end(&mut first)
        .map_err(CaptureError::io("read", of.name.as_ref()))?;
    let whole = (first.len() as u64) < START_BYTES;
    if first.contains(&0) {
        return Err(CaptureError::Binary {
            file: of.name.into(),
        });
    }
    let start = Start::of(&first, whole, of.reading);
    let mut all = first.as_slice().chain(source);
    if let Some(pattern) = &of.reading.pattern {
        return matching::read(&mut all, of, pattern);
    }
    if start
        .lines
        .first()
        .is_some_and(|line| document::begins(line))
    {
        return document::read(&mut all, of);
    }
    match table::recognise(&start, of)? {
        Some(table) => table.read(&mut all, of),
        None => text::read(&mut all, of, &start),
    }
}
