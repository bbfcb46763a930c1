//! Records: objects with the names of a table's columns.

mod own;

use std::collections::HashMap;

use self::own::place_list;
use crate::capture::{
    counters::{self, Labelled},
    error::CaptureError,
    identity::Part,
    literal::{Item, LiteralError},
    names::{self, Claim, Column},
    notation::Notation,
    number::{self, Number},
    numbers::{NumberLists, Numbers},
    rows::Rows,
    table::{Columns, Sample},
    text_source::TextSource,
};

/// Records by which names are known.
const LOOKED_AT: usize = 1000;

/// Records as they come.
pub(super) struct RecordReader<'a> {
    of: &'a TextSource<'a>,
    /// The first ones, until it is decided what their names mean.
    waiting: Vec<Vec<(String, Item)>>,
    roles: Option<Roles>,
    /// Names that came later, and were left out.
    late: u64,
    /// The place of the next record, where each is a worker.
    place: Option<u64>,
}

struct Roles {
    columns: HashMap<String, Column>,
    notations: HashMap<String, Notation>,
    values: usize,
    /// Whether the lists in a record are those of workers, whom nothing else tells apart.
    holds_workers: bool,
}

fn wrong<T>(problem: impl Into<String>) -> Result<T, LiteralError> {
    Err(LiteralError::Wrong(problem.into()))
}

impl<'a> RecordReader<'a> {
    pub fn new(of: &'a TextSource<'a>) -> Self {
        Self {
            of,
            waiting: Vec::new(),
            roles: None,
            late: 0,
            place: None,
        }
    }

    /// Adds a record.
    pub fn add(
        &mut self,
        record: Vec<(String, Item)>,
        rows: &mut Rows,
    ) -> Result<(), LiteralError> {
        let mut record = flattened(record);
        if self.roles.is_some() {
            if let Some(place) = &mut self.place {
                place_list(*place, &mut record);
                *place += 1;
            }
            return self.push(record, rows);
        }
        self.waiting.push(record);
        if self.waiting.len() >= LOOKED_AT {
            self.decide(rows)?;
        }
        Ok(())
    }

    /// Adds those that wait.
    pub fn finish(&mut self, rows: &mut Rows) -> Result<(), LiteralError> {
        if !self.waiting.is_empty() {
            self.decide(rows)?;
        }
        self.join_counted(rows);
        if self.late > 0 {
            rows.note(
                self.late,
                "numbers under names that the first records lack were left out",
            );
        }
        Ok(())
    }

    /// Joins the streams that differ in a label which counts records.
    fn join_counted(&self, rows: &mut Rows) {
        let Some(roles) = self
            .roles
            .as_ref()
            .filter(|_| self.of.reading.by.is_empty())
        else {
            return;
        };
        let mut labels: Vec<Labelled<'_>> = roles
            .columns
            .iter()
            .filter(|(_, column)| column.label().is_some())
            .map(|(name, &column)| Labelled { column, name })
            .collect();
        labels.sort_by_key(|label| (label.column, label.name));
        counters::join(rows, self.of.base, &labels, |key| {
            let key = key.strip_suffix(&[0]).unwrap_or(key);
            let texts = key.split(|byte| *byte == 0);
            texts
                .map(|text| String::from_utf8_lossy(text.get(1..).unwrap_or_default()).into_owned())
                .collect()
        });
    }

    /// Decides what the names of records mean, as those of a table's columns.
    fn decide(&mut self, rows: &mut Rows) -> Result<(), LiteralError> {
        let mut records = std::mem::take(&mut self.waiting);
        if self.are_lists(&records) {
            (0..)
                .zip(&mut records)
                .for_each(|(place, record)| place_list(place, record));
            self.place = Some(records.len() as u64);
            rows.note(
                0,
                "read with a record a worker, since each holds a list and none says who drew it",
            );
        }
        let mut names: Vec<String> = Vec::new();
        for (name, _) in records.iter().flatten() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let cell = |record: &Vec<(String, Item)>, name: &String| {
            let found = record.iter().find(|(own, _)| own == name);
            found.map_or_else(String::new, |(_, item)| text(item))
        };
        let cells = records
            .iter()
            .map(|record| names.iter().map(|name| cell(record, name)).collect())
            .collect();
        let sample = Sample::of_cells(cells);
        let columns = Columns {
            file: self.of.name,
            names: &names,
            sample: &sample,
            reading: self.of.reading,
            own: self.of.is_one_workers(),
        };
        let found = columns.roles().map_err(|error| match error {
            CaptureError::Columns { problem, .. } => LiteralError::Wrong(problem),
            error => LiteralError::Wrong(error.to_string()),
        })?;
        for note in found.notes {
            rows.note(0, note);
        }
        let values: Vec<usize> = (0..names.len())
            .filter(|&at| found.columns[at] == Column::Value)
            .collect();
        let notations = columns.notations(&values, self.of.reading.comma);
        let named = values.iter().map(|&at| names[at].clone());
        let notations = named.zip(notations).collect();
        rows.set_per_row(values.len());
        let holds_workers = self.hold_workers(&records, &names, &found.columns, rows)?;
        self.roles = Some(Roles {
            values: values.len(),
            holds_workers,
            columns: names.into_iter().zip(found.columns).collect(),
            notations,
        });
        for record in records {
            self.push(record, rows)?;
        }
        Ok(())
    }

