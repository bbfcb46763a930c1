//! What counts as worse, and what does not.

use std::collections::BTreeMap;

use super::*;
use crate::{
    gate::{BASELINE_SCHEMA, Throughput},
    strategies::Promise,
};

fn row() -> BaselineRow {
    BaselineRow {
        name: "spawn-key/chacha20 @ fork".into(),
        claim: Some(Claimed::Sound),
        verdict: Some(Verdict::Sound),
        as_declared: Some(AsDeclared::Yes),
        held: [Promise::Distinct, Promise::Fresh].into(),
        findings: BTreeMap::new(),
        seed_bits: Some(256.0),
        horizon: Some(1e18),
        throughput: Some(Throughput {
            ratio: 2.0,
            low: 1.9,
            high: 2.1,
        }),
    }
}

fn baseline(row: BaselineRow) -> Baseline {
    Baseline {
        schema: BASELINE_SCHEMA,
        seedbench: "0.1.0".into(),
        revision: None,
        plan: "8 tasks".into(),
        root: None,
        rows: vec![row],
    }
}

/// The differences that changing one thing makes, as `what` texts.
fn worse(change: impl FnOnce(&mut BaselineRow), speed: Option<Speed>) -> Vec<String> {
    let mut changed = row();
    change(&mut changed);
    let comparison = compare(&baseline(row()), &baseline(changed), speed, |_| true);
    assert_eq!(comparison.regressed(), !comparison.changes.is_empty());
    comparison
        .changes
        .into_iter()
        .map(|change| change.what)
        .collect()
}

#[test]
fn every_kind_of_regression_is_seen_for_its_own_reason() {
    assert!(worse(|_| {}, None).is_empty());
    assert_eq!(
        worse(|row| row.verdict = Some(Verdict::Unsound), None),
        ["verdict"]
    );
    assert_eq!(worse(|row| row.verdict = None, None), ["verdict"]);
    assert_eq!(
        worse(|row| row.as_declared = Some(AsDeclared::No), None),
        ["as declared"]
    );
    assert_eq!(
        worse(|row| assert!(row.held.remove(&Promise::Fresh)), None),
        ["promise fresh"]
    );
    assert_eq!(
        worse(
            |row| {
                row.findings.insert("equal-streams".into(), Severity::Error);
            },
            None
        ),
        ["finding equal-streams"]
    );
    assert_eq!(
        worse(|row| row.seed_bits = Some(64.0), None),
        ["seed entropy"]
    );
    assert_eq!(worse(|row| row.horizon = None, None), ["horizon"]);
    let weaker = worse(|row| row.claim = Some(Claimed::Broken), None);
    assert_eq!(weaker, ["claim"]);
}

#[test]
fn speed_counts_only_on_request_and_beyond_both_intervals() {
    let slow = |row: &mut BaselineRow| {
        row.throughput = Some(Throughput {
            ratio: 3.0,
            low: 2.9,
            high: 3.1,
        });
    };
    let noisy = |row: &mut BaselineRow| {
        row.throughput = Some(Throughput {
            ratio: 3.0,
            low: 2.0,
            high: 4.0,
        });
    };
    let speed = Some(Speed { slower_than: 1.2 });
    assert!(worse(slow, None).is_empty());
    assert_eq!(worse(slow, speed), ["cost of a draw"]);
    assert!(worse(noisy, speed).is_empty());
}

#[test]
fn lost_rows_fail_and_better_rows_do_not() {
    let mut empty = baseline(row());
    empty.rows.clear();
    let whole = baseline(row());
    assert!(compare(&whole, &empty, None, |_| true).regressed());
    assert!(!compare(&whole, &empty, None, |_| false).regressed());
    assert!(!compare(&empty, &whole, None, |_| true).regressed());
    let mut flawed = row();
    flawed
        .findings
        .insert("nonuniform-words".into(), Severity::Warning);
    let comparison = compare(&baseline(flawed), &whole, None, |_| true);
    assert!(!comparison.regressed());
    assert_eq!(comparison.changes.len(), 1);
}

#[test]
fn what_chance_decides_is_listed_and_never_worse() {
    let broken = |verdict, declared, rules: &[&str]| BaselineRow {
        claim: Some(Claimed::Broken),
        verdict: Some(verdict),
        as_declared: Some(declared),
        findings: rules
            .iter()
            .map(|rule| ((*rule).to_owned(), Severity::Error))
            .collect(),
        ..row()
    };
    let quiet = baseline(broken(Verdict::Sound, AsDeclared::NotDecidable, &[]));
    let loud = baseline(broken(
        Verdict::Unsound,
        AsDeclared::Yes,
        &["equal-streams", "cross-run-sharing"],
    ));
    for (was, is) in [(&quiet, &loud), (&loud, &quiet)] {
        let comparison = compare(was, is, None, |_| true);
        assert!(!comparison.regressed(), "{comparison:?}");
        assert_eq!(comparison.changes.len(), 4);
    }
    let escaped = baseline(broken(Verdict::Sound, AsDeclared::No, &[]));
    let comparison = compare(&loud, &escaped, None, |_| true);
    let worse: Vec<_> = comparison
        .changes
        .iter()
        .filter(|change| change.worse)
        .map(|change| change.aspect)
        .collect();
    assert_eq!(worse, [Aspect::AsDeclared]);
}

#[test]
fn a_generator_that_was_flawed_may_show_more_of_it() {
    let warned = |rules: &[&str]| {
        baseline(BaselineRow {
            claim: None,
            findings: rules
                .iter()
                .map(|rule| ((*rule).to_owned(), Severity::Warning))
                .collect(),
            ..row()
        })
    };
    let regressed =
        |was: &[&str], is: &[&str]| compare(&warned(was), &warned(is), None, |_| true).regressed();
    assert!(regressed(&[], &["nonuniform-words"]));
    assert!(!regressed(
        &["serial-dependence"],
        &["serial-dependence", "nonuniform-words"]
    ));
}
