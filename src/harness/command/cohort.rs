//! Creates the processes of a wave, which wait, and releases them at one moment.
//!
//! A process is created without a copy of this one's memory: it runs in that memory, on a stack of its own, until it
//! executes its program (`clone` with `CLONE_VM`, as `posix_spawn` does it, but the creating thread goes on and creates
//! the next). In between it waits at a gate. What is left of its start then is to execute the program, and the
//! processors share that out among all of the wave.
#![expect(
    unsafe_code,
    reason = "a process that shares memory until it executes its program can only be created by an unsafe call"
)]

use std::{
    ffi::{CString, OsStr, OsString},
    fs::File,
    io::{self, PipeReader, PipeWriter},
    os::{
        fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd, RawFd},
        unix::ffi::OsStrExt as _,
    },
    process::Command,
    ptr,
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
    },
};

use libc::{c_char, c_int, c_void, pid_t};
use nix::poll::{PollFd, PollFlags, poll};

use super::{gate::Gate, process::Process};

/// Bytes of a process's stack, beside what its arguments take when a file without an interpreter is handed to the
/// shell. The search along `PATH` keeps one path on it.
const STACK_BYTES: usize = 1 << 14;

/// How often the processes are looked at that have been released, in milliseconds, where a pipe does not tell.
const LOOK_MS: u8 = 10;

/// What every program is given of this process as it was when an audit began.
#[derive(Debug)]
pub(super) struct Surroundings {
    /// The lines of the environment: that of every program is this with few changes.
    environment: Vec<CString>,
    /// The signals that this process handles, or ignores for the sake of Rust (SIGPIPE): asked once, since a wave
    /// would ask for each of 64 signals in every child.
    handled: Vec<c_int>,
}

impl Surroundings {
    pub fn new() -> Self {
        Self {
            environment: std::env::vars_os()
                .filter_map(|variable| line(variable).ok())
                .collect(),
            handled: handled(),
        }
    }

    /// The lines that stay as they are where the command sets or removes its own variables.
    fn but_for<'a>(&'a self, command: &'a Command) -> impl Iterator<Item = &'a CString> {
        let changed = |line: &CString| {
            let line = line.as_bytes();
            command.get_envs().any(|(name, _)| {
                let rest = line.strip_prefix(name.as_bytes());
                rest.is_some_and(|rest| rest.first() == Some(&b'='))
            })
        };
        self.environment.iter().filter(move |line| !changed(line))
    }
}

/// Processes that were created and wait to be released. Dropped before, they are ended.
pub(super) struct Cohort<'a> {
    surroundings: &'a Surroundings,
    gate: Arc<Gate>,
    waiting: Vec<io::Result<Waiting<'a>>>,
    /// Ends when the last of them has executed its program or is gone: each holds the other end of the pipe, which no
    /// program inherits. A process that something else forked meanwhile may hold it, too.
    gone: PipeReader,
    not_gone: Option<PipeWriter>,
}

/// A process that runs in this one's memory.
struct Waiting<'a> {
    process: Process,
    plan: Box<Plan<'a>>,
    _stack: Vec<u128>,
}

/// All that such a process needs, made before it is created: it allocates nothing and takes no lock.
struct Plan<'a> {
    arguments: Vec<*const c_char>,
    environment: Vec<*const c_char>,
    directory: Option<CString>,
    standard: [RawFd; 3],
    handled: &'a [c_int],
    gate: Arc<Gate>,
    parent: pid_t,
    /// Not 0 while the process runs in this memory: the system makes it 0.
    here: AtomicI32,
    /// Why the program could not be executed.
    error: AtomicI32,
    /// What the arguments and the environment point to, beside the surroundings.
    _texts: [Vec<CString>; 2],
}

impl<'a> Cohort<'a> {
    /// # Errors
    /// When descriptors are short.
    pub fn new(surroundings: &'a Surroundings) -> io::Result<Self> {
        let (gone, not_gone) = io::pipe()?;
        Ok(Self {
            surroundings,
            gate: Arc::new(Gate::new()?),
            waiting: Vec::new(),
            gone,
            not_gone: Some(not_gone),
        })
    }

    /// Creates a program's process, in a group of its own, which waits. The system ends it with SIGKILL when the
    /// calling thread is gone. Its standard input is empty.
    pub fn add(&mut self, command: Command) {
        let waiting = create(&command, self.surroundings, &self.gate);
        self.waiting.push(waiting);
    }

