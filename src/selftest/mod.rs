//! seedbench tested by itself: how often it alarms on sound streams, and whether it catches and names
//! every kind of flaw it claims to.

mod flaws;

pub use flaws::{FLAWS, Planted, sound};

use serde::Serialize;

use crate::{
    battery::{
        ALL, Analysis, Depth, Outcome,
        analyze::{self, AnalyzeOptions},
        join::JoinArena,
    },
    core::Evidence,
    diagnosis::Context,
    judge::{Aim, Case, Demands, Expect, Judgement, Policy, Severity, Verdict, judge},
};

/// How much is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfTestOptions {
    /// Sound evidences given to every test.
    pub null_replicates: u32,
    /// Sound evidences given a whole verdict.
    pub null_verdicts: u32,
    /// Evidences of every planted flaw.
    pub flawed_replicates: u32,
    /// The seed from which all of them derive.
    pub seed: u64,
}

impl Default for SelfTestOptions {
    fn default() -> Self {
        Self {
            null_replicates: 200,
            null_verdicts: 50,
            flawed_replicates: 3,
            seed: 1,
        }
    }
}

/// How often a test gives p ≤ α on sound streams.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SizeRow {
    /// The test.
    pub test: String,
    /// The level.
    pub alpha: f64,
    /// p-values computed.
    pub trials: u64,
    /// How many were at most α.
    pub alarms: u64,
    /// The 95 % interval of the rate (Clopper–Pearson).
    pub interval: (f64, f64),
    /// Whether the interval reaches down to α: anything above it is a broken test.
    pub holds: bool,
}

/// Whether a planted flaw is caught.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PowerRow {
    /// What was planted.
    pub flaw: String,
    /// Findings of which one must convict.
    pub caught_by: Vec<String>,
    /// Evidences judged.
    pub trials: u64,
    /// How many were called unsound by one of those findings.
    pub caught: u64,
    /// Bytes of evidence that were looked at in the last one.
    pub bytes: u64,
    /// The findings of the last one.
    pub findings: Vec<String>,
}

/// What the self-test found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelfTest {
    /// Size, test by test and level by level.
    pub size: Vec<SizeRow>,
    /// Whole verdicts on sound streams, and how many of them were not *sound*.
    pub null_verdicts: (u64, u64),
    /// Power, flaw by flaw.
    pub power: Vec<PowerRow>,
}

impl SelfTest {
    /// Whether every test holds its size, no sound stream was accused, and every flaw was caught.
    pub fn passes(&self) -> bool {
        self.size.iter().all(|row| row.holds)
            && self.null_verdicts.1 == 0
            && self.power.iter().all(|row| row.caught == row.trials)
    }
}

/// The levels at which size is counted.
const ALPHAS: [f64; 2] = [0.01, 0.1];

/// Runs the self-test. Everything is derived from the seed: twice the same options give twice the
/// same table.
pub fn selftest(options: SelfTestOptions) -> SelfTest {
    SelfTest {
        size: size(options),
        null_verdicts: null_verdicts(options),
        power: power(options),
    }
}

/// The verdict of an audit of evidence in memory, under the default expectation.
pub fn verdict(evidence: &Evidence, depth: Depth) -> (Analysis, Judgement) {
    let options = AnalyzeOptions {
        depth,
        ..AnalyzeOptions::default()
    };
    let mut source = evidence;
    let analysis = match analyze::analyze(&mut source, options, &mut JoinArena::new()) {
        Ok(analysis) => analysis,
        Err(never) => match never {},
    };
    let judgement = judge(&Case {
        analysis: &analysis,
        format: evidence.format(),
        aim: Aim::Audit {
            expect: Expect::Default,
            labelled: true,
        },
        policy: Policy::ONE_CAPTURE,
        second: None,
        control: None,
        context: Context {
            runs: evidence.runs(),
            ..Context::default()
        },
        demands: Demands::default(),
    });
    (analysis, judgement)
}

