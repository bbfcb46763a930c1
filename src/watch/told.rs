//! Streams and lines in words, as findings tell of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    record::{Library, Place, Seed, StateOrigin},
    streams::Stream,
};

/// Shows a recorded line: relative to the folder of the watch, where it is below that.
pub(super) fn shown(line: &str, folder: &str) -> String {
    line.strip_prefix(folder)
        .map_or(line, |rest| rest.trim_start_matches(['/', '\\']))
        .to_owned()
}

/// Splits `file:line`.
pub(super) fn split(line: &str) -> (Option<String>, Option<u32>) {
    match line.rsplit_once(':') {
        Some((file, number)) => match number.parse() {
            Ok(number) => (Some(file.to_owned()), Some(number)),
            Err(_) => (None, None),
        },
        None => (None, None),
    }
}

pub(super) fn processes(streams: &[&Stream]) -> u64 {
    let names: BTreeSet<&str> = streams.iter().map(|s| s.process.as_str()).collect();
    names.len() as u64
}

/// The lines of some places, each once, the commonest first.
pub(super) fn lines<'a>(places: impl Iterator<Item = &'a Place>, folder: &str) -> Vec<String> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for place in places {
        *counts.entry(shown(&place.line, folder)).or_default() += 1;
    }
    let mut lines: Vec<(String, u64)> = counts.into_iter().collect();
    lines.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    lines.into_iter().map(|(line, _)| line).collect()
}

/// "the state made at train.py:4 (numpy PCG64, seed 12345)".
pub(super) fn state(stream: &Stream, folder: &str) -> String {
    let draw = &stream.draw;
    let line = shown(&draw.born.line, folder);
    let seed = match &draw.seed {
        Some(Seed::Number(number)) => format!(", seed {number}"),
        Some(Seed::Real(number)) => format!(", seed {number}"),
        Some(Seed::Other(what)) => format!(", seed of {what}"),
        None => String::new(),
    };
    let kind = match draw.library {
        Library::Numpy => format!("numpy {}", draw.kind),
        Library::Random => format!("random.{}", draw.kind),
        Library::Torch => draw.kind.clone(),
    };
    match draw.origin {
        StateOrigin::Global => format!("{line} ({kind})"),
        StateOrigin::Found => format!("a state made {line} ({kind})"),
        StateOrigin::Made => format!("the state made at {line} ({kind}{seed})"),
        StateOrigin::Seeded => format!("the state seeded at {line} ({kind}{seed})"),
        StateOrigin::StateSet => format!("the state set at {line} ({kind})"),
    }
}
