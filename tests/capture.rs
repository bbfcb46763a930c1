//! Captures: layouts become the right streams, formats the right words, and bad input an error that
//! names its place.

use std::{fs, path::Path};

use seedbench::{
    capture::{Capture, CaptureError, ElementType, ReadOptions, Reading},
    generators::hash64,
    vocabulary::{Format, Marginal, RunGroup, StreamId},
};

/// A word of a stream that no other word equals.
fn word(run: u64, worker: u64, index: u64) -> u64 {
    hash64(run << 40 | worker << 20 | index)
}

fn words(run: u64, worker: u64, count: u64) -> Vec<u64> {
    (0..count).map(|index| word(run, worker, index)).collect()
}

fn bytes(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn put(folder: &Path, name: &str, contents: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, contents).unwrap();
}

fn open(folder: &Path) -> Capture {
    Capture::open(folder, &ReadOptions::default()).unwrap()
}

fn stream(capture: &mut Capture, run: u32, task: u32) -> Vec<u64> {
    let all = capture.longest();
    let evidence = capture.load(all).unwrap();
    let index = evidence.index_of(StreamId::new(run, task)).unwrap();
    evidence.stream(index).to_vec()
}

fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.bytes());
    file.extend(data);
    file
}

#[test]
fn runs_and_workers_come_from_names() {
    let folder = tempfile::tempdir().unwrap();
    for run in 0..2 {
        for worker in 0..3 {
            let name = format!("run-{run:03}/worker-{worker:05}.u64");
            // Ragged on purpose.
            put(
                folder.path(),
                &name,
                bytes(&words(run, worker, 100 + worker)),
            );
        }
    }
    put(folder.path(), "README.txt", "not a number");
    put(folder.path(), "plot.png", "not a capture");
    let mut capture = open(folder.path());
    assert_eq!(capture.streams(), 6);
    assert_eq!(capture.runs().len(), 2);
    assert_eq!(capture.format(), Format::WORDS);
    assert_eq!(capture.longest(), 102);
    assert_eq!(stream(&mut capture, 1, 2), words(1, 2, 102));
    assert_eq!(
        capture.name(StreamId::new(1, 2)).unwrap(),
        "run-001/worker-00002.u64"
    );
    let prefix = capture.load(10).unwrap();
    assert_eq!(prefix.words().len(), 60);
    assert_eq!(prefix.stream(0), words(0, 0, 10));
    let some = capture.load_streams(&[StreamId::new(0, 1)]).unwrap();
    assert_eq!(some.words(), words(0, 1, 101));
}

#[test]
fn seeds_are_given_roots() {
    let folder = tempfile::tempdir().unwrap();
    for seed in [0, 42] {
        for rank in 0..2 {
            let name = format!("seed-{seed}/rank-{rank}.u64");
            put(folder.path(), &name, bytes(&words(seed, rank, 64)));
        }
    }
    let capture = open(folder.path());
    let runs: Vec<_> = capture
        .runs()
        .iter()
        .map(|info| (info.run.0, info.group))
        .collect();
    assert_eq!(runs, [(0, RunGroup::Rooted), (42, RunGroup::Rooted)]);
    assert_eq!(capture.runs()[1].root.unwrap().low_u64(), 42);
}

#[test]
fn epochs_ranks_and_channels_tell_streams_of_one_run_apart() {
    let folder = tempfile::tempdir().unwrap();
    for epoch in 0..2 {
        for rank in 0..2 {
            let name = format!("epoch-{epoch}/rank-{rank}/worker-0.u64");
            put(folder.path(), &name, bytes(&words(epoch, rank, 64)));
        }
    }
    let mut capture = open(folder.path());
    assert_eq!(capture.runs().len(), 1);
    assert_eq!(capture.streams(), 4);
    assert_eq!(stream(&mut capture, 0, 2), words(1, 0, 64));
}

