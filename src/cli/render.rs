//! `seedbench render report.json`: the page and the pictures again, from the data.

use std::path::PathBuf;

use super::{Failure, Output, exit};
use crate::report::{self, ReportError};

/// Render an existing report.json again: page and pictures
#[derive(clap::Args, Debug)]
pub struct RenderArgs {
    /// The report
    report: PathBuf,
    /// Where page and pictures go; beside the report if not given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl RenderArgs {
    /// Renders and says what was written.
    ///
    /// # Errors
    /// When the file is no report of this schema, or the pictures cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let beside = self
            .report
            .parent()
            .map_or_else(PathBuf::new, PathBuf::from);
        let dir = self.out.clone().unwrap_or(beside);
        let written = report::render_file(&self.report, &dir).map_err(|error| match error {
            ReportError::Read { .. } | ReportError::NotAReport { .. } => {
                let error = anyhow::Error::new(error);
                Failure::bad_data(super::failure::one_line(&error))
            }
            error => anyhow::Error::new(error),
        })?;
        for file in &written.files {
            output.remark(&format!("wrote {}", written.dir.join(file).display()));
        }
        Ok(exit::OK)
    }
}
