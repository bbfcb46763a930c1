//! Writes shards of many streams into one file: `run i32, worker i32, from i64, words binary`, a row a block of words,
//! a page a row, neither compressed nor encoded, so that words are read where they lie.

use std::{path::Path, sync::Arc};

use parquet::{
    basic::{Compression, ConvertedType, Encoding, Repetition, Type as Physical},
    data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{ColumnPath, Type},
};
use tempfile::NamedTempFile;

use super::shards::ELEMENT;
use crate::capture::{CaptureError, ElementType};

/// Elements of a block: more make files a little smaller, and ask for more memory of who reads them row by row.
pub(in crate::capture) const BLOCK: usize = 1 << 15;

/// Bytes and rows of a row group: more take more memory while writing, fewer make larger files.
const GROUP_BYTES: usize = 64 << 20;
const GROUP_ROWS: usize = 1 << 16;

/// A file that is being written. It has no name until it is complete.
pub(in crate::capture) struct BlockFile {
    writer: SerializedFileWriter<NamedTempFile>,
    element: ElementType,
    rows: Vec<(i32, i32, i64, ByteArray)>,
    bytes: usize,
}

impl BlockFile {
    /// Begins a file of elements of this type in a folder.
    pub fn create(folder: &Path, element: ElementType) -> Result<Self, CaptureError> {
        let file = tempfile::Builder::new()
            .prefix(".shard-")
            .tempfile_in(folder)
            .map_err(CaptureError::io("write a shard into", folder))?;
        let words = ColumnPath::from("words");
        let properties = WriterProperties::builder()
            .set_compression(Compression::UNCOMPRESSED)
            .set_dictionary_enabled(false)
            .set_encoding(Encoding::PLAIN)
            .set_column_data_page_row_count_limit(words, 1)
            .set_write_batch_size(1)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_key_value_metadata(Some(vec![KeyValue::new(
                ELEMENT.to_owned(),
                element.name().to_owned(),
            )]))
            .build();
        let writer = SerializedFileWriter::new(file, Arc::new(schema()?), Arc::new(properties));
        Ok(Self {
            writer: writer.map_err(failed)?,
            element,
            rows: Vec::new(),
            bytes: 0,
        })
    }

    /// Adds the elements of a stream from a place on, as bytes.
    pub fn add(
        &mut self,
        (run, worker): (u32, u32),
        from: u64,
        elements: &[u8],
    ) -> Result<(), CaptureError> {
        let number = |number: u64| {
            i32::try_from(number).map_err(|_| CaptureError::TooMany {
                what: "runs or workers of a Parquet file",
                found: number,
                limit: i32::MAX as u64,
            })
        };
        let (run, worker) = (number(run.into())?, number(worker.into())?);
        let mut from = from as i64;
        for block in elements.chunks(BLOCK * self.element.bytes()) {
            self.rows.push((run, worker, from, block.to_vec().into()));
            self.bytes += block.len();
            from += (block.len() / self.element.bytes()) as i64;
            if self.bytes >= GROUP_BYTES || self.rows.len() == GROUP_ROWS {
                self.write_group().map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Ends the file, which is still without a name.
    pub fn finish(mut self) -> Result<NamedTempFile, CaptureError> {
        self.write_group()
            .and_then(|()| self.writer.into_inner())
            .map_err(failed)
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        let runs: Vec<i32> = rows.iter().map(|row| row.0).collect();
        let workers: Vec<i32> = rows.iter().map(|row| row.1).collect();
        let froms: Vec<i64> = rows.iter().map(|row| row.2).collect();
        let words: Vec<ByteArray> = rows.into_iter().map(|row| row.3).collect();
        column::<Int32Type>(&mut group, &runs)?;
        column::<Int32Type>(&mut group, &workers)?;
        column::<Int64Type>(&mut group, &froms)?;
        column::<ByteArrayType>(&mut group, &words)?;
        group.close()?;
        Ok(())
    }
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, NamedTempFile>,
    values: &[T::T],
) -> Result<(), ParquetError> {
    let ended = || ParquetError::General("a column too many".into());
    let mut column = group.next_column()?.ok_or_else(ended)?;
    column.typed::<T>().write_batch(values, None, None)?;
    column.close()
}

fn schema() -> Result<Type, CaptureError> {
    let column = |name: &str, physical: Physical| {
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::REQUIRED)
            .with_converted_type(ConvertedType::NONE)
            .build()
            .map(Arc::new)
    };
    let columns = [
        ("run", Physical::INT32),
        ("worker", Physical::INT32),
        ("from", Physical::INT64),
        ("words", Physical::BYTE_ARRAY),
    ];
    let fields = columns.map(|(name, physical)| column(name, physical));
    let fields = fields.into_iter().collect::<Result<Vec<_>, _>>();
    fields
        .and_then(|fields| {
            Type::group_type_builder("shards")
                .with_fields(fields)
                .build()
        })
        .map_err(failed)
}

fn failed(error: ParquetError) -> CaptureError {
    CaptureError::Parquet {
        file: "a shard".into(),
        problem: format!("cannot be written: {error}"),
    }
}