#[test]
fn flat_files_are_split_or_taken_apart() {
    let folder = tempfile::tempdir().unwrap();
    let streams: Vec<Vec<u64>> = (0..4).map(|worker| words(0, worker, 50)).collect();
    let one_after_another: Vec<u64> = streams.concat();
    put(folder.path(), "flat/a.bin", bytes(&one_after_another));
    let options = ReadOptions {
        words_per_stream: std::num::NonZeroU64::new(50),
        ..ReadOptions::default()
    };
    let mut capture = Capture::open(&folder.path().join("flat/a.bin"), &options).unwrap();
    assert_eq!(capture.streams(), 4);
    assert_eq!(stream(&mut capture, 0, 3), streams[3]);

    let turns: Vec<u64> = (0..200).map(|i| streams[i % 4][i / 4]).collect();
    // Two words of the last round are missing: streams of different length.
    put(folder.path(), "turns/a.u64", bytes(&turns[..198]));
    let options = ReadOptions {
        interleaved: std::num::NonZeroU32::new(4),
        ..ReadOptions::default()
    };
    let mut capture = Capture::open(&folder.path().join("turns"), &options).unwrap();
    assert_eq!(stream(&mut capture, 0, 1), streams[1]);
    assert_eq!(stream(&mut capture, 0, 3), streams[3][..49]);
    assert_eq!(capture.load(7).unwrap().stream(2), &streams[2][..7]);
}

#[test]
fn numpy_arrays_of_every_shape_order_and_type() {
    let folder = tempfile::tempdir().unwrap();
    let value = |run: u64, worker: u64, index: u64| word(run, worker, index);
    let (runs, workers, count) = (2, 3, 40);
    let mut c_order = Vec::new();
    for run in 0..runs {
        for worker in 0..workers {
            c_order.extend((0..count).map(|index| value(run, worker, index)));
        }
    }
    let mut fortran = Vec::new();
    for index in 0..count {
        for worker in 0..workers {
            fortran.extend((0..runs).map(|run| value(run, worker, index)));
        }
    }
    let big: Vec<u8> = c_order.iter().flat_map(|word| word.to_be_bytes()).collect();
    for (name, file) in [
        ("c", npy("<u8", false, "(2, 3, 40)", &bytes(&c_order))),
        ("f", npy("<u8", true, "(2, 3, 40)", &bytes(&fortran))),
        ("b", npy(">u8", false, "(2, 3, 40)", &big)),
    ] {
        put(folder.path(), &format!("{name}/x.npy"), file);
        let mut capture = open(&folder.path().join(name));
        assert_eq!(capture.runs().len(), 2, "{name}");
        assert_eq!(stream(&mut capture, 1, 2), words(1, 2, 40), "{name}");
        assert_eq!(
            capture.load(5).unwrap().stream(4),
            &words(1, 1, 40)[..5],
            "{name}"
        );
        assert_eq!(capture.name(StreamId::new(1, 2)).unwrap(), "x.npy[1][2]");
    }
    // A worker's own array is one stream, whatever its shape.
    for (worker, shape) in ["(240,)", "(6, 40)", "(2, 3, 40)", "(2, 3, 4, 10)"]
        .iter()
        .enumerate()
    {
        let name = format!("own/worker-{worker}.npy");
        put(
            folder.path(),
            &name,
            npy("<u8", worker == 1, shape, &bytes(&c_order)),
        );
    }
    let mut capture = open(&folder.path().join("own"));
    assert_eq!((capture.runs().len(), capture.streams()), (1, 4));
    for worker in 0..4 {
        assert_eq!(stream(&mut capture, 0, worker), c_order);
    }
    let floats: Vec<u8> = (0..300)
        .flat_map(|index| (((word(0, 0, index) >> 40) as f32) / 16_777_216.0).to_le_bytes())
        .collect();
    put(
        folder.path(),
        "floats/x.npy",
        npy("<f4", false, "(300,)", &floats),
    );
    let mut capture = open(&folder.path().join("floats"));
    assert_eq!(capture.format(), Format::Bits { width: 24 });
    let expected: Vec<u64> = (0..300)
        .map(|index| word(0, 0, index) >> 40 << 40)
        .collect();
    assert_eq!(stream(&mut capture, 0, 0), expected);
}