    fn push(&mut self, record: Vec<(String, Item)>, rows: &mut Rows) -> Result<(), LiteralError> {
        let Some(roles) = &self.roles else {
            return Ok(());
        };
        let mut labels: Vec<(Column, String, String)> = Vec::new();
        let mut numbers: Vec<Number> = Vec::new();
        let mut lists: Option<NumberLists> = None;
        let mut values = 0;
        for (name, item) in record {
            let column = roles.columns.get(&name).copied();
            match column {
                None => self.late += u64::from(matches!(item, Item::Number(_))),
                Some(Column::Value) => {
                    values += 1;
                    if roles.holds_workers
                        && let Item::Lists(found) = item
                    {
                        lists = Some(found);
                        continue;
                    }
                    let notation = roles.notations.get(&name).copied();
                    append(item, notation.unwrap_or(Notation::Plain), &mut numbers)?;
                }
                Some(column) if column.label().is_some() => {
                    let label = text(&item);
                    if label.is_empty() {
                        return wrong(format!("no label under `{name}`"));
                    }
                    labels.push((column, name, label));
                }
                Some(_) => {}
            }
        }
        if values == 0 {
            return wrong("the record has no `value`");
        }
        // A row of several values in which one is missing is none.
        if roles.values > 1 && (values < roles.values || numbers.iter().any(|n| n.is_missing())) {
            rows.note(1, "rows in which a value is missing were left out");
            return Ok(());
        }
        labels.sort();
        let mut key = Vec::new();
        for (column, _, label) in &labels {
            key.push(b'a' + *column as u8);
            key.extend_from_slice(label.as_bytes());
            key.push(0);
        }
        let base = self.of.base;
        let stream = rows.stream(&key, || {
            let mut identity = base.clone();
            for (column, _, text) in &labels {
                identity.seeded |= *column == Column::Seed;
                if let Some(label) = column.label() {
                    identity.label(label, text);
                }
            }
            identity
        });
        let Some(lists) = lists else {
            return numbers
                .into_iter()
                .try_for_each(|number| rows.push(stream, number))
                .map_err(LiteralError::Wrong);
        };
        let whose = rows.streams()[stream].0.clone();
        lists.each(|at, numbers| {
            let mut key = key.clone();
            key.extend(at.to_le_bytes());
            let stream = rows.stream(&key, || whose.with_task(Part::Number(at)));
            for number in numbers {
                rows.push(stream, number).map_err(LiteralError::Wrong)?;
            }
            Ok(())
        })
    }
}

/// A record without objects in it: labels in them stand beside the rest, as `params.seed`, and so do numbers where
/// the record holds none itself.
fn flattened(record: Vec<(String, Item)>) -> Vec<(String, Item)> {
    if !record.iter().any(|(_, item)| matches!(item, Item::Map(_))) {
        return record;
    }
    let says = |name: &str| match names::claim(name) {
        Claim::Is(Column::Value) | Claim::Unknown | Claim::Id => false,
        Claim::Is(_) | Claim::Perhaps(_) => true,
    };
    let drawn = record.iter().any(|(name, item)| {
        !says(name) && matches!(item, Item::Number(_) | Item::Numbers(_) | Item::Lists(_))
    });
    let mut flat = Vec::new();
    let mut open: Vec<(String, Item)> = record.into_iter().rev().collect();
    while let Some((name, item)) = open.pop() {
        match item {
            Item::Map(inner) => open.extend(
                inner
                    .into_iter()
                    .rev()
                    .map(|(own, item)| (format!("{name}.{own}"), item)),
            ),
            item if !drawn || !name.contains('.') || says(&name) => flat.push((name, item)),
            _ => {}
        }
    }
    flat
}

/// The text of a cell; of a list that of its first number.
fn text(item: &Item) -> String {
    match item {
        Item::Number(Number::Unsigned(number)) => number.to_string(),
        Item::Number(Number::Negative(number)) => number.to_string(),
        Item::Number(number) if number.is_missing() => String::new(),
        Item::Number(Number::Real(number)) => format!("{number:?}"),
        Item::Number(Number::Wide(high, low)) => format!("{high:016x}{low:016x}"),
        // No number is written so.
        Item::Number(Number::Token(value)) => format!("~{value:016x}"),
        Item::Text(text) => text.clone(),
        Item::Numbers(numbers) => first(numbers),
        Item::Lists(lists) => first(lists.numbers()),
        Item::List(items) => items.first().map_or_else(String::new, text),
        Item::Map(_) => "{}".into(),
    }
}

/// The text of the first number.
fn first(numbers: &Numbers) -> String {
    let first = numbers.iter().next();
    first.map_or_else(String::new, |first| text(&Item::Number(first)))
}

/// The numbers of a cell.
fn append(item: Item, notation: Notation, numbers: &mut Vec<Number>) -> Result<(), LiteralError> {
    match item {
        // A number among words.
        Item::Number(number) if notation.is_words() && !number.is_missing() => {
            numbers.extend(notation.parse(text(&item).as_bytes()));
        }
        Item::Number(number) => numbers.push(number),
        Item::Numbers(more) => numbers.extend(more.iter()),
        Item::Lists(lists) => numbers.extend(lists.numbers().iter()),
        Item::List(items) => {
            for item in items {
                append(item, notation, numbers)?;
            }
        }
        Item::Text(text) => {
            let word = text.trim().as_bytes();
            match notation.parse(word).or_else(|| number::parse(word)) {
                Some(number) => numbers.push(number),
                None => return wrong(format!("`{text}` is no number")),
            }
        }
        Item::Map(_) => return wrong("an object where a number was expected"),
    }
    Ok(())
}
