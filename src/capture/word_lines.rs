//! Lines of words where others print numbers: coins as `H` and `T`, cards, names, sentences, times; alone or
//! behind a label. The lines as a whole decide, and what looks like a log is left to `text`.

use std::{collections::HashSet, io::Read};

use super::{
    at::{At, line_error},
    content::{Content, Opening},
    error::CaptureError,
    marks::{self, LineShape},
    notation::Notation,
    number::{self, Number},
    rows::Rows,
    text::{Marks, marks_of},
    text_source::TextSource,
    tree::{Identity, Part},
    words::shorten,
};

/// Lines that tell at once that a text holds numbers.
const FIRST: usize = 16;
/// Words of rows, rather than of sentences: short ones, or few that come again and again.
const SHORT: usize = 3;
const FEW_WORDS: usize = 3;
/// Fewest lines of single words, and of sentences: fewer may say anything.
const FEWEST_WORDS: usize = 4;
const FEWEST_SENTENCES: usize = 8;

/// Times that each word comes on average, from which on one that never comes again is none of them.
const SURELY: usize = 16;

/// How a text of words is read.
pub(super) struct WordLines {
    form: Form,
    notation: Notation,
    split: Split,
    /// Whether a value may hold blanks.
    sentences: bool,
    /// Whether a time stands before every value.
    timed: bool,
    /// Whether the first line names the column.
    header: bool,
}

impl WordLines {
    /// A word a line.
    const WHOLE: Self = Self {
        form: Form::Plain,
        notation: Notation::Plain,
        split: Split::Whole,
        sentences: false,
        timed: false,
        header: false,
    };
}

/// Where values stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Alone on their lines, perhaps below headings.
    Plain,
    /// Behind labels.
    Labelled,
    /// Behind `[7]`, as R prints vectors.
    Places,
    /// Behind a number, as in `3 H`.
    Numbered,
}

/// What separates the words of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Split {
    /// Nothing: it is one value.
    Whole,
    Blanks,
    Commas,
}

/// Whether a line begins with a label in brackets, and so is no list: `[rank 3] H`.
pub(super) fn is_tagged(line: &[u8]) -> bool {
    match marks::shape_of_words(line) {
        LineShape::Labelled(_, rest) | LineShape::Marked(_, rest) => {
            !matches!(rest.first(), None | Some(b',' | b'[' | b']' | b'{' | b'('))
        }
        _ => false,
    }
}

/// Whether a line is numbers, perhaps behind a label.
fn is_numeric(line: &[u8]) -> bool {
    match marks::shape(line) {
        LineShape::Plain(rest)
        | LineShape::Labelled(_, rest)
        | LineShape::Named(_, rest)
        | LineShape::Marked(_, rest)
        | LineShape::MatrixRow(_, rest) => !rest.is_empty() && marks::all_numbers(rest),
        LineShape::Matrix(_) | LineShape::Other => false,
    }
}

/// Recognises a text whose lines hold words.
///
/// # Errors
/// Where the words are cells of a table without a header.
pub(super) fn recognise(
    start: &Opening<'_>,
    of: &TextSource<'_>,
) -> Result<Option<WordLines>, CaptureError> {
    let lines = &start.all;
    let first = &lines[..lines.len().min(FIRST)];
    let numeric = |lines: &[&[u8]]| lines.iter().filter(|line| is_numeric(line)).count();
    let nested = |line: &&[u8]| line.trim_ascii_start().starts_with(b"- - ");
    if 2 * numeric(first) > first.len()
        || 10 * numeric(lines) > lines.len()
        || lines.iter().any(nested)
    {
        return Ok(None);
    }
    let vectors = lines
        .iter()
        .any(|line| line.trim_ascii_start().starts_with(b"[1]"));
    // Lines that name a level are messages for certain, however many they are.
    let others = lines
        .iter()
        .copied()
        .filter(|line| heading(line, vectors).is_none() && !is_log(line) && !is_printed(line));
    let (told_to_people, said): (Vec<&[u8]>, Vec<&[u8]>) = others.partition(|line| is_said(line));
    if said.is_empty() || 9 * told_to_people.len() > said.len() {
        return Ok(None);
    }
    let headed = lines
        .iter()
        .any(|line| heading(line, vectors).is_some_and(|identity| !identity.task.is_empty()));
    let shapes = said.iter().map(|line| marks::shape_of_words(line));
    let (mut labelled, mut marked) = (Vec::new(), Vec::new());
    for shape in shapes {
        match shape {
            LineShape::Labelled(_, rest) if !rest.is_empty() => labelled.push(rest),
            LineShape::Marked(_, rest) => marked.push(rest),
            _ => {}
        }
    }
    let most = |count: usize| 10 * count >= 9 * said.len();
    let few = 10 * (labelled.len() + marked.len()) <= said.len();
    let (form, bodies) =
        if most(marked.len()) && marks_of(&said, marks::shape_of_words) == Marks::Places {
            (Form::Places, marked)
        } else if most(labelled.len() + marked.len()) {
            labelled.extend(marked);
            (Form::Labelled, labelled)
        } else if let Some(words) = numbered(&said).filter(|_| !headed && !of.rows_are_own()) {
            (Form::Numbered, words)
        } else if few {
            (Form::Plain, said)
        } else {
            return Ok(None);
        };
    let behind = |line: &&[u8]| marks::behind_time(line).is_some_and(|rest| !rest.is_empty());
    let timed = form == Form::Plain && bodies.iter().all(behind);
    let bodies: Vec<&[u8]> = bodies.into_iter().map(|body| value(body, timed)).collect();
    let split = match form {
        Form::Places => Split::Blanks,
        Form::Labelled => split(&bodies),
        _ if headed || of.rows_are_own() => split(&bodies),
        _ if split(&bodies) == Split::Blanks => return Err(rows_without_names(&bodies, of)),
        _ => Split::Whole,
    };
    told(
        &bodies,
        WordLines {
            form,
            split,
            timed,
            ..WordLines::WHOLE
        },
        of,
    )
}