/// A number from 0 to 1 as the nearest half float.
fn half(value: f64) -> u16 {
    let exponent = (value.log2().floor() as i32).clamp(-14, 0);
    let fraction = (value / 2f64.powi(exponent) - 1.0) * 1024.0;
    // A fraction rounded up to 1,024 carries into the exponent.
    ((exponent + 15) as u16) * 1024 + fraction.round().max(0.0) as u16
}

#[test]
fn half_floats_are_values_that_tie() {
    let folder = tempfile::tempdir().unwrap();
    let uniform = |index| (word(0, 0, index) >> 11) as f64 / (1u64 << 53) as f64;
    for count in [12, 40, 300, 5000] {
        let data: Vec<u8> = (0..count)
            .flat_map(|index| half(uniform(index)).to_le_bytes())
            .collect();
        let name = format!("{count}.npy");
        put(
            folder.path(),
            &name,
            npy("<f2", false, &format!("({count},)"), &data),
        );
        let mut capture = open(&folder.path().join(&name));
        match capture.format() {
            Format::Bits { width } => assert!(width <= 11 && count < 64, "{width}"),
            Format::Other {
                marginal,
                bits_per_element,
            } => {
                assert_eq!(marginal, Marginal::Grid);
                assert!(bits_per_element < 12.0, "{bits_per_element}");
            }
        }
        let words = stream(&mut capture, 0, 0);
        assert!(words[0] != words[1] && (words[0] < words[1]) == (uniform(0) < uniform(1)));
    }
}

/// The integers in the given number of bytes each.
fn integers(values: &[i64], bytes: usize, big_endian: bool) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| match big_endian {
            true => value.to_be_bytes()[8 - bytes..].to_vec(),
            false => value.to_le_bytes()[..bytes].to_vec(),
        })
        .collect()
}

