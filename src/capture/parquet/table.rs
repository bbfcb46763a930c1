//! Columns without lists as a table in text, which is read as every other is.

use std::{
    fs::File,
    io::{self, Read},
};

use parquet::{
    errors::ParquetError,
    file::reader::{FileReader, SerializedFileReader},
};

use super::column::{Cells, ParquetColumn};
use crate::capture::structured::{cell, end_row};

/// Rows taken at once.
const ROWS: usize = 1 << 12;

/// The rows of a file as a table in text.
pub(super) struct AsTable<'a> {
    file: &'a SerializedFileReader<File>,
    columns: &'a [ParquetColumn],
    /// The row group that is read, its columns, and the rows that are left in it.
    group: usize,
    cells: Vec<Cells<'a>>,
    left: usize,
    text: Vec<u8>,
    given: usize,
    failure: Option<ParquetError>,
}

impl<'a> AsTable<'a> {
    pub fn new(file: &'a SerializedFileReader<File>, columns: &'a [ParquetColumn]) -> Self {
        let mut text = Vec::new();
        for column in columns {
            cell(&column.name, &mut text);
        }
        end_row(&mut text);
        Self {
            file,
            columns,
            group: 0,
            cells: Vec::new(),
            left: 0,
            text,
            given: 0,
            failure: None,
        }
    }

    /// Why the file could not be read on.
    pub fn take_failure(&mut self) -> Option<ParquetError> {
        self.failure.take()
    }

    fn fill(&mut self) -> Result<(), ParquetError> {
        self.text.clear();
        self.given = 0;
        while self.left == 0 && self.group < self.file.num_row_groups() {
            let group = self.file.get_row_group(self.group)?;
            self.left = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
            let cells = self.columns.iter().map(|column| Cells::of(&*group, column));
            self.cells = cells.collect::<Result<_, _>>()?;
            self.group += 1;
        }
        let rows = self.left.min(ROWS);
        self.left -= rows;
        let columns = self.cells.iter_mut().map(|cells| cells.next(rows));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        for row in 0..rows {
            for column in &columns {
                let text = column.get(row).ok_or_else(|| {
                    ParquetError::General("a column ends before the others".into())
                })?;
                cell(text, &mut self.text);
            }
            end_row(&mut self.text);
        }
        Ok(())
    }
}

impl Read for AsTable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.fill().map_err(|error| {
                let text = error.to_string();
                self.failure = Some(error);
                io::Error::other(text)
            })?;
        }
        let length = (&self.text[self.given..]).read(buffer)?;
        self.given += length;
        Ok(length)
    }
}
