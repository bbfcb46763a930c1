//! Under a real mpirun: one verdict on one to four ranks and in one process, whatever is killed, and one line for
//! whatever is wrong.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

#[path = "../../tests/support/words.rs"]
mod words;

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use seedbench::cli::AuditCall;
use words::words;

const PROGRAM: &str = env!("CARGO_BIN_EXE_seedbench-mpi");

/// A small capture is joined as a large one is.
const SMALL: [&str; 7] = [
    "--exhaustive",
    "--tested",
    "64K",
    "--recall",
    "64",
    "--memory",
    "64M",
];

fn mpirun() -> Command {
    let mut mpirun = Command::new("mpirun");
    mpirun
        .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        .env("OMPI_MCA_rmaps_base_oversubscribe", "1")
        // Ranks beyond the processors give way while they wait.
        .env("OMPI_MCA_mpi_yield_when_idle", "1")
        .stdin(Stdio::null());
    mpirun
}

fn on(ranks: usize, arguments: &[&str]) -> Output {
    let mut mpirun = mpirun();
    mpirun
        .args(["-n", &ranks.to_string(), PROGRAM])
        .args(arguments);
    mpirun.output().expect("mpirun is installed")
}

/// The one line that is said of what is wrong: mpirun's own are set apart.
fn error(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let errors: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("error: "))
        .collect();
    assert_eq!(errors.len(), 1, "{said}");
    errors[0].to_owned()
}

/// Two runs of six workers: an equal pair, an overlap far from the edges, and run 1 a run of `seed + rank` beside
/// run 0.
fn planted(folder: &Path, count: usize) {
    let mut streams: Vec<((u64, u64), Vec<u64>)> = Vec::new();
    for run in 0..2 {
        for worker in 0..6 {
            streams.push(((run, worker), words(1 + run + worker, count)));
        }
    }
    let part = streams[1].1[count / 4..count / 2].to_vec();
    streams[4].1[count / 2 + 5..count / 2 + 5 + part.len()].copy_from_slice(&part);
    streams[3].1 = streams[2].1.clone();
    write(folder, &streams);
}

fn write(folder: &Path, streams: &[((u64, u64), Vec<u64>)]) {
    for ((run, worker), words) in streams {
        let run = folder.join(format!("run-{run}"));
        fs::create_dir_all(&run).unwrap();
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        fs::write(run.join(format!("worker-{worker:05}.u64")), bytes).unwrap();
    }
}

/// A report less its provenance.
fn told(path: &Path) -> String {
    let mut report: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    for provenance in ["arguments", "created_unix_ns", "machine"] {
        report.as_object_mut().unwrap().remove(provenance).unwrap();
    }
    report.to_string()
}

/// What one process says, without MPI.
fn alone(capture: &Path, report: &Path, options: &[&str]) -> (i32, String) {
    let mut arguments = vec![text(capture), "--quiet", "--json", text(report)];
    arguments.extend(options);
    let arguments: Vec<OsString> = arguments.into_iter().map(OsString::from).collect();
    let call = AuditCall::parse("seedbench", &arguments, true).unwrap();
    let code = call.audit_held(call.open().unwrap(), text(capture));
    (code.into(), told(report))
}

fn audit(ranks: usize, capture: &Path, report: &Path, options: &[&str]) -> (i32, String) {
    let mut arguments = vec!["audit", text(capture), "--quiet", "--json", text(report)];
    arguments.extend(options);
    let output = on(ranks, &arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    (
        output.status.code().unwrap_or_else(|| panic!("{said}")),
        told(report),
    )
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn any_number_of_ranks_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, report) = (
        folder.path().join("capture"),
        folder.path().join("report.json"),
    );
    planted(&capture, 50_000);
    let one = alone(&capture, &report, &SMALL);
    assert_eq!(one.0, 10);
    for found in ["equal-streams", "shifted-overlap"] {
        assert!(one.1.contains(found), "{}", one.1);
    }
    for ranks in 1..=4 {
        assert!(
            audit(ranks, &capture, &report, &SMALL) == one,
            "{ranks} ranks"
        );
    }

    // A file that was cut off is told of by all, and the rest is judged.
    let cut = capture.join("run-1/worker-00005.u64");
    let whole = fs::read(&cut).unwrap();
    fs::write(&cut, &whole[..whole.len() - 3]).unwrap();
    let one = alone(&capture, &report, &SMALL);
    assert!(
        one.1.contains("worker-00005.u64: 399997 bytes"),
        "{}",
        one.1
    );
    assert!(audit(3, &capture, &report, &SMALL) == one);
}

