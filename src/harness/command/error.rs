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
        /// The last line of its standard error.
        complaint: Complaint,
    },
    /// It left with an error.
    #[error("left with code {code}{complaint}")]
    Exited {
        /// Its exit code.
        code: i32,
        /// The last line of its standard error.
        complaint: Complaint,
    },
    /// It was ended by a signal.
    #[error("was ended by signal {signal}{complaint}")]
    Killed {
        /// The signal's name.
        signal: String,
        /// The last line of its standard error.
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

/// The last line that a program wrote to its standard error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint(pub(super) String);

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, "; it said: {}", self.0)
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
