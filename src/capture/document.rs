//! Texts of lists and objects: a list a worker, an object of lists by worker, records, or a list a line.

mod begins;
mod columns;
mod levels;
mod literals;
mod nested;
mod pairs;
mod records;

use std::io::Read;

pub(super) use self::begins::begins;
use self::{levels::Outer, literals::each, records::RecordReader};
use super::{
    Axis,
    at::line_error,
    content::Content,
    error::CaptureError,
    grid::{self, Given},
    identity::{self, Identity, Part},
    literal::{Cursor, Item, LiteralError},
    names::{self, Claim},
    number::Number,
    numbers::{NumberLists, Numbers},
    rows::Rows,
    text_source::TextSource,
};

/// Times that lists within a line's list are more than the numbers of each, from which on they are the points of
/// one worker rather than workers of one run.
const POINTS: usize = 4;

/// Reads a text of lists and objects.
///
/// So many lines, of them so many messages, were left out before what `source` holds.
pub(super) fn read(
    source: &mut dyn Read,
    of: &TextSource<'_>,
    (lines, messages): (u64, u64),
) -> Result<Rows, CaptureError> {
    let mut content = Content::new(of.reading);
    content.see_messages(messages);
    let mut cursor = Cursor::new(source, of.cut);
    cursor.line += lines;
    let mut all = Documents::new(of);
    let result = each(&mut cursor, &mut content, of, &mut all);
    let line = cursor.line;
    result.and_then(|()| all.finish()).map_err(|error| match error {
        LiteralError::Read(error) => line_error(super::lines::LineError::Read(error), of.name),
        LiteralError::Wrong(problem) => CaptureError::BadLine {
            file: of.name.into(),
            line,
            problem: format!(
                "{problem}; expected a list a worker, as in [[1, 2], [3, 4]] or {{\"w0\": [1, 2], \
                 \"w1\": [3, 4]}}, or records such as [{{\"worker\": 0, \"value\": 1}}]"
            ),
        },
    })?;
    let mut rows = all.rows;
    content.report(&mut rows);
    Ok(rows)
}

/// What the literals of a text make.
struct Documents<'a> {
    of: &'a TextSource<'a>,
    rows: Rows,
    /// The first literal, until it is known whether others follow.
    first: Option<Item>,
    /// Literals so far, and lists of numbers among them.
    count: u64,
    lists: u64,
    /// Lists of lists, a line each.
    nested: Vec<Item>,
    records: RecordReader<'a>,
    /// Whether the first literal was a list of records.
    listed: bool,
}

type Added = Result<(), LiteralError>;

fn wrong<T>(problem: impl Into<String>) -> Result<T, LiteralError> {
    Err(LiteralError::Wrong(problem.into()))
}

impl<'a> Documents<'a> {
    fn new(of: &'a TextSource<'a>) -> Self {
        Self {
            of,
            rows: Rows::new(),
            first: None,
            count: 0,
            lists: 0,
            nested: Vec::new(),
            records: RecordReader::new(of),
            listed: false,
        }
    }

    /// A record of the list that is the only literal.
    fn add_record(&mut self, entries: Vec<(String, Item)>) -> Added {
        (self.listed, self.count) = (true, 1);
        match nested::holds(&entries) {
            true => self.nested(Vec::new(), entries),
            false => self.records.add(entries, &mut self.rows),
        }
    }

    fn add(&mut self, item: Item) -> Added {
        if self.listed {
            return wrong("several lists of records; print one, or a record a line");
        }
        self.count += 1;
        match (self.count, self.first.take()) {
            (1, _) => {
                self.first = Some(item);
                Ok(())
            }
            (_, Some(first)) => {
                self.add_line(0, first)?;
                self.add_line(1, item)
            }
            (count, None) => self.add_line(count - 1, item),
        }
    }

    /// One of several literals, a line each.
    fn add_line(&mut self, at: u64, item: Item) -> Added {
        match item {
            Item::Numbers(numbers) => {
                self.lists += 1;
                let own = self.of.is_one_workers();
                let worker = (!own).then_some(Part::Number(at));
                self.push(worker.into_iter().collect(), numbers.iter())
            }
            Item::Map(entries) if self.is_by_worker(&entries) => {
                self.by_worker(&Identity::default(), entries)
            }
            Item::Map(entries) if nested::holds(&entries) => self.nested(Vec::new(), entries),
            Item::Map(entries) if columns::are(&entries) => self.columns(entries),
            Item::Map(entries) => self.records.add(entries, &mut self.rows),
            Item::List(items) if self.of.is_one_workers() => {
                let numbers = flat(items)?;
                self.push(Vec::new(), numbers.iter())
            }
            Item::Lists(lists) if self.of.is_one_workers() => {
                self.push(Vec::new(), lists.numbers().iter())
            }
            Item::List(items) if pairs::is_labelled(&items) => self.labelled(items),
            Item::List(_) | Item::Lists(_) => {
                self.nested.push(item);
                Ok(())
            }
            Item::Number(_) | Item::Text(_) => wrong("lists, records and numbers in one text"),
        }
    }

