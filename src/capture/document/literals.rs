//! The literals of a text one after another, and what stands between them.

use super::{Documents, wrong};
use crate::capture::{
    content::Content,
    literal::{Cursor, Element, Elements, Item, LiteralError},
    marks,
    text_source::TextSource,
    words,
};

/// Longest name before a literal.
const LONGEST_NAME: usize = 128;

/// Goes through the literals of a text; messages between them are counted.
pub(super) fn each(
    cursor: &mut Cursor<'_>,
    content: &mut Content<'_>,
    of: &TextSource<'_>,
    all: &mut Documents<'_>,
) -> Result<(), LiteralError> {
    // A byte-order mark.
    while cursor
        .peek()?
        .is_some_and(|byte| matches!(byte, 0xef | 0xbb | 0xbf))
    {
        cursor.advance();
    }
    // Calls that were opened before their literal, as in `OrderedDict([…])`.
    let mut calls = 0u64;
    while let Some(byte) = cursor.peek()? {
        // A record separator (RFC 7464) stands before each text of a sequence.
        if byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | 0x1e) {
            cursor.advance();
            continue;
        }
        if byte == b')' && calls > 0 {
            calls -= 1;
            cursor.advance();
            continue;
        }
        if byte == b'$' {
            while cursor.peek()?.is_some_and(|byte| byte != b'=') {
                cursor.advance();
            }
            if cursor.peek()?.is_some() {
                cursor.advance();
            }
            continue;
        }
        if matches!(byte, b'[' | b'(' | b'{' | b'%' | b'A' | b'a'..=b'z') {
            if byte == b'[' && all.count == 0 {
                let item = list_or_records(cursor, all)?;
                item.map_or(Ok(()), |item| all.add(item))?;
                continue;
            }
            let line = cursor.line;
            let item = cursor.item()?;
            // A word is the start of a message.
            if let Item::Text(word) = item {
                let rest = cursor.rest_of_line()?;
                see(&[word.as_bytes(), &rest].concat(), line, content, of)?;
                continue;
            }
            all.add(item)?;
            continue;
        }
        let line = cursor.line;
        let mut text = name(cursor)?;
        if is_calls(&text)
            && cursor
                .peek()?
                .is_some_and(|byte| byte.is_ascii_digit() || byte == b'-')
        {
            let open = text.iter().filter(|byte| **byte == b'(').count();
            let item = cursor.opened(open)?;
            all.add(item)?;
            continue;
        }
        calls += u64::from(text.ends_with(b"(") && cursor.peek()? == Some(b'['));
        let begins = match cursor.peek()? {
            Some(b'{') => !text.is_empty(),
            Some(b'[') => {
                let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                text.trim_ascii_end().ends_with(b")")
                    || text.ends_with(b"(")
                    || !text.is_empty() && text.iter().all(word)
            }
            _ => false,
        };
        if begins {
            let item = cursor.item()?;
            all.add(item)?;
            continue;
        }
        text.extend(cursor.rest_of_line()?);
        see(&text, line, content, of)?;
    }
    Ok(())
}

/// Whether a text is the names of types with their calls open: `List(List(`.
fn is_calls(text: &[u8]) -> bool {
    let Some(names) = text.strip_suffix(b"(") else {
        return false;
    };
    names.split(|byte| *byte == b'(').all(|name| {
        name.first().is_some_and(u8::is_ascii_uppercase)
            && name.iter().all(u8::is_ascii_alphanumeric)
    })
}

/// A name that begins with a capital letter, with the count behind it and blanks: `Draw `, `Map(4) `.
fn name(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, LiteralError> {
    let mut text = Vec::new();
    if !cursor.peek()?.is_some_and(|byte| byte.is_ascii_uppercase()) {
        return Ok(text);
    }
    let inside =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'(' | b')' | b' ');
    while let Some(byte) = cursor.peek()?.filter(|byte| inside(*byte)) {
        let calls = || text.iter().filter(|byte| **byte == b'(').count();
        // The first number of `List(List(0.5`, where `Map(4)` holds a count.
        let number = byte.is_ascii_digit() && text.ends_with(b"(") && calls() > 1;
        if text.len() >= LONGEST_NAME || number {
            break;
        }
        text.push(byte);
        cursor.advance();
    }
    Ok(text)
}

/// Reads the list that begins here. Records are taken in one by one, and leave nothing.
fn list_or_records(
    cursor: &mut Cursor<'_>,
    all: &mut Documents<'_>,
) -> Result<Option<Item>, LiteralError> {
    const CLOSE: u8 = b']';
    cursor.advance();
    let mut elements = Elements::default();
    while let Some(element) = cursor.element(CLOSE, 0)? {
        match element {
            Element::Item(None, Item::Map(entries)) if elements.is_empty() => {
                all.add_record(entries)?;
            }
            Element::End if all.listed => {}
            _ if all.listed => return wrong("lists, records and numbers in one list"),
            element => elements.add_element(element),
        }
    }
    match all.listed {
        true => Ok(None),
        false => elements.into_item(CLOSE).map(Some),
    }
}

/// A line between literals: a comment, a message, or something that is not understood.
fn see(
    text: &[u8],
    line: u64,
    content: &mut Content<'_>,
    of: &TextSource<'_>,
) -> Result<(), LiteralError> {
    let skip = of.reading.skip_lines.as_ref();
    if skip.is_some_and(|skip| skip.covers(line, text)) {
        content.see_skipped();
    } else if marks::is_message(text) {
        content.see_message(text);
    } else if !text.starts_with(b"#") && !text.starts_with(b"//") {
        let text = words::shorten(text.trim_ascii());
        return Err(LiteralError::Wrong(format!(
            "trailing `{text}` beside lists"
        )));
    }
    Ok(())
}
