//! Puts a report and its pictures into a directory: all of it, or nothing new.

use std::{
    fs, io,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{
    figures, html,
    png::{self, PngError},
};
use crate::record::{
    Report,
    json::{self, JsonWriteError, MAX_READ_BYTES, ReadError},
};

/// The file that holds the whole truth.
pub const JSON_FILE: &str = "report.json";
/// The page to open.
pub const HTML_FILE: &str = "index.html";

/// Why a report could not be written or rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The directory cannot be made.
    #[error("failed to create the directory {}; choose another with --out", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be written (no permission, disk full); the earlier report is as it was.
    #[error("failed to write {}; the earlier report, if any, is untouched", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A finished file cannot be moved to its place.
    #[error("failed to move the finished {} into place", path.display())]
    Place {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be read.
    #[error("failed to read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no report of this version.
    #[error("failed to read {} as a report", path.display())]
    NotAReport {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: ReadError,
    },
    /// The report cannot be put into JSON.
    #[error(transparent)]
    Json(#[from] JsonWriteError),
    /// A picture cannot be drawn.
    #[error(transparent)]
    Png(#[from] PngError),
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The directory.
    pub dir: PathBuf,
    /// The files in it, in the order they were put there.
    pub files: Vec<String>,
}

/// Writes `report.json`, `index.html` and the pictures into `dir`, which is made if need be.
///
/// Everything is rendered first, then written aside, and only then moved into place file by file,
/// `report.json` last; pictures of an earlier report that this one does not have are removed.
///
/// # Errors
/// When rendering or writing fails; whatever stood in the directory is then as it was.
pub fn write_all(report: &Report, dir: &Path) -> Result<Written, ReportError> {
    // Bounded before rendering, so that no picture shows what the file does not hold.
    let report = report.clone().bounded();
    let mut files = renderings(&report)?;
    files.push((JSON_FILE.to_owned(), json::to_bytes(&report)?));
    place_all(dir, &files)
}

/// Makes the directory and tries to write into it, before work is done whose result is to go there.
///
/// # Errors
/// When it cannot be made or written to.
pub fn try_directory(dir: &Path) -> Result<(), ReportError> {
    fs::create_dir_all(dir).map_err(|source| ReportError::Directory {
        path: dir.to_owned(),
        source,
    })?;
    NamedTempFile::new_in(dir)
        .map(|_| ())
        .map_err(|source| ReportError::Write {
            path: dir.to_owned(),
            source,
        })
}

/// Renders an existing `report.json` again: everything but the JSON goes into `dir`.
///
/// # Errors
/// When the file is no readable report, or rendering or writing fails.
pub fn render_file(source: &Path, dir: &Path) -> Result<Written, ReportError> {
    let report = read_file(source)?;
    place_all(dir, &renderings(&report)?)
}

/// Reads a report from a file.
///
/// # Errors
/// When the file cannot be read or is no report of this schema.
pub fn read_file(path: &Path) -> Result<Report, ReportError> {
    let read_error = |source| ReportError::Read {
        path: path.to_owned(),
        source,
    };
    let file = fs::File::open(path).map_err(read_error)?;
    let mut bytes = Vec::new();
    // One byte more than is allowed, so that a file that is too large is seen as such.
    file.take(MAX_READ_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(read_error)?;
    json::from_bytes(&bytes).map_err(|source| ReportError::NotAReport {
        path: path.to_owned(),
        source,
    })
}

/// Writes one file so that a reader sees the old contents or the new, never a part.
///
/// # Errors
/// When the file cannot be written aside or moved into place.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    put(write_aside(dir, path, bytes)?, path)
}

/// Everything that is rendered from the report, by file name.
fn renderings(report: &Report) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut files = Vec::new();
    for figure in figures::ALL {
        if let Some(scene) = (figure.draw)(report) {
            let page = scene.with_heading(figure.title, figure.caption);
            files.push((figure.file(), png::render(&page)?));
        }
    }
    files.push((HTML_FILE.to_owned(), html::render(report).into_bytes()));
    Ok(files)
}

fn place_all(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<Written, ReportError> {
    fs::create_dir_all(dir).map_err(|source| ReportError::Directory {
        path: dir.to_owned(),
        source,
    })?;
    let aside: Vec<(PathBuf, NamedTempFile)> = files
        .iter()
        .map(|(name, bytes)| {
            let path = dir.join(name);
            write_aside(dir, &path, bytes).map(|file| (path, file))
        })
        .collect::<Result<_, _>>()?;
    for figure in figures::ALL {
        let name = figure.file();
        if files.iter().all(|(written, _)| *written != name) {
            // Not there is as good as removed; anything else would leave a picture of another run.
            let path = dir.join(name);
            match fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(ReportError::Place { path, source });
                }
                _ => {}
            }
        }
    }
    for (path, file) in aside {
        put(file, &path)?;
    }
    Ok(Written {
        dir: dir.to_owned(),
        files: files.iter().map(|(name, _)| name.clone()).collect(),
    })
}

fn write_aside(dir: &Path, path: &Path, bytes: &[u8]) -> Result<NamedTempFile, ReportError> {
    let written = || -> io::Result<NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        // Temporary files are private by default; a report is as readable as any file of the user.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.prefix(".seedbench-").tempfile_in(dir)?;
        file.write_all(bytes)?;
        // A full disk may show only when the data reach it.
        file.as_file().sync_data()?;
        Ok(file)
    };
    written().map_err(|source| ReportError::Write {
        path: path.to_owned(),
        source,
    })
}

fn put(file: NamedTempFile, path: &Path) -> Result<(), ReportError> {
    file.persist(path)
        .map(|_| ())
        .map_err(|error| ReportError::Place {
            path: path.to_owned(),
            source: error.error,
        })
}
