//! Evidence of many workers: packed, twice, in stretches, incomplete, and longer than 2^32 words.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use seedbench::{
    audit::{Question, Roster, audit},
    capture::{Capture, ReadOptions, one_line},
    verdict::Verdict,
    vocabulary::{Arena, Piece, StreamId},
};
use tempfile::TempDir;

fn words(seed: u64, count: usize) -> Vec<u64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed ^ 0x5eed_cafe_0000_0000);
    (0..count).map(|_| rng.next_u64()).collect()
}

fn bytes(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn text(words: &[u64]) -> String {
    words.iter().map(|word| format!("{word}\n")).collect()
}

/// Two runs of four workers, each with `count` words and a few more.
fn capture(count: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for run in 0..2_u64 {
        for worker in 0..4_u64 {
            let of_run = folder.path().join(format!("run-{run:03}"));
            fs::create_dir_all(&of_run).unwrap();
            let drawn = words(run << 8 | worker, count + worker as usize);
            fs::write(
                of_run.join(format!("worker-{worker:05}.u64")),
                bytes(&drawn),
            )
            .unwrap();
        }
    }
    folder
}

fn open(path: &Path) -> Capture {
    Capture::open(path, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn seedbench(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn problems(capture: &Capture) -> Vec<String> {
    let problems = capture.problems().iter();
    problems.map(|problem| one_line(problem)).collect()
}

#[test]
fn a_shard_that_is_there_twice_is_one_or_an_error_that_names_both() {
    let drawn = words(7, 100);
    let mut other = drawn.clone();
    other[99] += 1;
    for (one, too) in [
        ("worker-3.u64", bytes(&drawn)),
        ("worker-3.txt", text(&drawn).into_bytes()),
    ]
    .into_iter()
    .flat_map(|first| {
        let again = [("worker-0003.u64", 0), ("worker-03.txt", 1)];
        again.map(move |second| (first.clone(), second))
    }) {
        let second = |words: &[u64]| match too.1 {
            0 => bytes(words),
            _ => text(words).into_bytes(),
        };
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content);
        write("worker-1.u64", &bytes(&words(8, 100))).unwrap();
        write(one.0, &one.1).unwrap();
        write(too.0, &second(&drawn)).unwrap();
        let same = open(folder.path());
        assert_eq!((same.streams(), problems(&same)), (2, vec![]));
        let notes = same.notes().join("\n");
        assert!(
            notes.contains("taken once") && notes.contains(one.0),
            "{notes}"
        );
        assert!(notes.contains(too.0), "{notes}");

        write(too.0, &second(&other)).unwrap();
        let conflict = open(folder.path());
        assert_eq!(conflict.streams(), 2);
        let said = problems(&conflict).join("\n");
        for part in [one.0, too.0, "other numbers"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        // A longer one is another one.
        write(too.0, &second(&[&drawn[..], &[1]].concat())).unwrap();
        assert_eq!(problems(&open(folder.path())).len(), 1);
    }
}

#[test]
fn what_is_missing_leaves_the_verdict_open_unless_the_rest_is_refuted() {
    let folder = capture(4096);
    let path = folder.path().to_str().unwrap();
    let judged = |workers: &str, runs: &str| {
        let arguments = [
            "audit",
            path,
            "--workers",
            workers,
            "--runs",
            runs,
            "--json",
            "-",
        ];
        let output = seedbench(&arguments);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code().unwrap(), report)
    };
    let (code, report) = judged("4", "2");
    assert_eq!((code, report["findings"].as_array().unwrap().len()), (0, 0));
    fs::remove_file(folder.path().join("run-001/worker-00002.u64")).unwrap();
    let (code, report) = judged("4", "3");
    assert_eq!(code, 12);
    assert_eq!(report["verdict"], "inconclusive");
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "missing-streams");
    let message = finding["message"].as_str().unwrap();
    for part in ["1 run and 1 stream", "run 2", "worker 2 of run 1"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    // A suspect may be waved through; what is missing may not.
    let waved = seedbench(&[
        "audit",
        path,
        "--workers",
        "4",
        "--suspect",
        "warn",
        "--quiet",
    ]);
    assert_eq!(waved.status.code(), Some(12));
    // What is there is refuted already.
    let copy = folder.path().join("run-001/worker-00001.u64");
    fs::copy(folder.path().join("run-001/worker-00003.u64"), copy).unwrap();
    let (code, report) = judged("4", "2");
    assert_eq!((code, report["verdict"].as_str()), (10, Some("unsound")));
    let rules = report["findings"].as_array().unwrap().iter();
    let rules: Vec<&str> = rules.map(|found| found["rule"].as_str().unwrap()).collect();
    assert!(
        rules.contains(&"missing-streams") && rules[0] != "missing-streams",
        "{rules:?}"
    );
}

#[test]
fn the_library_names_what_is_missing_too() {
    let folder = capture(4096);
    let mut capture = open(folder.path());
    let question = Question {
        roster: Roster {
            workers: Some(6),
            runs: Some(2),
        },
        ..Question::default()
    };
    let judgement = audit(&mut capture, question).unwrap().judgement;
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert!(!judgement.is_suspect());
    let needs = judgement.needs.unwrap();
    assert!(needs.contains("workers 4, 5 of runs 0, 1"), "{needs}");
}

/// A file of 2^33 words that is a hole but for two blocks.
#[cfg(unix)]
#[test]
fn words_beyond_two_to_the_32_are_where_they_are() {
    use std::os::unix::fs::FileExt as _;

    const WORDS: u64 = 1 << 33;
    const AT: u64 = (1 << 32) + 12_345;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("worker-123456.u64");
    let file = fs::File::create(&path).unwrap();
    file.set_len(8 * WORDS).unwrap();
    let (block, end) = (words(1, 1000), words(2, 10));
    file.write_all_at(&bytes(&block), 8 * AT).unwrap();
    file.write_all_at(&bytes(&end), 8 * (WORDS - 10)).unwrap();
    fs::write(
        folder.path().join("worker-99999.u64"),
        bytes(&words(3, 1000)),
    )
    .unwrap();
    let mut capture = open(folder.path());
    assert_eq!(capture.longest() as u64, WORDS);
    let stream = StreamId::new(0, 123_456);
    let piece = |from: u64, words: usize| Piece {
        stream,
        from: from as usize,
        words,
    };
    let mut load = |piece: Piece| {
        let evidence = capture.load_pieces(&[piece], Arena::default()).unwrap();
        evidence.words().to_vec()
    };
    assert_eq!(load(piece(AT, 1000)), block);
    assert_eq!(load(piece(AT - 1, 3)), [0, block[0], block[1]]);
    assert_eq!(load(piece(WORDS - 10, 20)), end);
}

#[cfg(feature = "parquet")]
mod parquet {
    use super::*;

    fn read(path: &Path) -> seedbench::vocabulary::Evidence {
        let mut capture = open(path);
        assert_eq!(
            problems(&capture),
            Vec::<String>::new(),
            "{}",
            path.display()
        );
        let longest = capture.longest();
        capture.load(longest).unwrap().clone()
    }

    fn pack(from: &Path, to: &Path, worker: &str) {
        let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
        let packed = seedbench(&["shard", "--parquet", from, "--out", to, "--worker", worker]);
        let said = String::from_utf8_lossy(&packed.stderr).into_owned();
        assert!(packed.status.success(), "{said}");
    }

    fn fixtures() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet")
    }

    #[test]
    fn rows_in_any_order_are_streams_by_run_and_worker() {
        let told = read(&fixtures().join("shards.csv"));
        assert_eq!(told.streams(), 6);
        for name in [
            "shards_list",
            "shards_binary",
            "shards_twice",
            "shards_long",
            "shards_from_one",
        ] {
            assert_eq!(
                read(&fixtures().join(format!("{name}.parquet"))),
                told,
                "{name}"
            );
        }
    }

    #[test]
    fn a_packed_capture_is_the_capture() {
        // Several blocks a stream.
        let folder = capture(100_000);
        let packed = tempfile::tempdir().unwrap();
        pack(folder.path(), packed.path(), "7");
        pack(folder.path(), packed.path(), "7");
        let file = packed.path().join("shards-00007.parquet");
        let files = fs::read_dir(packed.path()).unwrap().count();
        assert_eq!(files, 1, "packing twice is packing once");
        let evidence = read(packed.path());
        assert_eq!(evidence, read(folder.path()));
        let bytes_a_word =
            fs::metadata(&file).unwrap().len() as f64 / evidence.words().len() as f64;
        assert!((8.0..8.02).contains(&bytes_a_word), "{bytes_a_word}");
        // Pieces within, across and at the ends of blocks.
        let mut capture = open(&file);
        let stream = StreamId::new(1, 3);
        let whole = words(1 << 8 | 3, 100_003);
        for (from, count) in [
            (0, 1),
            (32_767, 2),
            (32_768, 32_768),
            (65_000, 35_003),
            (100_002, 5),
        ] {
            let piece = Piece {
                stream,
                from,
                words: count,
            };
            let loaded = capture.load_pieces(&[piece], Arena::default()).unwrap();
            let end = whole.len().min(from + count);
            assert_eq!(loaded.words(), &whole[from..end], "{from} {count}");
        }
        // The report is the same, but for names.
        let verdict = |path: &Path| {
            let path = path.to_str().unwrap();
            let output = seedbench(&["audit", path, "--json", "-"]);
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            let mut outcome = report["cells"][0]["outcome"].clone();
            outcome["names"].take();
            outcome
        };
        assert_eq!(verdict(packed.path()), verdict(folder.path()));
    }

    #[test]
    fn what_one_worker_prints_is_a_file_of_its_own() {
        use std::io::Write as _;

        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        for (worker, arguments, input) in [
            ("5", &["--type", "u64"][..], bytes(&words(5, 40_000))),
            ("6", &[], text(&words(6, 40_000)).into_bytes()),
        ] {
            let mut child = Command::new(env!("CARGO_BIN_EXE_seedbench"))
                .args([
                    "shard",
                    "--parquet",
                    "--out",
                    out,
                    "--run",
                    "2",
                    "--worker",
                    worker,
                ])
                .args(arguments)
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            child.stdin.take().unwrap().write_all(&input).unwrap();
            assert!(child.wait().unwrap().success());
        }
        assert!(folder.path().join("run-002/worker-00005.parquet").exists());
        let evidence = read(folder.path());
        assert_eq!(
            evidence.words(),
            [words(5, 40_000), words(6, 40_000)].concat()
        );
    }

    #[test]
    fn narrow_elements_stay_as_narrow() {
        let folder = tempfile::tempdir().unwrap();
        for worker in 0..4 {
            let drawn = words(worker, 1000);
            let low: Vec<u8> = drawn
                .iter()
                .flat_map(|word| (*word as u32).to_le_bytes())
                .collect();
            fs::write(folder.path().join(format!("worker-{worker}.u32")), low).unwrap();
        }
        let packed = tempfile::tempdir().unwrap();
        pack(folder.path(), packed.path(), "0");
        assert_eq!(read(packed.path()), read(folder.path()));
        assert!(open(packed.path()).is_drawn());
    }

    /// A stretch of one worker's stream: its file, its worker, from which word on, and the words.
    type Part<'a> = (&'a str, i32, usize, &'a [u64]);

    /// Streams of run 4 in files of one stretch each.
    fn split(parts: &[Part<'_>]) -> (TempDir, Result<Capture, String>) {
        use ::parquet::{
            data_type::{ByteArrayType, Int32Type, Int64Type},
            file::writer::SerializedFileWriter,
            schema::parser::parse_message_type,
        };
        let folder = tempfile::tempdir().unwrap();
        let message = "message m { required int32 run; required int32 worker; required int64 from; \
                       required binary words; }";
        for (name, worker, from, words) in parts {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            let schema = parse_message_type(message).unwrap().into();
            let mut writer = SerializedFileWriter::new(file, schema, Default::default()).unwrap();
            let mut group = writer.next_row_group().unwrap();
            for number in [4, *worker] {
                let mut column = group.next_column().unwrap().unwrap();
                column
                    .typed::<Int32Type>()
                    .write_batch(&[number], None, None)
                    .unwrap();
                column.close().unwrap();
            }
            let mut column = group.next_column().unwrap().unwrap();
            column
                .typed::<Int64Type>()
                .write_batch(&[*from as i64], None, None)
                .unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let block = [bytes(words).into()];
            column
                .typed::<ByteArrayType>()
                .write_batch(&block, None, None)
                .unwrap();
            column.close().unwrap();
            group.close().unwrap();
            writer.close().unwrap();
        }
        let opened = Capture::open(folder.path(), &ReadOptions::default());
        (folder, opened.map_err(|error| one_line(&error)))
    }

    #[test]
    fn stretches_of_several_files_are_one_stream_or_an_error_that_names_the_words() {
        let drawn = words(9, 300);
        let (_folder, capture) = split(&[
            ("c.parquet", 9, 0, &drawn[..100]),
            ("a.parquet", 9, 250, &drawn[250..]),
            ("b.parquet", 9, 100, &drawn[100..250]),
            ("d.parquet", 9, 250, &drawn[250..]),
            ("e.parquet", 9, 30, &drawn[30..130]),
        ]);
        let mut capture = capture.unwrap();
        assert_eq!(capture.load(1000).unwrap().words(), drawn);
        let notes = capture.notes().join("\n");
        assert!(
            notes.contains("taken once") && notes.starts_with("3 shards"),
            "{notes}"
        );
        for (parts, said) in [
            (
                &[
                    ("a.parquet", 9, 0, &drawn[..100]),
                    ("b.parquet", 9, 120, &drawn[120..]),
                ][..],
                "b.parquet: run 4, stream worker 9: lacks words 100 to 119",
            ),
            (&[("b.parquet", 9, 1, &drawn[..])], "worker 9: lacks word 0"),
            (
                &[
                    ("a.parquet", 9, 0, &drawn[..100]),
                    ("b.parquet", 9, 90, &drawn[91..]),
                ],
                "b.parquet: run 4, stream worker 9: words 90 to 99 are there twice and not alike, in a.parquet too",
            ),
            (
                &[
                    ("a.parquet", 9, 0, &drawn[..100]),
                    ("b.parquet", 9, 100, &drawn[100..200]),
                    ("c.parquet", 9, 100, &drawn[101..201]),
                ],
                "words 100 to 199 are there twice and not alike, in b.parquet too",
            ),
        ] {
            let error = split(parts).1.unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }

    /// A part of worker 9's words is a part of worker 8's, over the seams of files on both sides.
    #[test]
    fn an_overlap_over_the_seams_of_files_is_found_where_it_is() {
        let mut streams: Vec<Vec<u64>> = (5..10).map(|worker| words(worker, 80_000)).collect();
        let copied = streams[3][45_000..63_000].to_vec();
        streams[4][18_000..36_000].copy_from_slice(&copied);
        let (eighth, ninth) = (&streams[3][..], &streams[4][..]);
        let (_folder, in_parts) = split(&[
            ("five.parquet", 5, 0, &streams[0]),
            ("six.parquet", 6, 0, &streams[1]),
            ("seven.parquet", 7, 0, &streams[2]),
            ("a.parquet", 8, 50_001, &eighth[50_001..]),
            ("b.parquet", 8, 0, &eighth[..50_001]),
            ("c.parquet", 9, 33_000, &ninth[33_000..]),
            ("d.parquet", 9, 20_000, &ninth[20_000..33_000]),
            ("e.parquet", 9, 0, &ninth[..20_000]),
        ]);
        let folder = tempfile::tempdir().unwrap();
        for (worker, drawn) in (5..).zip(&streams) {
            let path = folder.path().join(format!("worker-{worker}.u64"));
            fs::write(path, bytes(drawn)).unwrap();
        }
        let question = Question {
            tested_bytes: Some(1 << 16),
            one_window_in: Some(64),
            ..Question::default()
        };
        let places = |mut capture: Capture| {
            let result = audit(&mut capture, question).unwrap();
            assert_eq!(result.judgement.verdict, Verdict::Unsound);
            let findings = result.judgement.findings;
            assert_eq!(findings.len(), 1, "{findings:?}");
            let witness = findings[0].witness.as_ref().unwrap();
            [witness.a.word, witness.b.word, witness.words]
        };
        assert_eq!(places(in_parts.unwrap()), [45_000, 18_000, 18_000]);
        assert_eq!(places(open(folder.path())), [45_000, 18_000, 18_000]);
    }

    #[test]
    fn a_file_that_was_cut_off_is_one_line() {
        let whole = fs::read(fixtures().join("shards_binary.parquet")).unwrap();
        let folder = capture(2000);
        let packed = tempfile::tempdir().unwrap();
        pack(folder.path(), packed.path(), "0");
        let own = fs::read(packed.path().join("shards-00000.parquet")).unwrap();
        let path = packed.path().join("cut.parquet");
        for (content, step) in [(whole, 7), (own, 997)] {
            for length in (1..content.len()).step_by(step) {
                fs::write(&path, &content[..length]).unwrap();
                match Capture::open(&path, &ReadOptions::default()) {
                    Err(error) => assert!(one_line(&error).starts_with("cut.parquet: "), "{error}"),
                    Ok(_) => panic!("{length} of {} bytes were accepted", content.len()),
                }
            }
        }
    }
}
