//! Lines of words where others print numbers: coins as `H` and `T`, cards, names, sentences, times; alone or
//! behind a label. The lines as a whole decide, and what looks like a log is left to `text`.

mod reader;
mod rows;

use std::collections::HashSet;

pub(super) use self::reader::read;
use self::rows::{Split, WordRows, common_fields, numbered, split};
use super::{
    content::Opening,
    error::CaptureError,
    identity::Identity,
    marks::{self, LineShape},
    notation::Notation,
    text::{Marks, marks_of},
    text_source::TextSource,
    words::shorten,
};

/// Lines that tell at once that a text holds numbers.
const FIRST: usize = 16;
/// Fewest lines of single words, and of sentences: fewer may say anything.
const FEWEST_WORDS: usize = 4;
const FEWEST_SENTENCES: usize = 8;

/// Times that each word comes on average, from which on one that never comes again is none of them.
const SURELY: usize = 16;

/// How a text of words is read.
pub(super) struct WordLines {
    stand: Stand,
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
        stand: Stand::Plain,
        notation: Notation::Plain,
        split: Split::Whole,
        sentences: false,
        timed: false,
        header: false,
    };
}

/// Where values stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// Alone on their lines, perhaps below headings.
    Plain,
    /// Behind labels.
    Labelled,
    /// Behind `[7]`, as R prints vectors.
    Places,
    /// Behind a number, as in `3 H`.
    Numbered,
    /// Behind a number that counts the lines.
    Counted,
}

/// Whether a line begins with a label in brackets, and so is no list: `[rank 3] H`.
pub(super) fn is_tagged(line: &[u8]) -> bool {
    let bracketed = matches!(line.trim_ascii_start().first(), Some(b'[' | b'('));
    bracketed
        && match marks::shape_of_words(line) {
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
    let (stand, bodies) =
        if most(marked.len()) && marks_of(&said, marks::shape_of_words) == Marks::Places {
            (Stand::Places, marked)
        } else if most(labelled.len() + marked.len()) {
            labelled.extend(marked);
            (Stand::Labelled, labelled)
        } else if let Some((words, counts)) =
            numbered(&said).filter(|(_, counts)| *counts || !headed && !of.rows_are_own())
        {
            let stand = match counts {
                true => Stand::Counted,
                false => Stand::Numbered,
            };
            (stand, words)
        } else if few {
            (Stand::Plain, said)
        } else {
            return Ok(None);
        };
    let behind = |line: &&[u8]| marks::behind_time(line).is_some_and(|rest| !rest.is_empty());
    let timed = stand == Stand::Plain && bodies.iter().all(behind);
    let bodies: Vec<&[u8]> = bodies.into_iter().map(|body| value(body, timed)).collect();
    let split = match stand {
        Stand::Places => Split::Blanks,
        Stand::Labelled => split(&bodies),
        _ if headed || of.rows_are_own() => split(&bodies),
        _ if split(&bodies) == Split::Blanks => return Err(rows_without_names(&bodies, of)),
        _ => Split::Whole,
    };
    told(
        &bodies,
        WordLines {
            stand,
            split,
            timed,
            ..WordLines::WHOLE
        },
        of,
    )
}

/// An error for rows of words of which nothing says whether each is one value.
fn rows_without_names(bodies: &[&[u8]], of: &TextSource<'_>) -> CaptureError {
    let count = WordRows::of(bodies[0], Split::Blanks).count();
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

/// How bodies of lines are read, if they are values.
fn told(
    bodies: &[&[u8]],
    lines: WordLines,
    of: &TextSource<'_>,
) -> Result<Option<WordLines>, CaptureError> {
    let stand = lines.stand;
    let words: Vec<&[u8]> = bodies
        .iter()
        .flat_map(|body| WordRows::of(body, lines.split))
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
        Notation::Plain | Notation::Unknown | Notation::Either | Notation::Lists => {
            return Ok(None);
        }
        Notation::Written(_) | Notation::Hex(_) if stand == Stand::Plain => return Ok(None),
        Notation::Written(_) | Notation::Hex(_) => return found(true, false),
        Notation::Token(_) => {}
    }
    let blank = |word: &&&[u8]| word.iter().any(u8::is_ascii_whitespace) && !marks::is_time(word);
    let sentences = words.iter().filter(blank).count();
    let is_header = stand == Stand::Plain && names_the_others(&words);
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
        if times_rise(&words) && stand == Stand::Plain {
            return Err(bad(
                of,
                format!(
                    "the times, from `{}` on, only rise, as those of a clock do; --match '(?<value>.+)' reads them \
                     as what was drawn",
                    shorten(words[0])
                ),
            ));
        }
        let enough = match stand {
            Stand::Plain => words.len() >= FEWEST_WORDS,
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

/// The levels of a factor and the names of columns, which R prints below and above words; the name of a series
/// that pandas prints below.
fn is_printed(line: &[u8]) -> bool {
    line.starts_with(b"Levels:")
        || line.starts_with(b"Name: ") && marks::is_message(line)
        || matches!(marks::shape(line), LineShape::Matrix(_))
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

#[cfg(test)]
mod tests;
