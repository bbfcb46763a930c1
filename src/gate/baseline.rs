//! The committed baseline: of every row, what must not get worse, and nothing that depends on the
//! machine or the day.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{policy::Policy, settle::settle};
use crate::{
    record::{CellOutcome, CellReport, PlanSummary, Report, StrategyCost},
    strategies::{self, Claim, Promise},
    verdict::{AsDeclared, Severity, Verdict},
    vocabulary::RootSeed,
};

/// The number of this file format.
pub const BASELINE_SCHEMA: u32 = 2;

/// Files beyond this are not read: they cannot be baselines.
const MAX_READ_BYTES: u64 = 16 << 20;

/// What a check is held against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The format's number, [`BASELINE_SCHEMA`].
    pub schema: u32,
    /// seedbench's version when it was saved.
    pub seedbench: String,
    /// The revision it was saved at, where one is known.
    pub revision: Option<String>,
    /// The plan's sizes in words: rows of different plans are not comparable.
    pub plan: String,
    /// The root it was measured from.
    pub root: Option<RootSeed>,
    /// One row a target, strategy and backend.
    pub rows: Vec<BaselineRow>,
}

/// What must not get worse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineRow {
    /// `strategy @ backend`, or the name of an audited target.
    pub name: String,
    /// What the strategy claims of itself on this backend; `None` in an audit.
    pub claim: Option<Claimed>,
    /// The verdict, after the policy; `None` where the cell is unsupported here.
    pub verdict: Option<Verdict>,
    /// Whether it was the declared one.
    pub as_declared: Option<AsDeclared>,
    /// Promises that were made and held.
    pub held: BTreeSet<Promise>,
    /// Warnings and errors by finding id.
    pub findings: BTreeMap<String, Severity>,
    /// Bits of seed entropy, declared or certified.
    pub seed_bits: Option<f64>,
    /// The largest number of streams at a risk of one in a million.
    pub horizon: Option<f64>,
    /// Cost of a draw as a multiple of the yardstick's.
    pub throughput: Option<Throughput>,
}

/// What a strategy claims of itself, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claimed {
    /// No test must refute it.
    Sound,
    /// Sound seeding of a generator that fails by itself.
    WeakGenerator,
    /// Known to be broken.
    Broken,
}

impl Claimed {
    /// The word used in comparisons.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::WeakGenerator => "weak generator",
            Self::Broken => "broken",
        }
    }
}

impl From<&Claim> for Claimed {
    fn from(claim: &Claim) -> Self {
        match claim {
            Claim::Sound => Self::Sound,
            Claim::WeakGenerator(_) => Self::WeakGenerator,
            Claim::Broken(_) => Self::Broken,
        }
    }
}

/// A ratio with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Throughput {
    /// Median cost of a draw over the yardstick's.
    pub ratio: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// There is none.
    #[error("there is no baseline at {path}; `seedbench check --save-baseline` writes one")]
    Missing {
        /// Where it was looked for.
        path: String,
    },
    /// The system refused.
    #[error("failed to {what} {path}")]
    Io {
        /// `read`, `write` …
        what: &'static str,
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It is no baseline.
    #[error("{path} is no baseline: {problem}")]
    Corrupt {
        /// The file.
        path: String,
        /// What is wrong, with line and column.
        problem: String,
    },
    /// It was written by another version.
    #[error("{path} has baseline schema {found}, and this version reads {expected}: {advice}")]
    Schema {
        /// The file.
        path: String,
        /// In the file.
        found: u64,
        /// Readable here.
        expected: u32,
        /// What to do.
        advice: &'static str,
    },
}

