//! Lists and objects as languages print them: JSON, Python's `repr`, numpy's arrays, Go's and Ruby's
//! maps, PHP's `print_r`. One reader for all: brackets hold elements, which commas or blanks separate and
//! which may have keys.

mod calls;
mod elements;

use std::io::Read;

use self::elements::key;
pub(super) use self::elements::{Element, Elements};
use super::{
    number::{self, Number},
    numbers::{NumberLists, Numbers},
    words::shorten,
};

/// How deep brackets may lie in one another.
const DEEPEST: u32 = 32;
/// Bytes read at once.
const BLOCK_BYTES: usize = 1 << 16;
/// Longest word or text.
const LONGEST_WORD: usize = 1 << 12;

/// What was printed.
#[derive(Debug, PartialEq)]
pub(super) enum Item {
    /// A number; a missing one is NaN.
    Number(Number),
    /// Words that are no number.
    Text(String),
    /// A list of numbers.
    Numbers(Numbers),
    /// A list of lists of numbers.
    Lists(NumberLists),
    /// A list of anything else.
    List(Vec<Self>),
    /// Elements with keys.
    Map(Vec<(String, Self)>),
}

/// Why a literal cannot be read.
#[derive(Debug)]
pub(super) enum LiteralError {
    /// The system refused to read on.
    Read(std::io::Error),
    /// What is wrong, in words.
    Wrong(String),
}

/// The bytes of a source, one by one.
pub(super) struct Cursor<'a> {
    source: &'a mut dyn Read,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    /// The line, from 1.
    pub line: u64,
    /// Whether the end closes what is open: the text was cut off when enough had come.
    cut: bool,
}

type Result<T> = std::result::Result<T, LiteralError>;

fn wrong<T>(problem: impl Into<String>) -> Result<T> {
    Err(LiteralError::Wrong(problem.into()))
}

impl<'a> Cursor<'a> {
    pub fn new(source: &'a mut dyn Read, cut: bool) -> Self {
        Self {
            source,
            buffer: vec![0; BLOCK_BYTES],
            at: 0,
            filled: 0,
            line: 1,
            cut,
        }
    }

    /// The next byte, which stays.
    #[inline]
    pub fn peek(&mut self) -> Result<Option<u8>> {
        if self.at == self.filled && !self.fill()? {
            return Ok(None);
        }
        Ok(Some(self.buffer[self.at]))
    }

