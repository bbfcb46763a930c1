//! What was drawn where no column's name and no column of numbers says so: counts that do not count, words,
//! labels that label nothing, times that jump.

use super::{
    header::Columns,
    roles::{CONSTANT_ROWS, is_run},
};
use crate::capture::{
    error::CaptureError,
    names::{self, Claim, Column},
};

impl Columns<'_> {
    /// The columns that were drawn, where none is left whose name says nothing and that holds numbers.
    ///
    /// # Errors
    /// When several labels may be what was drawn.
    pub(super) fn drawn_where_nothing_else_is(
        &self,
        columns: &[Option<Column>],
        claims: &[Claim],
    ) -> Result<Vec<usize>, CaptureError> {
        let labels: Vec<usize> = (0..columns.len())
            .filter(|&at| columns[at].is_some_and(|column| column.label().is_some()))
            .collect();
        let readings = [
            self.drawn_seeds(columns),
            self.drawn_counts(columns, claims, &labels),
            self.drawn_words(columns, claims, &labels),
        ];
        if let Some(found) = readings.into_iter().find(|found| !found.is_empty()) {
            return Ok(found);
        }
        let found = self.drawn_labels(columns, &labels)?;
        match found.is_empty() {
            true => Ok(self.drawn_times(columns, &labels)),
            false => Ok(found),
        }
    }

    /// Columns of seeds of which hardly any comes again: they were drawn, and start no runs that stand here.
    fn drawn_seeds(&self, columns: &[Option<Column>]) -> Vec<usize> {
        let stated = !self.reading.by.is_empty() || self.reading.run_by.is_some();
        let drawn = |at: &usize| {
            columns[*at] == Some(Column::Seed)
                && self.changes(*at)
                && !self.sample.runs_on(*at, &[])
                && self.sample.hardly_repeats(*at)
        };
        (0..columns.len())
            .filter(|at| !stated && drawn(at))
            .collect()
    }

    /// Columns named for channels that stand in no order among the rows of other labels: a detector's or an image's,
    /// drawn with the row.
    pub(super) fn drawn_channels(&self, columns: &[Option<Column>]) -> Vec<usize> {
        let is_channel = |at: &usize| columns[*at] == Some(Column::Channel);
        let others: Vec<usize> = (0..columns.len())
            .filter(|at| {
                !is_channel(at) && columns[*at].is_some_and(|column| column.label().is_some())
            })
            .collect();
        let stated = !self.reading.by.is_empty() || !self.reading.value.is_empty();
        let drawn = |at: &usize| {
            is_channel(at) && self.sample.regular(*at).is_none() && self.sample.falls(*at, &others)
        };
        match stated || others.is_empty() {
            true => Vec::new(),
            false => (0..columns.len()).filter(drawn).collect(),
        }
    }

    /// Columns that say who drew, though their names do not: the same few things come again and again in one order,
    /// each for as many rows, beside a column that holds draws. Of several that count the rows together, the fastest
    /// is a count.
    pub(super) fn regular_labels(&self, columns: &[Option<Column>]) -> Vec<usize> {
        let regular = |at: usize| Some((self.sample.regular(at)?, at));
        let mut found: Vec<(usize, usize)> = (0..columns.len())
            .filter(|&at| columns[at].is_none())
            .filter_map(regular)
            .collect();
        found.sort_unstable();
        let of = |found: &[(usize, usize)]| found.iter().map(|(_, at)| *at).collect::<Vec<_>>();
        if found.len() > 1 && self.sample.are_unique(&of(&found)) {
            found.remove(0);
        }
        let labels = of(&found);
        let drawn = |at: usize| {
            let open = columns[at].is_none() && !labels.contains(&at);
            let words = || self.sample.holds_words(at) && !names::is_message(&self.names[at]);
            columns[at] == Some(Column::Value) || open && (self.changes(at) || words())
        };
        match self.sample.are_unique(&labels) || !(0..columns.len()).any(drawn) {
            true => Vec::new(),
            false => labels,
        }
    }

    fn changes(&self, at: usize) -> bool {
        self.sample.no_draws(at, CONSTANT_ROWS).is_none()
    }

    /// Columns whose names say that they count rows or tell the time, and that do neither.
    fn drawn_counts(
        &self,
        columns: &[Option<Column>],
        claims: &[Claim],
        labels: &[usize],
    ) -> Vec<usize> {
        let drawn = |at: &usize| {
            let name = &self.names[*at];
            // A weak label beside a better one.
            let weak = matches!(claims[*at], Claim::Perhaps(_)) && self.reading.by.is_empty();
            let drawn = || match names::may_be_drawn(name) {
                true => !self.sample.runs_on(*at, labels),
                false => (weak || names::is_place(name)) && self.sample.falls(*at, labels),
            };
            columns[*at] == Some(Column::Ignored) && self.changes(*at) && drawn()
        };
        (0..columns.len()).filter(drawn).collect()
    }

    /// Columns of words that change, other than those of messages.
    fn drawn_words(
        &self,
        columns: &[Option<Column>],
        claims: &[Claim],
        labels: &[usize],
    ) -> Vec<usize> {
        let drawn = |at: &usize| {
            columns[*at].is_none()
                && claims[*at] != Claim::Id
                && !names::is_message(&self.names[*at])
                && self.sample.holds_words(*at)
                && self.sample.without_change(*at, CONSTANT_ROWS).is_none()
                && (!self.sample.holds_times(*at) || self.sample.falls(*at, labels))
        };
        (0..columns.len()).filter(drawn).collect()
    }

    /// The column whose name is that of a label, and that changes like a draw within the rows of all others.
    fn drawn_labels(
        &self,
        columns: &[Option<Column>],
        labels: &[usize],
    ) -> Result<Vec<usize>, CaptureError> {
        let stated = !self.reading.by.is_empty() || self.reading.run_by.is_some();
        let whose = |at: usize| columns[at].is_some_and(|column| !is_run(column));
        let drawn = |at: &usize| {
            let others: Vec<usize> = labels.iter().copied().filter(|other| other != at).collect();
            let labelled = self.own || others.iter().any(|&other| whose(other));
            whose(*at) && labelled && self.changes(*at) && self.sample.falls(*at, &others)
        };
        if stated {
            return Ok(Vec::new());
        }
        let found: Vec<usize> = labels.iter().copied().filter(drawn).collect();
        // Workers take equal shares of the rows.
        let (even, uneven): (Vec<usize>, Vec<usize>) =
            found.iter().partition(|&&at| self.sample.is_even(at));
        let found = if even.is_empty() || uneven.len() != 1 {
            found
        } else {
            uneven
        };
        let [first, second, ..] = &found[..] else {
            return Ok(found);
        };
        let (first, second) = (self.names[*first].trim(), self.names[*second].trim());
        Err(self.refused(format!(
            "no column `value`, and both `{first}` and `{second}` may be who drew or what was drawn: --value \
             {first} reads that one as drawn, --value {second} the other"
        )))
    }

    /// Columns whose names are those of clocks, and whose times jump.
    fn drawn_times(&self, columns: &[Option<Column>], labels: &[usize]) -> Vec<usize> {
        let drawn = |at: &usize| {
            columns[*at] == Some(Column::Ignored)
                && self.sample.holds_times(*at)
                && self.sample.falls(*at, labels)
        };
        (0..columns.len()).filter(drawn).collect()
    }
}
