//! Which axis of an array is time, where its values say so.
//!
//! Chains, walks and prices are often kept with a row a step and a column a worker. Then the rows, taken
//! for streams, are near each other as successive steps are, and would look like related workers.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

use super::{element::RawKind, npy::Header};

/// Rows and columns that are looked at, and rows at least.
const ROWS: u64 = 256;
const COLUMNS: u64 = 64;
const LEAST_ROWS: u64 = 24;

/// How often a value must be nearer to the next one down its column than to one far from it, where half
/// is chance; and how much more often than along the rows.
const NEAR: f64 = 0.6;
const MORE: f64 = 0.1;

/// Whether the rows of an array are the steps of series that stand in its columns: values run on down the
/// columns, in most of them, and not so along the rows.
///
/// Unsigned words and fractions of one are draws as a generator gives them, and rows that are equal as a
/// whole no steps: workers whose seeds are near each other may have draws that are.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn rows_are_steps(file: &mut File, header: &Header) -> io::Result<bool> {
    let [rows, columns] = *header.shape.as_slice() else {
        return Ok(false);
    };
    let unsigned = header.element.kind() == RawKind::Unsigned;
    if unsigned || rows < LEAST_ROWS || columns < 2 {
        return Ok(false);
    }
    let values = read(file, header, rows.min(ROWS), columns.min(COLUMNS))?;
    let fractions = || {
        values
            .iter()
            .flatten()
            .all(|value| (0.0..=1.0).contains(value))
    };
    let equal = || values.windows(2).any(|next| next[0] == next[1]);
    if fractions() || equal() {
        return Ok(false);
    }
    let column = |at: usize| -> Vec<f64> { values.iter().map(|row| row[at]).collect() };
    let down = median((0..values[0].len()).map(|at| nearness(&column(at))));
    let along = median(values.iter().map(|row| nearness(row)));
    Ok(down >= NEAR && down >= along + MORE)
}

/// The first rows and columns.
fn read(file: &mut File, header: &Header, rows: u64, columns: u64) -> io::Result<Vec<Vec<f64>>> {
    let size = header.element.bytes() as u64;
    let (outer, inner, apart) = match header.fortran {
        true => (columns, rows, header.shape[0]),
        false => (rows, columns, header.shape[1]),
    };
    let mut bytes = vec![0; (inner * size) as usize];
    let mut raw = vec![0; inner as usize];
    let mut lines = Vec::with_capacity(outer as usize);
    for line in 0..outer {
        file.seek(SeekFrom::Start(header.data_offset + line * apart * size))?;
        file.read_exact(&mut bytes)?;
        header.element.decode(header.big_endian, &bytes, &mut raw);
        let real = header.element.kind() == RawKind::Real;
        let value = |&raw: &u64| match real {
            true => f64::from_bits(raw),
            false => raw as i64 as f64,
        };
        lines.push(raw.iter().map(value).collect::<Vec<f64>>());
    }
    Ok(match header.fortran {
        true => (0..rows as usize)
            .map(|row| lines.iter().map(|line| line[row]).collect())
            .collect(),
        false => lines,
    })
}

/// How often a value is nearer to the next one than to one half way round; equal distances count half.
fn nearness(values: &[f64]) -> f64 {
    let count = values.len();
    let near: f64 = (0..count - 1)
        .map(|at| {
            let next = (values[at + 1] - values[at]).abs();
            let far = (values[(at + count / 2) % count] - values[at]).abs();
            match next.partial_cmp(&far) {
                Some(std::cmp::Ordering::Less) => 1.0,
                Some(std::cmp::Ordering::Greater) => 0.0,
                _ => 0.5,
            }
        })
        .sum();
    near / (count - 1) as f64
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::{capture::element::ElementType, generators::SplitMix64};

    /// Whether the rows of an array of such values are taken for steps, in either order of storage.
    fn steps(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f64) -> bool {
        let told = [false, true].map(|fortran| {
            let header = Header {
                element: ElementType::F64,
                big_endian: false,
                fortran,
                shape: vec![rows as u64, columns as u64],
                data_offset: 16,
            };
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&[0; 16]).unwrap();
            for at in 0..rows * columns {
                let (row, column) = match fortran {
                    true => (at % rows, at / rows),
                    false => (at / columns, at % columns),
                };
                file.write_all(&value(row, column).to_le_bytes()).unwrap();
            }
            rows_are_steps(&mut file, &header).unwrap()
        });
        assert_eq!(told[0], told[1]);
        told[0]
    }

    fn unit(row: usize, column: usize) -> f64 {
        SplitMix64::new((row << 20 | column) as u64).next_word() as f64 / 2f64.powi(64)
    }

    /// A series that keeps most of its last value.
    fn chain(column: usize, step: usize) -> f64 {
        (0..=step).fold(0.0, |last, t| 0.9 * last + unit(t, column) - 0.5)
    }

    #[test]
    fn steps_in_rows_are_told_from_workers_in_rows() {
        assert!(steps(300, 8, |row, column| chain(column, row)));
        assert!(steps(60, 100, |row, column| chain(column, row)));
        assert!(!steps(60, 100, chain));
        assert!(!steps(300, 30, unit));
        // Workers that begin near each other, and those that share noise.
        assert!(!steps(100, 50, |row, column| match column {
            0 => row as f64,
            _ => unit(row, column),
        }));
        assert!(!steps(100, 50, |row, column| unit(0, column)
            + 0.1 * unit(row, column)));
        // Fractions, and workers of which two in a row have one seed.
        let fraction = |row: usize, column| chain(column, row) / 100.0 + 0.5;
        assert!(!steps(300, 8, fraction));
        assert!(!steps(300, 8, |row, column| chain(column, row / 2)));
        // Too few rows to tell.
        assert!(!steps(10, 100, |row, column| chain(column, row)));
    }
}
