//! The program that is watched: its input, output and signals are its own.
//!
//! What asks this process to end is passed on to the program, which decides what it means; its records are judged
//! when it has ended. Nothing that it has started outlives such an end, nor one of this process, however that
//! comes (on Linux; what is not covered, [`Tether`] says).

use std::{
    io,
    process::{Command, ExitStatus},
    sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering::SeqCst},
};

use crate::harness::command::Tether;

/// Whether a watched program runs, or is about to.
static RUNNING: AtomicBool = AtomicBool::new(false);

/// Its process id; 0 while none runs.
static CHILD: AtomicU32 = AtomicU32::new(0);

/// The last signal that asked it to end; 0 where none did.
static ASKED: AtomicI32 = AtomicI32::new(0);

/// Signals that were passed on to a program, and those of them that are known to have been.
static PASSED_ON: AtomicU32 = AtomicU32::new(0);
static KNOWN: AtomicU32 = AtomicU32::new(0);

/// Whether a signal that asks this process to end is the watched program's. To be asked once for each: the program may
/// have ended of it before it is asked.
pub(in crate::cli) fn takes_the_signal() -> bool {
    let takes = RUNNING.load(SeqCst) || KNOWN.load(SeqCst) < PASSED_ON.load(SeqCst);
    if takes {
        KNOWN.fetch_add(1, SeqCst);
    }
    takes
}

/// Runs a program to its end. Signals that ask it to end are passed on, whenever they come.
pub(super) fn run(mut command: Command) -> io::Result<ExitStatus> {
    ASKED.store(0, SeqCst);
    pass_signals_on();
    RUNNING.store(true, SeqCst);
    let tether = Tether::new(&mut command);
    let status = command.spawn().and_then(|mut child| {
        CHILD.store(child.id(), SeqCst);
        // A signal that came before there was anybody to tell.
        tell(ASKED.load(SeqCst));
        let status = child.wait();
        CHILD.store(0, SeqCst);
        status
    });
    RUNNING.store(false, SeqCst);
    match ASKED.load(SeqCst) {
        // A program that ends by itself may leave others behind on purpose.
        0 => tether.leave(),
        _ => tether.end(),
    }
    status
}

/// Tells the program of a signal, if there is one and it runs.
#[cfg(unix)]
fn tell(number: i32) {
    use nix::{
        sys::signal::{Signal, kill},
        unistd::Pid,
    };
    let child = CHILD.load(SeqCst);
    if child != 0
        && let Ok(signal) = Signal::try_from(number)
    {
        // A child that has just gone needs no signal.
        let _ = kill(Pid::from_raw(child.cast_signed()), signal);
    }
}

/// Passes the signals that ask a program to end on to the child. An interrupt from a terminal reaches it
/// by itself.
#[cfg(unix)]
fn pass_signals_on() {
    use std::{io::IsTerminal as _, sync::Once};

    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
        iterator::Signals,
    };

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let mut wanted = vec![SIGTERM, SIGHUP];
        if !io::stdin().is_terminal() {
            wanted.extend([SIGINT, SIGQUIT]);
        }
        let Ok(mut signals) = Signals::new(wanted) else {
            return;
        };
        std::thread::spawn(move || {
            for number in signals.forever() {
                ASKED.store(number, SeqCst);
                if RUNNING.load(SeqCst) {
                    PASSED_ON.fetch_add(1, SeqCst);
                }
                tell(number);
            }
        });
    });
}

#[cfg(not(unix))]
fn tell(_number: i32) {}

