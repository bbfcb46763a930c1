//! A column of a Parquet file: as cells of text, or as the numbers of its lists.

use std::fs::File;

use parquet::{
    basic::{ConvertedType, Type},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{DataType, FixedLenByteArray},
    errors::ParquetError,
    file::reader::{FileReader, RowGroupReader, SerializedFileReader},
};

use crate::capture::{
    element::{ElementType, RawKind},
    number::Number,
    rows::Rows,
};

/// Values of lists that are asked for at once, if the lists are not longer.
const AT_ONCE: u64 = 1 << 17;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Numbers,
    Unsigned,
    Texts,
    Halves,
    Identifiers,
    /// Times and other things that nobody draws.
    Other,
}

/// A leaf of the schema.
#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    /// Whether a row holds a list of its values.
    pub is_list: bool,
    leaf: usize,
    holds: Holds,
    /// The level at which a value is there.
    defined: i16,
    /// The level from which on an element of a list is there.
    element: i16,
}

impl Column {
    /// All columns of a file.
    pub fn all(file: &SerializedFileReader<File>) -> Vec<Self> {
        let schema = file.metadata().file_metadata().schema_descr();
        let column = |leaf: usize| {
            let column = schema.column(leaf);
            let parts = column.path().parts();
            let list = column.max_rep_level() > 0;
            let name = match list {
                true => parts[0].clone(),
                false => parts.join("."),
            };
            use ConvertedType as C;
            let holds = match (
                column.physical_type(),
                column.converted_type(),
                column.type_length(),
            ) {
                (Type::FIXED_LEN_BYTE_ARRAY, C::NONE, 16) => Holds::Identifiers,
                (Type::FIXED_LEN_BYTE_ARRAY, C::NONE, 2) => Holds::Halves,
                (Type::BYTE_ARRAY, C::UTF8 | C::ENUM | C::NONE, _) => Holds::Texts,
                (
                    Type::INT32 | Type::INT64,
                    C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64,
                    _,
                ) => Holds::Unsigned,
                (
                    Type::INT32 | Type::INT64,
                    C::NONE | C::INT_8 | C::INT_16 | C::INT_32 | C::INT_64,
                    _,
                ) if !is_time(column.logical_type_ref()) => Holds::Numbers,
                (Type::BOOLEAN | Type::FLOAT | Type::DOUBLE, ..) => Holds::Numbers,
                _ => Holds::Other,
            };
            Self {
                name,
                is_list: list && !matches!(holds, Holds::Other | Holds::Texts),
                leaf,
                holds,
                defined: column.max_def_level(),
                element: column.repeated_ancestor_def_level(),
            }
        };
        (0..schema.num_columns()).map(column).collect()
    }
}

/// Whether whole numbers are times.
fn is_time(logical: Option<&parquet::basic::LogicalType>) -> bool {
    logical.is_some_and(|logical| {
        let name = format!("{logical:?}");
        ["Time", "Date", "Decimal"]
            .iter()
            .any(|kind| name.starts_with(kind))
    })
}

/// The cells of a column, as texts.
pub(super) struct Cells<'a> {
    reader: ColumnReader,
    column: &'a Column,
}

impl<'a> Cells<'a> {
    pub fn of(group: &dyn RowGroupReader, column: &'a Column) -> Result<Self, ParquetError> {
        Ok(Self {
            reader: group.get_column_reader(column.leaf)?,
            column,
        })
    }

