//! Numbers as people and spreadsheets write them: a comma for the point, marks between thousands, a sign of
//! money before them, a unit or a per cent sign behind. A column is written in one way throughout.

use super::{
    Comma,
    number::{self, Number},
};

/// Longest sign of money or unit, in bytes.
const LONGEST: usize = 8;
/// Longest number that is taken apart, in bytes.
const LONGEST_NUMBER: usize = 64;

/// How the numbers of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// What stands between whole and fraction.
    point: u8,
    /// What stands between thousands; 0 where nothing does.
    mark: u8,
    before: Affix,
    after: Affix,
}

/// What stands before or behind every number of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Affix {
    bytes: [u8; LONGEST],
    length: u8,
}

impl Affix {
    fn of(text: &[u8]) -> Option<Self> {
        let mut bytes = [0; LONGEST];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self {
            bytes,
            length: text.len() as u8,
        })
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

/// The way in which a column is written, told from its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// As programs write numbers, or not as numbers.
    Plain,
    /// In one other way.
    As(Written),
    /// All commas could be points, and could stand between thousands.
    Either,
}

/// Tells how words are written. `comma` is what an option says of commas.
pub(super) fn tell(words: &[&[u8]], comma: Option<Comma>) -> Told {
    let Some(((before, _, after), rest)) = words
        .first()
        .and_then(|first| Some((take_apart(first)?, &words[1..])))
    else {
        return Told::Plain;
    };
    let mut bodies = Vec::with_capacity(words.len());
    for word in words {
        match take_apart(word) {
            Some((own_before, body, own_after)) if (own_before, own_after) == (before, after) => {
                bodies.push(body);
            }
            _ => return Told::Plain,
        }
    }
    let bare = before.is_empty() && after.is_empty();
    // One word with a unit may be anything.
    if !bare && rest.is_empty() {
        return Told::Plain;
    }
    let (Some(before), Some(after)) = (Affix::of(before), Affix::of(after)) else {
        return Told::Plain;
    };
    let written = |point, mark| {
        Told::As(Written {
            point,
            mark,
            before,
            after,
        })
    };
    let all = |point, mark| {
        bodies
            .iter()
            .all(|body| plain(body, point, mark, &mut [0; LONGEST_NUMBER]).is_some())
    };
    if bodies.iter().all(|body| number::parse(body).is_some()) {
        return match bare {
            true => Told::Plain,
            false => written(b'.', 0),
        };
    }
    let points = all(b',', 0);
    let thousands = all(b'.', b',');
    match (points, thousands, comma) {
        (true, true, Some(Comma::Point)) | (true, false, _) => written(b',', 0),
        (true, true, Some(Comma::Thousands)) | (false, true, _) => written(b'.', b','),
        (true, true, None) => Told::Either,
        (false, false, _) => [
            (b',', b'.'),
            (b',', b' '),
            (b'.', b' '),
            (b'.', b'\''),
            (b'.', b'_'),
        ]
        .into_iter()
        .find(|&(point, mark)| all(point, mark))
        .map_or(Told::Plain, |(point, mark)| written(point, mark)),
    }
}

impl Written {
    /// Whether a sign of money or a unit stands beside every number.
    pub fn has_sign(&self) -> bool {
        self.before.length + self.after.length > 0
    }

    /// Whether a comma is part of numbers.
    pub fn has_commas(&self) -> bool {
        self.point == b',' || self.mark == b','
    }

    /// Reads a word that is written so.
    pub fn parse(&self, word: &[u8]) -> Option<Number> {
        let (sign, rest) = signed(word);
        let rest = rest.strip_prefix(self.before.bytes())?;
        let (inner_sign, body) = signed(rest.strip_suffix(self.after.bytes())?);
        let mut text = [0; LONGEST_NUMBER];
        text[0] = b'-';
        let length = plain(body, self.point, self.mark, &mut text[1..])?;
        let negative = sign == b"-" || inner_sign == b"-";
        number::parse(&text[usize::from(!negative)..=length])
    }
}

fn signed(word: &[u8]) -> (&[u8], &[u8]) {
    let signs = usize::from(matches!(word.first(), Some(b'-' | b'+')));
    word.split_at(signs)
}

/// A word as what stands before its digits, the number, and what stands behind it, where these are a sign of
/// money and a unit. The number has no sign.
fn take_apart(word: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (_, rest) = signed(word);
    let from = rest.iter().position(u8::is_ascii_digit)?;
    // `.5` begins with its point.
    let from = match from > 0 && rest[from - 1] == b'.' {
        true => from - 1,
        false => from,
    };
    let to = 1 + rest.iter().rposition(u8::is_ascii_digit)?;
    let (before, body, after) = (&rest[..from], &rest[from..to], &rest[to..]);
    let before = match before.split_last() {
        Some((b'-' | b'+', before)) => before,
        _ => before,
    };
    let money = [
        &b""[..],
        b"$",
        "€".as_bytes(),
        "£".as_bytes(),
        "¥".as_bytes(),
        b"US$",
        b"US$ ",
        b"$ ",
        "€ ".as_bytes(),
        "£ ".as_bytes(),
    ];
    let unit = after.trim_ascii_start();
    let is_unit = unit
        .iter()
        .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'%' | b'/' | b'^') || *byte >= 0x80)
        // `1e` and `0x` are parts of numbers, and letters of both kinds parts of identifiers.
        && (after.len() > unit.len()
            || !unit.first().is_some_and(u8::is_ascii_alphabetic)
            || unit.len() <= 3
                && (body.contains(&b'.') || !unit.iter().all(u8::is_ascii_hexdigit)));
    (money.contains(&before) && (after.is_empty() || is_unit && !unit.is_empty()))
        .then_some((before, body, after))
}

