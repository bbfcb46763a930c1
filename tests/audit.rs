//! Audits from the outside: verdicts, exit codes, what is printed where; and the test API.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use seedbench::Audit;

/// A wide seed: one that nobody finds by trying.
fn wide(run: u64, worker: u64) -> u64 {
    (run << 32 | worker) ^ 0x5eed_cafe_0000_0000
}

/// Words of a sound stream.
fn words(run: u64, worker: u64, count: usize) -> Vec<u64> {
    use rand::Rng;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(wide(run, worker));
    (0..count).map(|_| rng.next_u64()).collect()
}

fn put(folder: &Path, run: u64, worker: u64, words: &[u64]) {
    let folder = folder.join(format!("run-{run:03}"));
    fs::create_dir_all(&folder).unwrap();
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    fs::write(folder.join(format!("worker-{worker:05}.u64")), bytes).unwrap();
}

/// A capture in which run r worker w holds `stream(r, w)`.
fn capture(runs: u64, workers: u64, stream: impl Fn(u64, u64) -> Vec<u64>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for run in 0..runs {
        for worker in 0..workers {
            put(folder.path(), run, worker, &stream(run, worker));
        }
    }
    folder
}

fn seedbench(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

struct Judged {
    code: i32,
    report: serde_json::Value,
    stderr: String,
}

impl Judged {
    fn rules(&self) -> Vec<&str> {
        let findings = self.report["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|one| one["rule"].as_str().unwrap())
            .collect()
    }

    #[track_caller]
    fn must_find(&self, rule: &str) {
        assert!(self.rules().contains(&rule), "{:?}", self.rules());
    }
}

fn judge(arguments: &[&str]) -> Judged {
    let mut all = vec!["audit", "--quiet", "--json", "-"];
    all.extend_from_slice(arguments);
    let output = seedbench(&all);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let report =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let schema = serde_json::from_str(include_str!("../reports/report.schema.json")).unwrap();
    if let Err(error) = jsonschema::validate(&schema, &report) {
        panic!("{error} at {}", error.instance_path());
    }
    Judged {
        code: output.status.code().unwrap(),
        report,
        stderr,
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn sound_streams_are_sound_and_nothing_else_is_printed() {
    let folder = capture(2, 8, |run, worker| words(run, worker, 2000));
    let judged = judge(&[text(folder.path())]);
    assert_eq!(judged.code, 0, "{}", judged.report);
    assert_eq!(judged.report["verdict"], "sound");
    assert_eq!(judged.rules(), [""; 0]);
    assert_eq!(judged.stderr, "");
}

#[test]
fn an_equal_pair_is_named() {
    let folder = capture(2, 8, |run, worker| {
        words(run, if (run, worker) == (1, 6) { 2 } else { worker }, 2000)
    });
    let judged = judge(&[text(folder.path())]);
    assert_eq!(judged.code, 10);
    assert_eq!(judged.report["verdict"], "unsound");
    let finding = &judged.report["findings"][0];
    assert_eq!(finding["rule"], "equal-streams");
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.contains("worker-00002") && message.contains("worker-00006"),
        "{message}"
    );
    assert!(
        finding["witness"]["words"].as_u64() == Some(2000),
        "{finding}"
    );
    assert_eq!(finding["streams"].as_array().unwrap().len(), 2);
}

/// Unsigned binary integers that fill their width are draws, and are judged as they stand.
#[test]
fn what_is_no_draw_among_words_has_to_be_declared() {
    let rows = |draws: &dyn Fn(u64, u64) -> Vec<u64>| {
        capture(1, 6, |run, worker| {
            let numbered = (0_u64..).zip(draws(run, worker));
            numbered.flat_map(|(row, draw)| [row, draw]).collect()
        })
    };
    let sound = rows(&|run, worker| words(run, worker, 2000));
    let judged = judge(&[text(sound.path())]);
    assert_eq!(judged.code, 10, "{:?}", judged.rules());
    let judged = judge(&[text(sound.path()), "--as", "values"]);
    assert_eq!((judged.code, judged.rules()), (0, vec![]));
    let shared = rows(&|run, worker| match worker {
        4 => words(run, 1, 2100).split_off(100),
        _ => words(run, worker, 2000),
    });
    let judged = judge(&[text(shared.path()), "--as", "values"]);
    assert_eq!((judged.code, judged.rules()), (10, vec!["disguised-copy"]));
    assert_eq!(judged.report["findings"][0]["witness"]["words"], 3800);
    // Or what is no draw is left out.
    let labels = ["--row", "2", "--labels", "0"];
    let judged = judge(&[&[text(sound.path())], &labels[..]].concat());
    assert_eq!((judged.code, judged.rules()), (0, vec![]));
    let judged = judge(&[&[text(shared.path())], &labels[..]].concat());
    assert_eq!((judged.code, judged.rules()), (10, vec!["shifted-overlap"]));
    assert_eq!(judged.report["findings"][0]["witness"]["words"], 1900);

    let headed = |share: bool| {
        capture(1, 16, |run, worker| {
            let mut drawn = words(run, worker, 600);
            if share && worker == 6 {
                drawn[50..450].copy_from_slice(&words(run, 3, 600)[100..500]);
            }
            [vec![600], drawn].concat()
        })
    };
    let sound = headed(false);
    assert_eq!(judge(&[text(sound.path())]).code, 10);
    for declared in [&["--as", "values"][..], &["--skip", "1"]] {
        assert_eq!(judge(&[&[text(sound.path())], declared].concat()).code, 0);
        let shared = headed(true);
        let judged = judge(&[&[text(shared.path())], declared].concat());
        assert_eq!((judged.code, judged.rules()[0]), (10, "shifted-overlap"));
        assert_eq!(judged.report["findings"][0]["witness"]["words"], 400);
    }

    let held = capture(1, 8, |run, worker| {
        let drawn = words(run, worker, 600).into_iter();
        drawn.flat_map(|word| [word, word, word]).collect()
    });
    assert_eq!(judge(&[text(held.path())]).code, 10);
    assert_eq!(judge(&[text(held.path()), "--held"]).code, 0);
}

#[test]
fn sorted_words_are_values() {
    let sorted = capture(2, 8, |run, worker| {
        let mut all = words(run, worker, 600);
        all.sort_unstable();
        all
    });
    let judged = judge(&[text(sorted.path()), "--as", "values"]);
    assert_eq!((judged.code, judged.rules()), (0, vec![]));
}

#[test]
fn an_overlap_late_in_a_long_stream_is_found() {
    let folder = capture(1, 16, |run, worker| {
        let mut stream = words(run, worker, 20_000);
        if worker == 11 {
            let other = words(run, 4, 20_000);
            stream[19_000..20_000].copy_from_slice(&other[100..1100]);
        }
        stream
    });
    let judged = judge(&[text(folder.path())]);
    assert_eq!(judged.code, 10);
    let finding = &judged.report["findings"][0];
    assert_eq!(finding["rule"], "shifted-overlap");
    assert_eq!(finding["witness"]["words"], 1000);
}

#[test]
fn a_capture_larger_than_what_is_tested_is_joined_to_its_end_and_says_so() {
    let count = 500_000;
    let late = words(0, 0, count)[300_000..].to_vec();
    let overlapping = capture(1, 3, |run, worker| {
        let mut own = words(run, worker, count);
        if worker == 2 {
            own[250_000..450_000].copy_from_slice(&late);
        }
        own
    });
    let limited = ["--memory", "16M", "--tested", "4M"];
    let judged = judge(&[&[text(overlapping.path())], &limited[..]].concat());
    assert_eq!((judged.code, judged.rules()), (10, vec!["shifted-overlap"]));
    let shared = &judged.report["cells"][0]["outcome"]["analysis"]["joins"]["shared"][0];
    assert_eq!(shared["witness"]["words"], 200_000);

    let sound = capture(1, 3, |run, worker| words(run, worker, count));
    let output = seedbench(&[&["audit", text(sound.path())], &limited[..]].concat());
    assert_eq!(output.status.code(), Some(0));
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("joins all 500,000"), "{shown}");
    assert!(shown.contains("windows were sampled"), "{shown}");
    for wrong in ["12", "4Q", "-1"] {
        let refused = seedbench(&["audit", text(sound.path()), "--memory", wrong]);
        assert_eq!(refused.status.code(), Some(64), "{wrong}");
    }
}

/// Integers of 16 bits but for some in the middle: the format that starts and ends suggest is refuted
/// when all of it is read.
#[test]
fn a_format_refuted_beyond_what_is_tested_is_recognised_anew() {
    let folder = capture(1, 3, |run, worker| {
        let mut own = words(run, worker, 500_000);
        for word in &mut own {
            *word >>= 48;
        }
        for word in &mut own[300_000..300_100] {
            *word += 1_000_000;
        }
        own
    });
    let whole = judge(&[text(folder.path())]);
    let limited = judge(&[text(folder.path()), "--memory", "16M", "--tested", "4M"]);
    for judged in [&whole, &limited] {
        assert_eq!(judged.code, 0, "{:?}", judged.rules());
    }
    // The entropy is measured on those that did not fit, which are not the same.
    let marginal =
        |judged: &Judged| judged.report["cells"][0]["outcome"]["format"]["marginal"].clone();
    assert_eq!(marginal(&limited), "grid");
    assert_eq!(marginal(&limited), marginal(&whole));
    // What is asked of uniform bits alone is asked of neither, and copies are looked for in what is tested: a third
    // of 2^19 values a stream, which is said.
    let analysis = &limited.report["cells"][0]["outcome"]["analysis"];
    assert_eq!(analysis["reading"]["as"], "values");
    assert_eq!(analysis["reading"]["excluded"]["values"], (1 << 19) / 3);
    assert_eq!(analysis["reading"]["excluded"]["of"], 500_000);
    let tested = |judged: &Judged| {
        let tests = judged.report["cells"][0]["outcome"]["analysis"]["tests"].clone();
        let mut ids: Vec<String> = tests
            .as_array()
            .unwrap()
            .iter()
            .filter(|test| test["outcome"]["outcome"] == "tested")
            .map(|test| test["test"].to_string())
            .collect();
        ids.dedup();
        ids
    };
    assert_eq!(tested(&limited), tested(&whole));
}

#[test]
fn runs_that_repeat_are_a_note_unless_fresh_ones_are_expected() {
    let folder = capture(2, 8, |_, worker| words(0, worker, 1000));
    let judged = judge(&[text(folder.path())]);
    assert_eq!(judged.code, 0);
    assert_eq!(judged.rules(), ["runs-repeat"]);
    let judged = judge(&[text(folder.path()), "--expect", "fresh"]);
    assert_eq!(judged.code, 10);
}

#[test]
fn sharing_between_runs_at_other_places_is_unsound() {
    let folder = capture(3, 8, |run, worker| words(0, run + worker, 1000));
    let judged = judge(&[text(folder.path())]);
    assert_eq!(judged.code, 10);
    judged.must_find("cross-run-sharing");
}

#[test]
fn ranks_that_must_agree_are_held_to_it() {
    let agree = capture(1, 8, |_, _| words(0, 0, 1000));
    assert_eq!(
        judge(&[text(agree.path()), "--expect", "identical"]).code,
        0
    );
    let differ = capture(1, 8, |_, worker| words(0, worker / 7, 1000));
    let judged = judge(&[text(differ.path()), "--expect", "identical"]);
    assert_eq!(judged.code, 10);
    assert_eq!(judged.rules()[0], "ranks-differ");
}

#[test]
fn a_group_of_ranks_may_be_identical_and_the_others_not() {
    let shared = capture(2, 6, |run, worker| words(run, worker.max(2), 1000));
    let folder = text(shared.path());
    assert_eq!(judge(&[folder]).code, 10);
    let group = "worker-00000,worker-00001,worker-00002";
    assert_eq!(judge(&[folder, "--identical", group]).code, 0);
    let refused = seedbench(&["audit", folder, "--identical", "worker-9"]);
    assert_eq!(refused.status.code(), Some(64));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("the first is named"), "{said}");
    let judged = judge(&[folder, "--identical", "worker-0000*"]);
    assert_eq!(judged.rules(), ["ranks-differ"]);
}

#[test]
fn an_audit_too_small_for_its_question_is_inconclusive() {
    let folder = capture(1, 8, |run, worker| words(run, worker, 1000));
    let judged = judge(&[text(folder.path()), "--for-workers", "100000"]);
    assert_eq!(judged.code, 12);
    assert_eq!(judged.report["verdict"], "inconclusive");
    let judged = judge(&[text(folder.path()), "--require-bits", "60"]);
    assert_eq!(judged.code, 12);
}

#[test]
fn one_stream_alone_is_judged_for_what_it_is() {
    // Nothing can be said of seeding by one stream.
    let folder = capture(1, 1, |run, worker| words(run, worker, 10_000));
    let judged = judge(&[text(folder.path())]);
    assert_eq!(judged.code, 12);
    assert_eq!(judged.report["verdict"], "inconclusive");
    let folder = capture(1, 1, |run, worker| {
        let period = words(run, worker, 500);
        (0..10_000).map(|index| period[index % 500]).collect()
    });
    let judged = judge(&[text(folder.path())]);
    judged.must_find("short-period");
}

#[test]
fn half_floats_are_judged_as_values_that_tie() {
    // Half floats of draws in [0, 1), cut.
    let array = |draws: &[u64]| {
        let header = format!(
            "{{'descr': '<f2', 'fortran_order': False, 'shape': ({},), }}\n",
            draws.len()
        );
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.bytes());
        for draw in draws {
            let leading = draw.leading_zeros().min(14) as u16;
            let fraction = (draw << (leading + 1) >> 54) as u16;
            file.extend(((14 - leading) << 10 | fraction).to_le_bytes());
        }
        file
    };
    for (equal, code) in [(false, 0), (true, 10)] {
        let folder = tempfile::tempdir().unwrap();
        for worker in 0..8 {
            let whose = if equal && worker == 5 { 2 } else { worker };
            let path = folder.path().join(format!("worker-{worker}.npy"));
            fs::write(path, array(&words(0, whose, 2000))).unwrap();
        }
        let judged = judge(&[text(folder.path())]);
        assert_eq!(judged.code, code, "{}", judged.report);
    }
}

