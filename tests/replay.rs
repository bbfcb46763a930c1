//! The line that a report gives to run it again: it is a command, and gives the same words.
#![cfg(unix)]

use std::{fs, path::Path, process::Command};

use seedbench::{
    record::{CellOutcome, Report},
    report::read_file,
};

/// The digests of every row that a root determines.
fn digests(report: &Report) -> Vec<(String, Vec<String>)> {
    report
        .cells
        .iter()
        .filter_map(|cell| match &cell.outcome {
            CellOutcome::Judged(result) => Some((cell.id.clone(), result.digests.clone())),
            _ => None,
        })
        .collect()
}

/// The line as the page shows it.
fn line(page: &str) -> String {
    let (_, rest) = page.split_once("To run it again").expect("the page has it");
    let (_, rest) = rest.split_once("<code>").unwrap();
    let (line, _) = rest.split_once("</code>").unwrap();
    line.replace("&quot;", "\"").replace("&amp;", "&")
}

/// Runs a line as a shell does, with this build's binary.
fn run(line: &str) {
    let bin = Path::new(env!("CARGO_BIN_EXE_seedbench")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let done = Command::new("sh")
        .args(["-c", line])
        .env("PATH", path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{line}: {said}");
}

#[test]
fn the_line_of_a_fresh_report_repeats_it() {
    let folder = tempfile::tempdir().unwrap();
    // The flags of the first run, with a comma and a star, must survive the shell.
    let done = Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .args(["run", "--quick", "--quiet", "--no-cost", "--no-census"])
        .args([
            "--backend",
            "threads,fork",
            "--tasks",
            "8",
            "spawn-key/chacha*",
        ])
        .arg(format!("--out={}", folder.path().display()))
        .output()
        .unwrap();
    assert!(done.status.success());
    let json = folder.path().join("report.json");
    let first = read_file(&json).unwrap();
    let page = fs::read_to_string(folder.path().join("index.html")).unwrap();
    fs::remove_file(&json).unwrap();
    run(&line(&page));
    let second = read_file(&json).unwrap();
    assert!(!digests(&first).is_empty());
    assert_eq!(digests(&first), digests(&second));
}

#[test]
fn the_line_of_the_committed_example_is_a_command() {
    let page = fs::read_to_string("reports/example/index.html").unwrap();
    let line = line(&page);
    assert!(line.starts_with("seedbench run "), "{line}");
    assert!(line.contains(" --root 0x"), "{line}");
    run(&format!("{line} --list"));
}
