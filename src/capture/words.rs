//! The words of a line, as programs print numbers.

use super::number::{self, Number};

/// How many more brackets a text opens than it closes.
pub(super) fn depth(text: &[u8]) -> i64 {
    text.iter().fold(0, |depth, byte| match byte {
        b'[' | b'(' => depth + 1,
        b']' | b')' => depth - 1,
        _ => depth,
    })
}

/// How deep the brackets of a text lie in one another.
pub(super) fn depth_of(text: &[u8]) -> i64 {
    let (mut open, mut deepest) = (0i64, 0);
    for byte in text {
        match byte {
            b'[' | b'(' => open += 1,
            b']' | b')' => open -= 1,
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// The words of a text: what stands between blanks, commas, semicolons and bars, without brackets and quotes.
pub(super) fn tokens(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'|'))
        .map(bare)
        .filter(|word| !word.is_empty())
}

/// The same where a comma is part of numbers.
pub(super) fn tokens_with_commas(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| byte.is_ascii_whitespace() || *byte == b';')
        .map(bare)
        .filter(|word| !word.is_empty())
}

/// A number, perhaps as programs print one: `x=0.5`, `np.float64(0.5)`.
pub(super) fn token(word: &[u8]) -> Option<Number> {
    if let Some(number) = number::parse(word) {
        return Some(number);
    }
    if is_setting(word) {
        return None;
    }
    let name = word
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
        .count();
    if name == 0 || !word[0].is_ascii_alphabetic() || !matches!(word.get(name), Some(b'=' | b'(')) {
        return None;
    }
    token(bare(&word[name + 1..]))
}

/// `dtype=float32` and the like, which numpy and torch print behind numbers.
pub(super) fn is_setting(word: &[u8]) -> bool {
    [
        &b"dtype="[..],
        b"device=",
        b"shape=",
        b"grad_fn=",
        b"requires_grad=",
    ]
    .iter()
    .any(|setting| word.starts_with(setting))
        || matches!(word, b"array" | b"tensor" | b"np.array" | b"Array")
        || is_length(word)
}

/// `Float64Array(40`, `Set(12`: how many numbers follow, as Node prints before them.
fn is_length(word: &[u8]) -> bool {
    let Some(open) = memchr::memchr(b'(', word) else {
        return false;
    };
    let (name, count) = (&word[..open], &word[open + 1..]);
    let typed = name.len() > b"Array".len() && name.ends_with(b"Array");
    (typed || matches!(name, b"Set" | b"Map"))
        && name[0].is_ascii_uppercase()
        && !count.is_empty()
        && count.iter().all(u8::is_ascii_digit)
}

/// A word without the brackets, commas and quotes of a printed list.
pub(super) fn bare(word: &[u8]) -> &[u8] {
    let list = |byte: &u8| matches!(byte, b'[' | b']' | b'(' | b')' | b',' | b';' | b'"' | b'\'');
    let start = word
        .iter()
        .position(|byte| !list(byte))
        .unwrap_or(word.len());
    let end = word
        .iter()
        .rposition(|byte| !list(byte))
        .map_or(start, |at| at + 1);
    &word[start..end]
}

/// The start of a text, fit for a message.
pub(super) fn shorten(text: &[u8]) -> String {
    let mut short: String = String::from_utf8_lossy(&text[..text.len().min(80)])
        .chars()
        .take(40)
        .map(|c| if c.is_control() { '�' } else { c })
        .collect();
    if text.len() > short.len() {
        short.push('…');
    }
    short
}
