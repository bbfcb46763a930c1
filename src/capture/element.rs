//! Element types of binary captures, and how their bytes become 64-bit raw values.

use super::error::CaptureError;

/// How one number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElementType {
    /// Unsigned 64-bit integers.
    U64,
    /// Unsigned 32-bit integers.
    U32,
    /// Signed 64-bit integers.
    I64,
    /// Signed 32-bit integers.
    I32,
    /// Doubles.
    F64,
    /// Floats.
    F32,
}

/// What a raw 64-bit value stands for, whatever type it came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RawKind {
    /// An unsigned integer.
    Unsigned,
    /// A two's-complement integer.
    Signed,
    /// The bits of a double.
    Real,
    /// Half of an identifier of 128 bits: two raw values an element, the high half first.
    Wide,
}

impl RawKind {
    /// What it is called in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned integers",
            Self::Signed => "signed integers",
            Self::Real => "real numbers",
            Self::Wide => "identifiers of 128 bits",
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
    /// Every type, with the name it has in file extensions and in `--type`.
    pub const ALL: [(&'static str, Self); 6] = [
        ("u64", Self::U64),
        ("u32", Self::U32),
        ("i64", Self::I64),
        ("i32", Self::I32),
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
            Self::I64 => "i64",
            Self::I32 => "i32",
            Self::F64 => "f64",
            Self::F32 => "f32",
        }
    }

    /// Bytes of one element.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U64 | Self::I64 | Self::F64 => 8,
            Self::U32 | Self::I32 | Self::F32 => 4,
        }
    }

    /// What its raw values stand for.
    pub const fn kind(self) -> RawKind {
        match self {
            Self::U64 | Self::U32 => RawKind::Unsigned,
            Self::I64 | Self::I32 => RawKind::Signed,
            Self::F64 | Self::F32 => RawKind::Real,
        }
    }

    /// Decodes as many elements as `raw` has room for; `bytes` holds exactly those.
    ///
    /// # Panics
    /// When `bytes` is not `raw.len()` elements long.
    pub(super) fn decode(self, big_endian: bool, bytes: &[u8], raw: &mut [u64]) {
        assert_eq!(bytes.len(), raw.len() * self.bytes(), "one element a value");
        match self.bytes() {
            8 => {
                for (value, chunk) in raw.iter_mut().zip(bytes.chunks_exact(8)) {
                    let chunk: [u8; 8] = chunk.try_into().expect("8 bytes");
                    *value = if big_endian {
                        u64::from_be_bytes(chunk)
                    } else {
                        u64::from_le_bytes(chunk)
                    };
                }
            }
            // One loop a type, so that each can take several values at once.
            _ => match self {
                Self::I32 => narrow(big_endian, bytes, raw, |word| i64::from(word as i32) as u64),
                // Exact: every float is a double.
                Self::F32 => narrow(big_endian, bytes, raw, |word| {
                    f64::from(f32::from_bits(word)).to_bits()
                }),
                _ => narrow(big_endian, bytes, raw, u64::from),
            },
        }
    }

    /// Whether the bytes on disk are the raw values themselves on this machine.
    pub(super) const fn is_raw(self, big_endian: bool) -> bool {
        self.bytes() == 8 && big_endian == cfg!(target_endian = "big")
    }
}

/// Decodes elements of 32 bits.
#[inline]
fn narrow(big_endian: bool, bytes: &[u8], raw: &mut [u64], widen: impl Fn(u32) -> u64) {
    for (value, chunk) in raw.iter_mut().zip(bytes.chunks_exact(4)) {
        let chunk: [u8; 4] = chunk.try_into().expect("4 bytes");
        *value = widen(if big_endian {
            u32::from_be_bytes(chunk)
        } else {
            u32::from_le_bytes(chunk)
        });
    }
}

impl std::str::FromStr for ElementType {
    type Err = CaptureError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::from_name(name).ok_or_else(|| {
            CaptureError::Options(format!(
                "`{name}` is no element type: give u64, u32, i64, i32, f64 or f32"
            ))
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
