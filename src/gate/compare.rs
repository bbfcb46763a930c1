//! What got worse, better or lost between two baselines.

use serde::{Deserialize, Serialize};

use super::baseline::{Baseline, Row};
use crate::judge::{AsDeclared, Verdict};

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The row.
    pub row: String,
    /// What differs: `verdict`, `as declared`, `promise distinct`, `finding equal-streams` …
    pub what: String,
    /// In the baseline.
    pub was: String,
    /// Now.
    pub is: String,
    /// Whether it is worse.
    pub worse: bool,
}

/// All differences.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Gravest first: what got worse, then what got better.
    pub changes: Vec<Change>,
    /// Rows of the baseline that were not measured now.
    pub missing: Vec<String>,
    /// Rows that the baseline does not have.
    pub new: Vec<String>,
    /// The baseline's plan, if it is another one: then sizes differ and rows are not comparable.
    pub other_plan: Option<(String, String)>,
}

impl Comparison {
    /// Whether anything got worse.
    pub fn regressed(&self) -> bool {
        self.changes.iter().any(|change| change.worse) || !self.missing.is_empty()
    }
}

/// Speed is compared only on request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    /// How much larger than the baseline's a ratio may be, beyond both intervals.
    pub slower_than: f64,
}

/// Holds `is` against `was`.
///
/// Speed counts only where asked for, and only where the two intervals do not meet.
pub fn compare(was: &Baseline, is: &Baseline, speed: Option<Speed>) -> Comparison {
    let mut comparison = Comparison::default();
    if was.plan != is.plan {
        comparison.other_plan = Some((was.plan.clone(), is.plan.clone()));
    }
    for old in &was.rows {
        match is.rows.iter().find(|row| row.name == old.name) {
            Some(new) => differences(old, new, speed, &mut comparison.changes),
            None => comparison.missing.push(old.name.clone()),
        }
    }
    for new in &is.rows {
        if !was.rows.iter().any(|row| row.name == new.name) {
            comparison.new.push(new.name.clone());
        }
    }
    comparison.changes.sort_by_key(|change| !change.worse);
    comparison
}

fn differences(old: &Row, new: &Row, speed: Option<Speed>, changes: &mut Vec<Change>) {
    let mut note = |what: String, was: String, is: String, worse: bool| {
        changes.push(Change {
            row: old.name.clone(),
            what,
            was,
            is,
            worse,
        });
    };
    if old.verdict != new.verdict {
        note(
            "verdict".into(),
            verdict_name(old.verdict),
            verdict_name(new.verdict),
            verdict_rank(new.verdict) > verdict_rank(old.verdict),
        );
    }
    if old.as_declared != new.as_declared {
        let name = |declared: Option<AsDeclared>| match declared {
            Some(AsDeclared::Yes) => "yes",
            Some(AsDeclared::No) => "no",
            Some(AsDeclared::NotDecidable) => "not decidable",
            None => "-",
        };
        let worse = new.as_declared == Some(AsDeclared::No)
            || (old.as_declared == Some(AsDeclared::Yes)
                && new.as_declared == Some(AsDeclared::NotDecidable));
        note(
            "as declared".into(),
            name(old.as_declared).into(),
            name(new.as_declared).into(),
            worse,
        );
    }
    for promise in old.held.difference(&new.held) {
        note(
            format!("promise {}", promise.name()),
            "held".into(),
            "not held".into(),
            true,
        );
    }
    for promise in new.held.difference(&old.held) {
        note(
            format!("promise {}", promise.name()),
            "not held".into(),
            "held".into(),
            false,
        );
    }
    for finding in new.findings.difference(&old.findings) {
        note(
            format!("finding {finding}"),
            "absent".into(),
            "present".into(),
            true,
        );
    }
    for finding in old.findings.difference(&new.findings) {
        note(
            format!("finding {finding}"),
            "present".into(),
            "absent".into(),
            false,
        );
    }
    let figure = |value: Option<f64>, unit: &str| {
        value.map_or("-".into(), |value| format!("{value:.4}{unit}"))
    };
    for (what, unit, before, after) in [
        ("seed entropy", " bits", old.seed_bits, new.seed_bits),
        ("horizon", " streams", old.horizon, new.horizon),
    ] {
        // A relative slack far below anything that matters: figures pass through text.
        let lower = match (before, after) {
            (Some(before), Some(after)) => after < before * (1.0 - 1e-9),
            (Some(_), None) => true,
            _ => false,
        };
        let higher = match (before, after) {
            (Some(before), Some(after)) => after > before * (1.0 + 1e-9),
            (None, Some(_)) => true,
            _ => false,
        };
        if lower || higher {
            note(
                what.into(),
                figure(before, unit),
                figure(after, unit),
                lower,
            );
        }
    }
    if let (Some(speed), Some(before), Some(after)) = (speed, old.throughput, new.throughput)
        && after.low > before.high
        && after.ratio > before.ratio * speed.slower_than
    {
        note(
            "cost of a draw".into(),
            format!("{:.2} x yardstick", before.ratio),
            format!("{:.2} x yardstick", after.ratio),
            true,
        );
    }
}

fn verdict_name(verdict: Option<Verdict>) -> String {
    verdict.map_or("not run", Verdict::name).into()
}

/// Sound, then inconclusive, then not run, then unsound.
fn verdict_rank(verdict: Option<Verdict>) -> u8 {
    match verdict {
        Some(Verdict::Sound) => 0,
        Some(Verdict::Inconclusive) => 1,
        None => 2,
        Some(Verdict::Unsound) => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gate::{BASELINE_SCHEMA, Throughput},
        strategies::Promise,
    };

    fn row() -> Row {
        Row {
            name: "spawn-key/chacha20 @ fork".into(),
            verdict: Some(Verdict::Sound),
            as_declared: Some(AsDeclared::Yes),
            held: [Promise::Distinct, Promise::Fresh].into(),
            findings: ["nonuniform-words".to_owned()].into(),
            seed_bits: Some(256.0),
            horizon: Some(1e18),
            throughput: Some(Throughput {
                ratio: 2.0,
                low: 1.9,
                high: 2.1,
            }),
        }
    }

    fn baseline(row: Row) -> Baseline {
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
    fn worse(change: impl FnOnce(&mut Row), speed: Option<Speed>) -> Vec<String> {
        let mut changed = row();
        change(&mut changed);
        let comparison = compare(&baseline(row()), &baseline(changed), speed);
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
                |row| assert!(row.findings.insert("equal-streams".into())),
                None
            ),
            ["finding equal-streams"]
        );
        assert_eq!(
            worse(|row| row.seed_bits = Some(64.0), None),
            ["seed entropy"]
        );
        assert_eq!(worse(|row| row.horizon = None, None), ["horizon"]);
    }

    #[test]
    fn speed_counts_only_on_request_and_beyond_both_intervals() {
        let slow = |row: &mut Row| {
            row.throughput = Some(Throughput {
                ratio: 3.0,
                low: 2.9,
                high: 3.1,
            });
        };
        let noisy = |row: &mut Row| {
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
        assert!(compare(&baseline(row()), &empty, None).regressed());
        assert!(!compare(&empty, &baseline(row()), None).regressed());
        let mut better = row();
        better.findings.clear();
        let comparison = compare(&baseline(row()), &baseline(better), None);
        assert!(!comparison.regressed());
        assert_eq!(comparison.changes.len(), 1);
    }
}
