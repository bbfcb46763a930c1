//! `seedbench compare`: two reports or baselines, side by side.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde::{Deserialize, de::IgnoredAny};

use super::{Failure, Output, exit};
use crate::{
    gate::{Baseline, Comparison, Policy, Speed, compare, limits_of},
    record::{self, CheckReport},
    report::{check_text, numbers},
};

/// Files beyond this are not read: they can be neither report nor baseline.
const MAX_READ_BYTES: u64 = 64 << 20;

/// Say what differs between two reports or baselines: what, was, is, since which revision
///
/// Each file is a report (report.json of `run`, `audit` or `check`) or a baseline; the first is held
/// to be the older one. Ends with 0 when nothing got worse and with 11 when something did:
///
///   seedbench compare reports/baseline.json reports/latest/report.json
///   seedbench compare old/report.json new/report.json --slower-than 1.2
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct CompareArgs {
    /// What was
    #[arg(value_name = "A.json")]
    was: PathBuf,
    /// What is
    #[arg(value_name = "B.json")]
    is: PathBuf,
    /// Compare costs too: worse is a ratio to the yardstick this much larger, beyond both intervals
    #[arg(long, value_name = "FACTOR", value_parser = factor)]
    slower_than: Option<f64>,
    /// Print the differences as JSON
    #[arg(long)]
    json: bool,
}

fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor.is_finite() && factor >= 1.0 => Ok(factor),
        _ => Err("give a factor of at least 1, as in 1.2".into()),
    }
}

impl CompareArgs {
    /// Prints the table.
    ///
    /// # Errors
    /// When a file is neither report nor baseline.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let was = read(&self.was)?;
        let mut is = read(&self.is)?;
        // Two audits are compared whatever the programs are called.
        if let ([old], [new]) = (was.rows.as_slice(), is.rows.as_mut_slice())
            && old.claim.is_none()
            && new.claim.is_none()
        {
            new.name.clone_from(&old.name);
        }
        let speed = self.slower_than.map(|slower_than| Speed { slower_than });
        let comparison = compare(&was, &is, speed, |_| true);
        let text = if self.json {
            let json = serde_json::json!({
                "was": { "file": self.was, "revision": was.revision, "plan": was.plan },
                "is": { "file": self.is, "revision": is.revision, "plan": is.plan },
                "changes": comparison.changes,
                "new": comparison.new,
                "worse": comparison.regressed(),
            });
            format!("{json:#}\n")
        } else {
            table(&was, &is, &comparison)
        };
        if !output.quiet || self.json {
            output.print(&text)?;
        }
        Ok(if comparison.regressed() {
            exit::REGRESSION
        } else {
            exit::OK
        })
    }
}

fn table(was: &Baseline, is: &Baseline, comparison: &Comparison) -> String {
    let mut text = String::new();
    if let Some((was, is)) = &comparison.other_plan {
        text.push_str(&format!(
            "the plans differ, so that rows say different things: was {was}; is {is}\n"
        ));
    }
    if comparison.changes.is_empty() {
        text.push_str("nothing differs\n");
    } else {
        let since = match &was.revision {
            Some(revision) => format!("saved at {revision}"),
            None => format!("saved by seedbench {}", was.seedbench),
        };
        text.push_str(&check_text::changes(&comparison.changes, &since));
    }
    if !comparison.new.is_empty() {
        text.push_str(&format!("new rows: {}\n", comparison.new.join(", ")));
    }
    let worse = comparison
        .changes
        .iter()
        .filter(|change| change.worse)
        .count();
    text.push_str(&format!(
        "{}, {}, {worse} for the worse\n",
        numbers::counted(is.rows.len() as u64, "row"),
        numbers::counted(comparison.changes.len() as u64, "difference")
    ));
    text
}

/// A baseline, or the one that a report would leave.
fn read(path: &Path) -> anyhow::Result<Baseline> {
    #[derive(Deserialize)]
    struct SavedShape {
        rows: Option<IgnoredAny>,
        cells: Option<IgnoredAny>,
        check: Option<IgnoredAny>,
    }
    let shown = path.display().to_string();
    let bad = |problem: String| Failure::bad_data(format!("failed to read {shown}: {problem}"));
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(MAX_READ_BYTES).read_to_string(&mut text))
        .map_err(|error| bad(error.to_string()))?;
    let shape: SavedShape = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
    match shape {
        SavedShape {
            cells: Some(_),
            check,
            ..
        } => {
            let report = record::json::from_bytes(text.as_bytes())
                .map_err(|error| bad(error.to_string()))?;
            let revision = match check {
                Some(_) => {
                    serde_json::from_str::<CheckReport>(&text)
                        .map_err(|error| bad(error.to_string()))?
                        .check
                        .revision
                }
                None => None,
            };
            let streams = report.plan.as_ref().map(|plan| (plan.tasks, plan.words));
            Ok(Baseline::of(
                &report,
                revision,
                &Policy::catalogue(),
                |_| "",
                |id| limits_of(id, streams),
            ))
        }
        SavedShape { rows: Some(_), .. } => Baseline::parse(&text, &shown)
            .map_err(|error| Failure::bad_data(error.to_string()))
            .with_context(|| format!("failed to read {shown}")),
        _ => Err(bad(
            "it is neither a report (`cells`) nor a baseline (`rows`)".into(),
        )),
    }
}
