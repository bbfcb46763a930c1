//! What all benchmarks share.

use criterion::Criterion;
use plotters::style::{FontStyle, register_font};

/// Criterion, able to draw its report.
///
/// This crate builds plotters without the system's fonts, and criterion shares that plotters: its
/// plots fail until "sans-serif" is known in all four styles.
pub fn criterion() -> Criterion {
    for (style, font) in [
        (FontStyle::Normal, notosans::REGULAR_TTF),
        (FontStyle::Oblique, notosans::ITALIC_TTF),
        (FontStyle::Italic, notosans::ITALIC_TTF),
        (FontStyle::Bold, notosans::BOLD_TTF),
    ] {
        assert!(
            register_font("sans-serif", style, font).is_ok(),
            "a font that cannot be read"
        );
    }
    Criterion::default()
}
