//! One program that runs: from its start to its end, however it ends.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
    process::{Command, ExitStatus},
    sync::{Arc, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{
    CommandError, Complaint, Enough, Program, Session, Start,
    gate::Gate,
    group::{end_group, live, signal_name},
    pipe::Pipes,
    process::{self, Process},
};
use crate::{harness::ambient::unix_ns, vocabulary::Launch};

/// How long a program that is silent is not looked at: ever longer, since a whole wave is looked at side by side; the
/// longest where the system tells of its end.
const TICKS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(160));
/// How long the output of a program that has left may stay open before its children are ended.
const LINGER: Duration = Duration::from_millis(300);
/// How long the last words of a program that has failed are waited for.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// A program that has closed its output is about to leave: the first and the longest pause before it
/// is looked at again, where the system does not tell of its end.
const LEAVING: (Duration, Duration) = (Duration::from_micros(20), Duration::from_millis(10));

/// A program that has been started.
pub(super) struct Running {
    child: Process,
    since: Instant,
    launch: Launch,
    left: Option<(ExitStatus, Instant)>,
    pipes: Pipes,
}

impl Running {
    /// Creates the program, which waits at the gate and starts when it is released.
    ///
    /// The thread that calls this must live until the program has ended: the program ends with it.
    pub fn start(
        program: &Program<'_>,
        start: &Start,
        session: &Session,
        gate: &Arc<Gate>,
        wave: u32,
    ) -> Result<Self, CommandError> {
        let mut command = command(program, start);
        session.mark.put(&mut command);
        let mut child =
            process::create(&mut command, &session.surroundings, gate).map_err(|source| {
                CommandError::NotStarted {
                    program: command.get_program().to_string_lossy().into_owned(),
                    source,
                }
            })?;
        live().insert(child.id());
        let pipes = Pipes::of(&mut child, program.enough, program.output_limit);
        let started_unix_ns = gate.released_unix_ns();
        Ok(Self {
            launch: Launch {
                pid: child.id(),
                parent: std::process::id(),
                started_unix_ns,
                ended_unix_ns: started_unix_ns,
                wave,
            },
            child,
            since: Instant::now(),
            left: None,
            pipes,
        })
    }

    /// Waits for its end, or for as much output as is wanted, or for the end of patience.
    pub fn finish(
        &mut self,
        program: &Program<'_>,
        session: &Session,
    ) -> Result<Vec<u8>, CommandError> {
        let output = self.watch(program, session);
        self.launch.ended_unix_ns = unix_ns();
        output
    }

    /// What was seen of it.
    pub fn launch(&self) -> Launch {
        self.launch
    }

    fn watch(&mut self, program: &Program<'_>, session: &Session) -> Result<Vec<u8>, CommandError> {
        let (mut pause, mut tick) = (LEAVING.0, TICKS.0);
        loop {
            if session.stop.load(Ordering::Relaxed) {
                self.end();
                return Err(CommandError::Unwanted);
            }
            if self.pipes.output.overflow {
                self.end();
                return self.cut_off(program);
            }
            if self.left.is_none()
                && let Ok(Some(status)) = self.child.try_wait()
            {
                self.left = Some((status, Instant::now()));
            }
            if let Some((status, when)) = self.left
                && (!self.pipes.output_open() || when.elapsed() >= LINGER)
            {
                // Children that hold the output open, or that were left behind, end with their group.
                self.end();
                return self.finished(status);
            }
            if self.has_taken(program.timeout) {
                self.end();
                return Err(CommandError::TimedOut {
                    limit: program.timeout,
                    bytes: self.pipes.output.bytes.len(),
                    complaint: self.said(),
                });
            }
            let patience = program
                .timeout
                .saturating_sub(self.since.elapsed())
                .max(TICKS.0);
            if self.left.is_none() && self.pipes.wait_or_end(patience.min(TICKS.1), &self.child) {
                continue;
            }
            if self.pipes.output_open() {
                self.pipes.wait(patience.min(tick));
                tick = (2 * tick).min(TICKS.1);
            } else {
                thread::sleep(pause.min(patience));
                pause = (2 * pause).min(LEAVING.1);
                self.pipes.wait(Duration::ZERO);
            }
        }
    }

    /// Whether it has run for so long, without the time that it has waited for a processor: a whole wave shares
    /// few of them.
    fn has_taken(&self, limit: Duration) -> bool {
        let since = self.since.elapsed();
        since >= limit && since.saturating_sub(waited(self.child.id())) >= limit
    }

    fn finished(&mut self, status: ExitStatus) -> Result<Vec<u8>, CommandError> {
        if status.success() {
            return Ok(std::mem::take(&mut self.pipes.output.bytes));
        }
        self.hear_out();
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
    fn cut_off(&mut self, program: &Program<'_>) -> Result<Vec<u8>, CommandError> {
        if program.enough != Enough::AtEnd && self.pipes.output.is_enough() {
            return Ok(std::mem::take(&mut self.pipes.output.bytes));
        }
        let limit = program.output_limit;
        Err(match program.enough {
            Enough::Words(wanted) => CommandError::Chatter { limit, wanted },
            Enough::Bytes(_) | Enough::AtEnd => CommandError::TooMuch { limit },
        })
    }

    /// Waits a moment for the last words of a program that has left.
    fn hear_out(&mut self) {
        let since = Instant::now();
        while self.pipes.complaint_open() && since.elapsed() < LAST_WORDS {
            self.pipes.wait(TICKS.0);
        }
    }

    fn said(&self) -> Complaint {
        Complaint::new(&self.pipes.complaint)
    }

    /// Ends the program and everything in its group, and waits for it.
    fn end(&mut self) {
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
        if self.left.is_none() {
            self.end();
        }
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

fn command(program: &Program<'_>, start: &Start) -> Command {
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
