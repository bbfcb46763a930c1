//! Numbers written as text: decimal and hexadecimal integers, reals, 128-bit identifiers; true is 1 and
//! false 0.

mod hexadecimal;

pub(super) use self::hexadecimal::hex;
use self::hexadecimal::{hex_float, uuid};
use super::element::RawKind;

/// One number read from text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// An integer from 0.
    Unsigned(u64),
    /// A negative integer.
    Negative(i64),
    /// A number with a point or an exponent.
    Real(f64),
    /// A UUID, or 32 hexadecimal digits: high half, low half.
    Wide(u64, u64),
    /// A word that is no number: equal words are equal, and others are not.
    Token(u64),
}

impl Number {
    /// What stands where a number is missing.
    pub const MISSING: Self = Self::Real(f64::NAN);

    /// Whether it is no number that was drawn: what stands where one is missing, or an infinity.
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::Real(value) if !value.is_finite())
    }

    /// The kind that holds it.
    pub const fn kind(self) -> RawKind {
        match self {
            Self::Unsigned(_) => RawKind::Unsigned,
            Self::Negative(_) => RawKind::Signed,
            Self::Real(_) => RawKind::Real,
            Self::Wide(..) => RawKind::Wide,
            Self::Token(_) => RawKind::Token,
        }
    }
}

/// Reads one number; `None` when the text is none, or does not fit.
///
/// Hexadecimal words carry `0x`, or consist of exactly 8, 16 or 32 hexadecimal digits with a letter
/// among them; those of other lengths are told by their column.
#[inline]
pub(super) fn parse(text: &[u8]) -> Option<Number> {
    if let Some(value) = decimal(text) {
        return Some(Number::Unsigned(value));
    }
    other(text)
}

/// Digits only, at most 2^64 − 1.
#[inline]
fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 20 {
        return None;
    }
    let mut value = 0u64;
    if text.len() < 20 {
        // 19 digits always fit.
        for &byte in text {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            value = value * 10 + u64::from(digit);
        }
        return Some(value);
    }
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(value)
}

fn other(text: &[u8]) -> Option<Number> {
    let whole = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if whole > 0
        && text.get(whole) == Some(&b'.')
        && let Some(value) = float(text)
    {
        return Some(Number::Real(value));
    }
    if let Some(digits) = text
        .strip_prefix(b"0x")
        .or_else(|| text.strip_prefix(b"0X"))
    {
        return hex(digits).or_else(|| hex_float(digits).map(Number::Real));
    }
    if let Some(digits) = text.strip_prefix(b"-0x") {
        return hex_float(digits).map(|value| Number::Real(-value));
    }
    if let Some(digits) = text.strip_prefix(b"-")
        && let Some(value) = decimal(digits)
    {
        return negative(value);
    }
    if let Some(digits) = text.strip_prefix(b"+")
        && let Some(value) = decimal(digits)
    {
        return Some(Number::Unsigned(value));
    }
    if let Some(wide) = uuid(text) {
        return Some(wide);
    }
    if text.len() == 32 && text.iter().all(u8::is_ascii_hexdigit) {
        return hex(text);
    }
    // An exponent between hexadecimal digits: `12345e67` is a word, and so is `1234567e`.
    if matches!(text.len(), 8 | 16) && text.iter().all(u8::is_ascii_hexdigit) {
        return hex(text);
    }
    let first = *text.first()?;
    if first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.') {
        // A long row of digits is an integer that does not fit, not a real number.
        if let Some(value) = float(text)
            && text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
        {
            return Some(Number::Real(value));
        }
        // Fortran's doubles: `0.25D+00`.
        if let Some(at) = text.iter().position(|byte| matches!(byte, b'D' | b'd'))
            && matches!(text.get(at + 1), Some(b'+' | b'-'))
        {
            let mut plain = text.to_vec();
            plain[at] = b'e';
            return float(&plain).map(Number::Real);
        }
    }
    match text {
        b"nan" | b"NaN" | b"NAN" | b"-nan" => Some(Number::Real(f64::NAN)),
        b"inf" | b"Inf" | b"Infinity" | b"+inf" => Some(Number::Real(f64::INFINITY)),
        b"true" | b"True" | b"TRUE" => Some(Number::Unsigned(1)),
        b"false" | b"False" | b"FALSE" => Some(Number::Unsigned(0)),
        b"-inf" | b"-Inf" | b"-Infinity" => Some(Number::Real(f64::NEG_INFINITY)),
        _ => None,
    }
}

/// Whether a word stands where a number is missing.
pub(super) fn is_missing(word: &[u8]) -> bool {
    const WORDS: [&[u8]; 14] = [
        b"",
        b"NA",
        b"N/A",
        b"n/a",
        b"#N/A",
        b"<NA>",
        b"null",
        b"NULL",
        b"None",
        b"nil",
        b"undefined",
        b"missing",
        b"-",
        b"--",
    ];
    WORDS.contains(&word)
}

fn float(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn negative(magnitude: u64) -> Option<Number> {
    match magnitude {
        0 => Some(Number::Unsigned(0)),
        1..=0x8000_0000_0000_0000 => Some(Number::Negative((magnitude as i64).wrapping_neg())),
        _ => None,
    }
}

/// The numbers of a source, kept as raw values of the widest kind met so far.
///
/// Integers become signed when a negative one comes, and real when a real one comes; an integer
/// that the wider kind cannot hold exactly, or an identifier among numbers, is a conflict.
#[derive(Clone, Debug)]
pub(super) struct NumberKind(Option<RawKind>);

/// A number that cannot be of one kind with those before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    /// The kind so far.
    pub before: RawKind,
    /// The kind of the number.
    pub now: RawKind,
}

