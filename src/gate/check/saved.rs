//! The baseline that a check reads and saves.

use std::path::{Path, PathBuf};

use super::{CheckError, CheckRequest, Checked, PolicySource, shown};
use crate::{
    audit::Watcher,
    capture::one_line,
    gate::{self, Baseline, BaselineError},
    record::{RowStatus, exit},
};

impl CheckRequest {
    /// Where the baseline is looked for.
    pub(super) fn baseline_path(&self) -> PathBuf {
        self.baseline.as_ref().map_or_else(
            || self.source.folder().join(&self.source.policy.baseline),
            |named| named_baseline(&self.source, named),
        )
    }

    /// The baseline, if there is one; refused where it is of another plan.
    pub(super) fn read_baseline(
        &self,
        path: &Path,
        plan: &str,
        watcher: &mut dyn Watcher,
    ) -> Result<Option<Baseline>, CheckError> {
        let baseline = match Baseline::read(path) {
            Ok(baseline) => baseline,
            Err(error @ BaselineError::Missing { .. }) => {
                if self.baseline.is_some() && !self.saves {
                    return Err(CheckError::new(exit::NO_BASELINE, error.to_string()));
                }
                return Ok(None);
            }
            Err(error) if self.saves => {
                watcher.remark(&format!("nothing is compared: {error}"));
                return Ok(None);
            }
            Err(error) => return Err(CheckError::bad_data(one_line(&error))),
        };
        // Audited rows have sizes of their own: a check of nothing else compares with any plan.
        if baseline.plan == plan || plan == gate::plan_words(None) {
            return Ok(Some(baseline));
        }
        let problem = format!(
            "{} is of another plan ({}; this check: {plan})",
            path.display(),
            baseline.plan
        );
        if self.saves {
            watcher.remark(&format!("nothing is compared: {problem}"));
            return Ok(None);
        }
        Err(CheckError::bad_data(format!(
            "{problem}; choose the profile it was saved with, or save one for this profile with \
             --save-baseline NAME"
        )))
    }
}

impl Checked {
    /// Saves what was found as the baseline, under a name or in a file, or where it is looked for if the name is
    /// empty; returns where.
    ///
    /// # Errors
    /// When a row has no result, or only some were run, or the file cannot be written.
    pub fn save(&self, request: &CheckRequest, named: &str) -> Result<PathBuf, CheckError> {
        let unfinished = self
            .report
            .check
            .rows
            .iter()
            .find(|row| matches!(row.status, RowStatus::NotReached | RowStatus::Errored));
        let path = if named.is_empty() {
            self.baseline_path.clone()
        } else {
            named_baseline(&request.source, named)
        };
        if let Some(row) = unfinished {
            return Err(CheckError::new(
                self.report.report.exit_code,
                format!(
                    "{} is not saved: {} has no result; the old one is untouched",
                    shown(&path),
                    row.name
                ),
            ));
        }
        if request.only.is_some() {
            return Err(CheckError::usage(
                "a baseline holds every row: save it without --only",
            ));
        }
        self.current
            .write(&path)
            .map_err(|error| CheckError::usage(one_line(&error)))?;
        Ok(path)
    }
}

/// A name is a file in the policy's reports folder; anything with a folder or extension is a path.
fn named_baseline(source: &PolicySource, named: &str) -> PathBuf {
    let path = Path::new(named);
    if path.components().count() > 1 || path.extension().is_some() {
        path.to_owned()
    } else {
        source
            .folder()
            .join("reports")
            .join(format!("{named}.json"))
    }
}