    /// Lets all of them execute their programs, and gives the moment, in nanoseconds since the Unix epoch, and what
    /// became of each, in order: its process, or why it could not be created or its program not executed.
    pub fn release(mut self) -> (u64, Vec<io::Result<Process>>) {
        let count = self.waiting.iter().flatten().count();
        let moment = self.gate.release(count);
        self.outlast();
        let executed = std::mem::take(&mut self.waiting)
            .into_iter()
            .map(|waiting| waiting?.executed());
        (moment, executed.collect())
    }

    /// Waits until no process runs in this one's memory any more.
    fn outlast(&mut self) {
        self.not_gone = None;
        let mut watched = [PollFd::new(self.gone.as_fd(), PollFlags::POLLIN)];
        let is_here = |waiting: &Waiting<'_>| waiting.plan.here.load(Ordering::SeqCst) != 0;
        // Nothing is ever written: what can be read is the end. Interrupted, this looks again.
        while poll(&mut watched, LOOK_MS) != Ok(1) && self.waiting.iter().flatten().any(is_here) {}
    }
}

impl Drop for Cohort<'_> {
    fn drop(&mut self) {
        for waiting in self.waiting.iter_mut().flatten() {
            // An error means that it has gone by itself.
            let _ = waiting.process.kill();
        }
        self.outlast();
        for waiting in self.waiting.iter_mut().flatten() {
            let _ = waiting.process.wait();
        }
    }
}

impl Waiting<'_> {
    fn executed(mut self) -> io::Result<Process> {
        match self.plan.error.load(Ordering::SeqCst) {
            0 => Ok(self.process),
            error => {
                self.process.wait()?;
                Err(io::Error::from_raw_os_error(error))
            }
        }
    }
}

fn create<'a>(
    command: &Command,
    surroundings: &'a Surroundings,
    gate: &Arc<Gate>,
) -> io::Result<Waiting<'a>> {
    let arguments = std::iter::once(command.get_program()).chain(command.get_args());
    let arguments = arguments.map(text).collect::<io::Result<Vec<_>>>()?;
    let own = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    let own = own.map(line).collect::<io::Result<Vec<_>>>()?;
    let directory = command.get_current_dir().map(|path| text(path.as_os_str()));
    let (stdout, output) = io::pipe()?;
    let (stderr, complaint) = io::pipe()?;
    let null = File::open("/dev/null")?;
    let standard = [null.into(), output.into(), complaint.into()].map(above_standard);
    let [null, output, complaint] = standard;
    let (null, output, complaint) = (null?, output?, complaint?);
    let plan = Box::new(Plan {
        arguments: pointers(&arguments),
        environment: pointers(surroundings.but_for(command).chain(&own)),
        directory: directory.transpose()?,
        standard: [null.as_raw_fd(), output.as_raw_fd(), complaint.as_raw_fd()],
        handled: &surroundings.handled,
        gate: gate.clone(),
        parent: std::process::id().cast_signed(),
        here: AtomicI32::new(1),
        error: AtomicI32::new(0),
        _texts: [arguments, own],
    });
    let bytes = STACK_BYTES + plan.arguments.len() * size_of::<*const c_char>();
    let mut stack = Vec::with_capacity(bytes / size_of::<u128>() + 1);
    let (id, end) = clone(&plan, &mut stack)?;
    Ok(Waiting {
        process: Process {
            id,
            left: None,
            end,
            stdout: Some(stdout),
            stderr: Some(stderr),
        },
        plan,
        _stack: stack,
    })
}

/// The plan and the stack must stay where they are until the process has executed its program or is gone.
fn clone(plan: &Plan<'_>, stack: &mut Vec<u128>) -> io::Result<(pid_t, Option<OwnedFd>)> {
    // It grows downwards, from an end that is a multiple of 16.
    let top = stack.spare_capacity_mut().as_mut_ptr_range().end;
    let flags = libc::CLONE_VM | libc::CLONE_PIDFD | libc::CLONE_CHILD_CLEARTID | libc::SIGCHLD;
    let mut end: c_int = -1;
    let mut before = nothing_set();
    // SAFETY: a cohort keeps plan and stack until every process has executed its program or is gone, which the system
    // says. No signal handler of this process can run in the child: all signals are blocked until
    // the child has put the handlers back. What else the child may do is said at `child`.
    unsafe {
        let mut all = nothing_set();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        let id = libc::clone(
            child,
            top.cast(),
            flags,
            ptr::from_ref(plan).cast_mut().cast(),
            &raw mut end,
            ptr::null_mut::<c_void>(),
            plan.here.as_ptr(),
        );
        let error = io::Error::last_os_error();
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut());
        if id < 0 {
            return Err(error);
        }
        // The descriptor was made by this call and has no other owner.
        Ok((id, (end >= 0).then(|| OwnedFd::from_raw_fd(end))))
    }
}

