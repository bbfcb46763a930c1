//! Pictures made of many small panels of one size.

use super::{WIDTH, verdict_mark};
use crate::verdict::Verdict;
use crate::{
    record::{CellReport, CellResult},
    report::{
        fonts::{shorten, wrap},
        scene::{Anchor, EM, Ink, Scene},
    },
};

/// Panels side by side.
const COLUMNS: usize = 4;
/// Panels in one picture; the others are named below it.
pub(super) const MOST: usize = 24;
const GAP: f64 = 28.0;

/// What stands above a panel.
pub(super) struct Heading {
    /// The row's strategy or program.
    pub(super) name: String,
    /// What its verdict is.
    pub(super) verdict: Verdict,
    /// Its backend and a remark, in the second line.
    pub(super) note: String,
}

impl Heading {
    /// The heading of a row's panel.
    pub(super) fn new(cell: &CellReport, result: &CellResult, note: &str) -> Self {
        Self {
            name: cell.id.clone(),
            verdict: result.judgement.verdict,
            note: match cell.backend {
                Some(backend) => format!("{backend} · {note}"),
                None => note.to_owned(),
            },
        }
    }
}

/// Where a panel's content lies.
pub(super) struct Panel {
    /// Left end.
    pub(super) x: f64,
    /// Upper end of the content, below the heading.
    pub(super) y: f64,
    /// Width of the content.
    pub(super) width: f64,
}

/// Lays panels out from `top` down, draws their headings, and returns their places.
pub(super) fn lay_out(
    scene: &mut Scene,
    top: f64,
    content_height: f64,
    headings: &[Heading],
) -> Vec<Panel> {
    let width = (WIDTH - GAP * (COLUMNS as f64 - 1.0)) / COLUMNS as f64;
    let panel_height = 40.0 + content_height + 22.0;
    let rows = headings.len().div_ceil(COLUMNS);
    scene.height = top + panel_height * rows as f64;
    headings
        .iter()
        .enumerate()
        .map(|(i, heading)| {
            let x = (i % COLUMNS) as f64 * (width + GAP);
            let y = top + panel_height * (i / COLUMNS) as f64;
            let (mark, ink) = verdict_mark(heading.verdict);
            let tip = heading.verdict.name();
            scene.mark((x + 5.0, y + 10.0), 5.0, mark, ink, tip);
            scene.label(
                (x + 16.0, y + 14.0),
                EM,
                Anchor::Start,
                true,
                Ink::Text,
                // Bold is about a tenth wider than the regular face that is measured.
                shorten(&heading.name, EM * 1.1, width - 16.0),
            );
            scene.label(
                (x, y + 30.0),
                EM - 1.0,
                Anchor::Start,
                false,
                Ink::Muted,
                shorten(&heading.note, EM - 1.0, width),
            );
            Panel {
                x,
                y: y + 40.0,
                width,
            }
        })
        .collect()
}

/// Writes a remark below everything, and makes room for it.
pub(super) fn remark(scene: &mut Scene, text: &str) {
    for line in wrap(text, EM, scene.width) {
        scene.height += 18.0;
        let y = scene.height - 4.0;
        scene.text((0.0, y), Anchor::Start, Ink::Muted, line);
    }
    scene.height += 4.0;
}
