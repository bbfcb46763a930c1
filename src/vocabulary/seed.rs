//! Root seeds: 256 bits that a whole run can be replayed from.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A 256-bit root seed. Written as a hexadecimal number, read as hexadecimal (`0x…`) or decimal.
///
/// ```
/// use seedbench::vocabulary::RootSeed;
///
/// let root: RootSeed = "42".parse()?;
/// assert_eq!(root, RootSeed::from_u64(42));
/// assert_eq!(root.to_string(), "0x2a");
/// assert_eq!("0x2a".parse::<RootSeed>()?, root);
/// # Ok::<(), seedbench::vocabulary::ParseSeedError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RootSeed([u8; 32]);

impl RootSeed {
    /// The root with these bytes, least significant first.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The root people write as a small integer.
    pub const fn from_u64(value: u64) -> Self {
        let mut bytes = [0; 32];
        let low = value.to_le_bytes();
        let mut i = 0;
        while i < 8 {
            bytes[i] = low[i];
            i += 1;
        }
        Self(bytes)
    }

    /// The 32 bytes, least significant first.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The lowest 64 bits: what a rule with a 64-bit seed sees of this root.
    pub fn low_u64(&self) -> u64 {
        u64::from_le_bytes(self.0[..8].try_into().expect("8 bytes"))
    }

    /// Eight 32-bit words, least significant first.
    pub fn words32(&self) -> [u32; 8] {
        std::array::from_fn(|i| {
            u32::from_le_bytes(self.0[4 * i..4 * i + 4].try_into().expect("4 bytes"))
        })
    }
}

impl fmt::Display for RootSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: String = self.0.iter().rev().map(|b| format!("{b:02x}")).collect();
        let digits = digits.trim_start_matches('0');
        write!(f, "0x{}", if digits.is_empty() { "0" } else { digits })
    }
}

impl fmt::Debug for RootSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootSeed({self})")
    }
}

/// Why a text is no root seed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseSeedError {
    /// A character that is no digit, or no digits at all.
    #[error("`{0}` is not a seed: write a decimal number or `0x` and up to 64 hexadecimal digits")]
    NotANumber(String),
    /// More than 256 bits (hexadecimal) or more than 128 bits (decimal).
    #[error(
        "`{0}` is too large for a seed: at most 64 hexadecimal digits (256 bits), or 2^128 - 1 in decimal"
    )]
    TooLarge(String),
}

impl FromStr for RootSeed {
    type Err = ParseSeedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0u8; 32];
        if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            if hex.is_empty() || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(ParseSeedError::NotANumber(text.into()));
            }
            let digits = hex.trim_start_matches('0');
            if digits.len() > 64 {
                return Err(ParseSeedError::TooLarge(text.into()));
            }
            for (i, digit) in digits.bytes().rev().enumerate() {
                let value = (digit as char).to_digit(16).expect("checked above") as u8;
                bytes[i / 2] |= value << (4 * (i % 2));
            }
        } else {
            if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
                return Err(ParseSeedError::NotANumber(text.into()));
            }
            let value: u128 = text
                .parse()
                .map_err(|_| ParseSeedError::TooLarge(text.into()))?;
            bytes[..16].copy_from_slice(&value.to_le_bytes());
        }
        Ok(Self(bytes))
    }
}

impl Serialize for RootSeed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RootSeed {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where a run's root comes from. The harness draws it, records it, and hands it to the strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Root {
    /// Drawn by the harness from the operating system for this run alone: the user gave no seed.
    Fresh(RootSeed),
    /// Given by the user, as in `--seed 42`.
    Given(RootSeed),
}

impl Root {
    /// The root itself, however it came about.
    pub const fn seed(&self) -> RootSeed {
        match self {
            Self::Fresh(seed) | Self::Given(seed) => *seed,
        }
    }

    /// The root if the user gave one. Rules with a constant of their own use it only then.
    pub const fn given(&self) -> Option<RootSeed> {
        match self {
            Self::Fresh(_) => None,
            Self::Given(seed) => Some(*seed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_round_trips_at_full_width() {
        let root = RootSeed::from_bytes(std::array::from_fn(|i| i as u8 + 1));
        assert_eq!(root.to_string().parse::<RootSeed>().unwrap(), root);
        assert_eq!(root.words32()[1], 0x0807_0605);
    }

    #[test]
    fn bad_seeds_are_refused_with_the_text() {
        for text in ["", "0x", "4 2", "0xgg", "-1", "1e3"] {
            assert_eq!(
                text.parse::<RootSeed>(),
                Err(ParseSeedError::NotANumber(text.into()))
            );
        }
        let wide = format!("0x1{}", "0".repeat(64));
        assert_eq!(
            wide.parse::<RootSeed>(),
            Err(ParseSeedError::TooLarge(wide))
        );
    }
}
