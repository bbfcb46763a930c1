//! Lines of numbers, with or without labels before them: `.txt` and plain output.

mod counted;
mod matrix;
mod told;

use std::{collections::HashMap, io::Read};

pub(super) use self::told::{Marks, marks_of};
use self::{
    counted::Counted,
    told::{has_named_columns, notation_of},
};

use super::{
    at::{At, line_error},
    blocks::Blocks,
    content::{Content, Opening},
    error::CaptureError,
    grid,
    held::Held,
    identity::Identity,
    lists::Lists,
    marks::{self, LineShape},
    notation::Notation,
    number::{self, Number},
    rows::Rows,
    text_source::TextSource,
    words::{depth, is_setting, shorten, token, tokens, tokens_with_commas},
};

/// First lines that tell how words are written.
const LOOKED_AT: usize = 128;

/// Reads a text.
pub(super) fn read(
    source: &mut dyn Read,
    of: &TextSource<'_>,
    start: &Opening<'_>,
) -> Result<Rows, CaptureError> {
    let mut content = Content::in_sections(of.reading);
    let mut text = Text::new(of, start)?;
    content
        .for_each(source, |line, bytes| {
            text.line(
                bytes,
                At {
                    file: of.name,
                    line,
                },
            )
        })
        .map_err(|error| line_error(error, of.name))?;
    text.end_matrix()?;
    if text.rows.is_empty()
        && let Some(message) = content.first_message()
    {
        return Err(told::no_numbers(message, of));
    }
    content.see_messages(text.headings);
    let mut rows = text.finish()?;
    content.report(&mut rows);
    Ok(rows)
}

/// A text as it is read.
struct Text<'a> {
    of: &'a TextSource<'a>,
    rows: Rows,
    notation: Notation,
    marks: Marks,
    /// Marks and labels that were met.
    marked: u64,
    labelled: u64,
    /// Labels that begin with an epoch.
    epochs: u64,
    named: HashMap<Box<[u8]>, u64>,
    /// Lines with a name before their number, where others have none: what sums up.
    sums: u64,
    /// What stands first in lines below headings.
    counted: Counted,
    /// The stream that lines without a label belong to.
    current: Option<usize>,
    /// What the headings above say of the run.
    outer: Identity,
    /// Headings that name the one worker whose text it is.
    headings: u64,
    /// Blank lines among numbers without labels.
    blocks: Blocks,
    /// Whether numbers without a label were met, and the stream of such lines.
    plain: bool,
    unlabelled: Option<usize>,
    /// Brackets that are open.
    depth: i64,
    numbers: Vec<Number>,
    lists: Lists,
    matrix: Vec<Vec<Number>>,
    /// Whether numbers name the columns of a matrix, and stand above its rows.
    named_columns: bool,
    /// Below a heading of Octave's, `Columns 1 through 8:`, the row of the matrix that comes next.
    row: Option<usize>,
}

impl<'a> Text<'a> {
    fn new(of: &'a TextSource<'a>, start: &Opening<'_>) -> Result<Self, CaptureError> {
        let lines = &start.lines[..start.lines.len().min(LOOKED_AT)];
        Ok(Self {
            of,
            rows: Rows::new(),
            notation: notation_of(lines, of)?,
            marks: marks_of(lines, marks::shape),
            marked: 0,
            labelled: 0,
            epochs: 0,
            named: HashMap::new(),
            sums: 0,
            counted: Counted::default(),
            current: None,
            outer: Identity::default(),
            headings: 0,
            blocks: Blocks::default(),
            plain: false,
            unlabelled: None,
            depth: 0,
            numbers: Vec::new(),
            lists: Lists::default(),
            matrix: Vec::new(),
            named_columns: has_named_columns(lines),
            row: None,
        })
    }

