//! Lines that are messages to people: logs, progress, what a program says that it does.

use super::behind_time;

/// Levels of log messages.
const LEVELS: [&str; 14] = [
    "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL", "PANIC",
    "VERBOSE", "SEVERE", "FINE", "CONFIG",
];

/// Whether a line is a message to people: it names a level, or is prose in which no number stands at
/// the end.
pub(in crate::capture) fn is_message(line: &[u8]) -> bool {
    if is_log(line) || is_count_of_rows(line) {
        return true;
    }
    let line = behind_tag(line.trim_ascii());
    // `[Parallel(n_jobs=4)]: Using backend LokyBackend`
    if let Some(said) = behind_brackets(line) {
        return is_doing_line(said);
    }
    if !line.iter().any(u8::is_ascii_alphabetic) {
        return false;
    }
    let lossy = String::from_utf8_lossy(&line[..line.len().min(512)]);
    // `Progress: 12%`, ` 10%|# | 1/10 [00:01<00:09, 9.9it/s]`
    let rate = |unit: &str| lossy.contains(unit);
    if rate("it/s") || rate("s/it") || line.ends_with(b"%") && line[0].is_ascii_alphabetic() {
        return true;
    }
    if is_framed(line) {
        return true;
    }
    let first = lossy.split_whitespace().next().unwrap_or_default();
    let first = first.trim_end_matches([':', '.', '!', ',']);
    let is_row = line.contains(&b',') || line.contains(&b'\t');
    if is_doing(first) && !is_row {
        return true;
    }
    // `Name: x, dtype: float64`, as pandas says below a series.
    let pandas = [&b"Name: "[..], b"dtype: ", b"Length: "];
    if pandas.iter().any(|start| line.starts_with(start)) && rate("dtype: ") {
        return true;
    }
    // `Done.`
    if line.split_last().is_some_and(|(last, word)| {
        matches!(last, b'.' | b'!') && word.len() > 1 && word.iter().all(u8::is_ascii_alphabetic)
    }) {
        return true;
    }
    // `3-element Vector{Float64}:`, as Julia says before it prints.
    if line.ends_with(b":") && line.iter().any(u8::is_ascii_alphabetic) {
        return true;
    }
    let mut last = "";
    let mut count = 0;
    for word in lossy.split_whitespace() {
        let letters = word.trim_matches(|c: char| !c.is_alphabetic());
        count +=
            usize::from(letters.chars().count() > 1 && letters.chars().all(char::is_alphabetic));
        last = word;
    }
    let ends_in_number = last.trim_end_matches(['.', ')', ']', '}', '%', ',']);
    count >= 2
        && !line.contains(&b',')
        && !line.contains(&b'\t')
        && !line.contains(&b'=')
        && !ends_in_number.ends_with(|c: char| c.is_ascii_digit())
}

/// `===== 4 passed in 0.12s =====`: words in a frame of signs, as test runners print.
fn is_framed(line: &[u8]) -> bool {
    let frame = |byte: u8| b"=-*#~".contains(&byte);
    let (Some(first), true) = (line.first(), line.len() > 6) else {
        return false;
    };
    frame(*first)
        && line[..3].iter().all(|byte| byte == first)
        && line[line.len() - 3..].iter().all(|byte| byte == first)
}

