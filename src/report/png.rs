//! Paints a picture as PNG, on a white page, at twice its size in pixels. Shapes are plotters';
//! text is set here, because plotters puts every glyph on a whole pixel and has no bold face.

use ab_glyph::{Font, Glyph, PxScale, point as glyph_point};
use plotters::{
    backend::BitMapBackend,
    coord::Shift,
    drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea},
    element::{Circle, PathElement, Polygon, Rectangle},
    style::{Color, RGBAColor, RGBColor},
};

use super::{
    fonts::{face, glyphs},
    scene::{Anchor, Ink, Mark, Scene, Shape},
    svg::corners,
};

/// Pixels of the file per pixel of the picture: text stays sharp when the picture is shown large.
pub const SCALE: u32 = 2;

/// Why a picture could not be painted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PngError {
    /// The painter refused.
    #[error("failed to draw a picture: {0}")]
    Draw(String),
    /// The encoder refused.
    #[error("failed to encode a picture as PNG")]
    Encode(#[source] png::EncodingError),
}

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;
type Painted<'a> = Result<
    (),
    DrawingAreaErrorKind<<BitMapBackend<'a> as plotters::backend::DrawingBackend>::ErrorType>,
>;

/// The picture as the bytes of a PNG file.
pub(crate) fn render(scene: &Scene) -> Result<Vec<u8>, PngError> {
    let width = (scene.width.ceil() as u32 * SCALE).max(1);
    let height = (scene.height.ceil() as u32 * SCALE).max(1);
    let mut pixels = vec![0; (3 * width * height) as usize];
    paint_all(scene, &mut pixels, (width, height))
        .map_err(|error| PngError::Draw(error.to_string()))?;
    for shape in &scene.shapes {
        if let Shape::Text {
            at,
            em,
            anchor,
            bold,
            ink,
            text,
        } = shape
        {
            let line = Line {
                at: *at,
                em: *em,
                anchor: *anchor,
                bold: *bold,
                ink: *ink,
                text,
            };
            line.paint(&mut pixels, (width, height));
        }
    }
    encode(&pixels, width, height)
}

fn paint_all<'a>(scene: &Scene, pixels: &'a mut [u8], size: (u32, u32)) -> Painted<'a> {
    let area = BitMapBackend::with_buffer(pixels, size).into_drawing_area();
    area.fill(&colour(Ink::Page))?;
    for shape in &scene.shapes {
        paint(&area, shape)?;
    }
    area.present()
}

fn paint<'a>(area: &Area<'a>, shape: &Shape) -> Painted<'a> {
    match shape {
        Shape::Rect {
            at,
            size,
            ink,
            opacity,
            ..
        } => {
            fill(area, *at, *size, colour(*ink).mix(*opacity))?;
        }
        Shape::Cells {
            cells,
            ink,
            opacity,
        } => {
            for (at, size) in cells {
                fill(area, *at, *size, colour(*ink).mix(*opacity))?;
            }
        }
        Shape::Line {
            from,
            to,
            ink,
            thickness,
            dashed,
        } => {
            let style = colour(*ink).stroke_width((*thickness * f64::from(SCALE)).round() as u32);
            let ends = if *dashed {
                dashes(*from, *to)
            } else {
                vec![(*from, *to)]
            };
            for (from, to) in ends {
                area.draw(&PathElement::new([point(from), point(to)], style))?;
            }
        }
        Shape::Mark {
            at,
            radius,
            mark,
            ink,
            ..
        } => {
            let r = (radius * f64::from(SCALE)).round() as i32;
            let centre = point(*at);
            match mark {
                Mark::Disc => area.draw(&Circle::new(centre, r, colour(*ink).filled()))?,
                Mark::Ring => {
                    area.draw(&Circle::new(centre, r, colour(*ink).filled()))?;
                    let hole = r - 2 * SCALE as i32;
                    area.draw(&Circle::new(centre, hole, colour(Ink::Page).filled()))?;
                }
                Mark::Diamond | Mark::Square | Mark::Tick => {
                    let corners = corners(*at, *radius, *mark).map(point);
                    area.draw(&Polygon::new(corners, colour(*ink).filled()))?;
                }
            }
        }
        // Painted last, over everything.
        Shape::Text { .. } => {}
    }
    Ok(())
}

fn fill<'a>(area: &Area<'a>, at: (f64, f64), size: (f64, f64), colour: RGBAColor) -> Painted<'a> {
    let (x, y) = point(at);
    let (right, bottom) = point((at.0 + size.0, at.1 + size.1));
    if right > x && bottom > y {
        area.draw(&Rectangle::new([(x, y), (right, bottom)], colour.filled()))?;
    }
    Ok(())
}

/// A line of text to be painted.
struct Line<'a> {
    at: (f64, f64),
    em: f64,
    anchor: Anchor,
    bold: bool,
    ink: Ink,
    text: &'a str,
}

impl Line<'_> {
    /// Blends the glyphs, at fractions of pixels, into a picture of three bytes a pixel.
    fn paint(&self, pixels: &mut [u8], size: (u32, u32)) {
        let face = face(self.bold);
        let em = self.em * f64::from(SCALE);
        let (placed, width) = glyphs(self.text, self.bold);
        let start = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
        let left = self.at.0 * f64::from(SCALE) - start * em;
        let baseline = self.at.1 * f64::from(SCALE);
        // ab_glyph scales by the height of the font's box, not by its em.
        let box_per_em = face.height_unscaled() / face.units_per_em().unwrap_or(1000.0);
        let scale = PxScale::from(em as f32 * box_per_em);
        let colour = self.ink.light();
        for (id, x) in placed {
            let glyph = Glyph {
                id,
                scale,
                position: glyph_point((left + x * em) as f32, baseline as f32),
            };
            let Some(outline) = face.outline_glyph(glyph) else {
                continue;
            };
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, coverage| {
                let (x, y) = (
                    corner.x as i64 + i64::from(x),
                    corner.y as i64 + i64::from(y),
                );
                if (0..i64::from(size.0)).contains(&x) && (0..i64::from(size.1)).contains(&y) {
                    let pixel = 3 * (y as usize * size.0 as usize + x as usize);
                    for (channel, &full) in pixels[pixel..pixel + 3].iter_mut().zip(&colour) {
                        let below = f32::from(*channel);
                        *channel = (below + coverage.min(1.0) * (f32::from(full) - below)) as u8;
                    }
                }
            });
        }
    }
}

/// The drawn pieces of a dashed line: 4 pixels drawn, 3 left out.
fn dashes(from: (f64, f64), to: (f64, f64)) -> Vec<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    let along = |distance: f64| {
        let share = (distance / length).min(1.0);
        (from.0 + share * dx, from.1 + share * dy)
    };
    (0..(length / 7.0).ceil() as u32)
        .map(|i| (along(7.0 * f64::from(i)), along(7.0 * f64::from(i) + 4.0)))
        .collect()
}

fn point(at: (f64, f64)) -> (i32, i32) {
    let pixel = |value: f64| (value * f64::from(SCALE)).round() as i32;
    (pixel(at.0), pixel(at.1))
}

fn colour(ink: Ink) -> RGBColor {
    let [r, g, b] = ink.light();
    RGBColor(r, g, b)
}

fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, PngError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_adaptive_filter(png::AdaptiveFilterType::Adaptive);
    let mut writer = encoder.write_header().map_err(PngError::Encode)?;
    writer.write_image_data(pixels).map_err(PngError::Encode)?;
    writer.finish().map_err(PngError::Encode)?;
    Ok(bytes)
}
