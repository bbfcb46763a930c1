//! What stands before the numbers of a line: labels of those who drew, marks of printing, messages.
//! All of it is told by its shape, and none of it is drawn from.

mod brackets;
mod messages;
mod times;
mod whose;

use self::brackets::{bracketed, parenthesised};
use self::messages::{behind_drew, has_level};
pub(super) use self::messages::{
    columns, is_count_of_rows, is_doing_line as is_doing, is_log, is_message, is_repeat, is_types,
    is_vector,
};
pub(super) use self::times::{behind_time, is_time};
use super::{
    identity::{Identity, Part},
    names,
    words::{is_setting, token},
};

/// The shape of a line.
#[derive(Debug, PartialEq)]
pub(super) enum LineShape<'a> {
    /// Numbers, perhaps behind what says nothing of who drew them: a time, a step.
    Plain(&'a [u8]),
    /// `[7] 0.5 0.25`: R counts so what it has printed, and programs name so who drew.
    Marked(u64, &'a [u8]),
    /// `rank 3: 0.5`, or a heading without numbers.
    Labelled(Identity, &'a [u8]),
    /// `x = 0.5`: a name without a number.
    Named(&'a [u8], &'a [u8]),
    /// `[,1] [,2]`: the heading of a matrix that R has printed.
    Matrix(u64),
    /// `[3,] 0.5 0.25`: a row of it.
    MatrixRow(u64, &'a [u8]),
    /// No numbers that are told from what stands around them.
    Other,
}

/// What separates a label from its numbers.
const SEPARATORS: [u8; 4] = [b':', b'=', b'>', b'|'];

/// The shape of a line of numbers.
pub(super) fn shape(line: &[u8]) -> LineShape<'_> {
    shape_of::<false>(line)
}

/// The shape of a line of words, which may be anything.
pub(super) fn shape_of_words(line: &[u8]) -> LineShape<'_> {
    shape_of::<true>(line)
}

/// The shape of a line; with `WORDS` whatever stands behind a label is a value.
fn shape_of<const WORDS: bool>(line: &[u8]) -> LineShape<'_> {
    let line = line.trim_ascii();
    if matches!(line.first(), Some(b'#' | b'<'))
        && let Some((identity, rest)) = whose::behind_pid(line)
        && holds::<WORDS>(rest)
    {
        return LineShape::Labelled(identity, rest);
    }
    match line.first() {
        Some(b'[') => bracketed::<WORDS>(line),
        Some(b'(') => parenthesised::<WORDS>(line),
        // A row of a table that is drawn with bars.
        Some(b'|') if line.len() > 1 => {
            let row = line[1..].strip_suffix(b"|").unwrap_or(&line[1..]);
            shape_of::<WORDS>(row)
        }
        Some(b'$') if line.get(1).is_some_and(|byte| !byte.is_ascii_digit()) => heading(&line[1..]),
        Some(b'0'..=b'9') => {
            if let Some(rest) = behind_time(line) {
                return match rest.is_empty() {
                    true => LineShape::Other,
                    false => shape_of::<WORDS>(rest),
                };
            }
            numbered::<WORDS>(line)
        }
        Some(b's') if line.starts_with(b"shape: (") => LineShape::Other,
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => worded::<WORDS>(line),
        // R's slices of arrays of three axes.
        Some(b',') if line.starts_with(b", , ") => LineShape::Other,
        Some(b'=' | b'-' | b'*' | b'#' | b'~' | b'<' | b'>' | b'+' | b':') => {
            let heading = section(line);
            // An element of a list in YAML.
            heading.unwrap_or_else(|| match line.strip_prefix(b"- ") {
                Some(element) => shape_of::<WORDS>(element),
                None => LineShape::Plain(line),
            })
        }
        _ => LineShape::Plain(line),
    }
}

