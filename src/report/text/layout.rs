//! Widths, colours and line breaks of a terminal.

/// What the terminal can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns. Nothing is wider, except a single word that is.
    pub width: usize,
    /// Whether colours are wanted (no `NO_COLOR`, and a terminal).
    pub color: bool,
    /// Whether lines and marks may use characters beyond ASCII.
    pub unicode: bool,
    /// Whether every finding of every row is printed, also those that are as declared.
    pub verbose: bool,
}

impl Default for Options {
    /// A hundred columns, no colour, Unicode.
    fn default() -> Self {
        Self {
            width: 100,
            color: false,
            unicode: true,
            verbose: false,
        }
    }
}

/// Colours, or none.
#[derive(Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// Cyan, not green: red against green is what most colour-blind readers cannot tell apart.
    pub(super) fn good(self, text: &str) -> String {
        self.wrap("36", text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    pub(super) fn open(self, text: &str) -> String {
        self.wrap("33", text)
    }
}

/// How many columns a text takes. Everything seedbench prints is one column a character;
/// control characters are replaced before they get here.
pub(super) fn columns(text: &str) -> usize {
    text.chars().count()
}

/// How many columns a painted text takes: what a colour sequence spells is not shown.
fn visible(painted: &str) -> usize {
    let mut shown = 0;
    let mut hidden = false;
    for c in painted.chars() {
        match c {
            '\u{1b}' => hidden = true,
            'm' if hidden => hidden = false,
            _ if !hidden => shown += 1,
            _ => {}
        }
    }
    shown
}

/// The text with characters that would move the cursor or change its colour made harmless.
pub(super) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// The text in at most `width` columns, cut with an ellipsis.
pub(super) fn cut(text: &str, width: usize, unicode: bool) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let ellipsis = if unicode { "…" } else { "~" };
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    if width == 0 {
        String::new()
    } else {
        kept + ellipsis
    }
}

/// A paragraph of at most `width` columns: the first line after `first`, the others after `rest`.
pub fn wrap(text: &str, first: &str, rest: &str, width: usize) -> String {
    let mut wrapped = String::new();
    wrap_into(&mut wrapped, text, first, rest, width, str::to_owned);
    wrapped
}

/// Appends a paragraph: the first line after `first`, the others after `rest`, none wider than
/// `width` unless one word is. Line breaks within the text are kept.
/// The leads may hold colours.
pub(super) fn wrap_into(
    out: &mut String,
    text: &str,
    first: &str,
    rest: &str,
    width: usize,
    paint: impl Fn(&str) -> String,
) {
    let mut leads = std::iter::once(first).chain(std::iter::repeat(rest));
    for paragraph in text.lines() {
        let paragraph = harmless(paragraph);
        let mut words = paragraph.split_whitespace().peekable();
        while words.peek().is_some() {
            let lead = leads.next().unwrap_or(rest);
            let room = width.saturating_sub(visible(lead));
            let mut line = String::new();
            while let Some(word) =
                words.next_if(|word| line.is_empty() || columns(&line) + 1 + columns(word) <= room)
            {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            out.push_str(lead);
            out.push_str(&paint(&line));
            out.push('\n');
        }
    }
}
