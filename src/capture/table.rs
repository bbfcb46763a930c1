//! Tables: a row a draw with label columns, several columns of draws as channels of one worker, or a
//! column a worker.

mod drawn;
mod header;
mod roles;
mod sample;
mod wide;

use std::io::Read;

pub(super) use self::header::{Columns, TableLayout};
pub(super) use self::sample::Sample;
use self::wide::WideColumns;
use super::{
    at::{At, line_error},
    content::{Content, Opening},
    error::CaptureError,
    fields::{Fields, SETTINGS, settings},
    grid::{self, Given},
    identity::Identity,
    marks::{self, LineShape},
    names::{self, Claim, Column},
    notation::Notation,
    number::{self, Number},
    recent::Recent,
    rows::{LONGEST_ROW, Rows},
    text_source::TextSource,
};

/// What separates the fields of a table; blanks in any number stand for the last.
pub(super) const DELIMITERS: [u8; 5] = [b',', b'\t', b';', b'|', b' '];

/// A table that was recognised.
pub(super) struct Table {
    layout: TableLayout,
    notes: Vec<String>,
    /// The line of names, if it is not in a comment; messages may stand before it.
    header: Option<Vec<u8>>,
    /// Takes its rows apart.
    fields: Fields,
}

/// Recognises a table by its header and its first rows.
///
/// # Errors
/// When it is one, and its columns do not say what they are.
pub(super) fn recognise(
    start: &Opening<'_>,
    of: &TextSource<'_>,
) -> Result<Option<Table>, CaptureError> {
    let Some((&first, rest)) = start.lines.split_first() else {
        return Ok(None);
    };
    if let Some(names) = common_settings(&start.lines) {
        let sample = Sample::of_settings(&start.lines, &names);
        return table(names, sample, SETTINGS, None, of).map(Some);
    }
    // Numbers behind a label are no names; pandas calls its index `Unnamed: 0`.
    let pandas = first.trim_ascii_start().starts_with(b"Unnamed: ");
    if !pandas && !matches!(marks::shape(first), LineShape::Plain(_) | LineShape::Other) {
        return Ok(None);
    }
    let found = DELIMITERS.into_iter().find_map(|delimiter| {
        let names = names_in(first, delimiter, rest.first().copied())?;
        Some((delimiter, names, rest, true))
    });
    let commented = || {
        DELIMITERS.into_iter().find_map(|delimiter| {
            let names = names_in(start.comment, delimiter, Some(first))?;
            let known = names.len() > 1 && is_known(&names);
            known.then_some((delimiter, names, &start.lines[..], false))
        })
    };
    let Some((delimiter, names, rows, has_header)) = found.or_else(commented) else {
        return Ok(None);
    };
    let sample = Sample::of(rows, delimiter, names.len());
    table(
        names,
        sample,
        delimiter,
        has_header.then(|| first.to_vec()),
        of,
    )
    .map(Some)
}

/// A table of these columns.
fn table(
    names: Vec<String>,
    sample: Sample,
    delimiter: u8,
    header: Option<Vec<u8>>,
    of: &TextSource<'_>,
) -> Result<Table, CaptureError> {
    let columns = Columns {
        file: of.name,
        names: &names,
        sample: &sample,
        reading: of.reading,
        own: of.is_one_workers(),
    };
    let (layout, notes) = columns.layout(delimiter)?;
    let fields = match delimiter {
        SETTINGS => Fields::of_settings(&names),
        _ => Fields::default(),
    };
    Ok(Table {
        layout,
        notes,
        header,
        fields,
    })
}

fn names_of_settings(line: &[u8]) -> Option<Vec<&[u8]>> {
    settings(line).map(|setting| Some(setting?.0)).collect()
}

/// The names of the settings that lines consist of, as in `worker=0 step=1 loss=0.5`: the same in all.
fn common_settings(lines: &[&[u8]]) -> Option<Vec<String>> {
    let names = names_of_settings(lines.first()?).filter(|names| names.len() > 1)?;
    let known = |name: &[u8]| names::claim(&String::from_utf8_lossy(name)) != Claim::Unknown;
    let same = |line: &&[u8]| names_of_settings(line).is_some_and(|own| own == names);
    let fits = names.iter().any(|name| known(name)) && lines.iter().all(same);
    fits.then(|| {
        let text = |name: &&[u8]| String::from_utf8_lossy(name).into_owned();
        names.iter().map(text).collect()
    })
}

