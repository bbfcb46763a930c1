//! Lines that begin with a bracket: places that R prints, tags of launchers, headings.

use super::{LineShape, behind_time, digits, holds, named, shape, shape_of, worker};
use crate::capture::{identity::Identity, names};

/// `(Worker pid=300) 0.5`, as Ray writes before what its workers print.
pub(super) fn parenthesised<const WORDS: bool>(line: &[u8]) -> LineShape<'_> {
    let Some(end) = memchr::memchr(b')', line) else {
        return LineShape::Plain(line);
    };
    let (inner, rest) = (&line[1..end], line[end + 1..].trim_ascii());
    let rest = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii();
    if rest.is_empty() || !inner.iter().any(u8::is_ascii_alphabetic) || !holds::<WORDS>(rest) {
        return LineShape::Plain(line);
    }
    let name = inner.split(|&byte| byte == b',').next().unwrap_or(inner);
    match named(name) {
        Some(identity) => LineShape::Labelled(identity, rest),
        None => LineShape::Plain(line),
    }
}

/// Lines that begin with a bracket.
pub(super) fn bracketed<const WORDS: bool>(line: &[u8]) -> LineShape<'_> {
    let Some(end) = memchr::memchr(b']', line) else {
        return LineShape::Plain(line);
    };
    let (inner, rest) = (&line[1..end], &line[end + 1..]);
    // `[[3]]`, alone: an element of a list that R has printed.
    if let Some(element) = inner.strip_prefix(b"[")
        && rest == b"]"
        && let Some(number) = digits(element)
    {
        return LineShape::Labelled(worker(number), b"");
    }
    if let Some(column) = inner.strip_prefix(b",") {
        return digits(column).map_or(LineShape::Other, LineShape::Matrix);
    }
    if let Some(row) = inner.strip_suffix(b",")
        && let Some(row) = digits(row)
    {
        return LineShape::MatrixRow(row, rest.trim_ascii());
    }
    // `[1,3]<stdout>:`, as mpirun tags what rank 3 of job 1 prints.
    if let Some(after) = rest.strip_prefix(b"<")
        && let Some(close) = after.iter().position(|&byte| byte == b'>')
        && after.get(close + 1) == Some(&b':')
        && let Some(comma) = memchr::memrchr(b',', inner)
        && let Some(rank) = digits(&inner[comma + 1..])
    {
        return match &after[..close] {
            b"stdout" => LineShape::Labelled(worker(rank), after[close + 2..].trim_ascii()),
            _ => LineShape::Other,
        };
    }
    let rest = rest.trim_ascii_start();
    let rest = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii();
    // `[3]` alone is a list of one number; `[worker3]` a heading.
    if rest.is_empty() {
        let heading = names::numbered(&String::from_utf8_lossy(inner))
            .filter(|(words, identity)| !words.is_empty() && !identity.task.is_empty());
        let bare = |byte: &u8| byte.is_ascii_alphanumeric() || b" _-.#".contains(byte);
        return match heading.filter(|_| !WORDS && inner.iter().all(bare)) {
            Some((_, identity)) => LineShape::Labelled(identity, b""),
            None => LineShape::Plain(line),
        };
    }
    // `[1] "rank 3: 0.5"`: a line that R has pasted together.
    if !WORDS
        && let Some(pasted) = rest
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_suffix(b"\""))
        && let LineShape::Labelled(identity, numbers) = shape(pasted)
        && !numbers.is_empty()
    {
        return LineShape::Labelled(identity, numbers);
    }
    // `[12:00:01.5] 0.5`: a time; `[src/main.rs:4:5] x = 0.5`: a place in a program of Rust.
    if behind_time(inner) == Some(b"") || memchr::memmem::find(inner, b".rs:").is_some() {
        return shape_of::<WORDS>(rest);
    }
    let text = inner.iter().any(u8::is_ascii_alphabetic) && !inner.contains(&b',');
    // `[epoch 3] [rank 1] loss: 0.5`
    if text
        && !holds::<false>(rest)
        && let Some((_, outer)) = names::numbered(&String::from_utf8_lossy(inner))
        && outer != Identity::default()
    {
        match shape_of::<WORDS>(rest) {
            LineShape::Labelled(inner, numbers) => {
                return LineShape::Labelled(outer.followed_by(inner), numbers);
            }
            LineShape::Named(_, numbers) => return LineShape::Labelled(outer, numbers),
            _ => {}
        }
    }
    if !holds::<WORDS>(rest) {
        return LineShape::Plain(line);
    }
    if let Some(number) = digits(inner) {
        return LineShape::Marked(number, rest);
    }
    // `[default0]:0.5`, as torchrun tags what its workers print.
    match named(inner).filter(|_| text) {
        Some(identity) => LineShape::Labelled(identity, rest),
        None => LineShape::Plain(line),
    }
}
