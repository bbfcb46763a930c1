//! Scales: from values to pixels, logarithmic, with ticks where people expect them.

use super::{
    fonts::text_width,
    numbers,
    scene::{Anchor, EM, Ink, Scene},
};

/// A horizontal logarithmic scale between two pixels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axis {
    low: f64,
    high: f64,
    left: f64,
    right: f64,
}

impl Axis {
    /// A scale around all values above zero, with a little room at both ends and at least a decade.
    /// `None` when there is no such value.
    pub(crate) fn log(
        values: impl IntoIterator<Item = f64>,
        left: f64,
        right: f64,
    ) -> Option<Self> {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values {
            if value > 0.0 && value.is_finite() {
                low = low.min(value);
                high = high.max(value);
            }
        }
        (high > 0.0).then(|| Self {
            low: low / 1.25,
            high: (high * 1.25).max(low * 10.0),
            left,
            right,
        })
    }

    /// The pixel of a value, kept within the scale.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let share = (value.max(self.low) / self.low).ln() / (self.high / self.low).ln();
        self.left + share.min(1.0) * (self.right - self.left)
    }

    /// The values that get a line and a label.
    fn ticks(&self) -> Vec<f64> {
        let decades = (self.high / self.low).log10();
        // One, two and five of each decade while there are few; then whole decades, thinned.
        let mantissas: &[f64] = if decades < 2.5 {
            &[1.0, 2.0, 5.0]
        } else {
            &[1.0]
        };
        let stride = (decades / 7.0).ceil().max(1.0) as i32;
        let (first, last) = (
            self.low.log10().floor() as i32,
            self.high.log10().ceil() as i32,
        );
        (first..=last)
            .filter(|power| power.rem_euclid(stride) == 0)
            .flat_map(|power| mantissas.iter().map(move |m| m * 10f64.powi(power)))
            .filter(|tick| (self.low..=self.high).contains(tick))
            .collect()
    }

    /// Draws grid lines from `top` to `bottom`, the tick labels above `top`, and the name of the
    /// quantity with its unit above them. Labels that would touch their neighbour are left out.
    pub(crate) fn draw(&self, scene: &mut Scene, top: f64, bottom: f64, title: &str) {
        self.draw_with(scene, (top, bottom), title, numbers::figure);
    }

    /// Like [`draw`](Self::draw), with numbers written another way.
    pub(crate) fn draw_with(
        &self,
        scene: &mut Scene,
        (top, bottom): (f64, f64),
        title: &str,
        write: fn(f64) -> String,
    ) {
        let ticks = self.ticks();
        for &tick in &ticks {
            let x = self.at(tick);
            scene.line((x, top), (x, bottom), Ink::Grid);
        }
        let mut free_from = f64::NEG_INFINITY;
        for tick in ticks {
            let x = self.at(tick);
            let label = write(tick);
            let half = text_width(&label, EM - 1.0, false) / 2.0;
            if x - half >= free_from {
                scene.label(
                    (x, top - 6.0),
                    EM - 1.0,
                    Anchor::Middle,
                    false,
                    Ink::Muted,
                    label,
                );
                free_from = x + half + 6.0;
            }
        }
        scene.label(
            (self.left, top - 24.0),
            EM,
            Anchor::Start,
            true,
            Ink::Text,
            title,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_decades_or_their_halves_and_fifths() {
        let wide = Axis::log([3.0, 40_000.0], 0.0, 100.0).unwrap();
        assert_eq!(wide.ticks(), [10.0, 100.0, 1_000.0, 10_000.0]);
        assert!(wide.at(3.0) < wide.at(40.0) && wide.at(1e9) == 100.0);
        let narrow = Axis::log([1.0, 9.0], 0.0, 100.0).unwrap();
        assert_eq!(narrow.ticks(), [1.0, 2.0, 5.0, 10.0]);
        assert_eq!(Axis::log([0.0], 0.0, 1.0), None);
    }
}