/// Whether a line says that others like it were left out: `… [repeated 3x across cluster]`, `message repeated 3 times`.
pub(in crate::capture) fn is_repeat(line: &[u8]) -> bool {
    const WORD: &[u8] = b"repeated ";
    let Some(at) = memchr::memmem::find(line, WORD) else {
        return false;
    };
    let rest = &line[at + WORD.len()..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && (rest[digits..].starts_with(b"x ") || rest[digits..].starts_with(b" times"))
}

/// Whether a line of several words begins with one that says what a program does, or is `Done.`
pub(in crate::capture) fn is_doing_line(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let ended = line.strip_suffix(b".").or_else(|| line.strip_suffix(b"!"));
    let words = line.split(u8::is_ascii_whitespace).count();
    let first = line.split(u8::is_ascii_whitespace).next().unwrap_or(line);
    let first = String::from_utf8_lossy(first);
    let first = first.trim_end_matches([':', '.', '!', ',']);
    let capital = first.starts_with(|c: char| c.is_ascii_uppercase());
    is_doing(first) && (words > 1 && capital || ended.is_some())
        || words == 1
            && ended.is_some_and(|word| {
                word.len() > 1
                    && word[0].is_ascii_uppercase()
                    && word
                        .iter()
                        .all(|byte| byte.is_ascii_alphabetic() || *byte == b'.')
            })
}

/// Whether a word says what a program does: `Starting`, `loaded`, `done`.
fn is_doing(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let letters = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let verb = word.len() > 5 && (word.ends_with("ing") || word.ends_with("ed"));
    letters && (verb || matches!(&word[..], "done" | "finished"))
}

/// What stands behind a word that says that it was drawn, as in `drew 0.5`; all of a text without one.
pub(super) fn behind_drew(text: &[u8]) -> &[u8] {
    let end = text.iter().position(u8::is_ascii_whitespace);
    let (word, rest) = text.split_at(end.unwrap_or(0));
    let drew = [
        "drew",
        "draws",
        "drawn",
        "got",
        "gets",
        "rolled",
        "rolls",
        "picked",
        "picks",
        "sampled",
        "generated",
    ];
    match drew
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
    {
        true => rest.trim_ascii(),
        false => text,
    }
}

/// The first of the columns that `Columns 1 through 8:` names, as Octave and MATLAB print above parts of a matrix.
pub(in crate::capture) fn columns(line: &[u8]) -> Option<u64> {
    let line = line.trim_ascii();
    let rest = line
        .strip_prefix(b"Columns ")
        .or_else(|| line.strip_prefix(b"Column "))?;
    let rest = std::str::from_utf8(rest).ok()?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..digits].parse().ok()
}

/// `3-element Vector{Float64}:`, as Julia prints above each vector.
pub(in crate::capture) fn is_vector(line: &[u8]) -> bool {
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && line[digits..].starts_with(b"-element ") && line.ends_with(b":")
}

/// Whether a line names the level of a log message, is a time alone, or was tagged by mpirun as written to
/// standard error.
pub(in crate::capture) fn is_log(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    if !line.iter().any(u8::is_ascii_alphabetic) && memchr::memchr(b':', line).is_none() {
        return false;
    }
    if line.iter().take(2).all(|byte| byte.is_ascii_digit()) && behind_time(line) == Some(b"") {
        return true;
    }
    let lossy = String::from_utf8_lossy(&line[..line.len().min(512)]);
    has_level(&lossy) || lossy.starts_with('[') && lossy.contains("]<stderr")
}

/// Whether one of the first words is the level of a log message, as `INFO` and `[warn]` are.
pub(super) fn has_level(text: &str) -> bool {
    text.split_whitespace().take(6).any(|word| {
        let bare = word
            .trim_start_matches(['[', '(', '<'])
            .split([':', ']', ')', '>', '/', '|'])
            .next()
            .unwrap_or_default();
        let marked = bare.len() < word.len();
        LEVELS
            .iter()
            .any(|level| *level == bare || marked && level.eq_ignore_ascii_case(bare))
    })
}

/// What a program says behind its tag in parentheses, as Ray's `(Worker pid=300)` is.
fn behind_tag(line: &[u8]) -> &[u8] {
    let tag = line.strip_prefix(b"(").and_then(|inner| {
        let end = memchr::memchr(b')', inner)?;
        memchr::memmem::find(&inner[..end], b"pid=").map(|_| inner[end + 1..].trim_ascii())
    });
    tag.unwrap_or(line)
}

/// What a program says behind its name in brackets.
fn behind_brackets(line: &[u8]) -> Option<&[u8]> {
    let inner = line.strip_prefix(b"[")?;
    let end = memchr::memmem::find(inner, b"]: ")?;
    let name = inner[..end].first().is_some_and(u8::is_ascii_alphabetic);
    (name && !inner[..end].contains(&b'[')).then(|| inner[end + 2..].trim_ascii())
}

