//! What names say: of columns, of keys and of the labels that programs print before their numbers.

use super::identity::{Identity, Label, Part, parts};

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// Which run.
    Run,
    /// The seed that the run was given.
    Seed,
    /// Label columns that tell streams of a run apart, in the order in which identities list them.
    Epoch,
    Host,
    Rank,
    Worker,
    Task,
    Channel,
    /// The number.
    Value,
    /// Says nothing of who drew what.
    Ignored,
}

/// Words for those who draw, each with what it says. The first of each kind are the names that are
/// documented; the others are what libraries and people call the same.
const LABELS: [(&str, Column); 56] = [
    ("run", Column::Run),
    ("launch", Column::Run),
    ("seed", Column::Seed),
    ("root", Column::Seed),
    ("epoch", Column::Epoch),
    ("host", Column::Host),
    ("node", Column::Host),
    ("machine", Column::Host),
    ("rank", Column::Rank),
    ("worker", Column::Worker),
    ("work", Column::Worker),
    ("process", Column::Worker),
    ("thread", Column::Worker),
    ("replica", Column::Worker),
    ("chain", Column::Worker),
    ("walker", Column::Worker),
    ("fold", Column::Worker),
    ("env", Column::Worker),
    ("environment", Column::Worker),
    ("device", Column::Worker),
    ("gpu", Column::Worker),
    ("cpu", Column::Worker),
    ("core", Column::Worker),
    ("job", Column::Worker),
    ("sim", Column::Worker),
    ("simulation", Column::Worker),
    ("shard", Column::Worker),
    ("partition", Column::Worker),
    ("agent", Column::Worker),
    ("actor", Column::Worker),
    ("proc", Column::Worker),
    ("processor", Column::Worker),
    ("lane", Column::Worker),
    ("client", Column::Worker),
    ("player", Column::Worker),
    ("goroutine", Column::Worker),
    ("instance", Column::Worker),
    ("container", Column::Worker),
    ("pod", Column::Worker),
    ("member", Column::Worker),
    ("island", Column::Worker),
    ("particle", Column::Worker),
    ("subprocess", Column::Worker),
    ("executor", Column::Worker),
    ("rng", Column::Channel),
    ("task", Column::Task),
    ("stream", Column::Task),
    ("channel", Column::Channel),
    ("generator", Column::Channel),
    ("slot", Column::Worker),
    ("group", Column::Worker),
    ("batch", Column::Ignored),
    ("realization", Column::Worker),
    ("coroutine", Column::Worker),
    ("pool", Column::Host),
    ("lab", Column::Worker),
];

/// Labels where no other one is there, and of no account beside others.
const WEAK: [&str; 6] = ["pid", "tid", "sample", "user", "vu", "trajectory"];

/// Runs, beside a label of who drew; such a label where no other one is there.
const REPEATS: [&str; 7] = [
    "trial",
    "replicate",
    "repetition",
    "rep",
    "experiment",
    "session",
    "attempt",
];

/// Names of what was drawn.
const VALUES: [&str; 4] = ["value", "word", "number", "values"];

/// Names of identifiers: the values of a table of identifiers, and of no account beside values.
const IDS: [&str; 7] = ["id", "uuid", "guid", "token", "ulid", "ksuid", "nanoid"];

/// Names of what counts rows or tells the time.
const COUNTS: [&str; 21] = [
    "",
    "index",
    "idx",
    "step",
    "iter",
    "iteration",
    "time",
    "timestamp",
    "date",
    "datetime",
    "t",
    "i",
    "n",
    "draw",
    "row",
    "episode",
    "tick",
    "progress",
    "elapsed",
    "duration",
    "speed",
];

/// Words behind the name of one who draws, which say that its number follows.
const NUMBERED: [&str; 7] = ["id", "idx", "index", "no", "nr", "num", "number"];

/// Short words before the number of a column that say that it is one worker's.
const SHORT: [&str; 3] = ["w", "p", "t"];

