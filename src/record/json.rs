//! `report.json`: the whole truth, written and read back with its schema checked.

use serde::Deserialize;

use super::{Report, SCHEMA};

/// A report's largest size in bytes.
#[doc(hidden)]
pub const MAX_BYTES: usize = 5_000_000;

/// Files beyond this are not read: they cannot be ours.
#[doc(hidden)]
pub const MAX_READ_BYTES: usize = 64 << 20;

/// Why a report cannot be written as JSON.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JsonWriteError {
    /// A value that JSON has no form for.
    #[error("failed to put the report into JSON")]
    Serialize(#[source] serde_json::Error),
    /// A number that is infinite or no number would be read back as missing.
    #[error("the report holds a number that JSON cannot carry, and would not be readable again")]
    NotReadable(#[source] serde_json::Error),
    /// Larger than the bound even after everything that may be left out was left out.
    #[error(
        "the report takes {bytes} bytes, more than the {MAX_BYTES} a report may take: plan fewer rows"
    )]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

/// Why bytes are no report that can be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Not JSON, cut short, or not of a report's shape; the message says where.
    #[error("not a readable report: {0}")]
    Malformed(#[source] serde_json::Error),
    /// JSON without a schema number.
    #[error("not a seedbench report: it has no `schema` number")]
    NoSchema,
    /// Made by a later version.
    #[error(
        "the report has schema {found}, made by a newer seedbench; this one reads schema {SCHEMA}: update seedbench"
    )]
    Newer {
        /// Its schema.
        found: u64,
    },
    /// Made by an earlier version, with no migration.
    #[error(
        "the report has schema {found}, which this seedbench (schema {SCHEMA}) cannot read: make it again with `seedbench run`"
    )]
    Older {
        /// Its schema.
        found: u64,
    },
    /// Far larger than any report.
    #[error("the file has {bytes} bytes; a report has at most {MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

/// The report as `report.json`, at most [`MAX_BYTES`] long: what exceeds it is left out in the order
/// of [`Report::bounded`], which also says so in [`Report::trimmed`].
///
/// # Errors
/// When a number cannot be carried by JSON, or the report cannot be made to fit.
pub fn to_bytes(report: &Report) -> Result<Vec<u8>, JsonWriteError> {
    let bytes = serialize(&report.clone().bounded())?;
    if bytes.len() > MAX_BYTES {
        return Err(JsonWriteError::TooLarge { bytes: bytes.len() });
    }
    // serde_json writes infinities and NaN as null, which no reader would take for the number.
    serde_json::from_slice::<Report>(&bytes).map_err(JsonWriteError::NotReadable)?;
    Ok(bytes)
}

pub(super) fn serialize(report: &Report) -> Result<Vec<u8>, JsonWriteError> {
    let mut bytes = serde_json::to_vec(report).map_err(JsonWriteError::Serialize)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads `report.json`. The schema is looked at before anything else, so that a report of another
/// version is refused by its number and never misread.
///
/// # Errors
/// When the bytes are no report of this schema.
pub fn from_bytes(bytes: &[u8]) -> Result<Report, ReadError> {
    #[derive(Deserialize)]
    struct Header {
        schema: Option<u64>,
    }
    if bytes.len() > MAX_READ_BYTES {
        return Err(ReadError::TooLarge { bytes: bytes.len() });
    }
    let header: Header = serde_json::from_slice(bytes).map_err(ReadError::Malformed)?;
    match header.schema {
        None => Err(ReadError::NoSchema),
        Some(found) if found > u64::from(SCHEMA) => Err(ReadError::Newer { found }),
        Some(found) if found < u64::from(SCHEMA) => Err(ReadError::Older { found }),
        Some(_) => serde_json::from_slice(bytes).map_err(ReadError::Malformed),
    }
}