#[test]
fn a_worker_that_drew_nothing_is_a_note() {
    let folder = capture(1, 8, |run, worker| words(run, worker, 4096));
    fs::write(folder.path().join("run-000/worker-00008.u64"), "").unwrap();
    let judged = judge(&[text(folder.path())]);
    assert_eq!(judged.code, 0, "{}", judged.report);
    let note = judged.report["trimmed"][0].as_str().unwrap();
    assert!(note.contains("worker-00008.u64"), "{note}");
    assert!(judged.report.get("problems").is_none());
}

#[test]
fn multiplicities_of_an_unlabelled_list_convict() {
    // Eight workers walk one sequence: the note's table 8 · 6 · 5 from chunks of four.
    let folder = tempfile::tempdir().unwrap();
    let mut list = String::new();
    let mut sequence = words(0, 0, 16)
        .into_iter()
        .map(|word| (word >> 11) as f64 / (1u64 << 53) as f64);
    for times in [8, 8, 8, 8, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5, 5, 5] {
        let value = sequence.next().unwrap();
        list += &format!("{value}\n").repeat(times);
    }
    let file = folder.path().join("pool.txt");
    fs::write(&file, list).unwrap();
    // In a file it may be a list of anything; a pool's list is one of draws.
    let judged = judge(&[text(&file)]);
    assert_eq!((judged.code, judged.rules()), (12, vec!["unearned-words"]));
    let pool = ["--pool", "--runs", "1", "--", "cat", text(&file)];
    for arguments in [&[text(&file), "--as", "draws"][..], &pool] {
        let judged = judge(arguments);
        assert_eq!(judged.code, 10, "{}", judged.report);
        judged.must_find("repeated-values");
    }
}

