//! Where in a text something stands, for what is said of it.

use super::{
    error::CaptureError,
    lines::{LineError, trim},
    marks,
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
            .ok_or_else(|| self.refused(text))
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
        let words =
            tokens(text).any(|word| matches!(word, b"..." | b"..") || word == "…".as_bytes());
        if words {
            return self.bad(
                "`...` stands for numbers that were left out in printing; print all of them, in numpy with \
                 np.set_printoptions(threshold=sys.maxsize) or .tolist(), in pandas with .to_string() or .to_csv(f)"
                    .into(),
            );
        }
        if marks::is_repeat(text) {
            return self.bad(
                "stands for lines that were left out since they were alike (Ray prints all of them with \
                 RAY_DEDUP_LOGS=0), and draws are missing"
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

    /// What is said of a line of which a word was refused: how all of it may be read, where that is seen.
    pub fn whole(self, line: &[u8], error: CaptureError) -> CaptureError {
        let word = matches!(error, CaptureError::BadNumber { .. });
        match word && (marks::is_repeat(line) || readings::both(line).is_some()) {
            true => self.refused(line),
            false => error,
        }
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