/// `=== worker 3 ===`, `# worker 3`, `worker 3`: a heading, which names whose the numbers below are.
pub(super) fn section(line: &[u8]) -> Option<LineShape<'static>> {
    if let Some(heading) = whose::of_file(line) {
        return Some(LineShape::Labelled(heading, b""));
    }
    let drawn = |byte: &u8| b"=-*#~<>+:_| ".contains(byte);
    let from = line.iter().position(|byte| !drawn(byte))?;
    let to = 1 + line.iter().rposition(|byte| !drawn(byte))?;
    // What is no letter of a label may be what was drawn.
    let text = std::str::from_utf8(&line[from..to])
        .ok()
        .filter(|text| text.is_ascii())?;
    let text = whose::without_total(text);
    let framed = from > 1 && to + 1 < line.len();
    let (_, identity) = names::numbered(&text)?;
    let says = names::is_heading(&text) && (from > 0 || text.contains(char::is_whitespace));
    (identity != Identity::default() && (framed || says))
        .then_some(LineShape::Labelled(identity, b""))
}

/// Who a name with a number is, whatever words stand in it: it stands in brackets, or before a bar.
fn named(name: &[u8]) -> Option<Identity> {
    let text = String::from_utf8_lossy(name.trim_ascii());
    let known = names::numbered(&text).map(|(_, identity)| identity);
    if let Some(identity) = known.filter(|identity| *identity != Identity::default()) {
        return Some(identity);
    }
    let letters = text.contains(|c: char| c.is_ascii_alphabetic());
    let numbered = text.contains(|c: char| c.is_ascii_digit());
    if !letters || !numbered || has_level(&text) || token(name).is_some() {
        return None;
    }
    let mut identity = Identity::default();
    super::identity::parts(&text, &mut identity.task);
    Some(identity)
}

/// What stands behind `of 4` at the start of a text.
fn behind_total(text: &[u8]) -> &[u8] {
    let Some(rest) = text.strip_prefix(b"of ") else {
        return text;
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match rest.get(digits) {
        Some(b' ') if digits > 0 => rest[digits..].trim_ascii(),
        _ => text,
    }
}

/// `$worker3`: an element of a named list that R has printed.
fn heading(name: &[u8]) -> LineShape<'_> {
    let name = String::from_utf8_lossy(name);
    let name = name.trim_matches('`');
    match names::numbered(name) {
        Some((_, identity)) => LineShape::Labelled(identity, b""),
        None if !name.is_empty() => {
            LineShape::Labelled(Identity::default().with_task(Part::Text(name.into())), b"")
        }
        None => LineShape::Other,
    }
}

/// Lines that begin with a digit: `3: 0.5` and `3| 0.5` are labelled, others are numbers.
fn numbered<const WORDS: bool>(line: &[u8]) -> LineShape<'_> {
    let length = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = line[length..].trim_ascii_start();
    let separated = rest.first().is_some_and(|byte| SEPARATORS.contains(byte));
    // `3 [0.5, 0.25]`: a list behind a number.
    let list = rest.len() < line.len() - length && matches!(rest.first(), Some(b'[' | b'('));
    // `3 => [0.5]` and `3 -> 0.5` are separated by two signs.
    let arrow = rest
        .strip_prefix(b"=>")
        .or_else(|| rest.strip_prefix(b"->"));
    match digits(&line[..length]) {
        Some(number) if arrow.is_some_and(holds::<WORDS>) => {
            LineShape::Labelled(worker(number), arrow.unwrap_or_default().trim_ascii())
        }
        Some(number) if list && holds::<WORDS>(rest) => LineShape::Labelled(worker(number), rest),
        Some(number) if separated && holds::<WORDS>(&rest[1..]) && behind_blank::<WORDS>(rest) => {
            LineShape::Labelled(worker(number), rest[1..].trim_ascii())
        }
        _ => LineShape::Plain(line),
    }
}

