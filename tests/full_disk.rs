//! What is said where there is no room to write: one line that names the place, and nothing half-written.

#![cfg(target_os = "linux")]

use std::{
    fs::{self, OpenOptions},
    path::Path,
    process::{Command, Output, Stdio},
};

const SEEDBENCH: &str = env!("CARGO_BIN_EXE_seedbench");

fn capture(folder: &Path) {
    use rand::{Rng, SeedableRng};
    let run = folder.join("run-000");
    fs::create_dir_all(&run).unwrap();
    for worker in 0..4 {
        let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(worker);
        let bytes: Vec<u8> = (0..500)
            .flat_map(|_| rng.next_u64().to_le_bytes())
            .collect();
        fs::write(run.join(format!("worker-{worker}.u64")), bytes).unwrap();
    }
}

fn stderr(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

#[test]
fn a_full_standard_output_is_named() {
    let folder = tempfile::tempdir().unwrap();
    capture(folder.path());
    for options in [&["--quiet", "--json", "-"][..], &[]] {
        let output = Command::new(SEEDBENCH)
            .arg("audit")
            .arg(folder.path())
            .args(options)
            .stdin(Stdio::null())
            .stdout(OpenOptions::new().write(true).open("/dev/full").unwrap())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(70));
        let said = stderr(&output);
        assert!(
            said.contains("failed to write to standard output"),
            "{said}"
        );
    }
}

/// Runs a command line in which no file may grow beyond a few kilobytes.
fn without_room(line: &str, folder: &Path) -> Output {
    Command::new("sh")
        .args(["-c", &format!("ulimit -f 1; trap '' XFSZ; {line}")])
        .env("SEEDBENCH", SEEDBENCH)
        .env("DIR", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn a_shard_without_room_is_named_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    for (source, options) in [
        ("seq 100000", ""),
        ("head -c 800000 /dev/zero", "--type u64"),
    ] {
        let line = format!("{source} | \"$SEEDBENCH\" shard --worker 1 --out \"$DIR\" {options}");
        let output = without_room(&line, folder.path());
        assert_eq!(output.status.code(), Some(70), "{output:?}");
        let last = String::from_utf8_lossy(&output.stderr);
        let said = last
            .lines()
            .find(|line| line.contains("seedbench: error"))
            .unwrap();
        assert!(
            said.contains("run-000") && said.contains("too large"),
            "{said}"
        );
        assert_eq!(
            fs::read_dir(folder.path().join("run-000")).unwrap().count(),
            0
        );
    }
}

#[test]
fn a_report_without_room_is_named_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    capture(folder.path());
    let report = folder.path().join("report.json");
    let line = "\"$SEEDBENCH\" audit \"$DIR\" --quiet --json \"$DIR/report.json\"";
    let output = without_room(line, folder.path());
    assert_eq!(output.status.code(), Some(70), "{output:?}");
    assert!(stderr(&output).contains("report.json"));
    assert!(!report.exists());
}
