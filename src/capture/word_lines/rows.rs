//! Several words a line: lists behind labels, rows of draws, pairs of a number and a word.

use std::collections::HashSet;

use crate::capture::{marks, number};

/// Words of rows, rather than of sentences: short ones, or few that come again and again.
const SHORT: usize = 3;
const FEW_WORDS: usize = 3;
/// What separates the words of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// Nothing: it is one value.
    Whole,
    /// Blanks.
    Blanks,
    /// Commas.
    Commas,
}

/// The second words of lines of two, where the first is a small number that comes again, or counts the lines;
/// and whether it counts them.
pub(super) fn numbered<'a>(lines: &[&'a [u8]]) -> Option<(Vec<&'a [u8]>, bool)> {
    let pairs: Vec<(u64, &[u8])> = lines.iter().map(|line| pair(line)).collect::<Option<_>>()?;
    let workers: HashSet<u64> = pairs.iter().map(|(worker, _)| *worker).collect();
    let next = |pair: &[(u64, &[u8])]| pair[0].0 + 1 == pair[1].0;
    let counts = pairs.len() > 2 && pairs.windows(2).all(next);
    (counts || 2 * workers.len() <= pairs.len())
        .then(|| (pairs.into_iter().map(|(_, word)| word).collect(), counts))
}

/// `3 H`, `3,H`: a number and a word.
pub(super) fn pair(line: &[u8]) -> Option<(u64, &[u8])> {
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
pub(super) fn split(bodies: &[&[u8]]) -> Split {
    let plain = |body: &&&[u8]| !matches!(body.first(), Some(b'"' | b'\'' | b'[' | b'(' | b'{'));
    let bodies: Vec<&[u8]> = bodies.iter().filter(plain).copied().collect();
    let words = |split| {
        bodies
            .iter()
            .flat_map(move |body| WordRows::of(body, split))
    };
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
        .map(|body| WordRows::of(body, Split::Blanks).collect())
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

/// Whether all words have the same number of fields, and several of them.
pub(super) fn common_fields(words: &[&[u8]]) -> Option<usize> {
    [b',', b';', b'\t'].into_iter().find_map(|delimiter| {
        let fields = |word: &&[u8]| 1 + word.iter().filter(|byte| **byte == delimiter).count();
        let first = fields(words.first()?);
        (first > 1 && words.iter().all(|word| fields(word) == first)).then_some(first)
    })
}

/// The values of a body: the elements of a list, texts in quotes, or all of it.
pub(super) struct WordRows<'a> {
    rest: &'a [u8],
    /// Whether blanks separate, and whether commas do.
    blanks: bool,
    commas: bool,
}

impl<'a> WordRows<'a> {
    pub fn of(body: &'a [u8], split: Split) -> Self {
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

impl<'a> Iterator for WordRows<'a> {
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