fn size(options: SelfTestOptions) -> Vec<SizeRow> {
    let mut rows = Vec::new();
    for test in ALL {
        let mut p_values = Vec::new();
        for replicate in 0..options.null_replicates {
            let evidence = sound(options.seed ^ u64::from(replicate) << 20, 2, 16, 96);
            for result in test.run(&evidence) {
                if matches!(result.outcome, Outcome::Tested { .. }) {
                    p_values.extend(result.p());
                }
            }
        }
        for alpha in ALPHAS {
            let trials = p_values.len() as u64;
            let alarms = p_values.iter().filter(|&&p| p <= alpha).count() as u64;
            let interval = clopper_pearson(alarms, trials);
            rows.push(SizeRow {
                test: test.spec().id.to_owned(),
                alpha,
                trials,
                alarms,
                interval,
                holds: interval.0 <= alpha,
            });
        }
    }
    rows
}

/// The Clopper–Pearson interval at 99.9 %, by bisection on the exact binomial tails: wide enough
/// that a table of a hundred rows seldom accuses a sound test.
fn clopper_pearson(hits: u64, trials: u64) -> (f64, f64) {
    const HALF_RISK: f64 = 5e-4;
    let bisect = |too_low: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if too_low(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    };
    let tails = |p: f64| crate::math::binomial_tails(hits, trials, p);
    let low = if hits == 0 {
        0.0
    } else {
        bisect(&|p| tails(p).upper() < HALF_RISK)
    };
    let high = if hits == trials {
        1.0
    } else {
        bisect(&|p| tails(p).lower() > HALF_RISK)
    };
    (low, high)
}

fn null_verdicts(options: SelfTestOptions) -> (u64, u64) {
    let alarms = (0..options.null_verdicts)
        .filter(|&replicate| {
            let seed = options.seed ^ 0x5eed << 40 ^ u64::from(replicate);
            // Shapes from two streams of a few words to many streams.
            let shapes = [(1, 2, 64), (2, 8, 33), (3, 16, 256), (1, 200, 16)];
            let (runs, tasks, words) = shapes[replicate as usize % shapes.len()];
            let evidence = sound(seed, runs, tasks, words);
            verdict(&evidence, Depth::Full).1.verdict != Verdict::Sound
        })
        .count() as u64;
    (u64::from(options.null_verdicts), alarms)
}

fn power(options: SelfTestOptions) -> Vec<PowerRow> {
    FLAWS
        .iter()
        .map(|planted| {
            let mut row = PowerRow {
                flaw: planted.name.to_owned(),
                caught_by: planted.caught_by.iter().map(|&id| id.to_owned()).collect(),
                trials: 0,
                caught: 0,
                bytes: 0,
                findings: Vec::new(),
            };
            for replicate in 0..options.flawed_replicates {
                let evidence = (planted.build)(options.seed.wrapping_add(u64::from(replicate)));
                let (analysis, judgement) = verdict(&evidence, Depth::Full);
                row.trials += 1;
                row.caught += u64::from(planted.is_caught(&judgement));
                row.bytes = 8 * analysis.words_per_stream * analysis.streams;
                row.findings = judgement
                    .findings
                    .iter()
                    .filter(|finding| finding.severity > Severity::Note)
                    .map(|finding| finding.rule.clone())
                    .collect();
            }
            row
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clopper_pearson_matches_the_closed_form_at_the_ends() {
        // No hit in 100: 1 − 0.0005^(1/100).
        let (low, high) = clopper_pearson(0, 100);
        assert_eq!(low, 0.0);
        assert!((high - (1.0 - 5e-4_f64.powf(0.01))).abs() < 1e-9);
        let (low, high) = clopper_pearson(100, 100);
        assert!((low - 5e-4_f64.powf(0.01)).abs() < 1e-9);
        assert_eq!(high, 1.0);
    }
}