    /// The next cells, so many if there are; of a list its first value, and nothing for a missing one.
    pub fn next(&mut self, rows: usize) -> Result<Vec<String>, ParquetError> {
        let column = self.column;
        let unsigned = column.holds == Holds::Unsigned;
        if column.holds == Holds::Other {
            return Ok(vec![String::new(); rows]);
        }
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => {
                cells(reader, column, rows, |value| u8::from(*value).to_string())
            }
            ColumnReader::Int32ColumnReader(reader) => {
                cells(reader, column, rows, |value| match unsigned {
                    true => (*value as u32).to_string(),
                    false => value.to_string(),
                })
            }
            ColumnReader::Int64ColumnReader(reader) => {
                cells(reader, column, rows, |value| match unsigned {
                    true => (*value as u64).to_string(),
                    false => value.to_string(),
                })
            }
            ColumnReader::FloatColumnReader(reader) => cells(reader, column, rows, |value| {
                format!("{:?}", f64::from(*value))
            }),
            ColumnReader::DoubleColumnReader(reader) => {
                cells(reader, column, rows, |value| format!("{value:?}"))
            }
            ColumnReader::ByteArrayColumnReader(reader) => cells(reader, column, rows, |value| {
                String::from_utf8_lossy(value.data()).into_owned()
            }),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                cells(reader, column, rows, |value| match column.holds {
                    Holds::Halves => format!("{:?}", f64::from_bits(half(value))),
                    _ => value
                        .data()
                        .iter()
                        .map(|byte| format!("{byte:02x}"))
                        .collect(),
                })
            }
            ColumnReader::Int96ColumnReader(_) => Ok(vec![String::new(); rows]),
        }
    }
}

fn cells<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    column: &Column,
    rows: usize,
    text: impl Fn(&T::T) -> String,
) -> Result<Vec<String>, ParquetError> {
    let mut cells = Vec::new();
    let (mut defined, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
    while cells.len() < rows {
        defined.clear();
        repeated.clear();
        values.clear();
        let wanted = rows - cells.len();
        let (records, ..) =
            reader.read_records(wanted, Some(&mut defined), Some(&mut repeated), &mut values)?;
        if records == 0 {
            break;
        }
        if column.defined == 0 {
            cells.extend(values.iter().map(&text));
            continue;
        }
        let mut values = values.iter();
        for (at, level) in defined.iter().enumerate() {
            let value = (*level == column.defined).then(|| values.next()).flatten();
            if repeated.get(at).is_none_or(|level| *level == 0) {
                cells.push(value.map_or_else(String::new, &text));
            }
        }
    }
    Ok(cells)
}

fn half(value: &FixedLenByteArray) -> u64 {
    let mut raw = [0];
    if value.data().len() == 2 {
        ElementType::F16.decode(false, value.data(), &mut raw);
    }
    raw[0]
}

/// Why lists could not be taken.
pub(super) enum Fault {
    Unread(ParquetError),
    Refused(String),
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        Self::Unread(error)
    }
}

/// Numbers that follow one another in a list.
pub(super) enum Numbers<'a> {
    /// Those that are there, as raw values of a kind.
    Raw(RawKind, &'a [u64]),
    /// One that is missing.
    Missing,
}

impl Numbers<'_> {
    /// Appends them to a stream.
    pub fn push(&self, rows: &mut Rows, stream: usize) -> Result<(), String> {
        match *self {
            Self::Missing => rows.push(stream, Number::MISSING),
            Self::Raw(kind, raw) => {
                let finite = kind != RawKind::Real
                    || raw.iter().all(|bits| f64::from_bits(*bits).is_finite());
                if finite && rows.append(stream, kind, raw) {
                    return Ok(());
                }
                let numbers = raw.chunks_exact(kind.raw_per_element());
                numbers
                    .map(|raw| number(kind, raw))
                    .try_for_each(|number| rows.push(stream, number))
            }
        }
    }
}

fn number(kind: RawKind, raw: &[u64]) -> Number {
    match kind {
        RawKind::Unsigned => Number::Unsigned(raw[0]),
        RawKind::Signed if (raw[0] as i64) < 0 => Number::Negative(raw[0] as i64),
        RawKind::Signed => Number::Unsigned(raw[0]),
        RawKind::Real => Number::Real(f64::from_bits(raw[0])),
        RawKind::Wide => Number::Wide(raw[0], raw[1]),
    }
}

/// The lists of a column of a row group.
pub(super) struct Lists<'a> {
    reader: ColumnReader,
    column: &'a Column,
    /// Lists that are asked for at once.
    records: usize,
}

impl<'a> Lists<'a> {
    pub fn of(group: &dyn RowGroupReader, column: &'a Column) -> Result<Self, ParquetError> {
        let values = group.metadata().column(column.leaf).num_values().max(0) as u64;
        let rows = group.metadata().num_rows().max(1) as u64;
        Ok(Self {
            reader: group.get_column_reader(column.leaf)?,
            column,
            records: (AT_ONCE / (values / rows).max(1)).max(1) as usize,
        })
    }

