//! Children that left their program's process group (daemons, `setsid`), found by a variable that
//! everything a program starts inherits.

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

/// Ends the stragglers of every audit of this process.
pub(super) fn end_all() {
    end_marked(of_process());
}

/// Ends every process whose mark starts so.
#[cfg(target_os = "linux")]
fn end_marked(start: &str) {
    use nix::{
        sys::signal::{Signal, kill},
        unistd::Pid,
    };
    let marked = format!("{VARIABLE}={start}");
    // What is ended may have started another a moment before.
    for _ in 0..8 {
        let mut found = false;
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(process) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
            else {
                continue;
            };
            // A process that is gone, or another user's, cannot be read and is none of ours.
            let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            if environment
                .split(|&byte| byte == 0)
                .any(|variable| variable.starts_with(marked.as_bytes()))
            {
                found |= kill(Pid::from_raw(process), Signal::SIGKILL).is_ok();
            }
        }
        if !found {
            return;
        }
    }
}

/// Without a list of processes and their variables, only the group is ended.
#[cfg(not(target_os = "linux"))]
fn end_marked(_start: &str) {}
