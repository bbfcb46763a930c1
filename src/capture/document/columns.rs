//! An object of columns, as `df.to_dict("list")` gives it: lists of one length, one of them of labels.

use super::{Added, Documents, Item};
use crate::capture::{
    names::{self, Claim},
    number::Number,
};

/// Whether lists of one length stand under names, one of which is that of a label.
pub(super) fn are(entries: &[(String, Item)]) -> bool {
    let lengths: Vec<usize> = entries
        .iter()
        .filter_map(|(_, item)| match item {
            Item::Numbers(numbers) => Some(numbers.len()),
            _ => None,
        })
        .collect();
    let is_label = |(name, item): &(String, Item)| {
        let label = match names::claim(name) {
            Claim::Is(column) => column.label().is_some(),
            Claim::Perhaps(_) => true,
            Claim::Id | Claim::Unknown => false,
        };
        label && matches!(item, Item::Numbers(_))
    };
    let flat = |(_, item): &(String, Item)| {
        matches!(item, Item::Numbers(_) | Item::Number(_) | Item::Text(_))
    };
    lengths.len() > 1
        && lengths[0] > 1
        && lengths.iter().all(|length| *length == lengths[0])
        && entries.iter().all(flat)
        && entries.iter().any(is_label)
}

impl Documents<'_> {
    /// The rows of such columns.
    pub(super) fn columns(&mut self, entries: Vec<(String, Item)>) -> Added {
        let columns: Vec<(String, Vec<Number>)> = entries
            .into_iter()
            .filter_map(|(name, item)| match item {
                Item::Numbers(numbers) => Some((name, numbers.iter().collect())),
                _ => None,
            })
            .collect();
        for at in 0..columns[0].1.len() {
            let cell =
                |(name, numbers): &(String, Vec<Number>)| (name.clone(), Item::Number(numbers[at]));
            let row = columns.iter().map(cell).collect();
            self.records.add(row, &mut self.rows)?;
        }
        Ok(())
    }
}
