//! A line of words with a number in it: a message, or somebody's draw. Both readings, each with the option that
//! settles it.

use super::{names, words::token};

/// Longest line that is shown whole, in bytes.
const LONGEST: usize = 120;

/// Names of months, whose days are nobody's numbers.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A word of a line with what is around the part that matters.
struct Piece<'a> {
    before: &'a str,
    part: &'a str,
    after: &'a str,
}

/// Says how `goroutine 18 got 556` may be read; nothing of lines without a number behind words.
pub(super) fn both(line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line.trim_ascii()).ok()?;
    // The expressions are shown in quotes of the shell.
    if text.len() > LONGEST || text.contains('\'') || text.contains(char::is_control) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if let Some(named) = behind_a_name(text, &words) {
        return Some(named);
    }
    let value_at = value(&words)?;
    let worker = worker(&words, value_at);
    if words.len() < 3 && worker.is_none() {
        return None;
    }
    let start = match &worker {
        Some((at, piece)) if piece.before.is_empty() && *at > 0 => at - 1,
        Some((at, _)) => *at,
        None => words[..value_at].iter().rposition(|word| is_word(word))?,
    };
    let from = start.min(value_at);
    let to = worker
        .as_ref()
        .map_or(value_at, |(at, _)| value_at.max(*at));
    let mut pattern = Vec::new();
    for (at, word) in words.iter().enumerate().take(to + 1).skip(from) {
        pattern.push(match &worker {
            Some((own, piece)) if *own == at => format!(
                r"{}(?<worker>\d+){}",
                regex::escape(piece.before),
                any_digits(piece.after)
            ),
            _ if at == value_at => {
                let piece = number(word)?;
                let any = if piece.after.is_empty() {
                    r"\S+"
                } else {
                    r"[-+.\w]+"
                };
                format!(
                    "{}(?<value>{any}){}",
                    regex::escape(piece.before),
                    regex::escape(piece.after)
                )
            }
            _ if word.contains(|c: char| c.is_ascii_digit()) => r"\S+".into(),
            _ => regex::escape(word),
        });
    }
    let whose = match &worker {
        Some((at, piece)) if piece.before.is_empty() && *at > 0 => {
            format!(" of {} {}", words[at - 1], piece.part)
        }
        Some((at, _)) => {
            let word = words[*at].trim_end_matches([':', ',']);
            format!(" of {word}")
        }
        None => String::new(),
    };
    let drawn = number(words[value_at])?.part;
    // What tells a message apart is a word of it.
    let plain = |word: &&&str| is_word(word);
    let told = words[start..]
        .iter()
        .chain(&words)
        .find(plain)
        .or_else(|| words.iter().find(|word| word.contains(char::is_alphabetic)))?;
    Some(format!(
        "`{text}` may be the draw {drawn}{whose} (--match '{}' reads it so), or a message (--skip-lines '{}' leaves \
         such lines out)",
        pattern.join(r"\s+"),
        regex::escape(told),
    ))
}

/// An expression for a text with any digits in the places of its own.
fn any_digits(text: &str) -> String {
    let parts: Vec<&str> = text.split(|c: char| c.is_ascii_digit()).collect();
    let mut pattern = regex::escape(parts[0]);
    for pair in parts.windows(2) {
        if !pair[0].is_empty() || pattern.is_empty() {
            pattern.push_str(r"\d+");
        }
        pattern.push_str(&regex::escape(pair[1]));
    }
    pattern
}