    #[inline]
    fn line(&mut self, bytes: &[u8], at: At<'_>) -> Result<(), CaptureError> {
        // Most lines are one number.
        if self.labelled == 0
            && self.depth == 0
            && self.row.is_none()
            && let Some(number) = self.notation.parse(bytes)
        {
            self.plain = true;
            let of = self.of;
            let stream = *self
                .unlabelled
                .get_or_insert_with(|| self.rows.stream(b"", || of.base.clone()));
            self.rows
                .push(stream, number)
                .map_err(|problem| at.bad(problem))?;
            self.lists.add(1, false);
            return Ok(());
        }
        self.shaped(bytes, at)
            .map_err(|error| at.whole(bytes, error))
    }

    fn shaped(&mut self, bytes: &[u8], at: At<'_>) -> Result<(), CaptureError> {
        if bytes.is_empty() {
            if self.depth == 0 && self.plain {
                self.blocks.end(self.lists.total);
            }
            return Ok(());
        }
        // A comment names who drew what follows, where numbers without a label do not come first.
        if self.plain && bytes.trim_ascii_start().starts_with(b"#") {
            return Ok(());
        }
        if let Some(first) = marks::columns(bytes) {
            // The first columns are those of another matrix.
            if first == 1 {
                self.end_matrix()?;
            }
            self.row = Some(0);
            return Ok(());
        }
        if self.depth == 0 && self.plain && marks::is_vector(bytes) {
            self.blocks.end(self.lists.total);
        }
        // A list within a list of YAML begins.
        if self.depth == 0 && self.plain && bytes.trim_ascii_start().starts_with(b"- - ") {
            self.blocks.end(self.lists.total);
        }
        match marks::shape(bytes) {
            LineShape::Plain(rest) if self.row.is_some() => self.wrapped(rest, at),
            // The names of a matrix's columns.
            LineShape::Plain(_) if self.named_columns => Ok(()),
            LineShape::Plain(rest) => self.plain(rest, at),
            LineShape::Marked(place, rest) if self.marks == Marks::Places => {
                self.read(rest, at)?;
                self.marked += 1;
                self.push_plain(place != 1, at)
            }
            LineShape::Marked(worker, rest) => {
                let identity = Identity::default().with_task(super::identity::Part::Number(worker));
                self.labelled(identity, rest, at)
            }
            LineShape::Labelled(identity, rest) => {
                self.epochs += u64::from(told::begins_with_epoch(bytes));
                self.labelled(identity, rest, at)
            }
            LineShape::Named(name, rest) => {
                self.read(rest, at)?;
                if (self.labelled > 0 || self.plain) && self.named.is_empty() && self.sums_up() {
                    self.sums += 1;
                    return Ok(());
                }
                if !self.numbers.is_empty() {
                    *self.named.entry(name.into()).or_default() += 1;
                }
                self.push_plain(false, at)
            }
            LineShape::Matrix(column) => {
                if column == 1 {
                    self.end_matrix()?;
                }
                Ok(())
            }
            LineShape::MatrixRow(row, rest) => {
                self.read(rest, at)?;
                let row = row.saturating_sub(1) as usize;
                if row > self.matrix.len() {
                    return Err(at.bad("a row of a matrix without those before it".into()));
                }
                if row == self.matrix.len() {
                    self.matrix.push(Vec::new());
                }
                self.matrix[row].append(&mut self.numbers);
                Ok(())
            }
            LineShape::Other => Err(at.refused(bytes)),
        }
    }

    /// Numbers without a label: they belong to the heading above, or to nobody.
    fn plain(&mut self, rest: &[u8], at: At<'_>) -> Result<(), CaptureError> {
        let open = self.depth;
        self.read(rest, at)?;
        self.depth = (open + depth(rest)).max(0);
        self.push_plain(open > 0, at)?;
        // The list that a label stood before is closed.
        if open > 0 && self.depth == 0 {
            self.current = None;
        }
        Ok(())
    }

    /// Pushes numbers that carry no label themselves; `goes_on` says that they continue a list.
    fn push_plain(&mut self, goes_on: bool, at: At<'_>) -> Result<(), CaptureError> {
        if let Some(stream) = self.current {
            if !goes_on {
                self.counted.see(stream, &self.numbers);
            }
            return self.push(stream, at);
        }
        if self.numbers.is_empty() {
            return Ok(());
        }
        if self.labelled > 0 {
            return Err(at.bad(format!(
                "no label, where {} lines before have one; --match REGEX says where label and number \
                 stand, --skip-lines REGEX leaves lines out",
                self.labelled
            )));
        }
        self.plain = true;
        let stream = self.rows.stream(b"", || self.of.base.clone());
        self.lists.add(self.numbers.len(), goes_on);
        self.push(stream, at)
    }