impl Baseline {
    /// The baseline that a report would leave. `target` names the policy's target of a row.
    pub fn of<'a>(
        report: &Report,
        revision: Option<String>,
        policy: &Policy,
        target: impl Fn(&str) -> &'a str,
        limits: impl Fn(&str) -> Limits,
    ) -> Self {
        Self {
            schema: BASELINE_SCHEMA,
            seedbench: report.machine.seedbench.clone(),
            revision,
            plan: plan_words(report.plan.as_ref()),
            root: report.plan.as_ref().map(|plan| plan.root),
            rows: report
                .cells
                .iter()
                .filter(|cell| !matches!(cell.outcome, CellOutcome::Failed { .. }))
                .map(|cell| {
                    let name = row_name(cell);
                    let target = target(&name);
                    BaselineRow::of(cell, name, target, policy, &report.costs, limits(&cell.id))
                })
                .collect(),
        }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// When there is none, or it is not one of this version; never a misread one.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let shown = path.display().to_string();
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => BaselineError::Missing {
                path: shown.clone(),
            },
            // Not text: nothing that the system refused.
            io::ErrorKind::InvalidData => BaselineError::Corrupt {
                path: shown.clone(),
                problem: source.to_string(),
            },
            _ => BaselineError::Io {
                what: "read",
                path: shown.clone(),
                source,
            },
        };
        let mut text = String::new();
        let file = std::fs::File::open(path).map_err(failed)?;
        let bytes = file
            .take(MAX_READ_BYTES + 1)
            .read_to_string(&mut text)
            .map_err(failed)?;
        if bytes as u64 > MAX_READ_BYTES {
            return Err(BaselineError::Corrupt {
                path: shown.clone(),
                problem: format!("it is larger than the {MAX_READ_BYTES} bytes any baseline has"),
            });
        }
        Self::parse(&text, &shown)
    }

    /// Reads a baseline's text; `path` is named in errors.
    ///
    /// # Errors
    /// As [`Baseline::read`].
    pub fn parse(text: &str, path: &str) -> Result<Self, BaselineError> {
        let corrupt = |problem: String| BaselineError::Corrupt {
            path: path.into(),
            problem,
        };
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| corrupt(error.to_string()))?;
        let found = value
            .get("schema")
            .and_then(serde_json::Value::as_u64)
            .ok_or_else(|| corrupt("it has no `schema` number".into()))?;
        if found != u64::from(BASELINE_SCHEMA) {
            return Err(BaselineError::Schema {
                path: path.into(),
                found,
                expected: BASELINE_SCHEMA,
                advice: if found > u64::from(BASELINE_SCHEMA) {
                    "use the seedbench that wrote it, or a newer one"
                } else {
                    "save a new one with `seedbench check --save-baseline`"
                },
            });
        }
        // From the text again, so that an error says line and column.
        let baseline: Self =
            serde_json::from_str(text).map_err(|error| corrupt(error.to_string()))?;
        let mut names = BTreeSet::new();
        match baseline.rows.iter().find(|row| !names.insert(&row.name)) {
            Some(twice) => Err(corrupt(format!("row `{}` is there twice", twice.name))),
            None => Ok(baseline),
        }
    }

    /// Writes the baseline aside and renames it, so that the old one is whole until the new one is.
    ///
    /// # Errors
    /// When the directory or file cannot be written; the old baseline is then untouched.
    pub fn write(&self, path: &Path) -> Result<(), BaselineError> {
        let failed = |what, source| BaselineError::Io {
            what,
            path: path.display().to_string(),
            source,
        };
        let dir = match path.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(dir).map_err(|source| failed("make the directory of", source))?;
        let mut builder = tempfile::Builder::new();
        // Temporary files are private by default; a baseline is as readable as any file of the user.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut aside = builder
            .prefix(".seedbench-")
            .tempfile_in(dir)
            .map_err(|source| failed("write", source))?;
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|error| failed("encode", io::Error::other(error)))?;
        text.push('\n');
        aside
            .write_all(text.as_bytes())
            .and_then(|()| aside.as_file().sync_all())
            .map_err(|source| failed("write", source))?;
        aside
            .persist(path)
            .map_err(|error| failed("replace", error.error))?;
        Ok(())
    }
}

/// What is known of a strategy beyond the cell's own evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Bits of seed entropy it declares.
    pub seed_bits: Option<f64>,
    /// Streams it carries at a risk of one in a million.
    pub horizon: Option<f64>,
}

/// A plan's sizes in words, or what stands for them in audits alone; rows of different plans are not
/// comparable.
pub fn plan_words(plan: Option<&PlanSummary>) -> String {
    plan.map_or_else(
        || "audits".into(),
        |plan| {
            format!(
                "{} tasks x {} words, {} fresh runs, {} rooted, {} workers",
                plan.tasks,
                plan.words,
                plan.fresh_runs,
                plan.rooted.len(),
                plan.workers
            )
        },
    )
}

/// `strategy @ backend`, or the name of an audited target.
pub fn row_name(cell: &CellReport) -> String {
    match cell.backend {
        Some(backend) => format!("{} @ {backend}", cell.id),
        None => cell.id.clone(),
    }
}

impl BaselineRow {
    fn of(
        cell: &CellReport,
        name: String,
        target: &str,
        policy: &Policy,
        costs: &[StrategyCost],
        limits: Limits,
    ) -> Self {
        let throughput = costs.iter().find(|cost| cost.id == cell.id).map(|cost| {
            let scale = cost.draw_ratio / cost.draw.median;
            Throughput {
                ratio: cost.draw_ratio,
                low: cost.draw.interval.0 * scale,
                high: cost.draw.interval.1 * scale,
            }
        });
        let claim = cell.backend.and_then(|backend| {
            let spec = strategies::find(&cell.id)?.spec();
            Some(Claimed::from(strategies::claim(spec, backend)))
        });
        let mut row = Self {
            name,
            claim,
            verdict: None,
            as_declared: None,
            held: BTreeSet::new(),
            findings: BTreeMap::new(),
            seed_bits: limits.seed_bits,
            horizon: limits.horizon,
            throughput,
        };
        if let CellOutcome::Judged(result) = &cell.outcome {
            let settled = settle(&result.judgement, target, policy);
            row.verdict = Some(settled.verdict);
            row.as_declared = settled.as_declared;
            row.findings = settled.by_rule();
            row.held = settled.held;
        }
        row
    }
}

#[cfg(test)]
mod tests;
