//! The two-stage procedure that bounds the false alarms of a whole check, as data and as arithmetic.
//!
//! Every p-value is multiplied by the size of its family (the p-values of its level, times the
//! levels planned, times the cells of the check), which is fixed before data; Bonferroni holds
//! under any dependence, and streams may well be identical. Then
//!
//! * an exact test below [`AT_ONCE`] convicts;
//! * anything else below [`GREY`] asks for a second stage: four times the evidence from an
//!   independent root, only what was grey is tested again, and an exact test fails below [`SECOND`]
//!   after multiplication by what the second stage tests;
//! * where no independent evidence can be had (captures, fixed roots) there is no second stage: an
//!   exact test fails below [`ONE_STAGE`], and what is grey stays a note.
//!
//! A sound check is called unsound with probability at most 1e-10 + 1e-3 · 5e-7 = 6e-10 by its
//! tests, plus at most [`JOINS`] by chance matches of the joins: 7e-10.

use crate::{
    results::{Analysis, FindingKind, TestResult},
    statistics::{self, StatisticalTest},
};

/// An exact test below this, after multiplicity, convicts in the first of two stages.
pub const AT_ONCE: f64 = 1e-10;
/// Below this, after multiplicity, a second stage is asked for.
pub const GREY: f64 = 1e-3;
/// An exact test below this, after multiplicity, convicts in the second stage.
pub const SECOND: f64 = 5e-7;
/// An exact test below this, after multiplicity, convicts where there is only one stage.
pub const ONE_STAGE: f64 = 5e-10;
/// What chance matches of all joins of a check may add.
pub const JOINS: f64 = 1e-10;

/// What is fixed before data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How many cells the whole check has: the family is that of all of them.
    pub cells: u64,
    /// Whether independent evidence can be had for a second stage.
    pub two_stages: bool,
}

impl Policy {
    /// One capture or program, judged once.
    pub const ONE_CAPTURE: Self = Self {
        cells: 1,
        two_stages: false,
    };

    /// The probability that the tests of one cell call a sound seeding unsound.
    pub fn false_alarm(&self) -> f64 {
        let check = if self.two_stages {
            AT_ONCE + GREY * SECOND
        } else {
            ONE_STAGE
        };
        check / self.cells.max(1) as f64
    }
}

/// What the first stage says of one result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// It convicts.
    Convicted,
    /// It asks for a second stage.
    Grey,
}

/// A result that is not clear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suspicion {
    /// Its index in [`Analysis::tests`].
    pub index: usize,
    /// Its two-sided p-value after multiplicity.
    pub p: f64,
    /// What follows.
    pub call: Call,
}

/// The first stage: which results convict, and which are grey.
pub fn first_stage(analysis: &Analysis, policy: Policy) -> Vec<Suspicion> {
    let family = (analysis.family.max(1) * policy.cells.max(1)) as f64;
    let limit = if policy.two_stages {
        AT_ONCE
    } else {
        ONE_STAGE
    };
    analysis
        .tests
        .iter()
        .enumerate()
        .filter_map(|(index, result)| {
            let p = (result.p()? * family).min(1.0);
            let call = if p < limit && result.convicts_alone() {
                Call::Convicted
            } else if p < GREY {
                Call::Grey
            } else {
                return None;
            };
            Some(Suspicion { index, p, call })
        })
        .collect()
}

/// What was grey and can be tested again: there is no fresh evidence of given roots, which are what
/// they are.
pub fn testable_again<'a>(
    analysis: &'a Analysis,
    suspicions: &'a [Suspicion],
) -> impl Iterator<Item = &'a TestResult> {
    suspicions
        .iter()
        .filter(|suspicion| suspicion.call == Call::Grey)
        .map(|suspicion| &analysis.tests[suspicion.index])
        .filter(|result| !result.given_roots)
}