/// How many rows a table has, as databases and libraries say before and below what they print: `(240 rows)`,
/// `240 rows in set (0.01 sec)`, `[240 rows x 2 columns]`, `shape: (240, 2)`, `only showing top 20 rows`.
pub(in crate::capture) fn is_count_of_rows(line: &[u8]) -> bool {
    if !matches!(
        line.trim_ascii_end().last(),
        Some(b')' | b'|' | b']' | b's' | b'.')
    ) {
        return false;
    }
    let Ok(text) = std::str::from_utf8(line) else {
        return false;
    };
    let framed = |c: char| c.is_whitespace() || "|()[]".contains(c);
    let text = text.trim_matches(framed);
    if let Some(shape) = text.strip_prefix("shape: (") {
        return shape
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b", ".contains(&byte));
    }
    let text = text.strip_prefix("only showing top ").unwrap_or(text);
    let mut words = text.split_whitespace();
    let (count, unit, next) = (words.next(), words.next(), words.next());
    let is_count = count.is_some_and(|count| {
        count
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b',')
    });
    let ends = matches!(
        next,
        None | Some("in" | "x" | "×" | "selected" | "returned" | "affected")
    );
    is_count
        && matches!(
            unit.map(|unit| unit.trim_end_matches(['.', ',', ':'])),
            Some("row" | "rows")
        )
        && ends
}

/// Whether a line names the types of columns and nothing else, as polars, DuckDB and R's tibbles do below their
/// names: `| i64 | f64 |`, `<int> <dbl>`.
pub(in crate::capture) fn is_types(line: &[u8]) -> bool {
    const TYPES: [&[u8]; 32] = [
        b"i8", b"i16", b"i32", b"i64", b"u8", b"u16", b"u32", b"u64", b"f32", b"f64", b"str",
        b"bool", b"cat", b"date", b"int8", b"int16", b"int32", b"int64", b"uint8", b"uint16",
        b"uint32", b"uint64", b"float", b"double", b"varchar", b"boolean", b"int", b"dbl", b"chr",
        b"lgl", b"fct", b"num",
    ];
    let is_type = |word: &[u8]| {
        let bare = word
            .strip_prefix(b"<")
            .and_then(|word| word.strip_suffix(b">"));
        TYPES.contains(&bare.unwrap_or(word))
    };
    let mut words = line
        .split(|byte| byte.is_ascii_whitespace() || *byte == b'|')
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some() && words.all(is_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_rows_and_types_of_columns_are_told_from_draws() {
        for line in [
            "(240 rows)",
            "(1 row)",
            "240 rows in set (0.01 sec)",
            "[240 rows x 2 columns]",
            "shape: (240, 2)",
            "only showing top 20 rows",
            "|    240 rows     |",
        ] {
            assert!(is_count_of_rows(line.as_bytes()), "{line}");
        }
        for line in [
            "(240)",
            "shape: 5",
            "3 rowers",
            "rows 3",
            "240 rows 5",
            "0.5 rows",
        ] {
            assert!(!is_count_of_rows(line.as_bytes()), "{line}");
        }
        for line in [
            "| i64    | f64   |",
            "    <int> <dbl>",
            "| int64 | double |",
        ] {
            assert!(is_types(line.as_bytes()), "{line}");
        }
        for line in ["", "| a | f64 |", "0.5", "| |"] {
            assert!(!is_types(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn messages_are_known_by_their_shape() {
        for line in [
            "INFO starting 4 workers",
            "2026-11-29 12:00:01,250 INFO worker started: 5",
            "[warn] x 5",
            "Warning: seed 5",
            "Generating 100 numbers",
            "all workers done.",
            "2026-11-29 12:00:01",
            "3-element Vector{Float64}:",
            "Done.",
        ] {
            assert!(is_message(line.as_bytes()), "{line}");
        }
        for line in [
            "0.5",
            "hello",
            "0.5 kJ",
            "energy 0.5",
            "rank 3: 0.5",
            "worker,value",
            "x = 0.5 nm",
            "value",
            "1.5 2.5",
            "a,b or c",
            "took 0.5",
        ] {
            assert!(!is_message(line.as_bytes()), "{line}");
        }
    }
}
