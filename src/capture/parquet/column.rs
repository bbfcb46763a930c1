//! The columns of a Parquet file, and their cells as text.

use std::fs::File;

use parquet::{
    basic::{ConvertedType, Type},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{DataType, FixedLenByteArray},
    errors::ParquetError,
    file::reader::{FileReader, RowGroupReader, SerializedFileReader},
};

use crate::capture::element::ElementType;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
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
pub(super) struct ParquetColumn {
    pub name: String,
    /// Whether a row holds a list of its values.
    pub is_list: bool,
    pub leaf: usize,
    pub holds: Holds,
    /// The level at which a value is there.
    pub defined: i16,
    /// The level from which on an element of a list is there.
    pub element: i16,
}

impl ParquetColumn {
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
    column: &'a ParquetColumn,
}

impl<'a> Cells<'a> {
    pub fn of(group: &dyn RowGroupReader, column: &'a ParquetColumn) -> Result<Self, ParquetError> {
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
    column: &ParquetColumn,
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

pub(super) fn half(value: &FixedLenByteArray) -> u64 {
    let mut raw = [0];
    if value.data().len() == 2 {
        ElementType::F16.decode(false, value.data(), &mut raw);
    }
    raw[0]
}