/// An error for rows of words of which nothing says whether each is one value.
fn rows_without_names(bodies: &[&[u8]], of: &TextSource<'_>) -> CaptureError {
    let count = Words::of(bodies[0], Split::Blanks).count();
    bad(
        of,
        format!(
            "rows of {count} words, such as `{}`: a line of names before them, `w0 w1 …`, says that each column is a \
             worker, `worker 3:` before each that it is the list of one, --match '(?<value>.+)' that every line is one \
             value",
            shorten(bodies[0])
        ),
    )
}

fn bad(of: &TextSource<'_>, problem: String) -> CaptureError {
    CaptureError::BadLine {
        file: of.name.into(),
        line: 1,
        problem,
    }
}

/// The second words of lines of two, where the first is a small number that comes again.
fn numbered<'a>(lines: &[&'a [u8]]) -> Option<Vec<&'a [u8]>> {
    let pairs: Vec<(u64, &[u8])> = lines.iter().map(|line| pair(line)).collect::<Option<_>>()?;
    let workers: HashSet<u64> = pairs.iter().map(|(worker, _)| *worker).collect();
    (2 * workers.len() <= pairs.len()).then(|| pairs.into_iter().map(|(_, word)| word).collect())
}

/// `3 H`, `3,H`: a number and a word.
fn pair(line: &[u8]) -> Option<(u64, &[u8])> {
    let line = line.trim_ascii();
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let delimiter = *line.get(digits).filter(|byte| b" \t,;".contains(byte))?;
    let word = line[digits + 1..].trim_ascii();
    let one = !word.is_empty()
        && !word.contains(&delimiter)
        && (word[0] == b'"' || !word.iter().any(u8::is_ascii_whitespace));
    let worker = std::str::from_utf8(&line[..digits]).ok()?.parse().ok();
    worker
        .filter(|worker| one && *worker <= u64::from(u32::MAX))
        .map(|worker| (worker, word))
}

/// How lists of words behind labels are written.
fn split(bodies: &[&[u8]]) -> Split {
    let plain = |body: &&&[u8]| !matches!(body.first(), Some(b'"' | b'\'' | b'[' | b'(' | b'{'));
    let bodies: Vec<&[u8]> = bodies.iter().filter(plain).copied().collect();
    let words = |split| bodies.iter().flat_map(move |body| Words::of(body, split));
    if bodies.is_empty() {
        return Split::Whole;
    }
    let single = |word: &[u8]| !word.iter().any(u8::is_ascii_whitespace);
    if bodies.iter().all(|body| body.contains(&b',')) && words(Split::Commas).all(single) {
        return Split::Commas;
    }
    let several = bodies.iter().filter(|body| !single(body)).count();
    if 2 * several < bodies.len() || bodies.iter().all(|body| marks::is_time(body)) {
        return Split::Whole;
    }
    // `coin H`: a word that stands at one place of all bodies, and nowhere else, is no value.
    let rows: Vec<Vec<&[u8]>> = bodies
        .iter()
        .map(|body| Words::of(body, Split::Blanks).collect())
        .collect();
    let constant = |at: usize| {
        let word = rows[0][at];
        let only_there = |row: &Vec<&[u8]>| {
            row.iter()
                .enumerate()
                .all(|(place, other)| (*other == word) == (place == at))
        };
        rows.iter().all(only_there)
    };
    if rows.len() > 1 && (0..rows[0].len()).any(constant) {
        return Split::Whole;
    }
    let (mut all, mut short) = (0, true);
    let mut distinct = HashSet::new();
    for word in words(Split::Blanks) {
        all += 1;
        short &= word.len() <= SHORT && number::parse(word).is_none();
        distinct.insert(word);
    }
    let few = distinct.len() <= FEW_WORDS && 5 * distinct.len() <= all;
    match short || few && words(Split::Blanks).all(|word| number::parse(word).is_none()) {
        true => Split::Blanks,
        false => Split::Whole,
    }
}

