//! The report's model and its schema number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    census::Census,
    harness::Costs,
    horizon::Limit,
    results::{Analysis, Duplicates, TestResult},
    verdict::Judgement,
    vocabulary::{BackendKind, Format, RunInfo, Site, StreamId},
};

pub use crate::harness::throughput::{Measurement, StrategyCost, Yardstick};

/// The number of this report format. It grows with every change that a reader must know of.
pub const SCHEMA: u32 = 2;

/// Everything one invocation found out. `report.json` is this value; all else is rendered from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The format's number, [`SCHEMA`].
    pub schema: u32,
    /// `run`, `audit`, `check` …
    pub command: String,
    /// The arguments that reproduce it.
    pub arguments: Vec<String>,
    /// When it was made, in nanoseconds since the Unix epoch.
    pub created_unix_ns: u64,
    /// Where it was made, and with what.
    pub machine: Machine,
    /// The sizes that were planned; `None` in an audit.
    pub plan: Option<PlanSummary>,
    /// `sound`, `unsound`, `inconclusive` in an audit; `as-declared` or `not-as-declared` in a run.
    pub verdict: String,
    /// Findings of an audit, also inside the cells; gravest first.
    pub findings: Vec<crate::verdict::Finding>,
    /// One row a strategy and backend, or the one row of an audit.
    pub cells: Vec<CellReport>,
    /// The yardstick generator, measured in this run.
    pub yardstick: Option<Yardstick>,
    /// Cost of strategies, measured in this run.
    pub costs: Vec<StrategyCost>,
    /// How far strategies carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub horizons: Vec<StrategyHorizon>,
    /// Wide evidence: how many different streams strategies start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub censuses: Vec<StrategyCensus>,
    /// The probability that the whole report holds a false alarm.
    pub false_alarm: f64,
    /// The exit code.
    pub exit_code: u8,
    /// What could not be read of an audited capture or program, one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
    /// What was left out: of an audited capture since it holds no numbers, or to keep the file within
    /// its bound; one line each, empty nearly always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trimmed: Vec<String>,
}

impl Report {
    /// Whether everything in it derives from one root: an audit has none.
    #[cfg(feature = "cli")]
    pub(crate) fn has_root(&self) -> bool {
        self.command != "audit"
    }

    /// The same without rows, horizons and censuses, to be filled with some of them.
    #[cfg(feature = "cli")]
    pub(crate) fn clone_without_cells(&self) -> Self {
        Self {
            cells: Vec::new(),
            horizons: Vec::new(),
            censuses: Vec::new(),
            costs: Vec::new(),
            findings: Vec::new(),
            arguments: Vec::new(),
            problems: Vec::new(),
            trimmed: Vec::new(),
            command: self.command.clone(),
            machine: self.machine.clone(),
            plan: self.plan.clone(),
            verdict: self.verdict.clone(),
            yardstick: self.yardstick.clone(),
            ..*self
        }
    }
}

/// How far a strategy carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrategyHorizon {
    /// The strategy's id.
    pub id: String,
    /// Words that one stream draws.
    pub words: f64,
    /// One point a risk, smallest risk first.
    pub limits: Vec<Limit>,
}

/// What a census of a strategy found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrategyCensus {
    /// The strategy's id.
    pub id: String,
    /// What was counted.
    pub census: Census,
}

/// The machine and the versions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Machine {
    /// Operating system and architecture.
    pub platform: String,
    /// The processor's name, where it can be read.
    pub cpu: Option<String>,
    /// Logical processors available to this process.
    pub cores: u32,
    /// Bytes of memory this process may use: the machine's, or its control group's limit.
    pub memory_bytes: Option<u64>,
    /// seedbench's version.
    pub seedbench: String,
    /// The compiler that built it.
    pub rustc: String,
    /// The versions of the crates whose generators and statistics the figures rest on.
    #[serde(default)]
    pub crates: BTreeMap<String, String>,
}

/// The sizes of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlanSummary {
    /// `standard`, `quick` or `custom`.
    pub name: String,
    /// Workers of every launch.
    pub workers: u32,
    /// Tasks of every launch.
    pub tasks: u32,
    /// Words of every task.
    pub words: u32,
    /// Fresh runs.
    pub fresh_runs: u32,
    /// The given roots of the rooted group, as seeds are written.
    pub rooted: Vec<crate::vocabulary::RootSeed>,
    /// The root from which everything not drawn from the system is derived.
    pub root: crate::vocabulary::RootSeed,
}

/// One row: a strategy on a backend, or an audited program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CellReport {
    /// `rule/generator`, or the audited program's name.
    pub id: String,
    /// The backend; `None` in an audit.
    pub backend: Option<BackendKind>,
    /// What happened.
    pub outcome: CellOutcome,
}

impl CellReport {
    /// The row of this strategy or program.
    pub fn new(id: impl Into<String>, backend: Option<BackendKind>, outcome: CellOutcome) -> Self {
        Self {
            id: id.into(),
            backend,
            outcome,
        }
    }
}

