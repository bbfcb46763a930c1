//! Calls within literals: `np.float64(0.5)`, `array([0.5], dtype=float32)`, Scala's `List(0.5, 0.25)`.

use super::{Cursor, Element, Elements, Item, Result, wrong};

impl Cursor<'_> {
    /// The elements of calls of types in one another, whose names were read: `List(List(` and what follows.
    pub fn opened(&mut self, calls: usize) -> Result<Item> {
        let mut elements = Elements::default();
        if calls > 1 {
            elements.add(None, self.opened(calls - 1)?);
        }
        while let Some(element) = self.element(b')', 0)? {
            elements.add_element(element);
        }
        elements.into_item(b')')
    }

    /// The arguments of a call up to the closing bracket: all of them where they have names, or where it is that of
    /// a type such as Scala's `List(0.5, 0.25)`, else the first.
    pub(super) fn arguments(&mut self, depth: u32, is_type: bool) -> Result<Item> {
        self.advance();
        let mut named = Elements::default();
        let mut first = None;
        let mut others = Vec::new();
        loop {
            match self.element(b')', depth)? {
                None => break,
                Some(Element::End) => {}
                Some(Element::Item(None, item)) if first.is_none() && named.is_empty() => {
                    if !is_type {
                        self.end_of_call()?;
                        return Ok(item);
                    }
                    first = Some(item);
                }
                Some(Element::Item(None, item)) if first.is_some() => others.push(item),
                // A setting behind what it is about, as in `Array([0.5], dtype=float32)`.
                Some(Element::Item(Some(_), _)) if first.is_some() => {}
                Some(element) => named.add_element(element),
            }
        }
        match first {
            None if named.is_empty() => wrong("a call without arguments"),
            None => named.into_item(b'}'),
            Some(first) if others.is_empty() => Ok(first),
            Some(first) => {
                let mut all = Elements::default();
                all.add(None, first);
                others.into_iter().for_each(|item| all.add(None, item));
                all.into_item(b')')
            }
        }
    }

    /// What stands behind `array(4)`, `string(1)` of PHP's `var_dump` and `Map(4)`, `Float64Array(4)` of Node, which
    /// say how much follows; the number itself where nothing does.
    pub(super) fn counted(&mut self, name: &[u8], number: Item, depth: u32) -> Result<Item> {
        let php = name == b"array";
        if name == b"string" && self.peek()? == Some(b' ') {
            self.advance();
            return match self.peek()? {
                Some(b'"') => self.quoted(b'"').map(Item::Text),
                _ => Ok(number),
            };
        }
        if !php && !name[0].is_ascii_uppercase() {
            return Ok(number);
        }
        match self.blanks()? {
            Some(b'{') if php => self.bracket_as(b'}', b')', depth),
            Some(b'{') => self.bracket(b'}', depth + 1),
            Some(b'[') if !php => self.bracket(b']', depth + 1),
            _ => Ok(number),
        }
    }

    /// Goes past the other arguments of a call.
    fn end_of_call(&mut self) -> Result<()> {
        let mut open = 1;
        while open > 0 {
            match self.peek()? {
                None if self.cut => return Ok(()),
                None => return wrong("the text ends within a call"),
                Some(b'(' | b'[') => open += 1,
                Some(b')' | b']') => open -= 1,
                Some(_) => {}
            }
            self.advance();
        }
        Ok(())
    }
}
