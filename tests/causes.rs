//! Flawed programs with a known cause: what an audit says is that cause and no other.

use seedbench::{
    Audit,
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