/// What the child does. It shares the memory of its parent, whose threads go on: it makes system calls, and writes to
/// nothing but the error of its plan and its stack. Where one of its calls fails, the number of the error is written
/// where the creating thread keeps its own, too: that thread asks for none while programs are executed.
extern "C" fn child(plan: *mut c_void) -> c_int {
    // SAFETY: `clone` hands over the plan, which outlives this process's time in this memory.
    let plan = unsafe { &*plan.cast::<Plan<'_>>() };
    let error = match prepare(plan) {
        Ok(()) => plan.gate.pass().err().unwrap_or_else(|| execute(plan)),
        Err(error) => {
            plan.gate.stand_in();
            error
        }
    };
    let number = error.raw_os_error().unwrap_or(libc::EIO);
    plan.error.store(number, Ordering::SeqCst);
    // SAFETY: this ends the child alone, and runs nothing of its parent's.
    unsafe { libc::_exit(127) }
}

fn prepare(plan: &Plan<'_>) -> io::Result<()> {
    let done = |result: c_int| match result {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    };
    // SAFETY: these are system calls, on data that the plan holds and on variables of this stack.
    unsafe {
        put_back(plan.handled);
        let nothing = nothing_set();
        done(libc::sigprocmask(
            libc::SIG_SETMASK,
            &raw const nothing,
            ptr::null_mut(),
        ))?;
        done(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL))?;
        // The parent may have gone before the child had said so.
        if libc::getppid() != plan.parent {
            return Err(io::Error::from_raw_os_error(libc::ESRCH));
        }
        done(libc::setpgid(0, 0))?;
        for (target, &source) in (0..).zip(&plan.standard) {
            done(libc::dup2(source, target))?;
        }
        if let Some(directory) = &plan.directory {
            done(libc::chdir(directory.as_ptr()))?;
        }
    }
    Ok(())
}

/// Returns only when the program cannot be executed.
fn execute(plan: &Plan<'_>) -> io::Error {
    // SAFETY: both lists end with a null pointer, and the strings they point to live as long as the plan.
    unsafe {
        libc::execvpe(
            plan.arguments[0],
            plan.arguments.as_ptr(),
            plan.environment.as_ptr(),
        );
    }
    io::Error::last_os_error()
}

/// The signals that this process handles, and SIGPIPE, which it ignores for the sake of Rust.
fn handled() -> Vec<c_int> {
    let is_handled = |&signal: &c_int| {
        // SAFETY: the action is plain memory, into which the handler that is asked for is written.
        let (known, action) = unsafe {
            let mut action = std::mem::zeroed::<libc::sigaction>();
            let asked = libc::sigaction(signal, ptr::null(), &raw mut action);
            (asked == 0, action.sa_sigaction)
        };
        known && (signal == libc::SIGPIPE || !matches!(action, libc::SIG_DFL | libc::SIG_IGN))
    };
    (1..=libc::SIGRTMAX()).filter(is_handled).collect()
}

/// These signals do in the child what they do by default; what the user has ignored stays so.
fn put_back(handled: &[c_int]) {
    for &signal in handled {
        // SAFETY: an action of plain memory is set in the table of the child alone.
        unsafe {
            let mut action = std::mem::zeroed::<libc::sigaction>();
            action.sa_sigaction = libc::SIG_DFL;
            libc::sigaction(signal, &raw const action, ptr::null_mut());
        }
    }
}

fn nothing_set() -> libc::sigset_t {
    // SAFETY: a set of signals is plain memory, and is made empty.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        set
    }
}

fn line((mut name, value): (OsString, OsString)) -> io::Result<CString> {
    name.push("=");
    name.push(value);
    text(&name)
}

fn text(text: &OsStr) -> io::Result<CString> {
    Ok(CString::new(text.as_bytes())?)
}

fn pointers<'a>(texts: impl IntoIterator<Item = &'a CString>) -> Vec<*const c_char> {
    let pointers = texts.into_iter().map(|text| text.as_ptr());
    pointers.chain([ptr::null()]).collect()
}

/// A descriptor that is none of the standard ones, which the child replaces.
fn above_standard(descriptor: OwnedFd) -> io::Result<OwnedFd> {
    if descriptor.as_raw_fd() > 2 {
        return Ok(descriptor);
    }
    let copy = nix::fcntl::fcntl(&descriptor, nix::fcntl::FcntlArg::F_DUPFD_CLOEXEC(3))?;
    // SAFETY: the copy was made here and has no other owner.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}