#[test]
fn small_integers_are_seen_as_the_same_values_in_wide_ones() {
    let folder = tempfile::tempdir().unwrap();
    let values = |of: &dyn Fn(u64) -> i64| -> Vec<i64> {
        (0..4000).map(|index| of(word(0, 0, index))).collect()
    };
    let bits = |width| move |format: Format| format == Format::Bits { width };
    let dice = |format: Format| {
        let Format::Other { marginal, .. } = format else {
            return false;
        };
        marginal == Marginal::Categorical
    };
    type Looks<'a> = &'a dyn Fn(Format) -> bool;
    let cases: [(&str, char, Vec<i64>, Looks<'_>); 7] = [
        ("bytes", 'u', values(&|word| (word >> 56) as i64), &bits(8)),
        ("pairs", 'u', values(&|word| (word >> 48) as i64), &bits(16)),
        ("sbytes", 'i', values(&|word| word as i64 >> 56), &bits(8)),
        ("spairs", 'i', values(&|word| word as i64 >> 48), &bits(16)),
        ("coins", 'u', values(&|word| (word >> 63) as i64), &bits(1)),
        ("dice", 'i', values(&|word| 1 + (word % 6) as i64), &dice),
        ("steps", 'i', values(&|word| (word % 3) as i64 - 1), &dice),
    ];
    for (name, sign, values, looks) in cases {
        let wide = format!("{name}/wide.{sign}32");
        put(folder.path(), &wide, integers(&values, 4, false));
        let mut wide = open(&folder.path().join(wide));
        assert!(looks(wide.format()), "{name}: {:?}", wide.format());
        let expected = stream(&mut wide, 0, 0);
        let same = |file: String| {
            let mut capture = open(&folder.path().join(&file));
            assert_eq!(capture.format(), wide.format(), "{file}");
            assert_eq!(stream(&mut capture, 0, 0), expected, "{file}");
        };
        let narrowest = if name.ends_with("pairs") { 2 } else { 1 };
        for bytes in [1, 2].into_iter().filter(|&bytes| bytes >= narrowest) {
            let file = format!("{name}/flat.{sign}{}", 8 * bytes);
            put(folder.path(), &file, integers(&values, bytes, false));
            same(file);
            let mut orders: Vec<_> = [('<', false), ('>', true)].into();
            if bytes == 1 {
                orders = [('|', false)].into();
            }
            for (order, big_endian) in orders {
                let file = format!("{name}/{bytes}-{big_endian}.npy");
                let data = integers(&values, bytes, big_endian);
                let array = npy(&format!("{order}{sign}{bytes}"), false, "(4000,)", &data);
                put(folder.path(), &file, array);
                same(file);
            }
        }
        if name == "coins" {
            let data = integers(&values, 1, false);
            let file = format!("{name}/bool.npy");
            put(folder.path(), &file, npy("|b1", false, "(4000,)", &data));
            same(file);
        }
    }
}

#[test]
fn small_integers_are_split_taken_apart_and_transposed() {
    let folder = tempfile::tempdir().unwrap();
    // Three streams of 16-bit integers; one after another, taking turns, and as an array's columns.
    let value = |worker: u64, index: u64| (word(0, worker, index) >> 48) as i64;
    let streams: Vec<Vec<i64>> = (0..3)
        .map(|worker| (0..500).map(|index| value(worker, index)).collect())
        .collect();
    let turns: Vec<i64> = (0..1500).map(|i| streams[i % 3][i / 3]).collect();
    put(
        folder.path(),
        "rows.u16",
        integers(&streams.concat(), 2, false),
    );
    put(folder.path(), "turns.u16", integers(&turns, 2, false));
    put(
        folder.path(),
        "columns.npy",
        npy(">u2", true, "(3, 500)", &integers(&turns, 2, true)),
    );
    let rows = ReadOptions {
        words_per_stream: std::num::NonZeroU64::new(500),
        ..ReadOptions::default()
    };
    let lanes = ReadOptions {
        interleaved: std::num::NonZeroU32::new(3),
        ..ReadOptions::default()
    };
    for (file, options) in [
        ("rows.u16", rows),
        ("turns.u16", lanes),
        ("columns.npy", ReadOptions::default()),
    ] {
        let mut capture = Capture::open(&folder.path().join(file), &options).unwrap();
        assert_eq!(capture.format(), Format::Bits { width: 16 }, "{file}");
        for worker in 0..3 {
            let expected: Vec<u64> = streams[worker as usize]
                .iter()
                .map(|&value| (value as u64) << 48)
                .collect();
            assert_eq!(stream(&mut capture, 0, worker), expected, "{file}");
        }
    }
}

#[test]
fn tables_and_records_are_streams_by_their_labels() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = String::from("run,worker,channel,value\n");
    let mut records = String::new();
    for index in 0..50 {
        for worker in 0..2 {
            for channel in 0..2 {
                let value = word(worker, channel, index);
                table += &format!("0,{worker},{channel},{value}\n");
                records += &format!(
                    "{{\"worker\":{worker},\"value\":{value},\"channel\":{channel},\"run\":0}}\n"
                );
            }
        }
    }
    put(folder.path(), "t/x.csv", table);
    put(folder.path(), "r/x.ndjson", records);
    let mut a = open(&folder.path().join("t"));
    let mut b = open(&folder.path().join("r"));
    assert_eq!(a.streams(), 4);
    assert_eq!(stream(&mut a, 0, 2), words(1, 0, 50));
    assert_eq!(a.load(50).unwrap(), b.load(50).unwrap());
    assert!(a.is_labelled());
}

#[test]
fn a_value_unlike_the_sample_refines_the_format() {
    let folder = tempfile::tempdir().unwrap();
    // 200,000 words of 32 bits, and one of 64 in a place that no sample looks at.
    let mut values: Vec<u64> = (0..200_000).map(|index| word(0, 0, index) >> 32).collect();
    values[150_001] = u64::MAX - 1;
    put(folder.path(), "a.u64", bytes(&values));
    let mut capture = open(folder.path());
    assert_eq!(capture.format(), Format::Bits { width: 32 });
    assert_eq!(capture.load(1000).unwrap().words()[7], values[7] << 32);
    let all = capture.load(200_000).unwrap();
    assert_eq!(all.words()[150_001], u64::MAX - 1);
    assert!(!matches!(capture.format(), Format::Bits { width: 32 }));
}