/// Lines that begin with a word.
fn worded<const WORDS: bool>(line: &[u8]) -> LineShape<'_> {
    for (at, byte) in line.iter().enumerate() {
        if !SEPARATORS.contains(byte) {
            continue;
        }
        let rest = line[at + 1..].trim_ascii();
        let name = line[..at].trim_ascii_end();
        if !holds::<WORDS>(rest) {
            // `thread 3 of 4: x = 0.5`
            if name.last().is_some_and(u8::is_ascii_digit)
                && rest.first().is_some_and(u8::is_ascii_alphabetic)
                && let LineShape::Labelled(identity, _) = labelled(name, b"")
                && let LineShape::Named(_, numbers) = worded::<WORDS>(rest)
            {
                return LineShape::Labelled(identity, numbers);
            }
            continue;
        }
        if *byte == b'|'
            && !rest.is_empty()
            && let Some(identity) = named(name)
        {
            return LineShape::Labelled(identity, rest);
        }
        // `->` and `==` are separators of two signs.
        let name = name
            .strip_suffix(b"-")
            .or_else(|| name.strip_suffix(b"="))
            .unwrap_or(name);
        if let Some((identity, rest)) = whose::behind_number(name, rest) {
            return LineShape::Labelled(identity, rest);
        }
        return labelled(name, rest);
    }
    if let Some(heading) = section(line) {
        return heading;
    }
    // `Thread[#22,Thread-0,5,main] 0.5`
    if let Some((identity, rest)) = whose::in_brackets(line)
        && holds::<WORDS>(rest)
    {
        return LineShape::Labelled(identity, rest);
    }
    // `ForkPoolWorker-1 0.5`, `worker3,0.5,0.25`
    let ends = |byte: &u8| byte.is_ascii_whitespace() || !WORDS && matches!(byte, b',' | b';');
    if let Some(blank) = line.iter().position(ends) {
        let (word, rest) = (&line[..blank], line[blank + 1..].trim_ascii());
        if word.last().is_some_and(u8::is_ascii_digit)
            && let Some((_, identity)) = names::numbered(&String::from_utf8_lossy(word))
            && identity != Identity::default()
            && holds::<WORDS>(rest)
        {
            return LineShape::Labelled(identity, rest);
        }
    }
    // `rank 3 0.5`: the number behind a label is not drawn.
    let mut pieces = line.splitn(3, u8::is_ascii_whitespace);
    let (word, number, rest) = (pieces.next(), pieces.next(), pieces.next());
    if let (Some(word), Some(number), Some(rest)) = (word, number, rest)
        && digits(number).is_some()
        && is_label(word)
    {
        let name = &line[..word.len() + 1 + number.len()];
        // `rank 3 drew 0.5`, `rank 3 of 4 drew 0.5`
        let rest = behind_drew(behind_total(rest.trim_ascii()));
        if !rest.is_empty() && holds::<WORDS>(rest) {
            return labelled(name, rest);
        }
        // `run 0 rank 3 0.5`
        if let (LineShape::Labelled(inner, rest), Some((_, outer))) = (
            worded::<WORDS>(rest),
            names::numbered(&String::from_utf8_lossy(name)),
        ) {
            return LineShape::Labelled(outer.followed_by(inner), rest);
        }
    }
    // `np.float64(0.5)`, `True`.
    if holds::<WORDS>(line) {
        return LineShape::Plain(line);
    }
    LineShape::Other
}

fn labelled<'a>(name: &'a [u8], rest: &'a [u8]) -> LineShape<'a> {
    let text = String::from_utf8_lossy(name);
    if has_level(&text) {
        return LineShape::Other;
    }
    if !name.iter().any(u8::is_ascii_digit) {
        return LineShape::Named(name, rest);
    }
    let text = whose::without_ending(&text);
    let text = whose::without_total(text);
    let text = whose::with_decimal(&text);
    let Some((_, mut identity)) = names::numbered(&text) else {
        return match whose::bracketed(name) {
            Some(identity) => LineShape::Labelled(identity, rest),
            None => LineShape::Other,
        };
    };
    let rest = whose::behind_settings(rest, &mut identity);
    match identity == Identity::default() {
        true => LineShape::Plain(rest),
        false => LineShape::Labelled(identity, rest),
    }
}

fn is_label(word: &[u8]) -> bool {
    let word = String::from_utf8_lossy(word).to_ascii_lowercase();
    names::label(&word).is_some()
}

fn worker(number: u64) -> Identity {
    Identity::default().with_task(Part::Number(number))
}

fn digits(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    let all = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    all.then(|| std::str::from_utf8(text).ok()?.parse().ok())?
}

/// Whether a text is numbers only; an empty one is.
pub(super) fn all_numbers(text: &[u8]) -> bool {
    super::words::tokens(text).all(|word| token(word).is_some() || is_setting(word))
}

/// Whether a text behind a label is what was drawn.
fn holds<const WORDS: bool>(text: &[u8]) -> bool {
    WORDS || all_numbers(text)
}

/// Whether a blank stands behind the sign at the start: `02:65:e6` is a word, `2: H` a label before one.
fn behind_blank<const WORDS: bool>(text: &[u8]) -> bool {
    !WORDS || text.get(1).is_some_and(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests;
