//! Hexadecimal words, doubles and UUIDs.

use super::Number;

/// Hexadecimal digits, at most 32 of them.
pub(in crate::capture) fn hex(digits: &[u8]) -> Option<Number> {
    if digits.is_empty() || digits.len() > 32 {
        return None;
    }
    let mut value = 0u128;
    for &digit in digits {
        value = value << 4 | u128::from((digit as char).to_digit(16)?);
    }
    if digits.len() > 16 {
        Some(Number::Wide((value >> 64) as u64, value as u64))
    } else {
        Some(Number::Unsigned(value as u64))
    }
}

/// `1.8p-1` behind `0x`, as C prints doubles with `%a`.
pub(super) fn hex_float(text: &[u8]) -> Option<f64> {
    let at = text.iter().position(|byte| matches!(byte, b'p' | b'P'))?;
    let exponent: i32 = std::str::from_utf8(&text[at + 1..]).ok()?.parse().ok()?;
    let (mut value, mut digits, mut behind) = (0u64, 0, None);
    for &byte in &text[..at] {
        if byte == b'.' && behind.is_none() {
            behind = Some(0);
            continue;
        }
        value = value << 4 | u64::from((byte as char).to_digit(16)?);
        digits += 1;
        behind = behind.map(|count| count + 4);
    }
    // No double has more digits, nor a larger exponent.
    if !(1..=14).contains(&digits) || value >> 53 != 0 || exponent.unsigned_abs() > 1100 {
        return None;
    }
    let scale = exponent - behind.unwrap_or(0);
    let half = scale / 2;
    Some(value as f64 * f64::powi(2.0, half) * f64::powi(2.0, scale - half))
}

/// `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, optionally in braces or as `urn:uuid:`.
pub(super) fn uuid(text: &[u8]) -> Option<Number> {
    let text = text.strip_prefix(b"urn:uuid:").unwrap_or(text);
    let text = text
        .strip_prefix(b"{")
        .and_then(|inner| inner.strip_suffix(b"}"))
        .unwrap_or(text);
    if text.len() != 36 {
        return None;
    }
    let mut digits = [0u8; 32];
    let mut filled = 0;
    for (i, &byte) in text.iter().enumerate() {
        if matches!(i, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
        } else {
            digits[filled] = byte;
            filled += 1;
        }
    }
    hex(&digits)
}
