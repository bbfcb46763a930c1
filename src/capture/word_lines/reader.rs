//! Reads the lines of a text of words.

use super::{
    Stand, WordLines, heading, is_printed, is_said,
    rows::{WordRows, pair},
    value,
};
use crate::capture::{
    at::{At, line_error},
    content::Content,
    error::CaptureError,
    identity::{Identity, Part},
    marks::{self, LineShape},
    number::Number,
    rows::Rows,
    text_source::TextSource,
};
use std::io::Read;

/// Reads the lines.
pub(in crate::capture) fn read(
    told: &WordLines,
    source: &mut dyn Read,
    of: &TextSource<'_>,
) -> Result<Rows, CaptureError> {
    let mut content = Content::in_sections(of.reading);
    let mut reader = Reader {
        told,
        of,
        rows: Rows::new(),
        header: told.header,
        outer: Identity::default(),
        current: None,
        marked: 0,
        labelled: 0,
        headings: 0,
    };
    content
        .for_each(source, |line, bytes| {
            reader.line(
                bytes,
                At {
                    file: of.name,
                    line,
                },
            )
        })
        .map_err(|error| line_error(error, of.name))?;
    content.see_messages(reader.headings);
    let mut rows = reader.rows;
    for (count, what) in [
        (
            reader.marked,
            "lines carry R's print marks, as [1], which are no draws",
        ),
        (
            if told.stand == Stand::Numbered {
                0
            } else {
                reader.labelled
            },
            "lines carry labels of who drew, which are no draws",
        ),
    ] {
        if count > 0 {
            rows.note(count, what);
        }
    }
    if told.stand == Stand::Counted {
        rows.note(
            0,
            "the number before each word counts the lines, and is no draw",
        );
    }
    if told.stand == Stand::Numbered {
        rows.note(
            0,
            "the number before each word was taken for the worker's (a line such as `worker,value` before the rows \
             says so)",
        );
    }
    if told.header {
        rows.note(0, "the first line is the name of what is below it");
    }
    content.report(&mut rows);
    Ok(rows)
}

/// Lines of words as they come.
struct Reader<'a> {
    told: &'a WordLines,
    of: &'a TextSource<'a>,
    rows: Rows,
    /// Whether the first line is still to come, and is no value.
    header: bool,
    /// What the headings above say of the run.
    outer: Identity,
    /// The stream of the heading above.
    current: Option<usize>,
    marked: u64,
    labelled: u64,
    headings: u64,
}

impl Reader<'_> {
    fn line(&mut self, bytes: &[u8], at: At<'_>) -> Result<(), CaptureError> {
        if bytes.is_empty() {
            return Ok(());
        }
        if std::mem::take(&mut self.header) {
            return Ok(());
        }
        if let Some(identity) = heading(bytes, self.told.stand == Stand::Places) {
            self.heading(identity);
            return Ok(());
        }
        if is_printed(bytes) {
            return Ok(());
        }
        if is_said(bytes) {
            return Err(at.refused(bytes));
        }
        match (self.told.stand, marks::shape_of_words(bytes)) {
            (Stand::Labelled, LineShape::Labelled(label, rest)) => self.labelled(label, rest, at),
            (Stand::Labelled, LineShape::Marked(worker, rest)) => self.labelled(
                Identity::default().with_task(Part::Number(worker)),
                rest,
                at,
            ),
            (Stand::Labelled, _) => Err(at.refused(bytes)),
            (Stand::Places, LineShape::Marked(_, rest)) => {
                self.marked += 1;
                self.plain(rest, at)
            }
            (Stand::Counted, _) => match pair(bytes) {
                Some((_, word)) => self.plain(word, at),
                None => Err(at.refused(bytes)),
            },
            (Stand::Numbered, _) => match pair(bytes) {
                Some((worker, word)) => {
                    let label = Identity::default().with_task(Part::Number(worker));
                    self.labelled(label, word, at)
                }
                None => Err(at.refused(bytes)),
            },
            (Stand::Places, _) => Err(at.refused(bytes)),
            (Stand::Plain, _) => self.plain(bytes, at),
        }
    }

    fn heading(&mut self, identity: Identity) {
        if self.of.own {
            self.headings += 1;
        } else if identity.task.is_empty() {
            self.outer = identity;
            self.current = None;
        } else {
            self.current = Some(self.stream(identity));
        }
    }

    fn stream(&mut self, label: Identity) -> usize {
        let mut label = label;
        if label.run.is_empty() {
            label.run.clone_from(&self.outer.run);
        }
        let base = self.of.base;
        let key = label.to_string();
        self.rows.stream(key.as_bytes(), || {
            let mut identity = base.clone();
            identity.run.extend(label.run);
            identity.task.extend(label.task);
            identity
        })
    }

    fn labelled(&mut self, label: Identity, body: &[u8], at: At<'_>) -> Result<(), CaptureError> {
        let numbers = self.numbers(body, at)?;
        self.labelled += 1;
        let stream = self.stream(label);
        self.push(stream, &numbers, at)
    }

    fn plain(&mut self, body: &[u8], at: At<'_>) -> Result<(), CaptureError> {
        let numbers = self.numbers(body, at)?;
        let stream = match self.current {
            Some(stream) => stream,
            None => self.stream(Identity::default()),
        };
        self.push(stream, &numbers, at)
    }

    fn push(&mut self, stream: usize, numbers: &[Number], at: At<'_>) -> Result<(), CaptureError> {
        numbers
            .iter()
            .try_for_each(|&number| self.rows.push(stream, number))
            .map_err(|problem| at.bad(problem))
    }

    /// The values of a body.
    fn numbers(&self, body: &[u8], at: At<'_>) -> Result<Vec<Number>, CaptureError> {
        let body = value(body, self.told.timed);
        let one = |word: &[u8]| {
            let blank = word.iter().any(u8::is_ascii_whitespace) && !marks::is_time(word);
            if blank && !self.told.sentences {
                return Err(at.refused(word));
            }
            at.number(self.told.notation, word)
        };
        WordRows::of(body, self.told.split).map(one).collect()
    }
}
