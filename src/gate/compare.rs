//! What got worse, better or lost between two baselines.
//!
//! Nothing here is random by itself. Where chance decides what a row shows, a difference is listed
//! and never counts as worse: which of its declared findings a *broken* strategy shows, and whether a
//! *weak generator* already shows its flaw at this size. Such rows fail by not being as declared,
//! whose risk is bounded. Everything else in a row is a fixed function of code and plan, or a
//! conviction whose risk the judge has bounded.

use super::baseline::{Baseline, BaselineRow, Claimed};
use crate::{
    record::{Aspect, Change},
    verdict::{AsDeclared, Severity, Verdict},
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
    old: &'a BaselineRow,
    new: &'a BaselineRow,
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

    /// Whether the row is open, and something in it is suspect: that is listed, and no regression.
    fn is_suspect(&self) -> bool {
        let suspects = || self.new.findings.values().any(|s| *s == Severity::Suspect);
        self.new.verdict == Some(Verdict::Inconclusive) && suspects()
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
                worse && !self.is_suspect() && (new.is_none() || !self.shows_by_chance()),
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
            Some(Severity::Suspect) => "suspect",
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
            let suspect = *now == Severity::Suspect;
            self.note(
                Aspect::Finding,
                format!("finding {rule}"),
                severity(before),
                severity(Some(now)),
                graver && proven && !suspect && !self.shows_by_chance(),
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
mod tests;
