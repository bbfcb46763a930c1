//! Names that runtimes, launchers and shells give to those who draw: process ids of Erlang, addresses of threads,
//! files behind which `grep` prints their lines, settings before a value.

use crate::capture::{
    identity::{Identity, Part, parts},
    names::{self, Claim, Column},
};

/// `<0.80.0> 0.5` and `#PID<0.80.0>: 0.5`, as Erlang and Elixir print a process: who it is, and what follows.
pub(super) fn behind_pid(line: &[u8]) -> Option<(Identity, &[u8])> {
    let inner = line
        .strip_prefix(b"#PID<")
        .or_else(|| line.strip_prefix(b"<"))?;
    let end = memchr::memchr(b'>', inner)?;
    let id = std::str::from_utf8(&inner[..end]).ok()?;
    let parts: Vec<u64> = id
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let [node, process, _] = parts[..] else {
        return None;
    };
    let rest = inner[end + 1..].trim_ascii_start();
    let rest = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii();
    let mut identity = Identity::default();
    if node > 0 {
        identity.task.push(Part::Number(node));
    }
    identity.task.push(Part::Number(process));
    (!rest.is_empty()).then_some((identity, rest))
}

/// `thread: 0x55d0 0.5` and `worker: 3 0.5`: the number behind the name of one who draws, and what follows.
pub(super) fn behind_number<'a>(name: &[u8], rest: &'a [u8]) -> Option<(Identity, &'a [u8])> {
    let name = std::str::from_utf8(name).ok()?;
    let column = names::label(&name.trim().to_ascii_lowercase())?;
    column.label()?;
    let end = rest.iter().position(u8::is_ascii_whitespace)?;
    let number = std::str::from_utf8(&rest[..end])
        .ok()?
        .trim_end_matches([',', ':']);
    let number = match number.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    let (_, identity) = names::numbered(&format!("{name} {number}"))?;
    Some((identity, rest[end..].trim_ascii()))
}

/// `==> rank_3.log <==`, as `head` and `tail` print above each file: the file is who drew.
pub(super) fn of_file(line: &[u8]) -> Option<Identity> {
    let name = line.strip_prefix(b"==> ")?.strip_suffix(b" <==")?;
    let name = String::from_utf8_lossy(name);
    let stem = without_ending(&name);
    let known = names::numbered(stem).map(|(_, identity)| identity);
    known
        .filter(|identity| !identity.task.is_empty())
        .or_else(|| {
            let mut identity = Identity::default();
            parts(stem, &mut identity.task);
            (!identity.task.is_empty()).then_some(identity)
        })
}

/// `Thread[#22,Thread-0,5,main] 0.5`: who it is, and what follows.
pub(super) fn in_brackets(line: &[u8]) -> Option<(Identity, &[u8])> {
    let close = memchr::memchr(b']', line)?;
    let identity = bracketed(&line[..=close])?;
    let rest = line[close + 1..].trim_ascii();
    (!rest.is_empty()).then_some((identity, rest))
}

/// `Thread[#22,Thread-0,5,main]`, as Java prints a thread.
pub(super) fn bracketed(name: &[u8]) -> Option<Identity> {
    let text = std::str::from_utf8(name).ok()?;
    let (word, inner) = text.strip_suffix(']')?.split_once('[')?;
    names::label(&word.to_ascii_lowercase())?.label()?;
    inner.split(',').find_map(|part| {
        let (words, identity) = names::numbered(part)?;
        (!words.is_empty() && !identity.task.is_empty()).then_some(identity)
    })
}

/// `run_0.log` and `run_0.log:12` without the ending of a file, and without the number of a line behind it.
pub(super) fn without_ending(name: &str) -> &str {
    let file = name
        .rsplit_once(':')
        .filter(|(_, line)| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(name, |(file, _)| file);
    let ending = |ending: &str| {
        (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    match file.rsplit_once('.') {
        Some((stem, after)) if ending(after) && stem.ends_with(|c: char| c.is_ascii_digit()) => {
            stem
        }
        _ => name,
    }
}

/// What stands behind settings that say who drew, as in `rank=0 loss=0.5`; they are added to the identity.
pub(super) fn behind_settings<'a>(text: &'a [u8], identity: &mut Identity) -> &'a [u8] {
    let mut rest = text;
    while let Some(end) = rest.iter().position(u8::is_ascii_whitespace) {
        let Some(at) = memchr::memchr(b'=', &rest[..end]) else {
            break;
        };
        let name = String::from_utf8_lossy(&rest[..at]);
        let value = String::from_utf8_lossy(&rest[at + 1..end]);
        let value = value.trim_end_matches(',');
        let Claim::Is(column) = names::claim(&name) else {
            break;
        };
        let (Some(label), Ok(number)) = (column.label(), value.parse::<u64>()) else {
            break;
        };
        identity.seeded |= column == Column::Seed;
        identity.label(label, &number.to_string());
        rest = rest[end..].trim_ascii_start();
    }
    rest
}

/// `rank 0/4` and `thread 0 of 4` without the number of all.
pub(super) fn without_total(text: &str) -> std::borrow::Cow<'_, str> {
    for total in ["/", " of "] {
        let Some(at) = text.rfind(total) else {
            continue;
        };
        let after = text[at + total.len()..].trim_start();
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let before = text[..at].trim_end();
        if digits > 0 && before.ends_with(|c: char| c.is_ascii_digit()) {
            return format!("{before}{}", &after[digits..]).into();
        }
    }
    text.into()
}

/// `thread 0x7f03` with its number in decimal digits.
pub(super) fn with_decimal(text: &str) -> std::borrow::Cow<'_, str> {
    let Some((before, hex)) = text.rsplit_once("0x") else {
        return text.into();
    };
    match u64::from_str_radix(hex.trim_end(), 16) {
        Ok(number) => format!("{before}{number}").into(),
        Err(_) => text.into(),
    }
}
