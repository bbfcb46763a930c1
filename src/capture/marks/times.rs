//! Times and dates at the start of lines.

/// Whether a word is a time or a date.
pub(in crate::capture) fn is_time(word: &[u8]) -> bool {
    behind_time(word) == Some(b"")
}

/// What stands behind a time at the start of a line: `2026-11-29T12:00:01.5Z`, `12:00:01,500`.
pub(in crate::capture) fn behind_time(line: &[u8]) -> Option<&[u8]> {
    let mut rest = line;
    let mut found = false;
    for shape in [&b"dddd-dd-dd"[..], b"dddd/dd/dd", b"dd:dd:dd"] {
        let fits = rest.len() >= shape.len()
            && shape.iter().zip(rest).all(|(shape, byte)| match shape {
                b'd' => byte.is_ascii_digit(),
                shape => shape == byte,
            });
        if fits {
            found = true;
            rest = rest[shape.len()..]
                .strip_prefix(b"T")
                .unwrap_or(&rest[shape.len()..])
                .trim_ascii_start();
        }
    }
    if !found {
        return None;
    }
    // Fractions of a second and time zones.
    let zone = rest.iter().take_while(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'Z' | b'+' | b':')
    });
    let fraction = matches!(rest.first(), Some(b'.' | b',' | b'Z' | b'+'));
    let zone = if fraction { zone.count() } else { 0 };
    Some(rest[zone..].trim_ascii_start())
}
