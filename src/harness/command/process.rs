//! Creates a program's process without a copy of this one's memory.
//!
//! A wave has a thread for every program, and a fork copies the page tables of all of them each time. Here the child
//! runs in the memory of the thread that creates it, on a stack of its own, while that thread is suspended until the
//! child executes its program (`clone` with `CLONE_VM | CLONE_VFORK`, as `posix_spawn` does it); in between it can
//! wait at a gate, which `posix_spawn` cannot be asked for.
#![expect(
    unsafe_code,
    reason = "a process that shares memory until it executes its program can only be created by an unsafe call"
)]

use std::{
    ffi::{CString, OsStr, OsString},
    fs::File,
    io::{self, PipeReader},
    os::{
        fd::{AsFd as _, AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd, RawFd},
        unix::{ffi::OsStrExt as _, process::ExitStatusExt as _},
    },
    process::{Command, ExitStatus},
    ptr,
};

use libc::{c_char, c_int, c_void, pid_t};

use super::gate::Gate;

/// Bytes of the child's stack, beside what its arguments take when a file without an interpreter is handed to the
/// shell. The search along `PATH` keeps one path on it.
const STACK_BYTES: usize = 1 << 14;

/// A program's process, and the pipes of its standard output and error.
#[derive(Debug)]
pub(super) struct Process {
    id: pid_t,
    left: Option<ExitStatus>,
    /// What can be read once it has ended; nothing where the system does not know such descriptors (before Linux 5.2).
    end: Option<OwnedFd>,
    pub stdout: Option<PipeReader>,
    pub stderr: Option<PipeReader>,
}

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

/// All that the child needs, made before it is created: it allocates nothing and takes no lock.
struct Plan<'a> {
    arguments: Vec<*const c_char>,
    environment: Vec<*const c_char>,
    directory: Option<CString>,
    standard: [RawFd; 3],
    handled: &'a [c_int],
    gate: &'a Gate,
    parent: pid_t,
    /// Why the program could not be executed.
    error: c_int,
}

/// Creates a program's process, in a group of its own, which waits at the gate and executes the program when it
/// is released; then this returns. The system ends it with SIGKILL when the calling thread is gone. Its standard
/// input is empty.
///
/// # Errors
/// When there is no room for it, or the program cannot be executed.
pub(super) fn create(
    command: &mut Command,
    surroundings: &Surroundings,
    gate: &Gate,
) -> io::Result<Process> {
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
    let mut plan = Plan {
        arguments: pointers(&arguments),
        environment: pointers(surroundings.but_for(command).chain(&own)),
        directory: directory.transpose()?,
        standard: [null.as_raw_fd(), output.as_raw_fd(), complaint.as_raw_fd()],
        handled: &surroundings.handled,
        gate,
        parent: std::process::id().cast_signed(),
        error: 0,
    };
    let (id, end) = clone(&mut plan)?;
    let mut process = Process {
        id,
        left: None,
        end,
        stdout: Some(stdout),
        stderr: Some(stderr),
    };
    if plan.error == 0 {
        return Ok(process);
    }
    process.wait()?;
    Err(io::Error::from_raw_os_error(plan.error))
}

impl Process {
    pub fn id(&self) -> u32 {
        self.id.cast_unsigned()
    }

    /// How it has ended, if it has.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.reap(libc::WNOHANG)
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> io::Result<()> {
        self.reap(0).map(|_| ())
    }

    /// Ends it, if it has not been waited for.
    pub fn kill(&mut self) -> io::Result<()> {
        use nix::{
            sys::signal::{Signal, kill},
            unistd::Pid,
        };
        match self.left {
            Some(_) => Ok(()),
            None => Ok(kill(Pid::from_raw(self.id), Signal::SIGKILL)?),
        }
    }

    fn reap(&mut self, flags: c_int) -> io::Result<Option<ExitStatus>> {
        while self.left.is_none() {
            let mut status = 0;
            // SAFETY: the status is written to a variable that lives as long as the call.
            match unsafe { libc::waitpid(self.id, &raw mut status, flags) } {
                0 => break,
                -1 => {
                    let error = io::Error::last_os_error();
                    if error.kind() != io::ErrorKind::Interrupted {
                        return Err(error);
                    }
                }
                _ => self.left = Some(ExitStatus::from_raw(status)),
            }
        }
        Ok(self.left)
    }
}

/// What can be read once it has ended; nothing where the system cannot tell.
pub(super) fn end(process: &Process) -> Option<BorrowedFd<'_>> {
    process.end.as_ref().map(|end| end.as_fd())
}

fn clone(plan: &mut Plan<'_>) -> io::Result<(pid_t, Option<OwnedFd>)> {
    let bytes = STACK_BYTES + plan.arguments.len() * size_of::<*const c_char>();
    let mut stack = Vec::<u128>::with_capacity(bytes / size_of::<u128>() + 1);
    // It grows downwards, from an end that is a multiple of 16.
    let top = stack.spare_capacity_mut().as_mut_ptr_range().end;
    let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::CLONE_PIDFD | libc::SIGCHLD;
    let mut end: c_int = -1;
    let mut before = nothing_set();
    // SAFETY: `plan` and `stack` live until the call returns, which is when the child has executed its program or is
    // gone. No signal handler of this process can run in the child: all signals are blocked until the child has put
    // the handlers back. What else the child may do is said at `child`.
    unsafe {
        let mut all = nothing_set();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        let id = libc::clone(
            child,
            top.cast(),
            flags,
            ptr::from_mut(plan).cast(),
            &raw mut end,
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

/// What the child does. It shares the memory of its parent, whose other threads go on: it makes system calls, and
/// writes to nothing but its plan and its stack.
extern "C" fn child(plan: *mut c_void) -> c_int {
    // SAFETY: `clone` hands over the plan, and the thread that owns it is suspended.
    let plan = unsafe { &mut *plan.cast::<Plan<'_>>() };
    let error = execute(plan);
    plan.error = error.raw_os_error().unwrap_or(libc::EIO);
    // SAFETY: this ends the child alone, and runs nothing of its parent's.
    unsafe { libc::_exit(127) }
}

/// Returns only when something fails.
fn execute(plan: &Plan<'_>) -> io::Error {
    let done = |result: c_int| match result {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    };
    let prepared = || {
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
        plan.gate.pass()
    };
    if let Err(error) = prepared() {
        return error;
    }
    // SAFETY: both lists end with a null pointer, and the strings they point to live in the parent.
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
