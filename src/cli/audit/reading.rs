//! How captures are read where they do not say so themselves.

use clap::{Args, ValueEnum};

use crate::capture::{Axis, Comma, LeftOut, Pattern, Reading, SkipLines};

/// The options of reading.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options for reading")]
pub(in crate::cli) struct ReadingArgs {
    /// The column that says which worker drew a row (may be repeated)
    #[arg(long, value_name = "COL", value_delimiter = ',')]
    by: Vec<String>,

    /// The column that says in which run a row was drawn
    #[arg(long, value_name = "COL")]
    run_by: Option<String>,

    /// The columns that hold the draws, or arrays of an .npz; several are channels of one worker
    #[arg(long, value_name = "COL", value_delimiter = ',')]
    value: Vec<String>,

    /// Which axis of arrays, of lists in lists and of tables without names is time
    #[arg(long, value_enum, value_name = "AXIS")]
    axis: Option<TimeAxis>,

    /// What a comma within numbers means, where it could be both
    #[arg(long, value_enum, value_name = "MEANING")]
    comma: Option<CommaMeaning>,

    /// Where a line of text holds its labels and its number: a regular expression with the groups
    /// `value`, `worker` and `run`, as in `rank (?<worker>\d+) drew (?<value>\S+)`
    #[arg(long = "match", value_name = "REGEX")]
    pattern: Option<Pattern>,

    /// Lines of text to leave out: so many at the start, or those that a regular expression is found in
    #[arg(long, value_name = "N|REGEX")]
    skip_lines: Option<SkipLines>,

    /// Values at the start of every stream that are no draws: a header
    #[arg(long, value_name = "N", default_value_t = 0)]
    skip: u32,

    /// Places of every row, counted from 0, that hold labels and no draws; --row says how many values a
    /// row has
    #[arg(long, value_name = "PLACES", value_delimiter = ',', requires = "row")]
    labels: Vec<u32>,

    /// A value is written again until the next is drawn: equal ones in a row are one draw
    #[arg(long)]
    held: bool,
}

/// Which axis is time.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum TimeAxis {
    /// Every row is a step, and every column a worker
    Rows,
    /// Every column is a step, and every row a worker
    Columns,
    /// Of three axes or more the first is runs, and the second workers
    Runs,
}

/// What a comma within a number means.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum CommaMeaning {
    /// The decimal point, as in 0,25
    Point,
    /// A mark between thousands, as in 1,234
    Thousands,
}

impl ReadingArgs {
    /// What is declared to be no draw, in rows of so many values.
    pub(in crate::cli) fn left_out(&self, row: Option<u32>) -> LeftOut {
        LeftOut {
            skip: self.skip,
            labels: self.labels.clone(),
            row: row.unwrap_or(1),
            held: self.held,
        }
    }

    /// The options as values.
    pub(in crate::cli) fn reading(&self) -> Reading {
        Reading {
            by: self.by.clone(),
            run_by: self.run_by.clone(),
            value: self.value.clone(),
            axis: self.axis.and_then(|axis| match axis {
                TimeAxis::Rows => Some(Axis::Rows),
                TimeAxis::Columns => Some(Axis::Columns),
                TimeAxis::Runs => None,
            }),
            outer_runs: self.axis == Some(TimeAxis::Runs),
            comma: self.comma.map(|comma| match comma {
                CommaMeaning::Point => Comma::Point,
                CommaMeaning::Thousands => Comma::Thousands,
            }),
            pattern: self.pattern.clone(),
            skip_lines: self.skip_lines.clone(),
            workers: None,
        }
    }
}
