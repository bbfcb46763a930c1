//! One reader for every text: whatever form numbers are printed in, the bytes give one evidence from a
//! pipe, from a file of any name and through a pool, and it is that of a table with labels.

mod columns;
mod errors;
mod logged;
mod nested;
mod printed;
mod runtimes;
mod worded;
mod written;

use std::{fs, path::Path};

use proptest::prelude::*;
use seedbench::{
    capture::{Capture, Gathered, Origin, ReadOptions, Reading},
    vocabulary::Evidence,
};

use self::{
    logged::LOGGED,
    printed::{PRINTED, rows},
    runtimes::RUNTIMES,
    worded::{ALPHABETS, ANY, SINGLE, sentence},
    written::WRITTEN,
};

fn loaded(mut capture: Capture, what: &str) -> Evidence {
    assert!(
        capture.problems().is_empty(),
        "{what}: {:?}",
        capture.problems()
    );
    let longest = capture.longest();
    let evidence = capture.load(longest);
    evidence
        .unwrap_or_else(|error| panic!("{what}: {error}"))
        .clone()
}

fn piped(text: &str, what: &str) -> Evidence {
    let capture = Capture::from_text("standard input", text.as_bytes(), &Reading::default());
    loaded(
        capture.unwrap_or_else(|error| panic!("{what}: {error}\n{text}")),
        what,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    #[test]
    fn every_form_is_one_evidence_from_a_pipe_a_file_and_a_pool(
        draws in (2usize..5, 6usize..12).prop_flat_map(|(workers, count)| {
            let unit = (1u64..1 << 53).prop_map(|bits| bits as f64 / (1u64 << 53) as f64);
            prop::collection::vec(prop::collection::vec(unit, count), workers)
        })
    ) {
        let table = rows(&draws, |worker, x| format!("{worker},{x:?}\n"));
        let expected = piped(&format!("worker,value\n{table}"), "a table");
        prop_assert_eq!(expected.streams(), draws.len());
        let folder = tempfile::tempdir().unwrap();
        for (name, print) in PRINTED
            .into_iter()
            .chain(WRITTEN)
            .chain(RUNTIMES)
            .chain(LOGGED)
         {
            one_evidence(name, &print(&draws), &expected, folder.path());
        }
    }

    #[test]
    fn every_form_of_words_is_one_evidence_from_a_pipe_a_file_and_a_pool(
        draws in (2usize..5, 12usize..20).prop_flat_map(|(workers, count)| {
            prop::collection::vec(prop::collection::vec(0u64..5000, count), workers)
        }),
        alphabet in prop::sample::select(ALPHABETS.to_vec()),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let of = |word: fn(u64) -> String| -> worded::Words {
            draws.iter().map(|list| list.iter().map(|&draw| word(draw)).collect()).collect()
        };
        let read = |name: &str, words: &worded::Words, forms: &mut dyn Iterator<Item = worded::Form>| {
            let table = worded::rows(words, |worker, word| format!("{worker},{word}\n"));
            let expected = piped(&format!("worker,drew\n{table}"), name);
            assert_eq!(expected.streams(), words.len(), "{name}");
            for (form, print) in forms {
                one_evidence(&format!("{name} as {form}"), &print(words), &expected, folder.path());
            }
        };
        let (name, word) = alphabet;
        read(name, &of(word), &mut ANY.into_iter().chain(SINGLE));
        read("sentences", &of(sentence), &mut ANY.into_iter());
    }
}

/// The bytes give the expected evidence from a pipe, from files of any name and through a pool.
fn one_evidence(name: &str, text: &str, expected: &Evidence, folder: &Path) {
    assert_eq!(&piped(text, name), expected, "{name}:\n{text}");
    for ending in ["txt", "csv", "tsv", "json", "jsonl", "log", "dat"] {
        let path = folder.join(format!("x.{ending}"));
        fs::write(&path, text).unwrap();
        let capture = Capture::open(&path, &ReadOptions::default())
            .unwrap_or_else(|error| panic!("{name} in .{ending}: {error}"));
        assert_eq!(&loaded(capture, name), expected, "{name} in .{ending}");
    }
    let capture = pooled(text, Reading::default());
    assert_eq!(&loaded(capture, name), expected, "{name} through a pool");
}

/// A text as the output of one run of a pool.
fn pooled(text: &str, reading: Reading) -> Capture {
    let mut gathered = Gathered::new(reading);
    let origin = Origin {
        run: 0,
        seed: None,
        worker: None,
        launch: None,
    };
    gathered.add(&origin, text.as_bytes(), None, None);
    gathered.finish().unwrap()
}

/// What is said of a text that is not read.
fn refused(text: &str) -> String {
    match Capture::from_text("x", text.as_bytes(), &Reading::default()) {
        Err(error) => error.to_string(),
        Ok(capture) => panic!("{text}: {:?}", capture.notes()),
    }
}

/// The streams of a text, with what was noted.
fn streams(text: &[u8], reading: &Reading) -> (Evidence, Vec<String>) {
    let capture = Capture::from_text("x", text, reading).unwrap_or_else(|error| panic!("{error}"));
    let notes = capture.notes();
    (loaded(capture, "x"), notes)
}

#[test]
fn thousands_trials_and_the_encoding_of_spreadsheets_are_read() {
    let of = |text: &str| streams(text.as_bytes(), &Reading::default()).0;
    let plain = of("worker,value\n0,1234\n0,56\n1,7890123\n1,5\n");
    assert_eq!(
        of("worker,value\n0,\"1,234\"\n0,56\n1,\"7,890,123\"\n1,5\n"),
        plain
    );
    let runs = of("run,worker,value\n0,0,1\n0,1,2\n1,0,3\n1,1,4\n0,0,5\n0,1,6\n1,0,7\n1,1,8\n");
    let trials = "experiment,trial,worker,value\nA,0,0,1\nA,0,1,2\nA,1,0,3\nA,1,1,4\nA,0,0,5\nA,0,1,6\nA,1,0,7\nA,1,1,8\n";
    assert_eq!(of(trials), runs);
    for big_endian in [false, true] {
        let units =
            "\u{feff}run,worker,value\n0,0,1\n0,1,2\n1,0,3\n1,1,4\n0,0,5\n0,1,6\n1,0,7\n1,1,8\n";
        let bytes: Vec<u8> = units
            .encode_utf16()
            .flat_map(|unit| match big_endian {
                true => unit.to_be_bytes(),
                false => unit.to_le_bytes(),
            })
            .collect();
        assert_eq!(streams(&bytes, &Reading::default()).0, runs);
    }
}

#[test]
fn fewer_workers_than_promised_are_never_passed_over() {
    let promised = |text: &str, workers| {
        let reading = Reading {
            workers: Some(workers),
            ..Reading::default()
        };
        let capture = pooled(text, reading);
        let problems: Vec<String> = capture.problems().iter().map(ToString::to_string).collect();
        (problems.join("; "), capture.notes().join("; "))
    };
    let (problems, _) = promised("worker,value\n0,1\n1,2\n", 3);
    assert!(
        problems.contains("read as 2 workers where --workers promises 3"),
        "{problems}"
    );
    let (problems, notes) = promised("1\n2\n3\n", 3);
    assert!(
        problems.is_empty() && notes.contains("one list that does not say"),
        "{notes}"
    );
    let (problems, notes) = promised("worker,value\n0,1\n1,2\n", 2);
    assert!(
        problems.is_empty() && notes.is_empty(),
        "{problems} {notes}"
    );
}

#[test]
fn too_few_numbers_of_every_worker_are_one_note() {
    let mut gathered = Gathered::new(Reading::default());
    for worker in 0..5 {
        let origin = Origin {
            run: 0,
            seed: None,
            worker: Some(worker),
            launch: None,
        };
        gathered.add(&origin, format!("{worker}\n7\n").as_bytes(), None, Some(4));
    }
    let capture = gathered.finish().unwrap();
    assert!(capture.problems().is_empty(), "{:?}", capture.problems());
    assert!(
        capture.notes()[0].contains("every worker printed 2 numbers where 4 were asked for"),
        "{:?}",
        capture.notes()
    );
}

#[test]
fn output_that_was_cut_off_is_read_as_far_as_it_goes() {
    for text in [
        "[0.5, 0.25, 0.125, 0.0625, 0.",
        "[[0.5, 0.25],\n [0.125, 0.0625], [0.7",
        "{\"value\": [0.5, 0.25, 0.125, 0.0625",
    ] {
        let mut gathered = Gathered::new(Reading::default());
        let origin = Origin {
            run: 0,
            seed: None,
            worker: Some(0),
            launch: None,
        };
        gathered.add(&origin, text.as_bytes(), None, Some(4));
        let capture = gathered.finish().unwrap();
        assert!(
            capture.problems().is_empty(),
            "{text}: {:?}",
            capture.problems()
        );
        assert_eq!((capture.streams(), capture.longest()), (1, 4), "{text}");
    }
}
