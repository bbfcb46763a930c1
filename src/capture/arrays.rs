//! The streams of binary files: flat ones and numpy arrays. Only their headers are read here.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    ops::Range,
    path::Path,
};

use super::{
    ReadOptions, Reading, drafted,
    drafts::{Draft, FileDrafts, RawPlace, Suffix},
    element::ElementType,
    error::CaptureError,
    forms,
    identity::{Identity, Part},
    letters::AsLists,
    npy::{self, Npy},
    reader::{BinaryFile, Span},
    shapes,
    structured::AsTable,
    text_source::TextSource,
    tree::Found,
};

pub(super) fn binary(
    found: &Found,
    element: ElementType,
    options: &ReadOptions,
) -> Result<FileDrafts, CaptureError> {
    let size = element.bytes() as u64;
    if found.bytes == 0 {
        return Err(CaptureError::Empty {
            stream: found.name.clone(),
        });
    }
    if !found.bytes.is_multiple_of(size) {
        return Err(CaptureError::Misaligned {
            file: found.name.clone(),
            bytes: found.bytes,
            element_bytes: size,
        });
    }
    let elements = found.bytes / size;
    let mut problems = Vec::new();
    let mut streams = Vec::new();
    let mut add = |suffix: Suffix, raw: u64, offset: u64, stride: u64| {
        let identity = match suffix {
            Suffix::Row(row) => found.identity.with_task(Part::Number(row)),
            _ => found.identity.clone(),
        };
        streams.push(Draft {
            identity,
            file: 0,
            suffix,
            kind: element.kind(),
            raw,
            per_row: 1,
            place: RawPlace::Binary(Span {
                file: 0,
                offset,
                stride,
                block: 1,
            }),
        });
    };
    match (options.words_per_stream, options.interleaved) {
        (Some(words), None) => {
            let words = words.get();
            for row in 0..elements / words {
                add(Suffix::Row(row), words, row * words * size, 1);
            }
            if !elements.is_multiple_of(words) {
                problems.push(CaptureError::Truncated {
                    file: format!("{}[{}]", found.name, elements / words),
                    expected: words * size,
                    found: elements % words * size,
                });
            }
        }
        (None, Some(lanes)) => {
            let lanes = u64::from(lanes.get());
            for lane in 0..lanes.min(elements) {
                let raw = elements / lanes + u64::from(lane < elements % lanes);
                add(Suffix::Row(lane), raw, lane * size, lanes);
            }
        }
        _ => add(Suffix::Whole, elements, 0, 1),
    }
    Ok(FileDrafts {
        name: found.name.clone(),
        binary: Some(BinaryFile {
            path: found.path.clone(),
            name: found.name.clone(),
            element,
            big_endian: false,
            bytes: found.bytes,
        }),
        streams,
        problems,
        notes: Vec::new(),
    })
}

/// An array in numpy's format: a file, or a part of one.
pub(super) struct Array<'a> {
    /// The file.
    pub path: &'a Path,
    /// What the array is called.
    pub name: &'a str,
    /// What its name says of who drew.
    pub identity: &'a Identity,
    /// Whether all of it is one worker's.
    pub own: bool,
    /// Where it starts in the file, and where it ends.
    pub bytes: Range<u64>,
}

pub(super) fn numpy(found: &Found, reading: &Reading) -> Result<FileDrafts, CaptureError> {
    let mut opened = File::open(&found.path).map_err(CaptureError::io("open", &found.path))?;
    let array = Array {
        path: &found.path,
        name: &found.name,
        identity: &found.identity,
        own: found.is_one_workers(),
        bytes: 0..found.bytes,
    };
    array.read(&mut opened, reading)
}