/// The tests that a second stage runs: those that were grey, and for an asymptotic one also every
/// test of the same finding, among which an exact one can convict.
pub fn second_stage_tests(
    analysis: &Analysis,
    suspicions: &[Suspicion],
    registry: impl Iterator<Item = &'static dyn StatisticalTest>,
) -> Vec<&'static dyn StatisticalTest> {
    registry
        .filter(|test| {
            testable_again(analysis, suspicions).any(|grey| {
                grey.test == test.spec().id
                    || (!grey.convicts_alone()
                        && finding_of(&grey.test) == Some(test.spec().finding))
            })
        })
        .collect()
}

/// The second stage: which results of the fresh evidence convict, with their p after multiplicity.
pub fn second_stage(
    analysis: &Analysis,
    suspicions: &[Suspicion],
    fresh: &[TestResult],
) -> Vec<(usize, f64)> {
    counted(analysis, suspicions, fresh)
        .into_iter()
        .filter(|&(index, p)| p < SECOND && fresh[index].convicts_alone())
        .collect()
}

/// The results of the fresh evidence that the second stage counts, with their p after multiplicity.
///
/// Only results on a view that was grey count, or exact ones of the same finding where what was grey
/// is asymptotic; all of them are in the family.
pub fn counted(
    analysis: &Analysis,
    suspicions: &[Suspicion],
    fresh: &[TestResult],
) -> Vec<(usize, f64)> {
    let counted: Vec<(usize, f64)> = fresh
        .iter()
        .enumerate()
        .filter(|(_, result)| {
            testable_again(analysis, suspicions).any(|grey| {
                let same = result.test == grey.test && result.view == grey.view;
                let stands_in = !grey.convicts_alone()
                    && result.convicts_alone()
                    && finding_of(&result.test) == finding_of(&grey.test);
                same || stands_in
            })
        })
        .filter_map(|(index, result)| Some((index, result.p()?)))
        .collect();
    let family = counted.len() as f64;
    counted
        .into_iter()
        .map(|(index, p)| (index, (p * family).min(1.0)))
        .collect()
}

