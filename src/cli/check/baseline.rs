//! The baseline that a check reads and saves.

use std::path::{Path, PathBuf};

use super::{CheckArgs, request::PolicySource, shown};
use crate::{
    cli::{Failure, Output, exit, failure::one_line},
    gate::{self, Baseline, BaselineError},
    record::{CheckReport, RowStatus},
};

impl CheckArgs {
    pub(super) fn baseline_path(&self, source: &PolicySource) -> PathBuf {
        self.baseline.as_ref().map_or_else(
            || source.folder().join(&source.policy.baseline),
            |named| named_baseline(source, named),
        )
    }

    /// The baseline, if there is one; refused where it is of another plan.
    pub(super) fn read_baseline(
        &self,
        path: &Path,
        plan: &str,
        output: &Output,
    ) -> anyhow::Result<Option<Baseline>> {
        let saving = self.save_baseline.is_some();
        let baseline = match Baseline::read(path) {
            Ok(baseline) => baseline,
            Err(error @ BaselineError::Missing { .. }) => {
                if self.baseline.is_some() && !saving {
                    return Err(Failure::with_code(exit::NO_BASELINE, error.to_string()));
                }
                return Ok(None);
            }
            Err(error) if saving => {
                output.remark(&format!("nothing is compared: {error}"));
                return Ok(None);
            }
            Err(error) => {
                return Err(Failure::bad_data(one_line(&error.into())));
            }
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
        if saving {
            output.remark(&format!("nothing is compared: {problem}"));
            return Ok(None);
        }
        Err(Failure::bad_data(format!(
            "{problem}; choose the profile it was saved with, or save one for this profile with \
             --save-baseline NAME"
        )))
    }

    pub(super) fn save(
        &self,
        named: &str,
        source: &PolicySource,
        was_at: &Path,
        whole: &CheckReport,
        current: &Baseline,
        output: &Output,
    ) -> anyhow::Result<()> {
        let unfinished = whole
            .check
            .rows
            .iter()
            .find(|row| matches!(row.status, RowStatus::NotReached | RowStatus::Errored));
        let path = if named.is_empty() {
            was_at.to_owned()
        } else {
            named_baseline(source, named)
        };
        if let Some(row) = unfinished {
            return Err(Failure::with_code(
                whole.report.exit_code,
                format!(
                    "{} is not saved: {} has no result; the old one is untouched",
                    shown(&path),
                    row.name
                ),
            ));
        }
        if self.only.is_some() {
            return Err(Failure::usage(
                "a baseline holds every row: save it without --only",
            ));
        }
        current
            .write(&path)
            .map_err(|error| Failure::usage(one_line(&error.into())))?;
        output.remark(&format!("saved {}", shown(&path)));
        Ok(())
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
