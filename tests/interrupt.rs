//! Whatever ends an audit of a command, nothing that it has started is left running.
#![cfg(target_os = "linux")]

use std::{
    fs,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};

const TRIES: u64 = 50;

/// Seconds of a sleep that no other test, and no other try, asks for.
fn marker(signal: Signal, attempt: u64) -> String {
    format!(
        "{}.{}{:03}",
        7_000_000 + u64::from(std::process::id()),
        signal as i32,
        attempt
    )
}

/// An audit whose workers do not listen to signals, and leave daemons behind: one in a session of its own,
/// and one that has also forgotten its environment.
fn audit(marker: &str, complaint: Stdio) -> Child {
    let script = format!(
        "trap '' INT TERM HUP; setsid sleep {marker} & env -i setsid sleep {marker} & \
         while :; do sleep {marker}; done"
    );
    use std::os::unix::process::CommandExt;
    Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .args([
            "audit",
            "--workers",
            "6",
            "--jobs",
            "3",
            "--words",
            "4",
            "--",
        ])
        .args(["sh", "-c", &script])
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(complaint)
        .spawn()
        .unwrap()
}

/// How many processes of the audit run, by their arguments; its own do not count.
fn running(marker: &str) -> usize {
    let is_started = |arguments: &Vec<u8>| {
        let text = String::from_utf8_lossy(arguments);
        text.contains(marker) && !text.contains("audit\0")
    };
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| fs::read(entry.ok()?.path().join("cmdline")).ok())
        .filter(is_started)
        .count()
}

/// Sends a signal some moment after the start, and counts what is left of each try.
fn survivors(signal: Signal, send: impl Fn(Pid)) -> Vec<usize> {
    (0..TRIES)
        .map(|attempt| {
            let marker = marker(signal, attempt);
            let mut audit = audit(&marker, Stdio::null());
            // Anywhere from the supervisor's own start to long after the last program's.
            thread::sleep(Duration::from_millis(3 * attempt));
            send(Pid::from_raw(audit.id().cast_signed()));
            audit.wait().unwrap();
            // What was killed is gone a moment later, and nobody can wait for the supervisor of a killed audit:
            // it is over when nothing runs, and nothing did a moment before.
            let end = Instant::now() + Duration::from_secs(10);
            let mut quiet = 0;
            while quiet < 10 && Instant::now() < end {
                thread::sleep(Duration::from_millis(5));
                quiet = if running(&marker) == 0 { quiet + 1 } else { 0 };
            }
            running(&marker)
        })
        .collect()
}

fn nothing_is_left_after(signal: Signal) {
    // Who ignores a signal hands that on (`nohup`, a shell's jobs in the background), and an audit that was started so
    // goes on, as it should.
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.unwrap_or("0").trim(), 16).unwrap();
    if ignored >> (signal as u32 - 1) & 1 == 1 {
        return;
    }
    let to_the_audit = |audit| kill(audit, signal).unwrap();
    assert_eq!(survivors(signal, to_the_audit), [0; TRIES as usize]);
}

#[test]
fn nothing_is_left_after_an_interrupt() {
    nothing_is_left_after(Signal::SIGINT);
}

#[test]
fn nothing_is_left_after_a_termination() {
    nothing_is_left_after(Signal::SIGTERM);
}

#[test]
fn nothing_is_left_after_a_hangup() {
    nothing_is_left_after(Signal::SIGHUP);
}

#[test]
fn nothing_is_left_after_a_kill() {
    nothing_is_left_after(Signal::SIGKILL);
}

#[test]
fn nothing_is_left_after_a_kill_of_the_whole_group() {
    let to_the_group = |audit| killpg(audit, Signal::SIGKILL).unwrap();
    assert_eq!(
        survivors(Signal::SIGKILL, to_the_group),
        [0; TRIES as usize]
    );
}

/// Waits for three workers, each with two daemons.
fn wait_until_all_run(marker: &str) {
    let end = Instant::now() + Duration::from_secs(30);
    while running(marker) < 9 && Instant::now() < end {
        thread::sleep(Duration::from_millis(20));
    }
    assert!(running(marker) >= 9);
}

#[test]
fn an_audit_that_is_watched_runs_while_it_is_not_interrupted() {
    let marker = marker(Signal::SIGCONT, 0);
    let mut audit = audit(&marker, Stdio::null());
    wait_until_all_run(&marker);
    kill(Pid::from_raw(audit.id().cast_signed()), Signal::SIGTERM).unwrap();
    assert_eq!(audit.wait().unwrap().code(), Some(130));
    assert_eq!(running(&marker), 0);
}

#[test]
fn an_interruption_ends_an_audit_whose_messages_nobody_reads_any_more() {
    for (signal, attempt) in [(Signal::SIGINT, 0), (Signal::SIGTERM, 1)] {
        let marker = marker(Signal::SIGPIPE, attempt);
        let mut audit = audit(&marker, Stdio::piped());
        wait_until_all_run(&marker);
        // The audit has said nothing yet, and finds nobody when it does.
        drop(audit.stderr.take());
        kill(Pid::from_raw(audit.id().cast_signed()), signal).unwrap();
        assert_eq!(audit.wait().unwrap().code(), Some(130), "{signal}");
        assert_eq!(running(&marker), 0, "{signal}");
    }
}