#[test]
fn tables_with_a_column_a_worker_are_the_streams_of_labelled_ones() {
    let folder = tempfile::tempdir().unwrap();
    let mut long = String::from("worker,value\n");
    let mut wide = String::from("# drawn by pandas\n,w0,w1,w2\n");
    let mut commented = String::from("# w0\tw1\tw2\n");
    for index in 0..40 {
        let row: Vec<String> = (0..3).map(|w| word(0, w, index).to_string()).collect();
        for (worker, value) in row.iter().enumerate() {
            long += &format!("{worker},{value}\n");
        }
        wide += &format!("{index},{}\n", row.join(","));
        commented += &format!("{}\n", row.join("\t"));
    }
    put(folder.path(), "wide.csv", &wide);
    put(folder.path(), "long.csv", &long);
    put(folder.path(), "commented.tsv", &commented);
    let mut expected = open(&folder.path().join("long.csv"));
    let expected = expected.load(40).unwrap();
    assert_eq!(expected.streams(), 3);
    for name in ["wide.csv", "commented.tsv"] {
        let mut capture = open(&folder.path().join(name));
        assert_eq!(capture.load(40).unwrap(), expected, "{name}");
        assert!(capture.is_labelled());
    }
    for text in [&wide, &commented, &long] {
        let mut printed =
            Capture::from_text("standard input", text.as_bytes(), &Reading::default()).unwrap();
        assert_eq!(printed.load(40).unwrap(), expected);
    }
}

#[test]
fn nan_at_the_end_of_streams_is_padding() {
    let folder = tempfile::tempdir().unwrap();
    let lengths = [6000, 9000, 0, 7];
    let value = |worker: u64, index: u64| match index < lengths[worker as usize] {
        true => (word(0, worker, index) >> 11) as f64 / (1u64 << 53) as f64,
        false => f64::NAN,
    };
    let row = |worker| (0..9000).map(move |index| value(worker, index));
    let rows: Vec<u64> = (0..4).flat_map(row).map(f64::to_bits).collect();
    let turns: Vec<u64> = (0..36_000)
        .map(|at| value(at % 4, at / 4).to_bits())
        .collect();
    let mut wide = String::from("w0,w1,w2,w3\n");
    for index in 0..9000 {
        let cells: Vec<String> = (0..4).map(|w| value(w, index).to_string()).collect();
        wide += &format!("{}\n", cells.join(","));
    }
    put(
        folder.path(),
        "rows.npy",
        npy("<f8", false, "(4, 9000)", &bytes(&rows)),
    );
    put(
        folder.path(),
        "turns.npy",
        npy("<f8", true, "(4, 9000)", &bytes(&turns)),
    );
    put(folder.path(), "wide.csv", wide);
    for name in ["rows.npy", "turns.npy", "wide.csv"] {
        let mut capture = open(&folder.path().join(name));
        assert!(
            capture.problems().is_empty(),
            "{name}: {:?}",
            capture.problems()
        );
        let evidence = capture.load(9000).unwrap();
        let found: Vec<usize> = (0..3).map(|at| evidence.stream(at).len()).collect();
        assert_eq!(found, [6000, 9000, 7], "{name}");
        let notes = capture.notes();
        assert!(
            notes.iter().any(|note| note.contains("end in NaN")),
            "{notes:?}"
        );
        assert!(
            notes.iter().any(|note| note.contains("1 of 4")),
            "{notes:?}"
        );
    }
    // A hole is none.
    let mut holed = rows;
    holed[17] = f64::NAN.to_bits();
    put(
        folder.path(),
        "holed.npy",
        npy("<f8", false, "(4, 9000)", &bytes(&holed)),
    );
    let mut capture = open(&folder.path().join("holed.npy"));
    assert_eq!(capture.load(9000).unwrap().streams(), 2);
    let problem = capture.problems()[0].to_string();
    assert!(
        problem.contains("holed.npy[0]: element 17 is NaN"),
        "{problem}"
    );
    // Integers stay integers.
    put(folder.path(), "a.txt", format!("{}\nnan\nNaN\n", u64::MAX));
    let mut capture = open(&folder.path().join("a.txt"));
    assert_eq!(stream(&mut capture, 0, 0), [u64::MAX]);
    assert_eq!(
        capture.notes(),
        ["1 stream ends in NaN or blanks, which were left out as padding: a.txt"]
    );
}

