//! The committed baseline: of every row, what must not get worse, and nothing that depends on the
//! machine or the day.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::{
    core::RootSeed,
    judge::{AsDeclared, Measured, Severity, Verdict},
    report::{CellOutcome, CellReport, Report, StrategyCost},
    strategies::Promise,
};

/// The number of this file format.
pub const BASELINE_SCHEMA: u32 = 1;

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
    pub rows: Vec<Row>,
}

/// What must not get worse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// `strategy @ backend`, or the name of an audited target.
    pub name: String,
    /// The verdict; `None` where the cell is unsupported here.
    pub verdict: Option<Verdict>,
    /// Whether it was the declared one.
    pub as_declared: Option<AsDeclared>,
    /// Promises that were made and held.
    pub held: BTreeSet<Promise>,
    /// Finding ids of warnings and errors.
    pub findings: BTreeSet<String>,
    /// Bits of seed entropy, declared or certified.
    pub seed_bits: Option<f64>,
    /// The largest number of streams at a risk of one in a million.
    pub horizon: Option<f64>,
    /// Cost of a draw as a multiple of the yardstick's.
    pub throughput: Option<Throughput>,
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
    /// The baseline that a report would leave.
    pub fn of(report: &Report, revision: Option<String>, limits: impl Fn(&str) -> Limits) -> Self {
        Self {
            schema: BASELINE_SCHEMA,
            seedbench: report.machine.seedbench.clone(),
            revision,
            plan: report.plan.as_ref().map_or_else(
                || "audit".into(),
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
            ),
            root: report.plan.as_ref().map(|plan| plan.root),
            rows: report
                .cells
                .iter()
                .map(|cell| Row::of(cell, &report.costs, limits(&cell.id)))
                .collect(),
        }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// When there is none, or it is not one of this version; never a misread one.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => BaselineError::Missing {
                path: shown.clone(),
            },
            _ => BaselineError::Io {
                what: "read",
                path: shown.clone(),
                source,
            },
        })?;
        Self::parse(&text, &shown)
    }

    fn parse(text: &str, path: &str) -> Result<Self, BaselineError> {
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
        serde_json::from_value(value).map_err(|error| corrupt(error.to_string()))
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
        let mut aside =
            tempfile::NamedTempFile::new_in(dir).map_err(|source| failed("write", source))?;
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

impl Row {
    fn of(cell: &CellReport, costs: &[StrategyCost], limits: Limits) -> Self {
        let name = match cell.backend {
            Some(backend) => format!("{} @ {backend}", cell.id),
            None => cell.id.clone(),
        };
        let throughput = costs.iter().find(|cost| cost.id == cell.id).map(|cost| {
            let scale = cost.draw_ratio / cost.draw.median;
            Throughput {
                ratio: cost.draw_ratio,
                low: cost.draw.interval.0 * scale,
                high: cost.draw.interval.1 * scale,
            }
        });
        let mut row = Self {
            name,
            verdict: None,
            as_declared: None,
            held: BTreeSet::new(),
            findings: BTreeSet::new(),
            seed_bits: limits.seed_bits,
            horizon: limits.horizon,
            throughput,
        };
        if let CellOutcome::Judged(result) = &cell.outcome {
            let judgement = &result.judgement;
            row.verdict = Some(judgement.verdict);
            row.as_declared = judgement.as_declared;
            row.held = judgement
                .promises
                .iter()
                .filter(|promise| promise.promised && promise.measured == Measured::Held)
                .map(|promise| promise.promise)
                .collect();
            row.findings = judgement
                .findings
                .iter()
                .filter(|finding| finding.severity > Severity::Note)
                .map(|finding| finding.rule.clone())
                .collect();
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Baseline {
        Baseline {
            schema: BASELINE_SCHEMA,
            seedbench: "0.1.0".into(),
            revision: None,
            plan: "8 tasks".into(),
            root: None,
            rows: Vec::new(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/baseline.json");
        small().write(&path).unwrap();
        assert_eq!(Baseline::read(&path).unwrap(), small());
        let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing is left aside");
    }

    #[test]
    fn truncated_older_and_newer_baselines_are_refused_with_the_reason() {
        let text = serde_json::to_string(&small()).unwrap();
        let refused = |text: &str| Baseline::parse(text, "b.json").unwrap_err().to_string();
        assert!(refused(&text[..text.len() / 2]).contains("is no baseline"));
        assert!(refused("{}").contains("no `schema`"));
        assert!(refused(&text.replace("\"schema\":1", "\"schema\":0")).contains("save a new one"));
        assert!(refused(&text.replace("\"schema\":1", "\"schema\":9")).contains("newer one"));
        assert!(refused(&text.replace("\"plan\"", "\"plam\"")).contains("is no baseline"));
    }

    #[test]
    fn an_unwritable_place_leaves_the_old_baseline() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("baseline.json");
        small().write(&path).unwrap();
        let blocked = path.join("below-a-file.json");
        assert!(small().write(&blocked).is_err());
        assert_eq!(Baseline::read(&path).unwrap(), small());
    }
}
