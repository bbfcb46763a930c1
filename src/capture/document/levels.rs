//! Lists three levels deep and deeper: which level is runs, which is workers, and what is the rows of one worker.

use super::{Added, Documents, Identity, Item, POINTS, flat, row_of, wrong};
use crate::capture::{Axis, Reading, identity::Part, numbers::NumberLists, rows::LONGEST_ROW};

/// Numbers of a list that is a point rather than what a worker drew: nobody keeps so few draws of one.
const POINT: usize = 4;

/// What the outermost lists are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outer {
    /// Runs; the lists in them are workers.
    Runs,
    /// Workers; what lies deeper is theirs.
    Workers,
    /// Steps; the lists in them are workers.
    Steps,
}

/// The lists of one level: how many of them lie in each above, and how long they are at most.
struct Level {
    counts: Vec<usize>,
    longest: usize,
    depth: usize,
}

impl Level {
    /// The second level below outermost lists, and how deep all of it is.
    fn of(items: &[Item]) -> Self {
        let mut level = Self {
            counts: Vec::new(),
            longest: 0,
            depth: 0,
        };
        for item in items {
            let (count, longest, depth) = match item {
                Item::Numbers(numbers) => (numbers.len(), 1, 1),
                Item::Lists(lists) => (lists.len(), lists.longest(), 2),
                Item::List(inner) => (inner.len(), longest(inner), depth(item)),
                _ => (0, 0, 0),
            };
            level.counts.push(count);
            level.longest = level.longest.max(longest);
            level.depth = level.depth.max(depth);
        }
        level
    }

    /// How many lists lie in every one above, where that is one number.
    fn common(&self) -> Option<usize> {
        let first = *self.counts.first()?;
        self.counts
            .iter()
            .all(|count| *count == first)
            .then_some(first)
    }
}

fn longest(items: &[Item]) -> usize {
    let length = |item: &Item| match item {
        Item::Numbers(numbers) => numbers.len(),
        Item::Lists(lists) => lists.len(),
        Item::List(items) => items.len(),
        _ => 1,
    };
    items.iter().map(length).max().unwrap_or(0)
}

