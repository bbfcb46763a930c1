//! Why a policy cannot be used, with the line and the nearest name.

use super::Date;
use crate::vocabulary;

/// Why a policy cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The text is no policy.
    #[error("{0}")]
    Syntax(String),
    /// A format this version does not read.
    #[error("policy schema {found} is not the {expected} that this version reads")]
    Schema {
        /// In the file.
        found: u32,
        /// Readable here.
        expected: u32,
    },
    /// A target makes no sense.
    #[error("line {line}: target `{name}`: {problem}")]
    Target {
        /// Its name.
        name: String,
        /// Where it is named.
        line: usize,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A profile makes no sense.
    #[error("profile `{name}`: {problem}")]
    Profile {
        /// Its name.
        name: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A name that nothing has.
    #[error("{what} `{name}` does not exist{hint}")]
    Unknown {
        /// What was named.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest name.
        hint: String,
    },
    /// A waiver that has run out.
    #[error(
        "the waiver of `{rule}` ended on {expired} (its reason was: {reason}); mend the finding, or give a new date"
    )]
    Expired {
        /// The finding.
        rule: String,
        /// Its last day.
        expired: Date,
        /// Why it was waived.
        reason: String,
    },
}

pub(super) fn unknown<'a>(
    what: &'static str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> PolicyError {
    PolicyError::Unknown {
        what,
        name: name.into(),
        hint: did_you_mean(name, known),
    }
}

/// The question after a name that nothing has; empty where no known name is near.
fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = vocabulary::nearest(name, known);
    near.first()
        .map_or(String::new(), |near| format!("; did you mean `{near}`?"))
}

/// One line for a syntax error: where, what, and the nearest name for an unknown key.
pub(super) fn explain(error: &toml::de::Error, text: &str) -> PolicyError {
    let line = error.span().map_or(1, |span| line_of(text, span.start));
    let message = error.message().replace('\n', " ");
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let hint = match quoted.split_first() {
        Some((name, known)) if message.starts_with("unknown ") => {
            did_you_mean(name, known.iter().copied())
        }
        _ => String::new(),
    };
    PolicyError::Syntax(format!("line {line}: {message}{hint}"))
}

/// The line of a byte of the text, from 1.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes()[..byte.min(text.len())]
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count()
        + 1
}