fn refused(folder: &Path) -> String {
    match Capture::open(folder, &ReadOptions::default()) {
        Err(error) => error.to_string(),
        Ok(mut capture) => {
            let all = capture.longest();
            capture.load(all).unwrap_err().to_string()
        }
    }
}

#[test]
fn bad_files_are_named() {
    for (name, contents, said) in [
        (
            "a.u64",
            vec![1u8; 12],
            "a.u64: 12 bytes are no whole number of 8-byte elements",
        ),
        ("a.u64", vec![], "a.u64: holds no numbers"),
        (
            "a.u16",
            vec![1u8; 5],
            "a.u16: 5 bytes are no whole number of 2-byte elements",
        ),
        (
            "a.i16",
            vec![1u8; 1],
            "a.i16: 1 bytes are no whole number of 2-byte elements",
        ),
        ("a.u8", vec![], "a.u8: holds no numbers"),
        (
            "a.f64",
            bytes(&[0.5f64, f64::NAN, 0.5].map(f64::to_bits)),
            "a.f64: element 1 is NaN",
        ),
        (
            "a.f64",
            bytes(&[f64::NEG_INFINITY.to_bits()]),
            "a.f64: element 0 is -inf",
        ),
        (
            "a.txt",
            b"1\n-1\n18446744073709551615\n".to_vec(),
            "a.txt, line 3: mixed types",
        ),
        (
            "a.txt",
            b"99999999999999999999999\n".to_vec(),
            "a.txt, line 1",
        ),
        ("a.csv", b"worker\n1\n".to_vec(), "a.csv: no column `value`"),
        (
            "a.csv",
            b"worker,value\n".to_vec(),
            "a.csv: holds no numbers",
        ),
        (
            "a.npy",
            b"\x93NUMPY\x01\x00".to_vec(),
            "a.npy: the header is truncated",
        ),
        (
            "a.npy",
            npy("<u8", false, "(9,)", &[0; 8]),
            "a.npy: ended after",
        ),
        (
            "a.npy",
            npy("<u2", false, "(9,)", &[0; 17]),
            "a.npy: ended after",
        ),
        (
            "a.npy",
            npy("|u1", false, "(9,)", &[0; 8]),
            "a.npy: ended after",
        ),
        (
            "a.npy",
            npy("<u8", false, "(0,)", &[]),
            "a.npy: holds no numbers",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), name, contents);
        let error = refused(folder.path());
        assert!(error.contains(said), "{said}: {error}");
    }
}

#[test]
fn a_bad_stream_leaves_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut reals: Vec<u64> = words(0, 1, 5000)
        .iter()
        .map(|word| ((word >> 11) as f64 / (1u64 << 53) as f64).to_bits())
        .collect();
    put(folder.path(), "worker-0.f64", bytes(&reals));
    put(folder.path(), "worker-2.f64", [1, 2, 3]);
    reals[2500] = f64::INFINITY.to_bits();
    put(folder.path(), "worker-1.f64", bytes(&reals));
    let mut capture = open(folder.path());
    let known: Vec<String> = capture.problems().iter().map(ToString::to_string).collect();
    assert!(
        known.iter().any(|problem| problem.contains("worker-2.f64")),
        "the misaligned file is known at once: {known:?}"
    );
    assert_eq!(capture.load(5000).unwrap().streams(), 1);
    let problems: Vec<String> = capture.problems().iter().map(ToString::to_string).collect();
    assert!(
        problems.len() == 2
            && problems
                .iter()
                .any(|problem| problem.contains("worker-1.f64: element 2500 is inf")),
        "{problems:?}"
    );
}