#[test]
fn numpy_files_of_bytes_are_judged() {
    for (copied, code, rules) in [(None, 0, &[][..]), (Some(6), 10, &["equal-streams"][..])] {
        let folder = tempfile::tempdir().unwrap();
        for worker in 0..8 {
            let source = if copied == Some(worker) { 2 } else { worker };
            let mut file = b"\x93NUMPY\x01\x00".to_vec();
            let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (8000,), }\n";
            file.extend((header.len() as u16).to_le_bytes());
            file.extend(header.bytes());
            file.extend(words(0, source, 1000).iter().flat_map(|w| w.to_le_bytes()));
            fs::write(folder.path().join(format!("worker-{worker}.npy")), file).unwrap();
        }
        let judged = judge(&[text(folder.path())]);
        assert_eq!(judged.code, code, "{}", judged.report);
        assert_eq!(judged.rules(), rules);
        assert_eq!(judged.stderr, "");
    }
}

#[test]
fn bad_data_is_named_and_the_rest_is_judged() {
    let folder = capture(1, 8, |run, worker| words(run, worker % 7, 1000));
    fs::write(folder.path().join("run-000/worker-00003.u64"), [1, 2, 3]).unwrap();
    let judged = judge(&[text(folder.path())]);
    assert_eq!(judged.code, 10, "what cannot be read hides no flaw");
    assert!(
        judged.stderr.contains("worker-00003.u64"),
        "{}",
        judged.stderr
    );
    assert_eq!(judged.rules()[0], "equal-streams");
    assert_eq!(judged.report["problems"].as_array().unwrap().len(), 1);

    let output = seedbench(&["audit", "/no/such/capture"]);
    assert_eq!(output.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/no/such/capture"));
    assert!(output.stdout.is_empty());
}

/// A text in a folder of its own.
fn printed(name: &str, contents: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, contents).unwrap();
    (folder, path)
}

