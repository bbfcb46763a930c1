//! One reader for every text: what a program prints, a file, or what a pool of workers prints. The form
//! is told from the bytes alone, not from where they come.

use std::io::Read;

use super::{
    boxes::{self, Boxes},
    content::Opening,
    document,
    encoding::{self, Utf16},
    error::CaptureError,
    escapes::{self, Escapes},
    matching,
    rows::Rows,
    table, text,
    text_source::TextSource,
    word_lines,
};

/// Bytes at the start that tell the form.
const START_BYTES: u64 = 1 << 16;

/// Reads a text of any form.
pub(super) fn read(source: &mut dyn Read, of: &TextSource<'_>) -> Result<Rows, CaptureError> {
    let failed = |error| CaptureError::io("read", of.name.as_ref())(error);
    let mut source = source;
    let mut mark = Vec::new();
    Read::take(&mut source, 2)
        .read_to_end(&mut mark)
        .map_err(failed)?;
    if let Some(big_endian) = encoding::is_utf16(&mark) {
        return read_utf8(&mut Utf16::new(source, big_endian), of);
    }
    read_utf8(&mut mark.as_slice().chain(source), of)
}

/// The same of a text in UTF-8, or in any other encoding in which digits are bytes.
fn read_utf8(source: &mut dyn Read, of: &TextSource<'_>) -> Result<Rows, CaptureError> {
    let mut first = Vec::new();
    let mut source = source;
    let failed = |error| CaptureError::io("read", of.name.as_ref())(error);
    Read::take(&mut source, START_BYTES)
        .read_to_end(&mut first)
        .map_err(failed)?;
    if escapes::has(&first) {
        let mut plain = Escapes::new(first.as_slice().chain(source));
        let mut first = Vec::new();
        Read::take(&mut plain, START_BYTES)
            .read_to_end(&mut first)
            .map_err(failed)?;
        return read_plain(&first, &mut plain, of);
    }
    read_plain(&first, source, of)
}

/// The same of a text without the signs of terminals.
fn read_plain(
    first: &[u8],
    source: &mut dyn Read,
    of: &TextSource<'_>,
) -> Result<Rows, CaptureError> {
    let failed = |error| CaptureError::io("read", of.name.as_ref())(error);
    let whole = (first.len() as u64) < START_BYTES;
    if first.contains(&0) {
        return Err(CaptureError::Binary {
            file: of.name.into(),
        });
    }
    if of.reading.pattern.is_none() && boxes::has(first) {
        let mut plain = Boxes::new(first.chain(source));
        let mut first = Vec::new();
        Read::take(&mut plain, START_BYTES)
            .read_to_end(&mut first)
            .map_err(failed)?;
        return read_form(&first, whole, &mut plain, of);
    }
    read_form(first, whole, source, of)
}

/// Whether a line is HTML or XML: a tag with a name, or a declaration.
fn is_markup(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let Some(inner) = line.strip_prefix(b"<") else {
        return false;
    };
    let name = inner
        .iter()
        .take_while(|byte| byte.is_ascii_lowercase())
        .count();
    let tag =
        name > 0 && matches!(inner.get(name), Some(b'>' | b' ' | b'/')) && line.ends_with(b">");
    tag || inner.starts_with(b"?xml")
        || inner.starts_with(b"!DOCTYPE")
        || inner.starts_with(b"!doctype")
}

/// Reads a text, of whose `first` bytes its form is told; `whole` says that no others follow.
fn read_form(
    first: &[u8],
    whole: bool,
    source: &mut dyn Read,
    of: &TextSource<'_>,
) -> Result<Rows, CaptureError> {
    let start = Opening::of(first, whole, of.reading);
    let mut all = first.chain(&mut *source);
    if of.reading.pattern.is_none() && start.lines.first().is_some_and(|line| is_markup(line)) {
        return Err(CaptureError::BadLine {
            file: of.name.into(),
            line: 1,
            problem: "is a page or a document in markup; write its numbers as a table, in Python with \
                      pandas.read_html(f)[0].to_csv('draws.csv') or pandas.read_xml(f).to_csv('draws.csv')"
                .into(),
        });
    }
    if let Some(pattern) = &of.reading.pattern {
        return matching::read(&mut all, of, pattern, &start);
    }
    if start
        .lines
        .first()
        .is_some_and(|line| document::begins(line) && !word_lines::is_tagged(line))
    {
        return match start.begin {
            // Messages before it may begin as lists do.
            (from, lines, messages) if messages > 0 && of.reading.skip_lines.is_none() => {
                document::read(&mut first[from..].chain(source), of, (lines, messages))
            }
            _ => document::read(&mut all, of, (0, 0)),
        };
    }
    if let Some(table) = table::recognise(&start, of)? {
        return table.read(&mut all, of);
    }
    match word_lines::recognise(&start, of)? {
        Some(told) => word_lines::read(&told, &mut all, of),
        None => text::read(&mut all, of, &start),
    }
}