/// Whether the cell gave evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CellOutcome {
    /// It did.
    Judged(Box<CellResult>),
    /// The plan makes no sense here.
    Unsupported {
        /// Why.
        reason: String,
        /// The nearest thing that works.
        instead: String,
    },
    /// It could not run.
    Failed {
        /// What went wrong, in one line.
        error: String,
    },
}

/// What a cell's evidence says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CellResult {
    /// Verdict, findings, promises.
    pub judgement: Judgement,
    /// Joins and tests.
    pub analysis: Analysis,
    /// What the elements look like.
    pub format: Format,
    /// Runs and their roots.
    pub runs: Vec<RunInfo>,
    /// Hash of every run's words.
    pub digests: Vec<String>,
    /// The sites of the first run's tasks; at most 1,024.
    #[serde(with = "super::sites")]
    pub sites: Vec<Site>,
    /// What each run's launch took.
    pub costs: Vec<Costs>,
    /// Task × task duplicates of the first fresh run.
    pub heatmap: Option<Heatmap>,
    /// Inflation of the pooled χ² by duplicates, Σm² / Σm.
    pub chi_square_inflation: f64,
    /// Duplicates of single elements within the fresh group.
    pub duplicates: Option<Duplicates>,
    /// The second stage, where one ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_stage: Option<SecondStage>,
    /// Names of streams where they have other names than run and task (files, ranks).
    pub names: Vec<(StreamId, String)>,
    /// The backend of an earlier row of the strategy that drew bit for bit the same words, told by
    /// the digests of all runs: they were analysed once, for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_words_as: Option<BackendKind>,
}

impl CellResult {
    /// What was judged and why, of elements of this format; nothing is said yet of runs, sites and costs.
    pub fn new(judgement: Judgement, analysis: Analysis, format: Format) -> Self {
        Self {
            judgement,
            duplicates: analysis.joins.duplicates.clone(),
            analysis,
            format,
            runs: Vec::new(),
            digests: Vec::new(),
            sites: Vec::new(),
            costs: Vec::new(),
            heatmap: None,
            chi_square_inflation: 1.0,
            second_stage: None,
            names: Vec::new(),
            same_words_as: None,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What was grey at first, tested again on fresh evidence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SecondStage {
    /// How many results were grey.
    pub grey: u64,
    /// The fresh runs, each from a root of its own that the first stage has not seen.
    pub runs: Vec<RunInfo>,
    /// Streams of the fresh evidence.
    pub streams: u64,
    /// Words of each: four times those of the first stage.
    pub words_per_stream: u64,
    /// Base roots, other than those of the first stage, from which the seed was walked once more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub walk_bases: u32,
    /// The results that count.
    pub tests: Vec<TestResult>,
    /// The smallest p-value among them, times their number.
    pub p: Option<f64>,
}

/// Share of equal words between pairs of tasks, in square blocks of tasks: sparse, upper half.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heatmap {
    /// How many tasks the axes have.
    pub tasks: u32,
    /// How many tasks one block spans on each axis; the last block may be smaller.
    pub tasks_per_block: u32,
    /// (block, first and last of a row of blocks at or after it, the largest share of the words of
    /// one task that occur in another among each block's pairs of different tasks). Neighbours with
    /// one share are one span; blocks without duplicates are absent.
    pub spans: Vec<(u32, u32, u32, f64)>,
}

impl Heatmap {
    /// Blocks on an axis, at most.
    pub const MAX_BLOCKS: u32 = 128;

    /// The heatmap of `tasks` tasks from pairs of different tasks and the share of their words
    /// that are equal. A pair may be given in any order and more than once: the largest share counts.
    pub fn from_pairs(tasks: u32, pairs: impl IntoIterator<Item = (u32, u32, f64)>) -> Self {
        Self::in_blocks(tasks, tasks.div_ceil(Self::MAX_BLOCKS), pairs)
    }

    /// The same with so many tasks to a block.
    pub fn in_blocks(
        tasks: u32,
        tasks_per_block: u32,
        pairs: impl IntoIterator<Item = (u32, u32, f64)>,
    ) -> Self {
        let tasks_per_block = tasks_per_block.max(1);
        let mut blocks = BTreeMap::new();
        for (a, b, share) in pairs {
            let block = (a.min(b) / tasks_per_block, a.max(b) / tasks_per_block);
            let largest: &mut f64 = blocks.entry(block).or_insert(0.0);
            // Three decimals are more than a picture shows, and keep the file small.
            *largest = largest.max((share * 1e3).ceil() / 1e3);
        }
        let mut spans: Vec<(u32, u32, u32, f64)> = Vec::new();
        for ((row, column), share) in blocks {
            match spans.last_mut() {
                Some((last_row, _, last, same))
                    if *last_row == row && *last + 1 == column && *same == share =>
                {
                    *last = column;
                }
                _ => spans.push((row, column, column, share)),
            }
        }
        Self {
            tasks,
            tasks_per_block,
            spans,
        }
    }

    /// How many blocks an axis has.
    pub fn side(&self) -> u32 {
        self.tasks.div_ceil(self.tasks_per_block.max(1))
    }
}
