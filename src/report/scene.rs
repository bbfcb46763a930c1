//! A picture as a list of shapes, which SVG and PNG paint alike: one layout, two formats.

use super::fonts::{text_width, wrap};

/// What a colour stands for. The palette of Okabe and Ito (2008, "Color Universal Design") can be
/// told apart with any colour vision; verdicts also differ by shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Text and axes.
    Text,
    /// Lesser text.
    Muted,
    /// Grid lines and frames.
    Grid,
    /// The page.
    Page,
    /// Stripes behind rows.
    Stripe,
    /// Sound: bluish green.
    Sound,
    /// Unsound: vermilion.
    Unsound,
    /// Not decided: orange.
    Undecided,
    /// First series: blue.
    Blue,
    /// Second series: sky blue.
    Sky,
    /// Third series: reddish purple.
    Purple,
}

impl Ink {
    /// The class that carries the colour in SVG, so that light and dark pages share one picture.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Muted => "muted",
            Self::Grid => "grid",
            Self::Page => "page",
            Self::Stripe => "stripe",
            Self::Sound => "sound",
            Self::Unsound => "unsound",
            Self::Undecided => "undecided",
            Self::Blue => "blue",
            Self::Sky => "sky",
            Self::Purple => "purple",
        }
    }

    /// The colour on a light page: red, green, blue.
    pub(crate) const fn light(self) -> [u8; 3] {
        match self {
            Self::Text => [0x1b, 0x1f, 0x24],
            Self::Muted => [0x5b, 0x63, 0x6d],
            Self::Grid => [0xd5, 0xd9, 0xde],
            Self::Page => [0xff, 0xff, 0xff],
            Self::Stripe => [0xf5, 0xf6, 0xf8],
            Self::Sound => [0x00, 0x9e, 0x73],
            Self::Unsound => [0xd5, 0x5e, 0x00],
            Self::Undecided => [0xe6, 0x9f, 0x00],
            Self::Blue => [0x00, 0x72, 0xb2],
            Self::Sky => [0x56, 0xb4, 0xe9],
            Self::Purple => [0xcc, 0x79, 0xa7],
        }
    }

    /// The colour on a dark page: the same hues, light enough to be read on it.
    pub(crate) const fn dark(self) -> [u8; 3] {
        match self {
            Self::Text => [0xe6, 0xe9, 0xed],
            Self::Muted => [0x9d, 0xa6, 0xb1],
            Self::Grid => [0x3a, 0x41, 0x4a],
            Self::Page => [0x15, 0x18, 0x1c],
            Self::Stripe => [0x1d, 0x21, 0x26],
            Self::Sound => [0x1f, 0xc1, 0x95],
            Self::Unsound => [0xf0, 0x7f, 0x2e],
            Self::Undecided => [0xf0, 0xb4, 0x2e],
            Self::Blue => [0x4d, 0xa9, 0xe0],
            Self::Sky => [0x9a, 0xd4, 0xf5],
            Self::Purple => [0xdd, 0x9a, 0xc0],
        }
    }

    /// Every ink.
    pub(crate) const ALL: [Self; 11] = [
        Self::Text,
        Self::Muted,
        Self::Grid,
        Self::Page,
        Self::Stripe,
        Self::Sound,
        Self::Unsound,
        Self::Undecided,
        Self::Blue,
        Self::Sky,
        Self::Purple,
    ];
}

/// The form of a mark: verdicts differ by form as well as by colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A disc.
    Disc,
    /// A square standing on a corner.
    Diamond,
    /// A square.
    Square,
    /// A ring.
    Ring,
    /// An upright bar.
    Tick,
}

/// Which end of a text its position is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// The left end.
    Start,
    /// The middle.
    Middle,
    /// The right end.
    End,
}

/// One shape. Lengths are pixels from the upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A filled rectangle.
    Rect {
        at: (f64, f64),
        size: (f64, f64),
        ink: Ink,
        opacity: f64,
        /// What it says when pointed at.
        tip: Option<String>,
    },
    /// Many rectangles of one colour, painted as one.
    Cells {
        /// Upper left corner and size of each.
        cells: Vec<((f64, f64), (f64, f64))>,
        ink: Ink,
        opacity: f64,
    },
    /// A straight line.
    Line {
        from: (f64, f64),
        to: (f64, f64),
        ink: Ink,
        thickness: f64,
        dashed: bool,
    },
    /// A mark at a point.
    Mark {
        at: (f64, f64),
        radius: f64,
        mark: Mark,
        ink: Ink,
        /// What it says when pointed at.
        tip: Option<String>,
    },
    /// A line of text; `at` is on its baseline.
    Text {
        at: (f64, f64),
        em: f64,
        anchor: Anchor,
        bold: bool,
        ink: Ink,
        text: String,
    },
}

/// A whole picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scene {
    /// Pixels.
    pub(crate) width: f64,
    /// Pixels.
    pub(crate) height: f64,
    /// What the picture shows, for readers who do not see it.
    pub(crate) description: String,
    /// What is painted, first to last.
    pub(crate) shapes: Vec<Shape>,
}

/// The size of ordinary text in pictures, in pixels.
pub(crate) const EM: f64 = 12.0;

impl Scene {
    /// An empty picture of this width; its height is set when the layout is known.
    pub(crate) fn new(width: f64, description: impl Into<String>) -> Self {
        Self {
            width,
            height: 0.0,
            description: description.into(),
            shapes: Vec::new(),
        }
    }