    /// Appends numbers to the stream of these parts.
    fn push(&mut self, task: Vec<Part>, numbers: impl Iterator<Item = Number>) -> Added {
        let mut identity = self.of.base.clone();
        identity.task.extend(task);
        self.push_to(identity, numbers)
    }

    fn push_to(&mut self, identity: Identity, mut numbers: impl Iterator<Item = Number>) -> Added {
        let key = identity.to_string();
        let stream = self.rows.stream(key.as_bytes(), || identity);
        numbers
            .try_for_each(|number| self.rows.push(stream, number))
            .map_err(LiteralError::Wrong)
    }

    fn finish(&mut self) -> Added {
        let nested = std::mem::take(&mut self.nested);
        if let Some(item) = self.first.take() {
            self.document(item)?;
        } else if !nested.is_empty() {
            if nested.len() as u64 != self.count {
                return wrong("lists of lists and other things in one text; print one of them");
            }
            self.list(nested, None)?;
        } else if self.count > 1 && !self.of.is_one_workers() && self.lists == self.count {
            self.turn()?;
        }
        self.records.finish(&mut self.rows)
    }

    /// The only literal.
    fn document(&mut self, item: Item) -> Added {
        match item {
            Item::Numbers(numbers) => self.push(Vec::new(), numbers.iter()),
            Item::Lists(lists) => self.lists(&lists),
            Item::List(items) => self.list(items, None),
            Item::Map(entries) => self.map(entries),
            Item::Number(_) | Item::Text(_) => wrong("a single value"),
        }
    }

    /// Lists of numbers: the rows of one worker, or a list a worker.
    fn lists(&mut self, lists: &NumberLists) -> Added {
        if self.of.is_one_workers() {
            self.rows.set_per_row(row_of(lists));
            return self.push(Vec::new(), lists.numbers().iter());
        }
        lists.each(|at, numbers| self.push(vec![Part::Number(at)], numbers))?;
        self.turn()
    }

    /// Lists of which some have lists in them.
    fn list(&mut self, items: Vec<Item>, named: Option<Outer>) -> Added {
        let lists = |item: &Item| matches!(item, Item::Numbers(_) | Item::Lists(_) | Item::List(_));
        if pairs::is_labelled(&items) && !self.of.is_one_workers() {
            return self.labelled(items);
        }
        if !items.iter().all(lists) {
            return wrong("lists, records and numbers in one list");
        }
        let labelled = |item: &Item| matches!(item, Item::List(inner) if pairs::is_labelled(inner));
        if items.iter().all(labelled) && !self.of.is_one_workers() {
            return items.into_iter().try_for_each(|item| match item {
                Item::List(inner) => self.labelled(inner),
                _ => Ok(()),
            });
        }
        if self.of.is_one_workers() {
            let numbers = flat(items)?;
            return self.push(Vec::new(), numbers.iter());
        }
        self.levels(&Identity::default(), items, named)
    }

    fn turn(&mut self) -> Added {
        grid::turn(&mut self.rows, self.of, Given::Rows).map_err(|error| match error {
            CaptureError::Columns { problem, .. } => LiteralError::Wrong(problem),
            error => LiteralError::Wrong(error.to_string()),
        })
    }

    fn map(&mut self, entries: Vec<(String, Item)>) -> Added {
        if !self.of.reading.value.is_empty() || !self.of.reading.by.is_empty() {
            if columns::are(&entries) {
                return self.columns(entries);
            }
            return self.records.add(entries, &mut self.rows);
        }
        if pairs::are_rows(&entries) {
            return self.rows_by_place(entries);
        }
        if self.is_by_worker(&entries) {
            return self.by_worker(&Identity::default(), entries);
        }
        if nested::holds(&entries) {
            return self.nested(Vec::new(), entries);
        }
        if columns::are(&entries) {
            return self.columns(entries);
        }
        let known = |(name, _): &(String, Item)| names::claim(name) != Claim::Unknown;
        if entries.first().is_some_and(known) {
            return self.records.add(entries, &mut self.rows);
        }
        if nested::holds_rows(&entries) {
            return self.nested(Vec::new(), entries);
        }
        let lists = entries.len() > 1
            && entries
                .iter()
                .all(|(name, item)| worker(name).is_none() && matches!(item, Item::Numbers(_)));
        if lists && self.of.reading.axis == Some(Axis::Columns) {
            return entries.into_iter().try_for_each(|(name, item)| {
                let mut whose = Identity::default();
                identity::parts(&name, &mut whose.task);
                self.push_named(&whose, flat(vec![item])?.iter())
            });
        }
        if lists {
            let (first, second) = (&entries[0].0, &entries[1].0);
            return wrong(format!(
                "the lists under `{first}`, `{second}` may be those of workers or of quantities: --axis columns reads a \
                 list a worker, --value {first} that one"
            ));
        }
        match entries.iter().find(|(name, _)| worker(name).is_none()) {
            Some((name, _)) => wrong(format!(
                "`{name}` is no name of a worker, such as w0; --value {name} reads what stands there"
            )),
            None => wrong("names of workers, and other things beside numbers under them"),
        }
    }