/// The names of a header's columns, if the line is a header of the row that follows.
fn names_in(line: &[u8], delimiter: u8, next: Option<&[u8]>) -> Option<Vec<String>> {
    let mut names = sample::split(line, delimiter);
    let number = |name: &String| number::parse(name.trim().as_bytes()).is_some();
    let named = |name: &String| {
        name.chars()
            .any(|c| c.is_alphabetic() || name.trim().is_empty())
            && !number(name)
    };
    let fields = next.map(|next| sample::split(next, delimiter));
    let numbers_only = names.iter().all(number);
    if let [name] = names.as_slice() {
        // One name above numbers; a table of one column needs no delimiter.
        let is_name = named(name) && name.starts_with(|c: char| c.is_alphabetic() || c == '"');
        let known = names::claim(name) != Claim::Unknown;
        let alone = known && fields.is_none();
        let value = names::claim(name) == Claim::Is(Column::Value);
        let values =
            |fields: Vec<String>| fields.len() == 1 && (value || fields.iter().all(number));
        let fits = delimiter == b',' && is_name && (alone || fields.is_some_and(values));
        return (fits && names[0].split_whitespace().count() <= 3).then_some(names);
    }
    if numbers_only {
        // `0,1,2` above rows of as many.
        let texts: Vec<&str> = names.iter().map(String::as_str).collect();
        let counts = delimiter != b' ' && WideColumns::of(&texts).is_some_and(|w| w.is_header());
        return (counts && fields?.len() == names.len()).then_some(names);
    }
    let Some(fields) = fields else {
        // A header without rows holds no numbers, and says so.
        return (delimiter != b' ' && is_known(&names)).then_some(names);
    };
    // R and pandas leave the names of rows without one.
    if fields.len() == names.len() + 1 && !fields[0].is_empty() {
        names.insert(0, String::new());
    }
    // Prose and lines of labels have no row of as many fields below them.
    let fits = fields.len() == names.len()
        && (fields.iter().any(number) || says_who(&names, delimiter))
        && names
            .iter()
            .all(|name| !number(name) || names::numbered(name).is_some())
        && (!matches!(delimiter, b' ' | b'|') || is_known(&names));
    (fits && !fields_repeat(&names, &fields)).then_some(names)
}

/// Whether a line has the shape of the one above it: then neither is a header.
fn fields_repeat(names: &[String], fields: &[String]) -> bool {
    let is_number = |field: &String| number::parse(field.trim().as_bytes()).is_some();
    let mut pairs = names.iter().zip(fields);
    names.iter().any(is_number) && pairs.all(|(name, field)| is_number(name) == is_number(field))
}

/// Whether names say who drew or what, and so stand above words too: any of them between commas, all of them
/// between blanks.
fn says_who(names: &[String], delimiter: u8) -> bool {
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let known = |name: &String| match names::claim(name) {
        Claim::Is(column) => column == Column::Value || column.label().is_some(),
        _ => false,
    };
    WideColumns::of(&texts).is_some_and(|wide| wide.is_header())
        || delimiter != b' ' && names.iter().any(known)
}

/// Whether any name says what its column is.
fn is_known(names: &[String]) -> bool {
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let known = |name: &String| !name.trim().is_empty() && names::claim(name) != Claim::Unknown;
    names.iter().any(known) || WideColumns::of(&texts).is_some_and(|wide| wide.is_header())
}

impl Table {
    /// Reads the rows.
    pub fn read(self, source: &mut dyn Read, of: &TextSource<'_>) -> Result<Rows, CaptureError> {
        let mut rows = Rows::new();
        for note in self.notes {
            rows.note(0, note);
        }
        let mut content = Content::new(of.reading);
        let mut body = Body {
            layout: self.layout,
            fields: self.fields,
            rows,
            last: (Vec::new(), usize::MAX),
            key: Vec::new(),
            recent: Recent::default(),
            numbers: Vec::new(),
            incomplete: 0,
            widths: Widths::default(),
        };
        let mut header = self.header;
        let mut messages = 0;
        content
            .for_each(source, |line, bytes| {
                if let Some(names) = &header {
                    if names == bytes {
                        header = None;
                    } else {
                        messages += 1;
                    }
                    return Ok(());
                }
                body.row(
                    bytes,
                    of.base,
                    At {
                        file: of.name,
                        line,
                    },
                )
            })
            .map_err(|error| line_error(error, of.name))?;
        let mut rows = body.finish(of)?;
        content.see_messages(messages);
        content.report(&mut rows);
        Ok(rows)
    }
}

