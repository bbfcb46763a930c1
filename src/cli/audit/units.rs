//! Sizes and bits as they are written on the command line.

/// An analysis needs some memory of its own.
const LEAST_MEMORY: u64 = 16 << 20;

/// A number of bytes with a unit of 1,024 or its powers.
pub(in crate::cli) fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size: write bytes, or as in 512M or 4G");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[digits.len()..]
        .to_ascii_uppercase()
        .trim_end_matches("IB")
    {
        "" | "B" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err(wrong()),
    };
    let bytes = digits
        .parse::<f64>()
        .ok()
        .map(|number| number * f64::from(shift).exp2())
        .filter(|bytes| *bytes >= 1.0 && *bytes < 2f64.powi(63))
        .ok_or_else(wrong)?;
    Ok(bytes as u64)
}

/// A size that an analysis can do with.
pub(in crate::cli) fn memory(text: &str) -> Result<u64, String> {
    match size(text)? {
        bytes if bytes < LEAST_MEMORY => Err(format!("{text} is too little: give at least 16M")),
        bytes => Ok(bytes),
    }
}

/// Bits of evidence.
pub(super) fn bits(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(bits) if (1.0..=256.0).contains(&bits) => Ok(bits),
        _ => Err("give a number of bits from 1 to 256".into()),
    }
}
