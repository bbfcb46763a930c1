//! A check, a run or an audit as a file, in the format that its name ends with.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::Failure;
use crate::{
    gate,
    record::{self, Check, CheckReport, Report},
    report::{self, csv, html, junit, markdown, sarif},
};

/// A format, by extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Junit,
    Sarif,
    Markdown,
    Json,
    Csv,
    Html,
}

/// A file to write.
#[derive(Clone, Debug)]
pub struct Export {
    path: PathBuf,
    format: Format,
}

impl Export {
    /// All of them, before any work is done.
    ///
    /// # Errors
    /// As [`Export::new`].
    pub fn all(paths: &[PathBuf]) -> anyhow::Result<Vec<Self>> {
        paths.iter().map(|path| Self::new(path)).collect()
    }

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
            Some("csv") => Format::Csv,
            Some("html") => Format::Html,
            _ => {
                return Err(Failure::usage(format!(
                    "{} names no format; end it with .json, .md, .csv, .xml (JUnit), .sarif or .html",
                    path.display()
                )));
            }
        };
        Self::try_file(path, "--export")?;
        Ok(Self {
            path: path.to_owned(),
            format,
        })
    }

    /// Refuses a file that cannot be written, which `option` named.
    ///
    /// # Errors
    /// When its folder cannot be written to, or it is a folder.
    pub fn try_file(path: &Path, option: &str) -> anyhow::Result<()> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        tempfile::NamedTempFile::new_in(folder)
            .map_err(|error| unwritable(path, &error.to_string(), option))?;
        match path.is_dir() {
            true => Err(unwritable(path, "it is a folder", option)),
            false => Ok(()),
        }
    }

    /// Writes a check: whole, or not at all.
    ///
    /// # Errors
    /// When the check cannot be put into the format, or the file cannot be written.
    pub fn write(&self, whole: &CheckReport) -> anyhow::Result<()> {
        self.put(&whole.report, &whole.check, || {
            let whole = CheckReport {
                report: whole.report.clone().bounded(),
                check: whole.check.clone(),
            };
            let mut bytes = serde_json::to_vec(&whole)?;
            bytes.push(b'\n');
            Ok(bytes)
        })
    }

    /// Writes a run or an audit: whole, or not at all. `place` is the file that results are shown at.
    ///
    /// # Errors
    /// When the report cannot be put into the format, or the file cannot be written.
    pub fn write_report(&self, report: &Report, place: &str) -> anyhow::Result<()> {
        let check = gate::alone(report, place, &report::replay(report));
        self.put(report, &check, || Ok(record::json::to_bytes(report)?))
    }

    fn put(
        &self,
        report: &Report,
        check: &Check,
        json: impl FnOnce() -> anyhow::Result<Vec<u8>>,
    ) -> anyhow::Result<()> {
        let bytes: anyhow::Result<Vec<u8>> = match self.format {
            Format::Junit => junit::render(report, check).map_err(anyhow::Error::new),
            Format::Sarif => Ok(sarif::render(report, check)),
            Format::Markdown => Ok(markdown::render(report, check).into_bytes()),
            Format::Csv => Ok(csv::render(report).into_bytes()),
            Format::Html => Ok(html::render(report).into_bytes()),
            Format::Json => json(),
        };
        let bytes = bytes.with_context(|| format!("failed to export {}", self.path.display()))?;
        report::write_atomically(&self.path, &bytes)
            .map_err(|error| unwritable(&self.path, &error.to_string(), "--export"))
    }
}

fn unwritable(path: &Path, problem: &str, option: &str) -> anyhow::Error {
    Failure::usage(format!(
        "failed to write {}: {problem}; choose another place with {option}",
        path.display()
    ))
}
