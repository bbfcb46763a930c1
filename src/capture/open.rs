//! Finds the streams of a capture: walks, reads headers and texts, numbers runs and tasks.

use std::{fs::File, io::Read, path::Path};

use rayon::prelude::*;

use super::{
    ReadOptions,
    arrays::{binary, numpy},
    drafted,
    drafts::{Drafts, FileDrafts, RawPlace},
    element::ElementType,
    error::{CaptureError, one_line},
    foreign, forms,
    identity::Identity,
    text_source::TextSource,
    tree::{self, Found},
};

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
    if found.len() > u32::MAX as usize {
        return Err(CaptureError::TooMany {
            what: "files",
            found: found.len() as u64,
            limit: u64::from(u32::MAX),
        });
    }
    let mut read: Vec<Result<Vec<FileDrafts>, CaptureError>> = Vec::new();
    found
        .par_iter()
        .with_min_len(64.min(found.len().div_ceil(8)))
        .enumerate()
        .map(|(index, found)| file(index, found, options))
        .collect_into_vec(&mut read);
    // Settings lie beside captures as `.json`.
    let settings = found
        .iter()
        .zip(&read)
        .any(|(found, read)| found.extension != "json" && read.is_ok());
    let mut drafts = Drafts::default();
    for (found, read) in found.into_iter().zip(read) {
        match read {
            Ok(files) => files.into_iter().for_each(|file| drafts.add(file)),
            // The files of a capture are of one kind, and only the first were looked at.
            Err(problem @ CaptureError::Foreign { .. }) => return Err(problem),
            Err(problem) if settings && found.extension == "json" => {
                drafts.add_none(found.name);
                drafts
                    .notes
                    .push(format!("left out: {}", one_line(&problem)));
            }
            Err(problem) => {
                drafts.add_none(found.name);
                drafts.problems.push(problem);
            }
        }
    }
    Ok(drafts)
}

/// Finds the streams of a text that a program printed.
pub(super) fn from_text(of: &TextSource<'_>, mut source: impl Read) -> FileDrafts {
    match forms::read(&mut source, of) {
        Ok(rows) => drafted::from_rows(rows, of.name),
        Err(problem) => FileDrafts {
            name: of.name.into(),
            binary: None,
            streams: Vec::new(),
            problems: vec![problem],
            notes: Vec::new(),
        },
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
    let mut drafts = binary(&found, element, options)?;
    let mut raw = vec![0; bytes.len() / element.bytes()];
    element.decode(false, &bytes, &mut raw);
    drop(bytes);
    for draft in &mut drafts.streams {
        if let RawPlace::Binary(span) = draft.place {
            let first = span.offset as usize / element.bytes();
            let values = raw[first..].iter().step_by(span.stride as usize);
            draft.place = RawPlace::Memory(values.take(draft.raw as usize).copied().collect());
        }
    }
    Ok(Drafts {
        names: vec![name.into()],
        files: vec![None],
        streams: drafts.streams,
        problems: drafts.problems,
        ..Drafts::default()
    })
}

/// How a file is read.
enum FileKind {
    Binary(ElementType),
    Npy,
    Npz,
    #[cfg(feature = "parquet")]
    Parquet,
    Text,
}

impl FileKind {
    fn of(extension: &str, options: &ReadOptions) -> Option<Self> {
        Some(match extension {
            "npy" => Self::Npy,
            "npz" => Self::Npz,
            #[cfg(feature = "parquet")]
            "parquet" | "pq" => Self::Parquet,
            "csv" | "tsv" | "ndjson" | "jsonl" | "json" | "txt" | "log" | "out" => Self::Text,
            "bin" | "raw" | "dat" => Self::Binary(options.element.unwrap_or(ElementType::U64)),
            _ => Self::Binary(ElementType::from_name(extension)?),
        })
    }
}

/// Whether files of an ending hold bytes in one program's captures and text in another's; so few bytes may
/// look like letters by chance.
fn may_be_text(found: &Found) -> bool {
    matches!(&found.extension[..], "bin" | "raw" | "dat") && found.bytes >= 32
}

fn file(
    index: usize,
    found: &Found,
    options: &ReadOptions,
) -> Result<Vec<FileDrafts>, CaptureError> {
    let kind = FileKind::of(&found.extension, options)
        .filter(|_| options.element.is_some() || !may_be_text(found) || !foreign::is_text(found))
        .or(options.element.map(FileKind::Binary))
        .or_else(|| foreign::is_text(found).then_some(FileKind::Text));
    if kind.is_none()
        && let Some(what) = foreign::by_ending(&found.extension)
    {
        return Err(CaptureError::Foreign {
            file: found.name.clone(),
            what,
        });
    }
    let kind = kind.ok_or_else(|| CaptureError::UnknownType {
        file: found.name.clone(),
    })?;
    Ok(vec![match kind {
        FileKind::Binary(element) => {
            foreign::refuse(index, found)?;
            binary(found, element, options)?
        }
        FileKind::Npy => numpy(found, &options.reading)?,
        #[cfg(feature = "npz")]
        FileKind::Npz => return super::npz::read(found, &options.reading),
        #[cfg(not(feature = "npz"))]
        FileKind::Npz => {
            return Err(CaptureError::Npy {
                file: found.name.clone(),
                problem: "is an archive of arrays, which seedbench reads with its feature `npz`: \
                          enable it, or save each array with numpy.save"
                    .to_owned(),
            });
        }
        #[cfg(feature = "parquet")]
        FileKind::Parquet => super::parquet::read(found, &options.reading)?,
        FileKind::Text => {
            let mut opened =
                File::open(&found.path).map_err(CaptureError::io("open", &found.path))?;
            let of = TextSource {
                name: &found.name,
                base: &found.identity,
                own: found.is_one_workers(),
                cut: false,
                reading: &options.reading,
            };
            drafted::from_rows(forms::read(&mut opened, &of)?, &found.name)
        }
    }])
}
