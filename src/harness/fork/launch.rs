//! The launching program's side of a forked launch.

use std::{
    fs::File,
    io::Read,
    os::{fd::AsFd, unix::process::CommandExt},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use super::{
    order::Order,
    segment::{create, read_records, read_rows, write_owners},
    wire::{GUARD, HELLO, HelperAnswer, Request, SUBCOMMAND, SegmentLayout},
};
use crate::{
    harness::{
        Assignment, Costs, Job, LaunchError, Launched,
        chunks::{Chunks, blank_sites, check_arena, check_workers},
    },
    strategies::Unsupported,
};

/// The most processes one launch forks.
const WORKERS_MAX: u32 = 8192;

/// How long an image may take to say that it is a helper.
const HELLO_LIMIT: Duration = Duration::from_secs(30);

/// How much longer than the launch's limit the helper may take to end its workers.
const GRACE: Duration = Duration::from_secs(10);

pub(crate) fn launch(
    image: &Path,
    job: &Job<'_>,
    arena: &mut [u64],
) -> Result<Launched, LaunchError> {
    check_arena(job, arena)?;
    check_workers(job.workers, WORKERS_MAX, "processes")?;
    let chunks = Chunks::of(job);
    let owners = chunks.owners(job)?;
    let request = Request::new(job, job.assignment == Assignment::Dynamic);

    let start = Instant::now();
    let layout = layout(&request)?;
    let file = create(layout.end)
        .map_err(|error| LaunchError::system("make a file in memory for the workers", error))?;
    if let Some(owners) = &owners {
        write_owners(&file, &layout, owners)
            .map_err(|error| LaunchError::system("write the assignment", error))?;
    }
    let (prepare_ns, workers_ns) = ask(image, &request, &file)?;
    let answered = Instant::now();

    let unreadable = |error| LaunchError::system("read what the workers wrote", error);
    let tasks = job.tasks.get() as usize;
    let records = read_records(&file, &layout, tasks, job.run, job.first_ordinal);
    let records = records.map_err(unreadable)?;
    let order = Order::new(chunks, owners.as_deref());
    let mut sites = blank_sites(job.tasks);
    order.fill_sites(
        &records.workers,
        &records.owners,
        &records.start_unix_ns,
        &mut sites,
    );
    let mut slices = order.slices(arena, layout.row_words);
    read_rows(&file, &layout, &mut slices).map_err(unreadable)?;

    let collect_ns = records.span_ns.min(workers_ns);
    let wall_ns = (answered - start).as_nanos() as u64;
    Ok(Launched {
        sites,
        chunk_workers: records.owners,
        chunk: chunks.size(),
        costs: Costs {
            prepare_ns,
            launch_ns: workers_ns - collect_ns,
            helper_ns: wall_ns.saturating_sub(prepare_ns + workers_ns),
            collect_ns,
            copy_ns: answered.elapsed().as_nanos() as u64,
        },
    })
}

/// The floor that a launch is held against: no strategy runs.
pub(crate) fn bare(image: &Path, job: &Job<'_>) -> Result<Duration, LaunchError> {
    check_workers(job.workers, WORKERS_MAX, "processes")?;
    let request = Request {
        bare: true,
        ..Request::new(job, true)
    };
    let file = create(layout(&request)?.end)
        .map_err(|error| LaunchError::system("make a file in memory for the workers", error))?;
    let (_, workers_ns) = ask(image, &request, &file)?;
    Ok(Duration::from_nanos(workers_ns))
}

fn layout(request: &Request) -> Result<SegmentLayout, LaunchError> {
    SegmentLayout::of(request).ok_or_else(|| LaunchError::Memory {
        needed_bytes: u64::MAX,
        available_bytes: crate::harness::available_bytes().unwrap_or(isize::MAX as u64),
    })
}

/// Starts the helper and listens to it: preparation and workers, in ns.
fn ask(image: &Path, request: &Request, file: &File) -> Result<(u64, u64), LaunchError> {
    if std::env::var_os(GUARD).is_some() {
        return Err(Unsupported {
            reason: "this program runs inside a forked worker or its helper already".into(),
            instead: "launch forked workers from the outermost program".into(),
        }
        .into());
    }
    let text = serde_json::to_string(request)
        .map_err(|error| LaunchError::system("write the request", error))?;
    let shared = file
        .try_clone()
        .map_err(|error| LaunchError::system("share the workers' file", error))?;
    let child = Command::new(image)
        .args([SUBCOMMAND, &text])
        .env(GUARD, "1")
        .stdin(Stdio::from(shared))
        .stdout(Stdio::piped())
        // A group of its own, so that all of it can be ended at once.
        .process_group(0)
        .spawn()
        .map_err(|error| {
            LaunchError::system(format!("start the fork helper {}", image.display()), error)
        })?;
    let mut helper = Helper::new(child)?;

    match helper.line(Instant::now() + HELLO_LIMIT)? {
        Heard::Line(line) if line == HELLO => {}
        Heard::Late => {
            return Err(LaunchError::Helper(format!(
                "nothing within {HELLO_LIMIT:?}"
            )));
        }
        Heard::Line(_) | Heard::End => {
            return Err(Unsupported {
                reason: format!("{} does not serve as a fork helper", image.display()),
                instead: "its main must call this version's seedbench::init() first thing".into(),
            }
            .into());
        }
    }
    // A limit too long to be represented is none: a century stands for it.
    let end = Instant::now()
        .checked_add(request.limit().saturating_add(GRACE))
        .unwrap_or_else(|| Instant::now() + Duration::from_secs(3_000_000_000));
    match helper.line(end)? {
        Heard::Line(line) => {
            let answer: HelperAnswer = serde_json::from_str(&line)
                .map_err(|error| LaunchError::Helper(format!("{line} ({error})")))?;
            let outcome = answer.outcome(request);
            helper.finish()?;
            outcome
        }
        Heard::Late => Err(LaunchError::TimedOut {
            unfinished: request.workers.get(),
            workers: request.workers.get(),
            limit: request.limit(),
        }),
        Heard::End => Err(LaunchError::Helper(format!(
            "nothing; it ended before its workers ({})",
            helper.end()?
        ))),
    }
}

enum Heard {
    Line(String),
    End,
    Late,
}

/// The helper's process. Its whole group is ended when this is dropped before the helper is done.
struct Helper {
    child: Child,
    stdout: ChildStdout,
    heard: Vec<u8>,
    waited: bool,
}

impl Helper {
    fn new(mut child: Child) -> Result<Self, LaunchError> {
        let stdout = child.stdout.take().ok_or_else(|| {
            LaunchError::Helper("nothing; its standard output is not there".into())
        })?;
        Ok(Self {
            child,
            stdout,
            heard: Vec::new(),
            waited: false,
        })
    }

    /// The next line, if it comes before `end`.
    fn line(&mut self, end: Instant) -> Result<Heard, LaunchError> {
        loop {
            if let Some(length) = self.heard.iter().position(|&byte| byte == b'\n') {
                let rest = self.heard.split_off(length + 1);
                let mut line = std::mem::replace(&mut self.heard, rest);
                line.truncate(length);
                return Ok(Heard::Line(String::from_utf8_lossy(&line).into_owned()));
            }
            let left = end.saturating_duration_since(Instant::now());
            let timeout = PollTimeout::try_from(left.saturating_add(Duration::from_millis(1)))
                .unwrap_or(PollTimeout::MAX);
            let mut watched = [PollFd::new(self.stdout.as_fd(), PollFlags::POLLIN)];
            match poll(&mut watched, timeout) {
                Ok(0) if left.is_zero() => return Ok(Heard::Late),
                Ok(0) | Err(Errno::EINTR) => continue,
                Ok(_) => {}
                Err(error) => return Err(LaunchError::system("listen to the fork helper", error)),
            }
            let mut bytes = [0; 4096];
            match self.stdout.read(&mut bytes) {
                Ok(0) => return Ok(Heard::End),
                Ok(length) => self.heard.extend_from_slice(&bytes[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(LaunchError::system("listen to the fork helper", error)),
            }
        }
    }

    /// Waits for a helper that has answered: it ends at once.
    fn finish(mut self) -> Result<(), LaunchError> {
        self.waited = true;
        self.child
            .wait()
            .map_err(|error| LaunchError::system("wait for the fork helper", error))?;
        Ok(())
    }

    /// Ends the group of a helper that has stopped speaking, and says how the helper ended.
    fn end(&mut self) -> Result<std::process::ExitStatus, LaunchError> {
        // Its own status first, if it has ended by itself; it stays a zombie, and its group's number
        // taken, until it is waited for.
        let group = Pid::from_raw(self.child.id().cast_signed());
        // Fails only where nobody of the group is left.
        let _ = killpg(group, Signal::SIGKILL);
        self.waited = true;
        self.child
            .wait()
            .map_err(|error| LaunchError::system("wait for the fork helper", error))
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        if !self.waited {
            // An error is being reported already.
            let _ = self.end();
        }
    }
}
