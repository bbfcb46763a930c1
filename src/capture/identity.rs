//! Who drew a stream: what tells runs apart, and streams of a run, as far as labels and names say.

use std::fmt;

/// A piece of a name: numbers compare by value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// Digits.
    Number(u64),
    /// Anything else.
    Text(Box<str>),
}

/// Who drew a stream, as far as names tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Identity {
    /// What tells runs apart; empty in a capture of one run.
    pub run: Vec<Part>,
    /// What tells the streams of a run apart.
    pub task: Vec<Part>,
    /// Whether the run is told apart by a seed that was given to it.
    pub seeded: bool,
}

impl Identity {
    /// The same identity with one more number that tells streams apart.
    pub fn with_task(&self, part: Part) -> Self {
        let mut identity = self.clone();
        identity.task.push(part);
        identity
    }

    /// The same identity with one more number that tells runs apart.
    pub fn with_run(&self, part: Part) -> Self {
        let mut identity = self.clone();
        identity.run.push(part);
        identity
    }

    /// The same identity with what another tells apart behind its own.
    pub fn followed_by(mut self, other: Self) -> Self {
        self.run.extend(other.run);
        self.task.extend(other.task);
        self
    }

    /// The numbers that tell streams of a run apart, where nothing else does.
    pub fn numbers(&self) -> Box<[u64]> {
        let number = |part: &Part| match part {
            Part::Number(number) => Some(*number),
            Part::Text(_) => None,
        };
        self.task
            .iter()
            .map(number)
            .collect::<Option<_>>()
            .unwrap_or_default()
    }

    /// Adds what a label column says.
    pub fn label(&mut self, column: Label, text: &str) {
        match column {
            Label::Run => parts(text, &mut self.run),
            Label::Task => parts(text, &mut self.task),
        }
    }
}

/// What a label tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Runs.
    Run,
    /// Streams of a run.
    Task,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |parts: &[Part]| {
            parts
                .iter()
                .map(|part| match part {
                    Part::Number(number) => number.to_string(),
                    Part::Text(text) => text.to_string(),
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        if !self.run.is_empty() {
            write!(f, "run {}, ", text(&self.run))?;
        }
        write!(f, "stream {}", text(&self.task))
    }
}

/// Splits a name into digits and the rest. Digits that do not fit 64 bits stay text.
pub(super) fn parts(name: &str, into: &mut Vec<Part>) {
    let bytes = name.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let digit = bytes[start].is_ascii_digit();
        let end = bytes[start..]
            .iter()
            .position(|byte| byte.is_ascii_digit() != digit)
            .map_or(bytes.len(), |length| start + length);
        let piece = &name[start..end];
        into.push(match piece.parse() {
            Ok(number) if digit => Part::Number(number),
            _ => Part::Text(piece.into()),
        });
        start = end;
    }
}

/// Numbers for a set of keys: the digits in them where those tell the keys apart, else their rank.
///
/// Every key must be listed once, in ascending order.
pub(super) fn number(keys: &[&[Part]]) -> Option<Vec<u32>> {
    let digits = || -> Option<Vec<u32>> {
        let mut numbers = Vec::with_capacity(keys.len());
        for key in keys {
            let mut in_key = key.iter().filter_map(|part| match part {
                Part::Number(number) => Some(*number),
                Part::Text(_) => None,
            });
            let number = in_key.next()?;
            if in_key.next().is_some() {
                return None;
            }
            numbers.push(u32::try_from(number).ok()?);
        }
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        sorted
            .windows(2)
            .all(|pair| pair[0] != pair[1])
            .then_some(numbers)
    };
    digits().or_else(|| {
        u32::try_from(keys.len())
            .ok()
            .map(|count| (0..count).collect())
    })
}
