//! A line of a table as its fields.

use super::{lines::trim, marks, number};

/// Takes lines apart, one after another.
#[derive(Debug, Default)]
pub(super) struct Fields {
    spans: Vec<(usize, usize)>,
    unquoted: Vec<u8>,
    /// The names that stand before values, of lines of settings.
    names: Vec<Vec<u8>>,
}

/// What stands for a delimiter where fields are settings: `worker=0 value=0.5`.
pub(super) const SETTINGS: u8 = b'=';

/// A line that was taken apart.
#[derive(Debug)]
pub(super) struct FieldRow<'a> {
    text: &'a [u8],
    spans: &'a [(usize, usize)],
    /// Whether a field stood in quotes.
    pub quoted: bool,
}

impl Fields {
    /// The fields of a line, which must be so many.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn take_apart<'a>(
        &'a mut self,
        line: &'a [u8],
        delimiter: u8,
        columns: usize,
    ) -> Result<FieldRow<'a>, String> {
        let row = self.of_line(line, delimiter)?;
        if row.len() != columns {
            return Err(format!(
                "{} fields where the header has {columns}",
                row.len()
            ));
        }
        Ok(row)
    }

    /// The fields of a line, however many. Blanks separate in any number.
    ///
    /// # Errors
    /// When quotes do not pair.
    pub fn of_line<'a>(
        &'a mut self,
        line: &'a [u8],
        delimiter: u8,
    ) -> Result<FieldRow<'a>, String> {
        let quoted = memchr::memchr(b'"', line).is_some();
        let text = if delimiter == SETTINGS {
            self.split_settings(line)?;
            line
        } else if delimiter == b' ' {
            split_blanks(line, &mut self.spans);
            line
        } else if delimiter == b'|' {
            split_bars(line, &mut self.spans);
            line
        } else if quoted {
            unquote(line, delimiter, &mut self.unquoted, &mut self.spans)?;
            self.unquoted.as_slice()
        } else {
            split(line, delimiter, &mut self.spans);
            line
        };
        Ok(FieldRow {
            text,
            spans: &self.spans,
            quoted,
        })
    }
}

impl Fields {
    /// Lines of settings with these names.
    pub fn of_settings(names: &[String]) -> Self {
        Self {
            names: names.iter().map(|name| name.clone().into_bytes()).collect(),
            ..Self::default()
        }
    }

    /// Splits a line of settings: where the values of the names stand.
    fn split_settings(&mut self, line: &[u8]) -> Result<(), String> {
        self.spans.clear();
        let mut names = self.names.iter();
        for setting in settings(line) {
            let (name, value) = setting.ok_or("a word that is no setting, as `value=0.5` is")?;
            if names.next().is_none_or(|own| own != name) {
                return Err("other settings than the lines before".into());
            }
            let start = value.as_ptr() as usize - line.as_ptr() as usize;
            self.spans.push((start, start + value.len()));
        }
        Ok(())
    }
}

/// The settings of a line, name and value, as `worker=0 x=0.5` and `rank 0 x 0.5` have them; `None` for a word that
/// is none. A time may stand before them.
pub(super) fn settings(line: &[u8]) -> impl Iterator<Item = Option<(&[u8], &[u8])>> {
    let behind = marks::behind_time(line).filter(|rest| !rest.is_empty());
    let mut words = words_of(behind.unwrap_or(line));
    std::iter::from_fn(move || {
        let word = words.next()?;
        let at = memchr::memchr(b'=', word).filter(|at| *at > 0 && at + 1 < word.len());
        if let Some(at) = at {
            let (name, value) = (&word[..at], &word[at + 1..]);
            return Some(is_name(name).then_some((name, value)));
        }
        let name = word
            .strip_suffix(b":")
            .or_else(|| word.strip_suffix(b"="))
            .unwrap_or(word);
        let value = words.next().and_then(|next| match next {
            b"=" | b":" if name.len() == word.len() => words.next(),
            next => Some(next),
        });
        let value = value.map(|value| value.strip_suffix(b":").unwrap_or(value));
        let number =
            value.filter(|value| number::parse(value).is_some() || number::is_missing(value));
        Some(number.filter(|_| is_name(name)).map(|value| (name, value)))
    })
}

fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphabetic)
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// The words between blanks, commas and semicolons; those within quotes are one.
fn words_of(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b';');
    let mut rest = line;
    std::iter::from_fn(move || {
        let start = rest.iter().position(|&byte| !ends(byte))?;
        let mut quoted = false;
        let end = rest[start..].iter().position(|&byte| {
            quoted ^= byte == b'"';
            !quoted && ends(byte)
        });
        let (word, after) = rest[start..].split_at(end.unwrap_or(rest.len() - start));
        rest = after;
        Some(word)
    })
}

/// Splits a line at its bars; those at both ends frame it.
fn split_bars(line: &[u8], fields: &mut Vec<(usize, usize)>) {
    split(line, b'|', fields);
    let trimmed = line.trim_ascii();
    if fields.len() > 2 && trimmed.first() == Some(&b'|') {
        fields.remove(0);
    }
    if fields.len() > 2 && trimmed.last() == Some(&b'|') {
        fields.pop();
    }
}

impl<'a> FieldRow<'a> {
    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// What stands in a column.
    pub fn field(&self, column: usize) -> &'a [u8] {
        let (from, to) = self.spans[column];
        &self.text[from..to]
    }

    /// What stands in some columns, as one text.
    pub fn key(&self, columns: &[usize], delimiter: u8, key: &mut Vec<u8>) {
        key.clear();
        for &column in columns {
            key.extend_from_slice(self.field(column));
            key.push(delimiter);
        }
    }

    /// The first of some columns in which nothing stands.
    pub fn first_empty(&self, columns: &[usize]) -> Option<usize> {
        let empty = |column: &usize| trim(self.field(*column)).is_empty();
        columns.iter().copied().find(empty)
    }
}

/// Splits a line without quotes: where its fields begin and end.
fn split(line: &[u8], delimiter: u8, fields: &mut Vec<(usize, usize)>) {
    fields.clear();
    let mut start = 0;
    for (at, &byte) in line.iter().enumerate() {
        if byte == delimiter {
            fields.push((start, at));
            start = at + 1;
        }
    }
    fields.push((start, line.len()));
}

/// Splits a line at its blanks; quotes around a field are left out.
fn split_blanks(line: &[u8], fields: &mut Vec<(usize, usize)>) {
    fields.clear();
    let mut at = 0;
    while let Some(start) = line[at..]
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
    {
        let start = at + start;
        let end = line[start..]
            .iter()
            .position(u8::is_ascii_whitespace)
            .map_or(line.len(), |length| start + length);
        let quoted = end - start > 1 && line[start] == b'"' && line[end - 1] == b'"';
        fields.push(if quoted {
            (start + 1, end - 1)
        } else {
            (start, end)
        });
        at = end;
    }
}

/// Splits a line with quoted fields (RFC 4180), writing the bare fields to `into`.
///
/// # Errors
/// When quotes do not pair.
fn unquote(
    line: &[u8],
    delimiter: u8,
    into: &mut Vec<u8>,
    fields: &mut Vec<(usize, usize)>,
) -> Result<(), &'static str> {
    into.clear();
    fields.clear();
    let mut at = 0;
    loop {
        let start = into.len();
        if line.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match (line.get(at), line.get(at + 1)) {
                    (Some(b'"'), Some(b'"')) => {
                        into.push(b'"');
                        at += 2;
                    }
                    (Some(b'"'), _) => break,
                    (Some(&byte), _) => {
                        into.push(byte);
                        at += 1;
                    }
                    (None, _) => return Err("a quote without its end"),
                }
            }
            at += 1;
        } else {
            while let Some(&byte) = line.get(at)
                && byte != delimiter
            {
                into.push(byte);
                at += 1;
            }
        }
        fields.push((start, into.len()));
        match line.get(at) {
            None => return Ok(()),
            Some(&byte) if byte == delimiter => at += 1,
            Some(_) => return Err("text after a quoted field"),
        }
    }
}
