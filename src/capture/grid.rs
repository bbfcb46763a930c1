//! Lists of numbers that say nothing of who drew them: a line a worker, a column a worker, rows with a
//! label in front, or one list over several lines.

mod turned;

pub(super) use self::turned::{Given, turn};
use super::{
    Axis,
    axes::{self, axis_of_equals},
    element::RawKind,
    error::CaptureError,
    held::Held,
    identity::{Identity, Part},
    lists::Lists,
    rows::{LONGEST_ROW, Rows},
    text_source::TextSource,
};

/// Rows by which columns are known.
const LOOKED_AT: usize = 4096;
/// Times that are told from draws, at least, and how far a step may be off by rounding.
const FEWEST_TIMES: usize = 8;
const TIME_ROUNDING: f64 = 0.02;

/// Splits the one stream of a source into those of workers, as far as it tells.
pub(super) fn split(
    rows: &mut Rows,
    lists: &Lists,
    of: &TextSource<'_>,
) -> Result<(), CaptureError> {
    let wide = rows.kind() == Some(RawKind::Wide);
    let [(_, values)] = rows.streams() else {
        return Ok(());
    };
    let whole = values.len() == lists.total && !wide;
    if !wide && !whole && lists.count > 1 && lists.first > 1 && !of.rows_are_own() {
        return Err(CaptureError::Columns {
            file: of.name.into(),
            problem: format!(
                "numbers are missing in rows of {} without names; put a line such as `{}` before them",
                lists.first,
                header(1, lists.first)
            ),
        });
    }
    if lists.count < 2 || lists.first < 2 && lists.ends.is_empty() || !whole {
        return Ok(());
    }
    if of.rows_are_own() {
        if lists.ends.is_empty() && lists.first <= LONGEST_ROW {
            rows.set_per_row(lists.first);
        }
        return Ok(());
    }
    let promised = of.reading.workers.map(|workers| workers as usize);
    if !lists.ends.is_empty() {
        if lists.is_wrapped() && promised != Some(lists.count) {
            return Ok(());
        }
        if let Some(width) = lists
            .mostly_rows()
            .filter(|_| promised != Some(lists.count))
        {
            return Err(CaptureError::Columns {
                file: of.name.into(),
                problem: format!(
                    "most of {} lines hold {width} numbers and some another count, such as headings of numbers: \
                     --skip-lines REGEX leaves lines out, --match REGEX says where the number stands",
                    lists.count
                ),
            });
        }
        let mut start = 0;
        let streams = lists.ends.iter().enumerate();
        let streams = streams.map(|(worker, &end)| {
            let list = values[std::mem::replace(&mut start, end)..end]
                .to_vec()
                .into();
            (of.base.with_task(Part::Number(worker as u64)), list)
        });
        let streams = streams.collect();
        rows.replace(streams);
        rows.note(0, "read with a list a worker");
        return Ok(());
    }
    let grid = Grid {
        values,
        width: lists.first,
        kind: rows.kind().unwrap_or(RawKind::Unsigned),
    };
    grid.split(of, promised)?.put(rows);
    Ok(())
}

/// An error for rows of which several columns may say who drew.
fn several_labels(of: &TextSource<'_>, labels: usize, width: usize) -> CaptureError {
    CaptureError::Columns {
        file: of.name.into(),
        problem: format!(
            "{width} columns without a header, of which several may be labels; put a line such as `{}` or \
             `step,worker,value` before them",
            header(labels, width)
        ),
    }
}

/// Rows of one length, one after another.
struct Grid<'a> {
    values: &'a [u64],
    width: usize,
    kind: RawKind,
}

/// The streams of a grid, with what is to be known of how it was read.
struct Split {
    streams: Vec<(Identity, Held)>,
    per_row: usize,
    note: String,
}

impl Split {
    fn put(self, rows: &mut Rows) {
        rows.replace(self.streams);
        rows.set_per_row(self.per_row);
        rows.note(0, self.note);
    }
}

