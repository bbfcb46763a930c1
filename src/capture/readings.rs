//! A line of words that ends in a number: a message, or somebody's draw. Both readings, each with the option
//! that settles it.

use super::words::token;

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
    token(value.as_bytes())
        .filter(|_| value.starts_with(|c: char| c.is_ascii_digit() || c == '-'))?;
    let is_word =
        |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_count = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    // Who drew: the last whole number behind a word.
    let worker = (1..before.len())
        .rev()
        .find(|&at| is_count(before[at].trim_end_matches([':', ','])) && is_word(&before[at - 1]));
    let start = match worker {
        Some(at) => at - 1,
        None => before.iter().rposition(is_word)?,
    };
    let mut pattern = Vec::new();
    for (at, word) in before.iter().enumerate().skip(start) {
        pattern.push(match word.trim_end_matches([':', ',']) {
            count if worker == Some(at) => format!(r"(?<worker>\d+){}", &word[count.len()..]),
            _ if word.contains(|c: char| c.is_ascii_digit()) => r"\S+".into(),
            _ => regex::escape(word),
        });
    }
    pattern.push(r"(?<value>\S+)".into());
    let whose = worker.map_or(String::new(), |at| {
        format!(
            " of {} {}",
            before[at - 1],
            before[at].trim_end_matches([':', ','])
        )
    });
    Some(format!(
        "`{text}` may be the draw {value}{whose} (--match '{}' reads it so), or a message (--skip-lines '{}' \
         leaves such lines out)",
        pattern.join(r"\s+"),
        regex::escape(before[start]),
    ))
}
