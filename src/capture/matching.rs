//! Lines of which an expression says where labels and number stand (`--match`).

use std::io::Read;

use regex::bytes::Regex;

use super::{
    Pattern,
    at::{At, line_error},
    content::{Content, Opening},
    error::CaptureError,
    identity::Label,
    notation::Notation,
    rows::Rows,
    text_source::TextSource,
    words::{shorten, token},
};

/// How what the expression finds is written: words, where hardly any of it is a number.
fn notation(pattern: &Regex, start: &Opening<'_>, of: &TextSource<'_>) -> Notation {
    let found = start
        .all
        .iter()
        .flat_map(|line| pattern.captures_iter(line));
    let values: Vec<&[u8]> = found
        .filter_map(|captures| Some(captures.name("value")?.as_bytes()))
        .collect();
    let numbers = values.iter().filter(|value| token(value).is_some()).count();
    match 10 * numbers <= values.len() {
        true => Notation::of_words(values.iter().copied(), of.reading.comma),
        false => None,
    }
    .unwrap_or(Notation::Plain)
}

/// Reads the lines in which the expression is found; others are counted and left out.
pub(super) fn read(
    source: &mut dyn Read,
    of: &TextSource<'_>,
    Pattern(pattern): &Pattern,
    start: &Opening<'_>,
) -> Result<Rows, CaptureError> {
    let notation = notation(pattern, start, of);
    let mut rows = Rows::new();
    let mut content = Content::strict(of.reading);
    let mut others = 0u64;
    let mut key = Vec::new();
    content
        .for_each(source, |line, bytes| {
            let at = At {
                file: of.name,
                line,
            };
            let mut found = false;
            for captures in pattern.captures_iter(bytes) {
                found = true;
                let group = |name| captures.name(name).map(|found| found.as_bytes());
                let value = group("value").unwrap_or_default();
                let number = notation
                    .parse(value)
                    .or_else(|| token(value))
                    .ok_or_else(|| {
                        at.bad(format!(
                            "the group `value` holds `{}`, no number",
                            shorten(value)
                        ))
                    })?;
                key.clear();
                for name in ["run", "worker"] {
                    key.extend_from_slice(group(name).unwrap_or_default());
                    key.push(0);
                }
                let stream = rows.stream(&key, || {
                    let mut identity = of.base.clone();
                    for (name, label) in [("run", Label::Run), ("worker", Label::Task)] {
                        if let Some(text) = group(name) {
                            identity.label(label, &String::from_utf8_lossy(text));
                        }
                    }
                    identity
                });
                rows.push(stream, number)
                    .map_err(|problem| at.bad(problem))?;
            }
            others += u64::from(!found);
            Ok(())
        })
        .map_err(|error| line_error(error, of.name))?;
    if rows.is_empty() {
        return Err(CaptureError::Options(format!(
            "--match: the expression is found in no line of {}",
            of.name
        )));
    }
    if others > 0 {
        rows.note(others, "lines do not match --match and were left out");
    }
    content.report(&mut rows);
    Ok(rows)
}
