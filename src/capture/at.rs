//! Where in a text something stands, for what is said of it.

use super::{
    error::CaptureError,
    lines::{LineError, trim},
    notation::Notation,
    number::{self, Number},
    readings,
    words::{shorten, token, tokens},
};

/// A line of a file.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub file: &'a str,
    pub line: u64,
}

impl At<'_> {
    /// The number that a field holds.
    pub fn number(self, notation: Notation, text: &[u8]) -> Result<Number, CaptureError> {
        let text = trim(text);
        if number::is_missing(text) {
            return Ok(Number::MISSING);
        }
        notation
            .parse(text)
            .or_else(|| number::parse(text).filter(|number| number.is_missing()))
            .ok_or_else(|| CaptureError::BadNumber {
                file: self.file.into(),
                line: self.line,
                text: shorten(text),
            })
    }

    /// Adds the numbers of a list that a field holds; an empty list adds none, an empty field a missing number.
    pub fn list(self, text: &[u8], numbers: &mut Vec<Number>) -> Result<(), CaptureError> {
        if number::is_missing(trim(text)) {
            numbers.push(Number::MISSING);
            return Ok(());
        }
        for word in tokens(text) {
            let number =
                token(word).or_else(|| number::is_missing(word).then_some(Number::MISSING));
            numbers.push(number.ok_or_else(|| self.refused(word))?);
        }
        Ok(())
    }

    /// A line or word that is no number, with what may help.
    pub fn refused(self, text: &[u8]) -> CaptureError {
        let words = tokens(text).any(|word| word == b"..." || word == "…".as_bytes());
        if words {
            return self.bad(
                "`...` stands for numbers that numpy left out; print all of them with \
                 np.set_printoptions(threshold=sys.maxsize), or .tolist()"
                    .into(),
            );
        }
        let text = text.trim_ascii();
        let is_word = tokens(text).count() == 1;
        if is_word {
            return CaptureError::BadNumber {
                file: self.file.into(),
                line: self.line,
                text: shorten(text),
            };
        }
        if let Some(readings) = readings::both(text) {
            return self.bad(readings);
        }
        self.bad(format!(
            "`{}` is no row of numbers: --match REGEX with the group `value` (and `worker`, `run`) says \
             where the number stands, --skip-lines REGEX leaves such lines out",
            shorten(text)
        ))
    }

    pub fn bad(self, problem: String) -> CaptureError {
        bad_line(self.file, self.line, problem)
    }
}

fn bad_line(file: &str, line: u64, problem: String) -> CaptureError {
    CaptureError::BadLine {
        file: file.into(),
        line,
        problem,
    }
}

/// A line error as a capture error.
pub(super) fn line_error(error: LineError<CaptureError>, file: &str) -> CaptureError {
    match error {
        LineError::Refused(error) => error,
        LineError::TooLong { line } => bad_line(
            file,
            line,
            "the line has no end; write one number a line".into(),
        ),
        LineError::Read(source) => CaptureError::Io {
            what: "read",
            path: file.into(),
            source,
        },
    }
}
