//! Children that left their program's process group (daemons, `setsid`), found by a variable that
//! everything a program starts inherits, or as descendants of a process that adopts orphans.

use std::{
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

const VARIABLE: &str = "SEEDBENCH_START";

/// Marks the programs of one audit. Whatever still carries the mark when it is dropped is ended.
#[derive(Debug)]
pub(super) struct Mark(String);

impl Mark {
    /// A mark that no other audit has, in this process or another.
    pub fn new() -> Self {
        static AUDITS: AtomicU64 = AtomicU64::new(0);
        let audit = AUDITS.fetch_add(1, Ordering::Relaxed);
        Self(format!("{}{audit};", of_process()))
    }

    /// The same mark, in the process that starts the programs.
    pub fn of(text: String) -> Self {
        Self(text)
    }

    /// The mark as text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The variable that everything which carries the mark has.
    #[cfg(target_os = "linux")]
    pub fn variable(&self) -> String {
        format!("{VARIABLE}={}", self.0)
    }

    /// Nothing carries the mark any more, or it may go on.
    pub fn let_go(self) {
        std::mem::forget(self);
    }

    /// Marks a program that is about to be started.
    pub fn put(&self, command: &mut Command) {
        command.env(VARIABLE, &self.0);
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        end_marked(&self.0);
    }
}

/// What all marks of this process start with.
fn of_process() -> &'static str {
    static START: OnceLock<String> = OnceLock::new();
    START.get_or_init(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        format!(
            "{}-{}-",
            std::process::id(),
            now.unwrap_or_default().as_nanos()
        )
    })
}

/// Ends the stragglers of every audit of this process, and its descendants.
pub(super) fn end_all() {
    end_marked(of_process());
    end_descendants();
}

/// Whether nothing can be left: this process adopts orphans, so that whatever its programs have left behind is its
/// child, and it has none.
#[cfg(target_os = "linux")]
fn none_left() -> bool {
    use nix::{
        errno::Errno,
        sys::wait::{Id, WaitPidFlag, waitid},
    };
    let look =
        WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT | WaitPidFlag::__WALL;
    nix::sys::prctl::get_child_subreaper() == Ok(true)
        && waitid(Id::All, look) == Err(Errno::ECHILD)
}

/// Ends every process whose mark starts so.
#[cfg(target_os = "linux")]
fn end_marked(start: &str) {
    if none_left() {
        return;
    }
    let marked = format!("{VARIABLE}={start}");
    end_while_found(|| {
        // A process that is gone, or another user's, cannot be read and is none of ours.
        let carries = |process: &i32| {
            let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
            environment
                .split(|&byte| byte == 0)
                .any(|variable| variable.starts_with(marked.as_bytes()))
        };
        processes().into_iter().filter(carries).collect()
    });
}

/// Ends the descendants of a process that adopts orphans: those of its programs, whatever they have done to
/// their group, their session and their environment. Elsewhere children may be nobody's stragglers.
#[cfg(target_os = "linux")]
fn end_descendants() {
    if nix::sys::prctl::get_child_subreaper() != Ok(true) || none_left() {
        return;
    }
    end_while_found(|| {
        let all: Vec<(i32, i32, bool)> = processes()
            .into_iter()
            .filter_map(|process| {
                let (parent, runs) = parent(process)?;
                Some((process, parent, runs))
            })
            .collect();
        let mut found = vec![(std::process::id().cast_signed(), false)];
        let mut next = 0;
        while let Some(&(ancestor, _)) = found.get(next) {
            let children = all.iter().filter(|(_, parent, _)| *parent == ancestor);
            found.extend(children.map(|&(process, _, runs)| (process, runs)));
            next += 1;
        }
        let running = found.into_iter().filter(|(_, runs)| *runs);
        running.map(|(process, _)| process).collect()
    });
}

#[cfg(target_os = "linux")]
fn processes() -> Vec<i32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// The parent of a process, and whether it runs, or has ended and is not yet waited for.
#[cfg(target_os = "linux")]
fn parent(process: i32) -> Option<(i32, bool)> {
    // pid (name) state parent …, and a name may hold anything.
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = stat[stat.rfind(')')? + 1..].split_whitespace();
    let runs = !matches!(fields.next()?, "Z" | "X");
    Some((fields.next()?.parse().ok()?, runs))
}

/// Ends what is found, until twice nothing is: what is ended may have started another a moment before, and
/// one whose parent ends while the list is read may stand in it below nobody.
#[cfg(target_os = "linux")]
fn end_while_found(find: impl Fn() -> Vec<i32>) {
    use nix::{
        sys::signal::{Signal, kill},
        unistd::Pid,
    };
    let mut nothing = 0;
    for _ in 0..256 {
        let found = find();
        for &process in &found {
            // An error means that it has gone by itself.
            let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
        }
        nothing = if found.is_empty() { nothing + 1 } else { 0 };
        if nothing == 2 {
            return;
        }
        std::thread::yield_now();
    }
}

/// Without a list of processes and their variables, only the group is ended.
#[cfg(not(target_os = "linux"))]
fn end_marked(_start: &str) {}

#[cfg(not(target_os = "linux"))]
fn end_descendants() {}
