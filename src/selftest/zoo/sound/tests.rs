use std::collections::{HashMap, HashSet};

use super::*;
use crate::selftest::zoo::{
    job::{Job, RUNS, SHAPES},
    printout::{Form, Printout},
};

fn jobs(replicate: u64) -> impl Iterator<Item = Job> {
    SHAPES.into_iter().map(move |shape| Job {
        shape,
        runs: RUNS,
        replicate,
    })
}

#[test]
fn names_are_stable_words_and_told_apart() {
    let mut seen = HashSet::new();
    for program in sound() {
        assert!(seen.insert(program.id), "{} twice", program.id);
        assert!(
            program
                .id
                .bytes()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-'),
            "{}",
            program.id
        );
        assert!(
            !program.summary.is_empty() && !program.summary.ends_with('.'),
            "{}",
            program.id
        );
    }
    assert!(seen.len() >= 75, "{} programs", seen.len());
}

#[test]
fn every_program_has_draws_of_its_own_key() {
    let job = jobs(0).next().expect("there are shapes");
    let mut seen = HashSet::new();
    for program in sound() {
        assert!(
            seen.insert(job.for_worker(program.id, 0, 0).word()),
            "{}",
            program.id
        );
        assert!(
            seen.insert(job.for_run(program.id, 0).word()),
            "{}",
            program.id
        );
        assert!(
            seen.insert(job.for_all(program.id).word()),
            "{}",
            program.id
        );
    }
}

#[test]
fn programs_are_deterministic_and_replicates_differ() {
    for program in sound() {
        for job in jobs(1) {
            let text = program.printout(&job).csv(Form::Values);
            assert_eq!(
                text,
                program.printout(&job).csv(Form::Values),
                "{}",
                program.id
            );
            let other = Job {
                replicate: 2,
                ..job
            };
            assert_ne!(
                text,
                program.printout(&other).csv(Form::Values),
                "{}",
                program.id
            );
        }
    }
}

#[test]
fn programs_are_of_their_shape() {
    for program in sound() {
        for job in jobs(3) {
            let printout = program.printout(&job);
            let streams = job.runs * job.shape.workers * program.epochs;
            assert_eq!(printout.streams.len(), streams, "{}", program.id);
            let labels: HashSet<_> = printout.streams.iter().map(|s| s.labels.clone()).collect();
            assert_eq!(labels.len(), streams, "{}: labels told apart", program.id);
            let of_worker = program.header + job.shape.rows * printout.columns.len();
            let values: usize = printout.streams.iter().map(|s| s.values.len()).sum();
            let whole = job.runs * job.shape.workers * of_worker;
            if program.ragged {
                assert!(values < whole && values > whole / 4, "{}", program.id);
            } else {
                assert_eq!(values, whole, "{} in {job}", program.id);
            }
            assert!(
                printout.streams.iter().all(|s| !s.values.is_empty()),
                "{}",
                program.id
            );
        }
    }
}

/// How many rows stand in more than one stream.
fn shared_rows(printout: &Printout) -> usize {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut shared = 0;
    for (at, stream) in printout.streams.iter().enumerate() {
        for row in printout.rows(stream) {
            let text = row.iter().map(|value| format!("{value},")).collect();
            shared += usize::from(*first.entry(text).or_insert(at) != at);
        }
    }
    shared
}

#[test]
fn workers_share_no_row_where_none_is_handed_to_them() {
    let mut meet = 0;
    for program in sound() {
        let shared: usize = jobs(4)
            .map(|job| shared_rows(&program.printout(&job)))
            .sum();
        if program.may_meet {
            meet += usize::from(shared > 0);
        } else {
            assert_eq!(shared, 0, "{}", program.id);
        }
    }
    // The mark is for programs that need it.
    let marked = sound().filter(|program| program.may_meet).count();
    assert!(meet * 10 >= marked * 9, "{meet} of {marked}");
}

#[test]
fn whole_streams_differ_but_where_they_are_chosen_from_few() {
    for program in sound().filter(|program| !program.chosen_from_few) {
        for job in jobs(5).filter(|job| job.shape.rows >= 100) {
            let printout = program.printout(&job);
            let texts: HashSet<String> = printout
                .streams
                .iter()
                .map(|s| s.values.iter().map(|value| format!("{value},")).collect())
                .collect();
            // Coins of an own bias near 0 or 1, rare events and absorbed walks may be equal.
            let least = match program.id {
                "rare-events" | "coins-of-own-bias" | "absorbed-walk" => printout.streams.len() / 4,
                _ => printout.streams.len(),
            };
            assert!(texts.len() >= least, "{} in {job}", program.id);
        }
    }
}
