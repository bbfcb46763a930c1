//! A process of its own that starts the programs, and outlives whoever asked for them by as long as it
//! takes to end them.
//!
//! The supervisor leads a session of its own, so that what the terminal or a timer sends to the asking
//! process's group does not reach it. It adopts whatever its programs leave behind. When the pipe on which
//! the order came is closed, because the asking process wants no more or is gone, it ends everything it has
//! started and leaves. Should the supervisor itself be killed, the system ends the programs with it (on
//! Linux), but not what they have started: the asking process then ends what still carries the audit's mark.
//!
//! Not covered: asking process and supervisor killed in one moment, for what programs have forked; and a
//! program that changes its user.

use std::{
    io::{self, BufRead, BufReader, Read},
    ops::ControlFlow,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::{
        signal::{Signal, kill},
        wait::{Id, WaitPidFlag, WaitStatus, waitid},
    },
    unistd::Pid,
};

use super::{
    CommandError, Outcome, Program, Start,
    group::{self, lock},
    run_all, run_marked,
    stragglers::Mark,
    wire::{self, SupervisorHeard, SupervisorOrder},
};

/// The hidden subcommand under which a program's own image supervises.
pub(in crate::harness) const SUBCOMMAND: &str = "__supervise";

/// How long a supervisor may take to end everything before it is ended itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// The supervisor that is at work, and the pipe whose end ends it.
static AT_WORK: Mutex<Option<(Pid, ChildStdin)>> = Mutex::new(None);

/// As [`run_all`], by a supervisor started from the image of a program that calls
/// [`init`](crate::harness::init) first thing in `main`. Where it cannot be started, this process does its
/// work.
///
/// # Errors
/// As [`run_all`]; and when the supervisor ends before its work is done.
pub fn supervised(
    image: &Path,
    program: &Program<'_>,
    starts: Vec<Start>,
    mut each: impl FnMut(Outcome) -> ControlFlow<()>,
) -> Result<(), CommandError> {
    let mark = Mark::new();
    let order = SupervisorOrder::new(program, starts, mark.text());
    let Ok(mut supervisor) = Supervisor::start(image, &order) else {
        return run_all(program, order.starts, each);
    };
    loop {
        match wire::hear(&mut supervisor.answers) {
            Ok(SupervisorHeard::Outcome(outcome)) => {
                if each(outcome).is_break() {
                    return Ok(());
                }
            }
            Ok(SupervisorHeard::Refused(error)) => return Err(error),
            Ok(SupervisorHeard::Done) => {
                // It has seen to it that nothing is left.
                mark.let_go();
                return Ok(());
            }
            Err(_) => return Err(CommandError::Unwatched),
        }
    }
}

/// The supervisor as the asking process sees it. Dropped, it has ended everything and is gone.
struct Supervisor {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Supervisor {
    fn start(image: &Path, order: &SupervisorOrder) -> io::Result<Self> {
        let mut child = Command::new(image)
            // A name of its own: who ends programs by name does not end both at once.
            .arg0("audit-supervisor")
            .arg(SUBCOMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let written = serde_json::to_writer(&mut stdin, order)
            .map_err(io::Error::from)
            .and_then(|()| io::Write::write_all(&mut stdin, b"\n"));
        *lock(&AT_WORK) = Some((pid(&child), stdin));
        let supervisor = Self {
            child,
            answers: BufReader::new(stdout),
        };
        written.map(|()| supervisor)
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        dismiss();
        // It has left, or was ended: an error means that somebody has waited for it already.
        let _ = self.child.wait();
    }
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().cast_signed())
}

/// Has the supervisor that is at work end everything, and waits until it is gone.
pub(super) fn dismiss() {
    let Some((supervisor, order)) = lock(&AT_WORK).take() else {
        return;
    };
    drop(order);
    let since = Instant::now();
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT | WaitPidFlag::WNOHANG;
    while matches!(
        waitid(Id::Pid(supervisor), flags),
        Ok(WaitStatus::StillAlive)
    ) {
        if since.elapsed() > PATIENCE {
            // An error means that it has left after all.
            let _ = kill(supervisor, Signal::SIGKILL);
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Supervises, where this program was started to do so, and leaves.
pub(in crate::harness) fn serve() -> ! {
    // Errors here cost protection, and no program: the leader of a group cannot lead a new session.
    let _ = nix::unistd::setsid();
    adopt_orphans();
    let mut order = BufReader::new(io::stdin());
    let mut line = String::new();
    let parsed = order
        .read_line(&mut line)
        .map_err(|_| ())
        .and_then(|_| serde_json::from_str::<SupervisorOrder>(&line).map_err(|_| ()));
    let Ok(mut parsed) = parsed else {
        std::process::exit(1);
    };
    thread::spawn(move || {
        // Nothing more is said: this waits for the end of the pipe.
        let _ = order.read_to_end(&mut Vec::new());
        group::end_all();
        std::process::exit(0);
    });
    let mut stdout = io::stdout().lock();
    let starts = std::mem::take(&mut parsed.starts);
    let mark = Mark::of(std::mem::take(&mut parsed.mark));
    let end = run_marked(
        &parsed.program(),
        starts,
        mark,
        |outcome| match wire::send_outcome(outcome, &mut stdout) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        },
    );
    group::end_all();
    // Nobody listens any more: then nobody misses it.
    let _ = wire::send_end(end, &mut stdout);
    std::process::exit(0);
}

#[cfg(target_os = "linux")]
fn adopt_orphans() {
    // Kernels before 3.4 do not know this; what leaves its group is then found by its mark.
    let _ = nix::sys::prctl::set_child_subreaper(true);
}

#[cfg(not(target_os = "linux"))]
fn adopt_orphans() {}
