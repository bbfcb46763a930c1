//! What got worse, better or lost between two baselines.
//!
//! Nothing here is random by itself. Where chance decides what a row shows, a difference is listed
//! and never counts as worse: which of its declared findings a *broken* strategy shows, and whether a
//! *weak generator* already shows its flaw at this size. Such rows fail by not being as declared,
//! whose risk is bounded. Everything else in a row is a fixed function of code and plan, or a
//! conviction whose risk the judge has bounded.

use super::baseline::{Baseline, Claimed, Row};
use crate::{
    judge::{AsDeclared, Severity, Verdict},
    report::{Aspect, Change},
};

/// All differences.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// What got worse first, then what merely differs.
    pub changes: Vec<Change>,
    /// Rows that the baseline does not have.
    pub new: Vec<String>,
    /// The two plans, where they are not the same: then sizes differ and rows are not comparable.
    pub other_plan: Option<(String, String)>,
}

impl Comparison {
    /// Whether anything got worse.
    pub fn regressed(&self) -> bool {
        self.changes.iter().any(|change| change.worse)
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
/// Speed counts only where asked for, and only where the two intervals do not meet. Rows that
/// `expected` says were not to be measured now are left out; all others that are missing are lost.
pub fn compare(
    was: &Baseline,
    is: &Baseline,
    speed: Option<Speed>,
    expected: impl Fn(&str) -> bool,
) -> Comparison {
    let mut comparison = Comparison::default();
    if was.plan != is.plan {
        comparison.other_plan = Some((was.plan.clone(), is.plan.clone()));
    }
    for old in &was.rows {
        match is.rows.iter().find(|row| row.name == old.name) {
            Some(new) => Differences {
                old,
                new,
                changes: &mut comparison.changes,
            }
            .collect(speed),
            None if expected(&old.name) => comparison.changes.push(Change {
                row: old.name.clone(),
                aspect: Aspect::Row,
                what: "row".into(),
                was: verdict_name(old.verdict),
                is: "gone".into(),
                worse: true,
            }),
            None => {}
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

struct Differences<'a> {
    old: &'a Row,
    new: &'a Row,
    changes: &'a mut Vec<Change>,
}

impl Differences<'_> {
    fn note(
        &mut self,
        aspect: Aspect,
        what: impl Into<String>,
        was: impl Into<String>,
        is: impl Into<String>,
        worse: bool,
    ) {
        self.changes.push(Change {
            row: self.old.name.clone(),
            aspect,
            what: what.into(),
            was: was.into(),
            is: is.into(),
            worse,
        });
    }

    fn collect(&mut self, speed: Option<Speed>) {
        self.claim();
        self.verdict();
        self.as_declared();
        self.promises();
        self.findings();
        let (old, new) = (self.old, self.new);
        self.figure(
            Aspect::SeedEntropy,
            "seed entropy",
            "bits",
            old.seed_bits,
            new.seed_bits,
        );
        self.figure(
            Aspect::Horizon,
            "horizon",
            "streams",
            old.horizon,
            new.horizon,
        );
        if let Some(speed) = speed {
            self.cost(speed);
        }
    }

    /// Whether chance decides what the row shows: it is declared not to be sound.
    fn shows_by_chance(&self) -> bool {
        self.new.claim.is_some_and(|claim| claim != Claimed::Sound)
    }

    fn claim(&mut self) {
        let (old, new) = (self.old.claim, self.new.claim);
        if old != new {
            let name = |claim: Option<Claimed>| claim.map_or("none", Claimed::name);
            self.note(Aspect::Claim, "claim", name(old), name(new), new > old);
        }
    }

    fn verdict(&mut self) {
        let (old, new) = (self.old.verdict, self.new.verdict);
        if old != new {
            let worse = verdict_rank(new) > verdict_rank(old);
            self.note(
                Aspect::Verdict,
                "verdict",
                verdict_name(old),
                verdict_name(new),
                worse && (new.is_none() || !self.shows_by_chance()),
            );
        }
    }

    fn as_declared(&mut self) {
        let (old, new) = (self.old.as_declared, self.new.as_declared);
        if old != new {
            let name = |declared: Option<AsDeclared>| match declared {
                Some(AsDeclared::Yes) => "yes",
                Some(AsDeclared::No) => "no",
                Some(AsDeclared::NotDecidable) => "not decidable",
                None => "-",
            };
            let undecidable = old == Some(AsDeclared::Yes) && new != Some(AsDeclared::No);
            self.note(
                Aspect::AsDeclared,
                "as declared",
                name(old),
                name(new),
                new == Some(AsDeclared::No) || (undecidable && !self.shows_by_chance()),
            );
        }
    }

    fn promises(&mut self) {
        let (old, new) = (self.old, self.new);
        for promise in old.held.difference(&new.held) {
            let what = format!("promise {}", promise.name());
            self.note(Aspect::Promise, what, "held", "not held", true);
        }
        for promise in new.held.difference(&old.held) {
            let what = format!("promise {}", promise.name());
            self.note(Aspect::Promise, what, "not held", "held", false);
        }
    }

    fn findings(&mut self) {
        let (old, new) = (self.old, self.new);
        let severity = |severity: Option<&Severity>| match severity {
            Some(Severity::Error) => "error",
            Some(Severity::Warning) => "warning",
            Some(Severity::Note) => "note",
            None => "absent",
        };
        // A generator that already shows a flaw may show more of it by chance.
        let flawed_before = old.findings.values().any(|s| *s == Severity::Warning);
        for (rule, now) in &new.findings {
            let before = old.findings.get(rule);
            if before == Some(now) {
                continue;
            }
            let graver = before.is_none_or(|before| now > before);
            let proven = *now == Severity::Error || !flawed_before;
            self.note(
                Aspect::Finding,
                format!("finding {rule}"),
                severity(before),
                severity(Some(now)),
                graver && proven && !self.shows_by_chance(),
            );
        }
        for (rule, before) in &old.findings {
            if !new.findings.contains_key(rule) {
                let what = format!("finding {rule}");
                self.note(
                    Aspect::Finding,
                    what,
                    severity(Some(before)),
                    "absent",
                    false,
                );
            }
        }
    }

    fn figure(
        &mut self,
        aspect: Aspect,
        what: &str,
        unit: &str,
        before: Option<f64>,
        after: Option<f64>,
    ) {
        let words = |value: Option<f64>| {
            value.map_or("-".into(), |value| {
                if value < 1e9 {
                    format!("{} {unit}", (value * 1e3).round() / 1e3)
                } else {
                    format!("{value:.3e} {unit}")
                }
            })
        };
        // A relative slack far below anything that matters: figures pass through text.
        let (lower, higher) = match (before, after) {
            (Some(before), Some(after)) => {
                (after < before * (1.0 - 1e-9), after > before * (1.0 + 1e-9))
            }
            (before, after) => (
                before.is_some() && after.is_none(),
                before.is_none() && after.is_some(),
            ),
        };
        if lower || higher {
            self.note(aspect, what, words(before), words(after), lower);
        }
    }

    fn cost(&mut self, speed: Speed) {
        let (Some(before), Some(after)) = (self.old.throughput, self.new.throughput) else {
            return;
        };
        if after.low > before.high && after.ratio > before.ratio * speed.slower_than {
            self.note(
                Aspect::Cost,
                "cost of a draw",
                format!("{:.2} x yardstick", before.ratio),
                format!("{:.2} x yardstick", after.ratio),
                true,
            );
        }
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
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        gate::{BASELINE_SCHEMA, Throughput},
        strategies::Promise,
    };

    fn row() -> Row {
        Row {
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
        let broken = |verdict, declared, rules: &[&str]| Row {
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
            baseline(Row {
                claim: None,
                findings: rules
                    .iter()
                    .map(|rule| ((*rule).to_owned(), Severity::Warning))
                    .collect(),
                ..row()
            })
        };
        let regressed = |was: &[&str], is: &[&str]| {
            compare(&warned(was), &warned(is), None, |_| true).regressed()
        };
        assert!(regressed(&[], &["nonuniform-words"]));
        assert!(!regressed(
            &["serial-dependence"],
            &["serial-dependence", "nonuniform-words"]
        ));
    }
}
