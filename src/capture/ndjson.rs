//! `.ndjson`: one JSON object a line, with the same names as the columns of a table.

use std::{fmt, io::Read};

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::{
    error::CaptureError,
    lines,
    number::{self, Number},
    rows::Rows,
    table::{Column, line_error, without_mark},
    tree::Identity,
};

/// Reads records `{"worker": 3, "value": 0.25}`; `value` may be a list.
pub(super) fn read(
    source: &mut dyn Read,
    file: &str,
    base: &Identity,
) -> Result<Rows, CaptureError> {
    let mut rows = Rows::new();
    let mut record = Record::default();
    lines::for_each(source, |line, bytes| {
        let bytes = if line == 1 {
            without_mark(bytes)
        } else {
            bytes
        };
        if bytes.trim_ascii().is_empty() {
            return Ok(());
        }
        let bad = |problem: String| CaptureError::BadLine {
            file: file.into(),
            line,
            problem,
        };
        record.clear();
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        deserializer
            .deserialize_map(Fill(&mut record))
            .and_then(|()| deserializer.end())
            .map_err(|error| bad(plain(&error)))?;
        add(&mut record, &mut rows, base).map_err(bad)
    })
    .map_err(|error| line_error(error, file))?;
    Ok(rows)
}

/// Adds the numbers of a record to the stream that its labels name.
///
/// # Errors
/// What is wrong with the record, in words.
pub(super) fn add(record: &mut Record, rows: &mut Rows, base: &Identity) -> Result<(), String> {
    if record.values.is_empty() {
        return Err("the record has no `value`".into());
    }
    record.labels.sort_by_key(|(column, _)| *column);
    if record.labels.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err("the record has two labels of one meaning".into());
    }
    let mut key = Vec::new();
    for (column, label) in &record.labels {
        key.push(*column as u8);
        key.extend_from_slice(label.as_bytes());
        key.push(0);
    }
    let stream = rows.stream(&key, || {
        let mut identity = base.clone();
        for (column, text) in &record.labels {
            identity.seeded |= *column == Column::Seed;
            if let Some(label) = column.label() {
                identity.label(label, text);
            }
        }
        identity
    });
    for &value in &record.values {
        rows.push(stream, value)?;
    }
    Ok(())
}

/// The parser's message without its line, which is always 1 here.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text).to_owned();
    format!("{text}; expected an object such as {{\"worker\": 0, \"value\": 1}}")
}

/// Labels and numbers of one record.
#[derive(Default)]
pub(super) struct Record {
    labels: Vec<(Column, String)>,
    values: Vec<Number>,
}

impl Record {
    /// Forgets the last record.
    pub fn clear(&mut self) {
        self.labels.clear();
        self.values.clear();
    }
}

/// Fills the record from an object.
pub(super) struct Fill<'a>(pub &'a mut Record);

impl<'de> Visitor<'de> for Fill<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let column = match name.as_ref() {
                "values" => Some(Column::Value),
                name => Column::from_name(name),
            };
            match column {
                Some(Column::Value) => map.next_value_seed(Values::nested(&mut self.0.values))?,
                Some(Column::Ignored) => {
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
                Some(column) => {
                    let label = map.next_value::<LabelText>()?;
                    self.0.labels.push((column, label.0));
                }
                None => {
                    return Err(serde::de::Error::custom(format!("unknown name `{name}`")));
                }
            }
        }
        Ok(())
    }
}

/// A label: a number or a text.
struct LabelText(String);

impl<'de> serde::Deserialize<'de> for LabelText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = LabelText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or a text as label")
            }
            fn visit_u64<E>(self, value: u64) -> Result<LabelText, E> {
                Ok(LabelText(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<LabelText, E> {
                Ok(LabelText(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<LabelText, E> {
                Ok(LabelText(value.to_owned()))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// One number or a list of them.
pub(super) struct Values<'a> {
    into: &'a mut Vec<Number>,
    /// How many lists may lie in one another.
    depth: u8,
}

impl<'a> Values<'a> {
    /// A number, or a list of numbers.
    pub const fn list(into: &'a mut Vec<Number>) -> Self {
        Self { into, depth: 1 }
    }

    /// A number, or lists in any depth.
    const fn nested(into: &'a mut Vec<Number>) -> Self {
        Self {
            into,
            depth: u8::MAX,
        }
    }
}

impl<'de> serde::de::DeserializeSeed<'de> for Values<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Values<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a hexadecimal word or UUID as text, or a list of those")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.into.push(Number::Unsigned(u64::from(value)));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.into.push(Number::Unsigned(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.into.push(if value < 0 {
            Number::Negative(value)
        } else {
            Number::Unsigned(value as u64)
        });
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.into.push(Number::Real(value));
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        let number = number::parse(value.trim().as_bytes())
            .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(value), &self))?;
        self.into.push(number);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| {
            serde::de::Error::custom("lists within the list of a worker's numbers")
        })?;
        let into = self.into;
        while seq.next_element_seed(Values { into, depth })?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Streams = Vec<(Identity, Vec<u64>)>;

    fn parse(text: &str) -> Result<Streams, CaptureError> {
        read(&mut text.as_bytes(), "x.ndjson", &Identity::default()).map(|rows| rows.finish().1)
    }

    #[test]
    fn records_make_streams() {
        let streams = parse(concat!(
            "{\"worker\": 0, \"value\": 18446744073709551615}\n",
            "{\"value\": [1, \"0x10\"], \"worker\": 1}\n\n",
            "{\"worker\": \"0\", \"value\": [2, true, false]}\n",
        ))
        .unwrap();
        assert_eq!(streams.len(), 2);
        assert_eq!(streams[0].1, [u64::MAX, 2, 1, 0]);
        assert_eq!(streams[1].1, [1, 16]);
    }

    #[test]
    fn doubles_keep_their_last_bit() {
        let value = 0.905_906_853_866_674_3_f64;
        let streams = parse(&format!("{{\"value\": {value}}}")).unwrap();
        assert_eq!(streams[0].1, [value.to_bits()]);
    }

    #[test]
    fn bad_records_are_refused_with_the_line() {
        for (text, words) in [
            (
                "{\"value\": 1}\n{\"worker\": 1}",
                "line 2: the record has no `value`",
            ),
            ("[1]", "line 1"),
            ("{\"value\": null}", "line 1"),
            ("{\"value\": 1, \"wrkr\": 2}", "unknown name `wrkr`"),
            ("{\"value\": 1} x", "line 1"),
            ("{\"value\": \"zebra\"}", "zebra"),
            ("{\"value\": 1, \"worker\": 1, \"thread\": 2}", "two labels"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