/// The rows of a table as they come.
struct Body {
    layout: TableLayout,
    fields: Fields,
    rows: Rows,
    last: (Vec<u8>, usize),
    key: Vec<u8>,
    recent: Recent,
    numbers: Vec<Number>,
    /// Rows of several values in which some are missing.
    incomplete: u64,
    widths: Widths,
}

/// How many values rows hold.
#[derive(Default)]
struct Widths {
    rows: usize,
    /// That of the first row, and whether it is that of all.
    first: usize,
    uneven: bool,
}

impl Widths {
    fn see(&mut self, width: usize) {
        if self.rows == 0 {
            self.first = width;
        }
        self.uneven |= width != self.first;
        self.rows += 1;
    }

    /// Of lists in cells: the width of all rows, where streams have several of them, and 1 where every stream is one
    /// list.
    fn of_lists(&self, streams: usize) -> usize {
        match !self.uneven && self.first <= LONGEST_ROW && self.rows > streams {
            true => self.first,
            false => 1,
        }
    }
}

impl Body {
    fn row(&mut self, bytes: &[u8], base: &Identity, at: At<'_>) -> Result<(), CaptureError> {
        let rows = &mut self.rows;
        let head = match &mut self.layout {
            TableLayout::Wide(wide) => return wide.row(bytes, &mut self.fields, rows, base, at),
            TableLayout::Long(head) => head,
        };
        if let Some((labels, value)) = head.split_last(bytes)
            && let Some(stream) = self.recent.stream(labels)
            && let Some(number) = head.notations[0].parse(value)
        {
            return rows.push(stream, number).map_err(|problem| at.bad(problem));
        }
        let row = self
            .fields
            .take_apart(bytes, head.delimiter, head.columns.len())
            .map_err(|problem| at.bad(problem))?;
        // Numbers first: a line that is none, such as a message, leaves no trace.
        self.numbers.clear();
        for (&value, &notation) in head.values.iter().zip(&head.notations) {
            let cell = row.field(value);
            match notation {
                Notation::Lists => at.list(cell, &mut self.numbers)?,
                _ => self.numbers.push(at.number(notation, cell)?),
            }
        }
        self.widths.see(self.numbers.len());
        row.key(&head.labels, head.delimiter, &mut self.key);
        if self.last.1 == usize::MAX || self.key != self.last.0 {
            if let Some(empty) = row.first_empty(&head.labels) {
                return Err(at.bad(format!("no label in column {}", empty + 1)));
            }
            let stream = rows.stream(&self.key, || head.identity(&row, base));
            self.last.0.clone_from(&self.key);
            self.last.1 = stream;
        }
        let stream = self.last.1;
        if self.numbers.len() > 1 && self.numbers.iter().any(|number| number.is_missing()) {
            self.incomplete += 1;
            return Ok(());
        }
        for &number in &self.numbers {
            rows.push(stream, number)
                .map_err(|problem| at.bad(problem))?;
        }
        if let Some((labels, _)) = head.split_last(bytes).filter(|_| !row.quoted) {
            self.recent.keep(labels, stream);
        }
        Ok(())
    }

    /// The streams, with what is to be known of how they were read.
    fn finish(self, of: &TextSource<'_>) -> Result<Rows, CaptureError> {
        let mut rows = self.rows;
        if self.incomplete > 0 {
            rows.note(
                self.incomplete,
                "rows in which a value is missing were left out",
            );
        }
        match self.layout {
            TableLayout::Long(head) => {
                let lists = head.notations.contains(&Notation::Lists);
                rows.set_per_row(match lists {
                    true => self.widths.of_lists(rows.streams().len()),
                    false => head.values.len(),
                });
                if of.reading.by.is_empty() {
                    head.join_counted(&mut rows, of.base);
                }
            }
            // Columns that words name are workers unless the option says otherwise.
            TableLayout::Wide(wide)
                if wide.is_plain() && (!wide.is_named() || of.reading.axis.is_some()) =>
            {
                grid::turn(&mut rows, of, Given::Columns)?;
            }
            TableLayout::Wide(_) => {}
        }
        Ok(rows)
    }
}

pub(super) fn bad_columns(file: &str, problem: String) -> CaptureError {
    CaptureError::Columns {
        file: file.into(),
        problem,
    }
}

#[cfg(test)]
mod tests;