/// How bodies of lines are read, if they are values.
fn told(
    bodies: &[&[u8]],
    lines: WordLines,
    of: &TextSource<'_>,
) -> Result<Option<WordLines>, CaptureError> {
    let form = lines.form;
    let words: Vec<&[u8]> = bodies
        .iter()
        .flat_map(|body| Words::of(body, lines.split))
        .collect();
    let Some(notation) = Notation::of_words(words.iter().copied(), of.reading.comma) else {
        return Ok(None);
    };
    let several = words.len() > bodies.len();
    let found = |sentences, header| {
        Ok(Some(WordLines {
            notation,
            sentences,
            header,
            ..lines
        }))
    };
    match notation {
        // What stands alone with a unit, or as a known identifier, is read as numbers are.
        Notation::Plain | Notation::Unknown | Notation::Either => return Ok(None),
        Notation::Written(_) | Notation::Hex(_) if form == Form::Plain => return Ok(None),
        Notation::Written(_) | Notation::Hex(_) => return found(true, false),
        Notation::Token(_) => {}
    }
    let blank = |word: &&&[u8]| word.iter().any(u8::is_ascii_whitespace) && !marks::is_time(word);
    let sentences = words.iter().filter(blank).count();
    let is_header = form == Form::Plain && names_the_others(&words);
    if 20 * sentences <= words.len() {
        if let Some(fields) = common_fields(&words).filter(|_| !several) {
            return Err(bad(
                of,
                format!(
                    "rows of {fields} fields without names, such as `{}`; put a line such as `worker,value` \
                     before them",
                    shorten(words[0])
                ),
            ));
        }
        if times_rise(&words) && form == Form::Plain {
            return Err(bad(
                of,
                format!(
                    "the times, from `{}` on, only rise, as those of a clock do; --match '(?<value>.+)' reads them \
                     as what was drawn",
                    shorten(words[0])
                ),
            ));
        }
        let enough = match form {
            Form::Plain => words.len() >= FEWEST_WORDS,
            _ => words.len() > 1,
        };
        return match enough {
            true => found(false, is_header),
            false => Ok(None),
        };
    }
    let numbers = |word: &&&[u8]| word.iter().any(u8::is_ascii_digit) || word.contains(&b'=');
    let with_numbers = words.iter().filter(numbers).count();
    match words.len() >= FEWEST_SENTENCES && 20 * with_numbers <= words.len() {
        true => found(true, is_header),
        false => Ok(None),
    }
}

/// Whether a line says to people what a program does, and is no value: with a level, or `Loading the data`.
fn is_said(line: &[u8]) -> bool {
    let spoken = || match marks::shape_of_words(line) {
        LineShape::Labelled(_, rest) | LineShape::Marked(_, rest) if !rest.is_empty() => rest,
        _ => line,
    };
    is_log(line) || marks::is_doing(spoken())
}

/// Whether a line names a level, and is no time that was drawn.
fn is_log(line: &[u8]) -> bool {
    marks::is_log(line) && !marks::is_time(line.trim_ascii())
}

/// The levels of a factor and the names of columns, which R prints below and above words.
fn is_printed(line: &[u8]) -> bool {
    line.starts_with(b"Levels:") || matches!(marks::shape(line), LineShape::Matrix(_))
}

/// What a heading says. Only among vectors that R has printed does `$w3` name one.
fn heading(line: &[u8], vectors: bool) -> Option<Identity> {
    match marks::shape(line) {
        LineShape::Labelled(identity, b"") if vectors || !line.starts_with(b"$") => Some(identity),
        _ => None,
    }
}

/// A value without blanks around it, and without the time before it.
fn value(body: &[u8], timed: bool) -> &[u8] {
    let rest = match timed {
        true => marks::behind_time(body.trim_ascii()).unwrap_or(body),
        false => body,
    };
    rest.trim_ascii()
}