#[test]
fn sound_words_are_sound_on_any_number_of_ranks() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, report) = (
        folder.path().join("capture"),
        folder.path().join("report.json"),
    );
    let streams: Vec<((u64, u64), Vec<u64>)> = (0..6)
        .map(|worker| ((0, worker), words(100 + worker, 50_000)))
        .collect();
    write(&capture, &streams);
    let one = alone(&capture, &report, &SMALL);
    assert_eq!(one.0, 0, "{}", one.1);
    assert!(audit(3, &capture, &report, &SMALL) == one);
}

#[test]
fn what_is_wrong_is_one_line_that_names_the_rank() {
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    write(
        &one,
        &[((0, 0), words(1, 5_000)), ((0, 1), words(2, 5_000))],
    );
    write(
        &other,
        &[((0, 0), words(1, 5_000)), ((0, 1), words(2, 4_000))],
    );
    let apart = |other: &Path| {
        let mut mpirun = mpirun();
        mpirun.args(["-n", "2", PROGRAM, "audit", text(&one), ":"]);
        mpirun.args(["-n", "1", PROGRAM, "audit", text(other)]);
        mpirun.output().unwrap()
    };
    let output = apart(&other);
    assert_eq!(output.status.code(), Some(65));
    let said = error(&output);
    assert!(
        said.contains("rank 2 sees another capture") && said.contains("9000 words"),
        "{said}"
    );
    let output = apart(&folder.path().join("nowhere"));
    assert_eq!(output.status.code(), Some(65));
    let said = error(&output);
    assert!(
        said.contains("rank 2: ") && said.contains("nowhere"),
        "{said}"
    );

    let output = on(2, &["audit", text(&one), "--nonsense"]);
    assert_eq!(output.status.code(), Some(64));
    // What rank 0 alone tries ends all.
    let output = on(
        2,
        &["audit", text(&one), "--json", "/no/such/folder/report.json"],
    );
    assert_eq!(output.status.code(), Some(64));
    assert!(error(&output).contains("/no/such/folder"));
    let output = on(2, &["audit", "--", "true"]);
    assert_eq!(output.status.code(), Some(64));
    assert!(error(&output).contains("start no command"));
}

/// The ranks among the descendants of a process.
fn ranks_of(mpirun: u32) -> Vec<i32> {
    let mut known = vec![mpirun as i32];
    let mut ranks = Vec::new();
    let mut next = 0;
    while let Some(&parent) = known.get(next) {
        next += 1;
        let Ok(tasks) = fs::read_dir(format!("/proc/{parent}/task")) else {
            continue;
        };
        for task in tasks.flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            known.extend(
                children
                    .split_whitespace()
                    .filter_map(|pid| pid.parse::<i32>().ok()),
            );
        }
    }
    for pid in known {
        if fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|image| image == Path::new(PROGRAM))
        {
            ranks.push(pid);
        }
    }
    ranks
}

fn answers(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "answer"))
        .collect()
}