impl Array<'_> {
    fn check_length(&self, expected: u64) -> Result<(), CaptureError> {
        let found = self.bytes.end - self.bytes.start;
        match found < expected {
            true => Err(CaptureError::Truncated {
                file: self.name.into(),
                expected,
                found,
            }),
            false => Ok(()),
        }
    }

    /// The streams of the array, which comes as a text.
    fn as_text(&self, mut text: impl Read, reading: &Reading) -> Result<FileDrafts, CaptureError> {
        let of = TextSource {
            name: self.name,
            base: self.identity,
            own: self.own,
            cut: false,
            reading,
        };
        Ok(drafted::from_rows(forms::read(&mut text, &of)?, self.name))
    }

    /// The streams of the array, which stands in `source`. Only its header is read, and as many
    /// values as say which axis is time.
    pub fn read(
        &self,
        source: &mut (impl Read + Seek),
        reading: &Reading,
    ) -> Result<FileDrafts, CaptureError> {
        let empty = || CaptureError::Empty {
            stream: self.name.into(),
        };
        if self.bytes.is_empty() {
            return Err(empty());
        }
        let refused = |problem| CaptureError::Npy {
            file: self.name.into(),
            problem,
        };
        let unread = |source| CaptureError::io("read", self.path)(source);
        source
            .seek(SeekFrom::Start(self.bytes.start))
            .map_err(unread)?;
        let found = npy::read(&mut BufReader::with_capacity(256, &mut *source)).map_err(refused)?;
        let mut header = match found {
            Npy::Plain(header) => header,
            Npy::Structured {
                fields,
                rows,
                data_offset,
            } => {
                self.check_length(data_offset + rows * fields.bytes() as u64)?;
                let start = self.bytes.start + data_offset;
                source.seek(SeekFrom::Start(start)).map_err(unread)?;
                let table = AsTable::new(BufReader::new(source), fields, rows);
                return self.as_text(table, reading);
            }
            Npy::Texts(array) => {
                self.check_length(array.data_offset + array.bytes())?;
                if array.texts() == 0 {
                    return Err(empty());
                }
                let start = self.bytes.start + array.data_offset;
                source.seek(SeekFrom::Start(start)).map_err(unread)?;
                let lists = AsLists::new(BufReader::new(source), array);
                return self.as_text(lists, reading);
            }
        };
        header.data_offset += self.bytes.start;
        let size = header.element.bytes() as u64;
        let expected = header.data_offset + header.elements() * size;
        self.check_length(expected - self.bytes.start)?;
        if header.elements() == 0 {
            return Err(empty());
        }
        let (shape, note) =
            match shapes::shape(source, &header, self.own, reading).map_err(unread)? {
                Ok(found) => found,
                Err(problem) => return Err(refused(problem)),
            };
        let lanes = shape.lanes(&header);
        if lanes.len() as u64 > u64::from(u32::MAX) {
            return Err(CaptureError::TooMany {
                what: "streams",
                found: lanes.len() as u64,
                limit: u64::from(u32::MAX),
            });
        }
        let streams = lanes
            .map(|lane| Draft {
                identity: match lane.suffix {
                    Suffix::Row(at) | Suffix::Column(at) => {
                        self.identity.with_task(Part::Number(at))
                    }
                    Suffix::Cell(run, row) => self
                        .identity
                        .with_run(Part::Number(run))
                        .with_task(Part::Number(row)),
                    _ => self.identity.clone(),
                },
                file: 0,
                suffix: lane.suffix,
                kind: header.element.kind(),
                raw: shape.words,
                per_row: shape.per_row,
                place: RawPlace::Binary(Span {
                    file: 0,
                    offset: header.data_offset + lane.first * size,
                    stride: lane.stride,
                    block: lane.block,
                }),
            })
            .collect();
        Ok(FileDrafts {
            name: self.name.into(),
            binary: Some(BinaryFile {
                path: self.path.into(),
                name: self.name.into(),
                element: header.element,
                big_endian: header.big_endian,
                bytes: self.bytes.end,
            }),
            streams,
            problems: Vec::new(),
            notes: note.into_iter().map(|note| (0, note)).collect(),
        })
    }
}
