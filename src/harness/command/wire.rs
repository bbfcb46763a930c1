//! What the asking process and the supervisor say to each other: one line of order, then an answer a start.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{CommandError, Enough, Outcome, Program, Start};
use crate::vocabulary::Launch;

/// What is to be started.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SupervisorOrder {
    arguments: Vec<OsString>,
    directory: Option<OsString>,
    workers: u32,
    words: u64,
    enough: Enough,
    timeout: Duration,
    output_limit: usize,
    at_once: usize,
    together: bool,
    pub starts: Vec<Start>,
    pub mark: String,
}

impl SupervisorOrder {
    pub fn new(program: &Program<'_>, starts: Vec<Start>, mark: &str) -> Self {
        Self {
            arguments: program.arguments.to_vec(),
            directory: program
                .directory
                .clone()
                .map(std::path::PathBuf::into_os_string),
            workers: program.workers,
            words: program.words,
            enough: program.enough,
            timeout: program.timeout,
            output_limit: program.output_limit,
            at_once: program.at_once,
            together: program.together,
            starts,
            mark: mark.to_owned(),
        }
    }

    pub fn program(&self) -> Program<'_> {
        Program {
            arguments: &self.arguments,
            directory: self.directory.clone().map(Into::into),
            workers: self.workers,
            words: self.words,
            enough: self.enough,
            timeout: self.timeout,
            output_limit: self.output_limit,
            at_once: self.at_once,
            together: self.together,
        }
    }
}

/// The head of an answer; the bytes of an output follow it.
#[derive(Debug, Serialize, Deserialize)]
enum SupervisorAnswer {
    /// What became of a start.
    Outcome {
        start: Start,
        launch: Option<Launch>,
        output: Result<usize, CommandError>,
    },
    /// Nothing can be started.
    Refused(CommandError),
    /// Every start has been answered, and nothing is left of any.
    Done,
}

/// An answer as the asking process hears it.
pub(super) enum SupervisorHeard {
    Outcome(Outcome),
    Refused(CommandError),
    Done,
}

fn send(answer: &SupervisorAnswer, bytes: &[u8], to: &mut impl Write) -> io::Result<()> {
    let head = serde_json::to_vec(answer)?;
    to.write_all(&(head.len() as u64).to_le_bytes())?;
    to.write_all(&head)?;
    to.write_all(bytes)?;
    to.flush()
}

pub(super) fn send_outcome(outcome: Outcome, to: &mut impl Write) -> io::Result<()> {
    let (output, bytes) = match outcome.output {
        Ok(bytes) => (Ok(bytes.len()), bytes),
        Err(error) => (Err(error), Vec::new()),
    };
    let answer = SupervisorAnswer::Outcome {
        start: outcome.start,
        launch: outcome.launch,
        output,
    };
    send(&answer, &bytes, to)
}

/// Says how it all ended.
pub(super) fn send_end(end: Result<(), CommandError>, to: &mut impl Write) -> io::Result<()> {
    let answer = match end {
        Ok(()) => SupervisorAnswer::Done,
        Err(error) => SupervisorAnswer::Refused(error),
    };
    send(&answer, &[], to)
}

/// The next answer.
pub(super) fn hear(from: &mut impl Read) -> io::Result<SupervisorHeard> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let head = taken(from, u64::from_le_bytes(length))?;
    Ok(match serde_json::from_slice(&head)? {
        SupervisorAnswer::Outcome {
            start,
            launch,
            output,
        } => SupervisorHeard::Outcome(Outcome {
            start,
            launch,
            output: match output {
                Ok(bytes) => Ok(taken(from, bytes as u64)?),
                Err(error) => Err(error),
            },
        }),
        SupervisorAnswer::Refused(error) => SupervisorHeard::Refused(error),
        SupervisorAnswer::Done => SupervisorHeard::Done,
    })
}

fn taken(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_heard() {
        let start = Start {
            run: 1,
            worker: Some(2),
            seed: Some("7".to_owned()),
        };
        let launch = Some(Launch {
            pid: 3,
            ..Launch::default()
        });
        let mut wire = Vec::new();
        for output in [
            Ok(vec![0, 255, 10]),
            Err(CommandError::NotStarted {
                program: "p".to_owned(),
                source: io::Error::from_raw_os_error(2),
            }),
        ] {
            let outcome = Outcome {
                start: start.clone(),
                launch,
                output,
            };
            send_outcome(outcome, &mut wire).unwrap();
        }
        send_end(Ok(()), &mut wire).unwrap();
        let mut from = wire.as_slice();
        let SupervisorHeard::Outcome(first) = hear(&mut from).unwrap() else {
            panic!("an outcome was sent");
        };
        assert_eq!((first.start, first.launch), (start, launch));
        assert_eq!(first.output.unwrap(), [0, 255, 10]);
        let SupervisorHeard::Outcome(second) = hear(&mut from).unwrap() else {
            panic!("an outcome was sent");
        };
        let Err(CommandError::NotStarted { source, .. }) = second.output else {
            panic!("an error was sent");
        };
        assert_eq!(source.kind(), io::ErrorKind::NotFound);
        assert!(matches!(hear(&mut from).unwrap(), SupervisorHeard::Done));
        assert!(hear(&mut from).is_err(), "nothing more was sent");
    }
}
