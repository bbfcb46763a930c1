//! Shapes in layers: those that are alike are painted together where nothing that is painted between them touches
//! them, since then the picture is the same.

use super::{Anchor, Element, Mark, Shape, common, text_width};

/// A box around something, in pixels: left, top, right, bottom.
#[derive(Clone, Copy)]
struct LayerBounds(f64, f64, f64, f64);

impl LayerBounds {
    fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Rect { at, size, .. } => Self::rectangle(*at, *size),
            Shape::Cells { cells, .. } => cells
                .iter()
                .map(|(at, size)| Self::rectangle(*at, *size))
                .reduce(Self::with)
                .unwrap_or(Self(0.0, 0.0, 0.0, 0.0)),
            Shape::Line {
                from,
                to,
                thickness,
                ..
            } => Self(
                from.0.min(to.0),
                from.1.min(to.1),
                from.0.max(to.0),
                from.1.max(to.1),
            )
            .wider(thickness / 2.0),
            Shape::Mark {
                at, radius, mark, ..
            } => {
                // Diamonds reach furthest; the stroke of ticks and rings is at most 2 pixels wide.
                let reach = if *mark == Mark::Diamond { 1.2 } else { 1.0 };
                Self(at.0, at.1, at.0, at.1).wider(reach * radius + 1.0)
            }
            Shape::Text {
                at,
                em,
                anchor,
                bold,
                text,
                ..
            } => {
                let width = text_width(text, *em, *bold);
                let left = match anchor {
                    Anchor::Start => at.0,
                    Anchor::Middle => at.0 - width / 2.0,
                    Anchor::End => at.0 - width,
                };
                // A short one may be wider in another font.
                Self(left, at.1 - em, left + width, at.1).wider(em / 3.0)
            }
        }
        .wider(0.1)
    }

    const fn rectangle(at: (f64, f64), size: (f64, f64)) -> Self {
        Self(at.0, at.1, at.0 + size.0, at.1 + size.1)
    }

    fn wider(self, by: f64) -> Self {
        Self(self.0 - by, self.1 - by, self.2 + by, self.3 + by)
    }

    /// A box around both.
    fn with(self, other: Self) -> Self {
        Self(
            self.0.min(other.0),
            self.1.min(other.1),
            self.2.max(other.2),
            self.3.max(other.3),
        )
    }

    fn touches(self, other: Self) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }
}

/// Shapes that have their element and its attributes in common, and are painted as one.
struct Layer<'a> {
    common: (Element, String),
    shapes: Vec<&'a Shape>,
    bounds: Vec<LayerBounds>,
    around: LayerBounds,
}

/// The layers of a picture, the lowest first.
pub(super) fn layers(shapes: &[Shape]) -> Vec<Vec<&Shape>> {
    let mut layers: Vec<Layer<'_>> = Vec::new();
    for shape in shapes {
        let (common, bounds) = (common(shape), LayerBounds::of(shape));
        let hidden_by = |layer: &Layer<'_>| {
            layer.around.touches(bounds) && layer.bounds.iter().any(|other| other.touches(bounds))
        };
        let mut lowest = None;
        for (number, layer) in layers.iter().enumerate().rev() {
            if layer.common == common {
                lowest = Some(number);
                break;
            }
            if hidden_by(layer) {
                break;
            }
        }
        match lowest {
            Some(number) => {
                let layer = &mut layers[number];
                layer.shapes.push(shape);
                layer.bounds.push(bounds);
                layer.around = layer.around.with(bounds);
            }
            None => layers.push(Layer {
                common,
                shapes: vec![shape],
                bounds: vec![bounds],
                around: bounds,
            }),
        }
    }
    layers.into_iter().map(|layer| layer.shapes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::scene::{Ink, Scene};

    #[test]
    fn what_nothing_covers_joins_its_like_and_what_lies_above_stays_above() {
        let mut scene = Scene::new(100.0, "rows");
        for row in 0..3_u8 {
            let y = 20.0 * f64::from(row) + 10.0;
            scene.line((0.0, y), (50.0, y), Ink::Blue);
            scene.rect((40.0, y - 8.0), (30.0, 16.0), Ink::Page);
            scene.text((45.0, y + 4.0), Anchor::Start, Ink::Text, "figure");
        }
        // Across everything: above what was painted before, below what comes.
        scene.line((45.0, 0.0), (45.0, 60.0), Ink::Blue);
        scene.rect((40.0, 2.0), (30.0, 16.0), Ink::Page);
        let layers = layers(&scene.shapes);
        let sizes: Vec<usize> = layers.iter().map(Vec::len).collect();
        assert_eq!(sizes, [3, 3, 3, 1, 1]);
        assert!(layers.iter().flatten().count() == scene.shapes.len());
    }
}