/// Whether all words have the same number of fields, and several of them.
fn common_fields(words: &[&[u8]]) -> Option<usize> {
    [b',', b';', b'\t'].into_iter().find_map(|delimiter| {
        let fields = |word: &&[u8]| 1 + word.iter().filter(|byte| **byte == delimiter).count();
        let first = fields(words.first()?);
        (first > 1 && words.iter().all(|word| fields(word) == first)).then_some(first)
    })
}

/// Whether words are times that never fall.
fn times_rise(words: &[&[u8]]) -> bool {
    words.len() > 2 && words.iter().all(|word| marks::is_time(word)) && words.is_sorted()
}

/// Whether the first word is the name of the others: these come again and again, or are written otherwise, and
/// it is not one of them.
fn names_the_others(words: &[&[u8]]) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    let distinct: HashSet<&[u8]> = rest.iter().copied().collect();
    let is_name = |word: &[u8]| {
        let letters = word
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
        letters && word.len() > 1
    };
    let again =
        |times: usize| times * distinct.len() <= rest.len() && rest.len() >= FEWEST_SENTENCES;
    let otherwise = rest.iter().all(|word| !is_name(word));
    let times = rest.iter().all(|word| marks::is_time(word));
    let named = again(SURELY) || otherwise && (times || again(4));
    is_name(first) && named && !distinct.contains(first)
}

/// The values of a body: the elements of a list, texts in quotes, or all of it.
struct Words<'a> {
    rest: &'a [u8],
    /// Whether blanks separate, and whether commas do.
    blanks: bool,
    commas: bool,
}

impl<'a> Words<'a> {
    fn of(body: &'a [u8], split: Split) -> Self {
        let body = body.trim_ascii();
        let inner = match (body.first(), body.last()) {
            (Some(b'['), Some(b']')) | (Some(b'('), Some(b')')) | (Some(b'{'), Some(b'}')) => {
                Some(&body[1..body.len() - 1])
            }
            _ => None,
        };
        let quoted = matches!(body.first(), Some(b'"' | b'\''));
        let commas = inner.is_some_and(|inner| inner.contains(&b','))
            || inner.is_none() && body.contains(&b',') && (quoted || split == Split::Commas);
        Self {
            rest: inner.unwrap_or(body),
            blanks: split == Split::Blanks || quoted || inner.is_some() && !commas,
            commas,
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (blanks, commas) = (self.blanks, self.commas);
        let ends = move |byte: u8| commas && byte == b',' || blanks && byte.is_ascii_whitespace();
        let rest = self.rest.trim_ascii();
        let start = rest
            .iter()
            .position(|&byte| !ends(byte) && !byte.is_ascii_whitespace())?;
        let rest = &rest[start..];
        let quote = rest
            .first()
            .copied()
            .filter(|byte| matches!(byte, b'"' | b'\''));
        let close = quote.and_then(|quote| memchr::memchr(quote, &rest[1..]));
        if let Some(close) = close {
            self.rest = &rest[close + 2..];
            return Some(&rest[1..close + 1]);
        }
        let end = rest
            .iter()
            .position(|&byte| ends(byte))
            .unwrap_or(rest.len());
        self.rest = &rest[end..];
        Some(rest[..end].trim_ascii()).filter(|word| !word.is_empty())
    }
}

/// Reads the lines.
pub(super) fn read(
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
            if told.form == Form::Numbered {
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
    if told.form == Form::Numbered {
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
        if let Some(identity) = heading(bytes, self.told.form == Form::Places) {
            self.heading(identity);
            return Ok(());
        }
        if is_printed(bytes) {
            return Ok(());
        }
        if is_said(bytes) {
            return Err(at.refused(bytes));
        }
        match (self.told.form, marks::shape_of_words(bytes)) {
            (Form::Labelled, LineShape::Labelled(label, rest)) => self.labelled(label, rest, at),
            (Form::Labelled, LineShape::Marked(worker, rest)) => self.labelled(
                Identity::default().with_task(Part::Number(worker)),
                rest,
                at,
            ),
            (Form::Labelled, _) => Err(at.refused(bytes)),
            (Form::Places, LineShape::Marked(_, rest)) => {
                self.marked += 1;
                self.plain(rest, at)
            }
            (Form::Numbered, _) => match pair(bytes) {
                Some((worker, word)) => {
                    let label = Identity::default().with_task(Part::Number(worker));
                    self.labelled(label, word, at)
                }
                None => Err(at.refused(bytes)),
            },
            (Form::Places, _) => Err(at.refused(bytes)),
            (Form::Plain, _) => self.plain(bytes, at),
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
        Words::of(body, self.told.split).map(one).collect()
    }
}

#[cfg(test)]
mod tests;