fn finding_of(test: &str) -> Option<FindingKind> {
    statistics::spec(test).map(|spec| spec.finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        results::{Outcome, View},
        vocabulary::{Law, PValue},
    };

    fn result(test: &str, p: f64, law: Law) -> TestResult {
        let outcome = Outcome::Tested {
            p: PValue::upper_only(p).unwrap(),
            law,
            statistic: 1.0,
            expected: 0.0,
        };
        TestResult::new(test, View::Pairs, outcome)
    }

    fn analysis(tests: Vec<TestResult>) -> Analysis {
        Analysis {
            family: 10,
            tests,
            ..Analysis::default()
        }
    }

    const TWO: Policy = Policy {
        cells: 1,
        two_stages: true,
    };

    #[test]
    fn only_exact_laws_convict_at_once() {
        let analysis = analysis(vec![
            result("a", 1e-12, Law::Exact),
            result("b", 1e-200, Law::Asymptotic),
            result("c", 2e-11, Law::Exact),
            result("d", 1e-3, Law::Exact),
        ]);
        let calls: Vec<(usize, Call)> = first_stage(&analysis, TWO)
            .iter()
            .map(|s| (s.index, s.call))
            .collect();
        // 2e-11 times a family of 10 is not below 1e-10; 1e-3 times 10 is not grey.
        assert_eq!(
            calls,
            [(0, Call::Convicted), (1, Call::Grey), (2, Call::Grey)]
        );
    }

    #[test]
    fn more_cells_ask_for_more_evidence() {
        let analysis = analysis(vec![result("a", 5e-12, Law::Exact)]);
        assert_eq!(first_stage(&analysis, TWO)[0].call, Call::Convicted);
        let many = Policy { cells: 100, ..TWO };
        assert_eq!(first_stage(&analysis, many)[0].call, Call::Grey);
    }

    #[test]
    fn the_second_stage_convicts_only_what_was_grey() {
        let analysis = analysis(vec![
            result("a", 1e-6, Law::Exact),
            result("b", 0.4, Law::Exact),
        ]);
        let suspicions = first_stage(&analysis, TWO);
        let fresh = [
            result("a", 1e-8, Law::Exact),
            result("b", 1e-20, Law::Exact),
        ];
        assert_eq!(second_stage(&analysis, &suspicions, &fresh), [(0, 1e-8)]);
        let clear = [result("a", 1e-6, Law::Exact)];
        assert!(second_stage(&analysis, &suspicions, &clear).is_empty());
    }

    /// Given roots are what they are: fresh roots would say nothing of them.
    #[test]
    fn what_is_grey_on_given_roots_alone_is_not_tested_again() {
        let mut grey = result("first-draws", 1e-6, Law::Exact);
        grey.given_roots = true;
        let analysis = analysis(vec![grey]);
        let suspicions = first_stage(&analysis, TWO);
        assert_eq!(suspicions.len(), 1);
        assert!(second_stage_tests(&analysis, &suspicions, statistics::tests()).is_empty());
        let fresh = [result("first-draws", 1e-20, Law::Exact)];
        assert!(second_stage(&analysis, &suspicions, &fresh).is_empty());
    }

    #[test]
    fn an_exact_test_of_the_same_finding_stands_in_for_an_asymptotic_one() {
        let analysis = analysis(vec![
            result("serial-pairs", 1e-6, Law::Asymptotic),
            result("bit-balance", 1e-6, Law::Exact),
        ]);
        let suspicions = first_stage(&analysis, TWO);
        let other_view = TestResult {
            view: View::Alone,
            ..result("bit-balance", 1e-20, Law::Exact)
        };
        let fresh = [
            result("serial-pairs", 1e-20, Law::Asymptotic),
            result("autocorrelation", 1e-20, Law::Exact),
            other_view,
            result("bit-balance", 0.4, Law::Exact),
        ];
        // Of another finding, or on a view that was not grey: neither counts.
        assert_eq!(counted(&analysis, &suspicions, &fresh).len(), 3);
        let [(1, p)] = second_stage(&analysis, &suspicions, &fresh)[..] else {
            panic!("{:?}", second_stage(&analysis, &suspicions, &fresh));
        };
        assert!((p / 3e-20 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_stated_bound_is_the_sum_of_both_stages() {
        assert!((TWO.false_alarm() - 6e-10).abs() < 1e-22);
        assert!(TWO.false_alarm() + JOINS <= 7e-10 * (1.0 + 1e-12));
        assert_eq!(Policy::ONE_CAPTURE.false_alarm(), 5e-10);
    }

    /// By hand: a cell's share, and p-values times the family of all cells.
    #[test]
    fn every_cell_has_its_share() {
        let many = Policy { cells: 8, ..TWO };
        assert!((8.0 * many.false_alarm() / 6e-10 - 1.0).abs() < 1e-12);
        let captures = Policy {
            cells: 8,
            two_stages: false,
        };
        assert!((8.0 * captures.false_alarm() / 5e-10 - 1.0).abs() < 1e-12);
        let grey = analysis(vec![result("a", 1e-6, Law::Exact)]);
        let found = first_stage(&grey, many);
        assert!((found[0].p / 8e-5 - 1.0).abs() < 1e-12, "{found:?}");
        // 10 · 8 · 1.25e-5 is 1e-3, and no longer grey.
        let clear = analysis(vec![result("a", 1.26e-5, Law::Exact)]);
        assert!(first_stage(&clear, many).is_empty());
        // Of one stage 10 · 8 · 6e-12 = 4.8e-10 convicts and 7e-12 does not.
        for (p, call) in [(6e-12, Call::Convicted), (7e-12, Call::Grey)] {
            let found = first_stage(&analysis(vec![result("a", p, Law::Exact)]), captures);
            assert_eq!(found[0].call, call, "{p}");
        }
    }
}