    /// Hands over the numbers of all lists, in pieces, each with whether a list begins with it. A list
    /// without numbers is handed over as one piece of none.
    pub fn for_each(
        &mut self,
        each: impl FnMut(bool, Numbers<'_>) -> Result<(), String>,
    ) -> Result<(), Fault> {
        let (column, records) = (self.column, self.records);
        let unsigned = column.holds == Holds::Unsigned;
        let whole = if unsigned {
            RawKind::Unsigned
        } else {
            RawKind::Signed
        };
        let real = |value: f64| (value + 0.0).to_bits();
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => lists(
                reader,
                column,
                records,
                RawKind::Unsigned,
                |value, raw| raw.push(u64::from(*value)),
                each,
            ),
            ColumnReader::Int32ColumnReader(reader) => lists(
                reader,
                column,
                records,
                whole,
                |value, raw| {
                    raw.push(match unsigned {
                        true => u64::from(*value as u32),
                        false => i64::from(*value) as u64,
                    });
                },
                each,
            ),
            ColumnReader::Int64ColumnReader(reader) => lists(
                reader,
                column,
                records,
                whole,
                |value, raw| raw.push(*value as u64),
                each,
            ),
            ColumnReader::FloatColumnReader(reader) => lists(
                reader,
                column,
                records,
                RawKind::Real,
                |value, raw| raw.push(real(f64::from(*value))),
                each,
            ),
            ColumnReader::DoubleColumnReader(reader) => lists(
                reader,
                column,
                records,
                RawKind::Real,
                |value, raw| raw.push(real(*value)),
                each,
            ),
            ColumnReader::FixedLenByteArrayColumnReader(reader)
                if column.holds == Holds::Halves =>
            {
                lists(
                    reader,
                    column,
                    records,
                    RawKind::Real,
                    |value, raw| raw.push(half(value)),
                    each,
                )
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => lists(
                reader,
                column,
                records,
                RawKind::Wide,
                |value, raw| {
                    let bytes: [u8; 16] = value.data().try_into().unwrap_or_default();
                    let value = u128::from_be_bytes(bytes);
                    raw.extend([(value >> 64) as u64, value as u64]);
                },
                each,
            ),
            ColumnReader::Int96ColumnReader(_) | ColumnReader::ByteArrayColumnReader(_) => Err(
                Fault::Refused(format!("`{}` holds no numbers", column.name)),
            ),
        }
    }
}

fn lists<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    column: &Column,
    records: usize,
    kind: RawKind,
    convert: impl Fn(&T::T, &mut Vec<u64>),
    mut each: impl FnMut(bool, Numbers<'_>) -> Result<(), String>,
) -> Result<(), Fault> {
    let (mut defined, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut raw = Vec::new();
    let size = kind.raw_per_element();
    loop {
        defined.clear();
        repeated.clear();
        values.clear();
        raw.clear();
        let (found, ..) = reader.read_records(
            records,
            Some(&mut defined),
            Some(&mut repeated),
            &mut values,
        )?;
        if found == 0 {
            return Ok(());
        }
        values.iter().for_each(|value| convert(value, &mut raw));
        // Where the numbers begin that were not handed over, in levels and in raw values.
        let (mut level, mut taken) = (0, 0);
        while level < repeated.len() {
            let is_first = repeated[level] == 0;
            let there = defined[level] == column.defined;
            let run = 1 + repeated[level + 1..]
                .iter()
                .zip(&defined[level + 1..])
                .take_while(|&(&repeated, &defined)| {
                    repeated > 0 && there && defined == column.defined
                })
                .count();
            let numbers = if there {
                let piece = raw.get(taken..taken + run * size).unwrap_or_default();
                taken += run * size;
                Numbers::Raw(kind, piece)
            } else if defined[level] >= column.element {
                Numbers::Missing
            } else {
                Numbers::Raw(kind, &[])
            };
            each(is_first, numbers).map_err(Fault::Refused)?;
            level += run;
        }
    }
}