    fn fill(&mut self) -> Result<bool> {
        loop {
            match self.source.read(&mut self.buffer) {
                Ok(read) => {
                    (self.at, self.filled) = (0, read);
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(LiteralError::Read(error)),
            }
        }
    }

    /// Goes past the byte that was peeked at.
    #[inline]
    pub fn advance(&mut self) {
        self.line += u64::from(self.buffer[self.at] == b'\n');
        self.at += 1;
    }

    /// The rest of the line; it is cut where it is long.
    pub fn rest_of_line(&mut self) -> Result<Vec<u8>> {
        let mut line = Vec::new();
        while let Some(byte) = self.peek()? {
            if byte == b'\n' {
                break;
            }
            if line.len() < LONGEST_WORD {
                line.push(byte);
            }
            self.advance();
        }
        Ok(line)
    }

    /// Goes past blanks, and past comments of whole lines.
    fn blanks(&mut self) -> Result<Option<u8>> {
        while let Some(byte) = self.peek()? {
            if byte == b'#' {
                self.rest_of_line()?;
            } else if byte.is_ascii_whitespace() {
                self.advance();
            } else {
                return Ok(Some(byte));
            }
        }
        Ok(None)
    }

    /// Reads what stands here.
    pub fn item(&mut self) -> Result<Item> {
        self.item_at(0)
    }

    fn item_at(&mut self, depth: u32) -> Result<Item> {
        if depth > DEEPEST {
            return wrong("brackets lie too deep in one another");
        }
        match self.blanks()? {
            None => wrong("the text ends within a list"),
            Some(b'[') => self.bracket(b']', depth),
            Some(b'(') => self.bracket(b')', depth),
            Some(b'{') => self.bracket(b'}', depth),
            // A map of Elixir's.
            Some(b'%') => {
                self.advance();
                match self.peek()? {
                    Some(b'{') => self.bracket(b'}', depth),
                    _ => wrong("`%` among numbers"),
                }
            }
            Some(quote @ (b'"' | b'\'')) => self.quoted(quote).map(Item::Text),
            Some(_) => self.word_or_call(depth),
        }
    }

    /// The elements up to the closing bracket.
    fn bracket(&mut self, close: u8, depth: u32) -> Result<Item> {
        self.bracket_as(close, close, depth)
    }

    /// The same, read as if another bracket closed it.
    fn bracket_as(&mut self, close: u8, as_close: u8, depth: u32) -> Result<Item> {
        self.advance();
        let mut elements = Elements::default();
        while let Some(element) = self.element(close, depth)? {
            elements.add_element(element);
        }
        elements.into_item(as_close)
    }

    /// The next element of an open bracket; `None` after the closing one.
    pub fn element(&mut self, close: u8, depth: u32) -> Result<Option<Element>> {
        loop {
            match self.blanks()? {
                None if self.cut => return Ok(None),
                None => return wrong("the text ends within a list"),
                Some(byte) if byte == close => {
                    self.advance();
                    return Ok(None);
                }
                Some(b',') => self.advance(),
                Some(b';') => {
                    self.advance();
                    return Ok(Some(Element::End));
                }
                // A type of Python's, as in `defaultdict(<class 'list'>, {…})`, holds no numbers.
                Some(b'<') => {
                    while self.peek()?.is_some_and(|byte| byte != b'>') {
                        self.advance();
                    }
                    if self.peek()?.is_some() {
                        self.advance();
                    }
                }
                Some(_) => break,
            }
        }
        let item = self.item_at(depth + 1)?;
        if !self.is_key()? {
            return Ok(Some(Element::Item(None, item)));
        }
        let value = self.item_at(depth + 1)?;
        Ok(Some(Element::Item(Some(key(item)?), value)))
    }

    /// Goes past `:` or `=>`, if the element before was a key.
    fn is_key(&mut self) -> Result<bool> {
        match self.blanks()? {
            Some(b':') => {
                self.advance();
                Ok(true)
            }
            Some(b'=') => {
                self.advance();
                if self.peek()? == Some(b'>') {
                    self.advance();
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// A text in quotes.
    fn quoted(&mut self, quote: u8) -> Result<String> {
        self.advance();
        let mut text = Vec::new();
        loop {
            let Some(byte) = self.peek()? else {
                return wrong("a quote without its end");
            };
            self.advance();
            if byte == quote {
                return Ok(String::from_utf8_lossy(&text).into_owned());
            }
            if byte == b'\\' {
                // What is escaped is part of no number and of no label that matters.
                let Some(escaped) = self.peek()? else {
                    return wrong("a quote without its end");
                };
                self.advance();
                text.push(escaped);
            } else {
                text.push(byte);
            }
            if text.len() > LONGEST_WORD {
                return wrong("a text is longer than any label");
            }
        }
    }

    /// A number, a bare word, or a call such as `np.float64(0.5)` and `array([0.5], dtype=float32)`,
    /// which stands for its first argument.
    fn word_or_call(&mut self, depth: u32) -> Result<Item> {
        let mut word = Vec::new();
        while let Some(byte) = self.peek()? {
            let inside = byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'.' | b'+' | b'-' | b'$' | b'/' | b'%')
                || byte >= 0x80;
            if !inside {
                break;
            }
            if word.len() > LONGEST_WORD {
                return wrong("a word is longer than any number");
            }
            word.push(byte);
            self.advance();
        }
        if word.is_empty() {
            // A symbol of Ruby, `:w0`, is its name.
            return match self.peek()? {
                Some(b':') => {
                    self.advance();
                    self.word_or_call(depth)
                }
                Some(byte) => wrong(format!("`{}` among numbers", shorten(&[byte]))),
                None => wrong("the text ends within a list"),
            };
        }
        if word == b"..." || word == "…".as_bytes() {
            return wrong(
                "`...` stands for numbers that were left out in printing; print all of them, in numpy \
                 with np.set_printoptions(threshold=sys.maxsize) or .tolist(), in Node with JSON.stringify",
            );
        }
        if let Some(number) = number::parse(&word) {
            return Ok(Item::Number(number));
        }
        if number::is_missing(&word) {
            return Ok(Item::Number(Number::MISSING));
        }
        let is_name = word[0].is_ascii_alphabetic() || word[0] == b'_';
        let php = matches!(&word[..], b"Array" | b"array");
        // R's lists and vectors, as dput() prints them.
        let r = matches!(&word[..], b"list" | b"c");
        let array = php || word == b"map";
        let blanks = self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace());
        let named = word[0].is_ascii_uppercase();
        let next = match array || named {
            true => self.blanks()?,
            false => self.peek()?,
        };
        match next {
            // Rust's `Draw { worker: 0 }`.
            Some(b'{') if named => self.bracket(b'}', depth + 1),
            Some(b'(') if named && !array && blanks => Ok(text(&word)),
            Some(b'(') if php && blanks || r => self.bracket(b')', depth + 1),
            // Go's `map[…]`, Julia's `Any[…]`.
            Some(b'[') if is_name && (word == b"map" || named && !blanks) => {
                self.bracket(b']', depth + 1)
            }
            Some(b'(') if is_name => {
                let is_type = named && !word.contains(&b'.');
                let first = self.arguments(depth + 1, is_type)?;
                if matches!(first, Item::Number(Number::Unsigned(_))) {
                    return self.counted(&word, first, depth);
                }
                match first {
                    Item::Text(text) => {
                        Ok(number::parse(text.as_bytes()).map_or(Item::Text(text), Item::Number))
                    }
                    item => Ok(item),
                }
            }
            _ => Ok(text(&word)),
        }
    }
}

fn text(word: &[u8]) -> Item {
    Item::Text(String::from_utf8_lossy(word).into_owned())
}

#[cfg(test)]
mod tests;
