//! The numbers of the lists of a column.

use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::DataType,
    errors::ParquetError,
    file::reader::RowGroupReader,
};

use super::column::{Holds, ParquetColumn, half};
use crate::capture::{element::RawKind, number::Number, rows::Rows};

/// Values of lists that are asked for at once, if the lists are not longer.
const AT_ONCE: u64 = 1 << 17;

/// Why lists could not be taken.
pub(super) enum ListFault {
    Unread(ParquetError),
    Refused(String),
}

impl From<ParquetError> for ListFault {
    fn from(error: ParquetError) -> Self {
        Self::Unread(error)
    }
}

/// Numbers that follow one another in a list.
pub(super) enum ListNumbers<'a> {
    /// Those that are there, as raw values of a kind.
    Raw(RawKind, &'a [u64]),
    /// One that is missing.
    Missing,
}

impl ListNumbers<'_> {
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
        RawKind::Token => Number::Token(raw[0]),
    }
}

/// The lists of a column of a row group.
pub(super) struct Lists<'a> {
    reader: ColumnReader,
    column: &'a ParquetColumn,
    /// Lists that are asked for at once.
    records: usize,
}

impl<'a> Lists<'a> {
    pub fn of(group: &dyn RowGroupReader, column: &'a ParquetColumn) -> Result<Self, ParquetError> {
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
        each: impl FnMut(bool, ListNumbers<'_>) -> Result<(), String>,
    ) -> Result<(), ListFault> {
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
                ListFault::Refused(format!("`{}` holds no numbers", column.name)),
            ),
        }
    }
}

fn lists<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    column: &ParquetColumn,
    records: usize,
    kind: RawKind,
    convert: impl Fn(&T::T, &mut Vec<u64>),
    mut each: impl FnMut(bool, ListNumbers<'_>) -> Result<(), String>,
) -> Result<(), ListFault> {
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
                ListNumbers::Raw(kind, piece)
            } else if defined[level] >= column.element {
                ListNumbers::Missing
            } else {
                ListNumbers::Raw(kind, &[])
            };
            each(is_first, numbers).map_err(ListFault::Refused)?;
            level += run;
        }
    }
}
