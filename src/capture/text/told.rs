//! What the first lines of a text tell of all: how its numbers are written, and what marks before them mean.

use crate::capture::{
    counters::{self, Labelled},
    error::CaptureError,
    marks::{self, LineShape},
    names::{self, Column},
    notation::Notation,
    readings,
    rows::Rows,
    table,
    text_source::TextSource,
    tokens::Token,
    words::{shorten, tokens, tokens_with_commas},
};

/// What `[7]` before numbers means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::capture) enum Marks {
    /// The place of the first number in what is printed, as R counts.
    Places,
    /// Who drew them.
    Labels,
}

/// An error for numbers of several names, none of which says whose they are.
pub(super) fn several_names(mut names: Vec<String>, of: &TextSource<'_>) -> CaptureError {
    names.sort();
    names.truncate(5);
    CaptureError::BadLine {
        file: of.name.into(),
        line: 1,
        problem: format!(
            "the names before numbers ({}) may be workers or quantities; --match '(?<worker>\\w+)\\W+(?<value>\\S+)' \
             reads them as workers, --match '{}\\W+(?<value>\\S+)' one of them as the draws",
            names.join(", "),
            names[0]
        ),
    }
}

/// Whether a line begins with an epoch, as `Epoch 3: rank=1 loss=0.5` and `[epoch 3] [rank 1] loss: 0.5` do.
pub(super) fn begins_with_epoch(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let line = line.strip_prefix(b"[").unwrap_or(line);
    let letters = line.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let word = String::from_utf8_lossy(&line[..letters.count()]).to_ascii_lowercase();
    names::label(&word) == Some(Column::Epoch)
}

/// Joins the streams of labels that begin with an epoch and have one number each.
pub(super) fn join_epochs(rows: &mut Rows, of: &TextSource<'_>) {
    let own = of.base.task.len();
    let Some(length) = rows.streams().first().map(|(first, _)| first.task.len()) else {
        return;
    };
    let labelled = |column, name| Labelled { column, name };
    let mut labels = vec![labelled(Column::Epoch, "epoch")];
    labels.resize(length - own, labelled(Column::Worker, "worker"));
    // A key is `stream 3 1`: what runs have of their own is not joined.
    counters::join(rows, of.base, &labels, |key| {
        let key = String::from_utf8_lossy(key);
        let numbers = key.strip_prefix("stream ").unwrap_or_default();
        numbers.split(' ').map(str::to_owned).collect()
    });
}

/// The notation of the numbers in lines.
///
/// # Errors
/// Where commas could be points, and could stand between thousands.
pub(super) fn notation_of(lines: &[&[u8]], of: &TextSource<'_>) -> Result<Notation, CaptureError> {
    let comma = of.reading.comma;
    let numbers: Vec<&[u8]> = lines
        .iter()
        .map(|line| match marks::shape(line) {
            LineShape::Plain(rest) | LineShape::Labelled(_, rest) | LineShape::Named(_, rest) => {
                rest
            }
            LineShape::Marked(_, rest) | LineShape::MatrixRow(_, rest) => rest,
            LineShape::Matrix(_) | LineShape::Other => b"",
        })
        .filter(|numbers| !numbers.is_empty())
        .collect();
    // A line a number: `0,4278` may as well be the draw 4278 of worker 0, but no draw begins with a zero.
    let whole = Notation::of(numbers.iter().copied(), comma);
    let fraction = |line: &&[u8]| {
        let comma = memchr::memchr(b',', line).map(|at| &line[at + 1..]);
        line.starts_with(b"-0,") || comma.is_some_and(|rest| rest.len() > 1 && rest[0] == b'0')
    };
    let evident = || comma.is_some() || numbers.iter().any(fraction);
    let signed = matches!(whole, Notation::Written(written) if written.has_sign());
    if matches!(whole, Notation::Written(_)) && (!whole.has_commas() || signed || evident()) {
        return Ok(whole);
    }
    // Semicolons between numbers leave the comma to them.
    let separated = |line: &&[u8]| line.contains(&b';');
    if !numbers.is_empty() && numbers.iter().all(separated) {
        let words = numbers.iter().flat_map(|line| tokens_with_commas(line));
        match Notation::of(words, comma) {
            written @ Notation::Written(_) => return Ok(written),
            Notation::Either => {
                let mut words = numbers.iter().flat_map(|line| tokens_with_commas(line));
                let word = words.find(|word| word.contains(&b','));
                return Err(table::bad_columns(
                    of.name,
                    Notation::ambiguous(word.unwrap_or_default()),
                ));
            }
            _ => {}
        }
    }
    Ok(identifiers(lines).unwrap_or_else(|| {
        match Notation::of(numbers.iter().flat_map(|line| tokens(line)), comma) {
            // `x=0.5` is a number behind a name.
            Notation::Token(_) | Notation::Either => Notation::Plain,
            notation => notation,
        }
    }))
}

