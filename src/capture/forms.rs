//! One reader for every text: what a program prints, a file, or what a pool of workers prints. The form
//! is told from the bytes alone, not from where they come.

use std::io::Read;

use super::{
    content::Start, document, error::CaptureError, matching, rows::Rows, table, text,
    text_source::TextSource,
};

/// Bytes at the start that tell the form.
const START_BYTES: u64 = 1 << 16;

/// Reads a text of any form.
pub(super) fn read(source: &mut dyn Read, of: &TextSource<'_>) -> Result<Rows, CaptureError> {
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