impl Grid<'_> {
    fn rows(&self) -> impl Iterator<Item = &[u64]> {
        self.values.chunks_exact(self.width)
    }

    fn height(&self) -> usize {
        self.values.len() / self.width
    }

    /// The integer that a value is, if it is a small one.
    fn integer(&self, value: u64) -> Option<u64> {
        match self.kind {
            RawKind::Real => {
                let real = f64::from_bits(value);
                ((0.0..4_294_967_296.0).contains(&real) && real.fract() == 0.0)
                    .then_some(real as u64)
            }
            _ => (value >> 32 == 0).then_some(value),
        }
    }

    fn column(&self, at: usize) -> Vec<u64> {
        self.rows().take(LOOKED_AT).map(|row| row[at]).collect()
    }

    fn split(&self, of: &TextSource<'_>, promised: Option<usize>) -> Result<Split, CaptureError> {
        let (height, width) = (self.height(), self.width);
        if of.reading.axis.is_none()
            && let Some(split) = self.by_labels(of, promised)?
        {
            return Ok(split);
        }
        let matrix: Vec<Vec<u64>> = self
            .rows()
            .take(axes::ROWS as usize)
            .map(|row| row[..width.min(axes::COLUMNS as usize)].to_vec())
            .collect();
        let (axis, why) = if let Some(axis) = of.reading.axis {
            (axis, "--axis says so")
        } else if promised == Some(height) && promised != Some(width) {
            (Axis::Columns, "there are as many rows as --workers")
        } else if promised == Some(width) && promised != Some(height) {
            (Axis::Rows, "there are as many columns as --workers")
        } else if let Some(axis) = axis_of_equals(&matrix) {
            let why = match axis {
                Axis::Rows => "whole columns are equal",
                Axis::Columns => "whole rows are equal",
            };
            (axis, why)
        } else if height > width {
            (Axis::Rows, "there are more rows than columns")
        } else {
            (Axis::Columns, "there are no more rows than columns")
        };
        let worker = |at: usize| of.base.with_task(Part::Number(at as u64));
        let (streams, form) = match axis {
            Axis::Columns => (
                self.rows()
                    .enumerate()
                    .map(|(at, row)| (worker(at), row.to_vec().into()))
                    .collect(),
                "a row a worker",
            ),
            Axis::Rows => (
                (0..width)
                    .map(|at| (worker(at), self.rows().map(|row| row[at]).collect()))
                    .collect(),
                "a column a worker",
            ),
        };
        Ok(Split {
            streams,
            per_row: 1,
            note: format!(
                "{height} rows of {width} numbers without names were read with {form}, since {why} \
                 (--axis rows: every row is a step; --axis columns: every row is a worker)"
            ),
        })
    }

    /// Streams by the labels that stand in the first column, if they are some.
    fn by_labels(
        &self,
        of: &TextSource<'_>,
        promised: Option<usize>,
    ) -> Result<Option<Split>, CaptureError> {
        let counts = |at: usize| {
            let column = self.column(at);
            let first = self.integer(column[0]);
            first.is_some_and(|first| {
                (first..)
                    .zip(&column)
                    .all(|(number, &value)| self.integer(value) == Some(number))
            })
        };
        let drawn: Vec<bool> = (0..self.width).map(|at| self.is_drawn(at)).collect();
        if self.width == 2 && self.is_time() {
            return Ok(Some(Split {
                streams: vec![(of.base.clone(), self.column_values(1))],
                per_row: 1,
                note: "the first column rises in equal steps, as time does, and was left out (--axis rows reads it as \
                       a worker's)"
                    .into(),
            }));
        }
        if drawn[0] || !drawn[self.width - 1] {
            return Ok(None);
        }
        let labels: Vec<usize> = (0..self.width).take_while(|&at| !drawn[at]).collect();
        let of_rows = counts(0) && promised != Some(self.height());
        let labels: Vec<usize> = labels
            .into_iter()
            .filter(|&at| !(counts(at) && of_rows))
            .collect();
        let from = drawn.iter().position(|drawn| *drawn).unwrap_or(0);
        match labels[..] {
            // An index before the values.
            [] if self.width - from > 1 => Ok(None),
            [] => Ok(Some(Split {
                streams: vec![(of.base.clone(), self.column_values(from))],
                per_row: 1,
                note: "the first column counts the rows and was left out".into(),
            })),
            [label] => Ok(Some(self.labelled(of, label, from))),
            _ => Err(several_labels(of, labels.len(), self.width)),
        }
    }

    fn column_values(&self, at: usize) -> Held {
        self.rows().map(|row| row[at]).collect()
    }

    /// Whether the first column rises in equal steps, but for rounding.
    fn is_time(&self) -> bool {
        let number = |value: u64| match self.kind {
            RawKind::Real => f64::from_bits(value),
            RawKind::Signed => value.cast_signed() as f64,
            _ => value as f64,
        };
        let times: Vec<f64> = self.column(0).into_iter().map(number).collect();
        let [first, .., last] = times[..] else {
            return false;
        };
        let step = (last - first) / (times.len() - 1) as f64;
        let even = |pair: &[f64]| (pair[1] - pair[0] - step).abs() <= TIME_ROUNDING * step;
        times.len() >= FEWEST_TIMES && step > 0.0 && times.windows(2).all(even)
    }

    /// Whether a column holds more than labels: other numbers than integers, or more different ones
    /// than half of the rows.
    fn is_drawn(&self, at: usize) -> bool {
        let mut column = self.column(at);
        if column.iter().any(|&value| self.integer(value).is_none()) {
            return true;
        }
        let height = column.len();
        let runs_on = column
            .windows(2)
            .all(|pair| self.integer(pair[0]).map(|value| value + 1) == self.integer(pair[1]));
        column.sort_unstable();
        column.dedup();
        2 * column.len() > height && !runs_on
    }

    fn labelled(&self, of: &TextSource<'_>, label: usize, from: usize) -> Split {
        let mut found = std::collections::BTreeMap::<u64, Held>::new();
        for row in self.rows() {
            let worker = self.integer(row[label]).unwrap_or(row[label]);
            found
                .entry(worker)
                .or_default()
                .extend(row[from..].iter().copied());
        }
        let streams = found
            .into_iter()
            .map(|(worker, values)| (of.base.with_task(Part::Number(worker)), values))
            .collect();
        Split {
            streams,
            per_row: self.width - from,
            note: format!(
                "column {} of {} without names was taken for the worker's number (a line such as `{}` \
                 before the rows says so)",
                label + 1,
                self.width,
                header(1, self.width)
            ),
        }
    }
}

/// A header that would do for so many labels and columns.
fn header(labels: usize, width: usize) -> String {
    let labels = match labels {
        1 => "worker",
        2 => "run,worker",
        _ => "run,host,worker",
    };
    let values = width.saturating_sub(labels.split(',').count()).max(1);
    let names: Vec<String> = match values {
        1 => vec!["value".into()],
        count => (1..=count.min(4)).map(|at| format!("x{at}")).collect(),
    };
    format!("{labels},{}", names.join(","))
}
