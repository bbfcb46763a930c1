//! What people read first: exports of runs and audits, lists and explanations within a terminal's width, the
//! demonstration, and the size of a large page.

use std::{fs, path::Path, process::Command};

use seedbench::{
    report::explain,
    statistics, strategies,
    verdict::{self, RULES},
};

fn seedbench(folder: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .args(arguments)
        .output()
        .unwrap()
}

fn code(output: &std::process::Output) -> i32 {
    output.status.code().unwrap()
}

/// Eight streams of which two are equal.
fn capture(folder: &Path) {
    let lines: String = (0..64_u64)
        .flat_map(|draw| (0..8_u64).map(move |worker| (worker, draw)))
        .map(|(worker, draw)| {
            let seed = worker.max(1) * 1_000 + draw;
            let word = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let word = (word ^ word >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
            format!("{worker},{}\n", word ^ word >> 32)
        })
        .collect();
    fs::write(folder.join("draws.csv"), format!("worker,value\n{lines}")).unwrap();
}

/// What every format must hold of an audit that found equal streams.
fn check(folder: &Path, name: &str, finding: &str) {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    assert!(
        text.contains(finding),
        "{name} lacks {finding}: {}",
        &text[..text.len().min(400)]
    );
    match name.rsplit('.').next().unwrap() {
        "json" | "sarif" => drop(serde_json::from_str::<serde_json::Value>(&text).unwrap()),
        "xml" => assert!(
            text.starts_with("<?xml") && text.contains("<failure"),
            "{text}"
        ),
        "html" => assert!(text.starts_with("<!DOCTYPE html>")),
        "csv" => {
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines[0].starts_with("row,backend,status,verdict"), "{text}");
            assert!(
                lines[1..].iter().any(|line| line.contains(",unsound,")),
                "{text}"
            );
        }
        "md" => assert!(text.starts_with("## ❌ seedbench"), "{text}"),
        other => panic!("{other}"),
    }
}

const FORMATS: [&str; 6] = ["x.json", "x.md", "x.csv", "x.xml", "x.sarif", "x.html"];

#[test]
fn audits_are_exported_by_extension() {
    let folder = tempfile::tempdir().unwrap();
    capture(folder.path());
    let mut arguments = vec!["audit", "--quiet", "draws.csv"];
    arguments.extend(FORMATS.iter().flat_map(|name| ["--export", name]));
    let done = seedbench(folder.path(), &arguments);
    assert_eq!(code(&done), 10, "{done:?}");
    for name in FORMATS {
        check(folder.path(), name, "equal-streams");
    }
    let sarif = fs::read_to_string(folder.path().join("x.sarif")).unwrap();
    assert!(
        sarif.contains("\"uri\": \"draws.csv\""),
        "results are shown at the capture"
    );
}

#[test]
fn runs_are_exported_by_extension() {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec![
        "run",
        "--quick",
        "--quiet",
        "--no-census",
        "--no-cost",
        "--backend",
        "threads",
        "--tasks",
        "8",
        "--words",
        "64",
        "--out",
        "report",
        "fixed/mt19937",
        "spawn-key/chacha8",
    ];
    arguments.extend(FORMATS.iter().flat_map(|name| ["--export", name]));
    let done = seedbench(folder.path(), &arguments);
    assert_eq!(code(&done), 0, "{done:?}");
    for name in ["x.json", "x.csv", "x.html"] {
        check(folder.path(), name, "equal-streams");
    }
    // As declared: nothing fails, and what to use stands first.
    let markdown = fs::read_to_string(folder.path().join("x.md")).unwrap();
    assert!(markdown.starts_with("## ✅ seedbench run"), "{markdown}");
    assert!(
        markdown.contains("Use spawn-key/chacha8") && markdown.contains("| unsound |"),
        "{markdown}"
    );
    let junit = fs::read_to_string(folder.path().join("x.xml")).unwrap();
    assert!(
        junit.contains("tests=\"2\"") && junit.contains("failures=\"0\""),
        "{junit}"
    );
}

