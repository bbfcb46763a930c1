//! Flawed programs with a known cause: what an audit says is that cause and no other.

use seedbench::{
    Audit,
    audit::{Question, audit},
    capture::{Capture, ReadOptions},
    generators::{SplitMix64, mix64},
    verdict::Verdict,
};

/// Words of an independent stream: SplitMix64 from a mixed start.
fn drawn(seed: u64) -> impl FnMut() -> u64 {
    let mut stream = SplitMix64::new(mix64(mix64(seed + 1) ^ 0x5eed));
    move || stream.next_word()
}

/// The findings of 24 workers in one run, each as its rule and cause.
fn told<D: FnMut() -> u64>(stream: impl Fn(u64) -> D) -> Vec<(String, String)> {
    let audited = Audit::new("a known cause")
        .workers(24)
        .runs(1)
        .words(1024)
        .words_from(|id| stream(id.worker));
    assert_eq!(audited.verdict(), Verdict::Unsound);
    let findings = audited.findings().iter();
    findings
        .map(|found| (found.rule.to_string(), found.cause.clone()))
        .collect()
}

fn cause<'a>(told: &'a [(String, String)], rule: &str) -> &'a str {
    let found = told.iter().find(|(known, _)| known == rule);
    &found.unwrap_or_else(|| panic!("no {rule}: {told:#?}")).1
}

#[test]
fn streams_that_count_are_no_random_numbers() {
    let counting = |worker: u64| {
        let mut word = worker << 32;
        move || {
            word += 1;
            word
        }
    };
    let found = told(counting);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(cause(&found, "counters").contains("not what a generator gave"));
}

#[test]
fn seeds_made_from_the_worker_are_no_birthday() {
    for (seed, part) in [
        ((|worker| worker / 4) as fn(u64) -> u64, "worker / 4"),
        (|worker| worker % 6, "modulo 6"),
    ] {
        let found = told(|worker| drawn(seed(worker)));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(cause(&found, "equal-streams").contains(part), "{found:#?}");
    }
}

#[test]
fn one_run_of_equal_workers_says_nothing_of_other_runs() {
    let found = told(|_| drawn(1));
    assert!(!cause(&found, "equal-streams").contains("runs differ"));
}

#[test]
fn common_low_bits_are_told_once_and_referred_to() {
    let found = told(|worker| {
        let (mut own, mut common) = (drawn(worker), drawn(1000));
        move || own() & !0xff | common() & 0xff
    });
    let agreement = cause(&found, "correlated-streams");
    assert!(agreement.starts_with("only bits 0–7 agree"), "{found:#?}");
    let relation = cause(&found, "linear-relation");
    assert!(relation.contains("mend what correlated-streams names first"));
}

#[test]
fn what_copies_bring_about_refers_to_them() {
    let found = told(|worker| {
        let mut stream = drawn(1);
        (0..32 * worker).for_each(|_| {
            stream();
        });
        stream
    });
    assert!(cause(&found, "shifted-overlap").contains("constant lag of 32 words"));
    let relation = cause(&found, "related-neighbours");
    assert!(
        relation.contains("mend what shifted-overlap names first"),
        "{relation}"
    );
}

/// The findings of a table of 32-bit words with a row a draw, each as its rule and cause.
fn told_of_table(
    labels: &str,
    streams: impl Iterator<Item = (String, Vec<u32>)>,
) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("draws.csv");
    let mut text = format!("{labels},value\n");
    for (label, words) in streams {
        words
            .iter()
            .for_each(|word| text += &format!("{label},{word}\n"));
    }
    std::fs::write(&path, text).unwrap();
    let mut capture = Capture::open(&path, &ReadOptions::default()).unwrap();
    let result = audit(&mut capture, Question::default()).unwrap();
    let findings = result.judgement.findings.into_iter();
    findings
        .map(|found| (found.rule.to_string(), found.cause))
        .collect()
}

fn words_of_32_bits(seed: u64) -> Vec<u32> {
    let mut draw = drawn(seed);
    (0..200).map(|_| (draw() >> 32) as u32).collect()
}

/// Epoch and worker are added, so that later epochs repeat what other workers drew: one finding that says so.
#[test]
fn labels_that_are_added_are_told() {
    let labels = (0..3).flat_map(|epoch| (0..4).map(move |worker| (epoch, worker)));
    let streams = labels.map(|(epoch, worker)| {
        (
            format!("{epoch},{worker}"),
            words_of_32_bits(epoch + worker),
        )
    });
    let found = told_of_table("epoch,worker", streams);
    assert_eq!(found.len(), 1, "{found:#?}");
    let cause = cause(&found, "equal-streams");
    assert!(
        cause.contains("the 1st and the 2nd label are added"),
        "{cause}"
    );
    assert!(cause.contains("(as 0 2, 1 1, 2 0)"), "{cause}");
}

/// Three workers of twelve fell back to one default seed of a known generator.
#[test]
fn seeds_that_were_found_settle_the_cause() {
    let streams = (0..12u64).map(|worker| {
        let words = match worker {
            1..=3 => {
                let mut generator = rand_mt::Mt::new(7);
                (0..200).map(|_| generator.next_u32()).collect()
            }
            _ => words_of_32_bits(worker),
        };
        (worker.to_string(), words)
    });
    let found = told_of_table("worker", streams);
    assert_eq!(found.len(), 1, "{found:#?}");
    let cause = cause(&found, "equal-streams");
    assert!(
        cause.contains("with k = 7, and no such seed was found for others"),
        "{cause}"
    );
}
