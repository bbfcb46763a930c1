//! Renderers: pure functions of a [`Report`].
//!
//! [`text`] is what the terminal shows, [`html`] one self-contained page, and pictures are laid out once
//! and painted as SVG into the page and as PNG files. [`write_all`] puts everything into a directory,
//! [`render_file`] renders an existing `report.json` again. [`explain`] prints strategies, tests and
//! findings from the same data. A [`Check`](crate::record::Check) is rendered by [`check_text`],
//! [`junit`], [`sarif`], [`markdown`] and [`csv`]. It imports `record`, `selftest` and the rooms below.

mod axis;
pub mod check_text;
pub mod csv;
mod evidence;
pub mod explain;
mod figures;
mod fonts;
pub mod glossary;
pub mod html;
pub mod junit;
pub mod markdown;
pub(crate) mod numbers;
pub mod pages;
mod png;
mod reach;
pub mod sarif;
mod scene;
pub mod sizes;
pub(crate) mod standing;
mod svg;
pub mod text;
mod write;

pub use fonts::register_fonts;
pub use png::{PngError, SCALE as PNG_SCALE};
pub use write::{
    HTML_FILE, JSON_FILE, ReportError, Written, read_file, render_file, try_directory, write_all,
    write_atomically,
};

use crate::record::Report;

/// The command that repeats a report, as a shell takes it.
pub fn replay(report: &Report) -> String {
    evidence::replay(report)
}

/// The picture of a self-test as the bytes of a PNG file; `None` where it has no rows.
///
/// # Errors
/// When it cannot be drawn.
pub fn selftest_png(result: &crate::selftest::SelfTest) -> Result<Option<Vec<u8>>, PngError> {
    figures::selftest::draw(result)
        .map(|scene| png::render(&scene))
        .transpose()
}

/// The picture of a demonstration as the bytes of a PNG file; `None` where it has no rows.
///
/// # Errors
/// When it cannot be drawn.
pub fn demo_png(demo: &crate::demo::Demo) -> Result<Option<Vec<u8>>, PngError> {
    figures::demo::draw(demo)
        .map(|scene| png::render(&scene))
        .transpose()
}

/// The head of a page without a script, for light and dark screens, with a style of its own beside that of all.
pub(crate) fn page_head(title: &str, style: &str) -> maud::Markup {
    html::head(title, &[&svg::style(), html::PAGE_STYLE, style], None)
}

/// The picture with this name (`tradeoff`, `heatmap` …) as SVG with the colours of a light page.
/// `None` where there is no such picture or the report has nothing to show in it.
pub fn figure_svg(report: &Report, id: &str) -> Option<String> {
    let figure = figures::ALL.iter().find(|figure| figure.id == id)?;
    (figure.draw)(report).map(|scene| svg::render(&scene))
}
