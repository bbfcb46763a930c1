//! Identifiers of any alphabet: nanoids, ULIDs, KSUIDs, addresses, names. What is known of them is decoded;
//! all others are values of which only equality says something.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::number::Number;

/// Kinds of identifiers whose letters are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// 26 digits of Crockford's base 32: 48 bits of clock, 80 random ones (github.com/ulid/spec).
    Ulid,
    /// 27 digits of base 62: 32 bits of clock, 128 random ones (github.com/segmentio/ksuid).
    Ksuid,
    /// 24 hexadecimal digits, as MongoDB's drivers make them: 32 bits of clock, 40 random ones a process, 24 of
    /// a count (bsonspec.org). What stands behind the clock is the value.
    ObjectId,
    /// Anything else.
    Opaque,
}

/// Longest identifier.
const LONGEST: usize = 256;
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE_62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Digits of an ObjectId, those of its clock, and those of the clock and the process.
const OBJECT_ID: usize = 24;
const CLOCK: usize = 8;
const PROCESS: usize = 18;
/// Seconds within which the identifiers of one capture are made: ten years.
const SPAN: u64 = 10 * 366 * 24 * 3600;
/// Words of which a few seconds in common are no chance.
const MANY: usize = 8;

/// Whether words of hexadecimal digits are ObjectIds: made within some years, by one process one after
/// another.
pub(super) fn are_object_ids(words: &[&[u8]]) -> bool {
    let clock = |word: &&[u8]| match super::number::hex(word.get(..CLOCK)?) {
        Some(Number::Unsigned(seconds)) if word.len() == OBJECT_ID => Some(seconds),
        _ => None,
    };
    let Some(clocks) = words.iter().map(clock).collect::<Option<Vec<u64>>>() else {
        return false;
    };
    let (first, last) = (clocks.iter().min(), clocks.iter().max());
    let near = matches!((first, last), (Some(first), Some(last)) if last - first <= SPAN);
    let process = |pair: &[&[u8]]| pair[0][CLOCK..PROCESS] == pair[1][CLOCK..PROCESS];
    words.len() > 1 && near && (words.len() >= MANY || words.windows(2).any(process))
}

impl Token {
    /// What the words of a column are, if they are identifiers: two at least, none with blanks, most of
    /// them no numbers.
    pub fn of(words: &[&[u8]]) -> Option<Self> {
        let is_token = |word: &&[u8]| {
            word.len() <= LONGEST
                && word
                    .iter()
                    .all(|byte| byte.is_ascii_graphic() && *byte != b'"')
        };
        let numbers = words
            .iter()
            .filter(|word| super::number::parse(word).is_some())
            .count();
        if words.len() < 2 || 10 * numbers > words.len() || !words.iter().all(is_token) {
            return None;
        }
        let all = |length: usize, digits: &[u8]| {
            words
                .iter()
                .all(|word| word.len() == length && word.iter().all(|byte| digits.contains(byte)))
        };
        let upper = || {
            words.iter().all(|word| {
                word.len() == 26 && decode(&word.to_ascii_uppercase(), CROCKFORD).is_some()
            })
        };
        Some(if are_object_ids(words) {
            Self::ObjectId
        } else if upper() {
            Self::Ulid
        } else if all(27, BASE_62) {
            Self::Ksuid
        } else {
            Self::Opaque
        })
    }

    /// The value of a word: its random bits where they are known, else 64 bits by which equal words are equal
    /// and others are not.
    pub fn parse(self, word: &[u8]) -> Option<Number> {
        if word.is_empty() {
            return None;
        }
        match self {
            // The 16 bits above are random too; the lower 64 tell equality as well and fill a word.
            Self::Ulid => {
                let value = decode(&word.to_ascii_uppercase(), CROCKFORD)?;
                Some(Number::Unsigned(value[1]))
            }
            Self::Ksuid => {
                let value = decode(word, BASE_62)?;
                Some(Number::Wide(value[0], value[1]))
            }
            Self::ObjectId if word.len() != OBJECT_ID => None,
            Self::ObjectId => Self::Opaque.parse(&word[CLOCK..]),
            Self::Opaque => {
                let mut hasher = DefaultHasher::new();
                word.hash(&mut hasher);
                Some(Number::Token(hasher.finish()))
            }
        }
    }
}

/// The lowest 128 bits of a number in some digits, high half first.
fn decode(word: &[u8], digits: &[u8]) -> Option<[u64; 2]> {
    let base = digits.len() as u128;
    let value = word.iter().try_fold(0u128, |value, byte| {
        let digit = digits.iter().position(|digit| digit == byte)?;
        Some(value.wrapping_mul(base).wrapping_add(digit as u128))
    })?;
    Some([(value >> 64) as u64, value as u64])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Option<Token> {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        Token::of(&words)
    }

    #[test]
    fn identifiers_are_known_by_their_digits() {
        assert_eq!(
            of(&["01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ"]),
            Some(Token::Ulid)
        );
        assert_eq!(
            of(&["0ujtsYcgvSTl8PAuAdqWYSMnLOv", "0ujsszwN8NRY24YaXiTIE2VWDTS"]),
            Some(Token::Ksuid)
        );
        assert_eq!(
            of(&["V1StGXR8_Z5jdHi6B-myT", "FyPGr1gCP9sv5CeMWNSuL"]),
            Some(Token::Opaque)
        );
        assert_eq!(of(&["10.0.0.1", "10.0.0.2"]), Some(Token::Opaque));
        for words in [
            &["0.5", "zebra"][..],
            &["zebra"],
            &["a b", "c d"],
            &["1", "2"],
        ] {
            assert_eq!(of(words), None, "{words:?}");
        }
    }

    #[test]
    fn object_ids_are_their_process_and_count() {
        let words: [&[u8]; 3] = [
            b"65535f0a1c2b3d4e5f000001",
            b"65535f0b1c2b3d4e5f000002",
            b"65535f0ca1b2c3d4e5000001",
        ];
        assert!(are_object_ids(&words));
        assert!(!are_object_ids(&[words[0], b"f5535f0b1c2b3d4e5f000002"]));
        assert!(!are_object_ids(&[b"65535f0a", b"65535f0b"]));
        let later = b"75535f0a1c2b3d4e5f000001";
        assert_eq!(
            Token::ObjectId.parse(words[0]),
            Token::ObjectId.parse(later)
        );
        assert_ne!(
            Token::ObjectId.parse(words[0]),
            Token::ObjectId.parse(words[2])
        );
        assert_eq!(Token::ObjectId.parse(b"65535f0a"), None);
    }

    #[test]
    fn clocks_are_no_part_of_values() {
        // The reference of the KSUID repository: payload B5A1CD34B5F99D1154FB6853345C9735.
        assert_eq!(
            Token::Ksuid.parse(b"0ujtsYcgvSTl8PAuAdqWYSMnLOv"),
            Some(Number::Wide(0xb5a1_cd34_b5f9_9d11, 0x54fb_6853_345c_9735))
        );
        let ulid = |word: &[u8]| Token::Ulid.parse(word);
        assert_eq!(
            ulid(b"01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            ulid(b"01BX5ZZKBKTSV4RRFFQ69G5FAV")
        );
        assert_ne!(
            ulid(b"01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            ulid(b"01ARZ3NDEKTSV4RRFFQ69G5FAW")
        );
        let opaque = |word: &[u8]| Token::Opaque.parse(word);
        assert_eq!(opaque(b"alice"), opaque(b"alice"));
        assert_ne!(opaque(b"alice"), opaque(b"alicf"));
    }
}