#[test]
fn documents_are_read_and_settings_beside_captures_noted() {
    let folder = tempfile::tempdir().unwrap();
    let lists: Vec<Vec<u64>> = (0..3).map(|worker| words(0, worker, 40)).collect();
    put(folder.path(), "lists.json", format!("{lists:?}"));
    put(
        folder.path(),
        "named.json",
        format!("{{\"rank 0\": {:?}, \"rank 1\": {:?}}}", lists[0], lists[1]),
    );
    for (name, streams) in [("lists.json", 3), ("named.json", 2)] {
        let mut capture = open(&folder.path().join(name));
        assert_eq!(capture.streams(), streams);
        assert_eq!(stream(&mut capture, 0, 1), lists[1]);
    }
    for (worker, list) in lists[..2].iter().enumerate() {
        let name = format!("own/worker-{worker}.json");
        put(folder.path(), &name, format!("{list:?}"));
    }
    let own = folder.path().join("own");
    assert_eq!(stream(&mut open(&own), 0, 1), lists[1]);
    put(&own, "config.json", "{\"lr\": 0.5}");
    assert_eq!(open(&own).problems().len(), 1, "it may be a worker's");
    put(&own, "worker-2.txt", "1\n2\n");
    let capture = open(&own);
    assert_eq!((capture.streams(), capture.problems().len()), (3, 0));
    assert!(capture.notes()[0].contains("config.json, line 1"));
}

#[test]
fn workers_that_drew_nothing_are_noted() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a/worker-0.txt", "");
    put(folder.path(), "a/worker-1.txt", "# nothing\n\n");
    put(folder.path(), "a/worker-2.csv", "worker,value\n");
    put(folder.path(), "a/worker-3.npy", "");
    put(
        folder.path(),
        "a/worker-4.npy",
        npy("<u8", false, "(0,)", &[]),
    );
    put(folder.path(), "a/worker-5.u64", "");
    put(folder.path(), "a/worker-6.jsonl", "\n");
    assert!(refused(&folder.path().join("a")).contains("holds no numbers"));
    put(folder.path(), "a/worker-7.txt", "1\n2\n3\n");
    let capture = open(&folder.path().join("a"));
    assert_eq!(capture.streams(), 1);
    assert!(capture.problems().is_empty(), "{:?}", capture.problems());
    let [note] = &capture.notes()[..] else {
        panic!("{:?}", capture.notes());
    };
    assert!(
        note.starts_with("7 of 8 streams hold no numbers and were left out: worker-0.txt, ")
            && note.ends_with(" and 2 more"),
        "{note}"
    );
    put(folder.path(), "wide.csv", "w0,w1,w2\n1,,2\n3,,4\n");
    let capture = open(&folder.path().join("wide.csv"));
    assert_eq!((capture.streams(), capture.notes().len()), (2, 1));
}

#[test]
fn labels_must_be_unique_and_types_one() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "worker-1.u64", bytes(&words(0, 1, 64)));
    put(folder.path(), "worker-01.u64", bytes(&words(0, 2, 64)));
    let capture = open(folder.path());
    assert_eq!(capture.streams(), 1);
    let problem = capture.problems()[0].to_string();
    assert!(
        problem.contains("worker-01.u64") && problem.contains("worker-1.u64"),
        "{problem}"
    );

    put(folder.path(), "worker-2.f64", bytes(&[0.5f64.to_bits()]));
    let error = Capture::open(folder.path(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CaptureError::MixedTypes { .. }));
    let error = error.to_string();
    assert!(
        error.contains("worker-2.f64") && error.contains("real numbers"),
        "{error}"
    );
}

#[test]
fn nothing_to_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let error = Capture::open(folder.path(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CaptureError::NoStreams { .. }));
    let error = Capture::open(&folder.path().join("no"), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CaptureError::Io { .. }));
    put(folder.path(), "x.data", [0; 8]);
    // A playlist, not bytes.
    put(folder.path(), "x.m3u8", [0; 8]);
    let error = Capture::open(folder.path(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CaptureError::NoStreams { .. }));
    let file = folder.path().join("x.data");
    let error = Capture::open(&file, &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CaptureError::UnknownType { .. }));
    for (element, longest) in [
        (ElementType::U32, 2),
        (ElementType::I16, 4),
        (ElementType::U8, 8),
    ] {
        let typed = ReadOptions {
            element: Some(element),
            ..ReadOptions::default()
        };
        assert_eq!(Capture::open(&file, &typed).unwrap().longest(), longest);
    }
    put(folder.path(), "x.bin", [0; 16]);
    assert_eq!(open(&folder.path().join("x.bin")).longest(), 2);
}

