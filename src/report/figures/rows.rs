//! Pictures with one row a strategy: names on the left, panels with a common scale on the right.

use crate::report::{
    axis::Axis,
    fonts::{shorten, text_width},
    scene::{Anchor, EM, Ink, Scene},
};

/// Height of a row in pixels.
pub(super) const ROW: f64 = 19.0;
/// Room above the rows for the name of the quantity and the ticks.
const HEAD: f64 = 40.0;
/// Names are cut at this width.
const WIDEST_NAME: f64 = 300.0;

/// Where rows and panels lie.
pub(super) struct Frame {
    top: f64,
    count: usize,
    names_end: f64,
    right: f64,
}

impl Frame {
    /// Draws stripes and names, from `top` down, and sets the scene's height.
    pub(super) fn draw(scene: &mut Scene, top: f64, names: &[String]) -> Self {
        let widest = names
            .iter()
            .map(|name| text_width(name, EM, false))
            .fold(0.0, f64::max)
            .min(WIDEST_NAME);
        let frame = Self {
            top: top + HEAD,
            count: names.len(),
            names_end: widest + 12.0,
            right: scene.width,
        };
        for row in (0..names.len()).step_by(2) {
            let y = frame.top + ROW * row as f64;
            scene.rect((0.0, y), (scene.width, ROW), Ink::Stripe);
        }
        for (row, name) in names.iter().enumerate() {
            let y = frame.top + ROW * row as f64;
            let name = shorten(name, EM, WIDEST_NAME);
            scene.text(
                (frame.names_end - 8.0, y + ROW - 5.5),
                Anchor::End,
                Ink::Text,
                name,
            );
        }
        scene.height = frame.bottom() + 6.0;
        frame
    }

    /// The left and right end of each of several panels with these shares of the room, a gap between.
    pub(super) fn panels<const N: usize>(&self, shares: [f64; N]) -> [(f64, f64); N] {
        const GAP: f64 = 36.0;
        let left = self.names_end + 14.0;
        let room = self.right - 18.0 - left - GAP * (N as f64 - 1.0);
        let total: f64 = shares.iter().sum();
        let mut x = left;
        shares.map(|share| {
            let panel = (x, x + room * share / total);
            x = panel.1 + GAP;
            panel
        })
    }

    /// Draws a panel's scale over the height of all rows.
    pub(super) fn axis(&self, scene: &mut Scene, axis: &Axis, title: &str) {
        axis.draw(scene, self.top, self.bottom(), title);
    }

    /// Writes a figure beside a row's marks, which end at `left` and `right`: after them, or before
    /// them where the panel ends.
    pub(super) fn beside(
        &self,
        scene: &mut Scene,
        row: usize,
        (left, right): (f64, f64),
        panel: (f64, f64),
        text: &str,
    ) {
        let ground = if row.is_multiple_of(2) {
            Ink::Stripe
        } else {
            Ink::Page
        };
        let fits = right + 10.0 + text_width(text, EM, false) <= panel.1 + 12.0;
        let (x, anchor) = if fits {
            (right + 10.0, Anchor::Start)
        } else {
            (left - 10.0, Anchor::End)
        };
        scene.text_over((x, self.middle(row) + 4.0), anchor, ground, text);
    }

    /// The middle of a row.
    pub(super) fn middle(&self, row: usize) -> f64 {
        self.top + ROW * (row as f64 + 0.5)
    }

    /// The upper end of the rows.
    pub(super) fn top(&self) -> f64 {
        self.top
    }

    /// The lower end of the rows.
    pub(super) fn bottom(&self) -> f64 {
        self.top + ROW * self.count as f64
    }
}