/// How deep lists lie in one another, where a level of lists of one number each is none.
fn depth(item: &Item) -> usize {
    match item {
        Item::Numbers(numbers) => usize::from(numbers.len() != 1),
        Item::Lists(lists) => 1 + usize::from(lists.longest() > 1),
        Item::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// What the outermost of lists at least three levels deep are, from the options and from how many and how long the
/// lists in them are.
///
/// # Errors
/// Where they may be runs as well as workers.
fn outer(items: &[Item], reading: &Reading) -> Result<Outer, String> {
    match reading.axis {
        _ if reading.outer_runs => return Ok(Outer::Runs),
        Some(Axis::Columns) => return Ok(Outer::Workers),
        Some(Axis::Rows) => return Ok(Outer::Steps),
        None => {}
    }
    let level = Level::of(items);
    // Lists of one number each are numbers.
    if level.depth < 2 {
        return Ok(Outer::Workers);
    }
    let deep = level.depth > 2;
    let promised = reading.workers.map(|workers| workers as usize);
    let (count, each) = (items.len(), level.common());
    let long = level.longest > LONGEST_ROW;
    if promised == Some(count) && promised != each {
        return Ok(Outer::Workers);
    }
    if promised.is_some() && promised == each && promised != Some(count) && (deep || long) {
        return Ok(Outer::Runs);
    }
    let points = items.iter().all(|item| match item {
        Item::Lists(lists) => are_points(lists),
        _ => true,
    });
    let stated = promised.is_some() && promised == each && promised != Some(count);
    match (deep, long) {
        (false, true) => Ok(Outer::Runs),
        (false, false) if points && !stated => Ok(Outer::Workers),
        _ => Err(unclear(count, &level)),
    }
}

/// Whether lists are so short, or so many for their length, that they are the points of one worker.
pub(super) fn are_points(lists: &NumberLists) -> bool {
    let width = row_of(lists);
    width > 1 && (width <= POINT || lists.len() >= POINTS * width)
}

/// What is said of lists that may be runs or workers.
fn unclear(count: usize, level: &Level) -> String {
    let each = level
        .common()
        .map_or_else(|| "several".to_owned(), |each| each.to_string());
    let levels = level.depth + 1;
    format!(
        "lists {levels} levels deep, {count} of {each} each, may be {count} runs of {each} workers, {count} workers of \
         {each} rows, or {count} steps of {each} workers: --axis runs reads the outer level as runs and the next as \
         workers, --axis columns the outer as workers, --axis rows the outer as steps and the next as workers"
    )
}

impl Documents<'_> {
    /// Lists of lists of lists; `named` is what a name above them says that they are.
    pub(super) fn levels(
        &mut self,
        above: &Identity,
        items: Vec<Item>,
        named: Option<Outer>,
    ) -> Added {
        let stated = self.of.reading.outer_runs || self.of.reading.axis.is_some();
        let outer = match named.filter(|_| !stated) {
            Some(named) => named,
            None => outer(&items, self.of.reading).or_else(wrong)?,
        };
        self.rows.note(
            0,
            match outer {
                Outer::Runs => {
                    "of lists in one another the outer level was read as runs and the next as workers (--axis columns \
                     reads the outer as workers, --axis rows as steps)"
                }
                Outer::Workers => {
                    "lists within the list of a worker are its rows, one after another (--axis runs reads the outer \
                     level as runs and the next as workers, --axis rows as steps)"
                }
                Outer::Steps => {
                    "of lists in one another the outer level was read as steps and the next as workers (--axis columns \
                     reads the outer as workers, --axis runs as runs)"
                }
            },
        );
        let mut row = None;
        for (at, item) in (0u64..).zip(items) {
            let own = match item {
                Item::Lists(ref lists) => row_of(lists),
                _ => 1,
            };
            row = Some(row.map_or(own, |row: usize| if row == own { own } else { 1 }));
            match outer {
                Outer::Workers => {
                    let numbers = flat(vec![item])?;
                    self.push_named(&above.with_task(Part::Number(at)), numbers.iter())?;
                }
                Outer::Runs => self.workers(&above.with_run(Part::Number(at)), item)?,
                Outer::Steps => self.workers(above, item)?,
            }
        }
        self.rows.set_per_row(match outer {
            Outer::Runs => 1,
            Outer::Workers | Outer::Steps => row.unwrap_or(1),
        });
        Ok(())
    }

    /// A list a worker, in their order.
    pub(super) fn workers(&mut self, above: &Identity, item: Item) -> Added {
        match item {
            Item::Lists(lists) => lists
                .each(|at, numbers| self.push_named(&above.with_task(Part::Number(at)), numbers)),
            Item::List(inner) => (0u64..).zip(inner).try_for_each(|(at, item)| {
                let numbers = flat(vec![item])?;
                self.push_named(&above.with_task(Part::Number(at)), numbers.iter())
            }),
            Item::Numbers(numbers) => (0u64..).zip(numbers.iter()).try_for_each(|(at, number)| {
                self.push_named(&above.with_task(Part::Number(at)), std::iter::once(number))
            }),
            _ => wrong("lists, records and numbers in one list"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{number::Number, numbers::Numbers};

    /// So many lists of so many lists of so many numbers.
    fn lists(outer: usize, inner: usize, numbers: usize) -> Vec<Item> {
        let list: Numbers = (0..numbers as u64).map(Number::Unsigned).collect();
        let each = || {
            let mut lists = NumberLists::default();
            (0..inner).for_each(|_| lists.push(&list));
            Item::Lists(lists)
        };
        (0..outer).map(|_| each()).collect()
    }

    #[test]
    fn long_lists_are_workers_and_short_ones_are_rows() {
        let none = Reading::default();
        let told = |items: &[Item], reading: &Reading| super::outer(items, reading).ok();
        assert_eq!(told(&lists(2, 4, 24), &none), Some(Outer::Runs));
        assert_eq!(told(&lists(4, 8, 3), &none), Some(Outer::Workers));
        assert_eq!(told(&lists(4, 60, 12), &none), Some(Outer::Workers));
        assert_eq!(told(&lists(2, 4, 10), &none), None);
        let four = vec![Item::List(lists(4, 8, 3)), Item::List(lists(4, 8, 3))];
        assert_eq!(told(&four, &none), None);
        let promised = |workers| Reading {
            workers: Some(workers),
            ..Reading::default()
        };
        assert_eq!(told(&four, &promised(4)), Some(Outer::Runs));
        assert_eq!(told(&four, &promised(2)), Some(Outer::Workers));
        assert_eq!(told(&lists(9, 4, 3), &promised(4)), None);
        let stated = Reading {
            outer_runs: true,
            ..Reading::default()
        };
        assert_eq!(told(&lists(2, 4, 10), &stated), Some(Outer::Runs));
    }
}
