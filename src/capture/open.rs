//! Finds the streams of a capture: walks, reads headers and texts, numbers runs and tasks.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use rayon::prelude::*;

use super::{
    ReadOptions,
    arrays::{binary, numpy},
    element::{ElementType, RawKind},
    error::{CaptureError, one_line},
    json, lines, ndjson,
    reader::{BinaryFile, Span},
    rows::Rows,
    stream_name, table, text,
    tree::{self, Found, Identity},
};

/// A stream that was found.
#[derive(Debug)]
pub(super) struct Draft {
    pub identity: Identity,
    /// Index of the file's name.
    pub file: u32,
    pub suffix: Suffix,
    pub kind: RawKind,
    /// How many raw values it has.
    pub raw: u64,
    pub place: Place,
}

/// What a stream is called within its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Suffix {
    /// It is the file.
    Whole,
    /// Row so-and-so.
    Row(u64),
    /// Column so-and-so.
    Column(u64),
    /// Row so-and-so of a run.
    Cell(u64, u64),
    /// The rows that carry its labels.
    Labels(Box<str>),
}

/// Where its raw values are.
#[derive(Debug)]
pub(super) enum Place {
    /// In a binary file.
    Binary(Span),
    /// Read from text already.
    Memory(Vec<u64>),
}

/// Everything found.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    /// Names of files, by index.
    pub names: Vec<String>,
    /// Binary files, by the same index; `None` for texts.
    pub files: Vec<Option<BinaryFile>>,
    pub streams: Vec<Draft>,
    pub problems: Vec<CaptureError>,
    /// What was left out without loss.
    pub notes: Vec<String>,
}

/// The streams of one file.
pub(super) struct FileDrafts {
    pub binary: Option<BinaryFile>,
    pub streams: Vec<Draft>,
    pub problems: Vec<CaptureError>,
}

/// Finds the streams of a file or folder.
pub(super) fn find(path: &Path, options: &ReadOptions) -> Result<Drafts, CaptureError> {
    let data = std::fs::metadata(path).map_err(CaptureError::io("open", path))?;
    let found = if data.is_dir() {
        let found = tree::walk(path, |extension| FileKind::of(extension, options).is_some())?;
        if found.is_empty() {
            return Err(CaptureError::NoStreams { path: path.into() });
        }
        found
    } else {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let extension = tree::split_extension(&name).map(|(_, extension)| extension);
        vec![Found {
            path: path.into(),
            name: name.to_string(),
            identity: Identity::default(),
            bytes: data.len(),
            extension: extension.unwrap_or_default(),
        }]
    };
    let mut read: Vec<Result<FileDrafts, CaptureError>> = Vec::new();
    found
        .par_iter()
        .with_min_len(64.min(found.len().div_ceil(8)))
        .enumerate()
        .map(|(index, found)| {
            let index = u32::try_from(index).map_err(|_| CaptureError::TooMany {
                what: "files",
                found: index as u64,
                limit: u64::from(u32::MAX),
            })?;
            file(index, found, options)
        })
        .collect_into_vec(&mut read);
    // Settings lie beside captures as `.json`.
    let settings = found
        .iter()
        .zip(&read)
        .any(|(found, read)| found.extension != "json" && read.is_ok());
    let mut drafts = Drafts::default();
    for (found, read) in found.into_iter().zip(read) {
        drafts.names.push(found.name);
        match read {
            Ok(mut file) => {
                drafts.files.push(file.binary);
                drafts.streams.append(&mut file.streams);
                drafts.problems.append(&mut file.problems);
            }
            // The files of a capture are of one kind, and only the first were looked at.
            Err(problem @ CaptureError::Foreign { .. }) => return Err(problem),
            Err(problem) if settings && found.extension == "json" => {
                drafts.files.push(None);
                drafts
                    .notes
                    .push(format!("left out: {}", one_line(&problem)));
            }
            Err(problem) => {
                drafts.files.push(None);
                drafts.problems.push(problem);
            }
        }
    }
    Ok(drafts)
}

/// Finds the streams of a text that a program printed.
pub(super) fn from_text(
    index: u32,
    name: &str,
    identity: &Identity,
    mut source: impl Read,
) -> (Vec<Draft>, Vec<CaptureError>) {
    match sniffed(&mut source, name, identity) {
        Ok(rows) => from_rows(index, rows, name),
        Err(problem) => (Vec::new(), vec![problem]),
    }
}

