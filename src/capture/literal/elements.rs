//! What a bracket holds, as it comes: numbers, lists of numbers, anything else, or elements with keys.

use super::{Item, Result, wrong};
use crate::capture::{
    notation::Notation,
    number::{self, Number},
    numbers::{NumberLists, Numbers},
    words::shorten,
};

/// What stands between brackets.
pub(in crate::capture) enum Element {
    /// An element, with its key.
    Item(Option<String>, Item),
    /// A semicolon: the end of a row where numbers stand before it, or what separates elements.
    End,
}

/// The elements of a bracket so far.
#[derive(Default)]
pub(in crate::capture) struct Elements {
    /// How many numbers come before each semicolon.
    ends: Vec<usize>,
    /// As long as there is nothing else.
    numbers: Numbers,
    /// As long as there are lists of numbers only.
    lists: NumberLists,
    items: Vec<Item>,
    entries: Vec<(String, Item)>,
}

impl Elements {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.has_no_items() && self.entries.is_empty()
    }

    fn has_no_items(&self) -> bool {
        self.numbers.is_empty() && self.lists.is_empty() && self.items.is_empty()
    }

    pub fn add_element(&mut self, element: Element) {
        match element {
            Element::Item(key, item) => self.add(key, item),
            // Single numbers that semicolons separate are no rows.
            Element::End if self.ends.first() != Some(&1) && !self.numbers.is_empty() => {
                self.ends.push(self.numbers.len());
            }
            Element::End => {}
        }
    }

    pub fn add(&mut self, key: Option<String>, item: Item) {
        match (key, item) {
            (Some(key), value) => self.entries.push((key, value)),
            (_, Item::Number(number)) if self.lists.is_empty() && self.items.is_empty() => {
                self.numbers.push(number);
            }
            (_, Item::Numbers(list)) if self.numbers.is_empty() && self.items.is_empty() => {
                self.lists.push(&list);
            }
            (_, item) => {
                let numbers = std::mem::take(&mut self.numbers);
                self.items.extend(numbers.iter().map(Item::Number));
                let lists = std::mem::take(&mut self.lists).into_lists();
                self.items.extend(lists.into_iter().map(Item::Numbers));
                self.items.push(item);
            }
        }
    }

    /// What a bracket with these elements is.
    pub fn into_item(self, close: u8) -> Result<Item> {
        if self.entries.is_empty() {
            return match (self.items.is_empty(), self.lists.is_empty()) {
                (true, true) => rows(self.numbers, &self.ends),
                (true, false) => Ok(Item::Lists(self.lists)),
                (false, _) => list(self.items),
            };
        }
        if !self.has_no_items() {
            return wrong("elements with and without keys in one list");
        }
        // PHP numbers the elements of a list.
        let numbered = close == b')'
            && self
                .entries
                .iter()
                .enumerate()
                .all(|(at, (key, _))| *key == at.to_string());
        if numbered {
            let mut elements = Self::default();
            for (_, value) in self.entries {
                elements.add(None, value);
            }
            return elements.into_item(close);
        }
        Ok(Item::Map(self.entries))
    }
}

/// Numbers as the rows between semicolons, as in `[1 2; 3 4]`.
fn rows(numbers: Numbers, ends: &[usize]) -> Result<Item> {
    let Some(&width) = ends.first().filter(|width| **width > 1) else {
        return Ok(Item::Numbers(numbers));
    };
    let even = (1..).zip(ends).all(|(row, end)| *end == row * width);
    let height = numbers.len() / width;
    if !even || numbers.len() != height * width {
        return wrong("rows of different lengths between semicolons");
    }
    let mut lists = NumberLists::default();
    let mut rest = numbers.iter();
    for _ in 0..height {
        lists.push(&rest.by_ref().take(width).collect());
    }
    Ok(Item::Lists(lists))
}

/// A list; one of words that are all numbers, such as hexadecimal ones, is a list of numbers.
fn list(items: Vec<Item>) -> Result<Item> {
    let scalar = |item: &Item| matches!(item, Item::Number(_) | Item::Text(_));
    if !items.iter().all(scalar) {
        return Ok(Item::List(items));
    }
    let words = items.iter().filter_map(|item| match item {
        Item::Text(text) => Some(text.as_bytes()),
        _ => None,
    });
    let texts = words.clone().count();
    let notation = match 10 * texts >= 9 * items.len() {
        true => Notation::of_words(words, None).unwrap_or(Notation::Plain),
        false => Notation::of(words, None),
    };
    let of_item = |item: &Item| match item {
        Item::Number(number) => Ok(*number),
        Item::Text(text) if number::is_missing(text.trim().as_bytes()) => Ok(Number::MISSING),
        Item::Text(text) => notation.parse(text.trim().as_bytes()).map_or_else(
            || wrong(format!("`{}` among numbers", shorten(text.as_bytes()))),
            Ok,
        ),
        _ => wrong("lists among numbers"),
    };
    Ok(Item::Numbers(
        items.iter().map(of_item).collect::<Result<_>>()?,
    ))
}

/// A key as a text.
pub(super) fn key(item: Item) -> Result<String> {
    match item {
        Item::Text(text) => Ok(text),
        Item::Number(Number::Unsigned(number)) => Ok(number.to_string()),
        Item::Number(Number::Negative(number)) => Ok(number.to_string()),
        // PHP writes `[3] => 0.5`.
        Item::Numbers(numbers) if numbers.len() == 1 => key(numbers
            .iter()
            .next()
            .map_or(Item::Text(String::new()), Item::Number)),
        _ => wrong("a key that is neither a name nor a whole number"),
    }
}