    /// A filled rectangle.
    pub(crate) fn rect(&mut self, at: (f64, f64), size: (f64, f64), ink: Ink) {
        self.tinted(at, size, ink, 1.0, None);
    }

    /// A filled rectangle, more or less opaque, that says something when pointed at.
    pub(crate) fn tinted(
        &mut self,
        at: (f64, f64),
        size: (f64, f64),
        ink: Ink,
        opacity: f64,
        tip: Option<String>,
    ) {
        self.shapes.push(Shape::Rect {
            at,
            size,
            ink,
            opacity,
            tip,
        });
    }

    /// A thin line.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink) {
        self.stroke(from, to, ink, 1.0, false);
    }

    /// A line of any thickness.
    pub(crate) fn stroke(
        &mut self,
        from: (f64, f64),
        to: (f64, f64),
        ink: Ink,
        thickness: f64,
        dashed: bool,
    ) {
        self.shapes.push(Shape::Line {
            from,
            to,
            ink,
            thickness,
            dashed,
        });
    }

    /// A mark that says something when pointed at.
    pub(crate) fn mark(
        &mut self,
        at: (f64, f64),
        radius: f64,
        mark: Mark,
        ink: Ink,
        tip: impl Into<String>,
    ) {
        self.shapes.push(Shape::Mark {
            at,
            radius,
            mark,
            ink,
            tip: Some(tip.into()),
        });
    }

    /// A mark that says nothing more.
    pub(crate) fn silent_mark(&mut self, at: (f64, f64), radius: f64, mark: Mark, ink: Ink) {
        self.shapes.push(Shape::Mark {
            at,
            radius,
            mark,
            ink,
            tip: None,
        });
    }

    /// Ordinary text; returns its width.
    pub(crate) fn text(
        &mut self,
        at: (f64, f64),
        anchor: Anchor,
        ink: Ink,
        text: impl Into<String>,
    ) -> f64 {
        self.label(at, EM, anchor, false, ink, text)
    }

    /// Text of any size and weight; returns its width.
    pub(crate) fn label(
        &mut self,
        at: (f64, f64),
        em: f64,
        anchor: Anchor,
        bold: bool,
        ink: Ink,
        text: impl Into<String>,
    ) -> f64 {
        let text = text.into();
        let width = text_width(&text, em, bold);
        self.shapes.push(Shape::Text {
            at,
            em,
            anchor,
            bold,
            ink,
            text,
        });
        width
    }

    /// The picture below a heading and a caption, as it stands alone in a file.
    pub(crate) fn with_heading(self, heading: &str, caption: &str) -> Self {
        const MARGIN: f64 = 24.0;
        let mut page = Self::new(self.width + 2.0 * MARGIN, self.description.clone());
        page.label(
            (MARGIN, 38.0),
            18.0,
            Anchor::Start,
            true,
            Ink::Text,
            heading,
        );
        let mut y = 60.0;
        for line in wrap(caption, EM, self.width) {
            page.text((MARGIN, y), Anchor::Start, Ink::Muted, line);
            y += 17.0;
        }
        y += 4.0;
        page.shapes.extend(
            self.shapes
                .into_iter()
                .map(|shape| shape.shifted(MARGIN, y)),
        );
        page.height = y + self.height + MARGIN;
        page
    }

    /// Text that stays readable over grid lines: a patch of the ground's ink lies under it.
    pub(crate) fn text_over(
        &mut self,
        at: (f64, f64),
        anchor: Anchor,
        ground: Ink,
        text: impl Into<String>,
    ) {
        let text = text.into();
        let width = text_width(&text, EM, false);
        let left = match anchor {
            Anchor::Start => at.0,
            Anchor::Middle => at.0 - width / 2.0,
            Anchor::End => at.0 - width,
        };
        self.rect((left - 2.0, at.1 - EM), (width + 4.0, EM + 4.0), ground);
        self.text(at, anchor, Ink::Text, text);
    }

    /// A legend on one line from `at`, wrapped within the picture; returns the y below it.
    pub(crate) fn legend(&mut self, at: (f64, f64), entries: &[(Mark, Ink, &str)]) -> f64 {
        let (mut x, mut y) = at;
        for &(mark, ink, text) in entries {
            let width = 16.0 + text_width(text, EM, false) + 20.0;
            if x > at.0 && x + width > self.width {
                x = at.0;
                y += 18.0;
            }
            self.shapes.push(Shape::Mark {
                at: (x + 6.0, y - 4.0),
                radius: 5.0,
                mark,
                ink,
                tip: None,
            });
            self.text((x + 16.0, y), Anchor::Start, Ink::Text, text);
            x += width;
        }
        y + 12.0
    }
}

impl Shape {
    fn shifted(mut self, dx: f64, dy: f64) -> Self {
        let shift = |point: &mut (f64, f64)| {
            point.0 += dx;
            point.1 += dy;
        };
        match &mut self {
            Self::Rect { at, .. } | Self::Mark { at, .. } | Self::Text { at, .. } => shift(at),
            Self::Cells { cells, .. } => cells.iter_mut().for_each(|(at, _)| shift(at)),
            Self::Line { from, to, .. } => {
                shift(from);
                shift(to);
            }
        }
        self
    }
}
