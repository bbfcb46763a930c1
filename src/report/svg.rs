//! Paints a picture as SVG whose colours are classes: the page says what they are in light and dark.

mod gallery;
mod layers;

use std::fmt::Write as _;

use super::{
    fonts::text_width,
    scene::{Anchor, Ink, Mark, Scene, Shape},
};

pub(crate) use gallery::Gallery;

/// Rectangles that are narrower, in pixels, are painted to a hundredth of a pixel, others to a tenth.
const NARROW: f64 = 4.0;
/// Texts of so many characters are as wide in any font, but for a pixel or two.
const SHORT_TEXT: usize = 8;

/// The picture as an `<svg>` element that stands alone in a page that carries [`style`].
pub(crate) fn render(scene: &Scene) -> String {
    picture(scene, r#" xmlns="http://www.w3.org/2000/svg""#, |part| part)
}

/// What neighbouring shapes have in common is said once, by a group around them or one path through them.
fn picture(scene: &Scene, xmlns: &str, mut part: impl FnMut(String) -> String) -> String {
    let mut svg = String::with_capacity(60 * scene.shapes.len() + 400);
    put(
        &mut svg,
        format_args!(
            r#"<svg class="figure" viewBox="0 0 {} {}" width="{0}" height="{1}" role="img"{xmlns}><title>{}</title>"#,
            px(scene.width),
            px(scene.height),
            escape(&scene.description)
        ),
    );
    svg.push('\n');
    for alike in layers::layers(&scene.shapes) {
        svg.push_str(&part(paint_alike(&alike)));
    }
    svg.push_str("</svg>");
    svg
}

/// The rules that give the classes their colours, for light pages and for dark ones.
pub(crate) fn style() -> String {
    let variables = |colour: fn(Ink) -> [u8; 3]| {
        Ink::ALL
            .iter()
            .map(|&ink| {
                let [r, g, b] = colour(ink);
                format!("--{}:#{r:02x}{g:02x}{b:02x};", ink.class())
            })
            .collect::<String>()
    };
    let mut css = format!(
        ":root{{color-scheme:light dark;{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n\
         :root[data-theme=light]{{color-scheme:light;{light}}}\n:root[data-theme=dark]{{color-scheme:dark;{dark}}}\n",
        light = variables(Ink::light),
        dark = variables(Ink::dark)
    );
    // Without the name of the picture before them: what is referred to stands in none.
    for ink in Ink::ALL {
        let class = ink.class();
        css.push_str(&format!(
            ".f-{class}{{fill:var(--{class})}}.s-{class}{{stroke:var(--{class})}}\n"
        ));
    }
    css
}

/// The element of a shape and the attributes that its neighbours may share.
fn common(shape: &Shape) -> (Element, String) {
    match shape {
        Shape::Rect {
            ink, opacity, tip, ..
        } => (
            match tip {
                Some(_) => Element::Told,
                None => Element::Area,
            },
            filled(*ink, *opacity),
        ),
        Shape::Cells { ink, opacity, .. } => (Element::Area, filled(*ink, *opacity)),
        Shape::Line {
            ink,
            thickness,
            dashed,
            ..
        } => {
            let mut attributes = format!(
                r#" class="s-{}" fill="none" stroke-width="{}""#,
                ink.class(),
                fine(*thickness)
            );
            if *dashed {
                attributes.push_str(r#" stroke-dasharray="4 3""#);
            }
            (Element::Line, attributes)
        }
        Shape::Mark {
            mark: Mark::Ring,
            ink,
            ..
        } => (
            Element::Told,
            format!(r#" class="f-page s-{}" stroke-width="2""#, ink.class()),
        ),
        Shape::Mark {
            mark: Mark::Tick,
            ink,
            tip,
            ..
        } => (
            match tip {
                Some(_) => Element::Told,
                None => Element::Line,
            },
            format!(r#" class="s-{}" stroke-width="1.4""#, ink.class()),
        ),
        Shape::Mark { ink, .. } => (Element::Told, filled(*ink, 1.0)),
        Shape::Text {
            em,
            anchor,
            bold,
            ink,
            ..
        } => {
            let mut attributes = filled(*ink, 1.0);
            put(&mut attributes, format_args!(r#" font-size="{}""#, px(*em)));
            attributes.push_str(match anchor {
                Anchor::Start => "",
                Anchor::Middle => r#" text-anchor="middle""#,
                Anchor::End => r#" text-anchor="end""#,
            });
            if *bold {
                attributes.push_str(r#" font-weight="700""#);
            }
            (Element::Text, attributes)
        }
    }
}

fn filled(ink: Ink, opacity: f64) -> String {
    let class = ink.class();
    if opacity < 1.0 {
        format!(r#" class="f-{class}" fill-opacity="{}""#, fine(opacity))
    } else {
        format!(r#" class="f-{class}""#)
    }
}

/// How shapes that are alike are painted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    /// Rectangles in one path.
    Area,
    /// Lines in one path.
    Line,
    /// An element each, since each may say something when pointed at.
    Told,
    /// A text each.
    Text,
}

/// Paints shapes that have their element and its attributes in common.
fn paint_alike(shapes: &[&Shape]) -> String {
    let (element, attributes) = common(shapes[0]);
    match element {
        Element::Area | Element::Line => {
            let mut svg = format!(r#"<path{attributes} d=""#);
            outline(&mut svg, shapes);
            svg.push_str(r#""/>"#);
            svg
        }
        Element::Told | Element::Text => {
            let mut svg = format!("<g{attributes}>");
            shapes.iter().for_each(|shape| paint(&mut svg, shape));
            svg.push_str("</g>");
            svg
        }
    }
}

/// The path of rectangles or lines; lines go on where the one before has ended.
fn outline(svg: &mut String, shapes: &[&Shape]) {
    let mut end = None;
    for shape in shapes {
        match shape {
            Shape::Rect { at, size, .. } => rectangle(svg, *at, *size),
            Shape::Cells { cells, .. } => {
                for (at, size) in cells {
                    rectangle(svg, *at, *size);
                }
            }
            Shape::Line { from, to, .. } => {
                let ((x1, y1), (x2, y2)) = ((px(from.0), px(from.1)), (px(to.0), px(to.1)));
                if (x1, y1) == (x2, y2) {
                    continue; // nothing is seen of it
                }
                if end != Some((x1, y1)) {
                    put(svg, format_args!("M{x1} {y1}"));
                }
                if y1 == y2 {
                    put(svg, format_args!("H{x2}"));
                } else if x1 == x2 {
                    put(svg, format_args!("V{y2}"));
                } else {
                    put(svg, format_args!("L{x2} {y2}"));
                }
                end = Some((x2, y2));
            }
            Shape::Mark { at, radius, .. } => tick(svg, *at, *radius),
            Shape::Text { .. } => {}
        }
    }
}

fn tick(svg: &mut String, at: (f64, f64), radius: f64) {
    put(
        svg,
        format_args!("M{} {}v{}", px(at.0), px(at.1 - radius), px(2.0 * radius)),
    );
}

fn rectangle(svg: &mut String, at: (f64, f64), size: (f64, f64)) {
    // Narrow ones may be thinner than a tenth of a pixel.
    let exact = if size.0.min(size.1) < NARROW {
        fine
    } else {
        px
    };
    let (width, height) = (exact(size.0), exact(size.1));
    put(
        svg,
        format_args!(
            "M{} {}h{width}v{height}h-{width}z",
            exact(at.0),
            exact(at.1)
        ),
    );
}

fn paint(svg: &mut String, shape: &Shape) {
    match shape {
        Shape::Rect { at, size, tip, .. } => {
            svg.push_str(r#"<path d=""#);
            rectangle(svg, *at, *size);
            svg.push('"');
            close(svg, "path", tip.as_deref());
        }
        Shape::Mark {
            at,
            radius,
            mark,
            tip,
            ..
        } => paint_mark(svg, *at, *radius, *mark, tip.as_deref()),
        Shape::Text {
            at, em, bold, text, ..
        } => {
            put(
                svg,
                format_args!(r#"<text x="{}" y="{}""#, px(at.0), px(at.1)),
            );
            // With its length given, text keeps clear of its neighbours in any font; figures are too short to differ.
            if text.chars().count() > SHORT_TEXT {
                put(
                    svg,
                    format_args!(r#" textLength="{}""#, text_width(text, *em, *bold).round()),
                );
            }
            put(svg, format_args!(">{}</text>", escape(text)));
        }
        Shape::Cells { .. } | Shape::Line { .. } => {}
    }
}

fn paint_mark(svg: &mut String, at: (f64, f64), r: f64, mark: Mark, tip: Option<&str>) {
    match mark {
        Mark::Disc | Mark::Ring => {
            let r = if mark == Mark::Ring { r - 1.0 } else { r };
            put(
                svg,
                format_args!(
                    r#"<circle cx="{}" cy="{}" r="{}""#,
                    px(at.0),
                    px(at.1),
                    px(r)
                ),
            );
            close(svg, "circle", tip);
        }
        Mark::Tick => {
            svg.push_str(r#"<path d=""#);
            tick(svg, at, r);
            svg.push('"');
            close(svg, "path", tip);
        }
        Mark::Diamond | Mark::Square => {
            svg.push_str(r#"<path d=""#);
            if mark == Mark::Diamond {
                let [top, .., left] = corners(at, r, mark);
                let d = px(at.0 - left.0);
                put(
                    svg,
                    format_args!("M{} {}l{d} {d} -{d} {d} -{d} -{d}z", px(top.0), px(top.1)),
                );
            } else {
                let [from, to, ..] = corners(at, r, mark);
                let side = to.0 - from.0;
                rectangle(svg, from, (side, side));
            }
            svg.push('"');
            close(svg, "path", tip);
        }
    }
}

/// The corners of a mark with straight sides.
pub(super) fn corners(at: (f64, f64), r: f64, mark: Mark) -> [(f64, f64); 4] {
    let (x, y) = at;
    let (half_width, half_height) = match mark {
        Mark::Tick => (0.7, r),
        _ => (0.88 * r, 0.88 * r),
    };
    if mark == Mark::Diamond {
        let r = 1.2 * r;
        [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    } else {
        let (w, h) = (half_width, half_height);
        [
            (x - w, y - h),
            (x + w, y - h),
            (x + w, y + h),
            (x - w, y + h),
        ]
    }
}

fn close(svg: &mut String, element: &str, tip: Option<&str>) {
    match tip {
        None => svg.push_str("/>"),
        Some(tip) => put(
            svg,
            format_args!("><title>{}</title></{element}>", escape(tip)),
        ),
    }
}

fn put(svg: &mut String, arguments: std::fmt::Arguments<'_>) {
    svg.write_fmt(arguments).expect("a String takes all text");
}

/// A position to a tenth of a pixel.
fn px(value: f64) -> f64 {
    // Adding zero turns -0 into 0.
    (value * 10.0).round() / 10.0 + 0.0
}

/// A size or an opacity with at most two decimals.
fn fine(value: f64) -> f64 {
    (value * 100.0).round() / 100.0 + 0.0
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Control characters are no XML, not even escaped.
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_text() {
        let mut scene = Scene::new(10.0, "a<b>");
        scene.text((0.0, 0.0), Anchor::Start, Ink::Text, "</svg><script>\u{1b}");
        let svg = render(&scene);
        assert!(!svg.contains("<script>") && !svg.contains('\u{1b}'));
        assert!(svg.contains("a&lt;b&gt;"));
    }
}
