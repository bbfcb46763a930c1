//! Errors that end the command, each with its exit code and one clear line.

use std::{fmt, io};

use super::exit;
use crate::{capture, vocabulary};

/// An error that knows its exit code.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The command line makes no sense.
    pub fn usage(message: impl Into<String>) -> anyhow::Error {
        Self::with_code(exit::USAGE, message)
    }

    /// The input cannot be read as what it claims to be.
    pub fn bad_data(message: impl Into<String>) -> anyhow::Error {
        Self::with_code(exit::BAD_DATA, message)
    }

    /// A name that nothing has: what is near it, and where the list is.
    pub fn unknown<'a>(
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
        list: &str,
    ) -> anyhow::Error {
        Self::usage(vocabulary::unknown(what, name, known, list))
    }

    /// Any other code of the list.
    pub fn with_code(code: u8, message: impl Into<String>) -> anyhow::Error {
        anyhow::Error::new(Self {
            code,
            message: message.into(),
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The exit code an error asks for: its own where it has one, *internal* otherwise.
pub fn code(error: &anyhow::Error) -> u8 {
    error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Failure>())
        .map_or(exit::INTERNAL, |failure| failure.code)
}

/// The whole chain on one line, each cause once.
pub fn one_line(error: &anyhow::Error) -> String {
    capture::one_line(error.as_ref())
}

/// Whether the reader of our standard output has left.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_failure_keeps_its_code_under_context() {
        let error = Err::<(), _>(Failure::bad_data("row 3 holds no number"))
            .context("failed to read a.csv")
            .unwrap_err();
        assert_eq!(code(&error), exit::BAD_DATA);
        assert_eq!(
            one_line(&error),
            "failed to read a.csv: row 3 holds no number"
        );
    }

    #[test]
    fn an_unknown_error_is_internal() {
        let error = anyhow::Error::new(io::Error::other("disk on fire"));
        assert_eq!(code(&error), exit::INTERNAL);
        assert!(!is_broken_pipe(&error));
        assert!(is_broken_pipe(&anyhow::Error::new(io::Error::from(
            io::ErrorKind::BrokenPipe
        ))));
    }
}