/// The notation of lines that are an identifier each: of one length, or with digits in most of them, as
/// prose is not.
fn identifiers(lines: &[&[u8]]) -> Option<Notation> {
    let words: Vec<&[u8]> = lines.iter().map(|line| line.trim_ascii()).collect();
    // `Some(0.5)` is a number.
    let numbers = words
        .iter()
        .filter(|word| crate::capture::words::token(word).is_some())
        .count();
    if 2 * numbers > words.len() {
        return None;
    }
    let token = Token::of(&words)?;
    let length = words.first()?.len();
    let even = length > 3 && words.iter().all(|word| word.len() == length);
    let digits = words
        .iter()
        .filter(|word| word.iter().any(u8::is_ascii_digit))
        .count();
    let marked = |word: &&[u8]| {
        word.iter()
            .any(|byte| matches!(byte, b'[' | b'=' | b':' | b','))
    };
    let labelled = words.iter().any(marked);
    (!labelled && (even || 5 * digits > 4 * words.len())).then_some(Notation::Token(token))
}

/// Whether numbers stand above the first row of a matrix that R has printed: they name its columns.
pub(super) fn has_named_columns(lines: &[&[u8]]) -> bool {
    lines.windows(2).any(|pair| {
        matches!(marks::shape(pair[1]), LineShape::MatrixRow(1, _))
            && matches!(marks::shape(pair[0]), LineShape::Plain(names) if marks::all_numbers(names))
    })
}

/// What `[7]` means, from the first lines: places where each is one more than the numbers before it.
pub(in crate::capture) fn marks_of(
    lines: &[&[u8]],
    shape: for<'a> fn(&'a [u8]) -> LineShape<'a>,
) -> Marks {
    let (mut next, mut all_first, mut several) = (1, true, false);
    for line in lines {
        let LineShape::Marked(place, rest) = shape(line) else {
            continue;
        };
        if place != 1 && place != next {
            return Marks::Labels;
        }
        let count = tokens(rest).count() as u64;
        all_first &= place == 1;
        several |= count > 1;
        next = place.saturating_add(count);
    }
    match all_first || several {
        true => Marks::Places,
        false => Marks::Labels,
    }
}

/// An error for a text in which no line is read as numbers, with one of its lines.
pub(super) fn no_numbers(message: &[u8], of: &TextSource<'_>) -> CaptureError {
    let readings = readings::both(message).unwrap_or_else(|| {
        format!(
            "the first with words is `{}`; say where the number stands, as in --match '(?<worker>\\d+).* \
             (?<value>\\S+)$', or that every line is a value, --match '(?<value>.+)'",
            shorten(message)
        )
    });
    CaptureError::BadLine {
        file: of.name.into(),
        line: 1,
        problem: format!(
            "no line is read as numbers: {readings}, or print numbers only (standard output is for numbers, \
             standard error for logs)"
        ),
    }
}
