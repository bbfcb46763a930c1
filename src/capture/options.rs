//! What a capture's names and contents do not say: the options of reading.

use std::{num::NonZeroU32, num::NonZeroU64, str::FromStr};

use regex::bytes::Regex;

use super::{CaptureError, ElementType};

/// How a capture is read where it does not say so itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The element type of binary files whose name does not say it.
    pub element: Option<ElementType>,
    /// Binary files hold streams of so many words, one after another.
    pub words_per_stream: Option<NonZeroU64>,
    /// Binary files hold so many streams that take turns, draw by draw.
    pub interleaved: Option<NonZeroU32>,
    /// How texts, tables and arrays are read.
    pub reading: Reading,
}

/// How texts, tables and arrays are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The columns that say which worker drew a row.
    pub by: Vec<String>,
    /// The column that says in which run a row was drawn.
    pub run_by: Option<String>,
    /// The columns that hold the draws; several are channels of one worker.
    pub value: Vec<String>,
    /// Which axis of arrays and of tables without labels is time.
    pub axis: Option<Axis>,
    /// Whether the outermost of three axes or levels and more tells runs apart, and the next workers.
    pub outer_runs: bool,
    /// What a comma within numbers means where it could be both.
    pub comma: Option<Comma>,
    /// Where a line of text holds its labels and its number.
    pub pattern: Option<Pattern>,
    /// The lines of texts that are left out.
    pub skip_lines: Option<SkipLines>,
    /// How many workers each text should hold the draws of, where that is known.
    pub workers: Option<u32>,
}

/// Which axis of an array is time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Every row is a step, and every column a worker.
    Rows,
    /// Every column is a step, and every row a worker.
    Columns,
}

/// What a comma within a number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comma {
    /// It is the decimal point: `0,25` is a quarter.
    Point,
    /// It stands between thousands: `1,234` is one more than 1233.
    Thousands,
}

/// A regular expression with the group `value`, and perhaps `worker` and `run`.
#[derive(Clone, Debug)]
pub struct Pattern(pub(super) Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl FromStr for Pattern {
    type Err = CaptureError;

    fn from_str(text: &str) -> Result<Self, CaptureError> {
        let regex = compiled("--match", text)?;
        let names: Vec<&str> = regex.capture_names().flatten().collect();
        let known = |name: &&str| matches!(*name, "run" | "worker" | "value");
        match names.iter().find(|name| !known(name)) {
            Some(name) => Err(CaptureError::Options(format!(
                "--match: the group `{name}` has no meaning; groups are run, worker and value"
            ))),
            None if !names.contains(&"value") => Err(CaptureError::Options(
                "--match: no group says where the number is; write one as in \
                 'rank (?<worker>\\d+): (?<value>\\S+)'"
                    .into(),
            )),
            None => Ok(Self(regex)),
        }
    }
}

/// Which lines of a text are left out.
#[derive(Clone, Debug)]
pub enum SkipLines {
    /// So many at its start.
    First(u64),
    /// Those that an expression is found in.
    Matching(Pattern),
}

impl PartialEq for SkipLines {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::First(one), Self::First(other)) => one == other,
            (Self::Matching(one), Self::Matching(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for SkipLines {}

impl FromStr for SkipLines {
    type Err = CaptureError;

    fn from_str(text: &str) -> Result<Self, CaptureError> {
        match text.parse() {
            Ok(count) => Ok(Self::First(count)),
            Err(_) => Ok(Self::Matching(Pattern(compiled("--skip-lines", text)?))),
        }
    }
}

impl SkipLines {
    /// Whether a line, numbered from 1, is left out.
    pub(super) fn covers(&self, number: u64, line: &[u8]) -> bool {
        match self {
            Self::First(count) => number <= *count,
            Self::Matching(Pattern(regex)) => regex.is_match(line),
        }
    }
}

/// An expression in limits: what it costs to build is bounded, and it is searched in linear time.
fn compiled(option: &str, text: &str) -> Result<Regex, CaptureError> {
    Regex::new(text).map_err(|error| {
        let problem = error.to_string();
        let last = problem.lines().last().unwrap_or_default();
        CaptureError::Options(format!(
            "{option}: `{text}` is no regular expression: {last}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_name_what_they_find() {
        assert!(Pattern::from_str(r"(?<worker>\d+)=(?<value>\S+)").is_ok());
        for (text, words) in [
            (r"(?<worker>\d+)", "no group says where the number is"),
            (r"(?<rank>\d+) (?<value>\S+)", "`rank` has no meaning"),
            (r"(?<value>\S+", "is no regular expression"),
        ] {
            let error = Pattern::from_str(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn lines_are_left_out_by_number_or_by_what_they_say() {
        let first = SkipLines::from_str("2").unwrap();
        assert!(first.covers(2, b"x") && !first.covers(3, b"x"));
        let matching = SkipLines::from_str("^INFO").unwrap();
        assert!(matching.covers(9, b"INFO x") && !matching.covers(1, b"0.5"));
        assert!(SkipLines::from_str("(").is_err());
    }
}
