//! Why a start of a program gave no output.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why a start gave no output.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum CommandError {
    /// No program was named.
    #[error("no program was given; put it after `--`")]
    Nothing,
    /// The program could not be started.
    #[error("failed to start `{program}`; is it installed, and executable?")]
    NotStarted {
        /// The program.
        program: String,
        /// What the system said.
        #[source]
        #[serde(with = "system")]
        source: std::io::Error,
    },
    /// It did not end in time.
    #[error(
        "was still running after {limit:?} (--timeout) and was ended; it had printed {bytes} bytes{complaint}"
    )]
    TimedOut {
        /// The limit.
        limit: Duration,
        /// What it had printed.
        bytes: usize,
        /// The end of its standard error.
        complaint: Complaint,
    },
    /// It left with an error.
    #[error("left with code {code}{complaint}")]
    Exited {
        /// Its exit code.
        code: i32,
        /// The end of its standard error.
        complaint: Complaint,
    },
    /// It was ended by a signal.
    #[error("was ended by signal {signal}{complaint}")]
    Killed {
        /// The signal's name.
        signal: String,
        /// The end of its standard error.
        complaint: Complaint,
    },
    /// It printed much, and few numbers.
    #[error(
        "printed more than {limit} bytes without the {wanted} numbers it was asked for, and was ended"
    )]
    Chatter {
        /// The limit.
        limit: usize,
        /// How many numbers are wanted.
        wanted: u64,
    },
    /// It was ended because nobody wanted its output any more.
    #[error("was ended, since what came before was enough")]
    Unwanted,
    /// The process that starts programs and watches them is gone.
    #[error("the process that starts the programs ended before they did; nothing of them is left")]
    Unwatched,
    /// It printed more than can be kept.
    #[error("printed more than {limit} bytes and was ended; ask it for fewer numbers")]
    TooMuch {
        /// The limit.
        limit: usize,
    },
}

impl CommandError {
    /// What the program wrote to its standard error, where it failed by itself.
    pub fn complaint(&self) -> Option<&Complaint> {
        match self {
            Self::TimedOut { complaint, .. }
            | Self::Exited { complaint, .. }
            | Self::Killed { complaint, .. } => Some(complaint),
            _ => None,
        }
    }
}

/// The end of what a program wrote to its standard error; its last line is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint(String);

impl Complaint {
    /// The end of some output, without what would move a terminal's cursor.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let clean = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
        Self(text.trim().chars().map(clean).collect())
    }

    /// Its lines that are not blank.
    pub fn lines(&self) -> Vec<&str> {
        self.0
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect()
    }
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.lines().last() {
            None => Ok(()),
            Some(last) => {
                let shown: String = last.trim().chars().take(200).collect();
                write!(f, "; it said: {shown}")
            }
        }
    }
}

/// An error of the system as its number, or as its text where it has none.
mod system {
    use std::io;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    enum Told {
        Number(i32),
        Text(String),
    }

    pub fn serialize<S: Serializer>(error: &io::Error, to: S) -> Result<S::Ok, S::Error> {
        match error.raw_os_error() {
            Some(number) => Told::Number(number),
            None => Told::Text(error.to_string()),
        }
        .serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<io::Error, D::Error> {
        Ok(match Told::deserialize(from)? {
            Told::Number(number) => io::Error::from_raw_os_error(number),
            Told::Text(text) => io::Error::other(text),
        })
    }
}
