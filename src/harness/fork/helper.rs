//! The helper image: one thread, which prepares the strategy, forks the workers and waits for them.
#![expect(
    unsafe_code,
    reason = "fork has no safe interface; see each SAFETY note"
)]

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, PipeReader, Write},
    os::fd::AsFd,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        signal::{Signal, kill},
        wait::{WaitStatus, waitpid},
    },
    unistd::{ForkResult, Pid, dup2_stdout, fork},
};

use super::{
    end::{die_with_parent, leave},
    fault,
    segment::Segment,
    wire::{GUARD, HELLO, HelperAnswer, Request, SegmentLayout},
    worker::Crew,
};
use crate::{
    harness::error::panic_message,
    strategies::{Seeder, SeedingStrategy},
};

/// Exit code of a helper that was started by hand.
const USAGE: i32 = 64;

/// Serves one request and ends the process.
pub(crate) fn serve(registry: &[&dyn SeedingStrategy], request: Option<&OsStr>) -> ! {
    let code = match answer_request(registry, request) {
        Ok(()) => 0,
        Err(error) => {
            // Nobody listens on standard output; what remains is to say why on the other one.
            let _ = writeln!(
                io::stderr(),
                "seedbench: error: the fork helper failed: {error}"
            );
            USAGE
        }
    };
    leave(code)
}

fn answer_request(registry: &[&dyn SeedingStrategy], request: Option<&OsStr>) -> io::Result<()> {
    if std::env::var_os(GUARD).is_none() {
        return Err(io::Error::other(
            "this subcommand is for seedbench's own use",
        ));
    }
    // Messages of panics travel in the answer.
    std::panic::set_hook(Box::new(|_| {}));
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    // Strategies that print must not speak in the answer's place.
    let mut line = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    dup2_stdout(File::options().write(true).open("/dev/null")?)?;
    writeln!(line, "{HELLO}")?;
    die_with_parent()?;

    let answer = launch(registry, request, &file, &line);
    writeln!(line, "{}", serde_json::to_string(&answer)?)
}

fn launch(
    registry: &[&dyn SeedingStrategy],
    request: Option<&OsStr>,
    file: &File,
    line: &File,
) -> HelperAnswer {
    let misunderstood = |message: String| HelperAnswer::Misunderstood { message };
    let request: Request = match request.and_then(OsStr::to_str).map(serde_json::from_str) {
        Some(Ok(request)) => request,
        Some(Err(error)) => return misunderstood(format!("the request cannot be read: {error}")),
        None => return misunderstood("there is no request".into()),
    };
    let end = Instant::now().checked_add(request.limit());
    let Some(layout) = SegmentLayout::of(&request) else {
        return misunderstood("the request does not fit an address space".into());
    };
    if let Some(threads) = threads_of_this_process().filter(|&threads| threads != 1) {
        return misunderstood(format!(
            "{threads} threads run already; call seedbench::init() first thing in main"
        ));
    }
    let segment = match Segment::map(file, layout) {
        Ok(segment) => segment,
        Err(error) => return HelperAnswer::system("map the shared file", error),
    };
    if request.bare {
        return bare(&request, &segment);
    }
    let strategy = registry
        .iter()
        .copied()
        .find(|strategy| strategy.spec().id == request.strategy)
        .or_else(|| fault::find(&request.strategy));
    let Some(strategy) = strategy else {
        return HelperAnswer::Unsupported {
            reason: format!(
                "the helper image does not know strategy `{}`",
                request.strategy
            ),
            instead: "call seedbench::init_with(registry) with it first thing in the helper's main"
                .into(),
        };
    };

    let start = Instant::now();
    let prepared = catch_unwind(AssertUnwindSafe(|| {
        strategy.prepare(request.root, request.tasks)
    }));
    let seeder = match prepared {
        Ok(Ok(seeder)) => seeder,
        Ok(Err(unsupported)) => {
            return HelperAnswer::Unsupported {
                reason: unsupported.reason,
                instead: unsupported.instead,
            };
        }
        Err(payload) => {
            return HelperAnswer::Panicked {
                place: "its preparation".into(),
                message: panic_message(&*payload),
            };
        }
    };
    let prepare_ns = start.elapsed().as_nanos() as u64;
    match run(&request, &segment, seeder.as_ref(), line, end) {
        Ok(workers_ns) => HelperAnswer::Done {
            prepare_ns,
            workers_ns,
        },
        Err(answer) => answer,
    }
}

#[cfg(target_os = "linux")]
fn threads_of_this_process() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/task").ok()?.count())
}

#[cfg(not(target_os = "linux"))]
fn threads_of_this_process() -> Option<usize> {
    None
}

