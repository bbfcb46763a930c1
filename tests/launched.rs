//! Commands whose seeds are facts of their start, as seedbench itself starts them.
#![cfg(target_os = "linux")]

use std::{
    path::Path,
    process::{Command, Output},
};

fn audit(options: &[&str], command: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .arg("audit")
        .args(options)
        .arg("--")
        .args(command)
        .output()
        .unwrap()
}

struct Said {
    code: Option<i32>,
    text: String,
    errors: String,
}

fn said(options: &[&str], command: &[&str]) -> Said {
    let output = audit(options, command);
    Said {
        code: output.status.code(),
        text: String::from_utf8_lossy(&output.stdout).into_owned(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A text without the line breaks that fit it to the terminal.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A C program, compiled; `None` where there is no compiler.
fn compiled(folder: &Path, source: &str) -> Option<String> {
    let (file, program) = (folder.join("worker.c"), folder.join("worker"));
    std::fs::write(&file, source).unwrap();
    let status = Command::new("cc")
        .arg(&file)
        .arg("-o")
        .arg(&program)
        .status()
        .ok()?;
    assert!(status.success(), "the program compiles");
    Some(program.to_str().unwrap().to_owned())
}

/// Prints so many numbers of glibc's `rand` after this seed.
fn srand(seed: &str) -> String {
    format!(
        "#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\n#include <unistd.h>\n\
         int main(void) {{ srand({seed}); \
         for (int i = atoi(getenv(\"SEEDBENCH_WORDS\")); i > 0; i--) printf(\"%d\\n\", rand()); }}\n"
    )
}

#[test]
fn a_process_id_as_the_seed_is_said_to_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--workers", "4", "--runs", "3", "--words", "200"];
    for (seed, formulas) in [
        ("getpid()", &["k = process id"][..]),
        (
            "time(NULL) ^ getpid()",
            // Where no bit is set in both, their xor is their sum.
            &[
                "k = (the clock in seconds xor process id)",
                "k = the clock in seconds + process id",
            ],
        ),
        (
            "time(NULL) + atoi(getenv(\"SEEDBENCH_WORKER\"))",
            &["k = the clock in seconds + worker"],
        ),
    ] {
        let Some(program) = compiled(folder.path(), &srand(seed)) else {
            return;
        };
        let said = said(&options, &[&program]);
        assert_eq!(said.code, Some(10), "{seed}: {}{}", said.text, said.errors);
        assert!(said.text.contains("ambient-seeds"), "{seed}: {}", said.text);
        let text: String = said.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_said = formulas.iter().any(|formula| text.contains(formula));
        assert!(is_said, "{seed}: {text}");
    }
}

#[test]
fn python_programs_with_their_process_id_are_found() {
    if Command::new("python3").arg("--version").output().is_err() {
        return;
    }
    let program = "import os, random\nrandom.seed(os.getpid())\n\
                   for _ in range(int(os.environ['SEEDBENCH_WORDS'])): print(random.random())";
    let options = ["--workers", "3", "--runs", "2", "--words", "200"];
    let said = said(&options, &["python3", "-c", program]);
    assert_eq!(said.code, Some(10), "{}{}", said.text, said.errors);
    assert!(said.text.contains("ambient-seeds"), "{}", said.text);
}

/// A pool whose generator nobody knows: words are a hash of the seed, the worker and the place.
const POOL: &str = "
    now=$(date +%s)
    echo worker,value
    for worker in 0 1 2; do
        i=0
        while [ $i -lt 12 ]; do
            printf '%s,%s\\n' $worker 0x$(printf '%s/%s' \"SEED\" $i | sha256sum | cut -c1-16)
            i=$((i+1))
        done
    done";

#[test]
fn clocks_are_told_from_constants_whatever_the_generator() {
    let pool = |seed: &str| POOL.replace("SEED", seed);
    let clock = said(
        &["--pool", "--runs", "3"],
        &["sh", "-c", &pool("$now/$worker")],
    );
    assert_eq!(clock.code, Some(10), "{}{}", clock.text, clock.errors);
    assert!(clock.text.contains("ambient-seeds"), "{}", clock.text);
    let constant = said(
        &["--pool", "--runs", "3"],
        &["sh", "-c", &pool("42/$worker")],
    );
    assert_ne!(
        constant.code,
        Some(10),
        "{}{}",
        constant.text,
        constant.errors
    );
    assert!(
        !constant.text.contains("ambient-seeds"),
        "{}",
        constant.text
    );
}

#[test]
fn a_command_that_fails_is_given_up_with_all_it_said() {
    let script = "echo first >&2; echo second >&2; exit 3";
    let failed = said(
        &["--workers", "48", "--runs", "1", "--jobs", "1"],
        &["sh", "-c", script],
    );
    assert_eq!(failed.code, Some(65));
    for line in ["  | first", "  | second", "4 of 48 starts failed"] {
        assert!(failed.errors.contains(line), "{line}: {}", failed.errors);
    }
    assert_eq!(
        failed.errors.matches("left with code 3").count(),
        1,
        "{}",
        failed.errors
    );
}

#[test]
fn failures_alike_beside_others_are_one_line() {
    let script =
        "case $SEEDBENCH_WORKER in [0-9]) od -An -v -tu8 -w8 -N96 /dev/urandom;; *) exit 3;; esac";
    let failed = said(
        &["--workers", "30", "--runs", "1", "--words", "12"],
        &["sh", "-c", script],
    );
    assert_eq!(
        failed.errors.matches("left with code 3").count(),
        1,
        "{}",
        failed.errors
    );
    assert!(
        failed.errors.contains("(and 19 others alike)"),
        "{}",
        failed.errors
    );
}

#[test]
fn failed_starts_hide_no_flaw_of_the_others() {
    let script = "case $SEEDBENCH_WORKER in 3) exit 3;; *) awk 'BEGIN { srand(5); for (i = 0; i < 100; i++) print rand() }';; esac";
    let options = ["--workers", "6", "--runs", "1", "--words", "100"];
    let flawed = said(&options, &["sh", "-c", script]);
    assert_eq!(flawed.code, Some(10), "{}", flawed.errors);
    assert!(
        flawed.errors.contains("left with code 3"),
        "{}",
        flawed.errors
    );
    let sound =
        "case $SEEDBENCH_WORKER in 3) exit 3;; *) od -An -v -tu8 -w8 -N800 /dev/urandom;; esac";
    let sound = said(&options, &["sh", "-c", sound]);
    assert_eq!(sound.code, Some(65), "{}", sound.errors);
}

#[test]
fn ranks_that_cannot_be_told_apart_are_told_of_shards() {
    let unlabelled = ["--pool", "--workers", "4", "--runs", "1"];
    let ranks = said(
        &unlabelled,
        &["sh", "-c", "od -An -v -tu8 -w8 -N3200 /dev/urandom"],
    );
    let printed = on_one_line(&format!("{} {}", ranks.text, ranks.errors));
    assert!(printed.contains("seedbench shard"), "{printed}");
    let two = "for r in 0 1; do for i in 1 2 3; do echo \"rank $r: 0.$r$i\"; done; done";
    let few = said(&unlabelled, &["sh", "-c", two]);
    assert_eq!(few.code, Some(65), "{}", few.errors);
    let printed = on_one_line(&few.errors);
    assert!(
        printed.contains("read as 2 workers where --workers promises 4")
            && printed.contains("seedbench shard --out DIR"),
        "{printed}"
    );
}

#[test]
fn fewer_numbers_than_asked_for_are_judged_with_one_note() {
    let script = "od -An -v -tu8 -w8 -N96 /dev/urandom";
    let short = said(
        &["--workers", "8", "--runs", "2", "--words", "100"],
        &["sh", "-c", script],
    );
    assert_ne!(short.code, Some(65), "{}", short.errors);
    let said = on_one_line(&short.text);
    assert_eq!(said.matches("100 were asked for").count(), 1, "{said}");
    assert!(!short.errors.contains("note:"), "{}", short.errors);
}

#[test]
fn a_command_without_dashes_is_told_where_they_go() {
    let output = Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .args(["audit", "--workers", "2", "sh", "worker.sh"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.contains("seedbench audit --workers 2 -- sh worker.sh"),
        "{errors}"
    );
}