    /// Whether all names are those of workers.
    fn is_by_worker(&self, entries: &[(String, Item)]) -> bool {
        let numbered = entries.iter().all(|(name, _)| worker(name).is_some());
        let stems: Option<Vec<(&str, u64)>> =
            entries.iter().map(|(name, _)| names::stem(name)).collect();
        let stems = stems.is_some_and(|stems| {
            stems.len() > 1 && stems.iter().all(|(stem, _)| *stem == stems[0].0)
        });
        let lists = entries
            .iter()
            .all(|(_, item)| !matches!(item, Item::Text(_)));
        !entries.is_empty() && lists && (numbered || stems)
    }

    /// Numbers by the names of workers; within each, again by name.
    fn by_worker(&mut self, outer: &Identity, entries: Vec<(String, Item)>) -> Added {
        for (name, item) in entries {
            let Some(inner) = worker(&name).or_else(|| {
                let (_, number) = names::stem(&name)?;
                Some(Identity::default().with_task(Part::Number(number)))
            }) else {
                return wrong(format!("`{name}` is no name of a worker, such as w0"));
            };
            let mut identity = outer.clone();
            identity.run.extend(inner.run);
            identity.task.extend(inner.task);
            match item {
                Item::Map(entries) if pairs::are_places(&entries) => {
                    let numbers = entries.into_iter().filter_map(|(_, item)| match item {
                        Item::Number(number) => Some(number),
                        _ => None,
                    });
                    self.push_named(&identity, numbers)?;
                }
                Item::Map(entries) => self.by_worker(&identity, entries)?,
                Item::List(items) if items.iter().all(|item| matches!(item, Item::Map(_))) => {
                    let labels = nested::labels(&identity);
                    self.nested_list(&labels, "", items)?;
                }
                Item::Number(number) => {
                    self.push_named(&identity, std::iter::once(number))?;
                }
                Item::Numbers(numbers) => self.push_named(&identity, numbers.iter())?,
                // What a run holds is a list a worker.
                item @ Item::Lists(_) if identity.task.is_empty() => {
                    self.workers(&identity, item)?;
                }
                Item::List(items) if identity.task.is_empty() => {
                    self.levels(&identity, items, Some(Outer::Workers))?;
                }
                Item::Lists(lists) => {
                    self.rows.set_per_row(row_of(&lists));
                    self.push_named(&identity, lists.numbers().iter())?;
                }
                Item::List(items) => {
                    self.rows.set_per_row(1);
                    self.push_named(&identity, flat(items)?.iter())?;
                }
                Item::Text(text) => return wrong(format!("`{text}` among numbers")),
            }
        }
        Ok(())
    }

    fn push_named(&mut self, named: &Identity, numbers: impl Iterator<Item = Number>) -> Added {
        let mut identity = self.of.base.clone();
        identity.run.extend(named.run.iter().cloned());
        identity.task.extend(named.task.iter().cloned());
        self.push_to(identity, numbers)
    }
}

/// What a name says of a worker.
fn worker(name: &str) -> Option<Identity> {
    names::numbered(name)
        .map(|(_, identity)| identity)
        .filter(|identity| *identity != Identity::default())
}

/// The length of all lists, if it is one and short enough to be that of rows.
fn row_of(lists: &NumberLists) -> usize {
    let length = lists.common_length();
    length
        .filter(|length| (1..=16).contains(length))
        .unwrap_or(1)
}

/// All numbers of lists, one after another.
fn flat(items: Vec<Item>) -> Result<Numbers, LiteralError> {
    let mut numbers = Numbers::default();
    for item in items {
        match item {
            Item::Number(number) => numbers.push(number),
            Item::Numbers(more) => numbers.extend(more.iter()),
            Item::Lists(lists) => numbers.extend(lists.numbers().iter()),
            Item::List(items) => numbers.extend(flat(items)?.iter()),
            Item::Text(text) => return wrong(format!("`{text}` among numbers")),
            Item::Map(_) => return wrong("objects among lists of numbers"),
        }
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests;
