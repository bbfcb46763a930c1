//! Lists of one length that are read along the other axis: a table's columns as rows, or lists as steps.

use super::{Grid, several_labels};
use crate::capture::{
    Axis,
    axes::{self, axis_of_equals},
    element::RawKind,
    error::CaptureError,
    identity::Part,
    rows::{LONGEST_ROW, Rows},
    text_source::TextSource,
};

/// Lists of few numbers from which on they may be steps, as rows of arrays may.
const FEWEST_STEPS: usize = 24;
/// So many times as many lists as numbers in each are many: fewer are taken for workers.
const TALL: usize = 4;

/// How the streams of a table stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::capture) enum Given {
    /// A row each.
    Rows,
    /// A column each.
    Columns,
}

/// Reads streams of one length along the other axis, where the option says so, where there are as many
/// workers as values of each, or where lines along that axis are equal throughout.
///
/// # Errors
/// Where several columns may be labels.
pub(in crate::capture) fn turn(
    rows: &mut Rows,
    of: &TextSource<'_>,
    given: Given,
) -> Result<(), CaptureError> {
    let streams = rows.streams();
    let length = streams.first().map_or(0, |(_, values)| values.len());
    let ragged = streams.iter().any(|(_, values)| values.len() != length);
    if ragged || streams.len() < 2 || length < 2 || rows.kind() == Some(RawKind::Wide) {
        return Ok(());
    }
    let promised = of.reading.workers.map(|workers| workers as usize);
    if given == Given::Rows && of.reading.axis.is_none() && length <= LONGEST_ROW {
        let values: Vec<u64> = streams
            .iter()
            .flat_map(|(_, values)| values.iter())
            .copied()
            .collect();
        let grid = Grid {
            values: &values,
            width: length,
            kind: rows.kind().unwrap_or(RawKind::Unsigned),
        };
        let drawn: Vec<bool> = (0..length).map(|at| grid.is_drawn(at)).collect();
        let labels = drawn.iter().take_while(|drawn| !**drawn).count();
        if labels > 1 && drawn[length - 1] && promised != Some(streams.len()) {
            return Err(several_labels(of, labels, length));
        }
        if !drawn[0] && drawn[1..].iter().all(|drawn| *drawn) {
            let split = grid.labelled(of, 0, 1);
            split.put(rows);
            return Ok(());
        }
    }
    let streams = rows.streams();
    let as_given = match given {
        Given::Rows => Axis::Columns,
        Given::Columns => Axis::Rows,
    };
    let (axis, why) = if let Some(axis) = of.reading.axis {
        (axis, "--axis says so")
    } else if promised == Some(streams.len()) {
        return Ok(());
    } else if promised == Some(length) {
        let other = match given {
            Given::Rows => Axis::Rows,
            Given::Columns => Axis::Columns,
        };
        (other, "there are as many as --workers")
    } else {
        let lines: Vec<Vec<u64>> = streams
            .iter()
            .take(axes::COLUMNS as usize)
            .map(|(_, values)| values[..length.min(axes::ROWS as usize)].to_vec())
            .collect();
        // The lines stand as rows here.
        let found = match (axis_of_equals(&lines), given) {
            (Some(axis), Given::Rows) => axis,
            (Some(Axis::Rows), Given::Columns) => Axis::Columns,
            (Some(Axis::Columns), Given::Columns) => Axis::Rows,
            (None, Given::Rows)
                if is_tall(streams.len(), length) && rows.kind() == Some(RawKind::Real) =>
            {
                return Err(steps_or_workers(of, streams.len(), length));
            }
            (None, _) => return Ok(()),
        };
        (found, "they are equal throughout")
    };
    if axis == as_given {
        return Ok(());
    }
    let turned = (0..length)
        .map(|at| {
            let values = streams.iter().map(|(_, values)| values[at]).collect();
            (of.base.with_task(Part::Number(at as u64)), values)
        })
        .collect();
    rows.replace(turned);
    let form = match axis {
        Axis::Rows => "columns were taken for workers",
        Axis::Columns => "rows were taken for workers",
    };
    rows.note(
        0,
        format!("{form}, since {why} (--axis rows: every row is a step; --axis columns: every row is a worker)"),
    );
    Ok(())
}

/// Whether there are many lists of few numbers: those who print step by step have such, and so do those who start
/// many workers.
fn is_tall(height: usize, width: usize) -> bool {
    width > 1 && width <= LONGEST_ROW && height >= FEWEST_STEPS && height >= TALL * width
}

/// An error for lists that may be steps or workers.
fn steps_or_workers(of: &TextSource<'_>, height: usize, width: usize) -> CaptureError {
    CaptureError::Columns {
        file: of.name.into(),
        problem: format!(
            "{height} lists of {width} may be {width} workers step by step, or {height} workers of {width} values: \
             --axis rows reads a list a step, --axis columns a list a worker; rows of one worker are told by a label \
             before them, as in `worker 3: [0.5, 0.25]`"
        ),
    }
}