/// `alice 3 0.5`: a name that says nothing, and numbers: who drew may be the name alone, or the name and its number.
fn behind_a_name(text: &str, words: &[&str]) -> Option<String> {
    let (name, numbers) = words.split_first()?;
    let fits = is_word(name)
        && names::claim(name) == names::Claim::Unknown
        && matches!(numbers.len(), 1..=3)
        && numbers.iter().all(|word| token(word.as_bytes()).is_some());
    if !fits {
        return None;
    }
    let skipped = r"\S+\s+".repeat(numbers.len() - 1);
    let drawn = numbers.last()?;
    let number = match numbers.len() {
        2.. if is_count(numbers[0]) => format!(
            ", of {name} {} (--match '^(?<worker>\\w+\\s+\\d+)\\s+{}(?<value>\\S+)$')",
            numbers[0],
            r"\S+\s+".repeat(numbers.len() - 2)
        ),
        _ => String::new(),
    };
    Some(format!(
        "`{text}` may be the draw {drawn} of {name} (--match '^(?<worker>\\w+)\\s+{skipped}(?<value>\\S+)$' reads all \
         lines so){number}, or a message (--skip-lines '^{name}' leaves such lines out)"
    ))
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_count(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number of a word, perhaps behind a name, as in `loss=0.5`, or in brackets.
fn number(word: &str) -> Option<Piece<'_>> {
    let from = word.find('=').map_or(0, |at| at + 1);
    let start = from + word[from..].find(|c: char| !matches!(c, '(' | '[' | '"'))?;
    let part = word[start..].trim_end_matches([',', ':', ';', ')', ']', '}', '"']);
    let numeric = part.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    (numeric && token(part.as_bytes()).is_some()).then(|| Piece {
        before: &word[..start],
        part,
        after: &word[start + part.len()..],
    })
}

/// The word that holds the draw: the last number, and rather a fraction than a whole one.
fn value(words: &[&str]) -> Option<usize> {
    let last = |fraction: bool| {
        (0..words.len()).rev().find(|&at| {
            number(words[at]).is_some_and(|piece| !fraction || piece.part.contains('.'))
        })
    };
    last(true).or_else(|| last(false))
}

/// The word that says who drew, with its number: behind the name of one who draws, or with it in one word, or behind
/// any other word.
fn worker<'a>(words: &[&'a str], value: usize) -> Option<(usize, Piece<'a>)> {
    let whole = |at: usize| {
        let word = words[at];
        let part = word.trim_end_matches([':', ',', ')', ']']);
        is_count(part).then(|| Piece {
            before: "",
            part,
            after: &word[part.len()..],
        })
    };
    let others = || (0..words.len()).rev().filter(|&at| at != value);
    let known = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphabetic());
        let column = names::label(&word.to_ascii_lowercase());
        column.is_some_and(|column| column.label().is_some())
    };
    let behind = |at: usize| at.checked_sub(1).map(|before| words[before]);
    let behind_known =
        || others().find_map(|at| Some((at, whole(at).filter(|_| behind(at).is_some_and(known))?)));
    let set = || {
        others().find_map(|at| {
            let (name, _) = words[at].split_once('=')?;
            let name = name.rsplit(|c: char| !c.is_alphanumeric()).next()?;
            let piece = number(words[at]).filter(|piece| is_count(piece.part) && known(name))?;
            Some((at, piece))
        })
    };
    let in_one = || others().find_map(|at| Some((at, joined(words[at])?)));
    let counts = |word: &str| {
        names::claim(word) == names::Claim::Is(names::Column::Ignored) || MONTHS.contains(&word)
    };
    let behind_any = || {
        others().filter(|&at| at < value).find_map(|at| {
            let named = behind(at).is_some_and(|word| is_word(word) && !counts(word));
            Some((at, whole(at).filter(|_| named)?))
        })
    };
    let named = |name: &str| is_word(name) && !MONTHS.contains(&name);
    let any_in_one = || {
        let plain = |at: usize| !words[at].contains([':', '=', '/']);
        (0..value)
            .filter(|&at| plain(at))
            .find_map(|at| Some((at, joined_if(words[at], named)?)))
    };
    behind_known()
        .or_else(set)
        .or_else(in_one)
        .or_else(behind_any)
        .or_else(any_in_one)
}

/// The number in a word that is a name for one who draws with a number, as `worker-3` and `[pool-1-thread-3]` are.
fn joined(word: &str) -> Option<Piece<'_>> {
    joined_if(word, |name| {
        names::label(&name.to_ascii_lowercase()).is_some_and(|known| known.label().is_some())
    })
}

/// The same of a word whose name is accepted; `worker3[120]:` is that of `worker3`.
fn joined_if(word: &str, accepted: impl Fn(&str) -> bool) -> Option<Piece<'_>> {
    let own = word
        .find('[')
        .filter(|at| *at > 0)
        .map_or(word, |at| &word[..at]);
    let end = own.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let name = end.trim_end_matches(|c: char| c.is_ascii_digit());
    let letters = name.trim_end_matches(['-', '_', '#']);
    let start = letters
        .char_indices()
        .rfind(|(_, c)| !c.is_ascii_alphabetic())
        .map_or(0, |(at, c)| at + c.len_utf8());
    (accepted(&letters[start..]) && name.len() < end.len()).then(|| Piece {
        before: &word[..name.len()],
        part: &word[name.len()..end.len()],
        after: &word[end.len()..],
    })
}
