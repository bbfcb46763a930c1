//! seedbench tested by itself: how often it alarms on sound streams, and whether it catches and names
//! every kind of flaw it claims to.

mod flaws;
mod gate;
mod size;
mod sound;
mod tally;
pub mod zoo;

pub use flaws::{PlantedFlaw, flaw, flaws};
pub use gate::{Refusals, refusals};
pub use size::{SHAPES, ShapeSizes, SizeLevel, SizeRow, SizeTable, sizes};
pub use sound::{EvidenceShape, Values, sound};
pub use tally::{ALPHAS, Statistic};

use serde::Serialize;

use crate::{
    analyze::{self, AnalyzeOptions},
    joins::JoinArena,
    results::{Analysis, Depth, FindingKind},
    verdict::{Aim, Case, Context, Demands, Expect, Judgement, Policy, Severity, Verdict, judge},
    vocabulary::Evidence,
};

/// How much is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfTestOptions {
    /// Sound evidences of every shape given to all joins and tests.
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
    /// Size, shape by shape, p-value by p-value and level by level.
    pub size: SizeTable,
    /// Whole verdicts on sound streams, and how many of them were not *sound*.
    pub null_verdicts: (u64, u64),
    /// Power, flaw by flaw.
    pub power: Vec<PowerRow>,
}

impl SelfTest {
    /// Whether every test holds its size, no sound stream was accused, and every flaw was caught.
    pub fn passes(&self) -> bool {
        self.size.holds()
            && self.null_verdicts.1 == 0
            && self.power.iter().all(|row| row.caught == row.trials)
    }
}

/// Runs the self-test. Everything is derived from the seed: twice the same options give twice the
/// same table. `told` hears of what is begun.
pub fn selftest(options: SelfTestOptions, told: &mut dyn FnMut(&str)) -> SelfTest {
    SelfTest {
        size: sizes(options.null_replicates, options.seed, &mut |shape| {
            told(&format!("sound evidence, {shape}"));
        }),
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
    let judgement = judged(&analysis, evidence);
    (analysis, judgement)
}

/// The verdict of an audit on what an analysis of this evidence found.
pub fn judged(analysis: &Analysis, evidence: &Evidence) -> Judgement {
    judge(&Case {
        analysis,
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
    })
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
    flaws()
        .map(|planted| {
            let mut row = PowerRow {
                flaw: planted.name.to_owned(),
                caught_by: planted
                    .caught_by
                    .iter()
                    .map(FindingKind::to_string)
                    .collect(),
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
                    .map(|finding| finding.rule.to_string())
                    .collect();
            }
            row
        })
        .collect()
}
