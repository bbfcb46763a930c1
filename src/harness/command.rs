//! Starts a program of any language once for every worker and run, and keeps what it prints.
//!
//! Programs run a few at a time, each in a process group of its own. Whatever a program does, it
//! costs its own output only: one that hangs, is killed, never stops writing or leaves children that
//! hold its output open is ended with its whole group, and named.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    io::Read,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

/// How often programs that are silent are looked at.
const TICK: Duration = Duration::from_millis(20);
/// How long the output of a program that has left may stay open before its children are ended.
const LINGER: Duration = Duration::from_millis(300);
/// How long a program that has closed its output is waited for without looking at others.
const LEAVE: Duration = Duration::from_millis(20);
/// How much of a program's complaints is kept.
const COMPLAINT_BYTES: usize = 4096;

/// One start of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The run, from 0.
    pub run: u32,
    /// The worker; `None` where the program starts its own.
    pub worker: Option<u32>,
    /// The seed that the program is given.
    pub seed: Option<String>,
}

/// A program and what every start of it is told.
#[derive(Clone, Debug)]
pub struct Program<'a> {
    /// The program and its arguments; `{run}`, `{worker}`, `{workers}`, `{words}` and `{seed}` in
    /// them are filled in.
    pub arguments: &'a [OsString],
    /// How many workers a run has, told as `SEEDBENCH_WORKERS`.
    pub workers: u32,
    /// How many numbers are wanted of each start, told as `SEEDBENCH_WORDS`.
    pub words: u64,
    /// When its output is enough: what comes after is not waited for.
    pub enough: Enough,
    /// How long one start may take.
    pub timeout: Duration,
    /// How many bytes one start may print.
    pub output_limit: usize,
    /// How many run at once.
    pub at_once: usize,
}

/// When a program has printed enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enough {
    /// After so many bytes.
    Bytes(usize),
    /// After so many words of text, separated by blanks.
    Words(u64),
    /// When it ends by itself.
    AtEnd,
}

/// Why a start gave no output.
#[derive(Debug, thiserror::Error)]
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
    /// It printed more than can be kept.
    #[error("printed more than {limit} bytes and was ended; ask it for fewer numbers")]
    TooMuch {
        /// The limit.
        limit: usize,
    },
}

/// The last line that a program wrote to its standard error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaint(String);

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, "; it said: {}", self.0)
        }
    }
}

