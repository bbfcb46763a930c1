//! Paints a picture as SVG whose colours are classes: the page says what they are in light and dark.

use std::fmt::Write as _;

use super::{
    fonts::text_width,
    scene::{Anchor, Ink, Mark, Scene, Shape},
};

/// The picture as an `<svg>` element to be put into a page that carries [`style`].
pub(crate) fn render(scene: &Scene) -> String {
    let mut svg = String::with_capacity(120 * scene.shapes.len() + 400);
    put(
        &mut svg,
        format_args!(
            r#"<svg class="figure" viewBox="0 0 {} {}" width="{0}" height="{1}" role="img" xmlns="http://www.w3.org/2000/svg"><title>{}</title>"#,
            px(scene.width),
            px(scene.height),
            escape(&scene.description)
        ),
    );
    svg.push('\n');
    for shape in &scene.shapes {
        paint(&mut svg, shape);
        svg.push('\n');
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
    for ink in Ink::ALL {
        let class = ink.class();
        css.push_str(&format!(
            ".figure .f-{class}{{fill:var(--{class})}}.figure .s-{class}{{stroke:var(--{class})}}\n"
        ));
    }
    css
}

fn paint(svg: &mut String, shape: &Shape) {
    match shape {
        Shape::Rect {
            at,
            size,
            ink,
            opacity,
            tip,
        } => {
            let faint = if *opacity < 1.0 {
                format!(r#" fill-opacity="{}""#, px(*opacity))
            } else {
                String::new()
            };
            put(
                svg,
                format_args!(
                    r#"<rect class="f-{}" x="{}" y="{}" width="{}" height="{}"{faint}"#,
                    ink.class(),
                    px(at.0),
                    px(at.1),
                    px(size.0),
                    px(size.1)
                ),
            );
            close(svg, "rect", tip.as_deref());
        }
        Shape::Cells {
            cells,
            ink,
            opacity,
        } => {
            put(
                svg,
                format_args!(
                    r#"<path class="f-{}" fill-opacity="{}" d=""#,
                    ink.class(),
                    px(*opacity)
                ),
            );
            for ((x, y), (width, height)) in cells {
                let (width, height) = (px(*width), px(*height));
                put(
                    svg,
                    format_args!("M{} {}h{width}v{height}h-{width}z", px(*x), px(*y)),
                );
            }
            svg.push_str(r#""/>"#);
        }
        Shape::Line {
            from,
            to,
            ink,
            thickness,
            dashed,
        } => put(
            svg,
            format_args!(
                r#"<line class="s-{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{}"{}/>"#,
                ink.class(),
                px(from.0),
                px(from.1),
                px(to.0),
                px(to.1),
                px(*thickness),
                if *dashed {
                    r#" stroke-dasharray="4 3""#
                } else {
                    ""
                }
            ),
        ),
        Shape::Mark {
            at,
            radius,
            mark,
            ink,
            tip,
        } => paint_mark(svg, *at, *radius, *mark, *ink, tip.as_deref()),
        Shape::Text {
            at,
            em,
            anchor,
            bold,
            ink,
            text,
        } => put(
            svg,
            format_args!(
                // With its length given, text keeps clear of its neighbours in any font.
                r#"<text class="f-{}" x="{}" y="{}" font-size="{}" textLength="{}" lengthAdjust="spacingAndGlyphs"{}{}>{}</text>"#,
                ink.class(),
                px(at.0),
                px(at.1),
                px(*em),
                px(text_width(text, *em, *bold)),
                match anchor {
                    Anchor::Start => "",
                    Anchor::Middle => r#" text-anchor="middle""#,
                    Anchor::End => r#" text-anchor="end""#,
                },
                if *bold { r#" font-weight="700""# } else { "" },
                escape(text)
            ),
        ),
    }
}

fn paint_mark(svg: &mut String, at: (f64, f64), r: f64, mark: Mark, ink: Ink, tip: Option<&str>) {
    let class = ink.class();
    let (x, y) = at;
    match mark {
        Mark::Disc => {
            put(
                svg,
                format_args!(
                    r#"<circle class="f-{class}" cx="{}" cy="{}" r="{}""#,
                    px(x),
                    px(y),
                    px(r)
                ),
            );
            close(svg, "circle", tip);
        }
        Mark::Ring => {
            put(
                svg,
                format_args!(
                    r#"<circle class="f-page s-{class}" cx="{}" cy="{}" r="{}" stroke-width="2""#,
                    px(x),
                    px(y),
                    px(r - 1.0)
                ),
            );
            close(svg, "circle", tip);
        }
        Mark::Diamond | Mark::Square | Mark::Tick => {
            let corners = corners(at, r, mark)
                .map(|(x, y)| format!("{},{}", px(x), px(y)))
                .join(" ");
            put(
                svg,
                format_args!(r#"<polygon class="f-{class}" points="{corners}""#),
            );
            close(svg, "polygon", tip);
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

/// A length with at most two decimals.
fn px(value: f64) -> f64 {
    // Adding zero turns -0 into 0.
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
