//! numpy's structured arrays: rows of named fields, which are read as the table that they are.

use std::io::{self, Read};

use super::{element::ElementType, letters::Letters};

/// Most fields, and most values of one.
const MOST: usize = 1 << 12;
/// Bytes of rows taken at once, at least a row.
const BLOCK_BYTES: usize = 1 << 16;

/// A field of every row.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: String,
    holds: Holds,
    /// How many of them.
    count: usize,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Number(ElementType, bool),
    Text(Letters),
}

impl Holds {
    fn bytes(self) -> usize {
        match self {
            Self::Number(element, _) => element.bytes(),
            Self::Text(letters) => letters.bytes(),
        }
    }
}

/// The fields of a structured array.
#[derive(Debug)]
pub(super) struct Fields(Vec<Field>);

impl Fields {
    /// The fields that the `descr` of a header lists, as in `[('worker', '<i4'), ('x', '<f8', (3,))]`.
    ///
    /// # Errors
    /// The problem in words.
    pub fn of(
        descr: &str,
        number: impl Fn(&str) -> Option<(ElementType, bool)>,
    ) -> Result<Self, String> {
        const OTHER: &str = "of its structured type only fields of numbers and texts are read: save a plain array, or \
                             pandas.DataFrame(a).to_csv('draws.csv')";
        let inner = descr.strip_prefix('[').ok_or(OTHER)?;
        let mut fields = Vec::new();
        let mut rest = inner.trim_start();
        while let Some(tuple) = rest.strip_prefix('(') {
            let (name, after) = quoted(tuple.trim_start()).ok_or(OTHER)?;
            let after = after.trim_start().strip_prefix(',').ok_or(OTHER)?;
            let (kind, after) = quoted(after.trim_start()).ok_or(OTHER)?;
            let holds = Letters::of(kind)
                .map(Holds::Text)
                .or_else(|| number(kind).map(|(element, big)| Holds::Number(element, big)))
                .ok_or_else(|| format!("field `{name}` has the type `{kind}`; {OTHER}"))?;
            let mut after = after.trim_start();
            let mut count = 1usize;
            if let Some(shape) = after.strip_prefix(',').map(str::trim_start)
                && let Some((axes, end)) = shape
                    .strip_prefix('(')
                    .and_then(|axes| axes.split_once(')'))
            {
                let axes = axes
                    .split(',')
                    .map(str::trim)
                    .filter(|axis| !axis.is_empty());
                for axis in axes {
                    let axis: usize = axis.parse().map_err(|_| OTHER)?;
                    count = count.saturating_mul(axis);
                }
                after = end.trim_start();
            }
            rest = after.strip_prefix(')').ok_or(OTHER)?.trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
            if count > MOST || fields.len() >= MOST {
                return Err(OTHER.into());
            }
            fields.push(Field {
                name: name.to_owned(),
                holds,
                count,
            });
        }
        let bytes = fields
            .iter()
            .map(|field| field.count * field.holds.bytes())
            .sum::<usize>();
        if !rest.starts_with(']') || bytes == 0 || bytes > 1 << 20 {
            return Err(OTHER.into());
        }
        Ok(Self(fields))
    }

    /// Bytes of a row.
    pub fn bytes(&self) -> usize {
        let field = |field: &Field| field.count * field.holds.bytes();
        self.0.iter().map(field).sum()
    }
}

/// The text in quotes at the start, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    text[1..].split_once(quote)
}

/// The rows of a structured array as a table in text.
pub(super) struct AsTable<R> {
    source: R,
    fields: Fields,
    rows: u64,
    text: Vec<u8>,
    given: usize,
}

