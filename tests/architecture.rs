//! The layers, read off the source: who imports whom, and who may touch the outside world.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Modules from the bottom up, and what each may import besides itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("math", &[]),
    ("generators", &["core"]),
    ("strategies", &["core", "generators"]),
    ("battery", &["core", "math"]),
    ("harness", &["core", "generators", "strategies", "init"]),
    ("capture", &["battery", "core"]),
    ("plan", &["core"]),
    (
        "judge",
        &["battery", "core", "diagnosis", "math", "strategies"],
    ),
    (
        "diagnosis",
        &["battery", "core", "judge", "math", "strategies"],
    ),
    (
        "report",
        &[
            "battery",
            "census",
            "core",
            "diagnosis",
            "harness",
            "horizon",
            "judge",
            "math",
            "plan",
            "selftest",
            "strategies",
        ],
    ),
    (
        "run",
        &[
            "battery",
            "core",
            "diagnosis",
            "generators",
            "harness",
            "judge",
            "math",
            "plan",
            "report",
            "strategies",
        ],
    ),
    (
        "audit",
        &[
            "battery",
            "capture",
            "core",
            "diagnosis",
            "generators",
            "harness",
            "judge",
            "math",
            "plan",
            "recovery",
            "report",
            "strategies",
        ],
    ),
    ("recovery", &["battery", "core", "generators"]),
    (
        "selftest",
        &["battery", "core", "diagnosis", "judge", "math"],
    ),
    ("spawn", &["core", "generators"]),
    ("pool", &["core", "generators", "spawn"]),
    ("horizon", &["core", "generators", "math", "strategies"]),
    (
        "census",
        &["core", "harness", "horizon", "math", "strategies"],
    ),
    (
        "advise",
        &["core", "harness", "horizon", "math", "strategies"],
    ),
    (
        "origin",
        &["core", "generators", "harness", "math", "strategies"],
    ),
    (
        "gate",
        &[
            "audit",
            "battery",
            "capture",
            "core",
            "diagnosis",
            "harness",
            "judge",
            "math",
            "plan",
            "report",
            "run",
            "strategies",
        ],
    ),
];

/// Modules that may import anything: the command line, and the roots of library and binary.
const TOP: &[&str] = &["cli", "lib", "main"];

struct Source {
    path: PathBuf,
    module: String,
    /// The code without comments, and without test modules at its end.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let relative = path.strip_prefix(&root).unwrap().to_path_buf();
                let module = relative.iter().next().unwrap().to_str().unwrap();
                found.push(Source {
                    module: module.trim_end_matches(".rs").to_owned(),
                    code: code(&fs::read_to_string(&path).unwrap()),
                    path: relative,
                });
            }
        }
    }
    assert!(found.len() > 50, "the source was not found");
    found
}

/// Without line comments and without what follows the first test module.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
    text[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules named after `crate::`, one by one or in braces.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    _ if depth > 0 => {}
                    ',' => {
                        found.extend(first_word(&name));
                        name.clear();
                    }
                    c => name.push(c),
                }
            }
            found.extend(first_word(&name));
        } else {
            found.extend(first_word(rest));
        }
    }
    found
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (!word.is_empty()).then_some(word)
}

#[test]
fn imports_in_braces_are_seen() {
    let code = "use crate::{\n    battery::{Analysis, Joins},\n    core::StreamId,\n};\nlet x = crate::math::bonferroni;";
    let seen: Vec<String> = imports(code).into_iter().collect();
    assert_eq!(seen, ["battery", "core", "math"]);
}

#[test]
fn modules_import_only_what_is_below_them() {
    let mut wrong = Vec::new();
    for source in sources() {
        if TOP.contains(&source.module.as_str()) || is_test_only(&source.path) {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == source.module) else {
            wrong.push(format!("{} is in no layer", source.path.display()));
            continue;
        };
        for import in imports(&source.code) {
            if import != source.module && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{} imports {import}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Files that hold nothing but tests or what tests need.
fn is_test_only(path: &Path) -> bool {
    const TESTS: [&str; 4] = ["tests", "testing", "samples", "power"];
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    stem.is_some_and(|stem| TESTS.contains(&stem))
        || path.iter().any(|part| {
            part == "snippets" || part == "fixes" || TESTS.iter().any(|tests| part == *tests)
        })
}

/// Fails with every file outside of `allowed` that contains one of the words.
fn only_in(words: &[&str], allowed: &[&str]) {
    let wrong: Vec<String> = sources()
        .into_iter()
        .filter(|source| !is_test_only(&source.path))
        .filter(|source| !allowed.iter().any(|place| source.path.starts_with(place)))
        .flat_map(|source| {
            words
                .iter()
                .filter(|word| source.code.contains(**word))
                .map(|word| format!("{} says {word}", source.path.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_command_line_prints_and_exits() {
    only_in(
        // ` println!`, so that `eprintln!` is not meant: warnings of the test API go to stderr.
        &[" println!", " print!(", "process::exit", "anyhow::"],
        &["cli", "main.rs", "harness/fork_helper.rs"],
    );
}

#[test]
fn unsafe_code_is_in_few_places() {
    only_in(
        &["unsafe {", "unsafe fn", "unsafe impl"],
        &[
            "harness/ambient.rs",
            "harness/command/bond.rs",
            "harness/fork_helper.rs",
            "harness/fork_segment.rs",
            "harness/fork_worker.rs",
            "battery/kernels",
        ],
    );
}

#[test]
fn clocks_and_entropy_are_read_in_few_places() {
    only_in(
        &["SystemTime::now", "Instant::now", "process::id()"],
        &[
            "harness",
            "report/provenance.rs",
            "cli",
            "capture",
            "pool.rs",
            "origin.rs",
            "audit",
        ],
    );
    only_in(
        &["getrandom::"],
        &[
            "harness",
            "generators/system.rs",
            "strategies",
            "spawn.rs",
            "pool.rs",
            "cli",
            "advise/snippets",
        ],
    );
}