#[cfg(not(unix))]
fn pass_signals_on() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        fs,
        os::unix::process::ExitStatusExt,
        process::Stdio,
        sync::Mutex,
        thread,
        time::{Duration, Instant},
    };

    use nix::sys::signal::Signal;

    use super::*;

    /// Signals are the whole process's: one test at a time has them.
    static ALONE: Mutex<()> = Mutex::new(());

    const TRIES: u32 = 50;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdout(Stdio::null());
        command
    }

    /// Processes that were started with this argument.
    fn running(marker: &str) -> usize {
        let entries = fs::read_dir("/proc").unwrap().flatten();
        entries
            .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
            .filter(|line| String::from_utf8_lossy(line).contains(marker))
            .count()
    }

    /// Signals at any moment from the start on reach the program, whose exit code is handed on, and nothing of it
    /// is left.
    fn is_passed_on(signal: Signal) {
        let _alone = ALONE.lock().unwrap();
        // Whoever runs tests may have asked for hangups to be ignored; from here on they are caught.
        pass_signals_on();
        // What other tests have left unasked.
        KNOWN.store(PASSED_ON.load(SeqCst), SeqCst);
        for attempt in 0..TRIES {
            let marker = format!(
                "{}.{}{attempt:03}",
                9_000_000 + std::process::id(),
                signal as i32
            );
            let sent = thread::spawn(move || {
                thread::sleep(Duration::from_millis(u64::from(attempt)));
                while CHILD.load(SeqCst) == 0 {
                    thread::yield_now();
                }
                raise_in_process(signal);
            });
            let status = run(shell(&with_daemons(&marker))).unwrap();
            sent.join().unwrap();
            assert_eq!(status.signal(), Some(signal as i32), "try {attempt}");
            // Whoever asks when the program has ended of it is told so, once.
            assert!(takes_the_signal(), "try {attempt}");
            assert!(!takes_the_signal(), "try {attempt}");
            let end = Instant::now() + Duration::from_secs(5);
            while running(&marker) > 0 && Instant::now() < end {
                thread::sleep(Duration::from_millis(2));
            }
            assert_eq!(running(&marker), 0, "try {attempt}");
        }
    }

    /// Names the argument of the programs that a process of its own is to run; see [`survivors`].
    const HOSTED: &str = "SEEDBENCH_HOSTED";

    /// Runs a program as `watch` does, where another test has started this one for that.
    #[test]
    fn a_process_of_its_own() {
        if let Ok(marker) = std::env::var(HOSTED) {
            run(shell(&with_daemons(&marker))).unwrap();
        }
    }

    /// A program that leaves one behind in a session of its own, and one beside it.
    fn with_daemons(marker: &str) -> String {
        format!("setsid sleep {marker} & sleep {marker} & exec sleep {marker}")
    }

    /// What is left of each of many processes that watch a program, some moment after a signal to that process.
    fn survivors(signal: Signal) -> Vec<usize> {
        (0..TRIES)
            .map(|attempt| {
                let marker = format!(
                    "{}.{}{attempt:03}",
                    8_500_000 + std::process::id(),
                    signal as i32
                );
                let mut host = Command::new(std::env::current_exe().unwrap())
                    .args(["--exact", "cli::watch::child::tests::a_process_of_its_own"])
                    .env(HOSTED, &marker)
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
                // Anywhere from before the program's start to after it has started others; of every second one
                // the program runs already.
                let end = Instant::now() + Duration::from_secs(10);
                while attempt % 2 == 0 && running(&marker) == 0 && Instant::now() < end {
                    thread::sleep(Duration::from_millis(2));
                }
                thread::sleep(Duration::from_millis(u64::from(2 * attempt)));
                let pid = nix::unistd::Pid::from_raw(host.id().cast_signed());
                nix::sys::signal::kill(pid, signal).unwrap();
                host.wait().unwrap();
                // The warden of a killed one is over when nothing runs, and nothing did a moment before.
                let end = Instant::now() + Duration::from_secs(10);
                let mut quiet = 0;
                while quiet < 20 && Instant::now() < end {
                    thread::sleep(Duration::from_millis(5));
                    quiet = if running(&marker) == 0 { quiet + 1 } else { 0 };
                }
                running(&marker)
            })
            .collect()
    }

    #[test]
    fn nothing_is_left_after_an_interrupt() {
        assert_eq!(survivors(Signal::SIGINT), [0; TRIES as usize]);
    }

    #[test]
    fn nothing_is_left_after_a_kill() {
        assert_eq!(survivors(Signal::SIGKILL), [0; TRIES as usize]);
    }

    fn raise_in_process(signal: Signal) {
        nix::sys::signal::kill(nix::unistd::getpid(), signal).unwrap();
    }

    #[test]
    fn terminations_are_passed_on_and_leave_nothing() {
        is_passed_on(Signal::SIGTERM);
    }

    #[test]
    fn hangups_are_passed_on_and_leave_nothing() {
        is_passed_on(Signal::SIGHUP);
    }

    #[test]
    fn a_program_that_catches_the_signal_ends_as_it_likes() {
        let _alone = ALONE.lock().unwrap();
        pass_signals_on();
        let sent = thread::spawn(|| {
            thread::sleep(Duration::from_millis(300));
            raise_in_process(Signal::SIGTERM);
        });
        let status = run(shell("trap 'exit 7' TERM; sleep 20 & wait")).unwrap();
        sent.join().unwrap();
        assert_eq!(status.code(), Some(7));
    }

    #[test]
    fn what_a_program_leaves_by_itself_is_its_own() {
        let _alone = ALONE.lock().unwrap();
        // For three seconds and a bit that no other test asks for.
        let marker = format!("3.{}", 8_000_000 + std::process::id());
        assert!(run(shell(&format!("sleep {marker} &"))).unwrap().success());
        // Between a program and the next one a process has no arguments.
        let end = Instant::now() + Duration::from_secs(1);
        while running(&marker) == 0 && Instant::now() < end {
            thread::sleep(Duration::from_millis(2));
        }
        thread::sleep(Duration::from_millis(100));
        assert_eq!(running(&marker), 1);
    }
}
