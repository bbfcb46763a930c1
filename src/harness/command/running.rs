//! One program that runs: from its start to its end, however it ends.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc::Sender},
    thread,
    time::{Duration, Instant},
};

use super::{
    CommandError, Complaint, Enough, Program, Start,
    group::{end_group, live, signal_name},
    pipe::{Pipe, is_enough, lock, read_complaint, read_output},
};

/// How long the output of a program that has left may stay open before its children are ended.
const LINGER: Duration = Duration::from_millis(300);
/// How long a program that has closed its output is waited for without looking at others.
const LEAVE: Duration = Duration::from_millis(20);

/// How long the last words of a program that has failed are waited for.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// A program that has been started.
pub(super) struct Running {
    pub start: Start,
    pub number: u64,
    child: Child,
    since: Instant,
    left: Option<(ExitStatus, Instant)>,
    output: Arc<Mutex<Pipe>>,
    complaint: Arc<Mutex<Pipe>>,
    complaint_reader: Option<thread::JoinHandle<()>>,
    /// Whether its output has ended, or as much as is wanted of it has come.
    pub closed: bool,
}

impl Running {
    /// Whether it is done, and with what.
    pub fn look(&mut self, program: &Program<'_>) -> Option<Result<Vec<u8>, CommandError>> {
        if self.closed && lock(&self.output).overflow {
            self.end();
            return Some(self.cut_off(program));
        }
        if self.left.is_none() {
            let patience = Instant::now() + if self.closed { LEAVE } else { Duration::ZERO };
            loop {
                match self.child.try_wait() {
                    Ok(Some(status)) => {
                        self.left = Some((status, Instant::now()));
                        break;
                    }
                    Ok(None) if Instant::now() < patience => {
                        thread::sleep(Duration::from_micros(100));
                    }
                    Ok(None) | Err(_) => break,
                }
            }
        }
        if let Some((status, when)) = self.left {
            if !self.closed && when.elapsed() < LINGER {
                return None;
            }
            // Children that hold the output open, or that were left behind, end with their group.
            self.end();
            return Some(self.finished(status));
        }
        if self.since.elapsed() >= program.timeout {
            self.end();
            return Some(Err(CommandError::TimedOut {
                limit: program.timeout,
                bytes: lock(&self.output).bytes.len(),
                complaint: self.said(),
            }));
        }
        None
    }

    fn finished(&self, status: ExitStatus) -> Result<Vec<u8>, CommandError> {
        if status.success() {
            return Ok(std::mem::take(&mut lock(&self.output).bytes));
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
    fn cut_off(&self, program: &Program<'_>) -> Result<Vec<u8>, CommandError> {
        match program.enough {
            Enough::AtEnd => Err(CommandError::TooMuch {
                limit: program.output_limit,
            }),
            Enough::Words(_) | Enough::Bytes(_) => {
                let bytes = std::mem::take(&mut lock(&self.output).bytes);
                if is_enough(&bytes, program.enough) {
                    Ok(bytes)
                } else {
                    Err(CommandError::TooMuch {
                        limit: program.output_limit,
                    })
                }
            }
        }
    }

    /// Waits a moment for the last words of a program that has left.
    fn hear_out(&self) {
        let since = Instant::now();
        while self
            .complaint_reader
            .as_ref()
            .is_some_and(|reader| !reader.is_finished())
            && since.elapsed() < LAST_WORDS
        {
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn said(&self) -> Complaint {
        let pipe = lock(&self.complaint);
        let text = String::from_utf8_lossy(&pipe.bytes);
        let last = text.lines().rev().find(|line| !line.trim().is_empty());
        let clean = |c: char| if c.is_control() { ' ' } else { c };
        Complaint(
            last.unwrap_or_default()
                .trim()
                .chars()
                .map(clean)
                .take(200)
                .collect(),
        )
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

pub(super) fn spawn(
    program: &Program<'_>,
    start: Start,
    number: u64,
    sender: &Sender<u64>,
) -> Result<Running, CommandError> {
    let fill = |argument: &OsStr| fill_in(argument, program, &start);
    let name = fill(&program.arguments[0]);
    let mut command = Command::new(&name);
    command
        .args(program.arguments[1..].iter().map(|argument| fill(argument)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
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
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|source| CommandError::NotStarted {
        program: name.to_string_lossy().into_owned(),
        source,
    })?;
    live().insert(child.id());
    let output = Arc::new(Mutex::new(Pipe::default()));
    let complaint = Arc::new(Mutex::new(Pipe::default()));
    if let Some(pipe) = child.stdout.take() {
        let (shared, sender) = (Arc::clone(&output), sender.clone());
        let (enough, limit) = (program.enough, program.output_limit);
        thread::spawn(move || {
            read_output(pipe, &shared, enough, limit);
            // Nobody listens any more when the program was ended.
            let _ = sender.send(number);
        });
    }
    let complaint_reader = child.stderr.take().map(|pipe| {
        let shared = Arc::clone(&complaint);
        thread::spawn(move || read_complaint(pipe, &shared))
    });
    Ok(Running {
        start,
        number,
        child,
        since: Instant::now(),
        left: None,
        output,
        complaint,
        complaint_reader,
        closed: false,
    })
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
