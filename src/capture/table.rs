//! Tables: a row a draw with label columns, several columns of draws as channels of one worker, or a
//! column a worker.

mod drawn;
mod header;
mod names_in;
mod roles;
mod sample;
mod wide;

use std::io::Read;

pub(super) use self::header::{Columns, TableLayout};
use self::names_in::{common_settings, is_known, leaves_out_labels, names_in};
pub(super) use self::sample::Sample;
use super::{
    at::{At, line_error},
    content::{Content, Opening},
    error::CaptureError,
    fields::{Fields, SETTINGS},
    grid::{self, Given},
    identity::{Identity, Part},
    lines::trim,
    marks::{self, LineShape},
    names,
    notation::Notation,
    number::Number,
    recent::Recent,
    rows::{LONGEST_ROW, Rows},
    text_source::TextSource,
    words,
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
    // Lines that say themselves who drew need no names above them.
    let below = rest.first().map(|next| marks::shape(next));
    let labelled = matches!(below, Some(LineShape::Labelled(_, numbers)) if !numbers.is_empty());
    let found = DELIMITERS.into_iter().find_map(|delimiter| {
        if labelled && delimiter == b' ' {
            return None;
        }
        let names = names_in(first, delimiter, rest.first().copied())?;
        Some((delimiter, names, rest, true))
    });
    let commented = || {
        // `# worker 3` is a heading.
        let heading = marks::section(start.comment).is_some();
        DELIMITERS
            .into_iter()
            .filter(|_| !heading)
            .find_map(|delimiter| {
                let names = names_in(start.comment, delimiter, Some(first))?;
                let known = names.len() > 1 && is_known(&names);
                known.then_some((delimiter, names, &start.lines[..], false))
            })
    };
    if let Some(problem) = leaves_out_labels(&start.all) {
        return Err(bad_columns(of.name, problem));
    }
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

impl Table {
    /// Reads the rows.
    pub fn read(self, source: &mut dyn Read, of: &TextSource<'_>) -> Result<Rows, CaptureError> {
        let mut rows = Rows::new();
        for note in self.notes {
            rows.note(0, note);
        }
        let mut content = Content::new(of.reading);
        let own_rows = match &self.layout {
            TableLayout::Long(head) => head.has_own_rows() && !of.rows_are_own(),
            TableLayout::Wide(_) => false,
        };
        let mut body = Body {
            layout: self.layout,
            own_rows,
            fields: self.fields,
            rows,
            last: (Vec::new(), usize::MAX),
            key: Vec::new(),
            recent: Recent::default(),
            numbers: Vec::new(),
            incomplete: 0,
            summed: 0,
            widths: Widths::default(),
        };
        let mut header = self.header;
        let again = header.clone();
        let mut messages = 0;
        let mut headers = 0;
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
                .or_else(|error| {
                    // Tables that were put one after another.
                    if again.as_deref() != Some(bytes) {
                        return Err(error);
                    }
                    headers += 1;
                    Ok(())
                })
            })
            .map_err(|error| line_error(error, of.name))?;
        let mut rows = body.finish(of)?;
        if headers > 0 {
            rows.note(
                headers,
                "lines are the names of columns again, and were left out",
            );
        }
        content.see_messages(messages);
        content.report(&mut rows);
        Ok(rows)
    }
}

/// The rows of a table as they come.
struct Body {
    layout: TableLayout,
    /// Whether every row is a stream: it holds a list, and no column says who drew it.
    own_rows: bool,
    fields: Fields,
    rows: Rows,
    last: (Vec<u8>, usize),
    key: Vec<u8>,
    recent: Recent,
    numbers: Vec<Number>,
    /// Rows of several values in which some are missing.
    incomplete: u64,
    /// Rows that sum up those above.
    summed: u64,
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
        self.whole_row(bytes, base, at)
    }

    /// A row that is no like of a recent one. It stands apart so that what most rows take stays short.
    #[inline(never)]
    fn whole_row(&mut self, bytes: &[u8], base: &Identity, at: At<'_>) -> Result<(), CaptureError> {
        let rows = &mut self.rows;
        let TableLayout::Long(head) = &mut self.layout else {
            return Ok(());
        };
        let (own_rows, fields) = (self.own_rows, &mut self.fields);
        let row = fields
            .take_apart(bytes, head.delimiter, head.columns.len())
            .map_err(|problem| at.bad(problem))?;
        if head
            .sums
            .is_some_and(|at| names::is_summary(trim(row.field(at))))
        {
            self.summed += 1;
            return Ok(());
        }
        // Numbers first: a line that is none, such as a message, leaves no trace.
        self.numbers.clear();
        for (&value, &notation) in head.values.iter().zip(&head.notations) {
            let cell = row.field(value);
            match notation {
                Notation::Lists if own_rows && words::depth_of(cell) > 1 => {
                    return Err(at.bad(
                        "lists of lists in a cell, and no column that says which worker drew them: write a row a \
                         worker, with a column `worker`"
                            .into(),
                    ));
                }
                Notation::Lists => at.list(cell, &mut self.numbers)?,
                _ => self.numbers.push(at.number(notation, cell)?),
            }
        }
        self.widths.see(self.numbers.len());
        row.key(&head.labels, head.delimiter, &mut self.key);
        if own_rows {
            self.key.extend((self.widths.rows as u64).to_le_bytes());
        }
        if self.last.1 == usize::MAX || self.key != self.last.0 {
            if let Some(empty) = row.first_empty(&head.labels) {
                return Err(at.bad(format!("no label in column {}", empty + 1)));
            }
            let place = self.widths.rows as u64 - 1;
            let stream = rows.stream(&self.key, || match own_rows {
                true => head.identity(&row, base).with_task(Part::Number(place)),
                false => head.identity(&row, base),
            });
            self.last.0.clone_from(&self.key);
            self.last.1 = stream;
        }
        let stream = self.last.1;
        if !own_rows
            && self.numbers.len() > 1
            && self.numbers.iter().any(|number| number.is_missing())
        {
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
        let summed = match &self.layout {
            TableLayout::Wide(wide) => wide.summed,
            TableLayout::Long(_) => self.summed,
        };
        if summed > 0 && rows.is_empty() {
            return Err(bad_columns(
                of.name,
                "all rows sum up draws, as mean and std do; write the draws themselves".into(),
            ));
        }
        if summed > 0 {
            rows.note(
                summed,
                "rows sum up others, as mean and total do, and were left out",
            );
        }
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
                if self.own_rows {
                    rows.note(
                        0,
                        "read with a row a worker, since each holds a list and no column says who drew it (--axis rows \
                         reads every row as a step, --by names the column that says who drew)",
                    );
                    if head.labels.is_empty() {
                        grid::turn(&mut rows, of, Given::Rows)?;
                    }
                } else if of.reading.by.is_empty() {
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
