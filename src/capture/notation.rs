//! How the words of a column are written: decided from all of them, not from the first.

use super::{
    Comma,
    number::{self, Number},
    tokens::{self, Token},
    words::{token, tokens},
    written::{self, Told, Written},
};

/// How words are written.
///
/// A word of digits alone reads both ways, and `1234e567` is no float among words of eight digits: a
/// column is hexadecimal where all its words have one length and one of them can be nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// Nothing has been seen that decides.
    Unknown,
    /// Numbers say themselves what they are.
    Plain,
    /// With other marks than programs use, a sign of money or a unit.
    Written(Written),
    /// With commas that could be points or stand between thousands.
    Either,
    /// Words of so many hexadecimal digits.
    Hex(usize),
    /// Identifiers.
    Token(Token),
    /// Lists of numbers, each in one cell of a table: `[0.5, 0.25]`, `(1, 2)`.
    Lists,
}

/// Lengths of words that are hexadecimal where a letter is among them.
const HEX_DIGITS: std::ops::RangeInclusive<usize> = 6..=32;
/// Among so many words one may look like a number.
const MOST_NUMBERS: usize = 10;

impl Notation {
    /// The notation of a column, from many of its words. `comma` is what an option says of commas.
    pub fn of<'a>(words: impl Iterator<Item = &'a [u8]>, comma: Option<Comma>) -> Self {
        let words: Vec<&[u8]> = words
            .map(<[u8]>::trim_ascii)
            .filter(|word| !number::is_missing(word))
            .collect();
        let length = words.first().map_or(0, |word| word.len());
        let even = words
            .iter()
            .all(|word| word.len() == length && word.iter().all(u8::is_ascii_hexdigit));
        let letters = || {
            words
                .iter()
                .any(|word| word.iter().any(u8::is_ascii_alphabetic))
        };
        if even && HEX_DIGITS.contains(&length) && letters() {
            if tokens::are_object_ids(&words) {
                return Self::Token(Token::ObjectId);
            }
            return Self::Hex(length);
        }
        let numbers = || {
            words
                .iter()
                .filter(|word| number::parse(word).is_none_or(|number| !number.is_missing()))
        };
        match written::tell(&numbers().copied().collect::<Vec<_>>(), comma) {
            Told::As(written) => Self::Written(written),
            Told::Either => Self::Either,
            Told::Plain => Token::of(&words).map_or(Self::Plain, Self::Token),
        }
    }

    /// The notation of values that may be words, sentences or times: what is neither a number nor a known
    /// identifier is compared as it stands. `None` where numbers stand among words.
    pub fn of_words<'a>(
        words: impl Iterator<Item = &'a [u8]> + Clone,
        comma: Option<Comma>,
    ) -> Option<Self> {
        match Self::of(words.clone(), comma) {
            Self::Plain | Self::Token(Token::Opaque) if are_lists(words.clone()) => {
                Some(Self::Lists)
            }
            Self::Plain => {
                let (mut all, mut numbers) = (0, 0);
                for word in words
                    .map(<[u8]>::trim_ascii)
                    .filter(|word| !number::is_missing(word))
                {
                    all += 1;
                    numbers += usize::from(number::parse(word).is_some());
                }
                let few = all > 0 && MOST_NUMBERS * numbers <= all;
                few.then_some(Self::Token(Token::Opaque))
            }
            notation => Some(notation),
        }
    }

    /// Whether values are compared as they stand.
    pub fn is_words(self) -> bool {
        matches!(self, Self::Token(Token::Opaque | Token::ObjectId))
    }

    /// Whether a comma is part of words.
    pub fn has_commas(self) -> bool {
        match self {
            Self::Written(written) => written.has_commas(),
            _ => false,
        }
    }

    /// What is said of commas that could mean either.
    pub fn ambiguous(word: &[u8]) -> String {
        let word = super::words::shorten(word);
        format!(
            "`{word}` may be {} or {}: --comma point reads a comma as the decimal point, --comma thousands as \
             a mark between thousands",
            word.replacen(',', ".", 1),
            word.replace(',', "")
        )
    }

    /// Learns from a word, where words come one by one. Words of 8 or 16 digits stay undecided until a
    /// letter shows up, and by then few can have been read as decimals: 1 in 43 (8 digits) or 1 in 1,844
    /// (16) has no letter.
    #[cfg_attr(
        not(feature = "cli"),
        expect(dead_code, reason = "only shards look at numbers as they come")
    )]
    pub fn see(&mut self, word: &[u8]) {
        if *self != Self::Unknown {
            return;
        }
        let hex = matches!(word.len(), 8 | 16) && word.iter().all(u8::is_ascii_hexdigit);
        *self = match (hex, word.iter().any(u8::is_ascii_alphabetic)) {
            (true, true) => Self::Hex(word.len()),
            (true, false) => Self::Unknown,
            (false, _) => Self::Plain,
        };
    }

    /// Reads a word in this notation.
    #[inline]
    pub fn parse(self, word: &[u8]) -> Option<Number> {
        match self {
            Self::Plain | Self::Unknown => number::parse(word),
            Self::Written(written) => written.parse(word),
            Self::Either | Self::Lists => None,
            Self::Hex(digits) if word.len() == digits => number::hex(word),
            Self::Hex(_) => None,
            Self::Token(token) => token.parse(word),
        }
    }
}

/// Whether every word is a list of numbers in brackets.
fn are_lists<'a>(words: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut filled = words
        .map(<[u8]>::trim_ascii)
        .filter(|word| !number::is_missing(word))
        .peekable();
    filled.peek().is_some() && filled.all(is_list)
}

/// Whether a word is a list of numbers in brackets.
pub(super) fn is_list(word: &[u8]) -> bool {
    let framed = matches!(
        (word.first(), word.last()),
        (Some(b'['), Some(b']')) | (Some(b'('), Some(b')'))
    );
    framed && tokens(word).all(|number| token(number).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Notation {
        Notation::of(words.iter().map(|word| word.as_bytes()), None)
    }

    #[test]
    fn words_are_identifiers() {
        assert_eq!(of(&["face", "cafe"]), Notation::Token(Token::Opaque));
        assert_eq!(of(&["alice", "bob"]), Notation::Token(Token::Opaque));
    }

    #[test]
    fn a_column_is_hexadecimal_as_a_whole() {
        for words in [
            &["07e20bcc964f148e", "1234567890123456"][..],
            &["12345678", "1234e567", "00000000"],
            &["507f1f77bcf86cd799439011", "507f191e810c19729de860ea"],
        ] {
            assert_eq!(of(words), Notation::Hex(words[0].len()), "{words:?}");
        }
        for words in [
            &["12345678", "87654321"][..],
            &["12345678", "1234e567", "123456789"],
            &["0.5", "1e5"],
            &["true", "false"],
            &[],
        ] {
            assert_eq!(of(words), Notation::Plain, "{words:?}");
        }
        let hex = Notation::Hex(8);
        assert_eq!(hex.parse(b"1234e567"), Some(Number::Unsigned(0x1234_e567)));
        assert_eq!(hex.parse(b"12345678"), Some(Number::Unsigned(0x1234_5678)));
        assert_eq!(hex.parse(b"123"), None);
    }
}