#[test]
fn options_say_how_a_table_is_read() {
    // Four processes with one sampler seed, as optuna's table shows them; the objective differs.
    let mut table = String::from("number,value,params_x,user_attrs_proc,state\n");
    for trial in 0..240u64 {
        let unit = |word: u64| (word >> 11) as f64 / (1u64 << 53) as f64;
        let (step, process) = (trial / 4, trial % 4);
        let x = unit(words(0, 0, 60)[step as usize]);
        let noise = unit(words(1, process, 60)[step as usize]);
        table += &format!("{trial},{noise:?},{x:?},{process},COMPLETE\n");
    }
    let (_folder, path) = printed("trials.csv", &table);
    // What all share beside an objective of their own may have been told to them.
    let judged = judge(&[text(&path)]);
    assert_eq!((judged.code, judged.rules()[0]), (12, "shared-inputs"));
    let columns = ["--by", "user_attrs_proc", "--value", "params_x"];
    let judged = judge(&[&columns[..], &[text(&path)]].concat());
    assert_eq!((judged.code, judged.rules()[0]), (10, "equal-streams"));
    let judged = judge(&["--value", "value", text(&path)]);
    assert_ne!(judged.code, 10, "{}", judged.report);
    let output = seedbench(&["audit", "--by", "worker", text(&path)]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(65), "{stderr}");
    assert!(stderr.contains("--by: no column is called `worker`") && stderr.contains("params_x"));
}

