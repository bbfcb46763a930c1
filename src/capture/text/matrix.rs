//! Matrices that are printed in parts, some columns after others, as R, Octave and MATLAB do.

use super::{At, CaptureError, Text};

impl Text<'_> {
    /// Numbers of the next row below a heading of columns.
    pub(super) fn wrapped(&mut self, rest: &[u8], at: At<'_>) -> Result<(), CaptureError> {
        self.read(rest, at)?;
        if let Some(row) = self.row.as_mut().filter(|_| !self.numbers.is_empty()) {
            while *row >= self.matrix.len() {
                self.matrix.push(Vec::new());
            }
            self.matrix[*row].append(&mut self.numbers);
            *row += 1;
        }
        Ok(())
    }

    /// Takes the rows of a matrix as lists.
    pub(super) fn end_matrix(&mut self) -> Result<(), CaptureError> {
        self.row = None;
        for row in std::mem::take(&mut self.matrix) {
            self.numbers = row;
            let at = At {
                file: self.of.name,
                line: 1,
            };
            self.push_plain(false, at)?;
        }
        Ok(())
    }
}
