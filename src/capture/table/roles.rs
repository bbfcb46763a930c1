//! What each column of a table is: a label, a draw, or neither.

use super::header::Columns;
use crate::capture::{
    error::CaptureError,
    names::{self, Claim, Column},
    words::shorten,
};

/// Rows from which a column that never changes is no draw.
pub(super) const CONSTANT_ROWS: usize = 8;

/// Columns that a message names.
const NAMED: usize = 12;

/// The roles of columns, and what was left out.
pub(in crate::capture) struct Roles {
    pub columns: Vec<Column>,
    pub notes: Vec<String>,
}

impl Columns<'_> {
    /// What every column is.
    pub fn roles(&self) -> Result<Roles, CaptureError> {
        let reading = self.reading;
        let claims: Vec<Claim> = self.names.iter().map(|name| names::claim(name)).collect();
        let mut columns: Vec<Option<Column>> = claims
            .iter()
            .map(|claim| match claim {
                Claim::Is(column) => Some(*column),
                _ => None,
            })
            .collect();
        if !reading.by.is_empty() {
            for column in &mut columns {
                if column.is_some_and(|column| column.label().is_some() && !is_run(column)) {
                    *column = Some(Column::Ignored);
                }
            }
            for name in &reading.by {
                columns[self.position("--by", name)?] = Some(Column::Worker);
            }
        }
        if let Some(name) = &reading.run_by {
            for column in &mut columns {
                if column.is_some_and(is_run) {
                    *column = Some(Column::Ignored);
                }
            }
            columns[self.position("--run-by", name)?] = Some(Column::Run);
        }
        let is_worker = |column: &Option<Column>| {
            column.is_some_and(|column| column.label().is_some() && !is_run(column))
        };
        let changes = |at: usize| self.sample.without_change(at, 2).is_none();
        // A label that never changes says nothing of who drew, where a weaker one does.
        let labelled = columns.iter().any(is_worker);
        let constant = labelled
            && reading.by.is_empty()
            && !(0..columns.len()).any(|at| is_worker(&columns[at]) && changes(at));
        let mut repeats = Vec::new();
        for (at, (column, claim)) in columns.iter_mut().zip(&claims).enumerate() {
            if let (None, Claim::Perhaps(label)) = (&column, claim) {
                *column = Some(match (label, labelled) {
                    (Column::Run, false) => Column::Worker,
                    (Column::Run, true) if reading.run_by.is_none() => {
                        repeats.push(shorten(self.names[at].trim().as_bytes()));
                        Column::Run
                    }
                    (label, false) => *label,
                    (label, true) if constant && self.sample.comes_again(at) => *label,
                    (_, true) => Column::Ignored,
                });
            }
        }
        let labelled = columns
            .iter()
            .any(|column| column.is_some_and(|column| column.label().is_some()));
        for at in self.drawn_channels(&columns) {
            columns[at] = None;
        }
        let regular = match labelled || self.own || !reading.value.is_empty() {
            true => Vec::new(),
            false => self.regular_labels(&columns),
        };
        for &at in &regular {
            columns[at] = Some(Column::Worker);
        }
        let labelled = labelled || !regular.is_empty();
        let mut notes = if reading.value.is_empty() {
            self.find_values(&mut columns, &claims, labelled)?
        } else {
            for column in &mut columns {
                if matches!(column, None | Some(Column::Value)) {
                    *column = Some(Column::Ignored);
                }
            }
            for name in &reading.value {
                columns[self.position("--value", name)?] = Some(Column::Value);
            }
            Vec::new()
        };
        let columns: Vec<Column> = columns
            .into_iter()
            .map(|column| column.unwrap_or(Column::Ignored))
            .collect();
        if !repeats.is_empty() {
            notes.push(format!(
                "read as what tells runs apart (--run-by names another column): {}",
                repeats.join(", ")
            ));
        }
        if !regular.is_empty() {
            notes.push(format!(
                "read as who drew, since each comes for as many rows in turn (--by names others, --value reads them as \
                 drawn): {}",
                self.named(&regular)
            ));
        }
        if !columns.contains(&Column::Value) {
            return Err(self.refused(self.without_values()));
        }
        Ok(Roles { columns, notes })
    }

    /// Decides which of the columns without a role hold values, and says which are left out.
    fn find_values(
        &self,
        columns: &mut [Option<Column>],
        claims: &[Claim],
        labelled: bool,
    ) -> Result<Vec<String>, CaptureError> {
        let mut values: Vec<usize> = Vec::new();
        let exact = |at: &usize| names::plain(&self.names[*at]) == "value";
        let named: Vec<usize> = (0..columns.len())
            .filter(|&at| columns[at] == Some(Column::Value))
            .collect();
        for &at in &named {
            // `number` and `word` beside `value` may be anything.
            if named.len() == 1 || exact(&at) {
                values.push(at);
            } else {
                columns[at] = None;
            }
        }
        if values.len() > 1 {
            let name = shorten(self.names[values[1]].as_bytes());
            return Err(self.refused(format!("two columns like `{name}`")));
        }
        let mut left_out: Vec<(usize, &str)> = Vec::new();
        let mut unknown = Vec::new();
        for at in 0..columns.len() {
            if columns[at].is_some() || claims[at] == Claim::Id {
                continue;
            }
            if let Some(why) = self.sample.no_draws(at, CONSTANT_ROWS) {
                left_out.push((at, why));
            } else {
                unknown.push(at);
            }
        }
        if values.is_empty() && unknown.is_empty() {
            let labels: Vec<usize> = (0..columns.len())
                .filter(|&at| columns[at].is_some_and(|column| column.label().is_some()))
                .collect();
            let counts = |at| {
                self.sample.without_change(at, CONSTANT_ROWS).is_some()
                    || self.sample.runs_on(at, &labels)
            };
            values = (0..columns.len())
                .filter(|&at| claims[at] == Claim::Id && columns[at].is_none() && !counts(at))
                .collect();
            // Of spans with a trace each, the finer one is drawn anew for every row.
            if values.len() > 1 {
                return Err(self.refused(format!(
                    "several columns of identifiers; name the one that is drawn, as in --value {}",
                    self.names[values[0]].trim()
                )));
            }
        }
        if values.is_empty() && unknown.is_empty() {
            unknown = self.drawn_where_nothing_else_is(columns, claims)?;
        }
        if values.is_empty() && unknown.len() > 1 && !labelled && !self.own {
            let all: Vec<&str> = unknown.iter().map(|&at| self.names[at].trim()).collect();
            let all = match all.len() <= NAMED {
                true => all.join(","),
                false => format!("{},…", all[..NAMED].join(",")),
            };
            return Err(self.refused(format!(
                "nothing says who drew {}: --by COL names the column that does, --axis rows reads a column \
                 a worker, --value {all} reads every row as the draws of one worker",
                self.named(&unknown),
            )));
        }
        values.extend(&unknown);
        values.sort_unstable();
        let mut notes = Vec::new();
        if !unknown.is_empty() {
            let names: Vec<String> = values
                .iter()
                .map(|&at| shorten(self.names[at].as_bytes()))
                .collect();
            notes.push(format!(
                "columns read as what each worker drew, row by row (--value names others): {}",
                names.join(", ")
            ));
        }
        for at in values {
            columns[at] = Some(Column::Value);
        }
        let left_out: Vec<String> = left_out
            .into_iter()
            .filter(|(at, _)| columns[*at] != Some(Column::Value))
            .map(|(at, why)| format!("{} ({why})", shorten(self.names[at].as_bytes())))
            .collect();
        if !left_out.is_empty() {
            notes.push(format!(
                "columns that hold no draws were left out (--value names those that are read): {}",
                left_out.join(", ")
            ));
        }
        Ok(notes)
    }

    /// The names of some columns, for a message.
    pub(super) fn named(&self, columns: &[usize]) -> String {
        let shown = columns.iter().take(NAMED);
        let mut names: Vec<String> = shown
            .map(|&at| shorten(self.names[at].trim().as_bytes()))
            .collect();
        if columns.len() > NAMED {
            names.push(format!("and {} more", columns.len() - NAMED));
        }
        names.join(", ")
    }

    /// Why no column is read as draws.
    fn without_values(&self) -> String {
        if let Some(at) = (0..self.names.len()).find(|&at| self.sample.holds_times(at)) {
            let name = self.names[at].trim();
            return format!(
                "no column `value`, and the times under `{name}` only rise, as those of a clock do; --value {name} \
                 reads them as what was drawn"
            );
        }
        let numeric: Vec<&str> = (0..self.names.len())
            .filter(|&at| self.sample.no_draws(at, usize::MAX).is_none())
            .map(|at| self.names[at].trim())
            .collect();
        match numeric.split_last() {
            Some((last, _)) => format!(
                "no column `value`, and those that hold numbers ({}) are named as labels and counts are; --value \
                 {last} reads that one",
                numeric.join(", ")
            ),
            None => {
                "no column `value`, and no other holds numbers; --value names those that are drawn"
                    .into()
            }
        }
    }
}

pub(super) fn is_run(column: Column) -> bool {
    matches!(column, Column::Run | Column::Seed)
}
