//! Lists behind who drew them, as `pool.map` and `enumerate` give them: `(3, [0.5, 0.25])`, `("w3", [0.5])`; and
//! objects whose names are places, as pandas writes columns and rows.

use super::{Added, Documents, Identity, Item};
use crate::capture::{
    identity::{Part, parts},
    names,
    number::Number,
};

/// Labels that stand before a list, at most.
const MOST: usize = 2;

/// Whether a list is labels and then one list of numbers.
pub(super) fn is_labelled(items: &[Item]) -> bool {
    let Some((Item::Numbers(_) | Item::Lists(_), labels)) = items.split_last() else {
        return false;
    };
    let is_label = |item: &Item| matches!(item, Item::Number(Number::Unsigned(_)) | Item::Text(_));
    (1..=MOST).contains(&labels.len()) && labels.iter().all(is_label)
}

/// Numbers under the names 0, 1, 2 …, and enough of them to be no workers: a list by its places.
pub(super) fn are_places(entries: &[(String, Item)]) -> bool {
    let number = |(_, item): &(String, Item)| matches!(item, Item::Number(_));
    entries.len() > 1 && count_up(entries) && entries.iter().all(number)
}

/// Objects of single values under the names 0, 1, 2 …, whose own names are no places: the rows of a table.
pub(super) fn are_rows(entries: &[(String, Item)]) -> bool {
    let single = |(_, item): &(String, Item)| matches!(item, Item::Number(_) | Item::Text(_));
    let row = |(_, item): &(String, Item)| matches!(item, Item::Map(row) if !row.is_empty() && row.iter().all(single) && !count_up(row));
    entries.len() > 1 && count_up(entries) && entries.iter().all(row)
}

fn count_up(entries: &[(String, Item)]) -> bool {
    let places = entries.iter().zip(0u64..);
    places
        .into_iter()
        .all(|((name, _), at)| name.parse() == Ok(at))
}

impl Documents<'_> {
    /// The rows of a table, each an object under its place.
    pub(super) fn rows_by_place(&mut self, entries: Vec<(String, Item)>) -> Added {
        for (_, item) in entries {
            match item {
                Item::Map(row) if self.is_by_worker(&row) => {
                    self.by_worker(&Identity::default(), row)?
                }
                Item::Map(row) => self.records.add(row, &mut self.rows)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The list behind its labels.
    pub(super) fn labelled(&mut self, items: Vec<Item>) -> Added {
        let mut identity = Identity::default();
        for item in items {
            match item {
                Item::Number(Number::Unsigned(number)) => identity.task.push(Part::Number(number)),
                Item::Text(text) => match names::numbered(&text) {
                    Some((_, named)) => {
                        identity.run.extend(named.run);
                        identity.task.extend(named.task);
                    }
                    None => parts(&text, &mut identity.task),
                },
                Item::Numbers(numbers) => {
                    self.rows
                        .note(1, "lists carry labels of who drew, which are no draws");
                    return self.push_named(&identity, numbers.iter());
                }
                Item::Lists(lists) => {
                    self.rows
                        .note(1, "lists carry labels of who drew, which are no draws");
                    self.rows.set_per_row(super::row_of(&lists));
                    return self.push_named(&identity, lists.numbers().iter());
                }
                _ => {}
            }
        }
        Ok(())
    }
}
