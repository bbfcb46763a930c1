//! A check as a file, in the format that its name ends with.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::{
    cli::Failure,
    record::{Check, CheckReport, Report},
    report::{self, junit, markdown, sarif},
};

/// A format, by extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Junit,
    Sarif,
    Markdown,
    Json,
}

/// A file to write.
#[derive(Clone, Debug)]
pub struct Export {
    path: PathBuf,
    format: Format,
}

impl Export {
    /// Reads the format off the name, and refuses at once a place that cannot be written to.
    ///
    /// # Errors
    /// When the extension is unknown, or the folder cannot be written to.
    pub fn new(path: &Path) -> anyhow::Result<Self> {
        let extension = path
            .extension()
            .map(|extension| extension.to_string_lossy().to_lowercase());
        let format = match extension.as_deref() {
            Some("xml") => Format::Junit,
            Some("sarif") => Format::Sarif,
            Some("md") => Format::Markdown,
            Some("json") => Format::Json,
            _ => {
                return Err(Failure::usage(format!(
                    "{} names no format; end it with .xml (JUnit), .sarif, .md or .json",
                    path.display()
                )));
            }
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        tempfile::NamedTempFile::new_in(folder)
            .map_err(|error| unwritable(path, &error.to_string()))?;
        if path.is_dir() {
            return Err(unwritable(path, "it is a folder"));
        }
        Ok(Self {
            path: path.to_owned(),
            format,
        })
    }

    /// Writes the file: whole, or not at all.
    ///
    /// # Errors
    /// When the check cannot be put into the format, or the file cannot be written.
    pub fn write(&self, whole: &CheckReport) -> anyhow::Result<()> {
        let bytes = self
            .render(&whole.report, &whole.check)
            .with_context(|| format!("failed to export {}", self.path.display()))?;
        report::write_atomically(&self.path, &bytes)
            .map_err(|error| unwritable(&self.path, &error.to_string()))
    }

    fn render(&self, report: &Report, check: &Check) -> anyhow::Result<Vec<u8>> {
        Ok(match self.format {
            Format::Junit => junit::render(report, check)?,
            Format::Sarif => sarif::render(report, check),
            Format::Markdown => markdown::render(report, check).into_bytes(),
            Format::Json => {
                let whole = CheckReport {
                    report: report.clone().bounded(),
                    check: check.clone(),
                };
                let mut bytes = serde_json::to_vec(&whole)?;
                bytes.push(b'\n');
                bytes
            }
        })
    }
}

fn unwritable(path: &Path, problem: &str) -> anyhow::Error {
    Failure::usage(format!(
        "failed to write {}: {problem}; choose another place with --export",
        path.display()
    ))
}
