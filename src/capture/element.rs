//! Element types of binary captures, and how their bytes become 64-bit raw values.

use serde::{Deserialize, Serialize};

use super::{
    error::{CaptureError, TYPES},
    image::power_of_two,
};

/// How one number is stored.
#[derive(Default, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElementType {
    /// Unsigned 64-bit integers.
    #[default]
    U64,
    /// Unsigned 32-bit integers.
    U32,
    /// Unsigned 16-bit integers.
    U16,
    /// Bytes.
    U8,
    /// Signed 64-bit integers.
    I64,
    /// Signed 32-bit integers.
    I32,
    /// Signed 16-bit integers.
    I16,
    /// Signed bytes.
    I8,
    /// Doubles.
    F64,
    /// Floats.
    F32,
    /// Half floats, in numpy arrays only.
    F16,
}

/// What a raw 64-bit value stands for, whatever type it came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RawKind {
    /// An unsigned integer.
    Unsigned,
    /// A two's-complement integer.
    Signed,
    /// The bits of a double.
    Real,
    /// Half of an identifier of 128 bits: two raw values an element, the high half first.
    Wide,
    /// A word of text, by which equal words are equal and others are not; words have no order.
    Token,
}

impl RawKind {
    /// What it is called in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned integers",
            Self::Signed => "signed integers",
            Self::Real => "real numbers",
            Self::Wide => "identifiers of 128 bits",
            Self::Token => "words",
        }
    }

    /// Raw values per element.
    pub const fn raw_per_element(self) -> usize {
        match self {
            Self::Wide => 2,
            _ => 1,
        }
    }
}

impl ElementType {
    /// Every type that flat files may hold, with the name it has in file extensions and in `--type`.
    pub const ALL: [(&'static str, Self); 10] = [
        ("u64", Self::U64),
        ("u32", Self::U32),
        ("u16", Self::U16),
        ("u8", Self::U8),
        ("i64", Self::I64),
        ("i32", Self::I32),
        ("i16", Self::I16),
        ("i8", Self::I8),
        ("f64", Self::F64),
        ("f32", Self::F32),
    ];

    /// The type with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, element)| *element)
    }

    /// Its name in file extensions and in `--type`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::U64 => "u64",
            Self::U32 => "u32",
            Self::U16 => "u16",
            Self::U8 => "u8",
            Self::I64 => "i64",
            Self::I32 => "i32",
            Self::I16 => "i16",
            Self::I8 => "i8",
            Self::F64 => "f64",
            Self::F32 => "f32",
            Self::F16 => "f16",
        }
    }

    /// Bytes of one element.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U64 | Self::I64 | Self::F64 => 8,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U16 | Self::I16 | Self::F16 => 2,
            Self::U8 | Self::I8 => 1,
        }
    }

    /// What its raw values stand for.
    pub const fn kind(self) -> RawKind {
        match self {
            Self::U64 | Self::U32 | Self::U16 | Self::U8 => RawKind::Unsigned,
            Self::I64 | Self::I32 | Self::I16 | Self::I8 => RawKind::Signed,
            Self::F64 | Self::F32 | Self::F16 => RawKind::Real,
        }
    }

    /// Decodes as many elements as `raw` has room for; `bytes` holds exactly those.
    ///
    /// # Panics
    /// When `bytes` is not `raw.len()` elements long.
    pub(super) fn decode(self, big_endian: bool, bytes: &[u8], raw: &mut [u64]) {
        assert_eq!(bytes.len(), raw.len() * self.bytes(), "one element a value");
        let of_64 = |chunk| match big_endian {
            true => u64::from_be_bytes(chunk),
            false => u64::from_le_bytes(chunk),
        };
        let of_32 = |chunk| match big_endian {
            true => u32::from_be_bytes(chunk),
            false => u32::from_le_bytes(chunk),
        };
        let of_16 = |chunk| match big_endian {
            true => u16::from_be_bytes(chunk),
            false => u16::from_le_bytes(chunk),
        };
        // One loop a type, so that each can take several values at once.
        match self {
            Self::U64 | Self::I64 | Self::F64 => each(bytes, raw, of_64),
            Self::U32 => each(bytes, raw, |chunk| u64::from(of_32(chunk))),
            Self::I32 => each(bytes, raw, |chunk| i64::from(of_32(chunk) as i32) as u64),
            // Exact: every float is a double.
            Self::F32 => each(bytes, raw, |chunk| {
                f64::from(f32::from_bits(of_32(chunk))).to_bits()
            }),
            Self::F16 => each(bytes, raw, |chunk| half(of_16(chunk)).to_bits()),
            Self::U16 => each(bytes, raw, |chunk| u64::from(of_16(chunk))),
            Self::I16 => each(bytes, raw, |chunk| i64::from(of_16(chunk) as i16) as u64),
            Self::U8 => each(bytes, raw, |[byte]| u64::from(byte)),
            Self::I8 => each(bytes, raw, |[byte]| i64::from(byte as i8) as u64),
        }
    }

    /// Whether the bytes on disk are the raw values themselves on this machine.
    pub(super) const fn is_raw(self, big_endian: bool) -> bool {
        self.bytes() == 8 && big_endian == cfg!(target_endian = "big")
    }
}

