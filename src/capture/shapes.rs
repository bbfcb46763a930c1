//! How numpy's arrays are split into streams, and where each stream lies.

use std::io::{self, Read, Seek};

use super::{
    Axis, Reading, Suffix,
    axes::{
        COLUMNS, EQUAL_BITS, ROWS, axis_of_equals, equality_bits, rows_are_steps, sample, values,
    },
    element::RawKind,
    npy::Header,
    rows::LONGEST_ROW,
};

/// How an array is split into streams.
pub(super) struct FileShape {
    form: ArrayForm,
    /// Values of each stream.
    pub words: u64,
    /// Values that a row of each stream holds.
    pub per_row: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ArrayForm {
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

/// What is said of arrays whose values of a step do not stand together.
const FORTRAN: &str =
    "an array of several axes in Fortran order is not read by steps; save np.ascontiguousarray(a)";

/// Rows of few values from which on they may be steps.
const FEWEST_STEPS: u64 = 24;

/// Which axes of an array are streams and time, and what is to be said of it.
///
/// # Errors
/// When the file cannot be read; within, when the axes are not told.
pub(super) fn shape(
    source: &mut (impl Read + Seek),
    header: &Header,
    own: bool,
    reading: &Reading,
) -> io::Result<Result<(FileShape, Option<String>), String>> {
    let elements = header.elements();
    let of = |form, words, per_row| FileShape {
        form,
        words,
        per_row,
    };
    let axes = header.shape.as_slice();
    // A worker's own array is its stream, however it is arranged; a step a row has several values.
    if own || axes.len() == 1 {
        let row: u64 = axes[1..].iter().product();
        let rows = axes.len() > 1 && !header.fortran && row <= LONGEST_ROW as u64;
        let per_row = if rows { row as u32 } else { 1 };
        return Ok(Ok((of(ArrayForm::Whole, elements, per_row), None)));
    }
    let dimensions: u64 = axes[2..].iter().product();
    let (first, second) = (axes[0], axes[1]);
    let columns = |why: &str| {
        (
            of(
                ArrayForm::Columns { dimensions },
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
        let by_rows = (of(ArrayForm::Rows, words, 1), None);
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
                    None if reading.workers.map(u64::from) == Some(words) && words != rows => {
                        columns("there are as many as --workers")
                    }
                    None if reading.workers.map(u64::from) == Some(rows) => by_rows,
                    None if is_tall(header) => {
                        return Ok(Err(format!(
                            "{rows} rows of {words} may be {words} workers step by step, or {rows} workers of \
                             {words} values: --axis rows reads a row a step and a column a worker, --axis columns \
                             a row a worker"
                        )));
                    }
                    None => by_rows,
                }
            }
        }));
    }
    let blocks = |why: &str| {
        (
            of(
                ArrayForm::Blocks,
                second * dimensions,
                u32::try_from(dimensions).unwrap_or(1),
            ),
            Some(format!(
                "read with the first axis for workers and the second for time, since {why} (--axis rows \
                 takes the first for time)"
            )),
        )
    };
    if reading.outer_runs {
        let row = u32::try_from(axes[3..].iter().product::<u64>()).unwrap_or(1);
        return Ok(match header.fortran && axes.len() > 3 {
            true => Err(FORTRAN.into()),
            false => Ok((of(ArrayForm::Runs, dimensions, row), None)),
        });
    }
    let axis = match reading.axis {
        Some(axis) => Some((axis, "--axis says so")),
        None => equal_blocks(source, header)?,
    };
    let is_longest = axes.len() == 3 && dimensions >= first.max(second);
    Ok(match axis {
        _ if header.fortran && axes.len() > 2 && (axis.is_some() || axes.len() > 3) => {
            Err(FORTRAN.into())
        }
        Some((Axis::Rows, why)) => Ok(columns(why)),
        Some((Axis::Columns, why)) if !is_longest => Ok(blocks(why)),
        _ if axes.len() == 3 && has_short_rows(header) => Err(format!(
            "{first} blocks of {second} rows of {dimensions} may be {first} runs of {second} workers, {first} workers of \
             {second} rows, or {first} steps of {second} workers: --axis runs takes the first axis for runs and the \
             second for workers, --axis columns the first for workers, --axis rows the first for time and the second \
             for workers"
        )),
        _ if axes.len() == 3 => Ok((
            of(ArrayForm::Runs, dimensions, 1),
            Some(
                "read with the first axis for runs, the second for workers and the third for what each drew (--axis \
                 columns takes the first for workers, --axis rows for time)"
                    .into(),
            ),
        )),
        _ => Err(format!(
            "which of {} axes are workers and time is not told: --axis rows takes the first for time \
             and the second for workers, --axis columns the other way round, --axis runs the first for runs and the \
             second for workers",
            axes.len()
        )),
    })
}

/// Whether an array of two axes has many rows of few numbers, which are no raw words: those that collect
/// step by step save such, and so do those who start many workers.
fn is_tall(header: &Header) -> bool {
    let (rows, words) = (header.shape[0], header.shape[1]);
    let words_of_generators = header.element.kind() == RawKind::Unsigned;
    !words_of_generators && words <= LONGEST_ROW as u64 && rows >= FEWEST_STEPS && rows >= 4 * words
}

/// The same of the second and third axes of an array.
fn has_short_rows(header: &Header) -> bool {
    let (rows, words) = (header.shape[1], header.shape[2]);
    let words_of_generators = header.element.kind() == RawKind::Unsigned;
    !words_of_generators && words <= LONGEST_ROW as u64 && rows >= FEWEST_STEPS && rows >= 4 * words
}

impl FileShape {
    /// Where its streams lie, in order.
    pub fn lanes(&self, header: &Header) -> impl ExactSizeIterator<Item = Lane> {
        let axes = header.shape.as_slice();
        let (first, second) = (axes[0], axes.get(1).copied().unwrap_or(1));
        let (form, words, fortran) = (self.form, self.words, header.fortran);
        let count = match form {
            ArrayForm::Whole => 1,
            ArrayForm::Rows | ArrayForm::Blocks => first,
            ArrayForm::Columns { .. } => second,
            ArrayForm::Runs => first.saturating_mul(second),
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
                ArrayForm::Whole => lane(Suffix::Whole, 0, 1, 1),
                ArrayForm::Rows if fortran && words > 1 => lane(Suffix::Row(at), at, first, 1),
                ArrayForm::Rows | ArrayForm::Blocks => lane(Suffix::Row(at), at * words, 1, 1),
                ArrayForm::Columns { .. } if fortran || second == 1 => {
                    lane(Suffix::Column(at), at * words, 1, 1)
                }
                ArrayForm::Columns { dimensions } => lane(
                    Suffix::Column(at),
                    at * dimensions,
                    second * dimensions,
                    dimensions,
                ),
                ArrayForm::Runs => {
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
