//! Programs with narrow seeds in many languages, whatever they draw; those that are not installed are skipped by
//! name.
#![cfg(target_os = "linux")]

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// How often each must be found.
const TIMES: usize = 10;

struct Said {
    code: Option<i32>,
    all: String,
}

fn audit(options: &[&str], command: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .arg("audit")
        .args(options)
        .arg("--")
        .args(command)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let all = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Said {
        code: output.status.code(),
        all: all + &String::from_utf8_lossy(&output.stderr),
    }
}

/// Whether a language is here; said where it is not.
fn is_installed(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

/// An audit that must end as unsound with this finding, and say these words.
fn convicted(options: &[&str], command: &[&str], finding: &str, words: &str) {
    let said = audit(options, command);
    assert_eq!(said.code, Some(10), "{command:?}: {}", said.all);
    assert!(
        said.all.contains(&format!("[{finding}]")),
        "{command:?}: {}",
        said.all
    );
    assert!(said.all.contains(words), "{command:?}: {}", said.all);
}

const FEW: [&str; 6] = ["--workers", "8", "--runs", "2", "--words", "100"];

#[test]
fn clocks_and_workers_are_named_ten_times_in_a_row() {
    if !is_installed("cc") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("clock");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/clock_plus_worker.c");
    let compiled = Command::new("cc")
        .arg("-O1")
        .arg(source)
        .arg("-o")
        .arg(&program)
        .status();
    assert!(compiled.unwrap().success());
    let program = program.to_str().unwrap();
    let options = ["--pool", "--workers", "6", "--runs", "3", "--words", "64"];
    for _ in 0..TIMES {
        for (mode, words) in [
            ("sec", "the clock in seconds + worker"),
            ("secpid", "the clock in seconds + process id + worker"),
            ("ms", "the clock in milliseconds"),
            ("us", "the clock in microseconds"),
        ] {
            let said = audit(&options, &[program, mode]);
            assert!(said.all.contains("[ambient-seeds]"), "{mode}: {}", said.all);
            assert!(said.all.contains(words), "{mode}: {}", said.all);
            if mode.starts_with("sec") {
                assert_eq!(said.code, Some(10), "{mode}: {}", said.all);
            }
        }
    }
}

#[test]
fn small_seeds_of_php_are_narrow_ten_times_in_a_row() {
    if !is_installed("php") {
        return;
    }
    let script =
        "mt_srand(random_int(0, 9999)); for ($i = 0; $i < 100; $i++) echo mt_rand(), \"\\n\";";
    for _ in 0..TIMES {
        convicted(
            &FEW,
            &["php", "-r", script],
            "narrow-seeds",
            "PHP's mt_srand(k)",
        );
    }
}

#[test]
fn small_seeds_of_go_are_narrow_ten_times_in_a_row() {
    if !is_installed("go") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (source, program) = (folder.path().join("main.go"), folder.path().join("worker"));
    let text = "package main\n\
        import (\"crypto/rand\"; \"fmt\"; \"math/big\"; mr \"math/rand\")\n\
        func main() {\n\
            k, _ := rand.Int(rand.Reader, big.NewInt(10000))\n\
            g := mr.New(mr.NewSource(k.Int64()))\n\
            for i := 0; i < 100; i++ { fmt.Println(g.Uint64()) }\n\
        }\n";
    std::fs::write(&source, text).unwrap();
    let built = Command::new("go")
        .args(["build", "-o"])
        .args([&program, &source])
        .env("GOCACHE", folder.path().join("cache"))
        .status();
    assert!(built.unwrap().success());
    for _ in 0..TIMES {
        convicted(
            &FEW,
            &[program.to_str().unwrap()],
            "narrow-seeds",
            "math/rand",
        );
    }
}

#[test]
fn integers_below_a_bound_that_pass_for_bits_hide_no_seed() {
    if !is_installed("python3") {
        return;
    }
    let program = "import os, random; random.seed(100 + int(os.environ['SEEDBENCH_WORKER']))\n\
                   for _ in range(100): print(random.randrange(1000))";
    let options = ["--workers", "4", "--runs", "1", "--words", "100"];
    let said = audit(&options, &["python3", "-c", program]);
    assert!(said.all.contains("[known-seeds]"), "{}", said.all);
    assert!(said.all.contains("100 + worker"), "{}", said.all);
}

#[test]
fn what_is_made_of_the_outputs_hides_no_seed() {
    let python = "import random; random.seed(random.SystemRandom().randrange(5000))\n";
    let numbers = |draw: &str| format!("{python}for _ in range(100): print({draw})");
    for (draw, words) in [
        ("random.randint(1, 6)", "random.randrange(n)"),
        ("random.gauss(100, 15)", "random.gauss()"),
        ("'%.4f' % random.random()", "random.random()"),
        ("random.uniform(-5, 5)", "random.random()"),
    ] {
        if is_installed("python3") {
            convicted(
                &FEW,
                &["python3", "-c", &numbers(draw)],
                "narrow-seeds",
                words,
            );
        }
    }
    let lua = "local f = io.open('/dev/urandom', 'rb'); local a, b = f:read(2):byte(1, 2); f:close()\n\
               math.randomseed((a * 256 + b) % 5000)\n\
               for i = 1, 100 do print(math.random()) end";
    for (program, words) in [("lua5.4", "Lua 5.4's"), ("luajit", "LuaJIT's")] {
        if is_installed(program) {
            convicted(&FEW, &[program, "-e", lua], "narrow-seeds", words);
        }
    }
    let perl = "open F, '/dev/urandom'; read F, $b, 2; srand(unpack('S', $b) % 5000); \
                print int(rand(1000)), \"\\n\" for 1 .. 100";
    if is_installed("perl") {
        convicted(&FEW, &["perl", "-e", perl], "narrow-seeds", "Perl's");
    }
    let ruby = "require 'securerandom'; r = Random.new(SecureRandom.random_number(5000)); \
                100.times { puts r.rand(100) }";
    if is_installed("ruby") {
        convicted(&FEW, &["ruby", "-e", ruby], "narrow-seeds", "Ruby's");
    }
    let r = "k <- as.integer(system('od -An -N2 -tu2 /dev/urandom', intern = TRUE)) %% 5000\n\
             set.seed(k); cat(rnorm(100), sep = '\\n')";
    if is_installed("Rscript") {
        let options = ["--workers", "4", "--runs", "2", "--words", "100"];
        convicted(
            &options,
            &["Rscript", "-e", r],
            "narrow-seeds",
            "R's set.seed(k)",
        );
    }
}
