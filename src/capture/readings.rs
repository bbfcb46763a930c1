//! A line of words that ends in a number: a message, or somebody's draw. Both readings, each with the option
//! that settles it.

use super::{names, words::token};

/// Longest line that is shown whole, in bytes.
const LONGEST: usize = 120;

/// Says how `goroutine 18 got 556` may be read; nothing of lines that do not end in a number behind words,
/// and of a name alone before a number.
pub(super) fn both(line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line.trim_ascii()).ok()?;
    // The expressions are shown in quotes of the shell.
    if text.len() > LONGEST || text.contains('\'') || text.contains(char::is_control) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (value, before) = words.split_last().filter(|(_, before)| before.len() > 1)?;
    // `loss=0.5` is a draw behind its name.
    let (named, value) = match value.split_once('=') {
        Some((name, value)) => (format!("{}=", regex::escape(name)), value),
        None => (String::new(), *value),
    };
    token(value.as_bytes())
        .filter(|_| value.starts_with(|c: char| c.is_ascii_digit() || c == '-'))?;
    let is_word =
        |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_count = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    // Who drew: the last whole number behind a word.
    let worker = (1..before.len())
        .rev()
        .find(|&at| is_count(before[at].trim_end_matches([':', ','])) && is_word(&before[at - 1]));
    // `worker-3`, `[pool-1-thread-3]`: one word.
    let joined = match worker {
        Some(_) => None,
        None => (0..before.len())
            .rev()
            .find_map(|at| Some((at, joined(before[at])?))),
    };
    let start = match (worker, joined) {
        (Some(at), _) => at - 1,
        (None, Some((at, _))) => at,
        (None, None) => before.iter().rposition(is_word)?,
    };
    let mut pattern = Vec::new();
    for (at, word) in before.iter().enumerate().skip(start) {
        if let Some((_, (name, digits))) = joined.filter(|(own, _)| *own == at) {
            let from = name + digits;
            pattern.push(format!(
                r"{}(?<worker>\d+){}",
                regex::escape(&word[..name]),
                regex::escape(&word[from..])
            ));
            continue;
        }
        pattern.push(match word.trim_end_matches([':', ',']) {
            count if worker == Some(at) => format!(r"(?<worker>\d+){}", &word[count.len()..]),
            _ if word.contains(|c: char| c.is_ascii_digit()) => r"\S+".into(),
            _ => regex::escape(word),
        });
    }
    pattern.push(format!(r"{named}(?<value>\S+)"));
    let whose = match (worker, joined) {
        (Some(at), _) => format!(
            " of {} {}",
            before[at - 1],
            before[at].trim_end_matches([':', ','])
        ),
        (None, Some((at, _))) => format!(" of {}", before[at].trim_end_matches([':', ','])),
        (None, None) => String::new(),
    };
    Some(format!(
        "`{text}` may be the draw {value}{whose} (--match '{}' reads it so), or a message (--skip-lines '{}' \
         leaves such lines out)",
        pattern.join(r"\s+"),
        regex::escape(before[start]),
    ))
}

/// Where the number stands in a word that is a name for one who draws with a number: how long the name is, and
/// how many digits follow.
fn joined(word: &str) -> Option<(usize, usize)> {
    let end = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let name = end.trim_end_matches(|c: char| c.is_ascii_digit());
    let letters = name.trim_end_matches(['-', '_', '#']);
    let start = letters
        .char_indices()
        .rfind(|(_, c)| !c.is_ascii_alphabetic())
        .map_or(0, |(at, c)| at + c.len_utf8());
    let known = names::label(&letters[start..].to_ascii_lowercase())?;
    (known.label().is_some() && name.len() < end.len())
        .then(|| (name.len(), end.len() - name.len()))
}