/// A rank that is killed ends all, without a report; what was recorded is taken by the next audit, which says what
/// an undisturbed one says.
#[test]
fn a_rank_that_is_killed_ends_all_and_costs_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let [capture, report, sketches] =
        ["capture", "report.json", "sketches"].map(|name| folder.path().join(name));
    planted(&capture, 1 << 21);
    let options = ["--exhaustive", "--tested", "1M", "--memory", "256M"];
    let kept = [&options[..], &["--sketches", text(&sketches)]].concat();
    let undisturbed = alone(&capture, &report, &options);
    fs::remove_file(&report).unwrap();

    let mut mpirun = mpirun();
    mpirun.args([
        "-n",
        "3",
        PROGRAM,
        "audit",
        text(&capture),
        "--quiet",
        "--json",
        text(&report),
    ]);
    mpirun
        .args(&kept)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut running = mpirun.spawn().unwrap();
    let started = Instant::now();
    while answers(&sketches).is_empty() {
        assert!(
            running.try_wait().unwrap().is_none(),
            "it ended before anything was recorded"
        );
        assert!(started.elapsed() < Duration::from_secs(120));
        thread::sleep(Duration::from_millis(2));
    }
    let ranks = ranks_of(running.id());
    assert_eq!(ranks.len(), 3);
    kill(Pid::from_raw(*ranks.last().unwrap()), Signal::SIGKILL).unwrap();
    let killed = Instant::now();
    let status = running.wait().unwrap();
    assert!(killed.elapsed() < Duration::from_secs(10));
    assert!(!status.success());
    assert!(!report.exists(), "there is no report of less evidence");
    let left = || {
        let runs = |pid: &&i32| Path::new(&format!("/proc/{pid}")).exists();
        ranks.iter().find(runs).copied()
    };
    while let Some(pid) = left() {
        assert!(
            killed.elapsed() < Duration::from_secs(10),
            "rank {pid} is left"
        );
        thread::sleep(Duration::from_millis(10));
    }

    assert!(!answers(&sketches).is_empty(), "what was recorded is kept");
    assert!(audit(3, &capture, &report, &kept) == undisturbed);
    assert!(
        answers(&sketches).is_empty(),
        "the audit has come to its end"
    );
}

/// Compiles an example against the library of this build.
fn built(compiler: &str, sources: &[&str], folder: &Path) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Tests are linked to the crate, and leave its shared library as it was.
    let library = Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["build", "--quiet", "--locked", "--lib"])
        .status();
    assert!(library.unwrap().success());
    let libraries = Path::new(PROGRAM).parent().unwrap();
    let program = folder.join(compiler);
    let compiled = Command::new(compiler)
        .current_dir(root)
        .args(sources)
        .args(
            [
                "-Iinclude",
                "-J",
                text(folder),
                "-lseedbench_mpi",
                "-o",
                text(&program),
            ]
            .iter()
            .filter(
                // Only Fortran has modules.
                |argument| compiler == "mpifort" || !["-J", text(folder)].contains(argument),
            ),
        )
        .arg(format!("-L{}", libraries.display()))
        .arg(format!("-Wl,-rpath,{}", libraries.display()))
        .output();
    match compiled {
        Err(_) => {
            eprintln!("skipped: {compiler} is not installed");
            None
        }
        Ok(output) => {
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            Some(program)
        }
    }
}

fn ran(program: &Path, ranks: &str, arguments: &[&str]) -> Output {
    mpirun()
        .args(["-n", ranks, text(program)])
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn a_program_in_c_audits_its_own_ranks() {
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = built("mpicc", &["examples/clock_seed.c"], folder.path()) else {
        return;
    };
    for ranks in ["2", "4"] {
        let output = ran(&program, ranks, &["clock"]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(10), "{said}");
        assert!(said.contains("equal-streams"), "{said}");
        assert_eq!(
            said.matches("audit: unsound").count(),
            1,
            "one rank speaks: {said}"
        );
        let output = ran(&program, ranks, &["system", "--quiet"]);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let output = ran(&program, "3", &["system", "--nonsense"]);
    assert_eq!(output.status.code(), Some(64));
}

#[test]
fn a_program_in_fortran_audits_its_own_ranks() {
    let folder = tempfile::tempdir().unwrap();
    let sources = ["include/seedbench_mpi.f90", "examples/random_init.f90"];
    let Some(program) = built("mpifort", &sources, folder.path()) else {
        return;
    };
    assert_eq!(ran(&program, "4", &["images"]).status.code(), Some(10));
    assert_eq!(ran(&program, "4", &["ranks"]).status.code(), Some(0));
}
