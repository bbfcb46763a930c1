//! Which axis of an array is time, where its values say so.
//!
//! Chains, walks and prices are often kept with a row a step and a column a worker. Then the rows, taken
//! for streams, are near each other as successive steps are, and would look like related workers.

use std::{
    collections::HashMap,
    io::{self, Read, Seek, SeekFrom},
};

use super::{Axis, element::RawKind, npy::Header};

/// Rows and columns that are looked at, and rows at least.
pub(super) const ROWS: u64 = 256;
pub(super) const COLUMNS: u64 = 64;
const LEAST_ROWS: u64 = 24;

/// How often a value must be nearer to the next one down its column than to one far from it, where half
/// is chance; and how much more often than along the rows.
const NEAR: f64 = 0.6;
const MORE: f64 = 0.1;

/// Bits that the equality of lines must be worth before it says which axis is time.
pub(super) const EQUAL_BITS: f64 = 16.0;

/// Which axis is time, where lines along it are equal throughout as no order of other lines is: workers
/// with one seed stand in equal rows, or in equal columns. `matrix` holds the first rows.
pub(super) fn axis_of_equals(matrix: &[Vec<u64>]) -> Option<Axis> {
    let width = matrix.first().map_or(0, Vec::len);
    if matrix.len() < 2 || width < 2 {
        return None;
    }
    let columns: Vec<Vec<u64>> = (0..width)
        .map(|at| matrix.iter().map(|row| row[at]).collect())
        .collect();
    let (of_rows, of_columns) = (equality_bits(matrix), equality_bits(&columns));
    if of_rows.max(of_columns) < EQUAL_BITS {
        return None;
    }
    Some(if of_rows > of_columns {
        Axis::Columns
    } else {
        Axis::Rows
    })
}

/// What the largest group of equal lines is worth: for every line but the first the orders that its
/// values could have had, less the choice of the group among all lines. It only says which reading is
/// looked at; the analysis judges what is equal.
pub(super) fn equality_bits(lines: &[Vec<u64>]) -> f64 {
    let mut groups: HashMap<&[u64], usize> = HashMap::new();
    for line in lines {
        *groups.entry(line).or_default() += 1;
    }
    let worth = |(line, &count): (&&[u64], &usize)| {
        (count - 1) as f64 * orders(line) - log2_choices(lines.len(), count)
    };
    groups
        .iter()
        .filter(|(_, count)| **count > 1)
        .map(worth)
        .fold(0.0, f64::max)
}

/// The binary logarithm of the number of orders of a line's values.
fn orders(line: &[u64]) -> f64 {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for &value in line {
        *counts.entry(value).or_default() += 1;
    }
    log2_factorial(line.len())
        - counts
            .values()
            .map(|&count| log2_factorial(count))
            .sum::<f64>()
}

fn log2_choices(of: usize, chosen: usize) -> f64 {
    log2_factorial(of) - log2_factorial(chosen) - log2_factorial(of - chosen)
}

fn log2_factorial(number: usize) -> f64 {
    (2..=number).map(|factor| (factor as f64).log2()).sum()
}

/// Raw values that follow one another from an element on.
pub(super) fn values(
    source: &mut (impl Read + Seek),
    header: &Header,
    from: u64,
    count: u64,
) -> io::Result<Vec<u64>> {
    let size = header.element.bytes() as u64;
    let mut bytes = vec![0; (count * size) as usize];
    let mut raw = vec![0; count as usize];
    source.seek(SeekFrom::Start(header.data_offset + from * size))?;
    source.read_exact(&mut bytes)?;
    header.element.decode(header.big_endian, &bytes, &mut raw);
    Ok(raw)
}

/// Whether the rows of an array are the steps of series that stand in its columns: values run on down the
/// columns, in most of them, and not so along the rows.
///
/// Unsigned words and fractions of one are draws as a generator gives them, and rows that are equal as a
/// whole no steps: workers whose seeds are near each other may have draws that are.
pub(super) fn rows_are_steps(header: &Header, sample: &[Vec<u64>]) -> bool {
    let unsigned = header.element.kind() == RawKind::Unsigned;
    if unsigned || header.shape[0] < LEAST_ROWS || header.shape[1] < 2 {
        return false;
    }
    let real = header.element.kind() == RawKind::Real;
    let value = |&raw: &u64| match real {
        true => f64::from_bits(raw),
        false => raw as i64 as f64,
    };
    let values: Vec<Vec<f64>> = sample
        .iter()
        .map(|row| row.iter().map(value).collect())
        .collect();
    let fractions = || {
        values
            .iter()
            .flatten()
            .all(|value| (0.0..=1.0).contains(value))
    };
    let equal = || values.windows(2).any(|next| next[0] == next[1]);
    if fractions() || equal() {
        return false;
    }
    let column = |at: usize| -> Vec<f64> { values.iter().map(|row| row[at]).collect() };
    let down = median((0..values[0].len()).map(|at| nearness(&column(at))));
    let along = median(values.iter().map(|row| nearness(row)));
    down >= NEAR && down >= along + MORE
}

/// The first rows and columns of an array of two axes.
pub(super) fn sample(
    source: &mut (impl Read + Seek),
    header: &Header,
    rows: u64,
    columns: u64,
) -> io::Result<Vec<Vec<u64>>> {
    let (outer, inner, apart) = match header.fortran {
        true => (columns, rows, header.shape[0]),
        false => (rows, columns, header.shape[1]),
    };
    let lines = (0..outer)
        .map(|line| values(source, header, line * apart, inner))
        .collect::<io::Result<Vec<_>>>()?;
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
    use std::io::Write as _;

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
            let sample =
                sample(&mut file, &header, (rows as u64).min(ROWS), columns as u64).unwrap();
            rows_are_steps(&header, &sample)
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
