//! Lists that lie deeper in objects: settings beside them are passed over, labels above them are kept.

use super::{Added, Documents, Identity, Item, Outer, flat, wrong};
use crate::capture::{
    identity::{Label, Part},
    names::{self, Claim, Column},
    number::Number,
};

/// Names and items of an object.
type Entries = Vec<(String, Item)>;

/// Names of an object that say which of its kind it is.
const ORDINALS: [&str; 6] = ["id", "index", "idx", "name", "number", "no"];

/// Whether lists of numbers lie deeper in an object, and none in it: it is no record.
pub(super) fn holds(entries: &Entries) -> bool {
    let numbers = |(name, item): &(String, Item)| {
        matches!(item, Item::Numbers(_)) && names::claim(name) != Claim::Is(Column::Ignored)
    };
    let lists = |(_, item): &(String, Item)| is_deep(item) && !is_rows(item);
    !entries.iter().any(numbers) && entries.iter().any(lists)
}

/// Whether one list of lists lies in an object, beside settings.
pub(super) fn holds_rows(entries: &Entries) -> bool {
    let deep = entries.iter().filter(|(_, item)| is_deep(item)).count();
    deep == 1
        && !entries
            .iter()
            .any(|(_, item)| matches!(item, Item::Numbers(_)))
}

/// Whether an item is a list or an object in which lists of numbers or records lie.
fn is_deep(item: &Item) -> bool {
    match item {
        Item::Lists(lists) => !lists.numbers().is_empty(),
        Item::List(items) => items.iter().any(|item| match item {
            Item::Numbers(numbers) => !numbers.is_empty(),
            Item::Map(_) => true,
            item => is_deep(item),
        }),
        Item::Map(entries) => entries.iter().any(|(_, item)| match item {
            Item::Numbers(numbers) => !numbers.is_empty(),
            item => is_deep(item),
        }),
        _ => false,
    }
}

/// Whether an item is a list of lists of numbers: what one worker drew, row by row, or what all did.
fn is_rows(item: &Item) -> bool {
    matches!(item, Item::Lists(_))
}

/// What an identity says, as entries of a record.
pub(super) fn labels(identity: &Identity) -> Entries {
    let entry = |name: &str, part: &Part| {
        let item = match part {
            Part::Number(number) => Item::Number(Number::Unsigned(*number)),
            Part::Text(text) => Item::Text(text.to_string()),
        };
        (name.to_owned(), item)
    };
    let runs = identity.run.iter().map(|part| entry("run", part));
    let tasks = ["worker", "task", "channel"].iter().zip(&identity.task);
    runs.chain(tasks.map(|(name, part)| entry(name, part)))
        .collect()
}

/// The same labels again.
fn copied(labels: &Entries) -> Entries {
    let item = |item: &Item| match item {
        Item::Number(number) => Item::Number(*number),
        Item::Text(text) => Item::Text(text.clone()),
        _ => Item::Number(Number::MISSING),
    };
    labels
        .iter()
        .map(|(name, label)| (name.clone(), item(label)))
        .collect()
}

impl Documents<'_> {
    /// An object with lists deeper in it; `outer` holds the labels above it.
    pub(super) fn nested(&mut self, outer: Entries, entries: Entries) -> Added {
        let mut outer = outer;
        let mut found: Entries = Vec::new();
        let wanted = &self.of.reading.value;
        for (name, item) in entries {
            let scalar = matches!(item, Item::Number(_) | Item::Text(_));
            let label =
                matches!(names::claim(&name), Claim::Is(column) if column.label().is_some());
            if is_deep(&item) {
                if wanted.is_empty() || wanted.contains(&name) {
                    found.push((name, item));
                }
            } else if scalar && label {
                outer.push((name, item));
            }
        }
        if found.len() > 1 {
            let names: Vec<String> = found.into_iter().map(|(name, _)| name).collect();
            return wrong(format!(
                "lists lie under several names ({}); --value {} reads those under one",
                names.join(", "),
                names[0]
            ));
        }
        let Some((name, item)) = found.pop() else {
            return wrong("no lists of numbers under the names that --value gives");
        };
        match item {
            Item::Map(entries) if self.is_by_worker(&entries) => {
                let identity = self.identity(&outer);
                self.by_worker(&identity, entries)
            }
            Item::Map(entries) if holds(&entries) => self.nested(outer, entries),
            Item::Map(entries) => self.record(&outer, entries),
            Item::List(items) if items.iter().all(|item| matches!(item, Item::Map(_))) => {
                self.nested_list(&outer, &name, items)
            }
            Item::List(items) if outer.is_empty() => {
                let named = match names::label(&names::plain(&name)).and_then(Column::label) {
                    Some(Label::Run) => Some(Outer::Runs),
                    Some(Label::Task) => Some(Outer::Workers),
                    None => None,
                };
                self.list(items, named)
            }
            Item::List(items) => {
                let identity = self.identity(&outer);
                match identity.task.is_empty() {
                    true => self.levels(&identity, items, Some(Outer::Workers)),
                    false => self.push_named(&identity, flat(items)?.iter()),
                }
            }
            Item::Lists(lists) if outer.is_empty() => self.lists(&lists),
            Item::Lists(lists) => {
                let identity = self.identity(&outer);
                lists.each(|at, numbers| {
                    self.push_named(&identity.with_task(Part::Number(at)), numbers)
                })
            }
            _ => wrong("no lists"),
        }
    }

    /// A list of objects under a name: records, each with the labels above it. Where the name is that of
    /// workers, each is one of them, by its own number or by its place.
    pub(super) fn nested_list(&mut self, outer: &Entries, name: &str, items: Vec<Item>) -> Added {
        let drawer = names::label(&names::plain(name)).filter(|column| column.label().is_some());
        for (at, item) in (0u64..).zip(items) {
            let Item::Map(mut entries) = item else {
                return wrong("lists, records and numbers in one list");
            };
            let own = |(name, _): &(String, Item)| matches!(names::claim(name), Claim::Is(column) if Some(column) == drawer);
            if drawer.is_some() && !entries.iter().any(own) {
                let ordinal =
                    |(name, _): &(String, Item)| ORDINALS.contains(&names::plain(name).as_str());
                let singular = name.strip_suffix('s').unwrap_or(name);
                match entries.iter_mut().find(|entry| ordinal(entry)) {
                    Some(entry) => entry.0 = singular.to_owned(),
                    None => entries.push((singular.to_owned(), Item::Number(Number::Unsigned(at)))),
                }
            }
            if holds(&entries) {
                self.nested(copied(outer), entries)?;
            } else {
                self.record(outer, entries)?;
            }
        }
        Ok(())
    }

    fn record(&mut self, outer: &Entries, entries: Entries) -> Added {
        let mut record = copied(outer);
        record.extend(entries);
        self.records.add(record, &mut self.rows)
    }

    /// The identity that labels make.
    fn identity(&self, labels: &Entries) -> Identity {
        let mut identity = Identity::default();
        for (name, item) in labels {
            let Claim::Is(column) = names::claim(name) else {
                continue;
            };
            let text = match item {
                Item::Text(text) => text.clone(),
                Item::Number(Number::Unsigned(number)) => number.to_string(),
                _ => continue,
            };
            if let Some(label) = column.label() {
                identity.seeded |= column == Column::Seed;
                identity.label(label, &text);
            }
        }
        identity
    }
}