    /// Whether the number of a line with a name, the first such, is none of the draws before it: those stand behind
    /// labels, or alone.
    fn sums_up(&self) -> bool {
        let drawn = |stream: usize| !self.rows.streams()[stream].1.is_empty();
        self.numbers.len() == 1 && self.depth == 0 && self.current.is_none_or(drawn)
    }

    fn labelled(&mut self, label: Identity, rest: &[u8], at: At<'_>) -> Result<(), CaptureError> {
        if self.row.is_some() {
            self.end_matrix()?;
        }
        self.read(rest, at)?;
        let heading = rest.is_empty();
        if heading && self.of.own {
            self.headings += 1;
            return Ok(());
        }
        if heading && label.task.is_empty() {
            self.outer = label;
            self.current = None;
            return Ok(());
        }
        let mut label = label;
        if label.run.is_empty() {
            label.run.clone_from(&self.outer.run);
        }
        if self.plain {
            return Err(at.bad(
                "a label, where the lines before have none; --match REGEX says where label and number \
                 stand, --skip-lines REGEX leaves lines out"
                    .into(),
            ));
        }
        self.labelled += 1;
        let key = label.to_string();
        let base = self.of.base;
        let stream = self
            .rows
            .stream(key.as_bytes(), || base.clone().followed_by(label));
        self.depth = depth(rest).max(0);
        // A heading, or a list that goes on.
        self.current = (self.numbers.is_empty() || self.depth > 0).then_some(stream);
        self.push(stream, at)
    }

    /// Takes the numbers of a line apart.
    fn read(&mut self, text: &[u8], at: At<'_>) -> Result<(), CaptureError> {
        self.numbers.clear();
        match self.notation.has_commas() {
            true => self.read_words(tokens_with_commas(text), at),
            false => self.read_words(tokens(text), at),
        }
    }

    fn read_words<'t>(
        &mut self,
        words: impl Iterator<Item = &'t [u8]>,
        at: At<'_>,
    ) -> Result<(), CaptureError> {
        for word in words {
            let number = self.notation.parse(word).or_else(|| token(word));
            match number {
                Some(number) => self.numbers.push(number),
                None if number::is_missing(word) => self.numbers.push(Number::MISSING),
                None if is_setting(word) => {}
                None => {
                    let error = at.refused(word);
                    self.numbers.clear();
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, stream: usize, at: At<'_>) -> Result<(), CaptureError> {
        for &number in &self.numbers {
            self.rows
                .push(stream, number)
                .map_err(|problem| at.bad(problem))?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Rows, CaptureError> {
        let mut rows = self.rows;
        if self.named.len() > 1 {
            let names = self.named.keys().map(|name| shorten(name)).collect();
            return Err(told::several_names(names, self.of));
        }
        let notes = [
            (
                self.marked,
                "lines carry R's print marks, as [1], which are no draws",
            ),
            (
                self.labelled,
                "lines carry labels of who drew, which are no draws",
            ),
            (
                self.named.values().sum(),
                "lines carry a name before the number, which is no draw",
            ),
        ];
        let sums = (
            self.sums,
            "lines with a name before their number were left out, since those before them have none",
        );
        for (count, what) in notes.into_iter().chain([sums]) {
            if count > 0 {
                rows.note(count, what);
            }
        }
        self.counted.leave_out(&mut rows);
        if self.epochs > 0 && self.epochs == self.labelled && self.of.reading.by.is_empty() {
            told::join_epochs(&mut rows, self.of);
        }
        let width = match self.lists.ends.is_empty() {
            true => self.lists.first,
            false => 1,
        };
        if self.labelled == 0 && !self.blocks.split(&mut rows, width, self.of)? {
            grid::split(&mut rows, &self.lists, self.of)?;
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests;
