//! How often sound evidence alarms: every p-value of every test, and the joins.
//!
//! Every evidence is analysed once, as an audit would, and each p-value is counted in the row it
//! belongs to. Rows are what a family counts: a p-value of a test on a view. The least of a test's
//! p-values, times their number, is a row too, and so is the least of all, times the family: that is
//! what a verdict rests on. Replicates are independent, so that counts are binomial, and intervals are
//! Clopper and Pearson's.

use serde::Serialize;

use super::{
    sound::{EvidenceShape, Values, mix},
    tally::{ALPHAS, Count, Statistic, Tally, tally},
};
use crate::{
    math::clopper_pearson,
    results::View,
    statistics::{self, StatisticalTest},
};

/// The probability that the table accuses any sound test, at most: each lower end of an interval takes
/// an equal share, whatever depends on what.
const TABLE_RISK: f64 = 1e-3;

const fn shape(runs: u32, tasks: u32, words: usize, values: Values) -> EvidenceShape {
    EvidenceShape {
        runs,
        tasks,
        words,
        values,
    }
}

/// Shapes as small as lets every test give each of its p-values somewhere.
pub const SHAPES: [EvidenceShape; 6] = [
    // Two runs, so that one task meets itself.
    shape(2, 8, 64, Values::Bits(64)),
    // Many short streams, of doubles.
    shape(1, 24, 16, Values::Bits(53)),
    // Words so narrow that eight and more must repeat.
    shape(1, 4, 72, Values::Bits(12)),
    shape(1, 4, 64, Values::Bits(7)),
    // Words enough for bytes, those of each stream too.
    shape(1, 2, 8192, Values::Bits(32)),
    // One list of a run, in which real numbers ought not to repeat.
    shape(1, 1, 512, Values::Reals),
];

/// How often one level was reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SizeLevel {
    /// The level.
    pub alpha: f64,
    /// Replicates with a p-value of at most α.
    pub alarms: u64,
    /// The interval of their share.
    pub interval: (f64, f64),
    /// Whether the interval reaches down to α: anything above it is a broken test.
    pub holds: bool,
}

/// One row of the table: one p-value on one shape of evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SizeRow {
    /// The test; `None` for all of them together.
    pub test: Option<&'static str>,
    /// Which of its p-values.
    pub statistic: Statistic,
    /// What it read, where it is a single one's.
    pub view: Option<View>,
    /// Replicates in which there was such a p-value; in the others there was nothing to alarm.
    pub given: u64,
    /// Level by level.
    pub levels: Vec<SizeLevel>,
}

/// The rows of one shape of evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShapeSizes {
    /// The shape.
    pub shape: String,
    /// Sound evidences analysed.
    pub replicates: u64,
    /// In the order of the registry.
    pub rows: Vec<SizeRow>,
    /// Replicates in which a join found anything.
    pub chance_matches: u64,
    /// The bound that the joins state for that, the largest of any replicate.
    pub chance: f64,
}

/// How often sound evidence alarms.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SizeTable {
    /// Shape by shape.
    pub shapes: Vec<ShapeSizes>,
    /// The risk of each end of every interval.
    pub risk: f64,
    /// Tests that give no p-value in most replicates of every shape: their size was not seen.
    pub untested: Vec<&'static str>,
}

impl SizeTable {
    /// Whether every test was seen to hold its size, and no join met by chance.
    pub fn holds(&self) -> bool {
        self.untested.is_empty()
            && self.shapes.iter().all(|shape| {
                shape.chance_matches == 0
                    && shape
                        .rows
                        .iter()
                        .all(|row| row.levels.iter().all(|level| level.holds))
            })
    }

    /// Of every test (and of all together, last) and each of [`ALPHAS`], the row nearest to failing,
    /// with its shape.
    pub fn nearest(&self) -> Vec<[(&ShapeSizes, &SizeRow, SizeLevel); ALPHAS.len()]> {
        statistics::tests()
            .map(|test| Some(test.spec().id))
            .chain([None])
            .filter_map(|test| {
                let rows: Vec<(&ShapeSizes, &SizeRow)> = self
                    .shapes
                    .iter()
                    .flat_map(|shape| shape.rows.iter().map(move |row| (shape, row)))
                    .filter(|(_, row)| row.test == test)
                    .collect();
                let nearest = |at: usize| {
                    let level = |row: &SizeRow| row.levels[at];
                    rows.iter()
                        .map(|&(shape, row)| (shape, row, level(row)))
                        .max_by(|(_, _, a), (_, _, b)| {
                            (a.interval.0, a.alarms)
                                .partial_cmp(&(b.interval.0, b.alarms))
                                .expect("the ends of intervals are numbers")
                        })
                };
                (!rows.is_empty())
                    .then(|| std::array::from_fn(|at| nearest(at).expect("there is a row")))
            })
            .collect()
    }
}

/// Analyses so many sound evidences of every shape. `told` hears of each shape before it starts.
pub fn sizes(replicates: u32, seed: u64, told: &mut dyn FnMut(&EvidenceShape)) -> SizeTable {
    let tallies: Vec<(EvidenceShape, Tally)> = SHAPES
        .into_iter()
        .enumerate()
        .map(|(index, shape)| {
            told(&shape);
            (
                shape,
                tally(&shape, replicates, mix(seed) ^ mix(index as u64)),
            )
        })
        .collect();
    table(tallies, replicates)
}