/// What a name claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// A column of this kind.
    Is(Column),
    /// A label, if no other column is one. A run is one beside others, and says who drew where it is alone.
    Perhaps(Column),
    /// An identifier: the values, if no other column holds them.
    Id,
    /// Nothing that is known.
    Unknown,
}

/// What a column's name claims.
pub(super) fn claim(name: &str) -> Claim {
    let name = plain(name);
    if COUNTS.contains(&name.as_str()) || name.starts_with("unnamed:") {
        return Claim::Is(Column::Ignored);
    }
    if VALUES.contains(&name.as_str()) {
        return Claim::Is(Column::Value);
    }
    if IDS.contains(&name.as_str()) {
        return Claim::Id;
    }
    if WEAK.contains(&name.as_str()) {
        return Claim::Perhaps(Column::Worker);
    }
    if REPEATS.contains(&name.as_str()) {
        return Claim::Perhaps(Column::Run);
    }
    if let Some(column) = label(&name) {
        return Claim::Is(column);
    }
    // `user_attrs_worker`, `workerId`, `env idx`: the last word that is more than "number" counts.
    let words = words(&name);
    let mut ends = words.iter().rev();
    let Some(last) = ends.next() else {
        return Claim::Unknown;
    };
    let before = ends.next();
    let numbered = NUMBERED.contains(&last.as_str());
    let word = match before {
        Some(before) if numbered => before,
        Some(_) => last,
        None => return Claim::Unknown,
    };
    match label(word) {
        Some(Column::Ignored) => Claim::Is(Column::Ignored),
        Some(column) => Claim::Perhaps(column),
        None if IDS.contains(&last.as_str()) => Claim::Id,
        None if COUNTS.contains(&last.as_str()) || COUNTS.contains(&words[0].as_str()) => {
            Claim::Is(Column::Ignored)
        }
        None => Claim::Unknown,
    }
}

/// Whether a name is one of those that count rows or tell the time, and that people also give to what is
/// drawn.
pub(super) fn may_be_drawn(name: &str) -> bool {
    [
        "draw", "n", "t", "i", "step", "progress", "duration", "speed", "elapsed", "time", "batch",
    ]
    .contains(&plain(name).as_str())
}

/// Whether a name is that of a place in a list, which counts rows, or was drawn.
pub(super) fn is_place(name: &str) -> bool {
    [
        "index",
        "idx",
        "row",
        "iter",
        "iteration",
        "episode",
        "tick",
    ]
    .contains(&plain(name).as_str())
}

/// Whether a word is the name of what sums up draws.
pub(super) fn is_summary(word: &[u8]) -> bool {
    const NAMES: [&str; 17] = [
        "mean", "average", "avg", "total", "sum", "std", "sd", "stdev", "var", "variance", "min",
        "max", "median", "count", "25%", "50%", "75%",
    ];
    word.len() <= 8
        && NAMES
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

/// Whether a name is that of what a program says to people.
pub(super) fn is_message(name: &str) -> bool {
    [
        "level", "msg", "message", "logger", "severity", "log", "comment",
    ]
    .contains(&plain(name).as_str())
}

/// The label that a word is, in the singular or the plural.
pub(super) fn label(word: &str) -> Option<Column> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    LABELS
        .iter()
        .find(|(known, _)| *known == word || *known == singular)
        .map(|(_, column)| *column)
}

/// A name in lower case, without quotes and without the unit behind it.
pub(super) fn plain(name: &str) -> String {
    let name = name.trim().trim_matches(['"', '\'']).trim();
    // `[step]`, `(index)`
    let framed = [('[', ']'), ('(', ')')];
    let framed = framed
        .into_iter()
        .find_map(|(open, close)| name.strip_prefix(open)?.strip_suffix(close));
    let name = framed.unwrap_or(name).trim();
    let name = match name.find(" (") {
        Some(at) if name.ends_with(')') => &name[..at],
        _ => name,
    };
    name.to_lowercase()
}

/// The words of a name.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Column {
    /// What it tells apart, if it is a label.
    pub const fn label(self) -> Option<Label> {
        match self {
            Self::Run | Self::Seed => Some(Label::Run),
            Self::Value | Self::Ignored => None,
            _ => Some(Label::Task),
        }
    }
}