#[test]
fn places_that_cannot_be_written_to_are_refused_before_any_work() {
    let folder = tempfile::tempdir().unwrap();
    capture(folder.path());
    fs::write(folder.path().join("file"), "").unwrap();
    for arguments in [
        ["run", "--export", "x.pdf"],
        ["run", "--export", "nowhere/x.md"],
        ["run", "--out", "file/below"],
        ["demo", "--out", "file/below"],
        ["audit", "draws.csv", "--export=x.pdf"],
        ["audit", "draws.csv", "--json=nowhere/x.json"],
        ["audit", "draws.csv", "--out=file/below"],
    ] {
        let done = seedbench(folder.path(), &arguments);
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(
            (code(&done), done.stdout.len()),
            (64, 0),
            "{arguments:?}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

/// Prose is no wider than the terminal; code, addresses and single words may be.
#[test]
fn lists_and_explanations_fit_the_terminal() {
    for width in [60, 80, 132] {
        let mut texts = vec![
            explain::list_strategies(
                strategies::ALL.iter().map(|strategy| strategy.spec()),
                width,
            ),
            explain::list_tests(statistics::specs(), width),
            explain::list_findings(RULES.iter().copied(), width),
        ];
        texts.extend(
            strategies::ALL
                .iter()
                .map(|strategy| explain::strategy(strategy.spec(), None, width)),
        );
        texts.extend(statistics::specs().map(|spec| explain::test(spec, width)));
        texts.extend(RULES.iter().map(|rule| explain::finding(rule, None, width)));
        for text in texts {
            for line in text.lines().filter(|line| line.chars().count() > width) {
                let words = line.split_whitespace().filter(|word| *word != "-").count();
                assert!(line.starts_with("    ") || words <= 2, "{width}: {line}");
            }
        }
    }
}

#[test]
fn every_strategy_is_explained_with_code_or_with_where_to_find_it() {
    for strategy in strategies::ALL {
        let text = explain::strategy(strategy.spec(), None, 100);
        let code = text.contains("\nIn ") || text.contains("\nInstead, in Rust:");
        assert!(code || text.contains("`seedbench generate"), "{text}");
    }
    assert!(
        explain::strategy(strategies::find("pid/mt19937").unwrap().spec(), None, 100)
            .contains("Instead, in Python:")
    );
    assert!(verdict::find("equal-streams").is_some());
}

#[test]
fn the_demonstration_shows_that_shared_streams_claim_too_little() {
    let folder = tempfile::tempdir().unwrap();
    let done = seedbench(
        folder.path(),
        &[
            "demo",
            "--quiet",
            "--backend",
            "threads",
            "--words",
            "8192",
            "--root",
            "3",
            "worker-ordinal/mt19937",
            "spawn-key/chacha8",
        ],
    );
    assert_eq!(code(&done), 0, "{done:?}");
    let json = fs::read(folder.path().join("reports/demo/demo.json")).unwrap();
    let demo: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let worth = |row: usize| demo["rows"][row]["worth"].as_f64().unwrap();
    assert_eq!((worth(0), worth(1)), (8.0, 64.0));
    // The root makes everything the same again.
    let factor = |errors: &serde_json::Value| {
        errors["actual"].as_f64().unwrap() / errors["claimed"].as_f64().unwrap()
    };
    for errors in demo["rows"][1]["errors"].as_array().unwrap() {
        assert!((0.6..1.5).contains(&factor(errors)), "{errors}");
    }
    let picture = fs::read(folder.path().join("reports/demo/demo.png")).unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
}

/// 500 streams in each of 100 rows: the page stays as small as a browser opens at once.
#[test]
fn the_page_of_many_streams_is_small() {
    let folder = tempfile::tempdir().unwrap();
    let done = seedbench(
        folder.path(),
        &[
            "run",
            "--quick",
            "--quiet",
            "--no-census",
            "--no-cost",
            "--backend",
            "threads",
            "--tasks",
            "500",
            "--words",
            "64",
            "--runs",
            "1",
            "--out",
            "report",
            "pid/mt19937",
            "spawn-key/mcg64",
        ],
    );
    assert!(code(&done) != 64 && code(&done) != 70, "{done:?}");
    let file = folder.path().join("report/report.json");
    let mut report: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let rows = report["cells"].as_array().unwrap().clone();
    let many = (0..100).map(|nth| {
        let mut row = rows[nth % rows.len()].clone();
        row["id"] = format!("rule-{nth}/mt19937").into();
        row
    });
    report["cells"] = many.collect();
    fs::write(&file, report.to_string()).unwrap();
    let done = seedbench(
        folder.path(),
        &["render", "--quiet", "report/report.json", "--out", "page"],
    );
    assert_eq!(code(&done), 0, "{done:?}");
    let page = fs::metadata(folder.path().join("page/index.html"))
        .unwrap()
        .len();
    assert!(page <= 2_000_000, "{page} bytes");
}
