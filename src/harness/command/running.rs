//! One program that runs: from its start to its end, however it ends.

use std::{
    ffi::{OsStr, OsString},
    ops::ControlFlow,
    path::Path,
    process::{Command, ExitStatus},
    time::{Duration, Instant},
};

use super::{
    CommandError, Complaint, Enough, Program, Session, Start,
    group::{end_group, live, signal_name},
    output::{Output, Seen, Stream},
    process::{Process, tells_end},
};
use crate::{harness::ambient::unix_ns, vocabulary::Launch};

/// What a program has printed, or why that is not known.
pub(super) type Outputs = Result<Vec<u8>, CommandError>;

/// How long the output of a program that has left may stay open before its children are ended.
const LINGER: Duration = Duration::from_millis(300);
/// How long the last words of a program that has failed are waited for.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// How much of a program's complaints is kept.
const COMPLAINT_BYTES: usize = 4096;
/// The shortest and the longest pause before a program that has closed its output, and is about to leave, is looked at
/// again, where the system does not tell of its end.
const LEAVING: (Duration, Duration) = (Duration::from_micros(20), Duration::from_millis(10));

/// A program that has been started.
pub(super) struct Running {
    child: Process,
    since: Instant,
    launch: Launch,
    left: Option<(ExitStatus, Instant)>,
    /// When it was ended with all that it has started.
    ended: Option<Instant>,
    output: Output,
    /// When it has closed its standard output.
    output_closed: Option<Instant>,
    /// The end of what it wrote to its standard error.
    complaint: Vec<u8>,
    complaint_closed: bool,
}

impl Running {
    /// A program that was released at this moment, in nanoseconds since the Unix epoch.
    pub fn new(child: Process, program: &Program<'_>, released_unix_ns: u64, wave: u32) -> Self {
        live().insert(child.id());
        Self {
            launch: Launch {
                pid: child.id(),
                parent: std::process::id(),
                started_unix_ns: released_unix_ns,
                ended_unix_ns: released_unix_ns,
                wave,
            },
            child,
            since: Instant::now(),
            left: None,
            ended: None,
            output: Output::new(program.enough, program.output_limit),
            output_closed: None,
            complaint: Vec::new(),
            complaint_closed: false,
        }
    }

    /// The process.
    pub fn child(&mut self) -> &mut Process {
        &mut self.child
    }

    /// What was seen of it.
    pub fn launch(&self) -> Launch {
        self.launch
    }

    /// Takes note of what a watch has seen.
    pub fn note(&mut self, seen: Seen<'_>) {
        match seen {
            Seen::Wrote(Stream::Output, block) => self.output.take(block),
            Seen::Wrote(Stream::Complaint, block) => {
                // It may say as much as it likes.
                self.complaint.extend_from_slice(block);
                let excess = self.complaint.len().saturating_sub(COMPLAINT_BYTES);
                self.complaint.drain(..excess);
            }
            Seen::Closed(Stream::Output) => self.output_closed = Some(Instant::now()),
            Seen::Closed(Stream::Complaint) => self.complaint_closed = true,
            Seen::End => self.ask_whether_left(),
        }
    }

    /// Its output, or why there is none, when that is known: when it has ended, has printed as much as is wanted, or
    /// has had its time; otherwise when it is to be looked at again, whatever is seen.
    pub fn look(&mut self, program: &Program<'_>) -> ControlFlow<Outputs, Instant> {
        let known = self.known(program);
        if known.is_break() {
            self.launch.ended_unix_ns = unix_ns();
        }
        known
    }

    fn known(&mut self, program: &Program<'_>) -> ControlFlow<Outputs, Instant> {
        if self.output.overflow {
            self.end();
            return ControlFlow::Break(self.cut_off(program));
        }
        if !tells_end(&self.child) {
            self.ask_whether_left();
        }
        let now = Instant::now();
        if let Some((status, when)) = self.left {
            if self.output_closed.is_none() && now < when + LINGER {
                return ControlFlow::Continue(when + LINGER);
            }
            // Children that hold the output open, or that were left behind, end with their group.
            self.end();
            let last_words = *self.ended.get_or_insert(now) + LAST_WORDS;
            if !status.success() && !self.complaint_closed && now < last_words {
                return ControlFlow::Continue(last_words);
            }
            return ControlFlow::Break(self.finished(status));
        }
        if self.has_taken(program.timeout) {
            self.end();
            return ControlFlow::Break(Err(CommandError::TimedOut {
                limit: program.timeout,
                bytes: self.output.bytes.len(),
                complaint: self.said(),
            }));
        }
        let closed = self.output_closed.filter(|_| !tells_end(&self.child));
        ControlFlow::Continue(match closed {
            // It is about to leave.
            Some(closed) => now + (now - closed).clamp(LEAVING.0, LEAVING.1),
            None => (self.since + program.timeout).max(now + LEAVING.1),
        })
    }

