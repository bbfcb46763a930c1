//! The embedded font: given to plotters, measured, and laid out glyph by glyph.

use std::sync::{LazyLock, Once};

use ab_glyph::{Font, FontRef, GlyphId};
use plotters::style::{FontStyle, register_font};

static REGISTERED: Once = Once::new();
static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| face_of(notosans::REGULAR_TTF));
static BOLD: LazyLock<FontRef<'static>> = LazyLock::new(|| face_of(notosans::BOLD_TTF));

/// Makes the embedded Noto Sans the `sans-serif` of every plotters picture of this process,
/// in all four styles. Benchmarks that draw with criterion must call it first: without a font,
/// plotters' pure-Rust text backend panics. Calling it again does nothing.
///
/// # Panics
/// When the embedded font is damaged, which a test rules out.
pub fn register_fonts() {
    REGISTERED.call_once(|| {
        for (style, bytes) in [
            (FontStyle::Normal, notosans::REGULAR_TTF),
            (FontStyle::Bold, notosans::BOLD_TTF),
            (FontStyle::Italic, notosans::ITALIC_TTF),
            (FontStyle::Oblique, notosans::BOLD_ITALIC_TTF),
        ] {
            let registered = register_font("sans-serif", style, bytes);
            assert!(registered.is_ok(), "the embedded font is readable");
        }
    });
}

fn face_of(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the embedded font is readable")
}

/// The regular or the bold face.
pub(crate) fn face(bold: bool) -> &'static FontRef<'static> {
    if bold { &BOLD } else { &REGULAR }
}

/// The glyphs of a line of text, each with its distance from the start in ems, and the whole width.
pub(crate) fn glyphs(text: &str, bold: bool) -> (Vec<(GlyphId, f64)>, f64) {
    let face = face(bold);
    let per_em = f64::from(face.units_per_em().unwrap_or(1000.0));
    let mut x = 0.0;
    let mut last = None;
    let mut placed = Vec::new();
    for c in text.chars() {
        let glyph = face.glyph_id(c);
        if let Some(last) = last {
            x += f64::from(face.kern_unscaled(last, glyph)) / per_em;
        }
        placed.push((glyph, x));
        x += f64::from(face.h_advance_unscaled(glyph)) / per_em;
        last = Some(glyph);
    }
    (placed, x)
}

/// The width of a text in pixels at this em size.
pub(crate) fn text_width(text: &str, em: f64, bold: bool) -> f64 {
    glyphs(text, bold).1 * em
}

/// The text, shortened with an ellipsis until it is at most `room` pixels wide.
pub(crate) fn shorten(text: &str, em: f64, room: f64) -> String {
    if text_width(text, em, false) <= room {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let candidate = format!("{}…", kept.iter().collect::<String>());
        if text_width(&candidate, em, false) <= room {
            return candidate;
        }
    }
    String::new()
}

/// The text in lines at most `room` pixels wide, broken at spaces; a longer word stands alone.
pub(crate) fn wrap(text: &str, em: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), em, false) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_the_pictures_has_a_glyph() {
        for c in "azAZ09 ·–—×χ²Σ/←→…%<>()=,.:;+-µ".chars() {
            for bold in [false, true] {
                assert_ne!(face(bold).glyph_id(c).0, 0, "{c}");
            }
        }
    }

    #[test]
    fn widths_grow_with_text_and_size() {
        assert!(text_width("mm", 12.0, false) > text_width("ii", 12.0, false));
        let ratio = text_width("seed", 24.0, false) / text_width("seed", 12.0, false);
        assert!((ratio - 2.0).abs() < 1e-9);
    }

    #[test]
    fn shortened_text_fits() {
        let short = shorten("os-reseed-1-byte/mt19937", 12.0, 80.0);
        assert!(short.ends_with('…') && text_width(&short, 12.0, false) <= 80.0);
    }
}