#[test]
fn options_say_where_a_line_holds_its_number() {
    let mut log = String::new();
    for draw in 0..64usize {
        for rank in 0..4u64 {
            let word = words(0, rank / 2, 64)[draw];
            log += &format!("t={draw} rank {rank} drew {word} in 3 ms\n");
        }
    }
    let (_folder, path) = printed("run.log", &log);
    let output = seedbench(&["audit", text(&path)]);
    assert_eq!(output.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--match"));
    let pattern = r"rank (?<worker>\d+) drew (?<value>\d+)";
    let judged = judge(&["--match", pattern, text(&path)]);
    assert_eq!(
        (judged.code, judged.rules()[0]),
        (10, "equal-streams"),
        "{}",
        judged.report
    );
    for wrong in ["(?<value>", "rank (\\d+)", "(?<who>x)(?<value>y)"] {
        let output = seedbench(&["audit", "--match", wrong, text(&path)]);
        assert_eq!(output.status.code(), Some(64), "{wrong}");
    }
}

#[test]
fn rows_and_columns_are_both_looked_at() {
    let list: Vec<String> = words(0, 0, 40).iter().map(u64::to_string).collect();
    let rows = (list.join(" ") + "\n").repeat(4);
    let columns: String = list
        .iter()
        .map(|word| format!("{word} {word} {word}\n"))
        .collect();
    for (name, contents) in [("rows.txt", rows), ("columns.txt", columns)] {
        let (_folder, path) = printed(name, &contents);
        let judged = judge(&[text(&path)]);
        assert_eq!(judged.code, 10, "{name}: {}", judged.report);
        assert!(judged.stderr.contains("--axis rows"), "{}", judged.stderr);
    }
}

#[test]
fn misuse_is_a_usage_error() {
    for arguments in [
        &["audit"][..],
        &["audit", "x", "--pool"],
        &["audit", "x", "--type", "u128"],
        &[
            "audit",
            "x",
            "--words-per-stream",
            "5",
            "--interleaved",
            "3",
        ],
        &["audit", "--", "/no/such/program"],
        &["audit", "x", "--require-bits", "0"],
        &["shard", "--out", "/tmp"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_seedbench"))
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn a_report_is_written_where_it_is_asked_for() {
    let folder = capture(1, 4, |run, worker| words(run, worker % 3, 500));
    let out = folder.path().join("report");
    let output = seedbench(&["audit", text(folder.path()), "--out", text(&out)]);
    assert_eq!(output.status.code(), Some(10));
    assert!(out.join("report.json").exists() && out.join("index.html").exists());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("secrets"), "{stderr}");
    let json = folder.path().join("only.json");
    let output = seedbench(&["audit", text(folder.path()), "--json", text(&json), "-q"]);
    assert!(output.stdout.is_empty());
    let report: serde_json::Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    assert_eq!(report["exit_code"], 10);
}

#[cfg(unix)]
mod commands {
    use super::*;

    /// A program in shell whose words are a hash of its arguments.
    fn script(seed: &str) -> String {
        format!(
            "i=0; while [ $i -lt $SEEDBENCH_WORDS ]; do \
             printf '%s/%s' \"{seed}\" $i | cksum | cut -d' ' -f1; i=$((i+1)); done"
        )
    }

    fn audit(options: &[&str], script: &str) -> Judged {
        let mut arguments = options.to_vec();
        arguments.extend(["--", "sh", "-c", script]);
        judge(&arguments)
    }

    #[test]
    fn workers_with_one_seed_are_equal_streams() {
        let options = ["--workers", "4", "--runs", "1", "--words", "12"];
        let judged = audit(&options, &script("fixed"));
        assert_eq!(judged.code, 10, "{}", judged.report);
        assert!(judged.rules().contains(&"equal-streams"));
        // A checksum is linear, and streams of near seeds are related through it; the system's
        // generator is sound.
        let judged = audit(
            &options,
            "od -An -v -tu8 -w8 -N$((8 * SEEDBENCH_WORDS)) /dev/urandom",
        );
        assert_eq!(judged.code, 0, "{}", judged.report);
    }

    #[test]
    fn seed_plus_rank_is_seen_over_seeds() {
        let options = ["--workers", "3", "--seeds", "0,1,2", "--words", "64"];
        let judged = audit(&options, &script("$((SEEDBENCH_SEED + SEEDBENCH_WORKER))"));
        assert_eq!(judged.code, 10);
        judged.must_find("cross-run-sharing");
    }

    #[test]
    fn bits_of_the_seed_without_effect_are_named() {
        let hashed = |seed: &str| {
            format!(
                "printf '%s/%s' \"{seed}\" $SEEDBENCH_WORKER | sha256sum | cut -c1-64 | fold -w16"
            )
        };
        let options = ["--workers", "2", "--seeds", "flips", "--words", "4"];
        let cut = audit(&options, &hashed("$((SEEDBENCH_SEED & 0xffffffff))"));
        assert_eq!(cut.code, 10, "{}", cut.report);
        assert!(cut.rules().contains(&"dead-seed-bits"), "{:?}", cut.rules());
        let said = cut.report["findings"].to_string();
        assert!(
            said.contains("bits 32–62 of the seed have no effect"),
            "{said}"
        );
        let shifted = audit(&options, &hashed("$((SEEDBENCH_SEED >> 4))"));
        let said = shifted.report["findings"].to_string();
        assert!(
            said.contains("bits 0–3 of the seed have no effect"),
            "{said}"
        );
        let walk = &shifted.report["cells"][0]["outcome"]["analysis"]["seed_walk"];
        assert_eq!(walk["dead"].to_string(), "[[0,3]]", "{walk}");
        let whole = audit(&options, &hashed("$SEEDBENCH_SEED"));
        assert_eq!(whole.code, 0, "{}", whole.report);
    }

    #[test]
    fn faults_of_workers_are_named_and_the_others_are_judged() {
        let options = [
            "--workers",
            "10",
            "--runs",
            "1",
            "--words",
            "64",
            "--timeout",
            "3",
        ];
        let folder = tempfile::tempdir().unwrap();
        for worker in 4..10 {
            let list: String = words(0, worker.max(5), 64)
                .iter()
                .map(|word| format!("{word}\n"))
                .collect();
            fs::write(folder.path().join(worker.to_string()), list).unwrap();
        }
        let own = format!("cat {}/{{worker}}", text(folder.path()));
        let judged = audit(
            &options,
            &format!(
                "case {{worker}} in 0) exit 7;; 1) echo 5;; 2) kill -9 $$;; 3) sleep 60;; *) {own};; esac"
            ),
        );
        assert_eq!(judged.code, 10, "what cannot be read hides no flaw");
        for said in [
            "run 0 worker 0: left with code 7",
            "run 0 worker 1: printed 1 numbers where 64 were asked for",
            "run 0 worker 2: was ended by signal SIGKILL",
            "run 0 worker 3: was still running after 3s",
        ] {
            assert!(judged.stderr.contains(said), "{said}: {}", judged.stderr);
        }
        judged.must_find("equal-streams");
    }

    #[test]
    fn garbage_and_silence_are_bad_data() {
        let options = ["--workers", "2", "--runs", "1", "--words", "4"];
        for (script, said) in [
            ("echo hello", "line 1: `hello`"),
            ("true", "holds no numbers"),
        ] {
            let mut arguments = vec!["audit"];
            arguments.extend(options);
            arguments.extend(["--", "sh", "-c", script]);
            let output = seedbench(&arguments);
            assert_eq!(output.status.code(), Some(65), "{script}");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(stderr.contains(said), "{stderr}");
        }
    }

    #[test]
    fn shards_make_a_capture() {
        let folder = tempfile::tempdir().unwrap();
        for worker in 0..4 {
            let mut shard = Command::new(env!("CARGO_BIN_EXE_seedbench"))
                .args(["shard", "--out", text(folder.path()), "-q"])
                .env("SLURM_PROCID", worker.to_string())
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            let list: String = words(0, worker / 2, 100)
                .iter()
                .map(|word| format!("{word}\n"))
                .collect();
            use std::io::Write;
            shard
                .stdin
                .take()
                .unwrap()
                .write_all(list.as_bytes())
                .unwrap();
            assert!(shard.wait().unwrap().success());
        }
        let judged = judge(&[text(folder.path())]);
        assert_eq!(judged.code, 10);
        assert_eq!(judged.rules()[0], "equal-streams");
    }
}

#[test]
fn the_test_api_accepts_sound_generators() {
    let audited = Audit::new("one key a worker")
        .workers(32)
        .runs(2)
        .streams(|id| Xoshiro256PlusPlus::seed_from_u64(wide(id.run, id.worker)));
    audited.assert_sound();
    assert_eq!(audited.findings().len(), 0);
}

#[test]
#[should_panic(expected = "run 0 worker 0 and run 0 worker 13")]
fn the_test_api_names_the_workers_that_collide() {
    Audit::new("thirteen streams for sixteen workers")
        .workers(16)
        .runs(1)
        .streams(|id| Xoshiro256PlusPlus::seed_from_u64(id.worker % 13))
        .assert_sound();
}

#[test]
#[should_panic(expected = "needs")]
fn the_test_api_can_ask_for_a_size() {
    Audit::new("sound, but too small to tell")
        .for_workers(1_000_000)
        .streams(|id| Xoshiro256PlusPlus::seed_from_u64(wide(id.run, id.worker)))
        .assert_sound();
}

#[test]
fn the_test_api_takes_words_and_reals() {
    let counter = Audit::new("counters from near starts")
        .workers(4)
        .words_from(|id| {
            let mut state = id.worker;
            move || {
                state += 1;
                state
            }
        });
    assert!(!counter.is_sound());
    let reals = Audit::new("reals").reals_from(|id| {
        use rand::Rng;
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(wide(id.run, id.worker));
        move || (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    });
    assert!(reals.is_sound(), "{reals}");
    let nan = Audit::new("NaN").workers(2).reals_from(|_| || f64::NAN);
    assert!(!nan.is_sound());
    assert!(nan.to_string().contains("run 0 worker 0"), "{nan}");
}

/// The doubles of Python's random.seed(k) as words of 53 bits: `genrand_res53`.
fn python(seed: u64, count: usize) -> Vec<f64> {
    let mut twister = seedbench::generators::Mt19937::from_array(&[seed as u32]);
    let mut draw = || twister.next_u32();
    (0..count)
        .map(|_| {
            let first = draw();
            seedbench::generators::genrand_res53(first, draw())
        })
        .collect()
}

/// An audit of one run of Python's doubles, a seed a worker.
fn judged_python(seeds: &[u64]) -> Judged {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run-000");
    fs::create_dir_all(&run).unwrap();
    for (worker, &seed) in seeds.iter().enumerate() {
        let doubles = python(seed, 400);
        let bytes: Vec<u8> = doubles.iter().flat_map(|x| x.to_le_bytes()).collect();
        fs::write(run.join(format!("worker-{worker:05}.f64")), bytes).unwrap();
    }
    judge(&[text(folder.path())])
}

#[test]
fn small_seeds_are_found_out() {
    let ranks: Vec<u64> = (100..120).collect();
    let counted = judged_python(&ranks);
    assert_eq!((counted.code, counted.rules()), (0, vec!["known-seeds"]));
    let message = counted.report["findings"][0]["message"].to_string();
    assert!(
        message.contains("Python's random.seed(k) with k = 100 + worker"),
        "{message}"
    );
    // Drawn from sixteen bits, all different, and never seen to meet.
    let drawn: Vec<u64> = (0..20).map(|i| words(0, i, 1)[0] >> 48).collect();
    let narrow = judged_python(&drawn);
    assert_eq!(
        (narrow.code, narrow.rules()),
        (10, vec!["narrow-seeds", "known-seeds"])
    );
    // Seeds of 32 bits stay unknown.
    let wide: Vec<u64> = (0..20).map(|i| words(0, i, 1)[0] >> 32).collect();
    assert_eq!(judged_python(&wide).code, 0);
}