/// The words in a name with numbers, and the identity that the numbers make: `run0_w3`, `rank 3`, `7`.
/// Every number but a plain one follows a word for those who draw; counts of rows say nothing.
pub(super) fn numbered(name: &str) -> Option<(Vec<String>, Identity)> {
    let name = name.trim().trim_matches('"').trim();
    let mut pieces = Vec::new();
    parts(
        name.trim_end_matches(|c: char| !c.is_alphanumeric()),
        &mut pieces,
    );
    if pieces.is_empty() {
        return None;
    }
    let mut identity = Identity::default();
    let mut words = Vec::new();
    let mut last = None;
    let plain = matches!(pieces.as_slice(), [Part::Number(_)]);
    let mut pieces = pieces.into_iter();
    while let Some(piece) = pieces.next() {
        let (column, number) = match piece {
            Part::Number(_) if plain => (Column::Worker, piece),
            Part::Number(_) => return None,
            // `ThreadPoolExecutor-0_3`: of one pool a thread.
            Part::Text(text) if &*text == "_" && last.is_some() => (last?, pieces.next()?),
            Part::Text(text) => {
                let word = last_word(&text)?;
                let column = drawer(&word)?;
                words.push(word);
                (column, pieces.next()?)
            }
        };
        last = Some(column);
        match column.label() {
            Some(Label::Run) if column == Column::Run => identity.run.push(number),
            Some(_) => identity.task.push(number),
            None => {}
        }
    }
    Some((words, identity))
}

/// What the number behind a word counts, if the word is for one who draws or for a step.
fn drawer(word: &str) -> Option<Column> {
    if SHORT.contains(&word) || WEAK.contains(&word) || REPEATS.contains(&word) {
        return Some(Column::Worker);
    }
    label(word)
        // Rust's `ThreadId(2)`.
        .or_else(|| label(word.strip_suffix("id")?))
        .or_else(|| COUNTS.contains(&word).then_some(Column::Ignored))
}

/// The last word of a text, in lower case; separators behind it say nothing.
fn last_word(text: &str) -> Option<String> {
    let word = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = word
        .char_indices()
        .rfind(|(_, c)| !c.is_ascii_alphabetic())
        .map_or(0, |(at, c)| at + c.len_utf8());
    if start == word.len() {
        return None;
    }
    let before = &word[..start];
    let word = &word[start..];
    let whole = word.to_ascii_lowercase();
    // `thread_id 3` is the number of a thread.
    if NUMBERED.contains(&&*whole)
        && let Some(said) = last_word(before).filter(|said| label(said).is_some())
    {
        return Some(said);
    }
    // `ForkPoolWorker` is a worker.
    let upper = word.rfind(|c: char| c.is_ascii_uppercase()).unwrap_or(0);
    match drawer(&whole).is_none() && upper > 0 {
        true => Some(word[upper..].to_ascii_lowercase()),
        false => Some(whole),
    }
}

/// Whether a text is made of different words for those who draw, each with its number, and of nothing else:
/// `run 1, worker 3`.
pub(super) fn is_heading(text: &str) -> bool {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let (names, numbers): (Vec<&str>, Vec<&str>) =
        words.partition(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
    let said = |name: &&str| {
        let column = drawer(&last_word(name)?)?;
        column.label().map(|_| column)
    };
    let Some(mut said) = names.iter().map(said).collect::<Option<Vec<Column>>>() else {
        return false;
    };
    said.sort();
    let all = said.len();
    said.dedup();
    all > 0 && all == numbers.len() && all == said.len() && !said.contains(&Column::Seed)
}

/// What stands before the number that ends a name: `fold` of `fold7`.
pub(super) fn stem(name: &str) -> Option<(&str, u64)> {
    let name = name.trim().trim_matches('"').trim();
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = name[stem.len()..].parse().ok()?;
    (!stem.is_empty()).then_some((stem, number))
}

#[cfg(test)]
mod tests;