#[test]
fn merging_shards_is_associative_and_idempotent() {
    let folder = tempfile::tempdir().unwrap();
    let copy = |from: &str, to: &str| {
        for entry in fs::read_dir(folder.path().join(from)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{to}/{}", entry.file_name().to_string_lossy());
            put(folder.path(), &name, fs::read(entry.path()).unwrap());
        }
    };
    for (part, worker) in [("a", 0), ("b", 1), ("c", 2)] {
        let name = format!("{part}/worker-{worker:05}.u64");
        put(folder.path(), &name, bytes(&words(0, worker, 64)));
    }
    for (merged, order) in [("left", ["a", "b", "c"]), ("right", ["c", "b", "a"])] {
        for part in order {
            copy(part, merged);
            copy(part, merged);
        }
    }
    let mut left = open(&folder.path().join("left"));
    let mut right = open(&folder.path().join("right"));
    assert_eq!(left.load(64).unwrap(), right.load(64).unwrap());
    assert_eq!(left.streams(), 3);
}

#[test]
fn arrays_with_a_row_a_step_are_read_by_their_columns() {
    // Chains that keep nine tenths of their last value.
    let (steps, workers) = (60_u64, 5_u64);
    let mut chains = vec![0.0_f64; workers as usize];
    let mut data = Vec::new();
    for step in 0..steps {
        for (worker, last) in (0..).zip(&mut chains) {
            *last = 0.9 * *last + word(0, worker, step) as f64 / 2f64.powi(63) - 1.0;
            data.extend_from_slice(&last.to_le_bytes());
        }
    }
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (60, 5), }\n";
    let mut array = b"\x93NUMPY\x01\0".to_vec();
    array.extend_from_slice(&(header.len() as u16).to_le_bytes());
    array.extend_from_slice(header.as_bytes());
    array.extend_from_slice(&data);
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "chains.npy", array);
    let mut capture = open(folder.path());
    let columns: Vec<Vec<u64>> = (0..5).map(|task| stream(&mut capture, 0, task)).collect();
    assert!(columns.iter().all(|column| column.len() == 60));
    let name = capture.name(StreamId::new(0, 3)).unwrap();
    assert_eq!(name, "chains.npy[:, 3]");
    assert!(
        capture.notes()[0].contains("a row a step"),
        "{:?}",
        capture.notes()
    );
}

#[test]
fn files_of_another_format_are_no_words() {
    let folder = tempfile::tempdir().unwrap();
    for worker in 0..9 {
        let sound = [
            b"RIFF$\0\0\0WAVEfmt ".to_vec(),
            bytes(&words(0, worker, 50)),
        ]
        .concat();
        put(folder.path(), &format!("worker-{worker}.u16"), sound);
    }
    let error = Capture::open(folder.path(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CaptureError::Foreign { .. }), "{error}");
    assert!(error.to_string().contains("worker-0.u16"), "{error}");
    // Other formats of numbers are refused with how to convert them.
    for (name, word) in [
        ("a.pkl", "pickle.load"),
        ("a.h5", "h5py"),
        ("a.pt", "torch.load"),
        ("a.parquet", "read_parquet"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, b"\x80\x04\x95\0\0\0").unwrap();
        let error = Capture::open(&path, &ReadOptions::default()).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
    }
    // A text is one by its bytes, whatever it is called.
    put(folder.path(), "results", "worker,value\n0,1\n1,2\n");
    assert_eq!(open(&folder.path().join("results")).streams(), 2);
    // Words that begin otherwise are words.
    put(folder.path(), "words/worker-0.u64", bytes(&words(0, 0, 50)));
    open(&folder.path().join("words"));
}
