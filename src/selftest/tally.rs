//! Counting of p-values over many sound evidences.

use rayon::prelude::*;
use serde::Serialize;

use super::sound::{EvidenceShape, mix};
use crate::{
    analyze::{self, AnalyzeOptions},
    joins::JoinArena,
    results::{Analysis, Depth, TestResult, View},
    statistics,
};

/// The levels at which alarms are counted.
pub const ALPHAS: [f64; 5] = [0.5, 0.1, 0.01, 1e-3, 1e-4];

/// Which p-value is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// The p-value of one result.
    Own,
    /// That of its control, where one was taken.
    Control,
    /// The least of a test's, times their number.
    LeastOfTest,
    /// The least of all tests', times the family.
    LeastOfAll,
}

/// Which row a p-value belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    /// The test by its place in the registry; past its end, all of them.
    pub(super) test: usize,
    pub(super) statistic: Statistic,
    pub(super) view: Option<View>,
    /// Among the results of the test on this view.
    nth: usize,
}

/// How often one p-value was given, and how often it was small.
#[derive(Clone, Debug)]
pub(super) struct Count {
    pub(super) key: Key,
    pub(super) given: u64,
    pub(super) alarms: [u64; ALPHAS.len()],
}

/// What was counted in some replicates.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    counts: Vec<Count>,
    pub(super) chance_matches: u64,
    pub(super) chance: f64,
}

/// Analyses sound evidences of a shape.
pub(super) fn tally(shape: &EvidenceShape, replicates: u32, seed: u64) -> Tally {
    (0..replicates)
        .into_par_iter()
        .fold(
            || (JoinArena::new(), Tally::default()),
            |(mut arena, mut tally), replicate| {
                let evidence = shape.evidence(mix(seed ^ u64::from(replicate)));
                let options = AnalyzeOptions {
                    depth: Depth::Exhaustive,
                    ..AnalyzeOptions::default()
                };
                match analyze::analyze(&mut &evidence, options, &mut arena) {
                    Ok(analysis) => tally.add(&analysis),
                    Err(never) => match never {},
                }
                (arena, tally)
            },
        )
        .map(|(_, tally)| tally)
        .reduce(Tally::default, Tally::merge)
}

impl Tally {
    pub(super) fn add(&mut self, analysis: &Analysis) {
        let all = statistics::tests().count();
        let mut least = 1.0_f64;
        for (test, spec) in statistics::tests().map(|test| test.spec()).enumerate() {
            let results: Vec<(&TestResult, f64)> = analysis
                .tests
                .iter()
                .filter(|result| result.test == spec.id)
                .filter_map(|result| Some((result, result.p()?)))
                .collect();
            let mut least_of_test = 1.0_f64;
            for (at, &(result, p)) in results.iter().enumerate() {
                let view = &result.view;
                let nth = results[..at]
                    .iter()
                    .filter(|(earlier, _)| earlier.view == *view)
                    .count();
                self.count(test, Statistic::Own, Some(view), nth, p);
                if let Some(control) = result.control {
                    let control = control.two_sided();
                    self.count(test, Statistic::Control, Some(view), nth, control);
                }
                least_of_test = least_of_test.min(p);
            }
            if results.len() > 1 {
                let p = least_of_test * results.len() as f64;
                self.count(test, Statistic::LeastOfTest, None, 0, p);
            }
            least = least.min(least_of_test);
        }
        let p = least * analysis.family as f64;
        self.count(all, Statistic::LeastOfAll, None, 0, p);
        self.chance_matches += u64::from(analysis.joins.found_any());
        self.chance = self.chance.max(analysis.joins.chance);
    }

    fn count(
        &mut self,
        test: usize,
        statistic: Statistic,
        view: Option<&View>,
        nth: usize,
        p: f64,
    ) {
        let known = self.counts.iter_mut().find(|count| {
            let key = &count.key;
            key.test == test
                && key.nth == nth
                && key.statistic == statistic
                && key.view.as_ref() == view
        });
        let alarms = ALPHAS.map(|alpha| u64::from(p <= alpha));
        match known {
            Some(count) => count.merge(1, alarms),
            None => self.counts.push(Count {
                key: Key {
                    test,
                    statistic,
                    view: view.cloned(),
                    nth,
                },
                given: 1,
                alarms,
            }),
        }
    }

    fn merge(mut self, other: Self) -> Self {
        for count in other.counts {
            match self.counts.iter_mut().find(|known| known.key == count.key) {
                Some(known) => known.merge(count.given, count.alarms),
                None => self.counts.push(count),
            }
        }
        self.chance_matches += other.chance_matches;
        self.chance = self.chance.max(other.chance);
        self
    }

    /// How many kinds of p-values were counted.
    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }

    /// In how many replicates the test gave a p-value.
    pub(super) fn given(&self, test: usize) -> u64 {
        self.counts
            .iter()
            .filter(|count| count.key.statistic == Statistic::Own && count.key.test == test)
            .map(|count| count.given)
            .max()
            .unwrap_or(0)
    }

    /// What was counted in the order of the registry, whatever the order in which it was first seen.
    pub(super) fn rows(mut self) -> impl Iterator<Item = Count> {
        self.counts.sort_by_cached_key(|count| {
            let Key {
                test,
                statistic,
                view,
                nth,
            } = &count.key;
            (*test, *statistic, format!("{view:?}"), *nth)
        });
        self.counts.into_iter()
    }
}

impl Count {
    fn merge(&mut self, given: u64, alarms: [u64; ALPHAS.len()]) {
        self.given += given;
        for (sum, more) in self.alarms.iter_mut().zip(alarms) {
            *sum += more;
        }
    }
}
