//! Parquet files as pyarrow writes them: lists, long tables, a column a worker; what was cut off is one line.
#![cfg(feature = "parquet")]

use std::{fs, path::Path};

use seedbench::{
    capture::{Capture, ReadOptions, one_line},
    vocabulary::Evidence,
};

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet")
}

fn read(name: &str) -> Evidence {
    let opened = Capture::open(&fixtures().join(name), &ReadOptions::default());
    let mut capture = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(
        capture.problems().is_empty(),
        "{name}: {:?}",
        capture.problems()
    );
    let longest = capture.longest();
    capture.load(longest).unwrap().clone()
}

#[test]
fn every_form_is_the_evidence_of_a_table_in_text() {
    let draws = read("draws.csv");
    assert_eq!(draws.streams(), 4);
    for name in [
        "list",
        "list_plain",
        "list_zstd",
        "list_alone",
        "list_nulls",
        "list_halves",
        "list_fixed",
        "long",
        "long_text",
        "wide",
    ] {
        assert_eq!(read(&format!("{name}.parquet")), draws, "{name}");
    }
    assert_eq!(read("words.parquet"), read("words.csv"));
}

#[test]
fn a_file_that_was_cut_off_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["list_plain", "long"] {
        let whole = fs::read(fixtures().join(format!("{name}.parquet"))).unwrap();
        let path = folder.path().join("cut.parquet");
        for length in (1..whole.len()).step_by(7) {
            fs::write(&path, &whole[..length]).unwrap();
            let line = match Capture::open(&path, &ReadOptions::default()) {
                Err(error) => one_line(&error),
                Ok(_) => panic!("{name}: {length} of {} bytes were accepted", whole.len()),
            };
            assert!(
                line.starts_with("cut.parquet: ") && !line.contains('\n'),
                "{line}"
            );
        }
    }
}

#[test]
fn one_of_several_lists_is_named() {
    let value = |name: &str| {
        let mut options = ReadOptions::default();
        options.reading.value = vec![name.into()];
        Capture::open(&fixtures().join("list.parquet"), &options)
    };
    assert_eq!(value("values").unwrap().streams(), 4);
    let error = value("x").unwrap_err().to_string();
    assert!(error.contains("no column is called `x`"), "{error}");
}