/// The table of what was counted.
fn table(tallies: Vec<(EvidenceShape, Tally)>, replicates: u32) -> SizeTable {
    let trials = u64::from(replicates);
    let rows: usize = tallies.iter().map(|(_, tally)| tally.len()).sum();
    let risk = TABLE_RISK / (rows * ALPHAS.len()).max(1) as f64;
    let tests: Vec<&dyn StatisticalTest> = statistics::tests().collect();
    let untested = (0..tests.len())
        .filter(|&test| {
            let most = tallies.iter().map(|(_, tally)| tally.given(test)).max();
            2 * most.unwrap_or(0) <= trials
        })
        .map(|test| tests[test].spec().id)
        .collect();
    let shapes = tallies
        .into_iter()
        .map(|(shape, tally)| ShapeSizes {
            shape: shape.to_string(),
            replicates: trials,
            chance_matches: tally.chance_matches,
            chance: tally.chance,
            rows: tally.rows().map(|count| row(count, trials, risk)).collect(),
        })
        .collect();
    SizeTable {
        shapes,
        risk,
        untested,
    }
}

fn row(count: Count, trials: u64, risk: f64) -> SizeRow {
    SizeRow {
        test: statistics::tests()
            .nth(count.key.test)
            .map(|test| test.spec().id),
        statistic: count.key.statistic,
        view: count.key.view,
        given: count.given,
        levels: ALPHAS
            .into_iter()
            .zip(count.alarms)
            .map(|(alpha, alarms)| level(alpha, alarms, trials, risk))
            .collect(),
    }
}

fn level(alpha: f64, alarms: u64, trials: u64, risk: f64) -> SizeLevel {
    let interval = clopper_pearson(alarms, trials, risk);
    SizeLevel {
        alpha,
        alarms,
        interval,
        holds: interval.0 <= alpha,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        results::{Analysis, Outcome, TestResult},
        vocabulary::{Law, PValue},
    };

    fn result(test: &str, view: View, p: f64) -> TestResult {
        let outcome = Outcome::Tested {
            p: PValue::upper_only(p).unwrap(),
            law: Law::Exact,
            statistic: 0.0,
            expected: 0.0,
        };
        TestResult::new(test, view, outcome)
    }

    fn analysis(tests: Vec<TestResult>) -> Analysis {
        Analysis {
            family: tests.len() as u64,
            tests,
            ..Analysis::default()
        }
    }

    /// The table of one shape, of so many replicates with these results each.
    fn of(replicates: u32, results: impl Fn(u32) -> Vec<TestResult>) -> SizeTable {
        let mut tally = Tally::default();
        for replicate in 0..replicates {
            tally.add(&analysis(results(replicate)));
        }
        table(vec![(SHAPES[0], tally)], replicates)
    }

    #[test]
    fn every_p_value_has_a_row_and_so_has_the_least() {
        let table = of(100, |i| {
            vec![
                result("bit-balance", View::Alone, f64::from(i + 1) / 100.0),
                result("bit-balance", View::Interleaved, 1.0),
                result("collisions", View::Interleaved, 0.004),
            ]
        });
        let rows: Vec<(Option<&str>, Statistic, u64)> = table.shapes[0]
            .rows
            .iter()
            .map(|row| (row.test, row.statistic, row.levels[1].alarms))
            .collect();
        // At 0.1; twice the least of bit-balance, and three times 0.004.
        assert_eq!(
            rows,
            [
                (Some("bit-balance"), Statistic::Own, 10),
                (Some("bit-balance"), Statistic::Own, 0),
                (Some("bit-balance"), Statistic::LeastOfTest, 5),
                (Some("collisions"), Statistic::Own, 100),
                (None, Statistic::LeastOfAll, 100),
            ]
        );
        assert!(!table.holds(), "collisions are always at 0.004");
    }

    #[test]
    fn a_test_that_rejects_twice_too_often_is_seen() {
        let uniform = |times: f64| {
            of(20_000, |i| {
                let p = (f64::from(i) + 0.5) / 20_000.0;
                statistics::tests()
                    .map(|test| result(test.spec().id, View::Alone, (p / times).min(1.0)))
                    .collect()
            })
        };
        assert!(uniform(1.0).holds());
        assert!(!uniform(2.0).holds());
    }

    #[test]
    fn a_test_that_says_nothing_was_not_tested() {
        let table = of(10, |i| {
            let mut results = vec![result("bit-balance", View::Alone, 0.5)];
            if i < 5 {
                results.push(result("collisions", View::Interleaved, 0.5));
            }
            results
        });
        assert!(!table.untested.contains(&"bit-balance"));
        assert!(table.untested.contains(&"collisions"));
        assert!(!table.holds());
    }

    #[test]
    fn sizes_hold_on_a_short_run() {
        let table = sizes(300, 11, &mut |_| {});
        assert!(table.holds(), "{table:#?}");
    }

    #[test]
    fn the_table_does_not_depend_on_the_order_of_work() {
        let alone = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        let one = alone.install(|| sizes(12, 5, &mut |_| {}));
        let many = sizes(12, 5, &mut |_| {});
        assert_eq!(one.shapes[0].rows, many.shapes[0].rows);
        assert_eq!(one.untested, many.untested);
    }
}