/// Runs every start, a few at once, and hands each one's output to `each` as it comes in.
///
/// # Errors
/// When no program is named, or the first start fails: then no other would succeed either.
pub fn run_all(
    program: &Program<'_>,
    starts: Vec<Start>,
    mut each: impl FnMut(Start, Result<Vec<u8>, CommandError>),
) -> Result<(), CommandError> {
    if program.arguments.is_empty() {
        return Err(CommandError::Nothing);
    }
    let (sender, events) = mpsc::channel();
    let mut waiting = starts.into_iter();
    let mut running: Vec<Running> = Vec::new();
    let mut started = 0u64;
    loop {
        while running.len() < program.at_once.max(1) {
            let Some(start) = waiting.next() else { break };
            match spawn(program, start.clone(), started, &sender) {
                Ok(one) => running.push(one),
                // The missing program is missing for all.
                Err(error) if started == 0 => return Err(error),
                Err(error) => each(start, Err(error)),
            }
            started += 1;
        }
        if running.is_empty() {
            return Ok(());
        }
        match events.recv_timeout(TICK) {
            Ok(number) => {
                if let Some(one) = running.iter_mut().find(|one| one.number == number) {
                    one.closed = true;
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        let mut at = 0;
        while at < running.len() {
            match running[at].look(program) {
                Some(result) => {
                    let one = running.swap_remove(at);
                    each(one.start.clone(), result);
                }
                None => at += 1,
            }
        }
    }
}

/// What a reader has taken from a pipe so far.
#[derive(Default)]
struct Pipe {
    bytes: Vec<u8>,
    /// More has come than is wanted.
    overflow: bool,
}

/// A program that has been started.
struct Running {
    start: Start,
    number: u64,
    child: Child,
    since: Instant,
    left: Option<(ExitStatus, Instant)>,
    output: Arc<Mutex<Pipe>>,
    complaint: Arc<Mutex<Pipe>>,
    /// Whether its output has ended, or as much as is wanted of it has come.
    closed: bool,
}

impl Running {
    /// Whether it is done, and with what.
    fn look(&mut self, program: &Program<'_>) -> Option<Result<Vec<u8>, CommandError>> {
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

fn spawn(
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
    if let Some(pipe) = child.stderr.take() {
        let shared = Arc::clone(&complaint);
        thread::spawn(move || read_complaint(pipe, &shared));
    }
    Ok(Running {
        start,
        number,
        child,
        since: Instant::now(),
        left: None,
        output,
        complaint,
        closed: false,
    })
}

/// Reads until the end, or until there is more than enough.
fn read_output(mut pipe: impl Read, shared: &Mutex<Pipe>, enough: Enough, limit: usize) {
    let mut block = vec![0u8; 1 << 16];
    let mut words = WordCount::default();
    loop {
        let read = match pipe.read(&mut block) {
            Ok(0) => return,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        let mut kept = lock(shared);
        let room = limit - kept.bytes.len();
        let fits = read.min(room);
        kept.bytes.extend_from_slice(&block[..fits]);
        words.add(&block[..fits]);
        let done = match enough {
            Enough::Bytes(bytes) => kept.bytes.len() > bytes,
            Enough::Words(count) => words.count > count,
            Enough::AtEnd => false,
        };
        if done || fits < read {
            kept.overflow = true;
            return;
        }
    }
}

/// Whether the output holds as much as is wanted.
fn is_enough(bytes: &[u8], enough: Enough) -> bool {
    match enough {
        Enough::Bytes(wanted) => bytes.len() >= wanted,
        Enough::Words(wanted) => {
            let mut words = WordCount::default();
            words.add(bytes);
            words.count > wanted
        }
        Enough::AtEnd => true,
    }
}

/// Counts words as they start: when one more than wanted starts, the wanted ones are complete.
#[derive(Default)]
struct WordCount {
    count: u64,
    inside: bool,
}

impl WordCount {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let inside = !byte.is_ascii_whitespace();
            self.count += u64::from(inside && !self.inside);
            self.inside = inside;
        }
    }
}

/// Keeps the end of what the program says, and lets it say as much as it likes.
fn read_complaint(mut pipe: impl Read, shared: &Mutex<Pipe>) {
    let mut block = [0u8; COMPLAINT_BYTES];
    loop {
        match pipe.read(&mut block) {
            Ok(0) => return,
            Ok(read) => {
                let mut kept = lock(shared);
                kept.bytes.extend_from_slice(&block[..read]);
                let excess = kept.bytes.len().saturating_sub(COMPLAINT_BYTES);
                kept.bytes.drain(..excess);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
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

/// The process groups of programs that run now.
static LIVE: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn live() -> MutexGuard<'static, BTreeSet<u32>> {
    lock(&LIVE)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept here is whole at every moment, so a panic elsewhere spoils nothing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends every program that runs now. For the moment in which the user interrupts.
pub fn end_all() {
    for group in std::mem::take(&mut *live()) {
        end_group(group);
    }
}

#[cfg(unix)]
fn end_group(leader: u32) {
    use nix::{sys::signal, unistd::Pid};
    if let Ok(leader) = i32::try_from(leader) {
        // A group whose members have all left is no error.
        let _ = signal::killpg(Pid::from_raw(leader), signal::Signal::SIGKILL);
    }
}

/// Without process groups the program itself is all that can be ended.
#[cfg(not(unix))]
fn end_group(_leader: u32) {}

#[cfg(unix)]
fn signal_name(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    status.signal().map_or_else(
        || "unknown".into(),
        |number| {
            nix::sys::signal::Signal::try_from(number)
                .map_or_else(|_| number.to_string(), |signal| signal.to_string())
        },
    )
}

#[cfg(not(unix))]
fn signal_name(_status: ExitStatus) -> String {
    "unknown".into()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn program(arguments: &[OsString]) -> Program<'_> {
        Program {
            arguments,
            workers: 3,
            words: 2,
            enough: Enough::Words(2),
            timeout: Duration::from_secs(10),
            output_limit: 1 << 16,
            at_once: 2,
        }
    }

    fn starts(count: u32) -> Vec<Start> {
        (0..count)
            .map(|worker| Start {
                run: 0,
                worker: Some(worker),
                seed: None,
            })
            .collect()
    }

    fn shell(script: &str) -> Vec<OsString> {
        ["sh", "-c", script].map(OsString::from).to_vec()
    }

    fn run(
        script: &str,
        change: impl FnOnce(&mut Program<'_>),
    ) -> Vec<Result<String, CommandError>> {
        let arguments = shell(script);
        let mut program = program(&arguments);
        change(&mut program);
        let mut results: Vec<(u32, Result<String, CommandError>)> = Vec::new();
        run_all(&program, starts(3), |start, output| {
            let text = output.map(|bytes| String::from_utf8(bytes).unwrap());
            results.push((start.worker.unwrap(), text));
        })
        .unwrap();
        results.sort_by_key(|(worker, _)| *worker);
        results.into_iter().map(|(_, result)| result).collect()
    }

    #[test]
    fn every_worker_is_told_who_it_is() {
        let outputs = run(
            "echo $SEEDBENCH_WORKER/$SEEDBENCH_WORKERS {worker} ${SEEDBENCH_WORDS}{run}",
            |program| program.enough = Enough::AtEnd,
        );
        let texts: Vec<String> = outputs.into_iter().map(Result::unwrap).collect();
        assert_eq!(texts, ["0/3 0 20\n", "1/3 1 20\n", "2/3 2 20\n"]);
    }

    #[test]
    fn one_bad_worker_leaves_the_others_alone() {
        let outputs = run(
            "case {worker} in 1) echo oops >&2; exit 3;; 2) kill -9 $$;; *) echo 7;; esac",
            |_| {},
        );
        assert_eq!(outputs[0].as_ref().unwrap(), "7\n");
        let error = outputs[1].as_ref().unwrap_err().to_string();
        assert_eq!(error, "left with code 3; it said: oops");
        let error = outputs[2].as_ref().unwrap_err().to_string();
        assert_eq!(error, "was ended by signal SIGKILL");
    }

    #[test]
    fn endless_output_is_cut_when_there_is_enough() {
        // Deaf to the closed pipe, too.
        let outputs = run("trap '' PIPE; while :; do echo 5; done 2>/dev/null", |_| {});
        assert!(
            outputs
                .iter()
                .all(|output| output.as_ref().unwrap().starts_with("5\n5\n"))
        );
        let outputs = run("while :; do echo 5; done", |program| {
            program.enough = Enough::AtEnd;
        });
        assert!(matches!(
            outputs[0],
            Err(CommandError::TooMuch { limit: 65_536 })
        ));
    }

    #[test]
    fn silence_ends_at_the_limit_and_leaves_no_orphan() {
        let marker = format!("{}", 86_000 + std::process::id());
        let outputs = run(&format!("sleep {marker} & sleep {marker}"), |program| {
            program.timeout = Duration::from_millis(200);
        });
        assert!(matches!(outputs[0], Err(CommandError::TimedOut { .. })));
        let left = Command::new("sh")
            .args(["-c", &format!("ps ax -o args | grep -c '^sleep {marker}'")])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&left.stdout).trim(), "0");
    }

    #[test]
    fn grandchildren_do_not_hold_the_audit_up() {
        let before = Instant::now();
        let outputs = run("echo 1; sleep 60 & exit 0", |program| {
            program.timeout = Duration::from_secs(50);
        });
        assert_eq!(outputs[0].as_ref().unwrap(), "1\n");
        assert!(before.elapsed() < Duration::from_secs(40));
    }

    #[test]
    fn a_missing_program_is_said_once() {
        let arguments = [OsString::from("/no/such/program")];
        let error = run_all(&program(&arguments), starts(3), |_, _| {}).unwrap_err();
        assert!(error.to_string().contains("/no/such/program"));
    }
}