/// Writes a number without its marks and with a point into `text`, and says how long it is; `None` where the
/// marks do not stand between groups of three digits.
fn plain(body: &[u8], point: u8, mark: u8, text: &mut [u8]) -> Option<usize> {
    let mut length = 0;
    let mut put = |byte: u8| {
        *text.get_mut(length)? = byte;
        length += 1;
        Some(())
    };
    let whole = body
        .iter()
        .position(|&byte| byte == point)
        .unwrap_or(body.len());
    let mut digits = 0;
    let mut marked = false;
    for &byte in &body[..whole] {
        if byte.is_ascii_digit() {
            put(byte)?;
            digits += 1;
            if marked && digits > 3 {
                return None;
            }
        } else if mark != 0 && byte == mark {
            let first = !marked;
            let fits = match first {
                // Groups do not begin with zero.
                true => (1..=3).contains(&digits) && body[0] != b'0',
                false => digits == 3,
            };
            if !fits {
                return None;
            }
            (marked, digits) = (true, 0);
        } else if matches!(byte, b'e' | b'E' | b'+' | b'-') && digits > 0 && !marked && mark == 0 {
            put(byte)?;
        } else {
            return None;
        }
    }
    if marked && digits != 3 || mark != 0 && !marked && digits > 3 {
        return None;
    }
    if whole < body.len() {
        put(b'.')?;
        for &byte in &body[whole + 1..] {
            if !(byte.is_ascii_digit() || matches!(byte, b'e' | b'E' | b'+' | b'-')) {
                return None;
            }
            put(byte)?;
        }
        if !body[whole + 1..].first().is_some_and(u8::is_ascii_digit) {
            return None;
        }
    }
    number::parse(&text[..length])?;
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &[&str]) -> Told {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        tell(&words, None)
    }

    fn read(words: &[&str]) -> Vec<Option<Number>> {
        match told(words) {
            Told::As(written) => words
                .iter()
                .map(|word| written.parse(word.as_bytes()))
                .collect(),
            other => panic!("{words:?}: {other:?}"),
        }
    }

    #[test]
    fn columns_are_read_as_they_are_written() {
        let real = |value| Some(Number::Real(value));
        let whole = |value| Some(Number::Unsigned(value));
        assert_eq!(
            read(&["0,4278", "-1,5", "12"]),
            [real(0.4278), real(-1.5), whole(12)]
        );
        assert_eq!(
            read(&["1,234", "12", "1,234,567"]),
            [whole(1234), whole(12), whole(1_234_567)]
        );
        assert_eq!(read(&["1,234.5", "0.25"]), [real(1234.5), real(0.25)]);
        assert_eq!(read(&["1.234,5", "0,25"]), [real(1234.5), real(0.25)]);
        assert_eq!(read(&["1 234 567", "12"]), [whole(1_234_567), whole(12)]);
        assert_eq!(
            read(&["$1.23", "$-4.5", "-$4.5"]),
            [real(1.23), real(-4.5), real(-4.5)]
        );
        assert_eq!(read(&["$1,234.50", "$0.25"]), [real(1234.5), real(0.25)]);
        assert_eq!(read(&["12.3%", "0.5%"]), [real(12.3), real(0.5)]);
        assert_eq!(read(&["12,3 %", "0,5 %"]), [real(12.3), real(0.5)]);
        assert_eq!(read(&["556 ms", "12 ms"]), [whole(556), whole(12)]);
        assert_eq!(read(&["€ 1.5", "€ 2.5"]), [real(1.5), real(2.5)]);
        assert_eq!(read(&["1,5e-3", "2,5"]), [real(1.5e-3), real(2.5)]);
    }

    #[test]
    fn what_could_be_either_is_not_decided() {
        assert_eq!(told(&["1,234", "5,678"]), Told::Either);
        let words: [&[u8]; 2] = [b"1,234", b"5,678"];
        let as_point = tell(&words, Some(Comma::Point));
        let as_marks = tell(&words, Some(Comma::Thousands));
        let first = |told| match told {
            Told::As(written) => Written::parse(&written, words[0]),
            _ => None,
        };
        assert_eq!(first(as_point), Some(Number::Real(1.234)));
        assert_eq!(first(as_marks), Some(Number::Unsigned(1234)));
    }

    #[test]
    fn other_words_are_none() {
        for words in [
            &["0.5", "1"][..],
            &["10.0.0.1", "10.0.0.2"],
            &["1 ms", "2 s"],
            &["12a", "13a"],
            &["node-1", "node-2"],
            &["1,2,3"],
            &["2024-05-01", "2024-05-02"],
            &["5 ms"],
            &["0x1f", "0x2f"],
            &[],
        ] {
            assert_eq!(told(words), Told::Plain, "{words:?}");
        }
    }
}
