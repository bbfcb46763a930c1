//! A program that is bound to this process, and what it has started.

use std::process::Command;
#[cfg(target_os = "linux")]
use std::{
    io::Write as _,
    os::unix::process::CommandExt as _,
    process::{Child, Stdio},
};

use super::{bond::bind, stragglers::Mark};

/// Binds a program to the thread that starts it, and marks what it starts.
///
/// Should this process be killed, the program is ended by the system, and what carries its mark by a warden: a
/// shell that waits for the end of a pipe, in a process group of its own (Linux). Not covered: what the program has
/// started with another environment, and where there is no shell or no `grep`.
#[derive(Debug)]
pub struct Tether {
    mark: Mark,
    #[cfg(target_os = "linux")]
    warden: Option<Child>,
}

impl Tether {
    /// Binds a program that is about to be started. It ends with the thread that starts it (on Linux).
    pub fn new(command: &mut Command) -> Self {
        let mark = Mark::new();
        mark.put(command);
        bind(command);
        Self {
            #[cfg(target_os = "linux")]
            warden: warden(&mark),
            mark,
        }
    }

    /// Ends what is left of it.
    pub fn end(self) {
        drop(self.mark);
        #[cfg(target_os = "linux")]
        dismiss(self.warden);
    }

    /// Lets go of what is left of it.
    pub fn leave(self) {
        self.mark.let_go();
        #[cfg(target_os = "linux")]
        dismiss(self.warden);
    }
}

/// What a warden does when nobody dismisses it before its pipe ends: until twice nothing is found, it ends what
/// carries the mark.
#[cfg(target_os = "linux")]
const WARDEN: &str = r#"read -r word
test "$word" = leave && exit
nothing=0 tries=0
while test $nothing -lt 2 && test $tries -lt 200; do
    tries=$((tries + 1)) nothing=$((nothing + 1))
    for found in $(grep -lsz "^$0" /proc/[0-9]*/environ | cut -d/ -f3); do
        kill -9 "$found" && nothing=0
    done
done"#;

#[cfg(target_os = "linux")]
fn warden(mark: &Mark) -> Option<Child> {
    Command::new("sh")
        .args(["-c", WARDEN])
        .arg(mark.variable())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What a terminal sends to this process does not reach it.
        .process_group(0)
        .spawn()
        .ok()
}

#[cfg(target_os = "linux")]
fn dismiss(warden: Option<Child>) {
    if let Some(mut warden) = warden {
        if let Some(mut pipe) = warden.stdin.take() {
            // One that is gone needs no word.
            let _ = pipe.write_all(b"leave\n");
        }
        let _ = warden.wait();
    }
}