    fn ask_whether_left(&mut self) {
        if self.left.is_none()
            && let Ok(Some(status)) = self.child.try_wait()
        {
            self.left = Some((status, Instant::now()));
        }
    }

    /// Whether it has run for so long, without the time that it has waited for a processor: a whole wave shares
    /// few of them.
    fn has_taken(&self, limit: Duration) -> bool {
        let since = self.since.elapsed();
        since >= limit && since.saturating_sub(waited(self.child.id())) >= limit
    }

    fn finished(&mut self, status: ExitStatus) -> Outputs {
        if status.success() {
            return Ok(std::mem::take(&mut self.output.bytes));
        }
        Err(match status.code() {
            Some(code) => CommandError::Exited {
                code,
                complaint: self.said(),
            },
            None => CommandError::Killed {
                signal: signal_name(status),
                complaint: self.said(),
            },
        })
    }

    /// The output of a program that printed more than is wanted.
    fn cut_off(&mut self, program: &Program<'_>) -> Outputs {
        if program.enough != Enough::AtEnd && self.output.is_enough() {
            return Ok(std::mem::take(&mut self.output.bytes));
        }
        let limit = program.output_limit;
        Err(match program.enough {
            Enough::Words(wanted) => CommandError::Chatter { limit, wanted },
            Enough::Bytes(_) | Enough::AtEnd => CommandError::TooMuch { limit },
        })
    }

    fn said(&self) -> Complaint {
        Complaint::new(&self.complaint)
    }

    /// Ends the program and everything in its group, and waits for it.
    pub fn end(&mut self) {
        if self.ended.is_some() {
            return;
        }
        self.ended = Some(Instant::now());
        end_group(self.child.id());
        if self.left.is_none() {
            let _ = self.child.kill();
            // It was killed: this does not wait long. An error means that it is gone.
            let _ = self.child.wait();
        }
        live().remove(&self.child.id());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// How long a process has been ready to run and no processor was free; nothing where the system does not say.
#[cfg(target_os = "linux")]
fn waited(process: u32) -> Duration {
    // Time on a processor, time in the queue for one, and how often.
    let text = std::fs::read_to_string(format!("/proc/{process}/schedstat")).unwrap_or_default();
    let queued = text
        .split_whitespace()
        .nth(1)
        .and_then(|ns| ns.parse().ok());
    Duration::from_nanos(queued.unwrap_or(0))
}

#[cfg(not(target_os = "linux"))]
fn waited(_process: u32) -> Duration {
    Duration::ZERO
}

/// What a start executes.
pub(super) fn command(program: &Program<'_>, start: &Start, session: &Session) -> Command {
    let fill = |argument: &OsStr| fill_in(argument, program, start);
    let mut command = Command::new(fill(&program.arguments[0]));
    command
        .args(program.arguments[1..].iter().map(|argument| fill(argument)))
        .current_dir(program.directory.as_deref().unwrap_or(Path::new(".")))
        .env("SEEDBENCH_RUN", start.run.to_string())
        .env("SEEDBENCH_WORKERS", program.workers.to_string())
        .env("SEEDBENCH_WORDS", program.words.to_string());
    for (variable, value) in [
        (
            "SEEDBENCH_WORKER",
            start.worker.map(|worker| worker.to_string()),
        ),
        ("SEEDBENCH_SEED", start.seed.clone()),
    ] {
        match value {
            Some(value) => command.env(variable, value),
            None => command.env_remove(variable),
        };
    }
    session.mark.put(&mut command);
    command
}

fn fill_in(argument: &OsStr, program: &Program<'_>, start: &Start) -> OsString {
    let Some(text) = argument.to_str().filter(|text| text.contains('{')) else {
        return argument.to_owned();
    };
    let mut text = text
        .replace("{run}", &start.run.to_string())
        .replace("{workers}", &program.workers.to_string())
        .replace("{words}", &program.words.to_string());
    if let Some(worker) = start.worker {
        text = text.replace("{worker}", &worker.to_string());
    }
    if let Some(seed) = &start.seed {
        text = text.replace("{seed}", seed);
    }
    text.into()
}
