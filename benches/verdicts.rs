//! What a whole verdict costs: CPU time of `seedbench audit` on files, beside reading the same bytes and hashing them
//! with BLAKE3 on one core, in turn and in one run.
//!
//!     cargo bench --bench verdicts            # a table of medians and ratios, some two minutes
//!
//! Sound evidence of several sizes, and schemes that the first mebibyte refutes. `reports/speed.md` records it.

#[path = "support/cpu.rs"]
mod cpu;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use nix::sys::resource::UsageWho;
use seedbench::{
    Audit,
    generators::{BitStream, JavaRandom, Mcg64, SplitMix64, mix64},
    spawn::SpawnKey,
    vocabulary::RootSeed,
};

/// Turns; each measures every case once.
const TURNS: usize = 9;
const RUNS: u64 = 4;
const WORKERS: u64 = 64;

/// A case: its name, further arguments of `audit`, and where its evidence lies.
struct Case {
    name: String,
    arguments: &'static [&'static str],
    evidence: PathBuf,
}

/// One stream's words.
type Scheme = fn(run: u64, worker: u64, block: &mut [u64]);

fn sound(run: u64, worker: u64, block: &mut [u64]) {
    SplitMix64::new(mix64(run << 32 ^ worker ^ 0x0073_6565_6462)).fill(block);
}

/// The first stream of a run, for schemes that copy it.
fn first(run: u64, block: &mut [u64]) {
    sound(run, 0, block);
}

const REFUTED: &[(&str, Scheme)] = &[
    ("equal streams", |run, _, block| first(run, block)),
    ("one equal pair", |run, worker, block| {
        sound(run, if worker == 17 { 5 } else { worker }, block);
    }),
    (
        "seeds of java.util.Random in a row",
        |run, worker, block| {
            JavaRandom::from_seed(70_000_000 + 1000 * run + worker).fill(block);
        },
    ),
    ("xored with a constant", |run, worker, block| {
        first(run, block);
        block.iter_mut().for_each(|word| *word ^= mix64(worker));
    }),
    ("a constant added", |run, worker, block| {
        first(run, block);
        let add = |word: &mut u64| *word = word.wrapping_add(mix64(worker));
        block.iter_mut().for_each(add);
    }),
    ("every second one backwards", |run, worker, block| {
        sound(run, worker & !1, block);
        if worker % 2 == 1 {
            block.reverse();
        }
    }),
    ("every fourth word in common", |run, worker, block| {
        let mut common = vec![0; block.len()];
        first(run, &mut common);
        sound(run, worker, block);
        (0..block.len())
            .step_by(4)
            .for_each(|at| block[at] = common[at]);
    }),
    ("counters", |run, worker, block| {
        let start = mix64(run << 32 ^ worker);
        (0..)
            .zip(block)
            .for_each(|(at, word)| *word = start.wrapping_add(at));
    }),
    ("a weak generator, soundly seeded", |run, worker, block| {
        Mcg64::from_state(mix64(run << 32 ^ worker) | 1).fill(block);
    }),
];

/// Writes a stream a file.
fn write(folder: &Path, runs: u64, workers: u64, words: usize, scheme: Scheme) -> PathBuf {
    let mut block = vec![0; words];
    for run in 0..runs {
        let folder = folder.join(format!("run-{run}"));
        fs::create_dir_all(&folder).expect("a temporary folder");
        for worker in 0..workers {
            scheme(run, worker, &mut block);
            let bytes: Vec<u8> = block.iter().flat_map(|word| word.to_le_bytes()).collect();
            fs::write(folder.join(format!("worker-{worker}.u64")), bytes).expect("room in TMPDIR");
        }
    }
    folder.to_owned()
}

fn cases(root: &Path, words: usize) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: String, arguments, evidence: &Path| {
        cases.push(Case {
            name,
            arguments,
            evidence: evidence.to_owned(),
        });
    };
    let ten = write(&root.join("ten"), 1, 10, words / 16, sound);
    add("ten files of 8 KiB".into(), &[], &ten);
    for (divisor, size) in [(256, "128 KiB"), (32, "1 MiB"), (8, "4 MiB")] {
        let folder = write(&root.join(size), RUNS, WORKERS, words / divisor, sound);
        add(format!("sound, {size}"), &[], &folder);
    }
    let whole = write(&root.join("32 MiB"), RUNS, WORKERS, words, sound);
    add("sound, 32 MiB".into(), &[], &whole);
    add("sound, 32 MiB, screen".into(), &["--screen"], &whole);
    let large = write(&root.join("256 MiB"), RUNS, WORKERS, 8 * words, sound);
    add("sound, 256 MiB".into(), &[], &large);
    for (name, scheme) in REFUTED {
        let folder = write(&root.join(name), RUNS, WORKERS, words, *scheme);
        add(format!("32 MiB, {name}"), &[], &folder);
    }
    cases
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder was made") {
        let path = entry.expect("its entries can be read").path();
        match path.is_dir() {
            true => files.extend(self::files(&path)),
            false => files.push(path),
        }
    }
    files
}

/// CPU seconds of reading all bytes and hashing them.
fn hashing(case: &Case) -> f64 {
    let before = cpu::seconds(&[UsageWho::RUSAGE_SELF]);
    let mut hasher = blake3::Hasher::new();
    for file in files(&case.evidence) {
        hasher.update(&fs::read(file).expect("it was written"));
    }
    std::hint::black_box(hasher.finalize());
    cpu::seconds(&[UsageWho::RUSAGE_SELF]) - before
}

/// CPU seconds of a verdict.
fn verdict(case: &Case) -> f64 {
    let before = cpu::seconds(&[UsageWho::RUSAGE_CHILDREN]);
    let status = Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .arg("audit")
        .args(case.arguments)
        .arg(&case.evidence)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(
        matches!(status.code(), Some(0 | 10 | 12)),
        "{}: {status}",
        case.name
    );
    cpu::seconds(&[UsageWho::RUSAGE_CHILDREN]) - before
}

/// CPU seconds of an audit at its default size in this process, as the body of a `#[test]` is.
fn in_a_test() -> f64 {
    let before = cpu::seconds(&[UsageWho::RUSAGE_SELF]);
    let key = SpawnKey::from_root(RootSeed::from_u64(42));
    Audit::new("default size")
        .streams(|id| key.child(id.run).rng(id.worker))
        .assert_sound();
    cpu::seconds(&[UsageWho::RUSAGE_SELF]) - before
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn main() {
    // `cargo bench` says so; `cargo test --benches` only wants it to run.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (words, turns) = if measured { (16_384, TURNS) } else { (1024, 1) };
    let root = tempfile::tempdir().expect("a temporary folder");
    let cases = cases(root.path(), words);
    let mut seconds = vec![(Vec::new(), Vec::new()); cases.len()];
    for _ in 0..turns {
        for (case, (verdicts, hashes)) in cases.iter().zip(&mut seconds) {
            verdicts.push(verdict(case));
            hashes.push(hashing(case));
        }
    }
    let in_a_test = (0..turns).map(|_| in_a_test()).collect();
    println!("| evidence | CPU s of a verdict, median | of reading and BLAKE3 | ratio |");
    println!("|---|---:|---:|---:|");
    for (case, (verdicts, hashes)) in cases.iter().zip(seconds) {
        let (verdict, hash) = (median(verdicts), median(hashes));
        println!(
            "| {} | {verdict:.3} | {hash:.4} | {:.1} |",
            case.name,
            verdict / hash.max(1e-6)
        );
    }
    println!(
        "\n`Audit` in a test, at its default size: {:.3} CPU s",
        median(in_a_test)
    );
}
