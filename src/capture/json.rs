//! `.json`: one document that holds the numbers of all: a list a worker, an object of lists by worker,
//! a list of records, or a plain list.

use std::{
    fmt,
    io::{BufReader, Read},
};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{
    error::CaptureError,
    ndjson::{self, Fill, Record, Values},
    rows::Rows,
    table::{self, Column, without_mark},
    tree::{Identity, Part},
};

/// Bytes at the start that say what a document is.
const START_BYTES: u64 = 4096;

/// Reads a document; one that begins as a record does is read as JSON lines are.
pub(super) fn read(
    mut source: &mut dyn Read,
    file: &str,
    base: &Identity,
) -> Result<Rows, CaptureError> {
    let mut start = Vec::new();
    Read::take(&mut source, START_BYTES)
        .read_to_end(&mut start)
        .map_err(CaptureError::io("read", file.as_ref()))?;
    let start = without_mark(&start);
    let mut rows = Rows::new();
    if start.trim_ascii().is_empty() {
        return Ok(rows);
    }
    let mut whole = start.chain(&mut source);
    if is_record(start) {
        return ndjson::read(&mut whole, file, base);
    }
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::new(whole));
    let document = Document {
        rows: &mut rows,
        base,
    };
    deserializer
        .deserialize_any(document)
        .and_then(|()| deserializer.end())
        .map_err(|error| refused(error, file))?;
    Ok(rows)
}

/// Whether a document begins with a name that records have.
fn is_record(start: &[u8]) -> bool {
    let name = || {
        let inner = start.trim_ascii_start().strip_prefix(b"{")?;
        let text = inner.trim_ascii_start().strip_prefix(b"\"")?;
        let end = memchr::memchr(b'"', text)?;
        std::str::from_utf8(&text[..end]).ok()
    };
    name().is_some_and(|name| name == "values" || Column::from_name(name).is_some())
}

fn refused(error: serde_json::Error, file: &str) -> CaptureError {
    if error.is_io() {
        return CaptureError::io("read", file.as_ref())(error.into());
    }
    let text = error.to_string();
    CaptureError::BadLine {
        file: file.into(),
        line: error.line().max(1) as u64,
        problem: format!(
            "{}; expected a list a worker, as in [[1, 2], [3, 4]] or {{\"w0\": [1, 2], \"w1\": [3, 4]}}, \
             or records such as [{{\"worker\": 0, \"value\": 1}}]",
            text.split(" at line ").next().unwrap_or(&text)
        ),
    }
}

/// The whole document.
struct Document<'a> {
    rows: &'a mut Rows,
    base: &'a Identity,
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lists of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut item = Item::default();
        let mut form = None;
        for index in 0.. {
            item.numbers.clear();
            item.record.clear();
            let Some(found) = seq.next_element_seed(&mut item)? else {
                break;
            };
            if *form.get_or_insert(found) != found {
                return Err(A::Error::custom("lists, records and numbers in one list"));
            }
            if found == Form::Record {
                ndjson::add(&mut item.record, self.rows, self.base).map_err(A::Error::custom)?;
                continue;
            }
            let stream = match found {
                Form::List => self.rows.stream(&u64::to_le_bytes(index), || {
                    self.base.with_task(Part::Number(index))
                }),
                _ => self.rows.stream(b"", || self.base.clone()),
            };
            for &number in &item.numbers {
                self.rows.push(stream, number).map_err(A::Error::custom)?;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut numbers = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let worker = table::worker(&name).ok_or_else(|| {
                A::Error::custom(format!("`{name}` is no name of a worker, such as w0"))
            })?;
            numbers.clear();
            map.next_value_seed(Values::list(&mut numbers))?;
            let stream = self.rows.stream(name.as_bytes(), || {
                let mut identity = self.base.clone();
                identity.run.extend(worker.run);
                identity.task.extend(worker.task);
                identity
            });
            for &number in &numbers {
                self.rows.push(stream, number).map_err(A::Error::custom)?;
            }
        }
        Ok(())
    }
}

/// What an element of a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// The numbers of one worker.
    List,
    /// A record with labels.
    Record,
    /// A number.
    Number,
}

/// An element of the outermost list.
#[derive(Default)]
struct Item {
    numbers: Vec<super::number::Number>,
    record: Record,
}

impl<'de> DeserializeSeed<'de> for &mut Item {
    type Value = Form;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Form, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Item {
    type Value = Form;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers, a record or a number")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Form, A::Error> {
        Values::list(&mut self.numbers).visit_seq(seq)?;
        Ok(Form::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Form, A::Error> {
        Fill(&mut self.record).visit_map(map)?;
        Ok(Form::Record)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Form, E> {
        Values::list(&mut self.numbers).visit_bool(value)?;
        Ok(Form::Number)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Form, E> {
        Values::list(&mut self.numbers).visit_u64(value)?;
        Ok(Form::Number)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Form, E> {
        Values::list(&mut self.numbers).visit_i64(value)?;
        Ok(Form::Number)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Form, E> {
        Values::list(&mut self.numbers).visit_f64(value)?;
        Ok(Form::Number)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Form, E> {
        Values::list(&mut self.numbers).visit_str(value)?;
        Ok(Form::Number)
    }
}

#[cfg(test)]
mod tests;