/// Finds the streams of binary numbers that come from a source without a name.
pub(super) fn from_bytes(
    name: &str,
    source: &mut impl Read,
    options: &ReadOptions,
) -> Result<Drafts, CaptureError> {
    let element = options.element.unwrap_or(ElementType::U64);
    let mut bytes = Vec::new();
    source
        .read_to_end(&mut bytes)
        .map_err(CaptureError::io("read", Path::new(name)))?;
    let found = Found {
        path: name.into(),
        name: name.into(),
        identity: Identity::default(),
        bytes: bytes.len() as u64,
        extension: String::new(),
    };
    let mut drafts = binary(0, &found, element, options)?;
    let mut raw = vec![0; bytes.len() / element.bytes()];
    element.decode(false, &bytes, &mut raw);
    drop(bytes);
    for draft in &mut drafts.streams {
        if let Place::Binary(span) = draft.place {
            let first = span.offset as usize / element.bytes();
            let values = raw[first..].iter().step_by(span.stride as usize);
            draft.place = Place::Memory(values.take(draft.raw as usize).copied().collect());
        }
    }
    Ok(Drafts {
        names: vec![name.into()],
        files: vec![None],
        streams: drafts.streams,
        problems: drafts.problems,
        notes: Vec::new(),
    })
}

/// How a file is read.
enum FileKind {
    Binary(ElementType),
    Npy,
    Table(u8),
    Ndjson,
    Json,
    Text,
}

impl FileKind {
    fn of(extension: &str, options: &ReadOptions) -> Option<Self> {
        Some(match extension {
            "npy" => Self::Npy,
            "csv" => Self::Table(b','),
            "tsv" => Self::Table(b'\t'),
            "ndjson" | "jsonl" => Self::Ndjson,
            "json" => Self::Json,
            "txt" => Self::Text,
            "bin" | "raw" | "dat" => Self::Binary(options.element.unwrap_or(ElementType::U64)),
            _ => Self::Binary(ElementType::from_name(extension)?),
        })
    }
}

fn file(index: u32, found: &Found, options: &ReadOptions) -> Result<FileDrafts, CaptureError> {
    let kind = FileKind::of(&found.extension, options)
        .or(options.element.map(FileKind::Binary))
        .ok_or_else(|| CaptureError::UnknownType {
            file: found.name.clone(),
        })?;
    let open = || File::open(&found.path).map_err(CaptureError::io("open", &found.path));
    let rows = match kind {
        FileKind::Binary(element) => return binary(index, found, element, options),
        FileKind::Npy => return numpy(index, found),
        FileKind::Table(delimiter) => {
            table::read(&mut open()?, &found.name, delimiter, &found.identity)?
        }
        FileKind::Ndjson => ndjson::read(&mut open()?, &found.name, &found.identity)?,
        FileKind::Json => json::read(&mut open()?, &found.name, &found.identity)?,
        FileKind::Text => text::read(&mut open()?, &found.name, &found.identity)?,
    };
    let (streams, problems) = from_rows(index, rows, &found.name);
    Ok(FileDrafts {
        binary: None,
        streams,
        problems,
    })
}

/// A text whose first line says what it is.
fn sniffed(source: &mut dyn Read, name: &str, identity: &Identity) -> Result<Rows, CaptureError> {
    use std::io::BufRead;
    let mut source = BufReader::with_capacity(1 << 16, source);
    let start = source
        .fill_buf()
        .map_err(CaptureError::io("read", Path::new(name)))?;
    let mut comment: &[u8] = b"";
    let first = start.split(|&byte| byte == b'\n').find(|line| {
        if let Some(text) = lines::comment(line) {
            comment = text;
            return false;
        }
        !line.trim_ascii().is_empty()
    });
    let first = first.unwrap_or_default().trim_ascii();
    // A header may stand in a comment.
    let commented = || table::sniff(comment).filter(|delimiter| first.contains(delimiter));
    if first == b"{" || first.starts_with(b"{\"") || first.starts_with(b"{ ") {
        json::read(&mut source, name, identity)
    } else if let Some(delimiter) = table::sniff(first).or_else(commented) {
        table::read(&mut source, name, delimiter, identity)
    } else {
        text::read(&mut source, name, identity)
    }
}

fn from_rows(index: u32, mut rows: Rows, name: &str) -> (Vec<Draft>, Vec<CaptureError>) {
    let (holes, ended) = (rows.take_holes(), rows.take_ended());
    let (kind, streams) = rows.finish();
    let mut problems = Vec::new();
    let single = streams.len() == 1;
    let mut drafts = Vec::with_capacity(streams.len());
    if streams.is_empty() {
        problems.push(CaptureError::Empty {
            stream: name.into(),
        });
    }
    for (at, (identity, values)) in streams.into_iter().enumerate() {
        let suffix = if single {
            Suffix::Whole
        } else {
            Suffix::Labels(identity.to_string().into())
        };
        let Some(kind) = kind.filter(|_| !values.is_empty()) else {
            problems.push(CaptureError::Empty {
                stream: stream_name(name, &suffix),
            });
            continue;
        };
        if let Some(&element) = holes.get(&at) {
            problems.push(CaptureError::Hole {
                stream: stream_name(name, &suffix),
                element,
            });
            continue;
        }
        if ended.contains(&at) {
            problems.push(CaptureError::Padded {
                stream: stream_name(name, &suffix),
            });
        }
        drafts.push(Draft {
            identity,
            file: index,
            suffix,
            kind,
            raw: values.len() as u64,
            place: Place::Memory(values),
        });
    }
    (drafts, problems)
}