/// What must be done to the raw values stored so far before the next is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promotion {
    /// Nothing.
    Keep,
    /// They become doubles.
    ToReal {
        /// What they were.
        from: RawKind,
    },
    /// They were unsigned and are now read as signed: they must be below 2^63.
    ToSigned,
}

impl NumberKind {
    /// No number has been met.
    pub const fn unknown() -> Self {
        Self(None)
    }

    /// The kind so far.
    pub const fn get(&self) -> Option<RawKind> {
        self.0
    }

    /// Sets the kind after a promotion.
    pub const fn set(&mut self, kind: RawKind) {
        self.0 = Some(kind);
    }

    /// What the next number does to the kind.
    #[inline]
    pub fn admit(&self, number: Number) -> Result<(RawKind, Promotion), Conflict> {
        let now = number.kind();
        let Some(before) = self.0 else {
            return Ok((now, Promotion::Keep));
        };
        if before == now {
            return Ok((now, Promotion::Keep));
        }
        match (before, now) {
            (RawKind::Unsigned, RawKind::Signed) => Ok((RawKind::Signed, Promotion::ToSigned)),
            (RawKind::Signed, RawKind::Unsigned) => Ok((RawKind::Signed, Promotion::Keep)),
            (RawKind::Unsigned | RawKind::Signed, RawKind::Real) => {
                Ok((RawKind::Real, Promotion::ToReal { from: before }))
            }
            (RawKind::Real, RawKind::Unsigned | RawKind::Signed) => {
                Ok((RawKind::Real, Promotion::Keep))
            }
            _ => Err(Conflict { before, now }),
        }
    }
}

/// The raw value of a number of a kind; `None` when it cannot be held exactly.
#[inline]
pub(super) fn raw(number: Number, kind: RawKind) -> Option<u64> {
    match (number, kind) {
        (Number::Unsigned(value), RawKind::Unsigned) => Some(value),
        (Number::Unsigned(value), RawKind::Signed) => (value >> 63 == 0).then_some(value),
        (Number::Negative(value), RawKind::Signed) => Some(value as u64),
        (Number::Real(value), RawKind::Real) => Some(real(value)),
        (Number::Token(value), RawKind::Token) => Some(value),
        (Number::Unsigned(value), RawKind::Real) => (value <= 1 << 53).then(|| real(value as f64)),
        (Number::Negative(value), RawKind::Real) => {
            (value >= -(1 << 53)).then(|| real(value as f64))
        }
        _ => None,
    }
}

/// Raw values of one kind as another, in place; `false` when one does not fit.
pub(super) fn promote(values: &mut [u64], promotion: Promotion) -> bool {
    match promotion {
        Promotion::Keep => true,
        Promotion::ToSigned => values.iter().all(|value| value >> 63 == 0),
        Promotion::ToReal { from } => {
            for value in values {
                let number = if from == RawKind::Signed && (*value as i64) < 0 {
                    Number::Negative(*value as i64)
                } else {
                    Number::Unsigned(*value)
                };
                match raw(number, RawKind::Real) {
                    Some(bits) => *value = bits,
                    None => return false,
                }
            }
            true
        }
    }
}

fn real(value: f64) -> u64 {
    // Minus zero equals zero.
    (value + 0.0).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_what_they_are() {
        let cases: [(&str, Option<Number>); 27] = [
            ("0", Some(Number::Unsigned(0))),
            ("18446744073709551615", Some(Number::Unsigned(u64::MAX))),
            ("18446744073709551616", None),
            ("-1", Some(Number::Negative(-1))),
            ("-9223372036854775808", Some(Number::Negative(i64::MIN))),
            ("-9223372036854775809", None),
            ("0xff", Some(Number::Unsigned(255))),
            ("deadbeef", Some(Number::Unsigned(0xdead_beef))),
            ("0.25", Some(Number::Real(0.25))),
            ("1e3", Some(Number::Real(1000.0))),
            (".5", Some(Number::Real(0.5))),
            ("deadbeefx", None),
            ("0x1.8p-1", Some(Number::Real(0.75))),
            ("-0x1p+3", Some(Number::Real(-8.0))),
            ("0x1.fffffffffffffp+1023", Some(Number::Real(f64::MAX))),
            ("0x1.8q-1", None),
            ("true", Some(Number::Unsigned(1))),
            ("False", Some(Number::Unsigned(0))),
            ("TRUE", Some(Number::Unsigned(1))),
            ("tRUE", None),
            ("", None),
            ("-", None),
            ("0x", None),
            ("1.2.3", None),
            ("abc", None),
            (
                "123e4567-e89b-42d3-a456-426614174000",
                Some(Number::Wide(0x123e_4567_e89b_42d3, 0xa456_4266_1417_4000)),
            ),
            (
                "123e4567e89b42d3a456426614174000",
                Some(Number::Wide(0x123e_4567_e89b_42d3, 0xa456_4266_1417_4000)),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn kinds_widen_and_refuse_what_does_not_fit() {
        let mut kind = NumberKind::unknown();
        kind.set(RawKind::Unsigned);
        assert_eq!(
            kind.admit(Number::Real(0.5)),
            Ok((
                RawKind::Real,
                Promotion::ToReal {
                    from: RawKind::Unsigned
                }
            ))
        );
        let mut values = [1, 2, 1 << 53];
        assert!(promote(
            &mut values,
            Promotion::ToReal {
                from: RawKind::Unsigned
            }
        ));
        assert_eq!(f64::from_bits(values[1]), 2.0);
        assert!(!promote(&mut [u64::MAX], Promotion::ToSigned));
        assert!(kind.admit(Number::Wide(1, 2)).is_err());
    }
}
