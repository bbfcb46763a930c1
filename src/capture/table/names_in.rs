//! Which lines name the columns of a table.

use super::{sample, wide::WideColumns};
use crate::capture::{
    fields::settings,
    marks::{self, LineShape},
    names::{self, Claim, Column},
    notation, number, words,
};

fn names_of_settings(line: &[u8]) -> Option<Vec<&[u8]>> {
    settings(line).map(|setting| Some(setting?.0)).collect()
}

/// The names of the settings that lines consist of, as in `worker=0 step=1 loss=0.5`: the same in all.
pub(super) fn common_settings(lines: &[&[u8]]) -> Option<Vec<String>> {
    let names = names_of_settings(lines.first()?).filter(|names| names.len() > 1)?;
    let known = |name: &[u8]| names::claim(&String::from_utf8_lossy(name)) != Claim::Unknown;
    let same = |line: &&[u8]| names_of_settings(line).is_some_and(|own| own == names);
    let says_who = |name: &&[u8]| {
        names::label(&String::from_utf8_lossy(name).to_ascii_lowercase())
            .is_some_and(|column| column.label().is_some())
    };
    // `rank 0 x 0.5`: without signs between them names must say who drew, and the line nothing else.
    let signs = memchr::memchr_iter(b'=', lines[0]).count() >= names.len();
    let bare = || matches!(marks::shape(lines[0]), LineShape::Other) && names.iter().any(says_who);
    let fits = (signs || bare()) && names.iter().any(|name| known(name)) && lines.iter().all(same);
    fits.then(|| {
        let text = |name: &&[u8]| String::from_utf8_lossy(name).into_owned();
        names.iter().map(text).collect()
    })
}

/// The names of a header's columns, if the line is a header of the row that follows.
pub(super) fn names_in(line: &[u8], delimiter: u8, next: Option<&[u8]>) -> Option<Vec<String>> {
    let mut names = sample::split(line, delimiter);
    let number = |name: &String| number::parse(name.trim().as_bytes()).is_some();
    let drawn = |cell: &String| {
        number(cell) || delimiter != b' ' && notation::is_list(cell.trim().as_bytes())
    };
    let named = |name: &String| {
        name.chars()
            .any(|c| c.is_alphabetic() || name.trim().is_empty())
            && !number(name)
    };
    let fields = next.map(|next| sample::split(next, delimiter));
    let numbers_only = names.iter().all(number);
    if let [name] = names.as_slice() {
        // One name above numbers; a table of one column needs no delimiter.
        let is_name = named(name) && name.starts_with(|c: char| c.is_alphabetic() || c == '"');
        let known = names::claim(name) != Claim::Unknown;
        let alone = known && fields.is_none();
        let value = names::claim(name) == Claim::Is(Column::Value);
        let values = |fields: Vec<String>| fields.len() == 1 && (value || fields.iter().all(drawn));
        let fits = delimiter == b',' && is_name && (alone || fields.is_some_and(values));
        return (fits && names[0].split_whitespace().count() <= 3).then_some(names);
    }
    if numbers_only {
        // `0,1,2` above rows of as many.
        let texts: Vec<&str> = names.iter().map(String::as_str).collect();
        let counts = delimiter != b' ' && WideColumns::of(&texts).is_some_and(|w| w.is_header());
        return (counts && fields?.len() == names.len()).then_some(names);
    }
    let Some(fields) = fields else {
        // A header without rows holds no numbers, and says so.
        return (delimiter != b' ' && is_known(&names)).then_some(names);
    };
    // R and pandas leave the names of rows without one.
    if fields.len() == names.len() + 1 && !fields[0].is_empty() {
        names.insert(0, String::new());
    }
    // Prose and lines of labels have no row of as many fields below them.
    let fits = fields.len() == names.len()
        && (fields.iter().any(drawn) || says_who(&names, delimiter))
        && names
            .iter()
            .all(|name| !number(name) || names::numbered(name).is_some())
        && (!matches!(delimiter, b' ' | b'|') || is_known(&names));
    (fits && !fields_repeat(&names, &fields)).then_some(names)
}

/// Whether a line has the shape of the one above it: then neither is a header.
fn fields_repeat(names: &[String], fields: &[String]) -> bool {
    let is_number = |field: &String| number::parse(field.trim().as_bytes()).is_some();
    let mut pairs = names.iter().zip(fields);
    names.iter().any(is_number) && pairs.all(|(name, field)| is_number(name) == is_number(field))
}

/// Whether names say who drew or what, and so stand above words too: any of them between commas, all of them
/// between blanks.
fn says_who(names: &[String], delimiter: u8) -> bool {
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let known = |name: &String| match names::claim(name) {
        Claim::Is(column) => column == Column::Value || column.label().is_some(),
        _ => false,
    };
    WideColumns::of(&texts).is_some_and(|wide| wide.is_header())
        || delimiter != b' ' && names.iter().any(known)
}

/// Whether any name says what its column is.
pub(super) fn is_known(names: &[String]) -> bool {
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let known = |name: &String| !name.trim().is_empty() && names::claim(name) != Claim::Unknown;
    names.iter().any(known) || WideColumns::of(&texts).is_some_and(|wide| wide.is_header())
}

/// What is said of rows that leave out labels which are those of the row above, as pandas prints an index of several
/// levels: below a line of names, all of labels and counts, rows of as many fields as both lines of names have stand
/// among shorter ones.
pub(super) fn leaves_out_labels(lines: &[&[u8]]) -> Option<String> {
    let [values, labels, rows @ ..] = lines else {
        return None;
    };
    let fields = |line: &[u8]| words::tokens(line).count();
    let is_label = |word: &[u8]| {
        let name = String::from_utf8_lossy(word);
        matches!(names::claim(&name), Claim::Is(column) if column != Column::Value)
    };
    let names = words::tokens(labels).count();
    let all = words::tokens(labels).all(is_label) && names > 1;
    let whole = fields(values) + names;
    let indented = values.first().is_some_and(u8::is_ascii_whitespace);
    let shorter = rows.iter().any(|row| (2..whole).contains(&fields(row)));
    (indented && all && shorter && rows.first().is_some_and(|row| fields(row) == whole)).then(|| {
        "rows leave out labels that are those of the row above, as pandas prints an index of several levels; print \
         df.reset_index().to_string(), or write df.reset_index().to_csv('draws.csv')"
            .into()
    })
}