/// A half float (IEEE 754 binary16: 5 bits of exponent, 10 of fraction) as the same double.
fn half(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff);
    let magnitude = match i32::from(bits >> 10 & 0x1f) {
        0 => fraction * power_of_two(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1024.0 + fraction) * power_of_two(exponent - 25),
    };
    if bits >> 15 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// Decodes elements of so many bytes.
#[inline]
fn each<const BYTES: usize>(bytes: &[u8], raw: &mut [u64], decode: impl Fn([u8; BYTES]) -> u64) {
    for (value, chunk) in raw.iter_mut().zip(bytes.chunks_exact(BYTES)) {
        *value = decode(chunk.try_into().expect("one element"));
    }
}

impl std::str::FromStr for ElementType {
    type Err = CaptureError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::from_name(name).ok_or_else(|| {
            CaptureError::Options(format!("`{name}` is no element type: give {TYPES}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_byte_orders_decode_to_the_same_values() {
        let mut little = [0; 2];
        let mut big = [0; 2];
        ElementType::U64.decode(
            false,
            &[1, 0, 0, 0, 0, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0],
            &mut little,
        );
        ElementType::U64.decode(
            true,
            &[2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3],
            &mut big,
        );
        assert_eq!(little, [0x0200_0000_0000_0001, 3]);
        assert_eq!(little, big);
    }

    #[test]
    fn every_type_is_found_by_its_name_and_named_in_messages() {
        let names: Vec<&str> = ElementType::ALL.iter().map(|(name, _)| *name).collect();
        assert_eq!(TYPES.replace(" or ", ", "), names.join(", "));
        for (name, element) in ElementType::ALL {
            assert_eq!(element.name(), name);
            assert_eq!(ElementType::from_name(name), Some(element));
            let bits: usize = name[1..].parse().unwrap();
            assert_eq!(element.bytes() * 8, bits, "{name}");
        }
        assert_eq!(ElementType::from_name("U8"), Some(ElementType::U8));
        for none in ["b1", "u1", "8", "m3u8", "f16", ""] {
            assert_eq!(ElementType::from_name(none), None, "{none}");
        }
    }

    #[test]
    fn small_integers_widen_by_value_in_both_byte_orders() {
        let decode = |element: ElementType, big_endian: bool, bytes: &[u8]| {
            let mut raw = vec![0; bytes.len() / element.bytes()];
            element.decode(big_endian, bytes, &mut raw);
            raw.into_iter()
                .map(|value| value as i64)
                .collect::<Vec<_>>()
        };
        for big_endian in [false, true] {
            let bytes = [0, 1, 127, 128, 255];
            let unsigned = decode(ElementType::U8, big_endian, &bytes);
            assert_eq!(unsigned, [0, 1, 127, 128, 255]);
            let signed = decode(ElementType::I8, big_endian, &bytes);
            assert_eq!(signed, [0, 1, 127, -128, -1]);
            let words: Vec<u8> = [0x0102u16, 0x7fff, 0x8000, 0xfffe]
                .into_iter()
                .flat_map(|word| match big_endian {
                    true => word.to_be_bytes(),
                    false => word.to_le_bytes(),
                })
                .collect();
            let unsigned = decode(ElementType::U16, big_endian, &words);
            assert_eq!(unsigned, [0x0102, 0x7fff, 0x8000, 0xfffe]);
            let signed = decode(ElementType::I16, big_endian, &words);
            assert_eq!(signed, [0x0102, 0x7fff, -0x8000, -2]);
        }
    }

    #[test]
    fn half_floats_are_the_same_doubles() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x03ff, 1023.0 / 16_777_216.0),
            (0x0400, 1.0 / 16_384.0),
            (0x3555, 0.333_251_953_125),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65_504.0),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan());
        let mut raw = [0; 2];
        ElementType::F16.decode(true, &[0x3c, 0, 0xc0, 0], &mut raw);
        assert_eq!(raw.map(f64::from_bits), [1.0, -2.0]);
    }

    #[test]
    fn narrow_types_widen_by_value() {
        let mut raw = [0; 1];
        ElementType::I32.decode(false, &(-2i32).to_le_bytes(), &mut raw);
        assert_eq!(raw[0] as i64, -2);
        ElementType::F32.decode(true, &0.25f32.to_be_bytes(), &mut raw);
        assert_eq!(f64::from_bits(raw[0]), 0.25);
        ElementType::U32.decode(false, &u32::MAX.to_le_bytes(), &mut raw);
        assert_eq!(raw[0], u64::from(u32::MAX));
    }
}
