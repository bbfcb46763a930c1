//! Which axis of an array is time, where its values say so.
//!
//! Chains, walks and prices are often kept with a row a step and a column a worker. Then the rows, taken
//! for streams, are near each other as successive steps are, and would look like related workers.

use std::{
    collections::HashMap,
    io::{self, Read, Seek, SeekFrom},
};

use super::{Axis, Reading, Suffix, element::RawKind, npy::Header};

/// Rows and columns that are looked at, and rows at least.
pub(super) const ROWS: u64 = 256;
pub(super) const COLUMNS: u64 = 64;
const LEAST_ROWS: u64 = 24;

/// How often a value must be nearer to the next one down its column than to one far from it, where half
/// is chance; and how much more often than along the rows.
const NEAR: f64 = 0.6;
const MORE: f64 = 0.1;

/// Bits that the equality of lines must be worth before it says which axis is time.
const EQUAL_BITS: f64 = 16.0;

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
fn equality_bits(lines: &[Vec<u64>]) -> f64 {
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

/// How an array is split into streams.
pub(super) struct Shape {
    form: Form,
    /// Values of each stream.
    pub words: u64,
    /// Values that a row of each stream holds.
    pub per_row: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// One stream.
    Whole,
    /// A row a stream.
    Rows,
    /// A column a stream, time down the rows; values of several dimensions stand together.
    Columns { dimensions: u64 },
    /// The first axis tells streams apart, the second is time.
    Blocks,
    /// Runs, streams and words.
    Runs,
}

/// Where a stream lies in an array.
pub(super) struct Lane {
    pub suffix: Suffix,
    pub first: u64,
    pub stride: u64,
    pub block: u64,
}

/// Values a step up to which the steps of one worker are rows.
const LONGEST_ROW: u64 = 16;

/// Which axes of an array are streams and time, and what is to be said of it.
///
/// # Errors
/// When the file cannot be read; within, when the axes are not told.
pub(super) fn shape(
    source: &mut (impl Read + Seek),
    header: &Header,
    own: bool,
    reading: &Reading,
) -> io::Result<Result<(Shape, Option<String>), String>> {
    let elements = header.elements();
    let of = |form, words, per_row| Shape {
        form,
        words,
        per_row,
    };
    let axes = header.shape.as_slice();
    // A worker's own array is its stream, however it is arranged; a step a row has several values.
    if own || axes.len() == 1 {
        let row: u64 = axes[1..].iter().product();
        let rows = axes.len() > 1 && !header.fortran && row <= LONGEST_ROW;
        let per_row = if rows { row as u32 } else { 1 };
        return Ok(Ok((of(Form::Whole, elements, per_row), None)));
    }
    let dimensions: u64 = axes[2..].iter().product();
    let (first, second) = (axes[0], axes[1]);
    let columns = |why: &str| {
        (
            of(
                Form::Columns { dimensions },
                first * dimensions,
                u32::try_from(dimensions).unwrap_or(1),
            ),
            Some(format!(
                "read with a row a step and a column a worker, since {why} (--axis columns reads a \
                 row a worker)"
            )),
        )
    };
    if let [rows, words] = *axes {
        let by_rows = (of(Form::Rows, words, 1), None);
        return Ok(Ok(match reading.axis {
            Some(Axis::Columns) => by_rows,
            Some(Axis::Rows) => columns("--axis says so"),
            None => {
                let sample = sample(source, header, rows.min(ROWS), words.min(COLUMNS))?;
                match axis_of_equals(&sample) {
                    Some(Axis::Rows) => columns("whole columns are equal"),
                    Some(Axis::Columns) => by_rows,
                    None if rows_are_steps(header, &sample) => {
                        columns("values run on down the columns")
                    }
                    None => by_rows,
                }
            }
        }));
    }
    let blocks = |why: &str| {
        (
            of(
                Form::Blocks,
                second * dimensions,
                u32::try_from(dimensions).unwrap_or(1),
            ),
            Some(format!(
                "read with the first axis for workers and the second for time, since {why} (--axis rows \
                 takes the first for time)"
            )),
        )
    };
    let axis = match reading.axis {
        Some(axis) => Some((axis, "--axis says so")),
        None => equal_blocks(source, header)?,
    };
    let is_longest = axes.len() == 3 && dimensions >= first.max(second);
    Ok(match axis {
        _ if header.fortran && axes.len() > 2 && (axis.is_some() || axes.len() > 3) => Err(
            "an array of several axes in Fortran order is not read by steps; save \
             np.ascontiguousarray(a)"
                .into(),
        ),
        Some((Axis::Rows, why)) => Ok(columns(why)),
        Some((Axis::Columns, why)) if !is_longest => Ok(blocks(why)),
        _ if axes.len() == 3 => Ok((of(Form::Runs, dimensions, 1), None)),
        _ => Err(format!(
            "which of {} axes are workers and time is not told: --axis rows takes the first for time \
             and the second for workers, --axis columns the other way round",
            axes.len()
        )),
    })
}

impl Shape {
    /// Where its streams lie, in order.
    pub fn lanes(&self, header: &Header) -> impl ExactSizeIterator<Item = Lane> {
        let axes = header.shape.as_slice();
        let (first, second) = (axes[0], axes.get(1).copied().unwrap_or(1));
        let (form, words, fortran) = (self.form, self.words, header.fortran);
        let count = match form {
            Form::Whole => 1,
            Form::Rows | Form::Blocks => first,
            Form::Columns { .. } => second,
            Form::Runs => first.saturating_mul(second),
        };
        // More streams than can be told apart are refused before one is made.
        (0..usize::try_from(count).unwrap_or(usize::MAX)).map(move |at| {
            let at = at as u64;
            let lane = |suffix, first, stride, block| Lane {
                suffix,
                first,
                stride,
                block,
            };
            match form {
                Form::Whole => lane(Suffix::Whole, 0, 1, 1),
                Form::Rows if fortran && words > 1 => lane(Suffix::Row(at), at, first, 1),
                Form::Rows | Form::Blocks => lane(Suffix::Row(at), at * words, 1, 1),
                Form::Columns { .. } if fortran || second == 1 => {
                    lane(Suffix::Column(at), at * words, 1, 1)
                }
                Form::Columns { dimensions } => lane(
                    Suffix::Column(at),
                    at * dimensions,
                    second * dimensions,
                    dimensions,
                ),
                Form::Runs => {
                    let (run, row) = (at / second, at % second);
                    let suffix = Suffix::Cell(run, row);
                    match fortran && words > 1 {
                        true => lane(suffix, run + first * row, first * second, 1),
                        false => lane(suffix, at * words, 1, 1),
                    }
                }
            }
        })
    }
}

/// Which of the first two axes of several tells workers apart whose values are equal throughout, where
/// what follows is shorter than time.
fn equal_blocks(
    source: &mut (impl Read + Seek),
    header: &Header,
) -> io::Result<Option<(Axis, &'static str)>> {
    let (first, second) = (header.shape[0], header.shape[1]);
    let inner: u64 = header.shape[2..].iter().product();
    if header.fortran {
        return Ok(None);
    }
    let (steps, width, taken) = (first.min(COLUMNS), second.min(COLUMNS), inner.min(COLUMNS));
    let mut blocks: Vec<Vec<Vec<u64>>> = Vec::new();
    for step in 0..steps {
        let block =
            (0..width).map(|at| values(source, header, (step * second + at) * inner, taken));
        blocks.push(block.collect::<io::Result<_>>()?);
    }
    let of_second: Vec<Vec<u64>> = (0..width as usize)
        .map(|at| blocks.iter().flat_map(|block| block[at].clone()).collect())
        .collect();
    let of_first: Vec<Vec<u64>> = blocks.into_iter().map(|block| block.concat()).collect();
    let (by_first, by_second) = (equality_bits(&of_first), equality_bits(&of_second));
    Ok(
        if by_second >= EQUAL_BITS && by_second >= by_first && inner < first {
            Some((Axis::Rows, "whole columns are equal"))
        } else if by_first >= EQUAL_BITS && inner < second {
            Some((Axis::Columns, "its blocks are equal along the first"))
        } else {
            None
        },
    )
}

/// Raw values that follow one another from an element on.
fn values(
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
fn rows_are_steps(header: &Header, sample: &[Vec<u64>]) -> bool {
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
fn sample(
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