impl<R: Read> AsTable<R> {
    /// The table of so many rows that come from `source`.
    pub fn new(source: R, fields: Fields, rows: u64) -> Self {
        let mut text = Vec::new();
        for field in &fields.0 {
            for at in 0..field.count {
                let name = match field.count {
                    1 => field.name.clone(),
                    _ => format!("{}[{at}]", field.name),
                };
                cell(&name, &mut text);
            }
        }
        end_row(&mut text);
        Self {
            source,
            fields,
            rows,
            text,
            given: 0,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let size = self.fields.bytes();
        let rows = self.rows.min((BLOCK_BYTES / size).max(1) as u64);
        let mut bytes = vec![0; rows as usize * size];
        self.source.read_exact(&mut bytes)?;
        self.rows -= rows;
        for row in bytes.chunks_exact(size) {
            let mut rest = row;
            for field in &self.fields.0 {
                for _ in 0..field.count {
                    let (value, after) = rest.split_at(field.holds.bytes());
                    rest = after;
                    write(field.holds, value, &mut self.text);
                }
            }
            end_row(&mut self.text);
        }
        Ok(())
    }
}

/// Writes a value as a cell.
fn write(holds: Holds, bytes: &[u8], text: &mut Vec<u8>) {
    use super::element::RawKind;
    match holds {
        Holds::Number(element, big_endian) => {
            let mut raw = [0];
            element.decode(big_endian, bytes, &mut raw);
            let number = match element.kind() {
                RawKind::Real => format!("{:?}", f64::from_bits(raw[0])),
                RawKind::Signed => (raw[0] as i64).to_string(),
                _ => raw[0].to_string(),
            };
            text.extend_from_slice(number.as_bytes());
            text.push(b',');
        }
        Holds::Text(letters) => cell(&letters.text(bytes), text),
    }
}

/// Writes a text as a cell, in quotes (RFC 4180).
pub(super) fn cell(value: &str, text: &mut Vec<u8>) {
    text.push(b'"');
    for c in value.trim_end_matches('\0').chars() {
        match c {
            '"' => text.extend_from_slice(b"\"\""),
            c if c.is_control() => text.push(b' '),
            c => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    text.extend_from_slice(b"\",");
}

/// Ends a row of cells.
pub(super) fn end_row(text: &mut Vec<u8>) {
    text.pop();
    text.push(b'\n');
}

impl<R: Read> Read for AsTable<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() && self.rows > 0 {
            self.fill()?;
        }
        let length = (&self.text[self.given..]).read(buffer)?;
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(kind: &str) -> Option<(ElementType, bool)> {
        match kind {
            "<i4" => Some((ElementType::I32, false)),
            ">f8" => Some((ElementType::F64, true)),
            _ => None,
        }
    }

    #[test]
    fn rows_of_fields_are_a_table() {
        let descr = "[('worker', '<i4'), ('host', '<U2'), ('x', '>f8', (2,))], 'fortran_order'";
        let fields = Fields::of(descr, number).unwrap();
        assert_eq!(fields.bytes(), 4 + 8 + 16);
        let mut bytes = Vec::new();
        for (worker, host) in [(-3i32, "a\""), (7, "b")] {
            bytes.extend(worker.to_le_bytes());
            let letters = host.chars().map(|c| c as u32).chain([0, 0]).take(2);
            bytes.extend(letters.flat_map(u32::to_le_bytes));
            bytes.extend([0.5f64, f64::NAN].into_iter().flat_map(f64::to_be_bytes));
        }
        let mut text = String::new();
        AsTable::new(bytes.as_slice(), fields, 2)
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(
            text,
            "\"worker\",\"host\",\"x[0]\",\"x[1]\"\n-3,\"a\"\"\",0.5,NaN\n7,\"b\",0.5,NaN\n"
        );
    }

    #[test]
    fn other_types_are_refused_in_words() {
        for descr in [
            "[('a', '<c16')]",
            "[('a', [('b', '<i4')])]",
            "[('a'",
            "[]",
            "{'names': ['a']}",
        ] {
            let problem = Fields::of(descr, number).unwrap_err();
            assert!(problem.contains("to_csv"), "{problem}");
        }
    }
}