/// Forks the workers, waits for them, and returns what that took in ns.
fn run(
    request: &Request,
    segment: &Segment,
    seeder: &dyn Seeder,
    line: &File,
    end: Option<Instant>,
) -> Result<u64, HelperAnswer> {
    let crew = Crew::new(request, segment, seeder);
    let helper = Pid::this();
    // Every worker holds the writing end until it ends, however it ends.
    let (ended, ends) = io::pipe().map_err(|error| HelperAnswer::system("make a pipe", error))?;
    let mut gate = None;
    if request.dynamic {
        gate = Some(io::pipe().map_err(|error| HelperAnswer::system("make a pipe", error))?);
    }
    let workers = request.workers.get();
    let mut pids: Vec<Pid> = Vec::with_capacity(workers as usize);
    let start = Instant::now();
    for worker in 0..workers {
        // SAFETY: this process has one thread (checked in `launch`), so the child inherits a
        // consistent heap and may run any code.
        match unsafe { fork() } {
            Ok(ForkResult::Parent { child }) => pids.push(child),
            Ok(ForkResult::Child) => {
                drop(ended);
                crew.be_worker(worker, helper, gate);
            }
            Err(error) => {
                end_all(&pids);
                let what = format!("fork worker {worker} of {workers}");
                return Err(HelperAnswer::system(what, error));
            }
        }
    }
    drop(ends);
    // Closing the last writing end lets the workers of a dynamic assignment begin.
    drop(gate);
    match wait_until_ended(&ended, line, end) {
        Waited::Ended => {}
        Waited::Late => {
            let unfinished = (0..workers)
                .filter(|&worker| !segment.finished(worker))
                .count();
            end_all(&pids);
            return Err(HelperAnswer::TimedOut {
                unfinished: unfinished as u32,
            });
        }
        Waited::Abandoned => {
            end_all(&pids);
            leave(0);
        }
    }
    let faults: Vec<HelperAnswer> = pids
        .iter()
        .zip(0..)
        .filter_map(|(&pid, worker)| reap(segment, pid, worker))
        .collect();
    let workers_ns = start.elapsed().as_nanos() as u64;
    if let Some((worker, message)) = segment.panic() {
        return Err(HelperAnswer::Panicked {
            place: format!("worker {worker}"),
            message,
        });
    }
    // A worker that a signal ended says more than one that left because of it.
    let killed = faults
        .iter()
        .position(|fault| matches!(fault, HelperAnswer::Killed { .. }));
    match faults.into_iter().nth(killed.unwrap_or(0)) {
        Some(fault) => Err(fault),
        None => Ok(workers_ns),
    }
}

enum Waited {
    /// No worker runs any more.
    Ended,
    /// Some still run, and their time is over.
    Late,
    /// Nobody waits for the answer any more.
    Abandoned,
}

fn wait_until_ended(ended: &PipeReader, line: &File, end: Option<Instant>) -> Waited {
    loop {
        let left = end.map_or(Duration::MAX, |end| {
            end.saturating_duration_since(Instant::now())
        });
        // Rounded up: a poll that returns early would spin.
        let timeout = PollTimeout::try_from(left.saturating_add(Duration::from_millis(1)))
            .unwrap_or(PollTimeout::MAX);
        let mut watched = [
            PollFd::new(ended.as_fd(), PollFlags::POLLIN),
            // Errors are reported without being asked for: the reader of the pipe has gone.
            PollFd::new(line.as_fd(), PollFlags::empty()),
        ];
        match poll(&mut watched, timeout) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return Waited::Abandoned,
        }
        let happened = |watched: &PollFd<'_>| watched.any() == Some(true);
        if happened(&watched[0]) {
            return Waited::Ended;
        }
        if happened(&watched[1]) {
            return Waited::Abandoned;
        }
        if left.is_zero() {
            return Waited::Late;
        }
    }
}

/// Waits for a worker that has ended; `Some` if that was not as it should.
fn reap(segment: &Segment, pid: Pid, worker: u32) -> Option<HelperAnswer> {
    let status = wait_for(pid);
    let tasks_done = segment.tasks_done(worker);
    let pid = pid.as_raw().unsigned_abs();
    match status {
        Ok(WaitStatus::Exited(_, 0)) if segment.finished(worker) => None,
        Ok(WaitStatus::Exited(_, code)) => Some(HelperAnswer::Exited {
            worker,
            pid,
            code,
            tasks_done,
        }),
        Ok(WaitStatus::Signaled(_, signal, _)) => Some(HelperAnswer::Killed {
            worker,
            pid,
            signal: signal.as_str().to_owned(),
            tasks_done,
        }),
        Ok(_) => Some(HelperAnswer::Misunderstood {
            message: format!("worker {worker} has a state that is no end"),
        }),
        Err(error) => Some(HelperAnswer::system(
            format!("wait for worker {worker}"),
            error,
        )),
    }
}

fn wait_for(pid: Pid) -> nix::Result<WaitStatus> {
    loop {
        match waitpid(pid, None) {
            Err(Errno::EINTR) => {}
            done => return done,
        }
    }
}

/// Ends workers that have not been waited for, and waits for them: none is left, none is a zombie.
fn end_all(pids: &[Pid]) {
    for &pid in pids {
        // Fails only for those that have ended already.
        let _ = kill(pid, Signal::SIGKILL);
    }
    for &pid in pids {
        let _ = wait_for(pid);
    }
}

/// The floor: forked processes that write their rows and leave, and are waited for.
fn bare(request: &Request, segment: &Segment) -> HelperAnswer {
    let (workers, tasks) = (request.workers.get(), request.tasks.get());
    let start = Instant::now();
    let mut pids = Vec::with_capacity(workers as usize);
    for worker in 0..workers {
        let share =
            |worker: u32| (u64::from(tasks) * u64::from(worker) / u64::from(workers)) as u32;
        // SAFETY: this process has one thread (checked in `launch`).
        match unsafe { fork() } {
            Ok(ForkResult::Parent { child }) => pids.push(child),
            Ok(ForkResult::Child) => {
                // SAFETY: the shares of two workers never meet.
                unsafe { segment.rows(share(worker)..share(worker + 1)) }.fill(u64::from(worker));
                leave(0);
            }
            Err(error) => {
                end_all(&pids);
                return HelperAnswer::system(format!("fork worker {worker} of {workers}"), error);
            }
        }
    }
    for pid in pids {
        if let Err(error) = wait_for(pid) {
            return HelperAnswer::system("wait for a worker", error);
        }
    }
    HelperAnswer::Done {
        prepare_ns: 0,
        workers_ns: start.elapsed().as_nanos() as u64,
    }
}
